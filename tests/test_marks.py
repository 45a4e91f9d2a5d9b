import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotestance.marks import pair_marks, paragraphs

MARKS = "“”„‟\"«»‹›‘’‚'`´「」"


def found(text):
    return [text[q.start : q.end] for q in pair_marks(text) if q.depth == 0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He said “no”.", ["“no”"]),
        ('He said "no".', ['"no"']),
        ('“one" and "two”', ['“one"', '"two”']),
        ("«Oui», dit-il", ["«Oui»"]),
        ("»Ja«, sagte er", ["»Ja«"]),
        ("„Ja“, sagte er", ["„Ja“"]),
        ("„Tak”, powiedział", ["„Tak”"]),
        ("”Hej”, sa han", ["”Hej”"]),
        ("‘It’s fine,’ she said", ["‘It’s fine,’"]),
        ("'I won't go,' she said", ["'I won't go,'"]),
        ("‘The ministers’ view is wrong,’ she said", ["‘The ministers’ view is wrong,’"]),
        ("「はい」と言った", ["「はい」"]),
        ('"a" "b"', ['"a"', '"b"']),
        ('(“yes”) — "no"—', ["“yes”", '"no"']),
        ("« Oui », dit-il", ["« Oui »"]),
        ("Il dit : « Oui. » Puis : «\u00a0Non !\u00a0»", ["« Oui. »", "«\u00a0Non !\u00a0»"]),
        ("« Non. »― Ana", ["« Non. »"]),
        ("“ We go, ” she said . “ Now . ”", ["“ We go, ”", "“ Now . ”"]),
        ("``We go,'' she said", ["``We go,''"]),
        ("‘‘It’s time,’’ she said", ["‘‘It’s time,’’"]),
        ("“He said ‘go’,” she said; ”nej”", ["“He said ‘go’,”", "”nej”"]),
    ],
)
def test_styles(text, expected):
    assert found(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "The ministers' talks weren't long.",
        "the '90s and rock 'n' roll",
        "the ship ’s crew and the ministers’ view",
        'a 5" pipe',
        "“never closed",
        "never opened”",
        '""',
        "“ ”",
        "“”“”“”“”",
        "“.”",
        "",
    ],
)
def test_no_quotation(text):
    assert found(text) == []


def test_nested_marks_have_depth():
    text = "“He said ‘go “there” now’ to me,” she said."
    assert [(text[q.start : q.end], q.depth) for q in pair_marks(text)] == [
        ("“He said ‘go “there” now’ to me,”", 0),
        ("‘go “there” now’", 1),
        ("“there”", 2),
    ]


@pytest.mark.parametrize("gap", ["\n\n", "\n", " \n \n "])
def test_paragraphs_that_go_on_share_a_group(gap):
    text = f"“One.{gap}“Two.{gap}“Three,” he said. “Four.”"
    stretches = pair_marks(text)
    assert [text[q.start : q.end] for q in stretches] == ["“One.", "“Two.", "“Three,”", "“Four.”"]
    assert [q.group for q in stretches] == [1, 1, 1, 2]


def test_straight_marks_go_on_too():
    text = '"One.\n\n"Two," he said.'
    assert found(text) == ['"One.', '"Two,"']


@pytest.mark.parametrize("mark", ["‘", "'"])
def test_single_marks_at_the_head_of_paragraphs_go_on(mark):
    text = f"{mark}One isn’t.\n\n{mark}Two,’ he said.\n\n{mark}Three.\n\nNone."
    stretches = pair_marks(text)
    assert [text[q.start : q.end] for q in stretches] == [f"{mark}One isn’t.", f"{mark}Two,’"]
    assert len({q.group for q in stretches}) == 1


def test_lost_paragraph_breaks():
    text = "“One is here. “Two is here. “Three,” he said."
    assert found(text) == ["“One is here.", "“Two is here.", "“Three,”"]
    assert len({q.group for q in pair_marks(text)}) == 1


def test_apostrophes_around_several_quotations_are_no_pair():
    text = "the 'Jarra crew said “one” and “two” to the ministers' aides"
    assert found(text) == ["“one”", "“two”"]


def test_unclosed_mark_does_not_swallow_the_next_paragraph():
    assert found("“Open here.\n\nNothing.\n\n“Closed,” he said.") == ["“Closed,”"]


def test_paragraphs_are_lines_where_no_line_is_blank():
    assert paragraphs("a\nb\n") == [(0, 1), (2, 3)]
    assert paragraphs("a\nb\n\n c ") == [(0, 3), (6, 7)]


@given(st.text(alphabet=MARKS + "ab .\n", max_size=200))
def test_any_text_gives_sound_stretches(text):
    stretches = pair_marks(text)
    assert stretches == sorted(stretches, key=lambda q: (q.start, q.depth))
    for stretch in stretches:
        assert 0 <= stretch.start < stretch.end <= len(text)
        assert any(c.isalnum() for c in text[stretch.start : stretch.end])
    outer = [q for q in stretches if q.depth == 0]
    assert all(a.end <= b.start for a, b in pairwise(outer))


@pytest.mark.parametrize("unit", ['"', "“", "“”", "'", "“\n\n", 'a "', "“‘"])
def test_time_grows_with_the_length(unit):
    def seconds(length):
        text = unit * (length // len(unit))
        start = time.process_time()
        pair_marks(text)
        return time.process_time() - start

    short = max(min(seconds(20_000) for _ in range(3)), 1e-3)
    assert seconds(320_000) < 80 * short  # linear: 16 times, quadratic: 256 times
