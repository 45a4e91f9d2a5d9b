"""What all readers have in common: which one reads a file, and what they refuse."""

import pytest
from corpus_samples import FOLDERS, SAMPLES, copied, refused

from quotestance import read_corpus
from quotestance.corpora import format_of
from quotestance.corpora.reading import MarkedText
from quotestance.document import Document, Quotation, Span


@pytest.mark.parametrize("name", FOLDERS)
def test_samples_become_documents_that_survive_jsonl(name):
    documents = read_corpus(FOLDERS[name], name)
    assert any(document.quotations for document in documents)
    for document in documents:
        assert Document.from_json(document.to_json()).to_dict() == document.to_dict()
        starts = [quotation.start for quotation in document.quotations]
        assert starts == sorted(starts)


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


def test_hidden_files_are_passed_over(tmp_path):
    folder = copied("citron", tmp_path)
    (folder / "._lindau.json").write_bytes(b"\x00\x05")
    assert len(read_corpus(folder)) == 1


@pytest.mark.parametrize("name", ["polnear", "pdnc", "litbank", "citron", "csv", "directquote"])
def test_other_encodings_are_refused(tmp_path, name):
    folder = copied(name, tmp_path)
    for file in folder.rglob("*"):
        if file.is_file():
            file.write_bytes(b"Ren\xe9 said" + file.read_bytes())
    refused(folder, "no UTF-8 (byte 3 is 0xe9): save the file again as UTF-8", format=name)


def test_marks_around_a_content_tell_its_kind():
    marked = MarkedText("“We want peace and nothing else,” she said.")
    clipped = Span.of(marked.text, 1, 31)
    quotation = marked.quotation([clipped])
    assert isinstance(quotation, Quotation)
    assert (quotation.kind, quotation.quoted) == ("direct", ())
