"""Names and countries swapped in worked cases, and labels that flip."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotestance.document import Stance, StanceItem
from quotestance.names import countries, origins
from quotestance.names.swapping import swap_countries, swap_people
from quotestance.stance.stability import stability


def people(*parts):
    return swap_people(parts, random.Random(1))


def places(*parts):
    return swap_countries(parts, random.Random(1))


def test_a_person_has_one_new_name_in_all_parts():
    before, text, after = people("Ilse Varga spoke. ", "“Varga’s plan”", " President Varga said.")
    surname = before.removesuffix(" spoke. ").rpartition(" ")[2]
    assert "Ilse" not in before
    assert "Varga" not in before + text + after
    assert text == f"“{surname}’s plan”"
    assert after == f" President {surname} said."


@pytest.mark.parametrize(
    "text",
    [
        "Yesterday the Security Council met. Ships left.",
        "The Middle East needs peace. United Nations troops left Monday.",
        "But We must talk. Sanctions said nothing of sanctions.",
        "He met NATO in May.",
    ],
)
def test_what_is_no_name_of_a_person_stays(text):
    assert people(text) == [text]


def test_people_who_speak_or_have_titles_are_renamed():
    (text,) = people("Reke said no, and Mr. Orbal agreed.")
    assert "Reke" not in text
    assert "Orbal" not in text
    assert text.endswith(" agreed.")


def test_a_country_has_one_stand_in_with_its_adjective_people_and_capital():
    (told,) = places("Poland voted; Polish ships, two Poles, Warsaw.")
    names = {country.names[0]: country for country in countries()}
    country = names[told.partition(" voted")[0]]
    assert told == (
        f"{country.names[0]} voted; {country.adjectives[0]} ships, two {country.people[0]}, "
        f"{country.capitals[0]}."
    )


def test_articles_go_with_the_new_word():
    for seed in range(30):
        (told,) = swap_countries(["a Polish ship of the United States"], random.Random(seed))
        article, adjective = told.split()[:2]
        vowel = adjective[0] in "AEIO" or adjective.startswith("Uzb")
        assert article == ("an" if vowel else "a"), told
        assert " of the " not in told


def test_abbreviations_before_a_noun_become_adjectives():
    (told,) = places("US officials said the U.S. is near.")
    adjective = told.partition(" officials")[0]
    assert adjective in {country.adjectives[0] for country in countries() if country.adjectives}
    assert "U.S." not in told


@pytest.mark.parametrize("text", ["Tell us more.", "Latin American talks.", "He likes turkey."])
def test_what_is_no_country_stays(text):
    assert places(text) == [text]


@given(st.lists(st.text(max_size=60), min_size=1, max_size=3), st.integers(0, 99))
def test_any_text_can_be_swapped(parts, seed):
    for swap in (swap_people, swap_countries):
        assert len(swap(parts, random.Random(seed))) == len(parts)


def test_names_data_are_whole():
    assert all(country.names for country in countries())
    assert len({name for c in countries() for name in c.names}) == sum(
        len(c.names) for c in countries()
    )
    assert all(origin.surnames and origin.given["she"] for origin in origins())


class Prejudiced:
    """Labels pressure whatever has a word in it, or around it."""

    def __init__(self, word):
        self.word = word

    def predict(self, texts, contexts, afters):
        return [
            Stance.from_labels(["pressure"] if self.word in f"{c}{t}{a}" else [])
            for t, c, a in zip(texts, contexts, afters, strict=True)
        ]


ITEMS = [
    StanceItem(
        "“Varga must go,”", "In Poland, President Ilse Varga spoke. ", " Tomas Reke said.", id=1
    ),
    StanceItem("We talk.", id=2),
]


@pytest.mark.parametrize(
    ("word", "flipped"),
    [
        ("Varga", {"names"}),
        ("Poland", {"countries", "context"}),
        ("“", {"marks"}),
        ("said", {"context"}),
        ("go", set()),
    ],
)
def test_flips_are_counted_by_what_was_changed(word, flipped):
    found = stability(Prejudiced(word), ITEMS, seed=3)
    assert {kind for kind, share in found.shares.items() if share.hits} == flipped
    assert {share.size for share in found.shares.values()} == {1}
    assert all(flip.item.id == 1 for flips in found.flips.values() for flip in flips)


def test_stability_is_the_same_for_the_same_seed():
    assert stability(Prejudiced("Varga"), ITEMS) == stability(Prejudiced("Varga"), ITEMS)


def test_stability_in_words_and_as_data():
    found = stability(Prejudiced("Varga"), ITEMS)
    assert "pressure → none" in str(found)
    assert found.to_dict()["names"]["ids"] == [1]


def test_stability_of_nothing():
    assert stability(Prejudiced("x"), []).size == 0
