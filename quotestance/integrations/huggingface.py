"""Documents out of a ``datasets.Dataset``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any

from quotestance.document import Document, LayoutError


def from_dataset(dataset: Iterable[Mapping[str, Any]], *, text: str = "text") -> Iterator[Document]:
    """A Document for each row of a ``dataset`` (Dataset or IterableDataset), one at a time.

    ``text`` names the column that holds the text. Other columns become metadata; ``id`` and
    ``quotations`` are those of the JSONL layout, so that what ``quotestance analyze`` wrote and
    ``datasets.load_dataset("json", data_files=...)`` read comes back as it was. Arrow gives
    every row the fields of all rows, with None where there is nothing: those are left out.
    Raises LayoutError with the number of the row, which counts from 0.
    """
    for number, row in enumerate(dataset):
        record = {name: _plain(value) for name, value in row.items() if value is not None}
        if text not in record:
            raise LayoutError(
                f"row {number}: column {text!r} is missing or empty; there are "
                f"{', '.join(map(repr, row))}: name the one with the text, text=..."
            )
        if text != "text":
            record["text"] = record.pop(text)
        if "quotations" in record:
            record["quotations"] = [_without_gaps(q) for q in record["quotations"]]
        try:
            yield Document.from_dict(record)
        except LayoutError as error:
            raise LayoutError(f"row {number}: {error}") from None


def _plain(value: Any) -> Any:
    """A value as JSON has it: Arrow makes dates of texts that look like one."""
    if isinstance(value, datetime):
        return value.isoformat().removesuffix("T00:00:00")
    return value.isoformat() if isinstance(value, date) else value


def _without_gaps(quotation: Mapping[str, Any]) -> dict[str, Any]:
    """A quotation whose stance has only the probabilities that it was given."""
    found = dict(quotation)
    stance = found.get("stance")
    if isinstance(stance, Mapping) and stance.get("probabilities"):
        given = {k: p for k, p in stance["probabilities"].items() if p is not None}
        found["stance"] = {**stance, "probabilities": given}
    return found
