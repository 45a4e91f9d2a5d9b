"""What the commands read: text files, folders, standard input and JSONL, as documents."""

from __future__ import annotations

import codecs
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from quotestance.corpora import jsonl
from quotestance.document import Document, LayoutError, StanceItem

STDIN = "-"
_TEXT_ENDINGS = (".txt", ".text", ".md")
_JSONL_ENDINGS = (".jsonl", ".ndjson")

Item = TypeVar("Item", Document, StanceItem)


@dataclass(frozen=True)
class Problem:
    """An input that cannot be read, or a warning about one that can: where and what."""

    place: str
    message: str
    fatal: bool = True


def is_jsonl(name: str) -> bool:
    return name.lower().endswith(_JSONL_ENDINGS)


def documents(names: Sequence[str]) -> Iterator[Document | Problem]:
    """The documents of files, folders and standard input, and what is wrong with the others."""
    for name in names:
        if name == STDIN:
            yield from _text(STDIN, sys.stdin.buffer.read())
        elif Path(name).is_dir():
            yield from _folder(Path(name))
        elif is_jsonl(name):
            yield from records(name, Document)
        else:
            yield from _file(name)


def records(name: str, kind: type[Item]) -> Iterator[Item | Problem]:
    """The documents or stance items of a JSONL file, and what is wrong with its bad lines."""
    try:
        for number, record in jsonl.lines(name):
            try:
                if isinstance(record, LayoutError):
                    raise record
                yield kind.from_dict(_encodable(_without_gold(record)))
            except LayoutError as error:
                yield Problem(f"{name}, line {number}", str(error))
    except OSError as error:
        yield Problem(name, _reason(error))


def _without_gold(record: Mapping[str, Any]) -> Mapping[str, Any]:
    """A record without quotations of its own: they are found anew."""
    return {key: value for key, value in record.items() if key != "quotations"}


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


def _folder(folder: Path) -> Iterator[Document | Problem]:
    files = sorted(
        path
        for path in folder.rglob("*")
        if path.is_file() and path.name.lower().endswith((*_TEXT_ENDINGS, *_JSONL_ENDINGS))
    )
    if not files:
        endings = ", ".join((*_TEXT_ENDINGS, *_JSONL_ENDINGS))
        yield Problem(str(folder), f"no files to read in this folder ({endings})")
    for path in files:
        yield from documents([str(path)])


def _file(name: str) -> Iterator[Document | Problem]:
    try:
        raw = Path(name).read_bytes()
    except OSError as error:
        yield Problem(name, _reason(error))
        return
    yield from _text(name, raw)


def _text(name: str, raw: bytes) -> Iterator[Document | Problem]:
    """One document of the bytes of a text file."""
    place = "standard input" if name == STDIN else name
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
    yield Document(text, id=name)


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


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()
