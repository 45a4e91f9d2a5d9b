"""The readers, on samples in their formats about invented people, and on broken ones."""

import csv
import io
import json
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotestance import read_corpus
from quotestance.corpora import FORMATS, format_of
from quotestance.corpora.reading import MarkedText
from quotestance.document import Document, LayoutError, Quotation, Span, Speaker, Stance, StanceItem
from quotestance.stance.data import read_labelled
from quotestance.stance.inputs import labelled_items

SAMPLES = Path(__file__).parent / "samples"
FOLDERS = {name: SAMPLES / name for name in FORMATS if name not in ("jsonl", "csv")}
FOLDERS["csv"] = SAMPLES / "tables"


@pytest.fixture
def sample(tmp_path):
    """Copies a sample to change it: the folder, and a function that edits a file in it."""

    def copy(name):
        return Path(shutil.copytree(FOLDERS[name], tmp_path / name))

    return copy


def edit(file, old, new):
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")


def texts(spans):
    return [span.text for span in spans]


def parts(quotation):
    return (
        quotation.kind,
        texts(quotation.content),
        texts(quotation.source),
        texts(quotation.cue),
    )


def refused(path, *messages, **settings):
    with pytest.raises(LayoutError) as caught:
        read_corpus(path, **settings)
    for message in messages:
        assert message in str(caught.value)


@pytest.mark.parametrize("name", FOLDERS)
def test_samples_become_documents_that_survive_jsonl(name):
    documents = read_corpus(FOLDERS[name], name)
    assert any(document.quotations for document in documents)
    for document in documents:
        assert Document.from_json(document.to_json()).to_dict() == document.to_dict()
        starts = [quotation.start for quotation in document.quotations]
        assert starts == sorted(starts)


# Formats by name


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("pdnc", "pdnc"),
        ("pdnc/TheLateFerry/quotation_info.csv", "pdnc"),
        ("citron", "citron"),
        ("tables/quotations.csv", "csv"),
        ("tables", "csv"),
        ("no_such_file", "jsonl"),
        ("gold.jsonl", "jsonl"),
    ],
)
def test_format_is_told_by_names(path, expected):
    assert format_of(SAMPLES / path) == expected


@pytest.mark.parametrize("path", ["polnear", "litbank/9001_the_glass_harbour_brat.ann"])
def test_annotations_of_two_formats_need_a_name(path):
    refused(SAMPLES / path, "may be polnear or litbank", "e.g. format='polnear'", "--from")


def test_folder_of_several_formats_needs_a_name():
    refused(SAMPLES, "citron or polnear or litbank or pdnc: name the format")


def test_folder_that_tells_no_format(tmp_path):
    (tmp_path / "a.md").write_text("a", "utf-8")
    refused(tmp_path, "holds no file whose name tells one: name the format")


def test_unknown_format_is_refused():
    refused(SAMPLES / "citron", "'brat' is not one of", "polnear", format="brat")


def test_folder_without_files_of_the_format():
    refused(SAMPLES / "citron", "no files .ann in this folder", format="polnear")


def test_hidden_files_are_passed_over(sample):
    folder = sample("citron")
    (folder / "._lindau.json").write_bytes(b"\x00\x05")
    assert len(read_corpus(folder)) == 1


@pytest.mark.parametrize("name", ["polnear", "pdnc", "litbank", "citron", "csv", "directquote"])
def test_other_encodings_are_refused(sample, name):
    folder = sample(name)
    for file in folder.rglob("*"):
        if file.is_file():
            file.write_bytes(b"Ren\xe9 said" + file.read_bytes())
    refused(folder, "no UTF-8 (byte 3 is 0xe9): save the file again as UTF-8", format=name)


# PolNeAR


def test_polnear_events_become_quotations():
    (document,) = read_corpus(FOLDERS["polnear"], "polnear")
    assert document.id == "kestria_border_a1b2"
    assert [parts(quotation) for quotation in document.quotations] == [
        ("indirect", ["border plan"], ["Kestria"], ["rejects"]),
        (
            "direct",
            ["“We will not sign,”", "“Ostmark knows why.”"],
            ["Foreign Minister Ilse Varga"],
            ["said"],
        ),
        ("mixed", ["the plan “a map of the past”"], ["She"], ["called"]),
        ("indirect", ["that talks might fail"], ["She"], ["warned"]),
        ("indirect", ["Talks", "to resume in Lindau"], [], ["are expected"]),
    ]
    assert all(quotation.speaker is None for quotation in document.quotations)


def test_polnear_text_beside_its_annotations(sample):
    folder = sample("polnear")
    (annotations,) = folder.rglob("*.ann")
    (text,) = folder.rglob("*.txt")
    (folder / "a.ann").write_bytes(annotations.read_bytes())
    (folder / "a.txt").write_bytes(text.read_bytes())
    (document,) = read_corpus(folder / "a.ann", "polnear")
    assert document.id == "a"
    assert len(document.quotations) == 5


def test_polnear_is_named_by_its_annotations():
    text = FOLDERS["polnear"] / "text" / "kestria_border.txt"
    refused(text, "name the file with the annotations, kestria_border.ann", format="polnear")


