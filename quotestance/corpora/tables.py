"""Tables, CSV or TSV, with a header: a row for each quotation, or for each document.

The columns, of which only ``text`` has to be there:

========================  ===================================================================
``document``              the document's id; rows with the same id, or without the column the
                          same text, are one document
``text``                  the document's text; with ``document`` it is enough in the first row
``quotation``             the words quoted; empty where the row holds no quotation. Parts of a
                          split quotation are joined by ``|``
``start``, ``end``        characters of the text where the quotation starts and ends (exclusive),
                          for several parts ``10|48`` and ``30|60``; where empty, it is searched
``kind``                  direct, mixed or indirect; where empty, the quotation marks tell
``speaker``               the speaker's name; empty: the text gives none
``speaker_alternatives``  other right names, parted by ``|``
``speaker_type``          person, organization, group, document or unknown
``source``, ``cue``       the words that name the speaker, and the verb; of several places the
                          nearest to the quotation counts
``stance``                labels parted by commas, primary first, or ``none``; empty: not labelled
========================  ===================================================================

A searched quotation may differ from the text in white space and in the shape of its marks, and
gets the marks around it. A quotation that stands in the text more than once takes the first place
that no row above has taken. Every other column passes through to the document where its
rows agree, and is left out where they differ. Row numbers in messages are those of a
spreadsheet: the header is row 1.

A table with ``label`` or ``labels`` and without ``quotation`` has a stance item in each row:
``text``, and as you have them ``context``, ``after`` and ``id``. ``labels`` are parted by commas,
``label`` is the only one, commas included.
"""

from __future__ import annotations

import csv
import io
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from quotestance.corpora.reading import (
    MarkedText,
    fields_of_columns,
    files,
    is_offset,
    located,
    missing_column,
    read_text,
    same_words,
    shortened,
)
from quotestance.document import (
    SPEAKER_TYPES,
    Document,
    LayoutError,
    Quotation,
    Span,
    Speaker,
    Stance,
    StanceItem,
    separated_labels,
    settled_labels,
)

ENDINGS = (".csv", ".tsv")

FIELDS = (
    "document", "text", "quotation", "start", "end", "kind", "speaker", "speaker_alternatives",
    "speaker_type", "source", "cue", "stance",
)  # fmt: skip
_OF_QUOTATIONS = FIELDS[3:]
_RESERVED = {*FIELDS, "id", "quotations"}  # no names for what passes through
_ITEM_FIELDS = ("id", "text", "context", "after", "label", "labels")
_NEEDED = (
    "a table of documents needs text, and quotation where there are quotations; a table of "
    "quotations alone needs text and label"
)
_PART = "|"
_MARKS = ('"“”„‟«»″＂', "'‘’‚‛′`´")

Row = Mapping[str, str]


def read(
    path: str | Path, column_mapping: Mapping[str, str] | None = None
) -> list[Document] | list[StanceItem]:
    """The documents, or the stance items, of a table or of the tables in a folder.

    ``column_mapping`` gives columns that have other names in the table the names above:
    ``{"Zitat": "quotation", "Sprecherin": "speaker"}``.
    """
    mapping = column_mapping or {}
    tables = {file: rows(file) for file in files(path, *ENDINGS)}
    if all(_has_items(numbered, mapping) for numbered in tables.values()):
        return [item for file, found in tables.items() for item in _items(file, found, mapping)]
    return [
        document for file, found in tables.items() for document in _documents(file, found, mapping)
    ]


def rows(file: Path) -> list[tuple[int, Row]]:
    """The rows of a table that are not empty, by column, with their numbers.

    Tabs, semicolons or commas part the cells, whichever the header has most of. Raises
    LayoutError.
    """
    text = read_text(file).removeprefix("\ufeff")
    delimiter = max("\t;,", key=text.partition("\n")[0].count)
    limit = csv.field_size_limit()
    csv.field_size_limit(max(limit, len(text)))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        header, *records = list(reader) or [[]]
    except csv.Error as error:
        raise LayoutError(
            f"{file}, line {reader.line_num}: {error}: a cell that holds double quotation marks "
            'must stand in such marks, with each of its own doubled: """Yes,"" she said"'
        ) from None
    finally:
        csv.field_size_limit(limit)
    names = [name.strip() for name in header]
    if twice := sorted({name for name in names if name and names.count(name) > 1}):
        raise LayoutError(f"{file}: column {twice[0]!r} stands twice in the header")
    found: list[tuple[int, Row]] = []
    for number, cells in enumerate(records, 2):
        if len(cells) > len(names):
            raise LayoutError(
                f"{file}, row {number}: {len(cells)} cells under {len(names)} columns: "
                f"a cell that holds {delimiter!r} must stand in double quotation marks"
            )
        if any(map(str.strip, cells)):
            cells += [""] * (len(names) - len(cells))
            found.append((number, dict(zip(names, cells, strict=True))))
    return found


