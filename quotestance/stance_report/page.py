"""A page to read on the trust in stance labels: one HTML file that needs nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from quotestance.document import Stance, StanceItem
from quotestance.evaluation import Report, Share
from quotestance.html import PAGE_END, escaped, page_start, resource
from quotestance.stance.stability import Stability
from quotestance.stance_report.analysis import StanceAnalysis, WrongItem, beside_rows
from quotestance.stance_report.charts import coverage_diagram, reliability_diagram

_MOST_WRONG = 30
_MOST_FLIPS = 10
_LONGEST = 900  # characters of a text that are shown


def stance_page(analysis: StanceAnalysis, title: str) -> Iterator[str]:
    """The ``analysis`` as an HTML page under a ``title``, piece by piece.

    Whatever labels and texts hold is escaped.
    """
    yield page_start(title, resource(__package__, "page.css"), attributes=True)
    size = analysis.scores.size
    yield f"<header>\n<h1>{escaped(title)}</h1>\n<p>{size} items</p>\n</header>\n<main>\n"
    yield _section("Scores", _scores(analysis.scores))
    yield _section("Which labels are taken for which", _confusions(analysis.confusions))
    yield _section("How sure, and how right", _confidence(analysis))
    if analysis.beside:
        rows = [[escaped(cell) for cell in row] for row in beside_rows(analysis.beside)]
        heads = ("beside", "score", "theirs", "this", "difference (95 % interval)")
        yield _section("Beside others", _table("On the same resampled items", heads, rows))
    for field, shares in analysis.groups.items():
        yield _section(f"By {field}", _shares(field, shares))
    if analysis.stability:
        yield _section("Labels that flip", "".join(_stability(analysis.stability)))
    yield _section("Wrong with the highest confidence", "".join(_wrong(analysis.wrong)))
    yield f"</main>\n{PAGE_END}"


def _section(head: str, body: str) -> str:
    return f'<section class="words">\n<h2>{head}</h2>\n{body}</section>\n'


def _scores(scores: Report) -> str:
    rows = [
        [escaped(name), f"{s.value:.3f}", f"{s.low:.3f}–{s.high:.3f}", str(s.support)]
        for name, s in scores.scores.items()
    ]
    return _table("", ("score", "value", "95 % interval", "support"), rows)


def _confusions(confusions: Mapping[str, Mapping[str, int]]) -> str:
    columns = list(next(iter(confusions.values()), {}))
    rows = []
    for label, row in confusions.items():
        total = sum(row.values())
        cells = "".join(
            f'<td class="heat{" right" if column == label else ""}" '
            f'style="--heat: {round(60 * count / total) if total else 0}%">{count}</td>'
            for column, count in row.items()
        )
        rows.append(f'<tr><th scope="row">{escaped(label)}</th>{cells}<td>{total}</td></tr>\n')
    heads = "".join(f'<th scope="col">{escaped(column)}</th>' for column in columns)
    return (
        f"{_COUNTS}<table>\n<caption>Rows: gold; columns: predicted; the stronger the colour, the "
        f"larger the share of the row</caption>\n<thead><tr><td></td>{heads}"
        '<th scope="col">items</th></tr></thead>\n'
        f"<tbody>\n{''.join(rows)}</tbody>\n</table>\n</div>\n"
    )


def _confidence(analysis: StanceAnalysis) -> str:
    if not analysis.reliability:
        return "<p>The predictions have no probabilities.</p>\n"
    rows = [
        [
            f"{b.low:.1f}–{b.high:.1f}",
            str(b.correct.size),
            f"{b.confidence:.3f}",
            str(b.correct),
        ]
        for b in analysis.reliability.bins
    ]
    heads = ("confidence", "items", "mean", "right (95 % interval)")
    return (
        f'<div class="diagrams">\n<figure>\n{reliability_diagram(analysis.reliability)}'
        "<figcaption>On the dashed line labels are right as often as they say; larger points "
        "stand for more items.</figcaption>\n</figure>\n"
        f"<figure>\n{coverage_diagram(analysis.coverage)}<figcaption>How many of the labels are "
        "right that are left where the least certain abstain.</figcaption>\n</figure>\n</div>\n"
        f"{_table('', heads, rows)}"
    )


def _shares(field: str, shares: Mapping[str, Share]) -> str:
    rows = [[escaped(value), str(share.size), str(share)] for value, share in shares.items()]
    return _table("", (field, "items", "accuracy (95 % interval)"), rows)


def _stability(found: Stability) -> Iterator[str]:
    rows = [
        [kind, str(share.size), str(share.hits), str(share)] for kind, share in found.shares.items()
    ]
    yield _table(
        "Items that a change makes different, and how many get another label",
        ("change", "items", "flipped", "share (95 % interval)"),
        rows,
    )
    for kind, flips in found.flips.items():
        if flips:
            yield f"<details>\n<summary>{kind}: {min(len(flips), _MOST_FLIPS)} examples</summary>\n"
            for flip in flips[:_MOST_FLIPS]:
                yield (
                    f"<article>\n<h3>{_labels(flip.before)} → {_labels(flip.after)}</h3>\n"
                    f"{_place(flip.item)}{_words(flip.item)}{_words(flip.changed)}</article>\n"
                )
            yield "</details>\n"


def _wrong(cases: Sequence[WrongItem]) -> Iterator[str]:
    if not cases:
        yield "<p>No item is wrong.</p>\n"
        return
    yield f"<p>{min(len(cases), _MOST_WRONG)} of {len(cases)} wrong items.</p>\n"
    for case in cases[:_MOST_WRONG]:
        yield (
            f"<article>\n<h3>gold {_labels(case.gold)}, predicted "
            f'<span class="wrong">✗ {_labels(case.predicted)}</span>'
            f"{_probability(case)}</h3>\n{_place(case.item)}{_words(case.item)}</article>\n"
        )


def _probability(case: WrongItem) -> str:
    return f" ({case.confidence:.2f})" if case.predicted.probabilities else ""


def _labels(stance: Stance) -> str:
    return escaped(", ".join(stance.labels) or stance.label)


def _place(item: StanceItem) -> str:
    return "" if item.id is None else f'<p class="place"><bdi>{escaped(str(item.id))}</bdi></p>\n'


def _words(item: StanceItem) -> str:
    context, text, after = (escaped(_cut(p)) for p in (item.context, item.text, item.after))
    return (
        f'<blockquote dir="auto"><span class="around">{context}</span> {text} '
        f'<span class="around">{after}</span></blockquote>\n'
    )


def _cut(text: str) -> str:
    text = " ".join(text.split())
    half = _LONGEST // 2
    return text if len(text) <= _LONGEST else f"{text[:half]} […] {text[-half:]}"


_COUNTS = '<div class="counts" role="region" aria-label="table" tabindex="0">\n'


def _table(caption: str, heads: Iterable[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of cells that are HTML already, the first of each row its head."""
    head = "".join(f'<th scope="col">{cell}</th>' for cell in heads)
    body = "".join(
        f'<tr><th scope="row">{row[0]}</th>{"".join(f"<td>{cell}</td>" for cell in row[1:])}</tr>\n'
        for row in rows
    )
    told = f"<caption>{caption}</caption>\n" if caption else ""
    return (
        f"{_COUNTS}<table>\n{told}<thead><tr>{head}</tr></thead>\n<tbody>\n{body}</tbody>\n"
        "</table>\n</div>\n"
    )
