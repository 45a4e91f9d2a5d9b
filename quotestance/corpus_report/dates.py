"""The dates of records, as people write them."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable
from datetime import date, datetime

from dateutil import parser

_NUMBERS = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4})\b")
# Two dates that differ in all parts: a part that is missing in a text is filled from them.
_DEFAULTS = (datetime(2000, 1, 1), datetime(2004, 2, 2))


def read_dates(values: Iterable[object]) -> list[date | None]:
    """A date for each value, ``None`` where it tells no year and month.

    Reads ISO 8601 and written forms ("2025-03-04T10:00Z", "4 March 2025", "Mar 4, 2025",
    "March 2025", "3/4/2025"); where the day is missing it is the first. Days and times are those
    of the time zone they are written in. With points ("4.3.2025") the day stands first, with
    slashes the month, unless one of the values can only be read with the day first.
    """
    texts = [_text(value) for value in values]
    day_first = any(_only_day_first(text) for text in texts)
    return [_date(text, day_first) for text in texts]


def _text(value: object) -> str:
    if isinstance(value, date):  # a datetime is one, too
        return value.isoformat()
    return value.strip() if isinstance(value, str) else ""


def _only_day_first(text: str) -> bool:
    match = _NUMBERS.match(text)
    return bool(match and match[2] != "." and int(match[1]) > 12 >= int(match[3]))


def _date(text: str, day_first: bool) -> date | None:
    match = _NUMBERS.match(text)
    points = bool(match and match[2] == ".")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", parser.UnknownTimezoneWarning)
            first, second = (
                parser.parse(text, default=default, dayfirst=points or day_first, ignoretz=True)
                for default in _DEFAULTS
            )
    except (ValueError, OverflowError):
        return None
    told = (first.year, first.month) == (second.year, second.month)
    return first.date() if told else None