def brat(tmp_path, text, *lines):
    (tmp_path / "a.txt").write_bytes(text.encode())
    (tmp_path / "a.ann").write_text("".join(f"{line}\n" for line in lines), "utf-8")
    return tmp_path / "a.ann"


def test_polnear_roles_that_occur_again(tmp_path):
    file = brat(
        tmp_path,
        "“No,” she said. “Never.”",
        "T1\tContent 0 5\t“No,”",
        "T2\tContent 16 24\t“Never.”",
        "T3\tAttribution 10 14\tsaid",
        "E1\tAttribution:T3 Content:T1 Content2:T2 Addressee:T9",
    )
    ((quotation,),) = (document.quotations for document in read_corpus(file, "polnear"))
    assert texts(quotation.content) == ["“No,”", "“Never.”"]


def test_polnear_line_ends_count_as_they_are(tmp_path):
    file = brat(
        tmp_path,
        "A\r\nB “yes”",
        "T1\tContent 5 10\t“yes”",
        "T2\tAttribution 3 4\tB",
        "E1\tAttribution:T2 Content:T1",
    )
    (document,) = read_corpus(file, "polnear")
    assert texts(document.quotations[0].content) == ["“yes”"]


def test_polnear_attribution_without_content_is_no_quotation(tmp_path):
    file = brat(tmp_path, "She spoke.", "T1\tAttribution 4 9\tspoke", "E1\tAttribution:T1")
    assert read_corpus(file, "polnear")[0].quotations == ()


@pytest.mark.parametrize(
    ("lines", "messages"),
    [
        (["T1\tContent 0 99\tShe"], ["a.ann, line 1: T1", "[0, 99]", "outside the text"]),
        (["T1\tContent 3 3\tShe"], ["line 1: T1", "empty"]),
        (["T1\tContent x 3\tShe"], ["line 1: T1: 'x 3' are no offsets", "START END"]),
        (["T1\tContent 0 3;\tShe"], ["line 1: T1", "no offsets"]),
        (["T1\tContent 0 3\tHe"], ["line 1: T1: at 0 3", "'She', not 'He'", "was changed"]),
        (["T1 Content 0 3 She"], ["line 1: no tab"]),
        (["T1\tContent 0 3\tShe", "E1\tSaid:T2 Content:T1 Cue:T7"], ["line 2", "Cue:T7", "T7"]),
        (["T1\tContent 0 3\tShe", "E1\tSaid:T2 Content"], ["line 2", "'Content' is no argument"]),
        (["T1\tContent 0 3\tShe"], ["no events", "E1"]),
    ],
)
def test_broken_standoff_is_named(tmp_path, lines, messages):
    refused(brat(tmp_path, "She spoke.", *lines), *messages, format="polnear")


def test_polnear_without_its_text(sample):
    folder = sample("polnear")
    shutil.rmtree(folder / "text")
    refused(
        folder,
        "kestria_border_a1b2.ann: its text is missing",
        "kestria_border.txt",
        format="polnear",
    )


WORDS = st.text(alphabet='ab “”"é中𝄞\n', min_size=1, max_size=12).filter(str.strip)


@st.composite
def documents(draw):
    """Documents whose quotations have several parts, a source and a cue."""
    pieces = draw(st.lists(WORDS, min_size=4, max_size=12))
    text, spans = "", []
    for piece in pieces:
        spans.append((len(text), len(text) + len(piece)))
        text += piece + draw(st.sampled_from(["", " ", "\n\n"]))
    spans = [Span.of(text, *pair) for pair in spans]
    marked = MarkedText(text)
    quotations = []
    while len(spans) >= 4:
        content = [spans.pop(0)] + ([spans.pop(0)] if draw(st.booleans()) else [])
        quotations.append(marked.quotation(content, [spans.pop(0)], [spans.pop(0)]))
    return Document(text, tuple(quotations), "a")


def as_brat(document):
    lines = []
    for number, quotation in enumerate(document.quotations):
        names = {}
        for name, spans in (
            ("Content", quotation.content),
            ("Source", quotation.source),
            ("Cue", quotation.cue),
        ):
            names[name] = f"T{len(lines)}"
            offsets = ";".join(f"{span.start} {span.end}" for span in spans)
            words = " ".join(span.text for span in spans).replace("\n", " ")
            lines.append(f"{names[name]}\t{name} {offsets}\t{words}")
        arguments = " ".join(f"{name}:{target}" for name, target in names.items())
        lines.insert(0, f"E{number}\tAttribution:{names['Cue']} {arguments}")
    return lines


@given(documents())
def test_brat_round_trip(tmp_path_factory, document):
    file = brat(tmp_path_factory.mktemp("brat"), document.text, *as_brat(document))
    assert read_corpus(file, "polnear") == [document]


# PDNC


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


def test_pdnc_without_characters_has_no_aliases(sample):
    folder = sample("pdnc")
    (folder / "TheLateFerry" / "character_info.csv").unlink()
    (document,) = read_corpus(folder)
    assert document.quotations[0].speaker == Speaker("Maren Oll")


