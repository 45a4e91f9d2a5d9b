"""An article as HTML: its quotations coloured by stance, and beside it who says what."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from hashlib import sha256

from quotestance.document import Document, Quotation, Speaker, Stance
from quotestance.html import PAGE_END, escaped, page_start, palette, pieces, resource
from quotestance.html.palette import Sign, label_of, ordered, signs

UNKNOWN = "speaker unknown"

_PARAGRAPH = re.compile(r"(?<!\s)\s*\n\s*\n\s*")
_STOP = re.compile(r"[.,;:!?…)]+")
_LONGEST = 280  # characters of a quotation in the list of speakers

# A notebook may be dark where the browser is light, and the other way round.
_NOTEBOOK = """
.quotestance-notebook .quotestance { padding: .75rem; }
[data-jp-theme-light="true"] .quotestance, .vscode-light .quotestance { color-scheme: light; }
[data-jp-theme-light="false"] .quotestance, .vscode-dark .quotestance { color-scheme: dark; }
"""


def article_page(documents: Iterable[Document]) -> Iterator[str]:
    """A page of articles, piece by piece, each with its speakers; what they hold is escaped."""
    for number, document in enumerate(documents):
        if number == 0:
            yield page_start(title_of(document), article_style())
        yield article(document, f"a{number}-", "h1")
    yield PAGE_END


def notebook_article(document: Document) -> str:
    """An article for a notebook, with its style, that leaves the rest of the notebook alone."""
    name = sha256(document.to_json().encode("utf-8", "replace")).hexdigest()[:8]
    style = palette.style(".quotestance") + resource(__package__, "article.css")
    return (
        f"<style>.quotestance-notebook {{\n{style}}}\n{_NOTEBOOK}</style>\n"
        f'<div class="quotestance-notebook">\n{article(document, f"qs-{name}-", "h2")}</div>\n'
    )


def article_style() -> str:
    """The style sheet of articles in a page, behind the common one."""
    return resource(__package__, "article.css")


def title_of(document: Document) -> str:
    """What the article is called: its title, else its id."""
    title = document.metadata.get("title")
    if isinstance(title, str) and title.strip():
        return " ".join(title.split())
    return "Article" if document.id in (None, "-") else str(document.id)


def article(document: Document, prefix: str, heading: str) -> str:
    """Heading ("h1", ...), text and speakers of an article; ``prefix`` begins its ids."""
    drawn = signs(ordered(map(label_of, document.quotations)))
    speakers = _speakers(document)
    places = {number: place for place, (_, group) in enumerate(speakers) for number, _ in group}
    below = f"h{int(heading[1]) + 1}"
    sections = "".join(
        _speaker(name, group, drawn, prefix, f"{prefix}s{place}", f"h{int(heading[1]) + 2}")
        for place, (name, group) in enumerate(speakers)
    )
    text = marked_text(document, drawn, prefix, lambda number: f"#{prefix}s{places[number]}")
    return (
        f'<div class="quotestance">\n<header>\n'
        f'<{heading} class="title"><bdi>{escaped(title_of(document))}</bdi></{heading}>\n'
        f"{_facts(document)}{legend(document.quotations, drawn)}</header>\n"
        f'<div class="columns">\n<div class="words" dir="auto">\n{text}</div>\n'
        f'<aside aria-label="Speakers">\n<{below}>Speakers</{below}>\n'
        f"{sections or '<p>No quotations were found.</p>'}</aside>\n</div>\n</div>\n"
    )


def legend(quotations: Iterable[Quotation], drawn: Mapping[str, Sign]) -> str:
    """The stances with how often they occur."""
    counts = Counter(map(label_of, quotations))
    items = "".join(
        f"<li>{chip(label, drawn[label])} {counts[label]}</li>" for label in ordered(counts)
    )
    return f'<ul class="legend" aria-label="Stances">{items}</ul>\n' if items else ""


def chip(label: str, sign: Sign) -> str:
    """A stance by sign and name."""
    return f'<span class="chip {sign.css}">{_icon(sign)}{escaped(label)}</span>'


def marked_text(
    document: Document,
    drawn: Mapping[str, Sign],
    prefix: str,
    target: Callable[[int], str] | None = None,
) -> str:
    """The text in paragraphs, its quotations and their sources marked.

    A quotation, with the id PREFIXq0, PREFIXq1, ..., has its stance and speaker behind it, as a
    link where ``target`` gives one for its number.
    """
    text, quotations = document.text, document.quotations
    parts = [
        (span, (number, name))
        for number, quotation in enumerate(quotations)
        for name in ("content", "source")
        for span in getattr(quotation, name)
    ]
    breaks = {match.start(): match.end() for match in _PARAGRAPH.finditer(text)}
    found: list[str] = []
    tags: list[str] = []  # of quotations that have just ended
    for start, end, covering in pieces(
        0, len(text), parts, (edge for pair in breaks.items() for edge in pair)
    ):
        contents = [(span, number) for span, (number, name) in covering if name == "content"]
        # A tag stands behind the full stop or comma that follows its quotation.
        stop = _STOP.match(text, start, end) if tags and not covering else None
        if stop:
            found.append(escaped(stop[0]))
            start = stop.end()
        found += tags
        tags = []
        begun = sorted({n for span, n in contents if quotations[n].start == start})
        found += (f'<span class="at" id="{prefix}q{number}"></span>' for number in begun)
        if end == breaks.get(start):
            found.append("</p>\n<p>")
        else:
            piece = escaped(text[start:end])
            if any(name == "source" for _, (_, name) in covering):
                piece = f'<span class="source">{piece}</span>'
            contents.sort(key=lambda pair: pair[0].end - pair[0].start)
            if contents:
                css = drawn[label_of(quotations[contents[0][1]])].css
                piece = f'<mark class="{css}">{piece}</mark>'
            found.append(piece)
        tags = [
            _tag(quotations[number], drawn, target(number) if target else None)
            for _, number in contents
            if quotations[number].end == end
        ]
    return f"<p>{''.join(found + tags)}</p>\n"


def _tag(quotation: Quotation, drawn: Mapping[str, Sign], target: str | None) -> str:
    """Stance and speaker, to stand behind a quotation."""
    name = quotation.speaker.name if quotation.speaker else None
    sign = drawn[label_of(quotation)]
    inside = (
        f"{_icon(sign)}{escaped(_labels(quotation.stance))}"
        f' <span class="by"><bdi>{escaped(name or UNKNOWN)}</bdi></span>'
    )
    css = f"chip tag {sign.css}"
    if target is None:
        return f'<span class="{css}">{inside}</span>'
    return f'<a class="{css}" href="{target}">{inside}</a>'


def _speakers(document: Document) -> list[tuple[str | None, list[tuple[int, Quotation]]]]:
    """The speakers' names with numbered quotations, as they come up; the unknown one is last."""
    found: dict[str | None, list[tuple[int, Quotation]]] = {}
    for number, quotation in enumerate(document.quotations):
        name = quotation.speaker.name if quotation.speaker else None
        found.setdefault(name, []).append((number, quotation))
    return sorted(found.items(), key=lambda pair: pair[0] is None)


