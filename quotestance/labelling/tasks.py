"""One quotation to label, with all that is needed to know it again.

A task travels as flat fields, all of them strings, and comes back as the same task. ``check`` is
made of the id and the words: it tells whether either was changed on the way.
"""

from __future__ import annotations

import hashlib
import html
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from quotestance.corpora.reading import is_offset
from quotestance.document import (
    LABELS,
    NO_STANCE,
    Document,
    LayoutError,
    Quotation,
    Span,
    Stance,
)
from quotestance.stance.inputs import surroundings

FIELDS = (
    "number", "speaker", "source", "context", "text", "after", "predicted", "choices", "kind",
    "document", "content", "quotation_id", "check",
)  # fmt: skip
"""The fields of a task as it travels; "number" is its place among all of them."""

_NEEDED = ("text", "choices", "content", "number", "quotation_id", "check")
_SEPARATOR = ", "
_ALSO_SEPARATORS = ";|\n"  # what people type between labels
# Names without digits, colons or dashes: spreadsheets take "1:0" for a time, "2e4" for a number.
_ID = "#"
_HEX_AS_LETTERS = str.maketrans("0123456789abcdef", "abcdefghijklmnop")


@dataclass(frozen=True, slots=True)
class Task:
    """A quotation to label.

    ``id`` is the document's id and the number of the quotation in it, ``content`` the offsets
    of its parts there. ``choices`` are the labels to choose from, "none" the last; ``stance``
    is what a model predicted, ``None`` where none did or annotators shall not see it.
    ``number`` of ``total`` is the task's place among those exported together. ``passage`` is
    the speaker and the quotation in its text as HTML; tasks that come back lack it.
    """

    id: str
    text: str
    context: str = ""
    after: str = ""
    speaker: str = ""
    source: str = ""
    kind: str = ""
    document: str = ""
    content: tuple[tuple[int, int], ...] = ()
    choices: tuple[str, ...] = (*LABELS, NO_STANCE)
    stance: Stance | None = None
    number: int = 1
    total: int = 1
    passage: str = ""

    @property
    def check(self) -> str:
        """Letters that change with the id or the words; white space does not count."""
        words = "\0".join((self.id, " ".join(self.text.split())))
        digest = hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()
        return digest[:12].translate(_HEX_AS_LETTERS)

    def to_fields(self) -> dict[str, str]:
        """The task as FIELDS."""
        return {
            "number": f"{self.number} of {self.total}",
            "speaker": self.speaker,
            "source": self.source,
            "context": self.context,
            "text": self.text,
            "after": self.after,
            "predicted": labels_cell(self.stance),
            "choices": _SEPARATOR.join(self.choices),
            "kind": self.kind,
            "document": self.document,
            "content": json.dumps(self.content),
            "quotation_id": self.id,
            "check": self.check,
        }

    @classmethod
    def from_fields(cls, fields: Mapping[str, str]) -> Task:
        """The task of FIELDS; others are ignored. Raises LayoutError with field and mend."""
        for name in _NEEDED:
            if not isinstance(fields.get(name), str) or not fields[name].strip():
                raise LayoutError(f"{name}: missing or empty: restore it from the exported file")
        number, _, total = fields["number"].strip().partition(" of ")
        if not (is_offset(number) and is_offset(total)):
            raise LayoutError(
                f"number: {fields['number']!r} is not of the form '3 of 12': restore it from the "
                "exported file"
            )
        choices = tuple(fields["choices"].split(_SEPARATOR))
        task = cls(
            id=fields["quotation_id"],
            text=fields["text"],
            context=fields.get("context", ""),
            after=fields.get("after", ""),
            speaker=fields.get("speaker", ""),
            source=fields.get("source", ""),
            kind=fields.get("kind", ""),
            document=fields.get("document", ""),
            content=_offsets(fields["content"]),
            choices=choices,
            number=int(number),
            total=int(total),
        )
        if task.check != fields["check"].strip():
            raise LayoutError(
                f"quotation_id or text: changed since the export (here {task.id!r}): restore both "
                "from the exported file"
            )
        labels = parse_labels(fields.get("predicted", ""), choices, "predicted")
        return task if labels is None else replace(task, stance=Stance.from_labels(labels))


