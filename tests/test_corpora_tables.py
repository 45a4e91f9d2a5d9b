"""Tables of quotations and of labelled texts."""

import csv
import json

import pytest
from corpus_samples import FOLDERS, documents, parts, refused, table, texts
from hypothesis import given
from hypothesis import strategies as st

from quotestance import read_corpus
from quotestance.document import LayoutError, Speaker, Stance, StanceItem
from quotestance.stance.data import read_labelled
from quotestance.stance.inputs import labelled_items

SPEECH = "“We want talks,” Ana Ruiz said. “No,” said Bo Lind. “No,” said Ana Ruiz."


def test_table_of_quotations():
    lindau, quiet = read_corpus(FOLDERS["csv"])
    assert [parts(quotation) for quotation in lindau.quotations] == [
        ("direct", ["“We will talk,”"], ["Ilse Varga"], ["said"]),
        ("mixed", ["“a good sign”"], ["Tomas Reke"], ["called"]),
        ("indirect", ["the border would stay closed"], [], ["said"]),
    ]
    assert lindau.quotations[0].speaker == Speaker("Ilse Varga", "person")
    assert [q.stance for q in lindau.quotations] == [
        Stance.from_labels(["dialogue"]),
        Stance.from_labels(["dialogue", "de-escalation"]),
        Stance.from_labels([]),
    ]
    assert (lindau.id, dict(lindau.metadata)) == ("lindau", {"date": "2031-04-02"})
    assert (quiet.id, quiet.quotations) == ("quiet", ())


def test_table_with_texts_only(tmp_path):
    file = table(tmp_path, ["text", "title"], ["One.", "A"], ["", ""], ["Two.", "B"])
    documents = read_corpus(file)
    assert [(d.id, d.text, d.metadata["title"]) for d in documents] == [
        (2, "One.", "A"),
        (4, "Two.", "B"),
    ]


@pytest.mark.parametrize(("name", "delimiter"), [("t.tsv", "\t"), ("t.csv", ";"), ("t.csv", ",")])
def test_table_delimiters(tmp_path, name, delimiter):
    row = [SPEECH, "We want talks"]
    file = table(tmp_path, ["Text", "Quotation"], row, name=name, delimiter=delimiter)
    assert read_corpus(file)[0].quotations[0].text == "“We want talks,”"


def test_table_with_a_byte_order_mark(tmp_path):
    (tmp_path / "t.csv").write_bytes("\ufefftext\nHello.\n".encode())
    assert read_corpus(tmp_path / "t.csv")[0].text == "Hello."


def test_table_cells_may_be_long(tmp_path):
    text = "word " * 60_000
    limit = csv.field_size_limit()
    assert read_corpus(table(tmp_path, ["text"], [text]))[0].text == text
    assert csv.field_size_limit() == limit


def test_column_mapping(tmp_path):
    file = table(tmp_path, ["Artikel", "Zitat", "Wer"], [SPEECH, "We want talks", "Ana Ruiz"])
    mapping = {"Artikel": "text", "Zitat": "quotation", "Wer": "speaker"}
    (document,) = read_corpus(file, column_mapping=mapping)
    assert document.quotations[0].speaker == Speaker("Ana Ruiz")


def test_speaker_cells(tmp_path):
    header = ["text", "quotation", "speaker", "speaker_alternatives"]
    rows = [[SPEECH, "We want talks", "Ana Ruiz", "Ruiz | Ana"], [SPEECH, "No,", "", ""]]
    (document,) = read_corpus(table(tmp_path, header, *rows))
    first, second = document.quotations
    assert first.speaker.alternatives == ("Ruiz", "Ana")
    assert second.speaker == Speaker(None)


def test_the_same_words_take_place_after_place(tmp_path):
    rows = [[SPEECH, "No,", name] for name in ("Bo Lind", "Ana Ruiz")]
    file = table(tmp_path, ["text", "quotation", "source"], *rows)
    (document,) = read_corpus(file)
    places = [SPEECH.index("“No"), SPEECH.rindex("“No")]
    assert [quotation.start for quotation in document.quotations] == places
    assert [quotation.source[0].start for quotation in document.quotations] == [
        SPEECH.index("Bo Lind"),
        SPEECH.rindex("Ana Ruiz"),
    ]


def test_search_forgives_white_space_and_marks_only(tmp_path):
    text = "She called it “a\n  ‘small’ step” and nothing else, not no step."
    rows = [[text, "\"a 'small' step\""], [text, "no step"]]
    (document,) = read_corpus(table(tmp_path, ["text", "quotation"], *rows))
    assert texts(document.quotations[0].content) == ["“a\n  ‘small’ step”"]
    assert document.quotations[1].start == text.index("no step")


