import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotestance import vocabulary
from quotestance.vocabulary import (
    ABBREVIATIONS,
    FAMILIES,
    HEADS,
    countries,
    folded,
    is_role_noun,
    is_title,
    may_be_demonym,
    same_place,
    written_out,
)


def test_words_are_in_lower_case():
    sets = [value for value in vars(vocabulary).values() if isinstance(value, frozenset)]
    assert sets
    assert all(word == word.lower() for words in sets for word in words)


def test_titles_in_full_are_role_nouns():
    assert {full.removesuffix("s") for full in ABBREVIATIONS.values()} <= HEADS


def test_nouns_of_families_are_role_nouns():
    compounds = {word for word in FAMILIES if "-" in word} - HEADS
    assert set(FAMILIES) - compounds <= HEADS
    assert compounds <= {
        "prime-minister",
        "foreign-minister",
        "foreign-secretary",
        "secretary-of-state",
        "chief-executive",
    }


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("kestrian", "kestria"),
        ("kestrians", "kestria"),
        ("kestrians", "kestrian"),
        ("ostmarkish", "ostmark"),
        ("velani", "velan"),
        ("us", "american"),
        ("french", "france"),
    ],
)
def test_demonym_is_its_country(a, b):
    assert same_place(a, b)
    assert same_place(b, a)


@pytest.mark.parametrize(
    ("a", "b"),
    [("kestrian", "ostmark"), ("iran", "iraq"), ("foreign", "for"), ("austrian", "australian")],
)
def test_other_words_are_other_places(a, b):
    assert not same_place(a, b)


def test_irregular_demonym_has_one_country():
    assert list(countries("norwegian")) == ["norway"]


@pytest.mark.parametrize("word", ["Kestrian", "Swiss", "Velani"])
def test_forms_of_demonyms(word):
    assert may_be_demonym(word)


def test_abbreviations_need_their_period():
    assert written_out("Gen.") == "general"
    assert written_out("Gen") == "gen"


@pytest.mark.parametrize("word", ["Minister", "Gen.", "Mrs", "Actress", "deputy"])
def test_titles(word):
    assert is_title(word)


@pytest.mark.parametrize("word", ["Dean", "Varga", "said"])
def test_other_words_are_no_titles(word):
    assert not is_title(word)


def test_known_endings_count_behind_an_article_only():
    assert is_role_noun("geologist", determined=True)
    assert not is_role_noun("geologist", determined=False)


@given(st.text())
def test_folding_again_changes_nothing(written):
    assert folded(folded(folded(written))) == folded(folded(written))