def tasks_of(documents: Iterable[Document]) -> list[Task]:
    """A task for each quotation of analysed documents, in their order.

    The labels to choose from are those the documents' model predicts. Raises LayoutError where
    two documents share an id, or a label cannot be written.
    """
    documents = list(documents)
    choices = _choices(documents)
    tasks: dict[str, Task] = {}
    for place, document in enumerate(documents):
        name = str(place if document.id is None else document.id)
        for number, quotation in enumerate(document.quotations):
            if quotation.kind != NO_STANCE:
                task = _task(f"{name}{_ID}{number}", name, document.text, quotation, choices)
                if task.id in tasks:
                    raise LayoutError(
                        f"two documents have the id {name!r}: give each an id of its own"
                    )
                tasks[task.id] = task
    return numbered(tasks.values())


def numbered(tasks: Iterable[Task]) -> list[Task]:
    """The tasks with their places in this order."""
    tasks = list(tasks)
    return [replace(task, number=n, total=len(tasks)) for n, task in enumerate(tasks, 1)]


def labels_cell(stance: Stance | None) -> str:
    """A stance as people write it: labels parted by commas, "none", or nothing."""
    return "" if stance is None else _SEPARATOR.join(stance.labels) or NO_STANCE


def parse_labels(cell: str, choices: Sequence[str], name: str) -> list[str] | None:
    """The labels in a cell, primary first, without "none"; ``None`` where it is empty.

    Commas, semicolons, bars or line breaks part them, capitals do not count. ``name`` is the
    field in the message of a LayoutError.
    """
    for separator in _ALSO_SEPARATORS:
        cell = cell.replace(separator, ",")
    words = [word.strip() for word in cell.split(",") if word.strip()]
    return checked_labels(words, choices, name) if words else None


def checked_labels(words: Sequence[str], choices: Sequence[str], name: str) -> list[str]:
    """Labels as the choices spell them, each once, without "none"; raises LayoutError."""
    known = {choice.casefold(): choice for choice in choices}
    labels = []
    for word in words:
        if word.casefold() not in known:
            raise LayoutError(f"{name}: {word!r} is not one of {_SEPARATOR.join(choices)}")
        labels.append(known[word.casefold()])
    labels = list(dict.fromkeys(labels))
    if NO_STANCE in labels and len(labels) > 1:
        raise LayoutError(
            f"{name}: {NO_STANCE!r} beside {_SEPARATOR.join(set(labels) - {NO_STANCE})}: keep one"
        )
    return [label for label in labels if label != NO_STANCE]


def _choices(documents: Sequence[Document]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for document in documents:
        for quotation in document.quotations:
            if quotation.stance is not None:
                found |= dict.fromkeys(quotation.stance.probabilities)
                found |= dict.fromkeys(quotation.stance.labels)
    found.pop(NO_STANCE, None)
    labels = LABELS if found.keys() <= set(LABELS) else tuple(found)
    for label in labels:
        if label != label.strip() or set(label) & {",", *_ALSO_SEPARATORS}:
            raise LayoutError(
                f"label {label!r} holds a separator (, ; |) or white space at an end: people "
                "could not write it beside others; rename it in the model's config.json"
            )
    return (*labels, NO_STANCE)


def _task(id: str, name: str, text: str, quotation: Quotation, choices: tuple[str, ...]) -> Task:
    context, after = surroundings(text, quotation.start, quotation.end)
    speaker = (quotation.speaker.name if quotation.speaker else None) or ""
    return Task(
        id=id,
        text=quotation.text,
        context=context,
        after=after,
        speaker=speaker,
        source=" ".join(span.text for span in quotation.source),
        kind=quotation.kind,
        document=name,
        content=tuple((span.start, span.end) for span in quotation.content),
        choices=choices,
        stance=quotation.stance,
        passage=_passage(text, quotation.content, context, after, speaker),
    )


def _passage(text: str, content: Sequence[Span], context: str, after: str, speaker: str) -> str:
    """The speaker, and the quotation in bold between the words around it, as HTML."""
    start, end = content[0].start, content[-1].end
    # The words around have lost the white space at their ends.
    pieces = [html.escape(context), " " if text[:start][-1:].isspace() else ""]
    for span in content:
        pieces += [html.escape(text[start : span.start]), f"<b>{html.escape(span.text)}</b>"]
        start = span.end
    pieces += [" " if text[end : end + 1].isspace() else "", html.escape(after)]
    words = "".join(pieces).strip().replace("\n", "<br>")
    return f"<p>Speaker: {html.escape(speaker) or 'not named'}</p><p>{words}</p>"


def _offsets(cell: str) -> tuple[tuple[int, int], ...]:
    try:
        return tuple((int(start), int(end)) for start, end in json.loads(cell))
    except (ValueError, TypeError, OverflowError, RecursionError):
        raise LayoutError(
            f"content: {cell!r} is no list of [start, end] pairs: restore it from the exported file"
        ) from None
