"""The types every other module speaks: spans, quotations, speakers, stances, documents.

All are frozen. Offsets count Unicode code points of ``Document.text``, end exclusive, and
``document.text[span.start:span.end] == span.text`` holds for every span: a document whose
spans break this cannot be built.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import NoneType
from typing import Any

LABELS = ("pressure", "dialogue", "de-escalation")
"""The stances, in the order of the project's tables."""

NO_STANCE = "none"
KINDS = ("direct", "mixed", "indirect", "none")
SPEAKER_TYPES = ("person", "organization", "group", "document", "unknown")


class LayoutError(ValueError):
    """A record that breaks the JSONL layout; the message names the field and the mend."""


class FrozenDict(Mapping[str, Any]):
    """A read-only mapping that can be pickled and hashed."""

    __slots__ = ("_items",)

    def __init__(self, items: Mapping[str, Any] | None = None) -> None:
        self._items = dict(items or {})

    def __getitem__(self, key: str) -> Any:
        return self._items[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __hash__(self) -> int:
        return hash(tuple(self._items))

    def __repr__(self) -> str:
        return repr(self._items)


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Characters ``start`` to ``end`` (exclusive) of a document, and their text."""

    start: int
    end: int
    text: str

    @classmethod
    def of(cls, text: str, start: int, end: int) -> Span:
        """The span of ``text`` between two offsets; raises LayoutError outside it."""
        if not 0 <= start < end <= len(text):
            raise LayoutError(
                f"span [{start}, {end}] is empty or outside the text of {len(text)} characters"
            )
        return cls(start, end, text[start:end])

    def to_dict(self) -> list[int]:
        """The span in the JSONL layout: its two offsets."""
        return [self.start, self.end]


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who said it: the fullest name the document gives, or ``None`` with a reason.

    ``type`` is one of SPEAKER_TYPES; ``mentions`` are the places that name this speaker, of
    more than a hundred those around the quotation's source;
    ``alternatives`` are other right answers of a gold annotation. ``confidence`` is the
    probability that the name is right; ``evidence`` says what it rests on, in the words of
    ``quotestance.speakers.evidence``.
    """

    name: str | None
    type: str = "unknown"
    role: str | None = None
    affiliation: str | None = None
    mentions: tuple[Span, ...] = ()
    alternatives: tuple[str, ...] = ()
    confidence: float | None = None
    unknown_reason: str | None = None
    evidence: str | None = None


@dataclass(frozen=True, slots=True)
class Stance:
    """What the speaker does with the words.

    ``label`` is the primary label ("none" where there is no stance), ``labels`` all that
    hold, primary first, without "none"; ``probabilities`` sum to 1 (those of a multi-label model
    are independent and do not) and are empty in gold. ``certain`` is ``None`` unless a threshold
    was asked for; then it says whether the ``confidence`` reaches it. The label stays what it is
    where it does not.
    """

    label: str
    labels: tuple[str, ...] = ()
    probabilities: Mapping[str, float] = field(default_factory=FrozenDict)
    certain: bool | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.probabilities, FrozenDict):
            object.__setattr__(self, "probabilities", FrozenDict(self.probabilities))

    @classmethod
    def from_labels(cls, labels: tuple[str, ...] | list[str]) -> Stance:
        """A gold stance from its list of labels, primary first; ``[]`` is none."""
        return cls(labels[0] if labels else NO_STANCE, tuple(labels))

    def abstaining(self, below: float | None) -> Stance:
        """This stance with ``certain`` told by a threshold of its confidence.

        ``None`` asks for no threshold. Raises ValueError where there are no probabilities.
        """
        if below is None:
            return replace(self, certain=None)
        if self.confidence is None:
            raise ValueError("a stance without probabilities cannot be told certain or not")
        return replace(self, certain=self.confidence >= below)

    @property
    def confidence(self) -> float | None:
        """How sure the stance is, ``None`` without probabilities.

        The top probability; of independent labels the least of what each is sure of, that it
        holds or that it does not.
        """
        values = self.probabilities.values()
        if self.independent:
            return min(max(p, 1 - p) for p in values)
        return max(values, default=None)

    @property
    def independent(self) -> bool:
        """Has each label a probability of its own, so that they do not sum to 1?"""
        return len(self.probabilities) > 1 and abs(sum(self.probabilities.values()) - 1) > 0.01

    def to_dict(self) -> dict[str, Any] | list[str]:
        """The stance in the JSONL layout: a list of labels where it has no probabilities."""
        if not self.probabilities:
            return list(self.labels)
        data: dict[str, Any] = {
            "label": self.label,
            "labels": list(self.labels),
            "probabilities": dict(self.probabilities),
        }
        return data if self.certain is None else {**data, "certain": self.certain}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any] | list[str]) -> Stance:
        """A stance from a list of labels or from its record; raises LayoutError."""
        if isinstance(data, list):
            return cls.from_labels(_strings({"stance": data}, "stance"))
        if not isinstance(data, Mapping) or not isinstance(data.get("label"), str):
            raise LayoutError('stance must be a list of labels or {"label": ...}')
        certain = data.get("certain")
        if not isinstance(certain, (bool, NoneType)):
            raise LayoutError(f"stance.certain must be true, false or absent, not {certain!r}")
        probabilities = data.get("probabilities") or {}
        if not (
            isinstance(probabilities, Mapping) and all(map(_is_number, probabilities.values()))
        ):
            raise LayoutError("stance.probabilities must be an object of numbers")
        return cls(data["label"], _strings(data, "labels"), probabilities, certain)


