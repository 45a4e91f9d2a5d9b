"""Speakers by their names, and what an attribution rests on."""

import re
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from speaker_cases import extraction, names, names_of, speakers

from quotestance.document import Document, Extraction, Name, Quotation, Span
from quotestance.speakers import evidence
from quotestance.speakers.resolution import NO_SOURCE, resolve_speakers


def test_surname_takes_the_full_name():
    text = "Foreign Minister Ilse Varga arrived. “We will see,” Varga said."
    assert names(text, ["Varga"], ["Ilse Varga", "Varga"]) == ["Ilse Varga"]


def test_titles_are_stripped():
    text = "“We will see,” said Secretary of State Ilse Varga."
    assert names(text, ["Secretary of State Ilse Varga"], ["Ilse Varga"]) == ["Ilse Varga"]


def test_title_inside_the_name_is_stripped():
    text = "“We will see,” said President Ilse Varga."
    assert names(text, ["President Ilse Varga"], ["President Ilse Varga"]) == ["Ilse Varga"]


def test_apposition_is_stripped():
    text = "“We will see,” said Tomas Reke, the envoy of Ostmark."
    assert names(text, ["Tomas Reke, the envoy of Ostmark"], ["Tomas Reke"], ["Ostmark"]) == [
        "Tomas Reke"
    ]


def test_spokesman_for_somebody_is_not_that_somebody():
    text = "Ilse Varga left. “We will see,” said a spokesman for President Ilse Varga."
    assert names(text, ["a spokesman for President Ilse Varga"], ["Ilse Varga"]) == [
        "a spokesman for President Ilse Varga"
    ]


def test_campaign_of_somebody_is_not_that_somebody():
    text = "“We will see,” the Varga campaign said."
    (found,) = names(text, ["the Varga campaign"], ["Varga"])
    assert found != "Varga"
    assert found.endswith("campaign")


def test_quotation_without_source_goes_on_with_the_speaker_before():
    text = "“We will see,” said Tomas Reke. “It is late.”"
    assert names(text, ["Tomas Reke", None], ["Tomas Reke"]) == ["Tomas Reke"] * 2


def test_quotation_far_from_any_source_is_null_with_a_reason():
    text = "“We will see,” said Tomas Reke. The hall was full of people who waited. “It is late.”"
    quotations = resolve_speakers(extraction(text, ["Tomas Reke", None], ["Tomas Reke"]))
    assert quotations[1].speaker.name is None
    assert quotations[1].speaker.unknown_reason == NO_SOURCE


def test_shared_surname_takes_the_nearest_full_name():
    text = "Ana Ruiz spoke. “One,” Ana Ruiz said. Later Leo Ruiz spoke. “Two,” Ruiz said."
    assert names(text, ["Ana Ruiz", "Ruiz"], ["Ana Ruiz", "Leo Ruiz", "Ruiz"])[1] == "Leo Ruiz"


@pytest.mark.parametrize(
    ("full", "short"),
    [
        ("Ahmed al-Sharif", "Al-Sharif"),
        ("José Peña", "Pena"),
        ("Wu Haitao", "Wu"),
        ("Donald J. Lee", "Lee"),
    ],
)
def test_short_forms(full, short):
    text = f"{full} arrived. “We will see,” {short} said."
    assert names(text, [short], [full, short]) == [full]


@pytest.mark.parametrize("handle", ["@varga_ilse", "@IlseVarga", "@varga1", "@MinisterVarga"])
def test_handle_of_one_person_of_the_text(handle):
    text = f"Ilse Varga met Tomas Reke. {handle}: “We will see.”"
    assert names(text, [handle], ["Ilse Varga", "Tomas Reke"]) == ["Ilse Varga"]


@pytest.mark.parametrize("handle", ["@varga", "@port_alden"])
def test_handle_of_several_people_or_none_stays_as_written(handle):
    text = f"Ilse Varga met Pol Varga. {handle}: “We will see.”"
    assert names(text, [handle], ["Ilse Varga", "Pol Varga"]) == [handle]


