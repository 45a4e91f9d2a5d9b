"""Readers and writers of labelled data, one module a format."""

from __future__ import annotations

from pathlib import Path

from quotestance.corpora import jsonl
from quotestance.document import Document, LayoutError, StanceItem

FORMATS = {"jsonl": jsonl.read}


def read_corpus(path: str | Path, format: str = "jsonl") -> list[Document] | list[StanceItem]:
    """Documents with quotations, or stance items, of a file.

    Raises LayoutError, with file and line, at the first record that breaks the layout, and
    OSError where the file cannot be read.
    """
    if format not in FORMATS:
        raise LayoutError(f"format {format!r} is not one of {', '.join(FORMATS)}")
    return FORMATS[format](path)
