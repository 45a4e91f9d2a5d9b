"""Tasks as a table for spreadsheets: a row a quotation, an empty column for each annotator.

CSV in UTF-8 with a byte order mark, without which Excel guesses another encoding. A cell that a
spreadsheet would run as a formula gets an apostrophe in front, which reading takes off again
(https://owasp.org/www-community/attacks/CSV_Injection).
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

from quotestance.corpora import tables
from quotestance.document import LayoutError
from quotestance.labelling.readings import Reading
from quotestance.labelling.tasks import FIELDS, Task, parse_labels

_COLUMN = "labels"
_READ_FIRST = FIELDS[: FIELDS.index("after") + 1]
_FORMULA = re.compile("^'*[=+\\-@\t\r\n＝＋－＠]")
_ESCAPED = re.compile("^'+[=+\\-@\t\r\n＝＋－＠]")

Parse = Callable[[], Reading]


def to_csv(tasks: Sequence[Task], annotators: Sequence[str] = ()) -> str:
    """The tasks as CSV with a column "labels: NAME" for each annotator, else one "labels"."""
    for name in annotators:
        if not name.strip() or set(name) & set(',;\t\n\r"'):
            raise LayoutError(f"annotator {name!r}: a name without , ; and quotation marks, please")
    if len(set(annotators)) < len(annotators):
        raise LayoutError("two annotators have the same name: tell them apart")
    empty = [f"{_COLUMN}: {name.strip()}" for name in annotators] or [_COLUMN]
    buffer = io.StringIO()
    header = [*_READ_FIRST, *empty, *FIELDS[len(_READ_FIRST) :]]
    writer = csv.DictWriter(buffer, header, restval="", lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writeheader()
    for task in tasks:
        writer.writerow({name: escaped(cell) for name, cell in task.to_fields().items()})
    return "\ufeff" + buffer.getvalue()


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


def escaped(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def unescaped(cell: str) -> str:
    """What :func:`escaped` was given; a cell whose apostrophe a spreadsheet ate stays as it is."""
    return cell[1:] if _ESCAPED.match(cell) else cell


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
