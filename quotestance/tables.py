"""Documents as tables: for the terminal, for pandas, datasets and files."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from quotestance.cells import csv_lines
from quotestance.document import LABELS, NO_STANCE, Document, Quotation, Span, Stance

if TYPE_CHECKING:
    import datasets
    import pandas

COLUMNS = (
    "document", "start", "end", "kind", "text", "speaker", "speaker_type", "confidence",
    "evidence", "unknown_reason", "source", "cue", "stance", "labels", "certain",
    *(f"p_{label}" for label in (*LABELS, NO_STANCE)),
)  # fmt: skip

_UNKNOWN = "(unknown)"
_NARROWEST = 24


def rows(documents: Iterable[Document]) -> Iterator[dict[str, Any]]:
    """One flat row a quotation, with the columns COLUMNS; spans joined by a space."""
    for number, document in enumerate(documents):
        for quotation in document.quotations:
            yield _row(document.id if document.id is not None else number, quotation)


def _row(document: str | int, quotation: Quotation) -> dict[str, Any]:
    speaker, stance = quotation.speaker, quotation.stance
    values = {
        "document": document,
        "start": quotation.start,
        "end": quotation.end,
        "kind": quotation.kind,
        "text": quotation.text,
        "speaker": speaker.name if speaker else None,
        "speaker_type": speaker.type if speaker else None,
        "confidence": speaker.confidence if speaker else None,
        "evidence": speaker.evidence if speaker else None,
        "unknown_reason": speaker.unknown_reason if speaker else None,
        "source": _joined(quotation.source),
        "cue": _joined(quotation.cue),
        "stance": stance.label if stance else None,
        "labels": ", ".join(stance.labels) if stance else None,
        "certain": stance.certain if stance else None,
    }
    probabilities = stance.probabilities if stance else {}
    values.update({f"p_{label}": value for label, value in probabilities.items()})
    return values


def _label(stance: Stance) -> str:
    return f"{stance.label}?" if stance.certain is False else stance.label


def _joined(spans: Sequence[Span]) -> str | None:
    return " ".join(span.text for span in spans) or None


def to_frame(documents: Iterable[Document]) -> pandas.DataFrame:
    """A pandas DataFrame with one row a quotation of the documents.

    Its columns are COLUMNS and the probabilities of labels of your own; ``start`` and ``end``
    count characters of the document's text.
    """
    import pandas

    found = list(rows(documents))
    columns = list(dict.fromkeys([*COLUMNS, *(name for row in found for name in row)]))
    return pandas.DataFrame(found, columns=columns)


def to_dataset(documents: Iterable[Document]) -> datasets.Dataset:
    """A ``datasets.Dataset`` with one row a quotation of the documents."""
    import datasets

    return datasets.Dataset.from_pandas(to_frame(documents), preserve_index=False)


def to_jsonl(documents: Iterable[Document], path: str | Path) -> None:
    """Writes documents to the file ``path`` in the JSONL layout; raises OSError."""
    from quotestance.corpora import jsonl

    jsonl.write(documents, path)


def to_csv(documents: Iterable[Document]) -> Iterator[str]:
    """The rows as lines of CSV with a header; see :mod:`quotestance.cells`."""
    return csv_lines(COLUMNS, rows(documents))


def tables(documents: Iterable[Document], width: int = 100) -> Iterator[str]:
    """A table for each document, with an empty line between them."""
    for number, document in enumerate(documents):
        yield ("\n" if number else "") + table(document, width) + "\n"


def table(document: Document, width: int = 100) -> str:
    """The quotations of a document for a terminal ``width`` characters wide.

    Speakers and texts are wrapped, stances never; a stance that is not certain has a "?".
    """
    lines = [] if document.id is None else [f"── {document.id}"]
    if not document.quotations:
        return "\n".join([*lines, "no quotations found"])
    cells = [
        (
            (q.speaker.name if q.speaker else None) or _UNKNOWN,
            _label(q.stance) if q.stance else "",
            " ".join(q.text.split()),
        )
        for q in document.quotations
    ]
    speaker = min(max(len("SPEAKER"), *(len(cell[0]) for cell in cells)), _NARROWEST)
    stance = max(len("STANCE"), *(len(cell[1]) for cell in cells))
    text = max(_NARROWEST, width - speaker - stance - 4)
    form = f"{{:<{speaker}}}  {{:<{stance}}}  {{}}"
    lines.append(form.format("SPEAKER", "STANCE", "QUOTATION"))
    for name, label, words in cells:
        names = textwrap.wrap(name, speaker) or [""]
        wrapped = textwrap.wrap(words, text) or [""]
        for index in range(max(len(names), len(wrapped))):
            lines.append(
                form.format(
                    names[index] if index < len(names) else "",
                    "" if index else label,
                    wrapped[index] if index < len(wrapped) else "",
                ).rstrip()
            )
    return "\n".join(lines)