def test_name_in_a_handle_is_none():
    text = "Ilse Varga spoke. @IlseVarga wrote: “We will see.”"
    assert names(text, ["@IlseVarga"], ["Ilse Varga", "IlseVarga"]) == ["Ilse Varga"]


def test_name_in_capitals_is_that_of_the_person_who_has_it():
    text = "Ilse Varga was heard.\n\nVARGA: “We will see.”"
    assert names(text, ["VARGA"], ["Ilse Varga"], ["VARGA"]) == ["Ilse Varga"]


@pytest.mark.parametrize(
    ("text", "body"),
    [
        ("Lim Un was heard. “We will see,” the UN said.", "UN"),
        ("Ilse Ossa left the Ostmark Safety Agency (OSSA). “We will see,” OSSA said.", "OSSA"),
    ],
)
def test_abbreviation_is_no_name_in_capitals(text, body):
    (speaker,) = speakers(text, [body], ["Lim Un", "Ilse Ossa"], [body])
    assert speaker.type == "organization"


@pytest.mark.parametrize("below", ["\n\nOstmark waits.", "\n2. “No.”"])
def test_name_ends_with_its_paragraph_or_item(below):
    text = f"1. “We will see.” — Ilse Varga{below}"
    taken = text[text.index("Ilse") : text.index("\n") + 3]
    sources = ["Ilse Varga", "Ilse Varga"][: text.count("“")]
    assert set(names(text, sources, [taken])) == {"Ilse Varga"}


def test_mentions_are_all_places_that_name_the_speaker():
    text = "Ilse Varga arrived. “We will see,” Varga said."
    (quotation,) = resolve_speakers(extraction(text, ["Varga"], ["Ilse Varga", "Varga"]))
    assert [span.text for span in quotation.speaker.mentions] == ["Ilse Varga", "Varga"]


def test_confidence_is_a_probability():
    text = "“We will see,” said Tomas Reke. “It is late.”"
    quotations = resolve_speakers(extraction(text, ["Tomas Reke", None], ["Tomas Reke"]))
    confidences = [q.speaker.confidence for q in quotations]
    assert confidences[0] > confidences[1] > 0
    assert confidences[0] <= 1


def test_source_inside_anothers_quotation_is_its_own():
    text = "Bo Reke said: ‘Ada Lind said “we will see” to them.’"
    found = Extraction(
        text,
        (
            Quotation("direct", (Span.of(text, 14, 52),), (Span.of(text, 0, 7),)),
            Quotation("direct", (Span.of(text, 29, 42),), (Span.of(text, 15, 23),)),
        ),
        (1.0, 1.0),
        (Name(Span.of(text, 0, 7), "person"), Name(Span.of(text, 15, 23), "person")),
    )
    assert names_of(found) == ["Bo Reke", "Ada Lind"]


@pytest.mark.parametrize(
    ("text", "source", "expected"),
    [
        ("Ada Lind rose. “We will see,” Ada Lind said.", "Ada Lind", "cue+name"),
        ("Ada Lind rose. “We will see,” Lind said.", "Lind", "cue+short name"),
        ("Ada Lind rose. “We will see,” she said.", "she", "cue+pronoun"),
        ("Envoy Ada Lind rose. “We will see,” the envoy said.", "the envoy", "cue+description"),
        ("Ada Lind: “We will see.”", "Ada Lind", "layout+name"),
        ("“We will see.” — Ada Lind", "Ada Lind", "layout+name"),
        ("For Ada Lind “we will see” is enough.", "Ada Lind", "link+name"),
        ("“We will see,” an envoy said.", "an envoy", "cue+as described"),
        ("“We will see,” Ostmark said.", "Ostmark", "cue+body"),
        ("“We will see,” a statement by Ostmark said.", "a statement by Ostmark", "cue+issuer"),
        ("“We will see.”", None, "no source+unresolved"),
        ("“We will see,” he said.", "he", "cue+unresolved"),
    ],
)
def test_evidence(text, source, expected):
    links = [("she", "Ada Lind")]
    (speaker,) = speakers(text, [source], ["Ada Lind", "Lind"], ["Ostmark"], links)
    assert speaker.evidence == expected