@dataclass(frozen=True, slots=True)
class Quotation:
    """One quotation with its parts, source, cue, speaker and stance.

    ``content`` has a span for each part, quotation marks included; ``quoted`` are the
    stretches between marks inside it. ``speaker`` and ``stance`` are ``None`` where nobody
    has looked for them; a speaker looked for and not found is ``Speaker(None, ...)``.
    """

    kind: str
    content: tuple[Span, ...]
    source: tuple[Span, ...] = ()
    cue: tuple[Span, ...] = ()
    quoted: tuple[Span, ...] = ()
    speaker: Speaker | None = None
    stance: Stance | None = None

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise LayoutError(f"kind {self.kind!r} is not one of {', '.join(KINDS)}")
        if not self.content:
            raise LayoutError("content is empty: a quotation needs at least one span")

    @property
    def text(self) -> str:
        """The parts of the content, joined by a space."""
        return " ".join(span.text for span in self.content)

    @property
    def start(self) -> int:
        """Where the first part of the content starts."""
        return self.content[0].start

    @property
    def end(self) -> int:
        """Where the last part of the content ends, exclusive."""
        return self.content[-1].end

    def spans(self) -> Iterator[tuple[str, Span]]:
        """Every span with the name of its field."""
        for name in ("content", "source", "cue", "quoted"):
            for span in getattr(self, name):
                yield name, span
        if self.speaker:
            for span in self.speaker.mentions:
                yield "speaker_details.mentions", span

    def to_dict(self) -> dict[str, Any]:
        """The quotation as a record of the JSONL layout."""
        data: dict[str, Any] = {"kind": self.kind}
        for name in ("content", "source", "cue", "quoted"):
            data[name] = [span.to_dict() for span in getattr(self, name)]
        if self.speaker is not None:
            data.update(_speaker_to_dict(self.speaker))
        if self.stance is not None:
            data["stance"] = self.stance.to_dict()
        return data

    @classmethod
    def from_dict(cls, data: Mapping[str, Any], text: str) -> Quotation:
        """A quotation of ``text`` from its record in the JSONL layout; raises LayoutError."""
        if not isinstance(data, Mapping):
            raise LayoutError("must be an object")
        return cls(
            kind=data.get("kind", ""),
            content=_spans(data, "content", text),
            source=_spans(data, "source", text),
            cue=_spans(data, "cue", text),
            quoted=_spans(data, "quoted", text),
            speaker=_speaker_from_dict(data, text) if "speaker" in data else None,
            stance=Stance.from_dict(data["stance"]) if data.get("stance") is not None else None,
        )


