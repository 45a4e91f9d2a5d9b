"""LitBank's quotations: ``.ann`` (or ``.tsv``) lines beside a tokenised text.

LitBank (Sims and Bamman 2020, https://github.com/dbamman/litbank, ``quotations/tsv``) has a
text with a sentence a line and a space between tokens, and lines of two sorts, parted by tabs::

    QUOTE⇥Q1⇥0⇥0⇥1⇥4⇥“ We will talk . And soon . ”
    ATTRIB⇥Q1⇥Ilse_Varga-3

A QUOTE counts from 0: the sentence and the token where it starts, the sentence and the token
where it ends (inclusive). An ATTRIB names the speaker by a mention, which may be "the girl" or
"I", with the entity's number behind. Source and cue are not annotated and stay empty; the kind is
direct.

The document's text is that of the tokens with the spaces that print has, in one paragraph:
quotation marks between spaces say neither that they open nor that they close.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from quotestance.corpora.reading import (
    MarkedText,
    files,
    is_offset,
    located,
    read_text,
    same_words,
    shortened,
)
from quotestance.document import Document, LayoutError, Span, Speaker

ENDINGS = (".ann", ".tsv")

_NO_SPACE_BEFORE = re.compile(r"[,.;:!?…%)\]}”’»]+|['’](?:s|m|d|re|ve|ll|t)|n['’]t", re.IGNORECASE)
_NO_SPACE_BEHIND = frozenset("“‘«([{$£")
_STRAIGHT = '"'
_ENTITY_NUMBER = re.compile(r"-\d+$")

Range = tuple[int, int]


class _Quote(NamedTuple):
    """A QUOTE line: its number, (sentence, token) of both ends, and its words."""

    line: int
    first: Range
    last: Range
    words: str


def read(path: str | Path) -> list[Document]:
    """The documents of a file with annotations, or of a folder and its subfolders.

    The text of ``NAME.ann`` is ``NAME.txt`` beside it; the id is the name without the ending.
    """
    return [_document(file) for file in files(path, *ENDINGS)]


def _document(file: Path) -> Document:
    place = file.with_suffix(".txt")
    if not place.is_file():
        raise LayoutError(f"{file}: its text is missing; put it at {place}")
    sentences = [line.split() for line in read_text(place).split("\n")]
    quotes, speakers = _annotations(file)
    for name, quote in quotes.items():
        for sentence, token in (quote.first, quote.last):
            if sentence >= len(sentences) or token >= len(sentences[sentence]):
                raise LayoutError(
                    f"{file}, line {quote.line}: {name}: the text has no token {token} in sentence "
                    f"{sentence} (both count from 0): is it the tokenised text, with a sentence "
                    "a line?"
                )
    text, ranges = _printed(sentences, quotes.values())
    marked = MarkedText(text)
    quotations = []
    for name, quote in quotes.items():
        with located(f"{file}, line {quote.line}: {name}"):
            span = Span.of(text, ranges[quote.first][0], ranges[quote.last][1])
            if not same_words(span.text, quote.words):
                raise LayoutError(
                    f"there stands {shortened(span.text)}, not {shortened(quote.words)}: is it "
                    "the text these annotations were made on?"
                )
        quotations.append(marked.quotation([span], kind="direct", speaker=speakers.get(name)))
    quotations.sort(key=lambda quotation: quotation.start)
    return Document(text, tuple(quotations), file.stem)


def _annotations(file: Path) -> tuple[dict[str, _Quote], dict[str, Speaker]]:
    """The quotes and their speakers by the quote's id."""
    quotes: dict[str, _Quote] = {}
    speakers: dict[str, Speaker] = {}
    for number, line in enumerate(read_text(file).split("\n"), 1):
        sort, *fields = line.rstrip("\r").split("\t")
        with located(f"{file}, line {number}"):
            if sort == "QUOTE" and len(fields) == 6:
                name, *places, words = fields
                if not all(map(is_offset, places)):
                    raise LayoutError(f"{name}: {places} are no numbers of sentences and tokens")
                first, first_token, last, last_token = map(int, places)
                quotes[name] = _Quote(number, (first, first_token), (last, last_token), words)
            elif sort == "ATTRIB" and len(fields) == 2:
                if fields[0] not in quotes:
                    raise LayoutError(f"ATTRIB names {fields[0]}, and no QUOTE above has that id")
                mention = _ENTITY_NUMBER.sub("", fields[1]).replace("_", " ").strip()
                speakers[fields[0]] = Speaker(mention or None)
            elif line.strip():
                raise LayoutError(
                    f"{shortened(line)} is neither QUOTE with 6 fields nor ATTRIB with 2, "
                    "parted by tabs"
                )
    return quotes, speakers


def _printed(
    sentences: list[list[str]], quotes: Iterable[_Quote]
) -> tuple[str, dict[Range, Range]]:
    """The text as it was printed; start and end there of each (sentence, token)."""
    quotes = list(quotes)
    opening, closing = {quote.first for quote in quotes}, {quote.last for quote in quotes}
    pieces: list[str] = []
    ranges: dict[Range, Range] = {}
    length = 0
    glued = True  # does the next token follow without a space?
    inside = False  # of straight marks, which open and close in turn but for what QUOTE says
    for sentence, tokens in enumerate(sentences):
        for number, token in enumerate(tokens):
            place = sentence, number
            straight = token == _STRAIGHT
            closes = straight and place not in opening and (inside or place in closing)
            if not (glued or closes or _NO_SPACE_BEFORE.fullmatch(token)):
                pieces.append(" ")
                length += 1
            ranges[place] = length, length + len(token)
            pieces.append(token)
            length += len(token)
            inside = not closes if straight else inside
            glued = token in _NO_SPACE_BEHIND or (straight and not closes)
    return "".join(pieces), ranges
