"""The report on a corpus: one HTML file that needs nothing else.

Without script it is the counts, the first quotations and all articles; the script adds searching,
sorting and paging of all quotations, and the CSV. What stands in ``noscript`` a browser with script
reads as one piece of text: the script makes an article of it when it is unfolded, so that thousands
of articles open fast.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from quotestance.corpus_report import counting
from quotestance.corpus_report.charts import bar, columns
from quotestance.corpus_report.counting import Counts, dated
from quotestance.document import Document
from quotestance.html import (
    PAGE_END,
    data_element,
    escaped,
    page_start,
    resource,
    script_element,
)
from quotestance.html.article import UNKNOWN, article_style, chip, marked_text, title_of
from quotestance.html.palette import UNLABELLED, Sign, label_of, ordered, signs
from quotestance.tables import rows

_MOST_NAMES = 20  # speakers or affiliations that are shown from the start
_PLAIN_ROWS = 100  # quotations that can be read without script
_SHOWN = ("date", "title", "speaker", "affiliation", "stance", "text")
_HEADS = {"text": "quotation", "title": "article"}


def report_page(documents: Iterable[Document], title: str) -> Iterator[str]:
    """The page under a ``title``, piece by piece; whatever the documents hold is escaped."""
    found = dated(counting.speech(documents))
    articles = [document for _, document in found]
    drawn = signs(ordered(label_of(q) for d in articles for q in d.quotations))
    table = _Table(found)
    script = resource(__package__, "page.js")
    style = article_style() + resource(__package__, "page.css")
    yield page_start(title, style, script)
    yield _header(title, found, drawn)
    yield "<main>\n"
    speakers, affiliations = counting.by_speaker(articles), counting.by_affiliation(articles)
    yield _section("speakers", "Speakers", _counts("speaker", speakers, drawn))
    if affiliations:
        told = sum(count.total() for count in affiliations.values())
        note = f"<p>{told:,} quotations whose speaker's affiliation the articles give.</p>\n"
        yield _section(
            "affiliations", "Affiliations", note + _counts("affiliation", affiliations, drawn)
        )
    unit, periods = counting.over_time(articles)
    if periods:
        yield _section("time", "Over time", _time(unit, periods, drawn, found))
    yield _section("quotations", f"Quotations ({len(table.rows):,})", table.html(drawn))
    yield f'<section id="articles">\n<h2>Articles ({len(articles):,})</h2>\n'
    for number, (day, document) in enumerate(found):
        yield _article(number, day, document, drawn)
    yield "</section>\n</main>\n"
    yield data_element("data", table.data(drawn))
    yield script_element(script) + PAGE_END


class _Table:
    """The quotations of all articles, a row each, with all columns of the CSV."""

    def __init__(self, found: Sequence[tuple[date | None, Document]]) -> None:
        self.rows: list[dict[str, Any]] = []
        self.places: list[tuple[int, int]] = []  # numbers of article and quotation
        for number, (day, document) in enumerate(found):
            told = document.metadata.get("date")
            for place, row in enumerate(rows([document])):
                speaker = document.quotations[place].speaker
                self.places.append((number, place))
                self.rows.append(
                    {
                        **row,
                        "document": number if document.id is None else document.id,
                        "title": title_of(document),
                        "date": day.isoformat() if day else told if isinstance(told, str) else None,
                        "role": speaker.role if speaker else None,
                        "affiliation": speaker.affiliation if speaker else None,
                    }
                )
        self.columns = list(dict.fromkeys(name for row in self.rows for name in row))
        self.shown = [name for name in _SHOWN if any(row[name] for row in self.rows)]

    def html(self, drawn: Mapping[str, Sign]) -> str:
        """The first rows to read, and where the script puts the others."""
        heads = "".join(
            f'<th scope="col" data-column="{name}">{_HEADS.get(name, name)}</th>'
            for name in self.shown
        )
        first = zip(self.places[:_PLAIN_ROWS], self.rows, strict=False)
        body = "".join(_row(place, row, self.shown, drawn) for place, row in first)
        note = ""
        if len(self.rows) > _PLAIN_ROWS:
            note = (
                f"<noscript><p>These are the first {_PLAIN_ROWS} quotations; the others stand in "
                "the articles below. With script they can be searched and sorted here.</p>"
                "</noscript>\n"
            )
        options = "".join(
            f'<option value="{escaped(label)}">{sign.icon} {escaped(label)}</option>'
            for label, sign in drawn.items()
        )
        return (
            '<div id="controls" role="search" hidden>\n'
            '<label for="search">Search</label>'
            '<input type="search" id="search" autocomplete="off">\n'
            '<label for="stance">Stance</label>'
            f'<select id="stance"><option value="">all</option>{options}</select>\n'
            '<button type="button" id="csv">Download CSV</button>\n</div>\n'
            f'{note}<div class="counts" role="region" aria-label="Quotations" tabindex="0">\n'
            f'<table id="table">\n<thead><tr>{heads}</tr></thead>\n<tbody>\n{body}</tbody>\n'
            "</table>\n</div>\n"
            '<div id="paging" hidden>\n<button type="button" id="previous">Previous</button>\n'
            '<p id="status" role="status"></p>\n'
            '<button type="button" id="next">Next</button>\n</div>\n'
        )

    def data(self, drawn: Mapping[str, Sign]) -> dict[str, Any]:
        return {
            "columns": self.columns,
            "rows": [[row.get(name) for name in self.columns] for row in self.rows],
            "places": self.places,
            "unlabelled": UNLABELLED,
            "signs": {label: [sign.css, sign.icon] for label, sign in drawn.items()},
        }


def _row(
    place: tuple[int, int], row: Mapping[str, Any], shown: Sequence[str], drawn: Mapping[str, Sign]
) -> str:
    cells = []
    for name in shown:
        cell = escaped(str(row.get(name) or ""))
        if name == "stance":
            cell = chip(row[name], drawn[row[name]]) if row[name] else ""
        elif name == "text":
            cell = f'<a href="#d{place[0]}-q{place[1]}">{cell}</a>'
        cells.append(f'<td class="{name}" dir="auto">{cell}</td>')
    return f"<tr>{''.join(cells)}</tr>\n"


def _header(
    title: str, found: Sequence[tuple[date | None, Document]], drawn: Mapping[str, Sign]
) -> str:
    days = sorted(day for day, _ in found if day)
    quotations = [q for _, document in found for q in document.quotations]
    names = {q.speaker.name for q in quotations if q.speaker and q.speaker.name}
    facts = [
        _number(len(found), "article"),
        _number(len(quotations), "quotation"),
        _number(len(names), "speaker"),
    ]
    if days:
        facts.append(" to ".join(dict.fromkeys((days[0].isoformat(), days[-1].isoformat()))))
    counts = Counter(map(label_of, quotations))
    chips = "".join(
        f"<li>{chip(label, sign)} {counts[label]:,}</li>" for label, sign in drawn.items()
    )
    links = "".join(
        f'<li><a href="#{name}">{name.capitalize()}</a></li>'
        for name in ("speakers", "quotations", "articles")
    )
    return (
        f"<header>\n<h1><bdi>{escaped(title)}</bdi></h1>\n"
        f'<p class="place">{" · ".join(facts)}</p>\n'
        f'<ul class="legend" aria-label="Stances">{chips}</ul>\n'
        f'<nav aria-label="Parts of the page"><ul>{links}</ul></nav>\n</header>\n'
    )


def _number(count: int, word: str) -> str:
    return f"{count:,} {word}{'' if count == 1 else 's'}"


def _section(name: str, head: str, body: str) -> str:
    return f'<section id="{name}">\n<h2>{head}</h2>\n{body}</section>\n'


def _counts(name: str, counts: Counts, drawn: Mapping[str, Sign]) -> str:
    """Bars and numbers, the largest first, those behind the first ones folded."""
    if not counts:
        return "<p>No quotations.</p>\n"
    largest = max(count.total() for count in counts.values())
    lines = [
        f'<tr><th scope="row"><bdi{_finds(key)}>{escaped(key)}</bdi></th>'
        f"<td>{bar(count, largest, drawn)}</td>{_cells(count, drawn)}</tr>\n"
        for key, count in counts.items()
    ]
    first, others = lines[:_MOST_NAMES], lines[_MOST_NAMES:]
    folded = (
        f"<details>\n<summary>{len(others):,} more</summary>\n"
        f"{_bars(name, others, drawn)}</details>\n"
        if others
        else ""
    )
    return _bars(name, first, drawn) + folded


def _finds(key: str) -> str:
    """Marks a name that the script makes a button of, which searches for it."""
    return "" if key == UNKNOWN else " data-find"


def _bars(name: str, lines: Sequence[str], drawn: Mapping[str, Sign]) -> str:
    return (
        f'<div class="counts" role="region" aria-label="Stance by {name}" tabindex="0">\n'
        f'<table class="bars">\n<thead><tr><th scope="col">{name}</th><td></td>'
        f'{_label_heads(drawn)}<th scope="col">all</th></tr></thead>\n'
        f"<tbody>\n{''.join(lines)}</tbody>\n</table>\n</div>\n"
    )


def _label_heads(drawn: Mapping[str, Sign]) -> str:
    return "".join(f'<th scope="col">{chip(label, sign)}</th>' for label, sign in drawn.items())


def _cells(count: Counter[str], drawn: Mapping[str, Sign]) -> str:
    numbers = "".join(f"<td>{count[label] or ''}</td>" for label in drawn)
    return f"{numbers}<td>{count.total():,}</td>"


def _time(
    unit: str,
    periods: Counts,
    drawn: Mapping[str, Sign],
    found: Sequence[tuple[date | None, Document]],
) -> str:
    undated = sum(day is None for day, _ in found)
    note = f"<p>{_number(undated, 'article')} without a date left out.</p>\n" if undated else ""
    lines = "".join(
        f'<tr><th scope="row">{name}</th>{_cells(count, drawn)}</tr>\n'
        for name, count in periods.items()
    )
    return (
        f"{note}<figure>\n{columns(unit, periods, drawn)}<figcaption>Quotations by {unit}"
        f"{', named by its first day' if unit == 'week' else ''}</figcaption>\n</figure>\n"
        "<details>\n<summary>The numbers</summary>\n"
        '<div class="counts" role="region" aria-label="Stance over time" tabindex="0">\n'
        f'<table>\n<thead><tr><th scope="col">{unit}</th>{_label_heads(drawn)}'
        f'<th scope="col">all</th></tr></thead>\n<tbody>\n{lines}</tbody>\n</table>\n</div>\n'
        "</details>\n"
    )


def _article(number: int, day: date | None, document: Document, drawn: Mapping[str, Sign]) -> str:
    facts = [_number(len(document.quotations), "quotation")]
    if day:
        facts.insert(0, day.isoformat())
    return (
        f'<details class="article" id="d{number}">\n'
        f"<summary><bdi>{escaped(title_of(document))}</bdi> "
        f'<span class="place">{" · ".join(facts)}</span></summary>\n'
        f'<noscript><div class="quotestance"><div class="words" dir="auto">\n'
        f"{marked_text(document, drawn, f'd{number}-')}</div></div></noscript>\n</details>\n"
    )
