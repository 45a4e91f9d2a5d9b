"""CSV that spreadsheets open without harm, and that can be read back as it was.

A cell that a spreadsheet would run as a formula gets an apostrophe in front, which
:func:`unescaped` takes off again (https://owasp.org/www-community/attacks/CSV_Injection).
Every cell is quoted: what is in it, line breaks of any kind too, stays in it.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

_FORMULA = re.compile("'*[=+\\-@\t\r\n＝＋－＠]")
_ESCAPED = re.compile("'+[=+\\-@\t\r\n＝＋－＠]")


def csv_lines(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """The header and then each row as CSV; other keys than the columns are left out."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n", quoting=csv.QUOTE_ALL)

    def line(cells: Iterable[Any]) -> str:
        buffer.seek(0)
        buffer.truncate()
        writer.writerow([escaped(cell) if isinstance(cell, str) else cell for cell in cells])
        return buffer.getvalue()

    yield line(columns)
    for row in rows:
        yield line(row.get(column) for column in columns)


def escaped(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def unescaped(cell: str) -> str:
    """What :func:`escaped` was given; a cell whose apostrophe a spreadsheet ate stays as it is."""
    return cell[1:] if _ESCAPED.match(cell) else cell