def test_evidence_of_a_quotation_that_goes_on():
    text = "“We will see,” said Tomas Reke. “It is late.”"
    found = speakers(text, ["Tomas Reke", None], ["Tomas Reke"])
    assert found[1].evidence == "follow-on+name"


def test_weak_evidence_names_nobody():
    text = "Ada Lind rose. “We will see,” she said."
    found = extraction(text, ["she"], ["Ada Lind"], antecedents=[("she", "Ada Lind")])
    (quotation,) = resolve_speakers(found, threshold=0.9999)
    assert quotation.speaker.name is None
    assert "too weak" in quotation.speaker.unknown_reason
    assert quotation.speaker.confidence is None


def test_time_grows_with_the_length():
    def seconds(count):
        text = "Envoy Ada Lind rose. “We will see,” she said. " * count
        spans = [m.span() for m in re.finditer("“[^”]*”", text)]
        said = [m.span() for m in re.finditer("she", text)]
        lind = [Span.of(text, *m.span()) for m in re.finditer("Ada Lind", text)]
        quotations = tuple(
            Quotation("direct", (Span.of(text, *a),), (Span.of(text, *b),))
            for a, b in zip(spans, said, strict=True)
        )
        links = {q.source[0]: ((n, 0.9),) for q, n in zip(quotations, lind, strict=True)}
        named = tuple(Name(span, "person") for span in lind)
        found = Extraction(text, quotations, (1.0,) * count, named, links)
        start = time.perf_counter()
        resolve_speakers(found)
        return time.perf_counter() - start

    assert seconds(800) < 16 * seconds(100) + 0.5


WORDS = (
    "Ada Lind Mr. Mrs. Reke he she they it who I said the minister envoy of Kestria a statement "
    "Kestrian military campaign ’s , , . “ ” and —"
).split()


@st.composite
def extractions(draw):
    text = " ".join(draw(st.lists(st.sampled_from(WORDS), min_size=4, max_size=40)))

    def span():
        start = draw(st.integers(0, len(text) - 1))
        return Span.of(text, start, draw(st.integers(start + 1, len(text))))

    def spans(most):
        return tuple(span() for _ in range(draw(st.integers(0, most))))

    quotations = tuple(Quotation("direct", (c,), spans(1), spans(1), (c,)) for c in spans(4))
    kinds = st.sampled_from(["person", "organization", "location"])
    found = tuple(Name(s, draw(kinds)) for s in spans(5))
    mentions = {s for q in quotations for s in q.source} | set(spans(3))
    earlier = [s for name in found for s in [name.span]]
    weights = st.floats(0, 1)
    links = {
        m: tuple((e, draw(weights)) for e in earlier if e.end <= m.start) for m in sorted(mentions)
    }
    sure = tuple(draw(weights) for _ in quotations)
    return Extraction(text, quotations, sure, found, links)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(extractions())
def test_any_extraction_gets_speakers_that_fit_its_text(found):
    resolved = resolve_speakers(found)
    document = Document(found.text, resolved)
    assert len(resolved) == len(found.quotations)
    assert Document.from_json(document.to_json()) == document
    for quotation in resolved:
        source, name = quotation.speaker.evidence.split("+")
        assert source in evidence.SOURCES
        assert name in evidence.NAMES
        assert (quotation.speaker.name is None) == (quotation.speaker.confidence is None)
        assert (quotation.speaker.name is None) == bool(quotation.speaker.unknown_reason)
