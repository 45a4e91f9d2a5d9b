"""PolNeAR's attributions in brat standoff: ``.ann`` files and the ``.txt`` they speak of.

PolNeAR (Newell, Margolin, Ruths 2018, https://github.com/networkdynamics/PolNeAR) holds
text-bound annotations Source, Cue and Content, which may have several parts, and events that
join them::

    T1⇥Source 12 17⇥Reke
    T2⇥Content 0 10;18 30⇥We are not and never will.
    T3⇥Cue 18 22⇥said
    T4⇥Attribution 18 22⇥said
    E1⇥Attribution:T4 Source:T1 Cue:T3 Content:T2

An event of any type that has a Content is a quotation; annotations that no event joins, notes,
attributes and relations are passed over. Offsets count characters of the text as it lies there,
each ``\\r\\n`` two. The text of ``NAME.ann`` is ``NAME.txt`` beside it or in the folder ``text``
next to its own; ``NAME_a1b2.ann``, the work of annotator ``a1b2``, may have ``NAME.txt`` too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from quotestance.corpora.reading import MarkedText, files, is_offset, located, read_text, shortened
from quotestance.document import Document, LayoutError, Quotation, Span

ENDING = ".ann"

_ROLES = ("Content", "Source", "Cue")
_ANNOTATOR = re.compile(r"_[0-9a-f]{4}$")
_NUMBER = re.compile(r"(?<!\d)\d+$")


def read(path: str | Path) -> list[Document]:
    """The documents of an ``.ann`` file, or of a folder and its subfolders.

    A document's id is the name of its ``.ann`` file without the ending.
    """
    return [_document(file) for file in files(path, ENDING)]


def _document(file: Path) -> Document:
    if file.suffix.lower() != ENDING:
        raise LayoutError(f"{file}: name the file with the annotations, {file.stem}{ENDING}")
    lines = list(_lines(file))
    marked = MarkedText(read_text(_text_of(file)))
    spans: dict[str, tuple[Span, ...]] = {}
    for number, line in lines:
        if line.startswith("T"):
            with located(f"{file}, line {number}"):
                name, found = _text_bound(line, marked.text)
                spans[name] = found
    quotations = []
    events = [(number, line) for number, line in lines if line.startswith("E")]
    for number, line in events:
        with located(f"{file}, line {number}"):
            quotation = _quotation(line, spans, marked)
        if quotation is not None:
            quotations.append(quotation)
    if not events and any(line.split("\t")[1].startswith("Content ") for _, line in lines):
        raise LayoutError(
            f"{file}: Content annotations but no events to join them with Source and Cue: "
            "annotate each attribution as an event, e.g. E1⇥Attribution:T4 Content:T3 Source:T1"
        )
    return Document(marked.text, tuple(sorted(quotations, key=lambda q: q.start)), file.stem)


def _lines(file: Path) -> Iterator[tuple[int, str]]:
    """The lines with text-bound annotations and events, and their numbers."""
    for number, line in enumerate(read_text(file).split("\n"), 1):
        line = line.rstrip("\r")
        if line.startswith(("T", "E")):
            if "\t" not in line:
                raise LayoutError(
                    f"{file}, line {number}: no tab behind the annotation's name in "
                    f"{shortened(line)}: brat standoff has one there"
                )
            yield number, line


def _text_of(file: Path) -> Path:
    names = dict.fromkeys((file.stem, _ANNOTATOR.sub("", file.stem)))
    folders = (file.parent, file.parent.parent / "text")
    places = [folder / f"{name}.txt" for folder in folders for name in names]
    for place in places:
        if place.is_file():
            return place
    raise LayoutError(
        f"{file}: its text is missing; put it at {' or '.join(map(str, places))}, "
        "or name only folders that hold texts"
    )


def _text_bound(line: str, text: str) -> tuple[str, tuple[Span, ...]]:
    """Name and spans of a line such as ``T1⇥Content 10 20;25 30⇥words``."""
    name, body, *rest = line.split("\t")
    _, _, offsets = body.partition(" ")
    spans = []
    for pair in offsets.split(";"):
        numbers = pair.split()
        if len(numbers) != 2 or not all(map(is_offset, numbers)):
            raise LayoutError(
                f"{name}: {offsets!r} are no offsets; brat writes them as START END;START END"
            )
        with located(name):
            spans.append(Span.of(text, int(numbers[0]), int(numbers[1])))
    found = " ".join(span.text for span in spans)
    if rest and "".join(found.split()) != "".join(rest[0].split()):
        raise LayoutError(
            f"{name}: at {offsets} of the text stands {shortened(found)}, not "
            f"{shortened(rest[0])}: the text was changed since it was annotated (its line ends, "
            "too, count as characters)"
        )
    return name, tuple(spans)


def _quotation(
    line: str, spans: dict[str, tuple[Span, ...]], marked: MarkedText
) -> Quotation | None:
    """The quotation of a line such as ``E1⇥Attribution:T4 Content:T3 Source:T1``."""
    name, body, *_ = line.split("\t")
    roles: dict[str, list[Span]] = {role: [] for role in _ROLES}
    for argument in body.split():
        role, colon, target = argument.partition(":")
        if not colon:
            raise LayoutError(f"{name}: {argument!r} is no argument; brat writes them as ROLE:T1")
        role = _NUMBER.sub("", role)  # a role that occurs again is Content2, Content3, ...
        if role not in roles:
            continue
        if target not in spans:
            raise LayoutError(
                f"{name}: {argument} names no text-bound annotation of this file: "
                f"add a line {target} or take the argument out"
            )
        roles[role].extend(spans[target])
    if not roles["Content"]:
        return None
    return marked.quotation(roles["Content"], roles["Source"], roles["Cue"])
