"""What holds for every text at every stage; HYPOTHESIS_PROFILE=nightly tries a thousand each."""

import csv
import html
import io
import json
import re
from html.parser import HTMLParser
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from texts import encodable, nested, texts

from quotestance import document as documents
from quotestance import tables
from quotestance.corpora import jsonl, read_corpus
from quotestance.document import (
    Document,
    Extraction,
    LayoutError,
    Name,
    Quotation,
    Span,
    Speaker,
    Stance,
)
from quotestance.errors import error_page, find_errors
from quotestance.html import escaped
from quotestance.labelling import read_labelled, tasks_of, write_tasks
from quotestance.marks import pair_marks, paragraphs
from quotestance.pipeline import Pipeline
from quotestance.quotations.decoding import decode
from quotestance.quotations.layouts import laid_out
from quotestance.quotations.model import NAMES, TAGS
from quotestance.quotations.scores import Link, Scores
from quotestance.quotations.tokens import tokenize, windows
from quotestance.roles import with_roles
from quotestance.speakers import resolve_speakers
from quotestance.stance.inputs import encode, surroundings, trim
from quotestance.vocabulary import PRONOUNS

seeds = st.integers(0, 2**32 - 1)


@pytest.fixture(scope="module")
def tiny(extractor, classifier):
    return Pipeline(extractor, classifier)


def check_spans(text, quotations):
    """Offsets are valid, words stand there, quotations are in order."""
    for quotation in quotations:
        speaker = quotation.speaker
        mentions = speaker.mentions if speaker else ()
        for span in (*[span for _, span in quotation.spans()], *mentions):
            assert 0 <= span.start < span.end <= len(text)
            assert text[span.start : span.end] == span.text
        assert all(a.end <= b.start for a, b in pairwise(quotation.content))
    starts = [quotation.start for quotation in quotations]
    assert starts == sorted(starts)


def random_scores(tokens, chance):
    """What a network with another head might say of a text."""
    size = len(tokens)

    def link(kind, span):
        high = span[1] if kind == "antecedent" else size
        weights = chance.random(high).astype(np.float32)
        weights[span[0] : span[1]] = 0
        none = chance.random() * max(float(weights.sum()), 1e-6)
        total = float(weights.sum()) + none
        return Link(0, weights / total, none / total)

    tags = chance.dirichlet([0.3] * len(TAGS), size).astype(np.float32)
    names = chance.dirichlet([0.3] * len(NAMES), size).astype(np.float32)
    return Scores(tags, names, lambda kind, spans: [link(kind, span) for span in spans])


def random_extraction(text, tokenizer, seed):
    (tokens,) = tokenize([text], tokenizer)
    return decode(text, tokens, random_scores(tokens, np.random.default_rng(seed)), 0.5)


def random_document(text, seed, name="a"):
    """A document with every field filled from a text."""
    chance = np.random.default_rng(seed)
    edges = sorted({int(edge) for edge in chance.integers(0, len(text) + 1, 12)})
    spans = [Span.of(text, a, b) for a, b in pairwise(edges)]
    quotations = []
    while len(spans) > 2:
        content, source, cue, *spans = spans
        labels = ("pressure", "dialogue")[: chance.integers(0, 3)]
        stance = Stance(
            labels[0] if labels else "none",
            labels,
            {"pressure": 0.25, "dialogue": 0.25, "none": 0.5},
            (None, True, False)[chance.integers(0, 3)],
        )
        speaker = Speaker(
            source.text if chance.random() < 0.7 else None,
            "person", cue.text, None, (source,), (cue.text,), 0.5, source.text, "cue",
        )  # fmt: skip
        quotations.append(
            Quotation("direct", (content,), (source,), (cue,), (content,), speaker, stance)
        )
    return Document(text, tuple(quotations), name, {"title": text, "n": [1, None, {"a": text}]})


# Marks and layouts.


@given(texts)
def test_marks_nest_and_are_in_order(text):
    stretches = pair_marks(text)
    assert stretches == sorted(stretches, key=lambda s: (s.start, s.depth))
    around = []
    for stretch in stretches:
        assert 0 <= stretch.start < stretch.end <= len(text)
        while around and around[-1].end <= stretch.start:
            around.pop()
        assert stretch.depth == len(around)
        assert all(stretch.end <= outer.end for outer in around)
        assert not around or stretch.group == around[0].group
        around.append(stretch)


@given(texts)
def test_marks_stay_inside_paragraphs(text):
    spans = paragraphs(text)
    for stretch in pair_marks(text):
        assert any(start <= stretch.start and stretch.end <= end for start, end in spans)


