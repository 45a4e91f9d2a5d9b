"""Citron's annotations: a JSON file a document, with ``text`` and ``quotes``.

Citron (BBC, https://github.com/bbc/citron, ``docs/data_format.md``) gives each quote a ``cue``
span and arrays of spans ``sources``, ``contents`` and, optional, ``coreferences``: what the sources
refer to, from which the speaker's name is taken. A span is ``{"start", "end", "text"}``. Every
other field of the document passes through.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from quotestance.corpora.reading import MarkedText, files, located, read_text, shortened
from quotestance.document import Document, LayoutError, Quotation, Span, Speaker, parse_json

ENDING = ".json"


def read(path: str | Path) -> list[Document]:
    """The document of a file, or those of a folder and its subfolders.

    The id is the name of the file without the ending.
    """
    return [_document(file) for file in files(path, ENDING)]


def _document(file: Path) -> Document:
    with located(file):
        record = _parsed(read_text(file).removeprefix("\ufeff"))
        if not isinstance(record, dict) or not isinstance(record.get("text"), str):
            raise LayoutError('no JSON object with a string "text", as Citron writes it')
        quotes = record.get("quotes")
        if not isinstance(quotes, list):
            raise LayoutError('field "quotes" is missing or no list')
        marked, quotations = MarkedText(record["text"]), []
        for number, quote in enumerate(quotes):
            with located(f"quotes[{number}]"):
                quotations.append(_quotation(quote, marked))
        quotations.sort(key=lambda quotation: quotation.start)
        known = {"text", "quotes", "quotations", "id"}
        metadata = {key: value for key, value in record.items() if key not in known}
        return Document(marked.text, tuple(quotations), file.stem, metadata)


def _parsed(text: str) -> Any:
    try:
        return parse_json(text)
    except LayoutError as error:
        raise LayoutError(
            f"{error}: Citron's format is one JSON object a file; JSON lines are read with the "
            "format jsonl"
        ) from None


def _quotation(quote: Any, marked: MarkedText) -> Quotation:
    if not isinstance(quote, Mapping):
        raise LayoutError("must be an object")
    cue = quote.get("cue")
    sources = _spans(quote.get("sources"), "sources", marked.text)
    names = _spans(quote.get("coreferences"), "coreferences", marked.text)
    speaker = None
    if names:
        mentions = tuple(sorted({*names, *sources}))
        speaker = Speaker(
            " and ".join(dict.fromkeys(span.text for span in names)), mentions=mentions
        )
    return marked.quotation(
        _spans(quote.get("contents"), "contents", marked.text),
        sources,
        _spans([] if cue is None else [cue], "cue", marked.text),
        speaker=speaker,
    )


def _spans(values: Any, name: str, text: str) -> list[Span]:
    if values is None:
        return []
    if not isinstance(values, list):
        raise LayoutError(f"{name} must be a list of spans")
    with located(name):
        return [_span(value, text) for value in values]


def _span(value: Any, text: str) -> Span:
    offsets = (value.get("start"), value.get("end")) if isinstance(value, Mapping) else ()
    if [type(offset) for offset in offsets] != [int, int]:
        raise LayoutError(f"{value!r} is no span with whole numbers start and end")
    span = Span.of(text, *offsets)
    words = value.get("text", span.text)
    if words != span.text:
        raise LayoutError(
            f"at [{span.start}, {span.end}] of the text stands {shortened(span.text)}, not "
            f"{shortened(str(words))}: offsets count characters (code points), end exclusive"
        )
    return span
