"""Tasks as a table for spreadsheets: a row a quotation, an empty column for each annotator.

CSV in UTF-8 with a byte order mark, without which Excel guesses another encoding; its cells are
those of :mod:`quotestance.cells`, which reading undoes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

from quotestance.cells import csv_lines, unescaped
from quotestance.corpora import tables
from quotestance.document import LayoutError
from quotestance.labelling.readings import Reading
from quotestance.labelling.tasks import FIELDS, Task, parse_labels

_COLUMN = "labels"
_READ_FIRST = FIELDS[: FIELDS.index("after") + 1]

Parse = Callable[[], Reading]


def to_csv(tasks: Sequence[Task], annotators: Sequence[str] = ()) -> str:
    """The tasks as CSV with a column "labels: NAME" for each annotator, else one "labels"."""
    for name in annotators:
        if not name.strip() or set(name) & set(',;\t\n\r"'):
            raise LayoutError(f"annotator {name!r}: a name without , ; and quotation marks, please")
    if len(set(annotators)) < len(annotators):
        raise LayoutError("two annotators have the same name: tell them apart")
    empty = [f"{_COLUMN}: {name.strip()}" for name in annotators] or [_COLUMN]
    header = [*_READ_FIRST, *empty, *FIELDS[len(_READ_FIRST) :]]
    return "\ufeff" + "".join(csv_lines(header, (task.to_fields() for task in tasks)))


def read(path: Path) -> Iterator[tuple[str, Parse]]:
    """The places of a table's rows, each with what reads it or raises LayoutError."""
    rows = tables.rows(path)
    columns = list(rows[0][1]) if rows else []
    if missing := [name for name in FIELDS if name not in columns]:
        raise LayoutError(
            f"{path}: no column {missing[0]!r}: restore it, and its name, from the exported file"
        )
    if not any(map(_is_labels, columns)):
        raise LayoutError(
            f"{path}: no column of labels: name them {_COLUMN!r}, or '{_COLUMN}: NAME' for each "
            "annotator"
        )
    for number, row in rows:
        place = f"{path}, row {number}"
        yield place, partial(_reading, row, place, str(path))


def _is_labels(column: str) -> bool:
    return column == _COLUMN or column.startswith(f"{_COLUMN}:")


def _reading(row: Mapping[str, str], place: str, file: str) -> Reading:
    cells = {name: unescaped(cell) for name, cell in row.items()}
    task = Task.from_fields(cells)
    passes = {}
    for column in filter(_is_labels, cells):
        labels = parse_labels(cells[column], task.choices, column)
        if labels is not None:
            passes[column.removeprefix(_COLUMN).lstrip(": ") or file] = labels
    return Reading(place, task, passes)
