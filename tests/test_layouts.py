"""Articles in layouts that news corpora lack, read by the embedded model."""

import functools
import re
import time
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotestance.marks import pair_marks
from quotestance.quotations.layouts import laid_out
from quotestance.speakers import resolve_speakers
from quotestance.speakers.forms import without_article

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


ARTICLES = list(articles())
# Articles in which a speaker does not get the right name yet.
UNRESOLVED = {
    "joined-6",
    "posts-1",
    "posts-3",
    "styles-6",
}


def overlap(a, b):
    return max(0, min(a[1], b[1]) - max(a[0], b[0]))


def covered(spans, others):
    """How much of some spans lies in others."""
    size = sum(end - start for start, end in spans)
    return sum(overlap(span, other) for span in spans for other in others) / size


def found_in(article, quotations):
    """Every expected quotation of an article with the one that was found for it, or None."""
    for expected in article.expected:
        right = (
            quotation
            for quotation in quotations
            if covered(expected.content, spans_of(quotation.content)) > 0.9
            and (
                covered(spans_of(quotation.content), expected.content) > 0.75
                or quotation.kind == "mixed"
            )
        )
        yield expected, next(right, None)


def spans_of(spans):
    return [(span.start, span.end) for span in spans]


@pytest.fixture(scope="module")
def read(pipeline):
    """The quotations of an article, with their speakers."""

    @functools.cache
    def quotations(text):
        (extraction,) = pipeline.extractor.extract([text])
        return resolve_speakers(extraction)

    return quotations


@pytest.mark.parametrize("article", ARTICLES, ids=lambda article: article.name)
def test_quotations_and_sources(read, article):
    quotations = read(article.text)
    for expected, found in found_in(article, quotations):
        words = article.text[slice(*expected.content[0])]
        assert found, f"not found: {words}"
        sources = spans_of(found.source)
        assert any(overlap(expected.source, source) for source in sources), (words, found.source)
    known = [part for e in (*article.expected, *article.allowed) for part in e.content]
    for quotation in quotations:
        wrong = quotation.kind != "indirect" and not covered(spans_of(quotation.content), known)
        assert not wrong, f"no quotation: {quotation.text}"


@pytest.mark.parametrize(
    "article",
    [
        pytest.param(a, marks=pytest.mark.xfail(strict=True) if a.name in UNRESOLVED else ())
        for a in ARTICLES
    ],
    ids=lambda article: article.name,
)
def test_speakers(read, article):
    named = {}
    for expected, found in found_in(article, read(article.text)):
        named[article.text[slice(*expected.content[0])]] = found and found.speaker.name
    expected = {article.text[slice(*e.content[0])]: e.speaker for e in article.expected}
    assert {words: without_article(name or "") for words, name in named.items()} == expected


def told(text, people=(), sources=(), cues=()):
    """Contents and sources of `laid_out`, in words; the names are looked up in the text."""
    people, sources, cues = (
        sorted(m.span() for words in group for m in re.finditer(re.escape(words), text))
        for group in (people, sources, cues)
    )
    laid = laid_out(text, pair_marks(text), people, sources, cues)
    return [(text[slice(*c)], text[slice(*s)] if s else None) for c, s, _ in laid]


@pytest.mark.parametrize(
    "behind",
    [
        "\n— Ilse Varga",
        " — Ilse Varga, minister of trade",
        "\n\n-- Ilse Varga (Port Alden)",
        "—Ilse Varga\n\nMore.",
        " – Ilse Varga “Next.”",
        "\n― Ilse Varga",
        " (Ilse Varga, minister)",
    ],
)
def test_signatures(behind):
    assert told(f"“We go.”{behind}")[0] == ("“We go.”", "Ilse Varga")


@pytest.mark.parametrize(
    "behind",
    [
        " — Ilse Varga's answer was short.",
        " — The full text is on page 4.",
        "\n\n- Buy bread",
        "\n— UPDATED AT NOON",
        " (Applause)",
        "\nPort Alden, 4 May",
    ],
)
def test_no_signature(behind):
    assert told(f"“We go.”{behind}", people=["Varga"]) == []


@pytest.mark.parametrize(
    ("head", "name"),
    [
        ("Ilse Varga: ", "Ilse Varga"),
        ("Ilse Varga, minister of trade:\n", "Ilse Varga"),
        ("• Ilse Varga (Harbour Party): ", "Ilse Varga"),
        ("From the ministry of trade:\n\n", "the ministry of trade"),
        ("@ilse_v: ", "@ilse_v"),
        ("Varga: ", "Varga"),
        ("Abdel al Sayed: ", "Abdel al Sayed"),
        ("– 2021, Ilse Varga: ", "Ilse Varga"),
    ],
)
def test_heads(head, name):
    assert told(f"Voices\n\n{head}“We go.”", people=["Varga"]) == [("“We go.”", name)]


