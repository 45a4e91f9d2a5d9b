"""Where the commands write: a file that appears only when it is complete, or standard output."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from types import TracebackType
from typing import TextIO


class Output:
    """Text for a file or standard output.

    A file gets its name when everything is written; until then it is NAME.partial. Leaving
    the ``with`` block by an exception keeps the partial file, to resume from.
    """

    def __init__(self, path: str | None, resume: bool = False) -> None:
        self.path = Path(path) if path else None
        self.partial = Path(f"{path}.partial") if path else None
        if self.partial is not None:
            if resume and self.partial.exists():
                _drop_half_line(self.partial)
            self._file: TextIO = self.partial.open("a" if resume else "w", encoding="utf-8")
        else:
            self._file = sys.stdout

    def write(self, text: str) -> None:
        """Writes and flushes."""
        self._file.write(text)
        self._file.flush()

    def __enter__(self) -> Output:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.path is None or self.partial is None:
            return
        self._file.close()
        if kind is None:
            os.replace(self.partial, self.path)

    def discard(self) -> None:
        """Removes the partial file: nothing was done that could be resumed."""
        if self.partial is not None:
            self._file.close()
            self.partial.unlink(missing_ok=True)


def done_lines(path: str) -> int:
    """How many complete lines of an output a broken-off run left."""
    partial = Path(f"{path}.partial")
    return partial.read_bytes().count(b"\n") if partial.exists() else 0


def _drop_half_line(path: Path) -> None:
    content = path.read_bytes()
    with path.open("r+b") as file:
        file.truncate(content.rfind(b"\n") + 1)