@dataclass(frozen=True, slots=True)
class Document:
    """A text with its quotations.

    ``metadata`` holds every other field of the input record (title, date, ...); it passes
    through unchanged.
    """

    text: str
    quotations: tuple[Quotation, ...] = ()
    id: str | int | None = None
    metadata: Mapping[str, Any] = field(default_factory=FrozenDict)

    def __post_init__(self) -> None:
        if not isinstance(self.metadata, FrozenDict):
            object.__setattr__(self, "metadata", FrozenDict(self.metadata))
        for number, quotation in enumerate(self.quotations):
            for name, span in quotation.spans():
                if self.text[span.start : span.end] != span.text or span.start < 0:
                    raise LayoutError(
                        f"quotations[{number}].{name}: {span.text!r} does not stand at "
                        f"[{span.start}, {span.end}] of the text"
                    )

    def to_dict(self) -> dict[str, Any]:
        """The document as a record of the JSONL layout."""
        data = {} if self.id is None else {"id": self.id}
        return {
            **data,
            **self.metadata,
            "text": self.text,
            "quotations": [quotation.to_dict() for quotation in self.quotations],
        }

    def to_json(self) -> str:
        """One line of JSONL, without the line break."""
        return json_line(self.to_dict())

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Document:
        """A document from a record of the JSONL layout; raises LayoutError."""
        if not isinstance(data, Mapping):
            raise LayoutError(f"a record must be a JSON object, not {type(data).__name__}")
        text = data.get("text")
        if not isinstance(text, str):
            raise LayoutError('field "text" is missing or no string')
        records = data.get("quotations", [])
        if not isinstance(records, list):
            raise LayoutError('field "quotations" must be a list')
        quotations = []
        for number, record in enumerate(records):
            try:
                quotations.append(Quotation.from_dict(record, text))
            except LayoutError as error:
                raise LayoutError(f"quotations[{number}]: {error}") from None
        known = {"id", "text", "quotations"}
        _check_id(data)
        metadata = {key: value for key, value in data.items() if key not in known}
        return cls(text, tuple(quotations), data.get("id"), FrozenDict(metadata))

    @classmethod
    def from_json(cls, line: str) -> Document:
        """A document from a line of JSONL; raises LayoutError."""
        return cls.from_dict(parse_json(line))

    def _repr_html_(self) -> str:
        """What a notebook shows: the text with its quotations, and who said them."""
        from quotestance.html.article import notebook_article

        return notebook_article(self)


@dataclass(frozen=True, slots=True)
class StanceItem:
    """A quotation taken out of its text, with what stood around it and its gold stance."""

    text: str
    context: str = ""
    after: str = ""
    stance: Stance | None = None
    id: str | int | None = None
    metadata: Mapping[str, Any] = field(default_factory=FrozenDict)

    def __post_init__(self) -> None:
        if not isinstance(self.metadata, FrozenDict):
            object.__setattr__(self, "metadata", FrozenDict(self.metadata))

    def to_dict(self) -> dict[str, Any]:
        """The item as a record of the JSONL layout."""
        data: dict[str, Any] = {} if self.id is None else {"id": self.id}
        data = {**data, **self.metadata, "text": self.text}
        data.update(context=self.context, after=self.after)
        if self.stance is not None:
            data["labels"] = list(self.stance.labels)
        return data

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> StanceItem:
        """An item from a record of the JSONL layout; raises LayoutError."""
        if not isinstance(data, Mapping):
            raise LayoutError(f"a record must be a JSON object, not {type(data).__name__}")
        if not isinstance(data.get("text"), str):
            raise LayoutError('field "text" is missing or no string')
        for name in ("context", "after"):
            if not isinstance(data.get(name) or "", str):
                raise LayoutError(f'field "{name}" must be a string')
        labels = labels_of(data)
        known = {"id", "text", "context", "after", "label", "labels"}
        _check_id(data)
        return cls(
            data["text"],
            data.get("context") or "",
            data.get("after") or "",
            None if labels is None else Stance.from_labels(labels),
            data.get("id"),
            FrozenDict({key: value for key, value in data.items() if key not in known}),
        )


