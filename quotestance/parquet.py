"""Parquet, read and written a few records at a time.

A file has a row for each document: the fields of the JSONL layout as columns, ``quotations`` a
list of structs (QUOTATION). Its types do not depend on what a file happens to hold, so that the
parts of a folder fit together; only ``probabilities`` has a field for each label of the model.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

_ROWS = 1024  # records in memory at once, and in a row group

Record = Mapping[str, Any]

_SPANS = pa.list_(pa.list_(pa.int64()))
_SPEAKER = pa.struct(
    {
        "name": pa.string(),
        "role": pa.string(),
        "affiliation": pa.string(),
        "type": pa.string(),
        "mentions": _SPANS,
        "evidence": pa.string(),
    }
)


def quotations_type(labels: Iterable[str]) -> Any:
    """The type of the column ``quotations``, for stances with these labels."""
    stance = {"label": pa.string(), "labels": pa.list_(pa.string()), "certain": pa.bool_()}
    if probabilities := {label: pa.float64() for label in labels}:
        stance["probabilities"] = pa.struct(probabilities)
    fields = {"kind": pa.string()}
    fields.update(dict.fromkeys(("content", "source", "cue", "quoted"), _SPANS))
    fields.update(
        speaker=pa.string(),
        speaker_type=pa.string(),
        speaker_details=_SPEAKER,
        confidence=pa.float64(),
        unknown_reason=pa.string(),
        stance=pa.struct(stance),
    )
    return pa.list_(pa.struct(fields))


def read(path: str | Path) -> Iterator[dict[str, Any]]:
    """The rows of a file as records of the JSONL layout; dates and times become texts.

    Raises OSError or ValueError where the file is damaged.
    """
    with pq.ParquetFile(path, buffer_size=1 << 20, pre_buffer=False) as file:
        for batch in file.iter_batches(_ROWS):
            yield from map(plain, batch.to_pylist())


def count(path: str | Path) -> int:
    """The number of rows of a file."""
    return int(pq.read_metadata(path).num_rows)


def plain(record: Record) -> dict[str, Any]:
    """A record with what JSON knows of only."""
    return dict(json.loads(json.dumps(record, default=_told)))


def _told(value: Any) -> str:
    return str(value.isoformat() if hasattr(value, "isoformat") else value)


def write(records: Callable[[], Iterable[Record]], path: str | Path) -> None:
    """Writes records, which are asked for twice: for the types of the columns, and for the rows.

    A column whose values have no type in common holds them as JSON texts.
    """
    schema, mixed = _schema(records())
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for some in _chunks(records()):
            rows = [
                {key: _json(value) if key in mixed else value for key, value in record.items()}
                for record in some
            ]
            writer.write_table(pa.Table.from_pylist(rows, schema))


def _json(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)


def _schema(records: Iterable[Record]) -> tuple[Any, set[str]]:
    """The columns with their types, and which of them hold JSON texts."""
    types: dict[str, Any] = {}
    labels: dict[str, None] = {}
    mixed: set[str] = set()
    for some in _chunks(records):
        for key in dict.fromkeys(key for record in some for key in record):
            values = [record.get(key) for record in some]
            if key == "quotations":
                labels.update(dict.fromkeys(_labels(values)))
                types[key] = None
            elif key not in mixed:
                types[key] = _common(types.get(key), values)
                if types[key] is None:
                    mixed.add(key)
    if "quotations" in types:
        types["quotations"] = quotations_type(labels)
    for key in types:
        if key != "quotations" and (key in mixed or not _can_be_written(types[key])):
            mixed.add(key)
            types[key] = pa.string()
    return pa.schema(list(types.items())), mixed


def _labels(values: Iterable[Sequence[Record] | None]) -> Iterator[str]:
    for quotations in values:
        for quotation in quotations or ():
            yield from (quotation.get("stance") or {}).get("probabilities") or ()


def _common(known: Any, values: Sequence[Any]) -> Any:
    """A type for the values and for what is of the known type; None where there is none."""
    try:
        found = pa.array(values).type
        if known is None:
            return found
        schemas = [pa.schema([("value", type)]) for type in (known, found)]
        return pa.unify_schemas(schemas, promote_options="permissive").field("value").type
    except (pa.ArrowException, OverflowError):
        return None


def _can_be_written(type: Any) -> bool:
    """Is there no struct without fields in it, which Parquet does not have?"""
    if pa.types.is_struct(type):
        return type.num_fields > 0 and all(_can_be_written(field.type) for field in type.fields)
    return not pa.types.is_list(type) or _can_be_written(type.value_type)


def _chunks(records: Iterable[Record]) -> Iterator[list[Record]]:
    source = iter(records)
    while some := list(islice(source, _ROWS)):
        yield some
