"""Roles and affiliations of speakers whose mentions are all places with their name.

Rules are written on the cases of roles.jsonl whose ``split`` is "dev"; the held-out ones measure
them.
"""

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotestance.document import Extraction, Name, Quotation, Span, Speaker
from quotestance.roles import with_roles
from quotestance.speakers import resolve_speakers

CASES = [
    json.loads(line)
    for line in (Path(__file__).parent / "roles.jsonl").read_text(encoding="utf-8").splitlines()
]


def spoken(text, name, kind="person", at=-1):
    """A quotation of the text's ``at``-th stretch in “”, spoken by whoever bears the name."""
    forms = {name, name.split()[-1]} if name[0].isupper() and "'s" not in name else {name}
    found = [m.span() for form in forms for m in re.finditer(rf"\b{re.escape(form)}\b", text)]
    mentions = [
        Span.of(text, *pair)
        for pair in sorted(set(found))
        if not any(o != pair and o[0] <= pair[0] and pair[1] <= o[1] for o in found)
    ]
    content = Span.of(text, *[m.span() for m in re.finditer("“[^”]*”", text)][at])
    speaker = Speaker(name, kind, mentions=tuple(mentions))
    source = tuple(sorted(mentions, key=lambda m: abs(m.start - content.end))[:1])
    return Quotation("direct", (content,), source, speaker=speaker)


def role_of(text, name, kind="person", at=-1):
    (quotation,) = with_roles(text, [spoken(text, name, kind, at)])
    return quotation.speaker.role, quotation.speaker.affiliation


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"][:60])
def test_cases(case):
    bodies = ("United Nations", "Ostmark")
    kind = "organization" if case["speaker"] in bodies else "person"
    found = role_of(case["text"], case["speaker"], kind)
    assert found == (case["role"], case["affiliation"])


def test_title_behind_a_role_is_left_out():
    text = "“We will see,” said committee Chairman Rep. Ilse Varga."
    assert role_of(text, "Ilse Varga")[0] == "chairman"


def test_each_quotation_has_the_role_given_before_it():
    text = "Mayor Ilse Varga said “one.” Years later President Ilse Varga said “two.”"
    found = [role_of(text, "Ilse Varga", at=at)[0] for at in (0, 1)]
    assert found == ["mayor", "president"]


def test_short_title_takes_the_full_one():
    text = "Kestrian Trade Minister Ilse Varga left. Minister Varga said “we will see.”"
    assert role_of(text, "Ilse Varga")[0] == "trade minister"


def test_vice_president_is_no_fuller_president():
    text = "Vice President Ilse Varga won. President Varga said “we will see.”"
    assert role_of(text, "Ilse Varga")[0] == "president"


@pytest.mark.parametrize("kind", ["organization", "document"])
def test_bodies_and_documents_have_no_role(kind):
    text = "The leader of Ostmark, the Sorrel Institute, said “we will see.”"
    assert role_of(text, "Sorrel Institute", kind) == (None, None)


@pytest.mark.parametrize(
    ("demonym", "country"),
    [("Kestrian", "Kestria"), ("Veltese", "Velta"), ("Normish", "Normland"), ("Omari", "Omar")],
)
def test_demonym_takes_the_country_the_text_names(demonym, country):
    text = f"{demonym} President Ilse Varga left {country}. “We will see,” Varga said."
    assert role_of(text, "Ilse Varga") == ("president", country)


@pytest.mark.parametrize("other", ["Kestrel", "Kest", "Republic"])
def test_demonym_stays_beside_other_names(other):
    text = f"Kestrian President Ilse Varga left {other}. “We will see,” Varga said."
    assert role_of(text, "Ilse Varga") == ("president", "Kestrian")


def test_unresolved_speakers_and_all_else_stay_as_they_are():
    text = "“We will see,” he said. “No,” said President Ilse Varga."
    unknown = Quotation("direct", (Span.of(text, 0, 14),), speaker=Speaker(None))
    bare = Quotation("direct", (Span.of(text, 0, 14),))
    named = spoken(text, "Ilse Varga")
    found = with_roles(text, [unknown, bare, named])
    assert found[:2] == (unknown, bare)
    assert found[2].speaker.role == "president"
    assert found[2].speaker.mentions == named.speaker.mentions


def test_resolved_speakers_have_roles():
    text = "“We will see,” said Kestrian President Ilse Varga."
    name = Span.of(text, text.index("Ilse"), len(text) - 1)
    quotation = Quotation("direct", (Span.of(text, 0, 14),), (name,))
    extraction = Extraction(text, (quotation,), (1.0,), (Name(name, "person"),))
    (found,) = with_roles(text, resolve_speakers(extraction))
    assert (found.speaker.role, found.speaker.affiliation) == ("president", "Kestrian")


WORDS = st.sampled_from(
    "the a of and , . ’s ( who heads former Kestrian Foreign Minister spokesman for U.N. at Ann "
    "Lee Institute “ ” \n one said — Sen. President president's army is".split(" ")
)


@given(st.lists(WORDS, min_size=1, max_size=25), st.data())
def test_any_text_and_any_mention(words, data):
    text = " ".join(words)
    start = data.draw(st.integers(0, len(text) - 1))
    span = Span.of(text, start, data.draw(st.integers(start + 1, len(text))))
    name = data.draw(st.sampled_from(["Ann Lee", span.text.strip() or "x"]))
    speaker = Speaker(name, "person", mentions=(span,))
    (found,) = with_roles(text, [Quotation("direct", (span,), speaker=speaker)])
    assert found.speaker.role is None or found.speaker.role.strip()
    assert (found.speaker.affiliation or "") in " ".join(text.split())
