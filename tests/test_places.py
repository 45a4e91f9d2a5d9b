"""Places that the model took for people, by what the text says of them."""

import re

import pytest

from quotestance.document import Name, Span
from quotestance.speakers.places import without_places


def type_of(text, written, *people):
    """The type that a name gets, where the model says "person" of it and of the others."""
    names = [
        Name(Span.of(text, *m.span()), "person")
        for person in (written, *people)
        for m in re.finditer(rf"\b{person}\b", text)
    ]
    (kind,) = {name.type for name in without_places(text, names) if name.span.text == written}
    return kind


@pytest.mark.parametrize(
    "text",
    [
        "Harn's president spoke. Harn waits.",
        "Harn’s new prime minister spoke.",
        "The king of Harn spoke.",
        "Everybody left in Harn knew.",
        "They spoke of Harn, a small country of farmers.",
        "A Harnish envoy spoke of Harn.",
    ],
)
def test_a_place_is_told_by_what_is_said_of_it(text):
    assert type_of(text, "Harn") == "location"


@pytest.mark.parametrize(
    ("text", "others"),
    [
        ("Trust in Harn has grown.", []),
        ("In Harn's view nothing has changed.", []),
        ("Harn, a state senator, spoke.", []),
        ("The critics of Harn spoke.", []),
        ("Harn's foreign minister spoke.", []),
        ("The government of Harn fell.", []),
        ("Minister Harn spoke. Much has changed in Harn.", []),
        ("Pol Harn spoke. Harn's president was silent.", ["Pol Harn"]),
        ("A Harnish envoy spoke.", ["Harnish"]),
    ],
)
def test_a_person_stays_one(text, others):
    assert type_of(f"{text} Then Harn left.", "Harn", *others) == "person"


@pytest.mark.parametrize(
    ("text", "kind"), [("Jordan waits.", "location"), ("Mr. Jordan waits.", "person")]
)
def test_a_country_of_the_world_needs_no_evidence(text, kind):
    assert type_of(text, "Jordan") == kind


def test_a_place_of_two_words():
    assert type_of("The bishop of Port Melin spoke.", "Port Melin") == "location"
