"""Texts of a million characters end in time and memory that grow as they do.

The encoder takes the same time for every token; what is measured is everything around it, with
what it might have found put in its place.
"""

import json
import os
import re
import time
import tracemalloc
from pathlib import Path

import pytest

from quotestance.document import Document, Extraction, Name, Quotation, Span
from quotestance.errors import error_page, find_errors
from quotestance.kinds import kind_of
from quotestance.marks import pair_marks
from quotestance.quotations.layouts import laid_out
from quotestance.roles import with_roles
from quotestance.speakers import resolve_speakers
from quotestance.stance.inputs import encode

RECORD = Path(__file__).parent.parent / "benchmarks" / "records" / "giants.json"

NIGHTLY = pytest.mark.skipif(
    os.environ.get("HYPOTHESIS_PROFILE") != "nightly", reason="takes minutes: make nightly"
)

SHAPES = {
    "one line": "Ilse Varga said “we will go” and left the room, and ",
    "short lines": "a b\n",
    "quotations of one speaker": "“We go,” Ilse Varga said. ",
    "quotations without source": "“We go.” ",
    "paragraphs that never close": "“We go on and on.\n\n",
    "unclosed marks": "“‘",
    "turns": "ANA RUIZ: We go.\n",
    "pronouns": "“We go,” she said. ",
    "capitals": "THE MINISTER SAID WE GO. ",
    "capitalised words": "Aa Bb ",
    "spaces": " ",
    "blank lines": "\n \n",
    "commas": ", ",
    "abbreviations": "(ABC) ",
    "bullets": "- ",
    "one word": "a",
}


def names_text(size):
    """A text in which every quotation has a speaker of another name."""
    letters = "abcdefghijklmnopqrstuvwxyz"
    names = (
        f"“We go.” An{letters[n % 26]}{letters[n // 26 % 26]}{letters[n // 676 % 26]} "
        f"Ruiz{letters[n % 23]} said. "
        for n in range(size // 29)
    )
    return "".join(names)


def extraction_of(text):
    """What the model might find: every stretch between marks, and the name behind it."""
    found = re.finditer(r"(?:Ilse Varga|An\w+ Ruiz\w?|(?<=” )she)(?= said)", text)
    sources = [Span.of(text, *match.span()) for match in found]
    names = tuple(Name(span, "person") for span in sources if span.text != "she")
    quotations, at = [], 0
    for stretch in pair_marks(text):
        if stretch.depth:
            continue
        while at < len(sources) and sources[at].start < stretch.end:
            at += 1
        near = at < len(sources) and sources[at].start - stretch.end < 3
        content = (Span.of(text, stretch.start, stretch.end),)
        source = (sources[at],) if near else ()
        quotations.append(Quotation(kind_of(content, content), content, source, (), content))
    return Extraction(text, tuple(quotations), (0.9,) * len(quotations), names)


def read(text):
    """Everything but the encoder."""
    laid_out(text, pair_marks(text), [], [], [])
    extraction = extraction_of(text)
    quotations = with_roles(text, resolve_speakers(extraction))
    document = Document(text, quotations, "a")
    Document.from_json(document.to_json())
    return document


def seconds(text):
    start = time.process_time()
    read(text)
    return time.process_time() - start


def shaped(shape, size):
    return names_text(size) if shape == "names" else SHAPES[shape] * (size // len(SHAPES[shape]))


@pytest.mark.parametrize("shape", [*SHAPES, "names"])
def test_time_is_linear(shape):
    short = max(min(seconds(shaped(shape, 4_000)) for _ in range(2)), 0.01)
    assert seconds(shaped(shape, 32_000)) < 30 * short  # linear: 8 times, quadratic: 64 times


@NIGHTLY
@pytest.mark.slow
@pytest.mark.parametrize("shape", [*SHAPES, "names"])
def test_a_million_characters(shape, request):
    text = shaped(shape, 1_000_000)
    start = time.process_time()
    document = read(text)
    taken = time.process_time() - start
    assert document.text == text
    assert taken < 300
    _record(shape, len(text), len(document.quotations), taken)


@NIGHTLY
@pytest.mark.slow
def test_memory_is_linear():
    peaks = []
    for size in (50_000, 200_000):
        text = shaped("quotations of one speaker", size)
        tracemalloc.start()
        read(text)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 6 * peaks[0]


def test_a_long_quotation_is_read_in_pieces(tokenizer):
    pieces = encode(tokenizer, "“" + "we go " * 20_000 + "”", "before", "after", 64)
    assert all(len(piece["input_ids"]) <= 64 for piece in pieces)


def test_pages_leave_out_what_is_far_off():
    text = shaped("quotations of one speaker", 26 * 300)
    gold = Document(text, extraction_of(text).quotations, "a")
    page = "".join(error_page(find_errors(gold, Document(text, (), "a")), "errors"))
    assert len(page) < 3000 * len(gold.quotations)


def _record(shape, characters, quotations, taken):
    RECORD.parent.mkdir(exist_ok=True)
    known = json.loads(RECORD.read_text("utf-8")) if RECORD.exists() else {}
    known[shape] = {
        "characters": characters, "quotations": quotations, "seconds": round(taken, 1),
    }  # fmt: skip
    RECORD.write_text(json.dumps(known, indent=2, ensure_ascii=False) + "\n", "utf-8")