def test_part_of_a_quotation_gets_no_marks(tmp_path):
    file = table(tmp_path, ["text", "quotation"], [SPEECH, "We want"])
    (quotation,) = read_corpus(file)[0].quotations
    assert (quotation.text, quotation.kind) == ("We want", "mixed")


def test_parts_of_a_split_quotation(tmp_path):
    text = "“We came,” she said, “to talk.”"
    rows = [[text, "We came | to talk", "", ""], [text, "came|talk", "4|25", "8|29"]]
    (document,) = read_corpus(table(tmp_path, ["text", "quotation", "start", "end"], *rows))
    assert texts(document.quotations[0].content) == ["“We came,”", "“to talk.”"]
    assert texts(document.quotations[1].content) == ["came", "talk"]


def test_source_between_the_parts_or_around_them(tmp_path):
    text = "Ruiz spoke. “We came,” Ruiz said, “to Ruiz and talk.” So Ruiz left."
    header = ["text", "quotation", "source", "cue"]
    row = [text, "We came|to Ruiz and talk", "Ruiz", "said"]
    (quotation,) = read_corpus(table(tmp_path, header, row))[0].quotations
    assert quotation.source[0].start == text.index("Ruiz said")
    row = [text, "“We came,” Ruiz said, “to Ruiz and talk.”", "Ruiz", "spoke"]
    (quotation,) = read_corpus(table(tmp_path, header, row))[0].quotations
    assert quotation.source[0].start == text.index("Ruiz left")


HEADER = ["document", "text", "quotation", "start", "end", "kind", "source", "stance"]


@pytest.mark.parametrize(
    ("row", "messages"),
    [
        (["a", SPEECH, "We hate talks"], ["row 2: quotation 'We hate talks' does not occur"]),
        (["a", SPEECH, "We want|never"], ["quotation 'never' does not occur", "part before"]),
        (["a", SPEECH, "No,", "17"], ["row 2: end: '' is no whole number"]),
        (["a", SPEECH, "No,", "x", "9"], ["row 2: start: 'x' is no whole number"]),
        (["a", SPEECH, "No,", "1|2", "9"], ["row 2: start '1|2' and end '9' differ"]),
        (["a", SPEECH, "No,", "5", "900"], ["row 2: span [5, 900]"]),
        (["a", SPEECH, "No,", "1", "3"], ["row 2: at 1 to 3", "'We', not the quotation 'No,'"]),
        (["a", SPEECH, "No,", "", "", "oral"], ["row 2: kind 'oral' is not one of"]),
        (["a", SPEECH, "No,", "", "", "", "Bob"], ["row 2: source 'Bob' does not occur"]),
        (["a", SPEECH, "No,", "", "", "", "", "none, a"], ["row 2: stance 'none, a'"]),
        (["a", SPEECH, "", "", "", "", "Bo Lind"], ["row 2: source without a quotation"]),
        (["a", "", "No,"], ["row 2: text is empty"]),
        (["a", SPEECH, *[""] * 7], ["row 2: 9 cells under 8 columns", "double quotation marks"]),
    ],
)
def test_broken_rows_are_named(tmp_path, row, messages):
    file = table(tmp_path, HEADER, row)
    refused(file, f"{file}, ", *messages)


def test_quotation_in_more_rows_than_places(tmp_path):
    rows = [["a", SPEECH, "No,"]] * 3
    refused(table(tmp_path, HEADER, *rows), "row 4: quotation 'No,' occurs", "every place")


def test_two_texts_of_one_document(tmp_path):
    file = table(tmp_path, HEADER, ["a", "One."], ["a", "Two."])
    refused(file, "row 3: document 'a' has another text here")


@pytest.mark.parametrize(
    ("header", "mapping", "messages"),
    [
        (["Text body"], None, ["no column 'text' among Text body", "mapping={'COLUMN': 'text'}"]),
        (["text", "speaker"], None, ["no column 'quotation' among text, speaker"]),
        (["text", "text"], None, ["column 'text' stands twice"]),
        (["text", "a"], {"b": "quotation"}, ["names 'b', but the columns are text, a"]),
        (["text", "a"], {"a": "quote"}, ["'a' the name 'quote', but a column can be document"]),
        (["a", "b"], {"text": "a"}, ["text=a is the wrong way round", "comes first, a=text"]),
        (["text", "b"], {"text": "b"}, ["comes first, b=text"]),
        (["text", "a"], {"a": "text"}, ["t.csv", "text"]),
    ],
)
def test_columns_that_do_not_fit_are_named(tmp_path, header, mapping, messages):
    file = table(tmp_path, header, ["x"] * len(header))
    refused(file, *messages, column_mapping=mapping)