@dataclass(frozen=True, slots=True)
class Name:
    """A named entity of a text: ``type`` is "person", "organization" or "location"."""

    span: Span
    type: str


@dataclass(frozen=True, slots=True)
class Extraction:
    """What one reading of a text found, before speakers are resolved.

    ``weights`` says for each quotation how sure its source is (0 to 1). ``antecedents``
    gives, for a pronoun or description, earlier mentions it may refer to with a weight for
    each (at most 1 in sum, where none stands in another).
    """

    text: str
    quotations: tuple[Quotation, ...]
    weights: tuple[float, ...] = ()
    names: tuple[Name, ...] = ()
    antecedents: Mapping[Span, tuple[tuple[Span, float], ...]] = field(default_factory=dict)


def encodable(text: str) -> str:
    """The text with "�" for each half of a surrogate pair, which no tokenizer and no file takes."""
    return re.sub("[\ud800-\udfff]", "\ufffd", text)


def json_line(record: Mapping[str, Any]) -> str:
    """A record as JSON that can be encoded: half of a surrogate pair is written as its escape."""
    line = json.dumps(record, ensure_ascii=False)
    return re.sub("[\ud800-\udfff]", lambda half: f"\\u{ord(half.group()):04x}", line)


def parse_json(line: str) -> Any:
    """``json.loads`` with a LayoutError that says what is wrong."""
    try:
        return json.loads(line)
    except json.JSONDecodeError as error:
        raise LayoutError(f"no valid JSON ({error.msg} at column {error.colno})") from None
    except RecursionError:
        raise LayoutError("no valid JSON (objects or lists nested too deeply)") from None
    except ValueError:  # what Python says of whole numbers of more than 4300 digits
        raise LayoutError("no valid JSON (a number with too many digits)") from None


def labels_of(record: Mapping[str, Any]) -> list[str] | None:
    """The labels of a record, primary first and without "none"; ``None`` where none are given.

    ``label`` is the only one, taken as it is; ``labels`` are all of them: a list, or a string
    with commas between them. ``[]`` and "none" stand for no label. Raises LayoutError.
    """
    given = [name for name in ("label", "labels") if record.get(name) is not None]
    if not given:
        return None
    if len(given) > 1:
        raise LayoutError('fields "label" and "labels" are both there: keep one')
    name, value = given[0], as_list(record[given[0]])
    if name == "labels":
        return labels_in(name, value)
    if isinstance(value, list):
        raise LayoutError(f'field "label" is a list ({value!r}): name the field "labels"')
    return labels_in(name, [value])


def labels_in(name: str, value: Any) -> list[str]:
    """The labels that the value of a field holds, as :func:`labels_of` gives them."""
    value = as_list(value)
    labels = separated_labels(value) if isinstance(value, str) else value
    if not isinstance(labels, list):
        raise LayoutError(no_label(name, value))
    for label in labels:
        if not isinstance(label, str):
            raise LayoutError(no_label(name, label))
        if not label.strip():
            raise LayoutError(f'field "{name}" holds an empty label')
    if isinstance(value, str) and not labels:
        raise LayoutError(f'field "{name}" is empty: write {NO_STANCE!r} for none of the labels')
    return settled_labels(list(dict.fromkeys(label.strip() for label in labels)), name)