@dataclass
class _Draft:
    """A document while its rows are read."""

    id: str | int
    marked: MarkedText
    quotations: list[Quotation] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    taken: set[Span] = field(default_factory=set)
    """The parts of quotations so far."""
    places: dict[str, list[Span]] = field(default_factory=dict)
    """Where the words of sources and cues stand."""

    def add(self, quotation: Quotation) -> None:
        self.quotations.append(quotation)
        self.taken.update(quotation.content)

    def finished(self) -> Document:
        metadata = {}
        for name in self.rows[0]:
            values = {row[name] for row in self.rows} - {""}
            if name and name not in _RESERVED and len(values) == 1:
                metadata[name] = values.pop()
        quotations = sorted(self.quotations, key=lambda quotation: quotation.start)
        return Document(self.marked.text, tuple(quotations), self.id, metadata)


def _has_items(numbered: Sequence[tuple[int, Row]], mapping: Mapping[str, str]) -> bool:
    columns = {column for _, row in numbered[:1] for column in row}
    fields = {*mapping.values(), *(column.lower() for column in columns)}
    return bool(fields & {"label", "labels"}) and "quotation" not in fields


def _items(
    file: Path, numbered: Sequence[tuple[int, Row]], mapping: Mapping[str, str]
) -> Iterator[StanceItem]:
    if not numbered:
        raise LayoutError(f"{file}: no rows under the header")
    with located(file):
        names = fields_of_columns(list(numbered[0][1]), mapping, _ITEM_FIELDS)
    for number, cells in numbered:
        row = {names[column]: cell for column, cell in cells.items() if cell.strip()}
        with located(f"{file}, row {number}"):
            if "text" not in row:
                raise LayoutError("text is empty: fill it in or delete the row")
            if not {"label", "labels"} & row.keys():
                raise LayoutError("label is empty: write none where there is no stance")
            yield StanceItem.from_dict({"id": number, **row})


def _documents(
    file: Path, numbered: Sequence[tuple[int, Row]], mapping: Mapping[str, str]
) -> list[Document]:
    if not numbered:
        raise LayoutError(f"{file}: no rows under the header")
    with located(file):
        names = _names(numbered[0][1], mapping)
    drafts: dict[str, _Draft] = {}
    for number, cells in numbered:
        row = {names[column]: cell for column, cell in cells.items()}
        with located(f"{file}, row {number}"):
            draft = _draft(drafts, row, number)
            draft.rows.append(row)
            if row.get("quotation", "").strip():
                draft.add(_quotation(row, draft))
            elif filled := [name for name in _OF_QUOTATIONS if row.get(name, "").strip()]:
                raise LayoutError(f"{filled[0]} without a quotation: fill in the quotation, too")
    return [draft.finished() for draft in drafts.values()]


def _names(columns: Iterable[str], mapping: Mapping[str, str]) -> dict[str, str]:
    """The table's names of columns to the ones above; others keep theirs."""
    columns = list(columns)
    names = fields_of_columns(columns, mapping, FIELDS)
    fields = set(names.values())
    needed = ["text", *(["quotation"] if fields & set(_OF_QUOTATIONS) else [])]
    for name in needed:
        if name not in fields:
            raise LayoutError(missing_column(name, columns, _NEEDED))
    return names


def _draft(drafts: dict[str, _Draft], row: Row, number: int) -> _Draft:
    """The document a row belongs to, new or known."""
    text, name = row["text"], row.get("document", "").strip()
    key = name or text
    if not text.strip() and (not name or name not in drafts):
        raise LayoutError("text is empty; a document's first row must hold its text")
    if key not in drafts:
        drafts[key] = _Draft(name or number, MarkedText(text))
    if text.strip() and drafts[key].marked.text != text:
        raise LayoutError(
            f"document {name!r} has another text here than in its first row: give it another "
            "id, or leave the text empty here"
        )
    return drafts[key]


def _quotation(row: Row, draft: _Draft) -> Quotation:
    content = sorted(_given(row, draft.marked.text) or _searched(row["quotation"], draft))
    return draft.marked.quotation(
        content,
        _nearest(row, "source", content, draft),
        _nearest(row, "cue", content, draft),
        kind=row.get("kind", "").strip().lower() or None,
        speaker=_speaker(row) if "speaker" in row else None,
        stance=_stance(row.get("stance", "")),
    )


