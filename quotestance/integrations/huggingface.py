"""Documents out of a ``datasets.Dataset``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from quotestance.document import Document, LayoutError


def from_dataset(dataset: Iterable[Mapping[str, Any]], *, text: str = "text") -> Iterator[Document]:
    """A Document for each row of a Dataset or IterableDataset, one at a time.

    ``text`` names the column that holds the text. Other columns become metadata; ``id`` and
    ``quotations`` are those of the JSONL layout, so that what was written with
    ``Dataset.from_list([document.to_dict() for document in documents])`` comes back. Arrow gives
    every row the fields of all rows, with None where there is nothing: those are left out.
    Raises LayoutError with the number of the row, which counts from 0.
    """
    for number, row in enumerate(dataset):
        record = {name: value for name, value in row.items() if value is not None}
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


def _without_gaps(quotation: Mapping[str, Any]) -> dict[str, Any]:
    """A quotation whose stance has only the probabilities that it was given."""
    found = dict(quotation)
    stance = found.get("stance")
    if isinstance(stance, Mapping) and stance.get("probabilities"):
        given = {k: p for k, p in stance["probabilities"].items() if p is not None}
        found["stance"] = {**stance, "probabilities": given}
    return found
