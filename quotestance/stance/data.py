"""Labelled texts for the stance classifier, from whatever a user has them in.

Files in JSONL, CSV, TSV or Parquet, lists of records, `datasets.Dataset`, pandas frames, stance
items, documents: all become records with the fields

===========  =================================================================================
``text``     the words to label
``context``  what stands just before them, ``after`` just behind; both may be missing
``labels``   all labels, primary first: a list, or a string with commas between them.
             ``[]`` or ``none`` stands for no label
``label``    in place of ``labels``: the only label, taken as it is, commas included
``doc``      the document the text comes from; where given, no document may stand in both
             training and evaluation data
``passes``   lists of labels, one of each annotator, where they disagree
===========  =================================================================================

Columns of other names are mapped: ``{"Zitat": "text", "Haltung": "label"}``. Labels are strings;
the numbers of a ``datasets.ClassLabel`` are replaced by its names. In files of documents the
quotations that have a stance are the texts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from quotestance.corpora import format_of, jsonl, read_corpus, tables
from quotestance.corpora.reading import (
    fields_of_columns,
    located,
    missing_column,
    shortened,
)
from quotestance.document import (
    NO_STANCE,
    Document,
    LayoutError,
    StanceItem,
    as_list,
    labels_in,
    labels_of,
    no_label,
)
from quotestance.stance.inputs import items_of, labelled_items

if TYPE_CHECKING:
    import pandas

    Part = str | Path | Mapping[str, Any] | StanceItem | Document
    LabelledTexts = Part | Iterable[Part] | pandas.DataFrame
    """What `read_labelled` takes; a `datasets.Dataset` is an iterable of mappings."""

FIELDS = ("text", "context", "after", "label", "labels", "doc", "passes")
_NEEDED = "labelled texts need text and label (or labels, several parted by commas)"

Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Labelled:
    """A record with ``text``, ``context``, ``after``, ``labels`` and what else it had, and the
    place that names it in messages: file and line or row."""

    place: str
    record: Record


def read_labelled(
    data: LabelledTexts, column_mapping: Mapping[str, str] | None = None, name: str = "data"
) -> list[Labelled]:
    """The records of files, lists, frames or data sets; ``name`` is theirs in messages.

    Raises LayoutError, with place and field, for what is no labelled text, and OSError for a
    file that cannot be read.
    """
    mapping = dict(column_mapping or {})
    found = list(_read(data, mapping, name))
    if not found:
        raise LayoutError(f"{name}: no labelled texts in it")
    return found


def read_unlabelled(data: Part | Iterable[Part], name: str = "unlabelled") -> list[Labelled]:
    """The texts of JSONL files, records, stance items and documents' quotations, labels left out.

    Raises LayoutError and OSError as `read_labelled` does.
    """
    one = isinstance(data, (str, Path, Mapping, StanceItem, Document))
    parts = cast("Iterable[Part]", [data] if one else data)
    found = [item for number, part in enumerate(parts) for item in _bare(part, f"{name}, {number}")]
    if not found:
        raise LayoutError(f"{name}: no texts in it")
    return found


def _bare(part: Part, place: str) -> Iterator[Labelled]:
    """The texts of a part of unlabelled data, in records without labels."""
    if isinstance(part, (str, Path)):
        for number, record in enumerate(jsonl.read_records(part), 1):
            yield from _bare(record, f"{part}, record {number}")
        return
    with located(place):
        if isinstance(part, Mapping):
            if "quotations" in part:
                part = Document.from_dict(part)
            else:
                bare = {k: v for k, v in part.items() if k not in ("label", "labels")}
                part = StanceItem.from_dict(bare)
        for item in items_of(part) if isinstance(part, Document) else [part]:
            yield Labelled(place, {"text": item.text, "context": item.context, "after": item.after})


def _read(data: Any, mapping: Mapping[str, str], name: str) -> Iterator[Labelled]:
    if isinstance(data, (str, Path)):
        yield from _read_file(Path(data), mapping)
        return
    if isinstance(data, (StanceItem, Document)):
        data = [data]
    if isinstance(data, Mapping):
        raise LayoutError(f"{name}: {_mend_of_mapping(data)}")
    if _is(data, "pandas"):
        data = data.to_dict("records")
    elif _is(data, "datasets"):
        data = _with_names_of_classes(data, mapping)
    if not isinstance(data, Iterable):
        raise LayoutError(f"{name}: a {type(data).__name__} is no file, list, frame or data set")
    records: list[tuple[str, Record]] = []
    for number, part in enumerate(data):
        place = f"{name}, item {number}"
        if isinstance(part, Mapping):
            records.append((place, part))
        elif isinstance(part, StanceItem):
            yield _of_item(part, place)
        elif isinstance(part, Document):
            yield from _of_documents([part], place)
        elif isinstance(part, (str, Path)):
            yield from _read_file(Path(part), mapping)
        else:
            raise LayoutError(f"{place}: a {type(part).__name__} is no record with text and labels")
    yield from _labelled(records, mapping)


def _is(data: object, package: str) -> bool:
    """Does the object come from a package? Asked without importing it."""
    return type(data).__module__.partition(".")[0] == package and not isinstance(data, Mapping)


def _mend_of_mapping(data: Mapping[str, Any]) -> str:
    if "text" in data:
        return "this is a single record: give a list of records"
    parts = list(map(str, data))
    kind = type(data).__name__
    return (
        f"a {kind} with the parts {', '.join(parts)} holds several data sets: give one of them for "
        f"each argument, e.g. train=data[{parts[0]!r}], eval_data=data[{parts[-1]!r}]"
        if parts
        else f"this {kind} is empty"
    )


def _with_names_of_classes(data: Any, mapping: Mapping[str, str]) -> Iterator[Record]:
    """The rows of a datasets.Dataset, the numbers of ClassLabel columns replaced by names."""
    names: dict[str, dict[int, str]] = {}
    for column, feature in (data.features or {}).items():
        if mapping.get(column, column.lower()) in ("label", "labels"):
            feature = getattr(feature, "feature", feature)  # of a list
            names[column] = dict(enumerate(getattr(feature, "names", ())))
    for row in data:
        yield {column: _named(names.get(column, {}), value) for column, value in row.items()}


def _named(names: Mapping[int, str], value: Any) -> Any:
    """The name that a number stands for, the names of a list of numbers, or what is no number."""
    value = as_list(value) if names else value
    if isinstance(value, list) and names:
        return [_named(names, number) for number in value]
    return names.get(value, value) if isinstance(value, int) else value


def _read_file(path: Path, mapping: Mapping[str, str]) -> Iterator[Labelled]:
    if path.name.lower().endswith(".parquet"):
        yield from _labelled(_parquet(path), mapping)
        return
    form = format_of(path)
    if form == "jsonl":
        yield from _jsonl(path, mapping)
        return
    if form == "csv" and not path.is_dir():
        rows = tables.rows(path)
        if _has_labels(rows, mapping):
            places = [f"{path}, row {number}" for number, _ in rows]
            cells = [_cells(row, p, mapping) for p, (_, row) in zip(places, rows, strict=True)]
            yield from _labelled(list(zip(places, cells, strict=True)), mapping)
            return
    yield from _of_corpus(path, form, mapping)


def _parquet(path: Path) -> list[tuple[str, Record]]:
    from pyarrow import ArrowException

    from quotestance import parquet

    try:
        return [(f"{path}, row {number}", row) for number, row in enumerate(parquet.read(path), 1)]
    except ArrowException as error:
        raise LayoutError(f"{path}: no Parquet file ({str(error).splitlines()[0]})") from None


def _jsonl(path: Path, mapping: Mapping[str, str]) -> Iterator[Labelled]:
    records: list[tuple[str, Record]] = []
    for number, record in jsonl.lines(path):
        place = f"{path}, line {number}"
        if isinstance(record, LayoutError):
            raise LayoutError(f"{place}: {record}")
        if "quotations" in record and not {"label", "labels"} & {*record, *mapping.values()}:
            with located(place):
                document = Document.from_dict(record)
            yield from _of_documents([document], place)
        else:
            records.append((place, record))
    yield from _labelled(records, mapping)


def _has_labels(rows: Sequence[tuple[int, tables.Row]], mapping: Mapping[str, str]) -> bool:
    """Is a table one of labelled texts, and not one of documents?"""
    fields = {*mapping.values(), *(column.lower() for _, row in rows[:1] for column in row)}
    return bool(fields & {"label", "labels"}) or "quotation" not in fields


def _cells(row: tables.Row, place: str, mapping: Mapping[str, str]) -> Record:
    """A row with None for empty cells; a label that is a number is refused."""
    cells = {name: cell if cell.strip() else None for name, cell in row.items()}
    for name, cell in cells.items():
        field = mapping.get(name, name.lower())
        if cell and field in ("label", "labels") and cell.strip().isdecimal():
            raise LayoutError(f"{place}: {no_label(name, cell)}")
    return cells


def _of_corpus(path: Path, form: str, mapping: Mapping[str, str]) -> Iterator[Labelled]:
    found = read_corpus(path, form, column_mapping=(mapping or None) if form == "csv" else None)
    documents = [document for document in found if isinstance(document, Document)]
    items = list(_of_documents(documents, str(path)))
    if not items:
        raise LayoutError(
            f"{path} holds no quotation with a stance to learn from: a table of labelled texts "
            "needs a column label or labels, or one mapped to it (column_mapping, on the command "
            "line --columns)"
        )
    yield from items


def _of_documents(documents: Iterable[Document], place: str) -> Iterator[Labelled]:
    """The labelled quotations of documents, which a name of their own tells apart."""
    for document in documents:
        doc = document.id if isinstance(document.id, str) else None
        for item in labelled_items(document):
            yield _of_item(item, f"{place}, quotation {item.id}", doc)


def _of_item(item: StanceItem, place: str, doc: str | None = None) -> Labelled:
    with located(place):
        if item.stance is None:
            raise LayoutError("the stance item has no stance to learn from")
        return Labelled(place, _record({"doc": doc, **item.to_dict()}))


def _labelled(
    records: Sequence[tuple[str, Record]], mapping: Mapping[str, str]
) -> Iterator[Labelled]:
    """Records with the fields of this module, checked."""
    if not records:
        return
    columns = list(dict.fromkeys(str(column) for _, record in records for column in record))
    # What the mapping gives goes before a column that happens to bear the field's name.
    given = set(mapping.values()) & set(FIELDS)
    if given & {"label", "labels"}:
        given |= {"label", "labels"}
    columns = [c for c in columns if c in mapping or c.lower() not in given]
    file = records[0][0].rpartition(", ")[0]
    with located(file):
        names = fields_of_columns(columns, mapping, FIELDS)
        fields = set(names.values())
        if "text" not in fields:
            raise LayoutError(missing_column("text", columns, _NEEDED))
        if not fields & {"label", "labels"}:
            raise LayoutError(missing_column("label", columns, _NEEDED))
    for place, record in records:
        with located(place):
            yield Labelled(place, _record({names[k]: v for k, v in record.items() if k in names}))


def _record(values: Mapping[str, Any]) -> Record:
    present = {name: value for name, value in values.items() if not _missing(value)}
    text = present.get("text")
    if not isinstance(text, str):
        raise LayoutError(f'field "text" is missing or no string{_given(text)}')
    if not text.strip():
        raise LayoutError('field "text" is empty: fill it in or leave the item out')
    for name in ("context", "after"):
        if not isinstance(present.setdefault(name, ""), str):
            raise LayoutError(f'field "{name}" must be a string{_given(present[name])}')
    if "passes" in present:
        passes = as_list(present["passes"])
        if not isinstance(passes, list):
            raise LayoutError(f'field "passes" must be a list of lists of labels{_given(passes)}')
        present["passes"] = [labels_in("passes", labels) for labels in passes]
    labels = labels_of(present)
    if labels is None:
        raise LayoutError(
            f'field "label" (or "labels") is missing or empty: write {NO_STANCE!r} for none of the '
            "labels, or leave the item out"
        )
    present.pop("label", None)
    return {**present, "labels": labels}


def _missing(value: Any) -> bool:
    if type(value).__name__ in ("NAType", "NaTType"):  # pandas'
        return True
    return value is None or (isinstance(value, float) and value != value)


def _given(value: object) -> str:
    return "" if value is None else f" ({shortened(repr(value))})"
