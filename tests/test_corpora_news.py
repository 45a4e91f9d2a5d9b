"""The readers of news corpora, on samples about invented people, and on broken ones."""

import json
import shutil

import pytest
from corpus_samples import FOLDERS, brat, copied, documents, parts, refused, texts
from hypothesis import given

from quotestance import read_corpus


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


def test_polnear_text_beside_its_annotations(tmp_path):
    folder = copied("polnear", tmp_path)
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


def test_polnear_without_its_text(tmp_path):
    folder = copied("polnear", tmp_path)
    shutil.rmtree(folder / "text")
    refused(
        folder,
        "kestria_border_a1b2.ann: its text is missing",
        "kestria_border.txt",
        format="polnear",
    )


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
