"""Whom pronouns mean."""

import re
from dataclasses import replace

import pytest
from speaker_cases import extraction, names, names_of

from quotestance.document import Extraction, Name, Quotation, Span
from quotestance.speakers.resolution import resolve_speakers


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


def meaning(found, *weights):
    """The extraction with weights of its names, in their order, for the last pronoun."""
    pronoun = found.quotations[-1].source[0]
    spans = sorted(name.span for name in found.names)
    links = tuple(zip(spans, weights, strict=True))
    return replace(found, antecedents={**found.antecedents, pronoun: links})


def test_she_is_no_mister():
    text = "Ada Lind met Mr. Reke. “We will see,” she said."
    found = meaning(extraction(text, ["she"], ["Ada Lind", "Reke"]), 0.2, 0.7)
    assert resolve_speakers(found)[0].speaker.name == "Ada Lind"


def test_he_is_not_whom_pronouns_call_she():
    text = "Ada Lind rose. She left. Bo Reke stayed. “We will see,” he said."
    found = extraction(text, ["he"], ["Ada Lind", "Bo Reke"], antecedents=[("She", "Ada Lind")])
    assert resolve_speakers(meaning(found, 0.6, 0.3))[0].speaker.name == "Bo Reke"


def test_nobody_is_the_he_of_his_own_words():
    text = "Bo Reke rose. “The plan of Jon Ivers is dead,” he said."
    found = extraction(text, ["he"], ["Bo Reke", "Jon Ivers"])
    assert resolve_speakers(meaning(found, 0.3, 0.7))[0].speaker.name == "Bo Reke"


@pytest.mark.parametrize("pronoun", ["he", "she"])
def test_a_country_that_the_model_took_for_a_person_is_no_he(pronoun):
    text = f"Harn's president, Edvin Sollas, spoke in Harn. “We will see,” {pronoun} said."
    found = extraction(text, [pronoun], ["Edvin Sollas", "Harn"])
    assert names_of(meaning(found, 0.2, 0.1, 0.6)) == ["Edvin Sollas"]


@pytest.mark.parametrize(
    ("before", "meant"),
    [
        ("Edvin Sollas was not surprised. Harn had refused before.", "Edvin Sollas"),
        ("Mr. Sollas was not surprised. Harn had refused before.", "Sollas"),
        ("Sollas, an envoy, was not surprised. Harn had refused before.", "Sollas"),
        ("Sollas was not surprised. Harn had refused before.", "Harn"),
        ("Edvin Sollas was not surprised. Envoy Harn had refused before.", "Harn"),
        ("Edvin Sollas was not surprised. “I refuse,” Harn said.", "Harn"),
    ],
)
def test_a_lone_word_is_less_likely_he_than_somebody_whom_the_text_shows_to_be_one(before, meant):
    text = f"{before} “We will see,” he said."
    sollas = meant if "Sollas" in meant else re.search(r"(?:Edvin )?Sollas", before)[0]
    sources = ["Harn", "he"][-text.count("“") :]
    found = extraction(text, sources, [sollas, "Harn"])
    found = meaning(found, 0.3, 0.6)
    assert names_of(found)[-1] == meant


def test_it_is_a_body():
    text = "Bo Reke left the Alden Institute. “We will see,” it said."
    found = extraction(text, ["it"], ["Bo Reke"], ["Alden Institute"])
    it = found.quotations[0].source[0]
    reke, institute = (name.span for name in sorted(found.names, key=lambda n: n.span))
    found = replace(found, antecedents={it: ((reke, 0.7), (institute, 0.3))})
    assert names_of(found) in (["Alden Institute"], [None])


def test_who_is_the_name_before():
    text = "There stood Ada Lind, who said: “We will see.”"
    assert names(text, ["who"], ["Ada Lind"]) == ["Ada Lind"]


def test_first_person_inside_a_quotation_is_its_speaker():
    text = "Bo Reke said: ‘I said “we will see” to them.’"
    outer = Span.of(text, 14, len(text))
    inner = Span.of(text, 22, 35)
    found = Extraction(
        text,
        (
            Quotation("direct", (outer,), (Span.of(text, 0, 7),), (Span.of(text, 8, 12),)),
            Quotation("direct", (inner,), (Span.of(text, 15, 16),), (Span.of(text, 17, 21),)),
        ),
        (1.0, 1.0),
        (Name(Span.of(text, 0, 7), "person"),),
    )
    assert names_of(found) == ["Bo Reke", "Bo Reke"]


def they(text, *bodies):
    """Whom the "they" behind a quotation of a text means, where the model says Tomas Reke."""
    (name,) = names(text, ["they"], ["Tomas Reke"], bodies, [("they", "Tomas Reke")])
    return name


@pytest.mark.parametrize(
    "between", ["The envoys wrote home. ", "Several people asked. ", "Then Kestria answered. "]
)
def test_many_are_not_one_person_where_others_stand_between(between):
    assert they(f"Tomas Reke left. {between}“We will see,” they said.", "Kestria") is None


def test_many_may_be_one_person_where_nobody_else_is_meant():
    assert they("Tomas Reke, who is a poet, left. “We will see,” they said.") == "Tomas Reke"


def test_which_is_no_person():
    text = "Tomas Reke left. “We will see,” which said."
    assert names(text, ["which"], ["Tomas Reke"], (), [("which", "Tomas Reke")]) == [None]
