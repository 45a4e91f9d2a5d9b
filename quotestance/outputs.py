"""Where the commands write: a file that appears only when it is complete, or standard output."""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path
from types import TracebackType
from typing import TextIO

from quotestance import compression


class Output:
    """Text for a file, compressed as its name says, or for standard output.

    A file gets its name when everything is written; until then it is NAME.unfinished. Leaving
    the ``with`` block by an exception removes it. Standard output is flushed at every write.
    """

    def __init__(self, path: str | None) -> None:
        self.path = Path(path) if path else None
        self.unfinished = Path(f"{path}.unfinished") if path else None
        if self.path is not None and self.unfinished is not None:
            file = compression.open_write(self.unfinished, self.path)
            self._file: TextIO = io.TextIOWrapper(file, encoding="utf-8", newline="\n")
        else:
            self._file = sys.stdout

    def write(self, text: str) -> None:
        self._file.write(text)
        if self.path is None:
            self._file.flush()

    def __enter__(self) -> Output:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.path is None or self.unfinished is None:
            return
        try:
            self._file.close()
            if kind is None:
                os.replace(self.unfinished, self.path)
        finally:
            self.unfinished.unlink(missing_ok=True)
