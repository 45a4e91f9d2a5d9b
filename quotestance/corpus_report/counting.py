"""Stances counted: by speaker, by affiliation, by time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date

from quotestance.corpus_report.dates import read_dates
from quotestance.document import Document, Quotation
from quotestance.html.article import UNKNOWN
from quotestance.html.palette import label_of

Counts = dict[str, Counter[str]]
"""For each name how often each primary label occurs, UNLABELLED where there is none."""

_MOST_PERIODS = 40
_UNITS = {"day": "D", "week": "W", "month": "M", "quarter": "Q", "year": "Y"}  # of pandas


def speech(documents: Iterable[Document]) -> list[Document]:
    """The documents without what a gold annotation says is no attributed speech."""
    return [
        replace(d, quotations=tuple(q for q in d.quotations if q.kind != "none")) for d in documents
    ]


def by_speaker(documents: Iterable[Document]) -> Counts:
    """Counts by the speaker's name, most quotations first; those without a name are last."""
    counts = _counts(documents, lambda q: (q.speaker.name if q.speaker else None) or UNKNOWN)
    unknown = counts.pop(UNKNOWN, None)
    return {**counts, UNKNOWN: unknown} if unknown else counts


def by_affiliation(documents: Iterable[Document]) -> Counts:
    """Counts by the speaker's affiliation, most quotations first, of those that have one."""
    return _counts(documents, lambda q: q.speaker.affiliation if q.speaker else None)


def over_time(documents: Sequence[Document]) -> tuple[str, Counts]:
    """Day, week, month, quarter or year, whichever gives at most 40, and the counts of each.

    The dates are those in the metadata of the documents; periods without quotations are there,
    too, documents without a date are left out.
    """
    import pandas

    dates = [found for found, _ in dated(documents)]
    days = [day for day in dates if day]
    if not days:
        return "day", {}
    unit, code, periods = next(
        (unit, code, periods)
        for unit, code in _UNITS.items()
        if len(periods := pandas.period_range(min(days), max(days), freq=code)) <= _MOST_PERIODS
        or unit == "year"
    )
    counts: Counts = {_name(period): Counter() for period in periods}
    for day, document in dated(documents):
        if day:
            name = _name(pandas.Period(day, code))
            counts[name].update(map(label_of, document.quotations))
    return unit, counts


def dated(documents: Sequence[Document]) -> list[tuple[date | None, Document]]:
    """The documents with the dates of their metadata."""
    found = read_dates(document.metadata.get("date") for document in documents)
    return list(zip(found, documents, strict=True))


def _name(period: object) -> str:
    """ "2025-03-04" (of a week its first day), "2025-03", "2025Q1", "2025"."""
    return str(period).partition("/")[0]


def _counts(documents: Iterable[Document], key: Callable[[Quotation], str | None]) -> Counts:
    counts: Counts = {}
    for document in documents:
        for quotation in document.quotations:
            name = key(quotation)
            if name:
                counts.setdefault(name, Counter())[label_of(quotation)] += 1
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1].total(), pair[0])))
