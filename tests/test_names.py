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


@pytest.mark.parametrize(
    ("text", "full", "short"),
    [
        ("Geir Pederson came. Pedersen spoke.", "Geir Pederson", "Pedersen"),
        ("Oleh Zarenskyy came. Zarensky spoke.", "Oleh Zarenskyy", "Zarensky"),
        ("Omar al-Haddar came. El Haddar spoke.", "Omar al-Haddar", "El Haddar"),
        ("Omar Haddar came. Al-Haddar spoke.", "Omar Haddar", "Al-Haddar"),
        ("Ilse Varga-Lind came. Varga spoke.", "Ilse Varga-Lind", "Varga"),
        ("Ilse Varga-Lind came. Lind spoke.", "Ilse Varga-Lind", "Lind"),
        ("Ilse Varga Lind came. Ilse Varga spoke.", "Ilse Varga Lind", "Ilse Varga"),
        ("Jon R. Ivers Jr. came. Ivers spoke.", "Jon R. Ivers Jr.", "Ivers"),
        ("Jon R. Ivers Jr. came. Jon Ivers spoke.", "Jon R. Ivers Jr.", "Jon Ivers"),
        ("Dürr Ölmez came. Olmez spoke.", "Dürr Ölmez", "Olmez"),
    ],
)
def test_forms_of_one_name(text, full, short):
    assert list(entities(text, (full, "person"), (short, "person"))) == [full]


@pytest.mark.parametrize(
    "names", [("Ana Miller", "Bo Muller"), ("Ana Ruiz", "Leo Ruiz"), ("Jon Peters", "Ida Petersen")]
)
def test_names_that_are_two(names):
    text = f"{names[0]} met {names[1]}."
    assert set(entities(text, *((name, "person") for name in names))) == set(names)


@pytest.mark.parametrize("suffix", ["Jr.", "Sr.", "III"])
def test_suffix_belongs_to_the_name(suffix):
    assert list(entities(f"Jon Ivers {suffix} spoke.", ("Jon Ivers", "person"))) == [
        f"Jon Ivers {suffix}"
    ]


def test_title_tells_namesakes_apart():
    text = "Mr. Leo Ruiz and Mrs. Ana Ruiz came. Mr. Ruiz spoke."
    names = [
        Name(Span.of(text, at, at + len(words)), "person")
        for words in ("Leo Ruiz", "Ana Ruiz")
        for at in [text.index(words)]
    ]
    names.append(Name(Span.of(text, text.rindex("Ruiz"), text.rindex("Ruiz") + 4), "person"))
    found = entities_of(Extraction(text, (), (), tuple(names)))
    assert {e.name: len(e.mentions) for e in found} == {"Leo Ruiz": 2, "Ana Ruiz": 1}


def test_relative_does_not_take_the_surname():
    text = "Leo Ruiz came with his wife, Ana Ruiz. Then Ruiz spoke."
    names = [
        Name(Span.of(text, at, at + 8), "person")
        for at in (text.index("Leo Ruiz"), text.index("Ana Ruiz"))
    ]
    names.append(Name(Span.of(text, text.rindex("Ruiz"), text.rindex("Ruiz") + 4), "person"))
    found = entities_of(Extraction(text, (), (), tuple(names)))
    assert {e.name: len(e.mentions) for e in found} == {"Leo Ruiz": 2, "Ana Ruiz": 1}


def test_mister_is_not_the_only_full_name_if_that_is_a_woman():
    text = "Queen Ada Reke came. Mr. Reke spoke."
    names = (Name(Span.of(text, 6, 14), "person"), Name(Span.of(text, 25, 29), "person"))
    assert {e.name for e in entities_of(Extraction(text, (), (), names))} == {"Ada Reke", "Reke"}


def test_headline_runs_on_behind_a_name():
    text = "Ada Lind Hammers Bank\nAda Lind spoke. Lind left."
    names = (
        Name(Span.of(text, 0, 16), "person"),
        Name(Span.of(text, 22, 30), "person"),
        Name(Span.of(text, 38, 42), "person"),
    )
    assert [e.name for e in entities_of(Extraction(text, (), (), names))] == ["Ada Lind"]


@pytest.mark.parametrize(
    "before", ["Although", "Everything", "Did", "Candidate", "Rival", "Beyond"]
)
def test_words_that_open_a_sentence_are_no_given_names(before):
    assert list(entities(f"So it is. {before} Orsk spoke.", ("Orsk", "person"))) == ["Orsk"]


def test_word_written_small_elsewhere_is_no_given_name():
    text = "Hard injecting went on. Injecting Orsk spoke."
    assert list(entities(text, ("Orsk", "person"))) == ["Orsk"]


def test_prefix_is_no_part_of_a_name():
    assert list(entities("The pro-Orsk side spoke.", ("Orsk", "person"))) == ["Orsk"]


def test_abbreviation_by_initials_of_the_one_body_that_has_them():
    text = "The Kestrian Office of Public Records met. KOPR spoke."
    found = entities(
        text, ("Kestrian Office of Public Records", "organization"), ("KOPR", "organization")
    )
    assert list(found) == ["Kestrian Office of Public Records"]


def test_ministry_of_something_is_the_something_ministry():
    text = "The Defence Ministry spoke. The Ministry of Defence left."
    found = entities(
        text, ("Defence Ministry", "organization"), ("Ministry of Defence", "organization")
    )
    assert list(found) == ["Defence Ministry"]


def test_group_has_the_abbreviation_of_its_size():
    found = entities("The Group of Nine met. Then G9 spoke.", ("Group of Nine", "organization"))
    assert found == {"Group of Nine": ["Group of Nine", "G9"]}


@given(st.text(alphabet="bcdefgh-' ", max_size=30))
def test_key_of_a_key_is_itself(written):
    assert key(key(written)) == key(written)


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(1, 9)), max_size=9), st.integers(0, 50))
def test_index_finds_what_ends_before(pairs, end):
    text = "x" * 50
    spans = {Span.of(text, a, a + size) for a, size in pairs}
    expected = sorted((s for s in spans if s.end <= end and s.start >= end - 20), reverse=True)
    assert SpanIndex(spans).before(end, 20) == expected