@pytest.mark.parametrize(
    "head", ["Title: ", "On Friday, Ilse Varga said: ", "BREAKING NEWS: ", "The sign reads: "]
)
def test_no_head(head):
    assert told(f"Voices\n\n{head}“We go.”", cues=["said"]) == []


def test_a_line_with_name_and_role_above_or_below():
    text = "Quotes\n\nIlse Varga, minister\n“We go.”\n\n“We stay.”\nTomas Reke, farmer"
    assert told(text) == []
    assert told(text, people=["Ilse Varga", "Tomas Reke"]) == [
        ("“We go.”", "Ilse Varga"),
        ("“We stay.”", "Tomas Reke"),
    ]


def test_a_signature_speaks_for_all_paragraphs():
    assert told("“One.\n\n“Two.”\n— Ilse Varga") == [
        ("“One.", "Ilse Varga"),
        ("“Two.”", "Ilse Varga"),
    ]


def test_turns_go_on_until_the_next():
    text = "MS. VARGA: One.\n\nTwo.\n\n(Laughter.)\n\nMR. REKE (Ostmark): Three.\n\nThey left."
    assert told(text) == [("One.\n\nTwo.", "MS. VARGA"), ("Three.", "MR. REKE")]


def test_a_turn_may_be_wrapped_and_an_aside_is_none():
    text = "MS. VARGA: One,\ntwo.\n\nMR. REKE: (Laughs.)\n\nMS. VARGA: Three,\nfour.\n\nThey left."
    assert told(text) == [("One,\ntwo.", "MS. VARGA"), ("Three,\nfour.", "MS. VARGA")]


def test_a_speaker_of_a_transcript_may_speak_once():
    text = "ADA LORN: Why?\n\nTOM REKE: Because.\n\nREKE: It was late.\n\nREKE: And dark."
    assert told(text)[0] == ("Why?", "ADA LORN")


def test_questions_have_no_source_and_answers_the_name_of_who_was_asked():
    text = "We met Ilse Varga.\n\nQ: Why?\n\nA: Because.\n\nQ. When?\n\nA. Now."
    assert told(text, people=["Ilse Varga"]) == [
        ("Why?", None),
        ("Because.", "Ilse Varga"),
        ("When?", None),
        ("Now.", "Ilse Varga"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "UPDATE: It is open.\n\nCORRECTION: It is not.",
        "Height: It is tall.\n\nCost: It is dear.",
        "Ilse Varga: 41 %\n\nTomas Reke: 38 %\n\nIlse Varga: 42 %",
        "A. The parties agree.\n\nB. They sign.",
    ],
)
def test_no_turns(text):
    assert told(text, people=["Ilse Varga", "Tomas Reke"]) == []


@pytest.mark.parametrize(
    ("block", "content"),
    [
        ("\n\n> We go.\n> Now.\n\nMore.", "We go.\n> Now."),
        ("\n\n    We go.\n\nMore.", "We go."),
        ("\n\nWe go.\n\nMore.", "We go."),
        ("\nWe go.", "We go."),
    ],
)
def test_blocks(block, content):
    text = f"Ilse Varga wrote:{block}"
    assert told(text, sources=["Ilse Varga"]) == [(content, "Ilse Varga")]


def test_block_without_a_source_before_its_colon_is_none():
    assert told("> We go.", sources=["We"]) == []
    assert told("She left. What remains:\n\n> We go.", sources=["She"]) != []
    assert told("She left.\n\nWhat remains:\n\n> We go.", sources=["She"]) == []


@given(
    st.lists(
        st.sampled_from(
            ["“We go.”", "Ilse Varga", "VARGA", "Q", "A", ":", ".", " ", "\n", "\n\n", "— ", "> ",
             "- ", "wrote", "minister", ", ", "(", ")", "“", "”", "From ", "    ", "é"]
        ),
        max_size=40,
    ).map("".join)
)  # fmt: skip
def test_any_text_gives_sound_contents(text):
    people = [m.span() for m in re.finditer("Ilse Varga|VARGA", text)]
    laid = laid_out(text, pair_marks(text), people, people, [])
    for content, source, clear in laid:
        assert 0 <= clear[0] <= content[0] < content[1] <= clear[1] <= len(text)
        assert source is None or text[slice(*source)].strip()
        assert source is None or not overlap(source, content)
    assert all(a.content[1] <= b.content[0] for a, b in pairwise(laid))


@pytest.mark.parametrize(
    "unit", ["\nVARGA: No.", "\n> No.", "“No.”\n— Ilse Varga\n", "Ilse ", "\n    ", "wrote\n", "— "]
)
def test_time_grows_with_the_length(unit):
    def seconds(length):
        text = unit * (length // len(unit))
        quoted = pair_marks(text)
        start = time.process_time()
        laid_out(text, quoted, [(0, 4)], [(0, 4)], [])
        return time.process_time() - start

    short = max(min(seconds(10_000) for _ in range(3)), 1e-3)
    assert seconds(160_000) < 80 * short  # linear: 16 times, quadratic: 256 times
