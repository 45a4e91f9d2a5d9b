"""Readers and writers of labelled data, one module a format."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from quotestance.corpora import citron, directquote, jsonl, litbank, pdnc, polnear, tables
from quotestance.corpora.reading import visible
from quotestance.document import Document, LayoutError, StanceItem

FORMATS: dict[str, Callable[[str | Path], list[Document] | list[StanceItem]]] = {
    "jsonl": jsonl.read,
    "csv": tables.read,
    "polnear": polnear.read,
    "pdnc": pdnc.read,
    "litbank": litbank.read,
    "citron": citron.read,
    "directquote": directquote.read,
}

_BY_ENDING = {
    pdnc.QUOTATIONS: ("pdnc",),
    **dict.fromkeys(tables.ENDINGS, ("csv",)),
    citron.ENDING: ("citron",),
    polnear.ENDING: ("polnear", "litbank"),
}


def read_corpus(
    path: str | Path,
    format: str | None = None,
    *,
    column_mapping: Mapping[str, str] | None = None,
) -> list[Document] | list[StanceItem]:
    """Documents with quotations, or stance items, of the file or folder ``path``.

    ``format`` is a key of FORMATS; without it the ending of the file, or of the files in the
    folder, tells. ``column_mapping`` gives the columns of a table (csv) their names here:
    ``{"Zitat": "quotation"}``.

    Raises LayoutError, with file, line or row, and field, at the first record that breaks the
    layout, and OSError where the file cannot be read.
    """
    format = format or format_of(path)
    if format not in FORMATS:
        raise LayoutError(f"format {format!r} is not one of {', '.join(FORMATS)}")
    if column_mapping is not None:
        if format != "csv":
            raise LayoutError(
                f"a column mapping (--columns) is for tables, and {path} is read as {format}: "
                "name its fields as that format does, or the right format with --from"
            )
        return tables.read(path, column_mapping)
    return FORMATS[format](path)


def format_of(path: str | Path) -> str:
    """The format that the names of files tell; jsonl for a file whose name tells nothing.

    Raises LayoutError where several formats, or none, fit.
    """
    path = Path(path)
    names = [file.name for file in visible(path)] if path.is_dir() else [path.name]
    found: list[tuple[str, ...]] = []
    for name in names:
        endings = (e for e in _BY_ENDING if name.lower().endswith(e))
        if (ending := next(endings, None)) is not None:
            found.append(_BY_ENDING[ending])
    if ("pdnc",) in found:  # the other tables of that corpus are no corpora of their own
        found = [formats for formats in found if formats != ("csv",)]
    formats = list(dict.fromkeys(format for formats in found for format in formats))
    if len(formats) == 1:
        return formats[0]
    if not formats and not path.is_dir():
        return "jsonl"
    reason = f"may be {' or '.join(formats)}" if formats else "holds no file whose name tells one"
    raise LayoutError(
        f"{path} {reason}: name the format, e.g. format={(formats or ['polnear'])[0]!r}, "
        "on the command line --from"
    )