def test_table_without_rows(tmp_path):
    refused(table(tmp_path, ["text"]), "no rows under the header")


def test_unpaired_marks_in_a_cell(tmp_path):
    (tmp_path / "t.csv").write_text('text,quotation\n"“Yes,” she said,"Yes,"\n', "utf-8")
    refused(tmp_path / "t.csv", "t.csv, line 2", "doubled")


def test_mapping_columns_is_for_tables():
    refused(FOLDERS["citron"], "is for tables", "read as citron", column_mapping={"a": "text"})


@given(documents(), st.sampled_from([",", ";", "\t"]))
def test_table_round_trip(tmp_path_factory, document, delimiter):
    rows = [
        [
            document.text,
            "|".join(texts(quotation.content)),
            "|".join(str(span.start) for span in quotation.content),
            "|".join(str(span.end) for span in quotation.content),
        ]
        for quotation in document.quotations
    ]
    header = ["text", "quotation", "start", "end"]
    file = table(tmp_path_factory.mktemp("table"), header, *rows, delimiter=delimiter)
    (read,) = read_corpus(file)
    assert read.text == document.text
    assert [(q.kind, q.content, q.quoted) for q in read.quotations] == [
        (q.kind, q.content, q.quoted) for q in document.quotations
    ]


@given(
    st.lists(st.sampled_from(["a", "b", "née", "中", "don't"]), min_size=1, max_size=8),
    st.lists(st.sampled_from([" ", "\n", "  \n\n", "\xa0"]), min_size=9, max_size=9),
    st.integers(0, 7),
    st.integers(1, 8),
)
def test_searched_words_are_found(tmp_path_factory, words, spaces, start, length):
    chosen = words[start % len(words) :][:length]
    text = "".join(word + space for word, space in zip(words, spaces, strict=False)) + "said."
    row = [text.replace("'", "’"), " ".join(chosen)]
    file = table(tmp_path_factory.mktemp("table"), ["text", "quotation"], row)
    (quotation,) = read_corpus(file)[0].quotations
    assert quotation.text.replace("’", "'").split() == chosen


def test_labelled_items_of_a_table():
    (items, none) = (list(labelled_items(d)) for d in read_corpus(FOLDERS["csv"]))
    assert [item.stance.label for item in items] == ["dialogue", "dialogue", "none"]
    assert items[0].text == "“We will talk,”"
    assert items[0].after.startswith("Ilse Varga said.")
    assert none == []


def test_a_table_with_labels_holds_stance_items(tmp_path):
    rows = [["“No,”", "He said:", "pressure, dialogue"], ["“In May.”", "", "none"]]
    file = table(tmp_path, ["Zitat", "context", "Labels"], *rows)
    items = read_corpus(file, column_mapping={"Zitat": "text"})
    assert items == [
        StanceItem("“No,”", "He said:", "", Stance.from_labels(["pressure", "dialogue"]), 2),
        StanceItem("“In May.”", "", "", Stance.from_labels([]), 3),
    ]


@pytest.mark.parametrize("given", [{"label": "x, y"}, {"labels": ["x, y"]}])
def test_readers_agree_on_labels_in_jsonl(tmp_path, given):
    path = tmp_path / "items.jsonl"
    path.write_text(json.dumps({"text": "No", **given}) + "\n", "utf-8")
    (item,) = read_corpus(path)
    (learned,) = read_labelled(path)
    assert list(item.stance.labels) == learned.record["labels"] == ["x, y"]


def test_documents_may_have_a_label_of_their_own(tmp_path):
    path = tmp_path / "articles.jsonl"
    path.write_text('{"text": "No", "label": 3}\n', "utf-8")
    (document,) = read_corpus(path)
    assert document.metadata == {"label": 3}


def test_items_may_have_a_speaker(tmp_path):
    (item,) = read_corpus(table(tmp_path, ["text", "label", "speaker"], ["No", "x", "Bo Lind"]))
    assert item.metadata == {"speaker": "Bo Lind"}


def test_a_single_label_is_taken_as_training_takes_it(tmp_path):
    file = table(tmp_path, ["text", "label"], ["“No,”", "ja, bitte"])
    (item,) = read_corpus(file)
    (learned,) = read_labelled(file)
    assert list(item.stance.labels) == learned.record["labels"] == ["ja, bitte"]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (["“No”", ""], r"row 2: label is empty: write none"),
        (["", "pressure"], r"row 2: text is empty"),
        (["“No”", "none, pressure"], r"row 2: labels .* holds 'none' beside other labels"),
    ],
)
def test_broken_rows_of_stance_items_are_refused(tmp_path, row, message):
    with pytest.raises(LayoutError, match=message):
        read_corpus(table(tmp_path, ["text", "labels"], row))