@given(nested)
def test_no_mark_within_a_word_changes_what_is_around_it(text):
    """What stands before and behind, in paragraphs of their own, does not matter."""
    alone = [(s.start, s.end, s.depth) for s in pair_marks(text)]
    before = "Nothing here.\n\n"
    inside = pair_marks(f"{before}{text}\n\nNothing here.")
    size = len(before) + len(text) - len(text.lstrip())
    moved = [(s.start - size, s.end - size, s.depth) for s in inside]
    lead = len(text) - len(text.lstrip())
    assert moved == [(a - lead, b - lead, d) for a, b, d in alone]


@given(texts)
def test_layouts_do_not_overlap(text):
    names = [m.span() for m in re.finditer("Ilse Varga|Tomas Reke", text)]
    found = laid_out(text, pair_marks(text), names, names, [])
    assert all(a.content[1] <= b.content[0] for a, b in pairwise(found))
    for content, source, clear in found:
        assert clear[0] <= content[0] < content[1] <= clear[1] <= len(text)
        assert source is None or (0 <= source[0] < source[1] <= len(text))


# Tokens and windows.


@given(texts)
def test_tokens_stand_in_the_text_in_order(tokenizer, text):
    (tokens,) = tokenize([text], tokenizer)
    offsets = tokens.offsets.tolist()
    assert all(0 <= start <= end <= len(text) for start, end in offsets)
    assert all(a[0] <= b[0] for a, b in pairwise(offsets))
    assert {len(values) for values in tokens.features.values()} == {len(tokens)}
    for stretch in tokens.quoted:
        first, last = tokens.within(stretch.start, stretch.end)
        assert 0 <= first <= last <= len(tokens)


@given(st.integers(0, 3000), st.integers(2, 400), st.data())
def test_windows_cover_everything(length, size, data):
    overlap = data.draw(st.integers(0, size - 1))
    found = windows(length, size, overlap)
    assert sorted({n for a, b in found for n in range(a, b)}) == list(range(length))
    assert all(0 < b - a <= size for a, b in found)
    assert all(a[1] - b[0] >= min(overlap, size) for a, b in pairwise(found))


# Quotations, speakers, roles.


@given(texts, seeds)
def test_any_scores_give_sound_quotations(tokenizer, text, seed):
    extraction = random_extraction(text, tokenizer, seed)
    check_spans(text, extraction.quotations)
    assert len(extraction.weights) == len(extraction.quotations)
    for mention, candidates in extraction.antecedents.items():
        assert all(0 <= weight <= 1.001 for _, weight in candidates)
        assert all(candidate.end <= mention.start for candidate, _ in candidates)


@given(texts, seeds)
def test_speakers_and_roles_keep_the_quotations(tokenizer, text, seed):
    extraction = random_extraction(text, tokenizer, seed)
    named = resolve_speakers(extraction)
    check_spans(text, named)
    assert [q.content for q in named] == [q.content for q in extraction.quotations]
    with_role = with_roles(text, named)
    check_spans(text, with_role)
    assert [q.speaker.name for q in with_role] == [q.speaker.name for q in named]
    for quotation in with_role:
        assert (quotation.speaker.name is None) == (quotation.speaker.unknown_reason is not None)
        if quotation.speaker.type == "person" and quotation.speaker.name:
            assert quotation.speaker.name.lower() not in PRONOUNS


@given(st.lists(st.sampled_from(("person", "organization", "location")), max_size=5), texts, seeds)
def test_names_of_any_places_are_no_fault(types, text, seed):
    document = random_document(text, seed)
    spans = sorted({span for q in document.quotations for _, span in q.spans()})
    names = tuple(Name(span, kind) for span, kind in zip(spans, types, strict=False))
    bare = tuple(
        Quotation(q.kind, q.content, q.source, q.cue, q.quoted) for q in document.quotations
    )
    check_spans(text, resolve_speakers(Extraction(text, bare, (0.9,) * len(bare), names)))


# Stance inputs.


@given(texts, texts)
def test_surroundings_are_short_and_plain(before, after):
    for words, most in zip(trim(before, after), (250, 90), strict=True):
        assert len(words) <= most
        assert words == " ".join(words.split())


@given(texts, seeds)
def test_surroundings_stand_in_the_text(text, seed):
    start, end = sorted(np.random.default_rng(seed).integers(0, len(text) + 1, 2))
    before, after = surroundings(text, int(start), int(end))
    assert "".join(before.split()) in "".join(text[:start].split())
    assert "".join(after.split()) in "".join(text[end:].split())


