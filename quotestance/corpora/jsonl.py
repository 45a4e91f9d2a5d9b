"""The project's own layout: a JSON object a line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from quotestance import compression
from quotestance.document import Document, LayoutError, StanceItem, parse_json


def read(path: str | Path) -> list[Document] | list[StanceItem]:
    """The documents of a file, or its stance items where the records have labels."""
    records = list(_located(path))
    if records and all(_is_item(record) for _, record in records):
        return [_build(path, line, StanceItem.from_dict, record) for line, record in records]
    return [_build(path, line, Document.from_dict, record) for line, record in records]


def _is_item(record: Mapping[str, Any]) -> bool:
    """Is it a stance item? A ``label`` that is no string, a number of a topic, makes none."""
    only = isinstance(record.get("label"), str) and "quotations" not in record
    return only or "labels" in record


def read_records(path: str | Path) -> list[dict[str, Any]]:
    """The records of a file, with all their fields; raises LayoutError with file and line."""
    return [record for _, record in _located(path)]


def lines(path: str | Path) -> Iterator[tuple[int, Mapping[str, Any] | LayoutError]]:
    """Line numbers with the record, or with what is wrong with that line."""
    with compression.open_read(path) as file:
        for number, raw in enumerate(file, 1):
            if raw.strip():
                yield number, parse_line(raw)


def parse_line(raw: bytes) -> Mapping[str, Any] | LayoutError:
    """The record in one line of a file, or what is wrong with it."""
    try:
        record = parse_json(raw.decode("utf-8-sig"))
        if not isinstance(record, dict):
            return LayoutError(f"a record must be a JSON object, not {type(record).__name__}")
    except UnicodeDecodeError as error:
        return LayoutError(f"no UTF-8 ({error.reason} at byte {error.start})")
    except LayoutError as error:
        return error
    return record


def write(documents: Iterable[Document], path: str | Path) -> None:
    """Writes documents to a file, a line each."""
    with Path(path).open("w", encoding="utf-8") as file:
        file.writelines(document.to_json() + "\n" for document in documents)


def _located(path: str | Path) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, record in lines(path):
        if isinstance(record, LayoutError):
            raise LayoutError(f"{path}, line {number}: {record}")
        yield number, dict(record)


def _build(path: str | Path, line: int, build: Any, record: Mapping[str, Any]) -> Any:
    try:
        return build(record)
    except LayoutError as error:
        raise LayoutError(f"{path}, line {line}: {error}") from None
