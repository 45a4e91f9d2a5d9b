"""Files that the ending of their name says are compressed: .gz, .zst; all others as they are."""

from __future__ import annotations

import io
from pathlib import Path
from typing import BinaryIO

_CODECS = {".gz": "gzip", ".zst": "zstd"}
ENDINGS = tuple(_CODECS)


def bare(name: str | Path) -> str:
    """The name in small letters, without the ending of its compression."""
    lower = str(name).lower()
    return lower[: -len(Path(lower).suffix)] if lower.endswith(ENDINGS) else lower


def open_read(path: str | Path) -> BinaryIO:
    """Opens a file to read its bytes; OSError, at once or in reading, where it is damaged."""
    codec = _CODECS.get(Path(path).suffix.lower())
    if codec is None:
        return Path(path).open("rb")
    import pyarrow

    return io.BufferedReader(pyarrow.input_stream(Path(path).open("rb"), compression=codec))


def open_write(path: str | Path, name: str | Path) -> BinaryIO:
    """Opens a file to write bytes, compressed as the ending of ``name`` says."""
    codec = _CODECS.get(Path(name).suffix.lower())
    if codec is None:
        return Path(path).open("wb")
    import pyarrow

    return io.BufferedWriter(pyarrow.output_stream(Path(path).open("wb"), compression=codec))