def _speaker(
    name: str | None,
    group: list[tuple[int, Quotation]],
    drawn: Mapping[str, Sign],
    prefix: str,
    anchor: str,
    heading: str,
) -> str:
    items = "".join(_item(number, quotation, drawn, prefix) for number, quotation in group)
    known = [quotation.speaker for _, quotation in group if quotation.speaker]
    return (
        f'<section id="{anchor}">\n'
        f"<{heading}><bdi>{escaped(name or UNKNOWN.capitalize())}</bdi></{heading}>\n"
        f"{_position(known) if name else ''}<ol>\n{items}</ol>\n</section>\n"
    )


def _position(known: list[Speaker]) -> str:
    """Role and affiliation, each the first that the text gives."""
    role = next((s.role for s in known if s.role), None)
    affiliation = next((s.affiliation for s in known if s.affiliation), None)
    told = ", ".join(filter(None, (role, affiliation)))
    return f'<p class="place"><bdi>{escaped(told)}</bdi></p>\n' if told else ""


def _item(number: int, quotation: Quotation, drawn: Mapping[str, Sign], prefix: str) -> str:
    sign = drawn[label_of(quotation)]
    words = " ".join(quotation.text.split())
    if len(words) > _LONGEST:
        words = f"{words[:_LONGEST].rsplit(' ', 1)[0]} …"
    told = [quotation.kind]
    if quotation.stance and quotation.stance.confidence is not None:
        told.append(f"{quotation.stance.confidence:.0%} sure")
    if quotation.speaker and quotation.speaker.unknown_reason:
        told.append(quotation.speaker.unknown_reason)
    return (
        f"<li>{chip(_labels(quotation.stance), sign)} "
        f'<span class="place">{escaped(", ".join(told))}</span>\n'
        f'<a href="#{prefix}q{number}" dir="auto">{escaped(words)}</a></li>\n'
    )


def _labels(stance: Stance | None) -> str:
    """All labels, primary first; a question mark where the stance is not certain."""
    if stance is None:
        return palette.UNLABELLED
    told = " + ".join(stance.labels) or stance.label
    return f"{told}?" if stance.certain is False else told


def _icon(sign: Sign) -> str:
    return f'<span class="icon" aria-hidden="true">{sign.icon}</span> '


def _facts(document: Document) -> str:
    """Date and source, as the record gives them."""
    values = (document.metadata.get(name) for name in ("date", "source", "url"))
    told = " · ".join(escaped(value) for value in values if isinstance(value, str) and value)
    return f'<p class="place"><bdi>{told}</bdi></p>\n' if told else ""
