"""Articles in layouts that news corpora lack, read by the embedded model."""

import re
from pathlib import Path
from typing import NamedTuple

import pytest

from quotestance.speakers import resolve_speakers
from quotestance.speakers.names import without_article

FOLDER = Path(__file__).parent / "layouts"


class Expected(NamedTuple):
    """A quotation that an article has: its parts, its source, its speaker's name."""

    content: list[tuple[int, int]]
    source: tuple[int, int] | None
    speaker: str | None


class Article(NamedTuple):
    name: str
    text: str
    expected: list[Expected]
    allowed: list[Expected]


def articles():
    for file in sorted(FOLDER.glob("*.txt")):
        for part in file.read_text("utf-8").split("=== ")[1:]:
            head, _, gold = part.partition("\n---\n")
            number, _, text = head.partition("\n")
            found = [_expected(text, line) for line in gold.splitlines()]
            yield Article(
                f"{file.stem}-{number}",
                text,
                [expected for expected in found if expected.source],
                [expected for expected in found if not expected.source],
            )


def _expected(text, line):
    content, *rest = line.removeprefix("? ").split(" | ")
    parts, position = [], 0
    for words in content.split(" + "):
        first, _, last = words.partition(" … ")
        start = text.index(first, position)
        position = text.index(last, start) + len(last) if last else start + len(first)
        parts.append((start, position))
    if not rest:
        return Expected(parts, None, None)
    source, speaker = rest
    places = [m.span() for m in re.finditer(rf"(?<!\w){re.escape(source)}(?!\w)", text)]
    places = [p for p in places if not any(p[0] < b and a < p[1] for a, b in parts)]
    nearest = min(
        places, key=lambda p: min(max(a - p[1], p[0] - b) + (a < p[0]) * 0.5 for a, b in parts)
    )
    return Expected(parts, nearest, speaker)


def overlap(a, b):
    return max(0, min(a[1], b[1]) - max(a[0], b[0]))


def covered(spans, others):
    """How much of some spans lies in others."""
    size = sum(end - start for start, end in spans)
    return sum(overlap(span, other) for span in spans for other in others) / size


def problems(article, quotations):
    """What is wrong with the quotations found in an article, in words."""
    spans = [[(s.start, s.end) for s in q.content] for q in quotations]
    for expected in article.expected:
        words = article.text[slice(*expected.content[0])]
        right = [
            quotation
            for quotation, content in zip(quotations, spans, strict=True)
            if covered(expected.content, content) > 0.9
            and (covered(content, expected.content) > 0.9 or quotation.kind == "mixed")
        ]
        if not right:
            yield f"not found: {words}"
            continue
        sources = [(s.start, s.end) for s in right[0].source]
        if not any(overlap(expected.source, source) for source in sources):
            yield f"source {[s.text for s in right[0].source]}: {words}"
        elif without_article(right[0].speaker.name or "") != expected.speaker:
            yield f"speaker {right[0].speaker.name!r}: {words}"
    known = [part for e in (*article.expected, *article.allowed) for part in e.content]
    for quotation, content in zip(quotations, spans, strict=True):
        if quotation.kind != "indirect" and not covered(content, known):
            yield f"no quotation: {quotation.text}"


@pytest.mark.parametrize("article", list(articles()), ids=lambda article: article.name)
def test_layout(pipeline, article):
    (extraction,) = pipeline.extractor.extract([article.text])
    assert list(problems(article, resolve_speakers(extraction))) == []
