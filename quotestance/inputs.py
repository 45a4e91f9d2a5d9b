"""What the commands read: text files, JSONL and Parquet, folders of them and standard input.

Text and JSONL may be compressed (.gz, .zst). Files are read a record at a time.
"""

from __future__ import annotations

import codecs
import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from quotestance import compression
from quotestance.corpora import jsonl
from quotestance.document import Document, LayoutError, StanceItem

STDIN = "-"
_TEXT_ENDINGS = (".txt", ".text", ".md")
_JSONL_ENDINGS = (".jsonl", ".ndjson")
_PARQUET = ".parquet"

Item = TypeVar("Item", Document, StanceItem)


@dataclass(frozen=True)
class Place:
    """A file, or a line or row of it, counted from 1."""

    file: str
    line: int | None = None
    unit: str = "line"

    def __str__(self) -> str:
        return self.file if self.line is None else f"{self.file}, {self.unit} {self.line}"


@dataclass(frozen=True)
class Problem:
    """An input that cannot be read or analysed, with its record where there is one.

    One that is not fatal is a warning about an input that is read.
    """

    place: Place
    message: str
    record: Mapping[str, Any] | None = None
    fatal: bool = True


@dataclass(frozen=True)
class Read(Generic[Item]):
    """An input and where it stands."""

    place: Place
    item: Item


def is_records(name: str) -> bool:
    """Does the name tell a file of records, JSONL or Parquet?"""
    return compression.bare(name).endswith(_JSONL_ENDINGS) or is_parquet(name)


def is_parquet(name: str) -> bool:
    return name.lower().endswith(_PARQUET)


def documents(
    names: Sequence[str], without: Collection[Path] = ()
) -> Iterator[Read[Document] | Problem]:
    """The documents of files, folders and standard input, and what is wrong with the others.

    Files ``without`` are left out of folders: what a run writes is no input of it.
    """
    for name in names:
        if name == STDIN:
            yield from _text(STDIN, sys.stdin.buffer.read())
        elif Path(name).is_dir():
            yield from _folder(Path(name), without)
        elif is_records(name):
            yield from records(name, Document)
        else:
            yield from _file(name)


def records(name: str, kind: type[Item]) -> Iterator[Read[Item] | Problem]:
    """The documents or stance items of a JSONL or Parquet file, and what is wrong with others."""
    try:
        for place, record, wrong in _located(name):
            try:
                if wrong is not None:
                    raise wrong
                yield Read(place, kind.from_dict(_encodable(_as_given(record, kind))))
            except LayoutError as error:
                yield Problem(place, str(error), record)
    except (OSError, ValueError) as error:
        yield Problem(Place(name), _reason(error))


def count(names: Sequence[str]) -> int:
    """How many inputs there are, roughly: lines, rows and files; 0 for what cannot be read."""
    total = 0
    for name in names:
        if name != STDIN and Path(name).is_dir():
            total += count([str(path) for path in _files(Path(name))])
        elif name == STDIN or not is_records(name):
            total += 1
        else:
            try:
                total += _count_records(name)
            except (OSError, ValueError):
                continue
    return total


def _count_records(name: str) -> int:
    if is_parquet(name):
        from quotestance import parquet

        return parquet.count(name)
    with compression.open_read(name) as file:
        return sum(1 for _ in file)


def _located(name: str) -> Iterator[tuple[Place, Mapping[str, Any], LayoutError | None]]:
    """The records and what is wrong with them; a line that is none is {"raw": the line}."""
    if is_parquet(name):
        from quotestance import parquet

        for number, row in enumerate(parquet.read(name), 1):
            yield Place(name, number, "row"), row, None
        return
    with compression.open_read(name) as file:
        for number, raw in enumerate(file, 1):
            if raw.strip():
                found = jsonl.parse_line(raw)
                if isinstance(found, LayoutError):
                    line = {"raw": raw.decode("utf-8", "replace").rstrip("\r\n")}
                    yield Place(name, number), line, found
                else:
                    yield Place(name, number), found, None


def _as_given(record: Mapping[str, Any], kind: type[Item]) -> Mapping[str, Any]:
    """A record without quotations or labels of its own, which are found anew, and without what an
    earlier run failed of."""
    own: tuple[str, ...] = ("quotations",) if issubclass(kind, Document) else ("label", "labels")
    return {key: value for key, value in record.items() if key not in (*own, "failed")}


def _encodable(record: Mapping[str, Any]) -> Mapping[str, Any]:
    for name in ("text", "context", "after"):
        value = record.get(name)
        if isinstance(value, str):
            try:
                value.encode("utf-8")
            except UnicodeEncodeError as error:
                raise LayoutError(
                    f'field "{name}" holds half of a surrogate pair at character {error.start}'
                ) from None
    return record


def _files(folder: Path) -> list[Path]:
    endings = (*_TEXT_ENDINGS, *_JSONL_ENDINGS, _PARQUET)
    return sorted(
        path
        for path in folder.rglob("*")
        if path.is_file() and compression.bare(path.name).endswith(endings)
    )


def _folder(folder: Path, without: Collection[Path]) -> Iterator[Read[Document] | Problem]:
    files = [path for path in _files(folder) if path.resolve() not in without]
    if not files:
        endings = ", ".join((*_TEXT_ENDINGS, *_JSONL_ENDINGS, _PARQUET))
        yield Problem(Place(str(folder)), f"no files to read in this folder ({endings})")
    for path in files:
        yield from documents([str(path)])


def _file(name: str) -> Iterator[Read[Document] | Problem]:
    try:
        with compression.open_read(name) as file:
            raw = file.read()
    except OSError as error:
        yield Problem(Place(name), _reason(error))
        return
    yield from _text(name, raw)


def _text(name: str, raw: bytes) -> Iterator[Read[Document] | Problem]:
    """One document of the bytes of a text file."""
    place = Place("standard input" if name == STDIN else name)
    encoding = "utf-8-sig"
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    elif b"\0" in raw:
        yield Problem(place, "this is a binary file, not a text")
        return
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError as error:
        text, guess = _guessed(raw)
        message = f"no {encoding} at byte {error.start}; read as {guess}"
        yield Problem(place, message, fatal=False)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    yield Read(place, Document(text, id=name))


def _guessed(raw: bytes) -> tuple[str, str]:
    """Text that is no UTF-8: all of it Windows-1252, or UTF-8 with damaged places."""
    damaged = raw.decode("utf-8", errors="replace")
    whole = sum(character > "\x7f" and character != "\ufffd" for character in damaged)
    if not whole:
        try:
            return raw.decode("cp1252"), "Windows-1252"
        except UnicodeDecodeError:
            pass
    return damaged, "UTF-8 with � for what is damaged"


def _reason(error: OSError | ValueError) -> str:
    strerror = error.strerror if isinstance(error, OSError) else None
    return (strerror or str(error)).lower()