def separated_labels(cell: str) -> list[str]:
    """The labels in a cell, parted by commas."""
    return [label.strip() for label in cell.split(",") if label.strip()]


def settled_labels(labels: Sequence[str], field: str = "labels") -> list[str]:
    """Labels without "none", which must stand alone; raises LayoutError where it does not."""
    if NO_STANCE in labels and len(labels) > 1:
        raise LayoutError(f"{field} {', '.join(labels)!r} holds {NO_STANCE!r} beside other labels")
    return [label for label in labels if label != NO_STANCE]


def as_list(value: Any) -> Any:
    """Arrays and tuples as lists; others as they are."""
    if isinstance(value, tuple) or hasattr(value, "tolist"):
        return list(value) if isinstance(value, tuple) else value.tolist()
    return value


def no_label(name: str, value: object) -> str:
    """The message for a value that is no label."""
    return (
        f'field "{name}": label {value!r} is no name: labels are strings. Where numbers stand for '
        'names, replace them, e.g. frame["label"].map({0: "pressure", 1: "dialogue"})'
    )


def _check_id(data: Mapping[str, Any]) -> None:
    if isinstance(data.get("id"), (list, Mapping)):
        raise LayoutError('field "id" must be a string or a number')


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def _string(data: Mapping[str, Any], name: str) -> str | None:
    value = data.get(name)
    if not isinstance(value, (str, NoneType)):
        raise LayoutError(f"{name} must be a string or null, not {value!r}")
    return value


def _strings(data: Mapping[str, Any], name: str) -> tuple[str, ...]:
    values = data.get(name) or ()
    if not (isinstance(values, (list, tuple)) and all(isinstance(v, str) for v in values)):
        raise LayoutError(f'field "{name}" must be a list of strings')
    return tuple(values)


def _spans(data: Mapping[str, Any], name: str, text: str) -> tuple[Span, ...]:
    spans = []
    pairs = data.get(name) or []
    if not isinstance(pairs, (list, tuple)):
        raise LayoutError(f"{name} must be a list of [start, end] pairs, not {pairs!r}")
    for pair in pairs:
        if not (
            isinstance(pair, (list, tuple)) and [type(offset) for offset in pair] == [int, int]
        ):
            raise LayoutError(f"{name}: {pair!r} is no [start, end] pair of whole numbers")
        try:
            spans.append(Span.of(text, *pair))
        except LayoutError as error:
            raise LayoutError(f"{name}: {error}") from None
    return tuple(spans)


def _speaker_to_dict(speaker: Speaker) -> dict[str, Any]:
    data: dict[str, Any] = {"speaker": speaker.name, "speaker_type": speaker.type}
    if speaker.alternatives:
        data["speaker_alternatives"] = list(speaker.alternatives)
    data["speaker_details"] = {
        "name": speaker.name,
        "role": speaker.role,
        "affiliation": speaker.affiliation,
        "type": speaker.type,
        "mentions": [span.to_dict() for span in speaker.mentions],
        "evidence": speaker.evidence,
    }
    data["confidence"] = speaker.confidence
    data["unknown_reason"] = speaker.unknown_reason
    return data


def _speaker_from_dict(data: Mapping[str, Any], text: str) -> Speaker:
    details = data.get("speaker_details") or {}
    if not isinstance(details, Mapping):
        raise LayoutError(f"speaker_details must be an object, not {details!r}")
    confidence = data.get("confidence")
    if not (confidence is None or _is_number(confidence)):
        raise LayoutError(f"confidence must be a number or null, not {confidence!r}")
    return Speaker(
        name=_string(data, "speaker"),
        type=_string(data, "speaker_type") or "unknown",
        role=_string(details, "role"),
        affiliation=_string(details, "affiliation"),
        mentions=_spans(details, "mentions", text),
        alternatives=_strings(data, "speaker_alternatives"),
        confidence=confidence,
        unknown_reason=_string(data, "unknown_reason"),
        evidence=_string(details, "evidence"),
    )
