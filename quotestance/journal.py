"""What a run has done, written down so that it can be broken off at any moment and go on.

Each input makes one line, in the order of the inputs: its result in OUTPUT.partial, or what it
failed of in OUTPUT.failed.jsonl. So the lines of both files together say how many inputs are
done, and nothing else has to be kept. A line is one write; half a line, which a full disk or a
crash may leave, is dropped when the run goes on.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

from quotestance.document import LayoutError

_BLOCK = 1 << 20


class Journal:
    """The two files of a run; ``done`` inputs have their line, ``failed`` of them in the second.

    With ``resume`` the run goes on where an earlier one was broken off, or is ``complete`` where
    the output is there and no later run was broken off. Otherwise it starts anew, and what an
    earlier one left is removed. Raises LayoutError where another run is writing the files.
    """

    def __init__(self, output: str, resume: bool = False) -> None:
        self.output = Path(output)
        self.partial = Path(f"{output}.partial")
        self.failures = failures_of(output)
        self.complete = resume and self.output.exists() and not _newer(self.partial, self.output)
        self._results: BinaryIO | None = None
        self._failures: BinaryIO | None = None
        if self.complete:
            self.partial.unlink(missing_ok=True)
        else:
            self._open(resume and self.partial.exists())
        self.failed = _whole_lines(self.failures)
        self.done = _whole_lines(self.partial) + self.failed

    def _open(self, resume: bool) -> None:
        # A partial file that exists always belongs to the failures beside it: killed between any
        # two of these steps, the next run still finds the two together, or starts anew.
        earlier = _locked(self.partial) if self.partial.exists() else None
        if not resume:
            self.partial.unlink(missing_ok=True)
            self.failures.unlink(missing_ok=True)
        self._results = earlier if earlier and resume else _locked(self.partial)
        if earlier and not resume:
            earlier.close()
        if self.failures.exists():
            self._failures = self.failures.open("ab", buffering=0)

    def write(self, line: str) -> None:
        """Adds the result of the next input."""
        assert self._results is not None
        _append(self._results, self.partial, line)
        self.done += 1

    def fail(self, record: Mapping[str, Any]) -> None:
        """Adds what the next input failed of."""
        if self._failures is None:
            self._failures = self.failures.open("ab", buffering=0)
        line = json.dumps(record, ensure_ascii=False)
        try:
            line.encode()
        except UnicodeEncodeError:  # halves of surrogate pairs, which JSON can hold in ASCII only
            line = json.dumps(record)
        _append(self._failures, self.failures, line)
        self.done += 1
        self.failed += 1

    def lines(self) -> Iterator[str]:
        """The results, without line breaks."""
        with self.partial.open(encoding="utf-8", newline="\n") as file:
            for line in file:
                yield line.rstrip("\n")

    def last(self) -> Mapping[str, Any] | None:
        """The result that was written last."""
        with self.partial.open("rb") as file:
            end = file.seek(0, os.SEEK_END)
            start = _after_line_break(file, end - 1)
            file.seek(start)
            line = file.read()
        found = json.loads(line) if line else None
        return found if isinstance(found, dict) else None

    def becomes_output(self) -> None:
        """Gives the file of results the name of the output."""
        self._close_files()  # Windows renames and removes closed files only
        os.replace(self.partial, self.output)

    def remove_results(self) -> None:
        """Removes the file of results, of which an output has been made."""
        self._close_files()
        self.partial.unlink()

    def discard(self) -> None:
        """Removes the results where there are none, and the failures where they hold no records:
        files that cannot be read at all."""
        self.remove_results()
        with self.failures.open("rb") as file:
            keep = any(json.loads(line).keys() != {"failed"} for line in file)
        if not keep:
            self.failures.unlink()

    def close(self) -> None:
        """Ends the run; where nothing was done, nothing stays to go on with."""
        self._close_files()
        if not self.done:
            self.partial.unlink(missing_ok=True)

    def _close_files(self) -> None:
        for file in (self._results, self._failures):
            if file is not None:
                file.close()


def failures_of(output: str) -> Path:
    """The file of the inputs that failed, beside an output."""
    return Path(f"{output}.failed.jsonl")


def _newer(path: Path, other: Path) -> bool:
    return path.exists() and path.stat().st_mtime_ns > other.stat().st_mtime_ns


def _locked(path: Path) -> BinaryIO:
    """A file to append to, which no other process holds; it is made where it is not there."""
    file = path.open("ab", buffering=0)
    try:
        import fcntl
    except ImportError:  # Windows
        return file
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        raise LayoutError(f"{path}: another run is writing this file; wait for it") from None
    except OSError:  # a file system without locks
        pass
    return file


def _append(file: BinaryIO, path: Path, line: str) -> None:
    """Adds a line; where it does not fit in, the file is as it was."""
    left = memoryview(line.encode() + b"\n")
    before = os.fstat(file.fileno()).st_size
    try:
        while left:
            left = left[file.write(left) :]
    except OSError as error:
        file.truncate(before)
        raise OSError(error.errno, error.strerror, str(path)) from None


def _whole_lines(path: Path) -> int:
    """How many lines a file has, after half a line at its end is dropped; 0 for no file."""
    if not path.exists():
        return 0
    with path.open("r+b") as file:
        file.truncate(_after_line_break(file, file.seek(0, os.SEEK_END)))
        file.seek(0)
        return sum(block.count(b"\n") for block in iter(lambda: file.read(_BLOCK), b""))


def _after_line_break(file: BinaryIO, end: int) -> int:
    """The place behind the last line break before ``end``; 0 where there is none."""
    while end > 0:
        start = max(0, end - _BLOCK)
        file.seek(start)
        found = file.read(end - start).rfind(b"\n")
        if found >= 0:
            return start + found + 1
        end = start
    return 0
