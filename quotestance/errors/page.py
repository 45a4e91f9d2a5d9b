"""Errors as a page to read: one HTML file that needs nothing else."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from quotestance.document import Quotation, Span, Speaker
from quotestance.errors.finding import ErrorCase
from quotestance.errors.kinds import Fault, Kind
from quotestance.html import PAGE_END, escaped, page_start, pieces, resource

_ROLES = ("content", "source", "cue")
_NEAR = 220  # characters shown before and behind the quoted stretch
_FAR = 60  # the same around a source or cue further off
_EDGE = 400  # characters shown of either end of what is longer than both
_OPEN_UP_TO = 50  # cases of a group that is unfolded from the start

_BREAK = re.compile(r"\s*\n\s*")
_FAULTY = {Fault.SOURCE: "source", Fault.SPEAKER: "speaker", Fault.STANCE: "stance"}


def error_summary(cases: Sequence[ErrorCase]) -> str:
    """How many errors there are of which kind, in one line."""
    counts = ", ".join(f"{count} {kind}" for kind, count in _kind_counts(cases))
    total = f"{len(cases)} error{'s' * (len(cases) != 1)}"
    return f"{total}: {counts}" if counts else total


def error_page(cases: Sequence[ErrorCase], title: str) -> Iterator[str]:
    """The page, piece by piece, grouped by kind; whatever the texts hold is escaped."""
    yield page_start(title, resource(__package__, "page.css"))
    yield f'<header>\n<h1>{escaped(title)}</h1>\n<p class="legend">{_LEGEND}</p>\n</header>\n'
    yield _counts_table(cases)
    yield "<main>\n"
    number = 0
    for kind, count in _kind_counts(cases):
        opened = " open" if count <= _OPEN_UP_TO else ""
        yield (
            f"<section>\n<details{opened}>\n<summary><h2>{kind} ({count})</h2></summary>\n"
            f'<p id="{_anchor(kind)}">{kind.meaning}</p>\n'
        )
        for case in cases:
            if case.kind is kind:
                number += 1
                yield _article(case, number)
        yield "</details>\n</section>\n"
    yield f"</main>\n{PAGE_END}"


_LEGEND = (
    'Under the words is what is right: <span class="m gold-content">gold content</span>, '
    '<span class="m gold-source">gold source</span>, <span class="m gold-cue">gold cue</span>. '
    'Over them is what was predicted: <span class="m predicted-content">content</span>, '
    '<span class="m predicted-source">source</span>, <span class="m predicted-cue">cue</span>. '
    'Where both agree: <span class="m gold-content predicted-content">content</span>, '
    '<span class="m gold-source predicted-source">source</span>, '
    '<span class="m gold-cue predicted-cue">cue</span>.'
)


def _kind_counts(cases: Iterable[ErrorCase]) -> list[tuple[Kind, int]]:
    """The kinds that occur, the most frequent first."""
    return Counter(case.kind for case in cases).most_common()


def _counts_table(cases: Sequence[ErrorCase]) -> str:
    faults = [fault for fault in Fault if any(fault in case.faults for case in cases)]
    if not faults:
        return "<p>No errors.</p>\n"
    head = "".join(f'<th scope="col">{fault}</th>' for fault in faults)
    rows = []
    for kind, count in _kind_counts(cases):
        of_kind = [case for case in cases if case.kind is kind]
        link = f'<a href="#{_anchor(kind)}">{kind}</a>'
        rows.append(_counts_row(link, count, faults, of_kind))
    total = _counts_row("all", len(cases), faults, cases)
    return (
        '<div class="counts" role="region" aria-label="counts" tabindex="0">\n'
        "<table>\n<caption>Errors by kind and by what is wrong; one error may be wrong in several "
        f'ways</caption>\n<thead><tr><th scope="col">kind</th>{head}'
        '<th scope="col">errors</th></tr></thead>\n'
        f"<tbody>\n{''.join(rows)}</tbody>\n<tfoot>\n{total}</tfoot>\n</table>\n</div>\n"
    )


def _counts_row(name: str, count: int, faults: list[Fault], cases: Sequence[ErrorCase]) -> str:
    numbers = [sum(fault in case.faults for case in cases) for fault in faults]
    cells = "".join(f"<td>{number or ''}</td>" for number in numbers)
    return f'<tr><th scope="row">{name}</th>{cells}<td>{count}</td></tr>\n'


def _article(case: ErrorCase, number: int) -> str:
    place = "" if case.document.id is None else f"<bdi>{escaped(str(case.document.id))}</bdi>, "
    others = f" (also {', '.join(case.kinds[1:])})" if case.kinds[1:] else ""
    return (
        f'<article>\n<h3 id="error-{number}"><a href="#error-{number}">{number}</a> '
        f"{', '.join(case.faults)}{others}</h3>\n"
        f'<p class="place">{place}characters {case.start}–{case.end}</p>\n'
        f'<blockquote dir="auto">{_excerpt(case)}</blockquote>\n{_parts_table(case)}</article>\n'
    )


def _parts_table(case: ErrorCase) -> str:
    """What gold and the prediction say, side by side."""
    wrong = {_FAULTY.get(fault) for fault in case.faults}
    rows = []
    for name, gold, predicted in zip(
        ("kind", *_ROLES, "speaker", "stance"),
        _cells(case.gold),
        _cells(case.predicted),
        strict=True,
    ):
        if gold or predicted:
            head = f' class="wrong">✗ {name}' if name in wrong else f">{name}"
            rows.append(f'<tr><th scope="row"{head}</th><td>{gold}</td><td>{predicted}</td></tr>\n')
    heads = "".join(
        f'<th scope="col">{side}{"" if quotation else f" ({missing})"}</th>'
        for side, quotation, missing in (
            ("gold", case.gold, "no attributed speech"),
            ("predicted", case.predicted, "nothing found"),
        )
    )
    return (
        f"<table>\n<thead><tr><td></td>{heads}</tr></thead>\n<tbody>\n{''.join(rows)}</tbody>\n"
        "</table>\n"
    )


def _cells(quotation: Quotation | None) -> list[str]:
    if quotation is None:
        return [""] * (len(_ROLES) + 3)
    stance = quotation.stance
    return [
        quotation.kind,
        *(_cell(" … ".join(s.text for s in getattr(quotation, role))) for role in _ROLES),
        _cell(_speaker(quotation.speaker)) if quotation.speaker else "",
        _cell(", ".join(stance.labels) or stance.label) if stance else "",
    ]


def _cell(text: str) -> str:
    if len(text) > 2 * _EDGE:
        text = f"{text[:_EDGE]} […] {text[-_EDGE:]}"
    return f"<bdi>{escaped(text)}</bdi>" if text else ""


def _speaker(speaker: Speaker) -> str:
    if speaker.name is None:
        return f"unknown: {speaker.unknown_reason}" if speaker.unknown_reason else "unknown"
    if speaker.confidence is not None:
        return f"{speaker.name} ({speaker.confidence:.2f})"
    return " / ".join((speaker.name, *speaker.alternatives))


def _excerpt(case: ErrorCase) -> str:
    """The text around an error, the parts of both quotations marked, what is far off left out."""
    text = case.document.text
    parts = [
        (span, f"{side}-{role}")
        for side, quotation in (("gold", case.gold), ("predicted", case.predicted))
        if quotation
        for role in _ROLES
        for span in getattr(quotation, role)
    ]
    windows = _windows(text, (case.start, case.end), [span for span, _ in parts])
    shown = '<span class="left-out"> […] </span>'.join(
        _marked(text, window, parts) for window in windows
    )
    before = "… " if windows[0][0] > 0 else ""
    return f"{before}{shown}{' …' if windows[-1][1] < len(text) else ''}"


def _windows(text: str, segment: tuple[int, int], spans: Iterable[Span]) -> list[tuple[int, int]]:
    """The stretches of a text that are shown, in order, apart from each other."""
    wanted = [
        *_ends(segment[0] - _NEAR, segment[1] + _NEAR),
        *(end for span in spans for end in _ends(span.start - _FAR, span.end + _FAR)),
    ]
    merged: list[tuple[int, int]] = []
    for start, end in sorted(wanted):
        if merged and start - merged[-1][1] <= _FAR:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return [(_word_start(text, start), _word_end(text, end)) for start, end in merged]


def _ends(start: int, end: int) -> list[tuple[int, int]]:
    """A stretch, or its two ends where it is long."""
    if end - start <= 2 * (_EDGE + _NEAR):
        return [(start, end)]
    return [(start, start + _NEAR + _EDGE), (end - _NEAR - _EDGE, end)]


def _word_start(text: str, offset: int) -> int:
    if offset <= 0:
        return 0
    blank = re.compile(r"\s+").search(text, offset, offset + _FAR // 2)
    return blank.end() if blank else offset


def _word_end(text: str, offset: int) -> int:
    if offset >= len(text):
        return len(text)
    blank = max(text.rfind(mark, offset - _FAR // 2, offset) for mark in " \n")
    return blank if blank > 0 else offset


def _marked(text: str, window: tuple[int, int], parts: Iterable[tuple[Span, str]]) -> str:
    """A stretch of text in pieces, each with the classes of all the parts that cover it."""
    shown = []
    for start, end, covering in pieces(*window, parts):
        names = sorted({name for _, name in covering})
        piece = _BREAK.sub("\n", escaped(text[start:end]))
        if names:
            title = ", ".join(name.replace("-", " ") for name in names)
            piece = f'<mark class="m {" ".join(names)}" title="{title}">{piece}</mark>'
        shown.append(piece)
    return "".join(shown)


def _anchor(kind: Kind) -> str:
    return kind.replace(" ", "-")
