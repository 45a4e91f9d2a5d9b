"""The samples of the package, and the marked-up articles that they are made from."""

import json
import runpy
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

import quotestance
from quotestance import samples
from quotestance.document import LABELS, LayoutError
from quotestance.stance.data import read_labelled

BUILD = Path(__file__).parent.parent / "samples" / "build.py"


@pytest.fixture(scope="module")
def corpus():
    return quotestance.read_corpus(samples.path())


@pytest.fixture(scope="module")
def build():
    return runpy.run_path(str(BUILD))


def test_samples_are_as_they_are_built(build, tmp_path):
    build["write"](tmp_path)
    for made in tmp_path.iterdir():
        assert made.read_bytes() == samples.path(made.name).read_bytes(), made.name


def test_an_unknown_sample_is_told_with_those_there_are():
    with pytest.raises(FileNotFoundError, match=r"no sample 'corpus.csv'; there are article.txt"):
        samples.path("corpus.csv")


def test_samples_are_small():
    assert sum(samples.path(name).stat().st_size for name in samples.names()) < 300_000


def test_documents_have_ids_titles_dates_and_a_fair_length(corpus):
    assert len({document.id for document in corpus}) == len(corpus) >= 24
    dates = [date.fromisoformat(document.metadata["date"]) for document in corpus]
    assert dates == sorted(dates)
    assert (dates[-1] - dates[0]).days > 120
    for document in corpus:
        assert all(document.metadata[name] for name in ("title", "genre", "outlet", "topic"))
        assert 120 <= len(document.text.split()) <= 350


def test_no_article_is_that_of_the_readme(corpus):
    article = samples.path("article.txt").read_text("utf-8")
    names = {"Varga", "Reke", "Okonjo", "Kestria", "Ostmark"}
    assert names <= set(article.replace("'", " ").split())
    assert not any(name in document.text for document in corpus for name in names)


def test_quotations_start_and_end_where_words_do(corpus):
    for document in corpus:
        for quotation in document.quotations:
            for name, span in quotation.spans():
                assert span.text == span.text.strip(), (document.id, name, span)
                around = document.text[max(0, span.start - 1) : span.start]
                behind = document.text[span.end : span.end + 1]
                assert not (around + span.text[0]).isalnum() or not around, (document.id, span)
                assert not (span.text[-1] + behind).isalnum() or not behind, (document.id, span)


def test_direct_quotations_stand_between_marks_or_are_turns(corpus):
    for document in corpus:
        if document.metadata["genre"] not in ("interview", "transcript"):
            for quotation in document.quotations:
                if quotation.kind in ("direct", "none"):
                    assert quotation.content[0].text[0] in '“‘"', quotation.text
                    assert quotation.content[-1].text[-1] in '”’"', quotation.text


def test_speakers_are_named_as_the_text_names_them(corpus):
    for document in corpus:
        for quotation in document.quotations:
            if quotation.kind != "none":
                name = quotation.speaker.name
                # Joined from two names where both speak.
                assert all(part in document.text for part in name.split(" and ")), name


def test_stances_and_kinds_are_as_the_card_says(corpus):
    quotations = [quotation for document in corpus for quotation in document.quotations]
    kinds = Counter(quotation.kind for quotation in quotations)
    stances = Counter(q.stance.label for q in quotations if q.stance is not None)
    card = (samples.path().parent / "README.md").read_text("utf-8")
    for phrase in (
        f"{len(corpus)} articles",
        f"{sum(stances.values())}: {kinds['direct']} direct, {kinds['mixed']} mixed, "
        f"{kinds['indirect']} indirect",
        f"| {kinds['none']}: titles",
        ", ".join(f"{stances[label]} {label}" for label in (*LABELS, "none")),
    ):
        assert phrase in card, phrase


def test_stretches_of_kind_none_have_no_speaker_and_no_stance(corpus):
    for quotation in (q for d in corpus for q in d.quotations):
        assert (quotation.speaker is None) == (quotation.kind == "none")
        assert (quotation.stance is None) == (quotation.kind == "none")


def test_the_story_goes_from_pressure_to_dialogue(corpus):
    said = [
        quotation.stance.label
        for document in corpus
        for quotation in document.quotations
        if quotation.speaker and quotation.speaker.name == "Nadja Korvin"
    ]
    assert said[:4] == ["pressure"] * 4
    assert said[-1] == "dialogue"
    assert "pressure" not in said[-5:]


def test_domestic_politics_has_no_stance_but_on_the_crisis(corpus):
    labels = Counter(
        quotation.stance.label
        for document in corpus
        if document.metadata["topic"] == "domestic politics"
        for quotation in document.quotations
        if quotation.stance
    )
    assert labels["none"] >= 15
    assert sum(labels.values()) - labels["none"] <= 1


def test_labelled_quotations_are_even_and_apart():
    texts = {}
    for part, number in (("train", 120), ("test", 40)):
        items = read_labelled(samples.path(f"stances_{part}.csv"), None, part)
        labels = Counter(tuple(item.record["labels"]) for item in items)
        assert labels == {(): number // 4, **{(label,): number // 4 for label in LABELS}}
        texts[part] = {item.record["text"] for item in items}
    assert not texts["train"] & texts["test"]


HEAD = "=== a\ntitle: T\n---\n"


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("{1dP|“No,”} {1s|he} said.\n---\nAnn Lee: 2", "2 is no quotation"),
        ("{1dP|“No,”} {1s|he} said.\n---\nAnn Lee 1", "is not NAME"),
        ("{1dP|“No,”} he said.\n---\nAnn Lee: 1", r"quotation 1 \(direct\): source"),
        ("{1x|“No,”} he said.\n---\nAnn Lee: 1", "'1x' is no mark"),
        ("{1dP|“No,”} {1s|he said.\n---\nAnn Lee: 1", "stray mark-up"),
        ("{1s|He} spoke.\n---\nAnn Lee: 1", "no content with a kind"),
    ],
)
def test_broken_mark_up_is_refused(build, body, message):
    with pytest.raises(LayoutError, match=message):
        build["article"]((HEAD + body).removeprefix("=== "))


def test_mark_up_becomes_offsets(build):
    body = "{1dPE|“No,”} {1s|he} {1c|said}. {1p|“Go.”}\n---\nAnn Lee / Lee (group): 1"
    record = build["article"]((HEAD + body).removeprefix("=== "))
    assert record["text"] == "“No,” he said. “Go.”"
    assert json.loads(json.dumps(record["quotations"])) == [
        {
            "content": [[0, 5], [15, 20]],
            "source": [[6, 8]],
            "cue": [[9, 13]],
            "kind": "direct",
            "stance": ["pressure", "de-escalation"],
            "speaker": "Ann Lee",
            "speaker_type": "group",
            "speaker_alternatives": ["Lee"],
        }
    ]
