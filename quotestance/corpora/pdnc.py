"""The Project Dialogism Novel Corpus: a folder a novel, ``quotation_info.csv`` its quotations.

Of PDNC (Vishnubhotla, Hammond, Hirst 2022,
https://github.com/Priya22/project-dialogism-novel-corpus) are read the columns
``quoteByteSpans`` (``[[start, end], ...]``, which count characters of ``novel_text.txt``),
``subQuotationList`` (the words at these places) and ``speaker``; the aliases of the speaker in
``character_info.csv``, where it is there, are other right answers. The spans stand inside the
quotation marks; the marks are added. ``referringExpression`` has no place in the text, so that
source and cue are empty; the kind is direct. Speakers without a name (``_narr``, ``_group``,
``_unknowable``) are null.
"""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

from quotestance.corpora import tables
from quotestance.corpora.reading import (
    MarkedText,
    files,
    located,
    read_text,
    same_words,
    shortened,
)
from quotestance.document import Document, LayoutError, Quotation, Span, Speaker

QUOTATIONS = "quotation_info.csv"

_TEXT = "novel_text.txt"
_CHARACTERS = "character_info.csv"
_COLUMNS = ("quoteByteSpans", "subQuotationList", "speaker")


def read(path: str | Path) -> list[Document]:
    """The novels of a folder and its subfolders; the id is the name of the novel's folder."""
    return [_document(file) for file in files(path, QUOTATIONS)]


def _document(file: Path) -> Document:
    novel = file.with_name(_TEXT)
    if not novel.is_file():
        raise LayoutError(f"{file}: the novel's text is missing; put it at {novel}")
    # The spans were counted with every line end as one character.
    text = read_text(novel).replace("\r\n", "\n").replace("\r", "\n")
    marked, aliases = MarkedText(text), _aliases(file.with_name(_CHARACTERS))
    quotations = []
    for number, row in tables.rows(file):
        with located(f"{file}, row {number}"):
            _check_columns(row, _COLUMNS)
            quotations.append(_quotation(row, marked, aliases))
    quotations.sort(key=lambda quotation: quotation.start)
    return Document(text, tuple(quotations), file.absolute().parent.name)


def _quotation(row: tables.Row, marked: MarkedText, aliases: dict[str, list[str]]) -> Quotation:
    parts = _literal(row, "subQuotationList")
    pairs = _literal(row, "quoteByteSpans")
    if len(parts) != len(pairs):
        raise LayoutError(f"quoteByteSpans has {len(pairs)} spans, subQuotationList {len(parts)}")
    content = []
    for pair, words in zip(pairs, parts, strict=True):
        if not (isinstance(pair, list) and [type(offset) for offset in pair] == [int, int]):
            raise LayoutError(f"quoteByteSpans: {pair!r} is no [start, end] pair")
        with located("quoteByteSpans"):
            span = Span.of(marked.text, *pair)
        if not same_words(span.text, str(words)):
            raise LayoutError(
                f"quoteByteSpans: at {pair} of {_TEXT} stands {shortened(span.text)}, not "
                f"{shortened(str(words))}: take both files from one version of the corpus"
            )
        content.append(_stripped(marked.with_marks(span), marked.text))
    name = row["speaker"].strip()
    speaker = Speaker(name, alternatives=tuple(aliases.get(name, ())))
    if not name or name.startswith("_"):
        speaker = Speaker(None, unknown_reason=f"the corpus names no speaker ({name or 'empty'})")
    return marked.quotation(content, kind="direct", speaker=speaker)


def _stripped(span: Span, text: str) -> Span:
    """The span without white space at its ends."""
    start = span.start + len(span.text) - len(span.text.lstrip())
    return Span.of(text, start, span.start + len(span.text.rstrip()))


def _aliases(file: Path) -> dict[str, list[str]]:
    """Other names of each character by the main name; none without the file."""
    if not file.is_file():
        return {}
    aliases = {}
    for number, row in tables.rows(file):
        with located(f"{file}, row {number}"):
            _check_columns(row, ("Main Name", "Aliases"))
            name = row["Main Name"].strip()
            aliases[name] = sorted({str(alias) for alias in _literal(row, "Aliases")} - {name})
    return aliases


def _check_columns(row: tables.Row, needed: tuple[str, ...]) -> None:
    if missing := [name for name in needed if name not in row]:
        raise LayoutError(f"no column {missing[0]!r} among {', '.join(row)}")


def _literal(row: tables.Row, name: str) -> list[Any]:
    """The list, or set, that a cell holds as Python writes it."""
    try:
        value = ast.literal_eval(row[name])
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        value = None
    if not isinstance(value, (list, set)):
        raise LayoutError(f"{name}: {shortened(row[name])} is no list, such as [[10, 25]]")
    return list(value)