def test_pdnc_line_ends_count_one(sample):
    folder = sample("pdnc")
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
def test_broken_pdnc_is_named(sample, old, new, messages):
    folder = sample("pdnc")
    file = folder / "TheLateFerry" / "quotation_info.csv"
    edit(file, old, new)
    refused(folder, str(file), *messages)


def test_pdnc_without_the_novel(sample):
    folder = sample("pdnc")
    (folder / "TheLateFerry" / "novel_text.txt").unlink()
    refused(folder, "the novel's text is missing", "novel_text.txt")


# LitBank


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


def test_litbank_without_its_text(sample):
    folder = sample("litbank")
    next(folder.glob("*.txt")).unlink()
    refused(folder, "brat.ann: its text is missing", "brat.txt", format="litbank")


# Citron


def test_citron_quotes_and_the_speakers_of_coreferences():
    (document,) = read_corpus(FOLDERS["citron"])
    assert document.id == "lindau"
    assert [parts(quotation) for quotation in document.quotations] == [
        ("direct", ["“We trust Ostmark,”"], ["he"], ["said"]),
        ("indirect", ["that the border would stay open"], ["he"], ["adding"]),
    ]
    first, second = document.quotations
    assert first.speaker.name == "Tomas Reke"
    assert texts(first.speaker.mentions) == ["Tomas Reke", "he"]
    assert second.speaker is None
    assert "coreference_groups" in document.metadata


GOOD = {"text": "“Yes,” he said.", "quotes": [{"cue": None, "contents": [{"start": 0, "end": 6}]}]}


@pytest.mark.parametrize(
    ("change", "messages"),
    [
        ({"text": 1}, ["a.json: no JSON object with a string", "text"]),
        ({"quotes": None}, ['a.json: field "quotes" is missing']),
        ({"quotes": ["x"]}, ["quotes[0]: must be an object"]),
        ({"quotes": [{}]}, ["quotes[0]: content is empty"]),
        ({"quotes": [{"contents": {}}]}, ["quotes[0]: contents must be a list"]),
        ({"quotes": [{"contents": [{"start": 0}]}]}, ["quotes[0]: contents", "start and end"]),
        ({"quotes": [{"contents": [{"start": 0, "end": 77}]}]}, ["contents: span [0, 77]"]),
        (
            {"quotes": [{"contents": [{"start": 0, "end": 5, "text": "“Yes,”"}]}]},
            ["contents: at [0, 5]", "'“Yes,', not '“Yes,”'", "code points"],
        ),
    ],
)
def test_broken_citron_is_named(tmp_path, change, messages):
    file = tmp_path / "a.json"
    file.write_text(json.dumps(GOOD), "utf-8")
    assert read_corpus(file)[0].quotations[0].text == "“Yes,”"
    file.write_text(json.dumps({**GOOD, **change}), "utf-8")
    refused(file, *messages)


def test_json_lines_in_a_json_file_are_no_citron(tmp_path):
    (tmp_path / "a.json").write_text('{"text": "a"}\n{"text": "b"}\n', "utf-8")
    refused(tmp_path / "a.json", "a.json: no valid JSON", "the format jsonl")


# DirectQuote


def test_directquote_paragraphs_and_nearest_speakers():
    first, second = read_corpus(FOLDERS["directquote"], "directquote")
    assert (first.id, second.id) == ("sample:1", "sample:2")
    assert first.text == "In Lindau, Ilse Varga said: “We will wait.”"
    assert parts(first.quotations[0]) == ("direct", ["“We will wait.”"], ["Ilse Varga"], [])
    assert [parts(quotation) for quotation in second.quotations] == [
        ("direct", ["“Never,”"], ["Tomas Reke"], []),
        ("direct", ["“Not now.”"], ["Tomas Reke"], []),
        ("direct", ["“Go home!”"], [], []),
    ]


@pytest.mark.parametrize(
    ("line", "messages"),
    [
        ("word", ["d.txt, line 2: 'word' has no label"]),
        ("word B-Content", ["d.txt, line 2: label 'B-Content' is not one of LeftSpeaker"]),
        ("word S-Speaker", ["label 'S-Speaker'"]),
    ],
)
def test_broken_directquote_is_named(tmp_path, line, messages):
    (tmp_path / "d.txt").write_text(f"In Out\n{line}\n", "utf-8")
    refused(tmp_path / "d.txt", *messages, format="directquote")


# Tables


def table(tmp_path, header, *rows, name="t.csv", delimiter=","):
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=delimiter).writerows([header, *rows])
    (tmp_path / name).write_bytes(buffer.getvalue().encode())
    return tmp_path / name


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


# Training data for stance


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


def test_marks_around_a_content_tell_its_kind():
    marked = MarkedText("“We want peace and nothing else,” she said.")
    clipped = Span.of(marked.text, 1, 31)
    quotation = marked.quotation([clipped])
    assert isinstance(quotation, Quotation)
    assert (quotation.kind, quotation.quoted) == ("direct", ())
