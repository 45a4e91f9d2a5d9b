import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotestance.document import Extraction, Name, Span
from quotestance.speakers.forms import key
from quotestance.speakers.names import entities_of
from quotestance.speakers.spans import SpanIndex


def entities(text, *names):
    """Names of the entities of a text in which the model saw ``(words, type)``."""
    found = [
        Name(Span.of(text, at, at + len(words)), kind)
        for words, kind in names
        for at in range(len(text))
        if text.startswith(words, at)
    ]
    return {
        e.name: [m.text for m in e.mentions]
        for e in entities_of(Extraction(text, (), (), tuple(found)))
    }


def test_abbreviations_take_the_name_the_text_explains():
    text = "The National Security Agency (NSA) met. Then NSA spoke."
    found = entities(text, ("NSA", "organization"), ("Agency", "organization"))
    assert found == {
        "National Security Agency": [
            "National Security Agency",
            "NSA",
            "NSA",
        ]
    }


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(1, 9)), max_size=9), st.integers(0, 40))
def test_index_finds_what_overlaps(pairs, start):
    text = "x" * 50
    spans = {Span.of(text, a, a + size) for a, size in pairs}
    expected = sorted(span for span in spans if span.start < start + 5 and start < span.end)
    assert SpanIndex(spans).meeting(start, start + 5) == expected


def test_given_name_the_model_left_out():
    assert "Jamila Orsk" in entities("Then Jamila Orsk spoke. Orsk left.", ("Orsk", "person"))


@pytest.mark.parametrize(
    "before", ["President", "On Friday", "Meanwhile", "Kestrian", "Secretary of State", "But"]
)
def test_words_before_a_surname_that_are_no_given_names(before):
    assert list(entities(f"{before} Orsk spoke.", ("Orsk", "person"))) == ["Orsk"]


def test_place_before_a_surname_is_no_given_name():
    found = entities("In Halvorn Reke spoke.", ("Reke", "person"), ("Halvorn", "location"))
    assert list(found) == ["Reke", "Halvorn"]


def test_name_cut_inside_a_word():
    assert list(entities("Shafi-ul-Ras left.", ("Ras", "person"))) == ["Shafi-ul-Ras"]


def test_initial_belongs_to_the_name():
    assert list(entities("analyst C. Ravi Mehan said", ("Ravi Mehan", "person"))) == [
        "C. Ravi Mehan"
    ]


def test_each_mention_goes_to_the_name_that_was_last():
    text = "Ana Ruiz came. Ruiz spoke. Leo Ruiz came. Ruiz left."
    found = entities(text, ("Ana Ruiz", "person"), ("Leo Ruiz", "person"))
    assert found == {"Ana Ruiz": ["Ana Ruiz"], "Leo Ruiz": ["Leo Ruiz"]}
    lone = [Name(Span.of(text, at, at + 4), "person") for at in (15, 42)]
    full = [Name(Span.of(text, 0, 8), "person"), Name(Span.of(text, 27, 35), "person")]
    merged = entities_of(Extraction(text, (), (), (*full, *lone)))
    assert [[m.start for m in e.mentions] for e in merged] == [[0, 15], [27, 42]]


def test_type_is_what_a_name_has_most_often():
    text = "Bo Lind. Lind. Lind."
    names = [Name(Span.of(text, 0, 7), "person"), Name(Span.of(text, 9, 13), "organization")]
    (entity,) = entities_of(
        Extraction(text, (), (), (*names, Name(Span.of(text, 15, 19), "person")))
    )
    assert (entity.name, len(entity.mentions)) == ("Bo Lind", 3)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("the White House", "White House"),
        ("Peña", "PENA"),
        ("U.S.", "us"),
        ("al-Sharif", "Al Sharif"),
    ],
)
def test_keys_of_one_name(a, b):
    assert key(a) == key(b)
