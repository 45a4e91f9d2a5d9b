"""DirectQuote's labelled tokens: a token and its label a line, blank lines between paragraphs.

DirectQuote (Zhang and Liu 2022, https://github.com/THUNLP-MT/DirectQuote) labels words parted by
white space in the layout of CoNLL 2003, in which the first column is the token, the last its label
(here columns are parted by any white space)::

    “We I-LeftSpeaker
    agree.” I-LeftSpeaker

Labels are ``LeftSpeaker``, ``RightSpeaker`` and ``Unknown`` for quotations, ``Speaker``, and
``O`` or ``Out``; ``I-`` and ``B-`` before them as in IOB1, where ``B-`` starts a span that
follows another with the same label. The source of a quotation is the nearest speaker to the left,
or to the right, in its paragraph. Each paragraph is a document; its text is the tokens with a
space between them.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from quotestance.corpora.reading import MarkedText, files, located, read_text, shortened
from quotestance.document import Document, LayoutError, Span

ENDINGS = (".txt", ".conll", ".iob", ".bio", ".tsv")

_QUOTATIONS = ("LeftSpeaker", "RightSpeaker", "Unknown")
_LABELS = (*_QUOTATIONS, "Speaker")
_OUTSIDE = ("O", "Out")
_NEW_ARTICLE = "-DOCSTART-"

Labelled = tuple[str, str, bool]
"""A token, its label ("" outside) and whether a span starts there in any case."""


def read(path: str | Path) -> list[Document]:
    """The paragraphs of a file, or of the files in a folder and its subfolders.

    A paragraph's id is the name of the file without the ending and the paragraph's number.
    """
    documents = []
    for file in files(path, *ENDINGS):
        for number, paragraph in enumerate(_paragraphs(file), 1):
            documents.append(_document(paragraph, f"{file.stem}:{number}"))
    return documents


def _paragraphs(file: Path) -> Iterator[list[Labelled]]:
    paragraph: list[Labelled] = []
    for number, line in enumerate(read_text(file).removeprefix("\ufeff").split("\n"), 1):
        columns = line.split()
        if columns and columns[0] != _NEW_ARTICLE:
            with located(f"{file}, line {number}"):
                paragraph.append(_labelled(columns))
        elif paragraph:
            yield paragraph
            paragraph = []
    if paragraph:
        yield paragraph


def _labelled(columns: list[str]) -> Labelled:
    if len(columns) < 2:
        raise LayoutError(f"{shortened(columns[0])} has no label in a second column")
    prefix, dash, label = columns[-1].partition("-")
    if not dash:
        prefix, label = "I", columns[-1]
    if label in _OUTSIDE:
        return columns[0], "", False
    if prefix not in ("B", "I") or label not in _LABELS:
        raise LayoutError(
            f"label {columns[-1]!r} is not one of {', '.join((*_LABELS, *_OUTSIDE))}, with B- or "
            "I- before it or without"
        )
    return columns[0], label, prefix == "B"


def _document(paragraph: list[Labelled], name: str) -> Document:
    marked = MarkedText(" ".join(token for token, _, _ in paragraph))
    ranges: list[tuple[str, int, int]] = []
    offset, previous = 0, ""
    for token, label, starts in paragraph:
        end = offset + len(token)
        if label and label == previous and not starts:
            ranges[-1] = (label, ranges[-1][1], end)
        elif label:
            ranges.append((label, offset, end))
        offset, previous = end + 1, label
    spans = [(label, Span.of(marked.text, start, end)) for label, start, end in ranges]
    speakers = [span for label, span in spans if label == "Speaker"]
    quotations = tuple(
        marked.quotation([span], _source(label, span, speakers), kind="direct")
        for label, span in spans
        if label in _QUOTATIONS
    )
    return Document(marked.text, quotations, name)


def _source(label: str, quotation: Span, speakers: list[Span]) -> list[Span]:
    if label == "LeftSpeaker":
        return [speaker for speaker in speakers if speaker.end <= quotation.start][-1:]
    if label == "RightSpeaker":
        return [speaker for speaker in speakers if speaker.start >= quotation.end][:1]
    return []
