"""Speakers of extractions written by hand: `[name]` marks in the text tell spans apart."""

import re

import pytest

from quotestance.document import Extraction, Name, Quotation, Span
from quotestance.speakers.resolution import NO_SOURCE, resolve_speakers


def extraction(text, sources, people=(), bodies=(), antecedents=()):
    """An extraction of a text: one quotation for each stretch in “”, sources in their order.

    A source is a string (its occurrence nearest to the quotation's end is taken), or None.
    ``people`` and ``bodies`` are names, all their occurrences count; ``antecedents`` are pairs
    of strings: a mention and the earlier mention it stands for.
    """

    def occurrences(words):
        return [Span.of(text, *m.span()) for m in re.finditer(rf"\b{re.escape(words)}", text)]

    quotations = []
    stretches = [Span.of(text, *m.span()) for m in re.finditer("“[^”]*”", text)]
    for stretch, source in zip(stretches, sources, strict=True):
        spans = ()
        if source is not None:
            spans = (min(occurrences(source), key=lambda s: abs(s.start - stretch.end)),)
        said = occurrences("said") if spans else []
        cue = sorted(said, key=lambda s: abs(s.start - stretch.end))[:1]
        quotations.append(Quotation("direct", (stretch,), spans, tuple(cue), quoted=(stretch,)))
    names = [Name(span, "person") for name in people for span in occurrences(name)]
    names += [Name(span, "organization") for name in bodies for span in occurrences(name)]
    longest = [
        n
        for n in names
        if not any(
            o.span != n.span and o.span.start <= n.span.start and n.span.end <= o.span.end
            for o in names
        )
    ]
    links = {}
    for mention, target in antecedents:
        for span in occurrences(mention):
            earlier = [o for o in occurrences(target) if o.end <= span.start]
            if earlier:
                links[span] = ((earlier[-1], 0.9),)
    return Extraction(text, tuple(quotations), (1.0,) * len(quotations), tuple(longest), links)


def names(*args, **kwargs):
    return [q.speaker.name for q in resolve_speakers(extraction(*args, **kwargs))]


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


def test_pronoun_takes_its_antecedent():
    text = "Tomas Reke arrived. “We will see,” he said."
    assert names(text, ["he"], ["Tomas Reke"], antecedents=[("he", "Tomas Reke")]) == ["Tomas Reke"]


def test_pronoun_through_a_pronoun():
    text = "Tomas Reke arrived. “We will see,” he said. “No,” He said."
    links = [("he", "Tomas Reke"), ("He", "he")]
    assert names(text, ["he", "He"], ["Tomas Reke"], antecedents=links) == ["Tomas Reke"] * 2


def test_pronoun_without_antecedent_is_null_with_a_reason():
    (quotation,) = resolve_speakers(extraction("“We will see,” he said.", ["he"]))
    assert quotation.speaker.name is None
    assert "'he'" in quotation.speaker.unknown_reason


def test_country_stays_as_written():
    text = "“We will see,” Ostmark said."
    assert names(text, ["Ostmark"], bodies=["Ostmark"]) == ["Ostmark"]


def test_body_loses_its_article_and_keeps_its_type():
    text = "“We will see,” the White House said."
    (quotation,) = resolve_speakers(extraction(text, ["the White House"], bodies=["White House"]))
    assert (quotation.speaker.name, quotation.speaker.type) == ("White House", "organization")


def test_abbreviation_takes_the_full_name():
    text = "The Sorrel Strait Agency (SSA) met. “We will see,” the SSA said."
    found = names(text, ["the SSA"], bodies=["Sorrel Strait Agency", "SSA"])
    assert found == ["Sorrel Strait Agency"]


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


def test_description_stays_where_there_is_no_name():
    text = "“We will see,” a senior official said."
    (quotation,) = resolve_speakers(extraction(text, ["a senior official"]))
    assert (quotation.speaker.name, quotation.speaker.type) == ("a senior official", "person")


def test_definite_description_takes_its_antecedent():
    text = "Ilse Varga spoke. “We will see,” the minister said."
    links = [("the minister", "Ilse Varga")]
    assert names(text, ["the minister"], ["Ilse Varga"], antecedents=links) == ["Ilse Varga"]


def test_statement_of_a_body_is_the_body():
    text = "“We will see,” said a statement from the Defence Ministry."
    found = names(text, ["a statement from the Defence Ministry"], bodies=["Defence Ministry"])
    assert found == ["Defence Ministry"]


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