def _given(row: Row, text: str) -> list[Span]:
    """The content at the offsets of the row; none where the row has no offsets."""
    cells = {name: row.get(name, "").strip() for name in ("start", "end")}
    if not any(cells.values()):
        return []
    numbers = {name: cell.split(_PART) for name, cell in cells.items()}
    for name, parts in numbers.items():
        if not all(is_offset(part.strip()) for part in parts):
            raise LayoutError(f"{name}: {cells[name]!r} is no whole number")
    if len(numbers["start"]) != len(numbers["end"]):
        raise LayoutError(f"start {cells['start']!r} and end {cells['end']!r} differ in parts")
    pairs = zip(numbers["start"], numbers["end"], strict=True)
    spans = [Span.of(text, int(start), int(end)) for start, end in pairs]
    if not same_words("".join(span.text for span in spans), row["quotation"]):
        found = " ".join(span.text for span in spans)
        raise LayoutError(
            f"at {cells['start']} to {cells['end']} of the text stands {shortened(found)}, not "
            f"the quotation {shortened(row['quotation'])}: correct start and end, or leave both "
            "empty to have it searched"
        )
    return spans


def _searched(quotation: str, draft: _Draft) -> list[Span]:
    """The content where the quotation, or each of its parts in turn, stands in the text."""
    text = draft.marked.text
    whole = next(_places(quotation, text), None)
    parts = [quotation] if whole or _PART not in quotation else quotation.split(_PART)
    spans: list[Span] = []
    for part in parts:
        places = map(draft.marked.with_marks, _places(part, text, spans[-1].end if spans else 0))
        place = next((place for place in places if place not in draft.taken), None)
        if place is None:
            reason = "does not occur in the text"
            if spans:
                reason += " behind the part before it"
            elif whole:
                reason = "occurs in the text, but rows above have taken every place"
            raise LayoutError(
                f"quotation {shortened(part)} {reason}: copy it from the text, or delete the row"
            )
        spans.append(place)
    return spans


def _places(words: str, text: str, low: int = 0) -> Iterator[Span]:
    """Where words stand in the text from ``low`` on: as they are first, then less exactly."""
    words = words.strip()
    if not words:
        return
    pattern = _pattern(words)
    place = text.find(words, low)
    while place >= 0:
        if match := pattern.match(text, place):
            yield Span.of(text, *match.span())
        place = text.find(words, place + 1)
    for match in pattern.finditer(text, low):
        yield Span.of(text, *match.span())


def _pattern(words: str) -> re.Pattern[str]:
    """Finds whole words with any white space between them and marks of any shape."""
    pattern = r"\s+".join(map(re.escape, words.split()))
    for marks in _MARKS:
        any_mark = f"[{re.escape(marks)}]"
        pattern = "".join(any_mark if character in marks else character for character in pattern)
    before = r"(?<!\w)" if words[:1].isalnum() else ""
    behind = r"(?!\w)" if words[-1:].isalnum() else ""
    return re.compile(before + pattern + behind)


def _nearest(row: Row, name: str, content: Sequence[Span], draft: _Draft) -> list[Span]:
    """The place outside the content and nearest to it where the words of a column stand."""
    words = row.get(name, "").strip()
    if not words:
        return []
    if words not in draft.places:
        draft.places[words] = sorted(set(_places(words, draft.marked.text)))
    places = draft.places[words]
    first = bisect_right(places, content[0].start, key=lambda place: place.end)
    # The nearest place before the content, and all from there to the first one behind it.
    last = bisect_left(places, content[-1].end, key=lambda place: place.start)
    gaps = {
        place: min(max(part.start - place.end, place.start - part.end) for part in content)
        for place in places[max(0, first - 1) : last + 1]
    }
    outside = [place for place, gap in gaps.items() if gap >= 0]
    if not outside:
        raise LayoutError(
            f"{name} {shortened(words)} does not occur in the text outside the quotation: copy "
            "the words from the text"
        )
    return [min(outside, key=gaps.__getitem__)]


def _speaker(row: Row) -> Speaker:
    kind = row.get("speaker_type", "").strip().lower() or "unknown"
    if kind not in SPEAKER_TYPES:
        raise LayoutError(f"speaker_type {kind!r} is not one of {', '.join(SPEAKER_TYPES)}")
    others = (name.strip() for name in row.get("speaker_alternatives", "").split(_PART))
    name = row["speaker"].strip() or None
    return Speaker(name, kind, alternatives=tuple(filter(None, others)))


def _stance(cell: str) -> Stance | None:
    labels = separated_labels(cell)
    return Stance.from_labels(settled_labels(labels, "stance")) if labels else None
