"""Quotations for tables of articles: pyarrow, ``datasets.Dataset.map``, Ray Data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from quotestance.document import Document
from quotestance.isolation import analysed, reason
from quotestance.parquet import quotations_type
from quotestance.pipeline import Pipeline


class TableAnalyzer:
    """Adds two columns to a table that has a column of texts.

    ``quotations`` holds those of each text, in the layout of :mod:`quotestance.parquet`;
    ``error`` says why a text could not be analysed, and is null for all others. Columns of
    these names are replaced. Called with a ``pyarrow.Table``, it returns one with as many rows.
    """

    def __init__(self, model: Pipeline, text: str = "text") -> None:
        self.model = model
        self.text = text
        self.type = quotations_type(model.classifier.classes_)

    def __call__(self, table: Any) -> Any:
        if self.text not in table.column_names:
            raise ValueError(
                f"the table has no column {self.text!r}, but {', '.join(table.column_names)}: "
                "name the one with the texts"
            )
        found = analysed(self._quotations, table.column(self.text).to_pylist())
        columns = {
            "quotations": pa.array(
                [None if isinstance(row, Exception) else row for row in found], self.type
            ),
            "error": pa.array(
                [reason(row) if isinstance(row, Exception) else None for row in found], pa.string()
            ),
        }
        kept = [name for name in table.column_names if name not in columns]
        table = table.select(kept)
        for name, values in columns.items():
            table = table.append_column(name, values)
        return table

    def _quotations(self, texts: Sequence[Any]) -> list[list[dict[str, Any]]]:
        for text in texts:
            if not isinstance(text, str):
                raise TypeError(f"a text must be a string, not {type(text).__name__}")
        found = self.model.pipe(map(Document, texts), max(1, len(texts)))
        return [[quotation.to_dict() for quotation in document.quotations] for document in found]
