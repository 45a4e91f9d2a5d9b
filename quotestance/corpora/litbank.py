"""LitBank's quotations: ``.ann`` (or ``.tsv``) lines beside a tokenised text.

LitBank (Sims and Bamman 2020, https://github.com/dbamman/litbank, ``quotations/tsv``) has a
text with a sentence a line and a space between tokens, and lines of two sorts, parted by tabs::

    QUOTE⇥Q1⇥0⇥0⇥1⇥4⇥“ We will talk . And soon . ”
    ATTRIB⇥Q1⇥Ilse_Varga-3

A QUOTE counts from 0: the sentence and the token where it starts, the sentence and the token
where it ends (inclusive). An ATTRIB names the speaker, with an entity's number behind. Source
and cue are not annotated and stay empty; the kind is direct.

The document's text is that of the tokens with the spaces that print has, in one paragraph:
quotation marks between spaces say neither that they open nor that they close.
"""

from __future__ import annotations

import re
from pathlib import Path

from quotestance.corpora.reading import (
    MarkedText,
    files,
    located,
    read_text,
    same_words,
    shortened,
)
from quotestance.document import Document, LayoutError, Quotation, Span, Speaker

ENDINGS = (".ann", ".tsv")

_NO_SPACE_BEFORE = re.compile(r"[,.;:!?…%)\]}”’»]+|['’](?:s|m|d|re|ve|ll|t)|n['’]t", re.IGNORECASE)
_NO_SPACE_BEHIND = frozenset("“‘«([{$£")
_STRAIGHT = '"'
_ENTITY_NUMBER = re.compile(r"-\d+$")

Range = tuple[int, int]


def read(path: str | Path) -> list[Document]:
    """The documents of a file with annotations, or of a folder and its subfolders.

    The text of ``NAME.ann`` is ``NAME.txt`` beside it; the id is the name without the ending.
    """
    return [_document(file) for file in files(path, *ENDINGS)]


def _document(file: Path) -> Document:
    place = file.with_suffix(".txt")
    if not place.is_file():
        raise LayoutError(f"{file}: its text is missing; put it at {place}")
    text, sentences = _printed([line.split() for line in read_text(place).split("\n")])
    marked = MarkedText(text)
    spans: dict[str, Span] = {}
    speakers: dict[str, Speaker] = {}
    for number, line in enumerate(read_text(file).split("\n"), 1):
        sort, *fields = line.rstrip("\r").split("\t")
        with located(f"{file}, line {number}"):
            if sort == "QUOTE" and len(fields) == 6:
                spans[fields[0]] = _span(fields, sentences, marked.text)
            elif sort == "ATTRIB" and len(fields) == 2:
                if fields[0] not in spans:
                    raise LayoutError(f"ATTRIB names {fields[0]}, and no QUOTE above has that id")
                name = _ENTITY_NUMBER.sub("", fields[1]).replace("_", " ").strip()
                speakers[fields[0]] = Speaker(name or None)
            elif line.strip():
                raise LayoutError(
                    f"{shortened(line)} is neither QUOTE with 6 fields nor ATTRIB with 2, "
                    "parted by tabs"
                )
    quotations = sorted(
        (_quotation(marked, span, speakers.get(name)) for name, span in spans.items()),
        key=lambda quotation: quotation.start,
    )
    return Document(marked.text, tuple(quotations), file.stem)


def _quotation(marked: MarkedText, span: Span, speaker: Speaker | None) -> Quotation:
    return marked.quotation([span], kind="direct", speaker=speaker)


def _printed(sentences: list[list[str]]) -> tuple[str, list[list[Range]]]:
    """The text as it was printed, and start and end of the tokens of each sentence."""
    pieces: list[str] = []
    ranges: list[list[Range]] = []
    length = 0
    glued, inside = True, False  # does the next token follow without a space? within "..."?
    for sentence in sentences:
        ranges.append([])
        for token in sentence:
            closes = token == _STRAIGHT and inside
            if not (glued or closes or _NO_SPACE_BEFORE.fullmatch(token)):
                pieces.append(" ")
                length += 1
            ranges[-1].append((length, length + len(token)))
            pieces.append(token)
            length += len(token)
            inside ^= token == _STRAIGHT
            glued = token in _NO_SPACE_BEHIND or (token == _STRAIGHT and inside)
    return "".join(pieces), ranges


def _span(fields: list[str], sentences: list[list[Range]], text: str) -> Span:
    name, *places, words = fields
    if not all(place.isdecimal() for place in places):
        raise LayoutError(f"{name}: {places} are no numbers of sentences and tokens")
    first, first_token, last, last_token = map(int, places)
    for sentence, token in ((first, first_token), (last, last_token)):
        if sentence >= len(sentences) or token >= len(sentences[sentence]):
            raise LayoutError(
                f"{name}: the text has no token {token} in sentence {sentence} (both count from "
                "0): is it the tokenised text, with a sentence a line?"
            )
    with located(name):
        span = Span.of(text, sentences[first][first_token][0], sentences[last][last_token][1])
    if not same_words(span.text, words):
        raise LayoutError(
            f"{name}: there stands {shortened(span.text)}, not {shortened(words)}: is it the "
            "text these annotations were made on?"
        )
    return span
