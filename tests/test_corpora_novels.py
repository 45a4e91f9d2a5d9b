"""The readers of corpora of novels, on samples in their formats, and on broken ones."""

import pytest
from corpus_samples import FOLDERS, copied, edit, refused, texts

from quotestance import read_corpus
from quotestance.document import Speaker


def test_pdnc_spans_get_their_marks_and_speakers_their_aliases():
    (document,) = read_corpus(FOLDERS["pdnc"])
    assert document.id == "TheLateFerry"
    first, second, third = document.quotations
    assert texts(first.content) == ['"Is the ferry late again?"']
    assert first.speaker == Speaker("Maren Oll", alternatives=("Maren",))
    assert texts(second.content) == [
        '"It is never early,"',
        '"In my day we swam,\nand nobody\ncomplained."',
    ]
    assert third.speaker.name is None
    assert "_unknowable" in third.speaker.unknown_reason
    assert {quotation.kind for quotation in document.quotations} == {"direct"}


def test_pdnc_without_characters_has_no_aliases(tmp_path):
    folder = copied("pdnc", tmp_path)
    (folder / "TheLateFerry" / "character_info.csv").unlink()
    (document,) = read_corpus(folder)
    assert document.quotations[0].speaker == Speaker("Maren Oll")


def test_pdnc_line_ends_count_one(tmp_path):
    folder = copied("pdnc", tmp_path)
    novel = folder / "TheLateFerry" / "novel_text.txt"
    novel.write_bytes(novel.read_bytes().replace(b"\n", b"\r\n"))
    assert read_corpus(folder) == read_corpus(FOLDERS["pdnc"])


@pytest.mark.parametrize(
    ("old", "new", "messages"),
    [
        ("[[12, 36]]", "[[12, 9999]]", ["row 2: quoteByteSpans", "outside the text"]),
        ("[[12, 36]]", "[[13, 36]]", ["row 2", "at [13, 36]", "one version of the corpus"]),
        ("[[12, 36]]", "[[12, '36']]", ["row 2: quoteByteSpans: [12, '36'] is no [start, end]"]),
        ("[[12, 36]]", "[[12, 36", ["row 2: quoteByteSpans", "is no list"]),
        ("[[12, 36]]", "[[1, 2], [12, 36]]", ["row 2: quoteByteSpans has 2", "subQuotationList 1"]),
        ("speaker", "who", ["row 2: no column 'speaker' among quoteID"]),
    ],
)
def test_broken_pdnc_is_named(tmp_path, old, new, messages):
    folder = copied("pdnc", tmp_path)
    file = folder / "TheLateFerry" / "quotation_info.csv"
    edit(file, old, new)
    refused(folder, str(file), *messages)


def test_pdnc_without_the_novel(tmp_path):
    folder = copied("pdnc", tmp_path)
    (folder / "TheLateFerry" / "novel_text.txt").unlink()
    refused(folder, "the novel's text is missing", "novel_text.txt")


def test_litbank_quotations_over_sentences():
    (document,) = read_corpus(FOLDERS["litbank"], "litbank")
    assert document.text.startswith("The harbour was still. “Nobody sails today,” said")
    assert [(q.text, q.speaker.name, q.kind) for q in document.quotations] == [
        ("“Nobody sails today,”", "Captain Brodek", "direct"),
        ("“nor tomorrow.”", "Captain Brodek", "direct"),
        ("“Why not? Is it the wind?”", "the girl", "direct"),
    ]
    assert [len(quotation.quoted) for quotation in document.quotations] == [1, 1, 1]


def litbank(tmp_path, text, *lines):
    (tmp_path / "b.txt").write_text(text, "utf-8")
    (tmp_path / "b.ann").write_text("".join(f"{line}\n" for line in lines), "utf-8")
    return tmp_path / "b.ann"


def test_litbank_stray_straight_marks_do_not_turn_the_others(tmp_path):
    file = litbank(
        tmp_path,
        'It was 5 " long .\n" Yes , " he said .\n',
        'QUOTE\tQ1\t1\t0\t1\t3\t" Yes , "',
    )
    (document,) = read_corpus(file, "litbank")
    assert document.text == 'It was 5 "long. "Yes," he said.'


def test_litbank_straight_marks_and_contractions(tmp_path):
    file = litbank(
        tmp_path,
        'She said , " I do n\'t know ( yet ) . " " Oh , " said the minister \'s dog .\n',
        'QUOTE\tQ1\t0\t3\t0\t12\t" I do n\'t know ( yet ) . "',
        'QUOTE\tQ2\t0\t13\t0\t16\t" Oh , "',
    )
    (document,) = read_corpus(file, "litbank")
    assert document.text == 'She said, "I don\'t know (yet)." "Oh," said the minister\'s dog.'
    assert [quotation.text for quotation in document.quotations] == [
        '"I don\'t know (yet)."',
        '"Oh,"',
    ]
    assert document.quotations[0].speaker is None


@pytest.mark.parametrize(
    ("line", "messages"),
    [
        ("QUOTE\tQ1\t0\t0\t0\t9\t“ Yes ”", ["line 1: Q1: the text has no token 9 in sentence 0"]),
        ("QUOTE\tQ1\t7\t0\t7\t2\t“ Yes ”", ["no token 0 in sentence 7", "count from 0"]),
        ("QUOTE\tQ1\t0\t2\t0\t0\t“ Yes ”", ["line 1: Q1: span [", "is empty"]),
        ("QUOTE\tQ1\t0\ta\t0\t0\t“ Yes ”", ["line 1: Q1", "no numbers"]),
        ("QUOTE\tQ1\t0\t0\t0\t2\t“ No ”", ["there stands '“Yes”', not '“ No ”'"]),
        ("ATTRIB\tQ1\tTomas_Reke-1", ["line 1: ATTRIB names Q1"]),
        ("T1\tContent 0 3\tYes", ["line 1: 'T1 Content 0 3 Yes' is neither QUOTE"]),
    ],
)
def test_broken_litbank_is_named(tmp_path, line, messages):
    refused(litbank(tmp_path, "“ Yes ” said he .\n", line), *messages, format="litbank")


def test_litbank_without_its_text(tmp_path):
    folder = copied("litbank", tmp_path)
    next(folder.glob("*.txt")).unlink()
    refused(folder, "brat.ann: its text is missing", "brat.txt", format="litbank")