@given(texts, texts, texts, st.integers(16, 64))
def test_pieces_fit_the_model(tokenizer, text, before, after, most):
    pieces = encode(tokenizer, text, before, after, most)
    assert pieces
    assert all(len(piece["input_ids"]) <= most for piece in pieces)


# The pipeline.


@given(st.lists(texts, min_size=1, max_size=4))
def test_pipeline_gives_every_text_back_in_order(tiny, found):
    documents = list(tiny.pipe(found))
    assert [document.text for document in documents] == found
    for document in documents:
        check_spans(document.text, document.quotations)
        assert Document.from_json(document.to_json()) == document


@given(st.lists(texts, min_size=2, max_size=4))
def test_batches_do_not_change_results(tiny, found):
    together, alone = list(tiny.pipe(found)), [tiny(text) for text in found]
    for one, other in zip(together, alone, strict=True):
        assert [(q.content, q.speaker, q.stance.label) for q in one.quotations] == [
            (q.content, q.speaker, q.stance.label) for q in other.quotations
        ]


@given(encodable)
def test_tables_and_csv_take_any_document(tiny, text):
    document = tiny(text)
    tables.table(document, 80).encode("utf-8")
    rows = list(csv.reader(io.StringIO("".join(tables.to_csv([document])), newline="")))
    assert len(rows) == 1 + len(document.quotations)


# Layout and readers.


@given(texts, seeds)
def test_json_round_trip(text, seed):
    document = random_document(text, seed)
    line = document.to_json()
    assert len(line.splitlines()) <= 1 + sum(map(line.count, "\x85\u2028\u2029"))
    assert "\n" not in line
    assert Document.from_json(line.encode("utf-8").decode("utf-8")).to_json() == line


@given(st.lists(st.tuples(texts, seeds), min_size=1, max_size=3))
def test_jsonl_files_round_trip(tmp_path_factory, drawn):
    path = tmp_path_factory.mktemp("jsonl") / "a.jsonl"
    written = [random_document(*pair, name=n) for n, pair in enumerate(drawn)]
    jsonl.write(written, path)
    assert [d.to_json() for d in read_corpus(path)] == [d.to_json() for d in written]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)


@given(seeds, st.data())
def test_wrong_types_are_refused_with_their_field(seed, data):
    """Any value in the place of any field is taken, or refused with a LayoutError."""
    record = json.loads(random_document("“No,” she said. “We are going.”", seed).to_json())
    places = [record, *record["quotations"]]
    places += [q["speaker_details"] for q in record["quotations"]]
    places += [q["stance"] for q in record["quotations"] if isinstance(q["stance"], dict)]
    place = data.draw(st.sampled_from(places))
    place[data.draw(st.sampled_from(sorted(place)))] = data.draw(json_values)
    try:
        document = Document.from_dict(record)
    except LayoutError:
        return
    assert Document.from_json(document.to_json()).to_json() == document.to_json()


@given(st.lists(st.tuples(encodable.filter(str.strip), seeds), min_size=1, max_size=3))
def test_labelling_round_trip(tmp_path_factory, drawn):
    documents = [random_document(*pair, name=n) for n, pair in enumerate(drawn)]
    tasks = tasks_of(documents)
    tasks = [task for task in tasks if task.text.strip()]
    if not tasks:
        return
    path = tmp_path_factory.mktemp("labels") / "tasks.csv"
    write_tasks(tasks, path, "csv")
    readings = read_labelled([path])
    assert [reading.task.id for reading in readings] == [task.id for task in tasks]
    assert [reading.task.check for reading in readings] == [task.check for task in tasks]


# Pages.


class Visible(HTMLParser):
    """The tags and the text of a page."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.words = set(), []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)
        assert not any(name.startswith("on") for name, _ in attributes)

    def handle_data(self, data):
        self.words.append(data)


@given(texts | st.sampled_from(("<script>alert(1)</script>", "</style><img src=x onerror=a>")))
def test_escaped_text_is_text(text):
    shown = escaped(text)
    assert not set("<>\"'") & set(shown)
    assert html.unescape(shown) == documents.encodable(text)


@given(texts, seeds)
def test_error_page_has_no_tags_of_the_text(text, seed):
    text = f"<script>alert(1)</script><img src=x onerror=alert(1)>{text}"
    gold = random_document(text, seed, name="<b>id</b>")
    predicted = Document(text, (), gold.id)
    page = "".join(error_page(find_errors(gold, predicted), title=text))
    page.encode("utf-8")
    assert not {"script", "img", "b"} & Visible(page).tags
