import pytest

from quotestance.document import Span
from quotestance.speakers import gender
from quotestance.speakers.descriptions import Introductions, parse, role_words


def introductions(text, *names):
    def places(name):
        return [
            Span.of(text, at, at + len(name))
            for at in range(len(text))
            if text.startswith(name, at)
        ]

    return Introductions(text, [(name, places(name)) for name in names])


@pytest.mark.parametrize(
    ("words", "head"),
    [
        ("the Kestrian envoy", "envoy"),
        ("the envoy of Kestria", "envoy"),
        ("the prime minister", "prime-minister"),
        ("the U.S. secretary of state", "secretary-of-state"),
        ("a senior official", "official"),
        ("the ministry’s spokeswoman", "spokeswoman"),
        ("the Gov.", "governor"),
    ],
)
def test_head_of_a_description(words, head):
    assert parse(words).head == head


@pytest.mark.parametrize("words", ["", "the", "of Kestria", ","])
def test_words_without_a_noun_are_no_description(words):
    assert parse(words) is None


def test_compound_roles_are_joined():
    assert role_words("kestria prime minister".split()) == ["kestria", "prime-minister"]


@pytest.mark.parametrize(
    ("text", "description"),
    [
        ("Ada Lind, the envoy of Kestria, spoke.", "the Kestrian envoy"),
        ("Ada Lind is the mayor.", "the mayor"),
        ("Kestria's ambassador, Ada Lind, spoke.", "the Kestrian envoy"),
        ("Gov. Ada Lind spoke.", "the governor"),
        ("Ada Lind, 61, spoke.", "the 61-year-old"),
        ("Foreign Minister Ada Lind spoke.", "the minister"),
    ],
)
def test_description_fits(text, description):
    assert introductions(text, "Ada Lind").fit("Ada Lind", parse(description)) > 0.6


@pytest.mark.parametrize(
    ("text", "description"),
    [
        ("Ada Lind, the envoy of Kestria, spoke.", "the Ostmark envoy"),
        ("Ada Lind is the mayor.", "the general"),
        ("Prime Minister Ada Lind spoke.", "the minister"),
        ("Ada Lind, 61, spoke.", "the 16-year-old"),
        ("Ada Lind spoke.", "the envoy"),
        ("The envoy of Ada Lind spoke.", "the envoy"),
    ],
)
def test_description_does_not_fit(text, description):
    assert introductions(text, "Ada Lind").fit("Ada Lind", parse(description)) < 0.4


def test_words_before_another_name_introduce_that_one():
    found = introductions("Envoy Ada Lind met Bo Reke.", "Ada Lind", "Bo Reke")
    assert found.fit("Bo Reke", parse("the envoy")) == 0


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mr. Lind", gender.MAN),
        ("Mrs. Ada Lind", gender.WOMAN),
        ("Queen Lind", gender.WOMAN),
        ("ministry spokesman Bo Lind", gender.MAN),
        ("his wife, Ada Lind", gender.WOMAN),
        ("Mr. Reke and Ada Lind", None),
        ("Minister Lind", None),
        ("he told Lind", None),
    ],
)
def test_gender_of_a_title(text, expected):
    at = text.rindex("Lind")
    at = text.rfind("Ada", 0, at) if "Ada Lind" in text else at
    assert gender.of_title(text, Span.of(text, at, len(text))) == expected


def test_title_outweighs_pronouns():
    text = "Mr. Lind. She she she."
    lind = Span.of(text, 4, 8)
    links = {Span.of(text, at, at + 3): ((lind, 0.9),) for at in (10, 14, 18)}
    genders = gender.Genders(text, {"Lind": [lind]}, links)
    assert genders.fit("Lind", gender.MAN) == 1
    assert genders.fit("Lind", gender.WOMAN) == 0


def test_pronouns_speak_where_no_title_does():
    text = "Lind. She."
    lind = Span.of(text, 0, 4)
    genders = gender.Genders(text, {"Lind": [lind]}, {Span.of(text, 6, 9): ((lind, 0.9),)})
    assert genders.fit("Lind", gender.WOMAN) == 1
    assert 0 < genders.fit("Lind", gender.MAN) < 0.5
    assert genders.fit("Lind", None) == 1
