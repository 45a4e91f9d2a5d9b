"""Label Studio: tasks with predictions and the labelling interface, and its two JSON exports.

Formats: https://labelstud.io/guide/predictions (import) and /guide/task_format (export, "JSON");
"JSON-MIN" has a flat object for each annotation. Label Studio keeps the choices of one group in
the order of the interface, so the primary label is a group of its own.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import quotestance
from quotestance.corpora.reading import read_text
from quotestance.document import NO_STANCE, LayoutError
from quotestance.labelling.readings import Reading
from quotestance.labelling.tasks import FIELDS, Task, checked_labels

PRIMARY, OTHERS, PASSAGE = "stance", "also", "passage"
"""The groups of choices, and what they are about."""

_HINTS = {
    "pressure": "threatens, demands of one side, sets conditions, condemns, rejects, punishes",
    "dialogue": "offers, accepts or urges talks, mediation or a political settlement",
    "de-escalation": "urges or pledges calm, restraint, a ceasefire, a step back by all",
    NO_STANCE: "nothing of this: facts, procedure, thanks, regret, values without an act",
}
_GUIDELINE = (
    "What does the speaker do with the words in bold toward a conflict or a rival? Not the topic, "
    "not the mood, not what others did. The main act is the stance; in “A, but B” it is mostly B."
)

Parse = Callable[[], Reading]


def to_label_studio(tasks: Sequence[Task]) -> list[dict[str, Any]]:
    """The tasks as Label Studio imports them, with the predicted stances as predictions."""
    return [
        {"data": {**task.to_fields(), PASSAGE: task.passage}, "predictions": _predictions(task)}
        for task in tasks
    ]


def labelling_config(choices: Sequence[str]) -> str:
    """The labelling interface of a project with these choices, "none" the last, as XML."""
    view = ElementTree.Element("View")
    add = ElementTree.SubElement
    add(view, "HyperText", name=PASSAGE, value=f"${PASSAGE}", inline="true")
    add(view, "Header", value=_GUIDELINE, size="5")
    for choice in choices:
        if choice in _HINTS:
            add(view, "Header", value=f"{choice}: {_HINTS[choice]}", size="6")
    add(view, "Header", value="Stance: the main act")
    group = {"toName": PASSAGE, "layout": "inline"}
    primary = add(view, "Choices", group, name=PRIMARY, choice="single", required="true")
    hidden = add(
        view, "View", visibleWhen="choice-unselected", whenTagName=PRIMARY,
        whenChoiceValue=NO_STANCE,
    )  # fmt: skip
    add(hidden, "Header", value="Also: a second act that is really performed, if any")
    others = add(hidden, "Choices", group, name=OTHERS, choice="multiple")
    for choice in choices:
        add(primary, "Choice", value=choice)
        if choice != NO_STANCE:
            add(others, "Choice", value=choice)
    ElementTree.indent(view)
    return ElementTree.tostring(view, encoding="unicode") + "\n"


def read(path: Path) -> Iterator[tuple[str, Parse]]:
    """The places of a JSON or JSON-MIN export, each with what reads it or raises LayoutError."""
    try:
        records = json.loads(read_text(path).removeprefix("\ufeff"))
    except json.JSONDecodeError as error:
        raise LayoutError(
            f"{path}, line {error.lineno}: no valid JSON ({error.msg}): export the project from "
            "Label Studio again, as JSON or JSON-MIN"
        ) from None
    except (ValueError, RecursionError) as error:
        raise LayoutError(f"{path}: no export of Label Studio: {error}") from None
    if not isinstance(records, list):
        raise LayoutError(f"{path}: no list of tasks: export as JSON or JSON-MIN")
    for number, record in enumerate(records, 1):
        place = f"{path}, task {number}"
        yield place, partial(_reading, record, place, str(path))


def _predictions(task: Task) -> list[dict[str, Any]]:
    stance = task.stance
    if stance is None:
        return []
    others = [label for label in stance.labels if label != stance.label]
    groups = {PRIMARY: [stance.label], **({OTHERS: others} if others else {})}
    result = [
        {
            "id": f"{name}-{task.number}",
            "from_name": name,
            "to_name": PASSAGE,
            "type": "choices",
            "value": {"choices": labels},
        }
        for name, labels in groups.items()
    ]
    version = f"quotestance {quotestance.__version__}"
    score = stance.probabilities.get(stance.label)
    return [
        {
            "model_version": version,
            **({} if score is None else {"score": score}),
            "result": result,
        }
    ]


def _reading(record: Any, place: str, file: str) -> Reading:
    if not isinstance(record, Mapping):
        raise LayoutError(f"must be a JSON object, not {type(record).__name__}")
    whole = "data" in record
    data = record["data"] if whole else record
    if not isinstance(data, Mapping):
        raise LayoutError("data: must be a JSON object")
    task = Task.from_fields({name: data[name] for name in FIELDS if name in data})
    annotations = _annotations(record) if whole else [(_annotator(record, "annotator"), record)]
    passes: dict[str, list[str]] = {}
    for number, groups in annotations:
        # A number says who it is in one installation of Label Studio, an address in all.
        annotator = number if "@" in number else f"{file}:{number}"
        words = [*_chosen(groups, PRIMARY), *_chosen(groups, OTHERS)]
        if not words:
            continue
        if annotator in passes:
            raise LayoutError(
                f"annotations: annotator {number} labelled it twice: delete one in Label Studio"
            )
        passes[annotator] = checked_labels(words, task.choices, f"annotator {number}")
    return Reading(place, task, passes)


def _annotations(record: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, list[Any]]]]:
    """The annotators who did not skip the task, with the choices in each group."""
    annotations = record.get("annotations", [])
    if not isinstance(annotations, list):
        raise LayoutError("annotations: must be a list; export as JSON, not as a snapshot of ids")
    for number, annotation in enumerate(annotations):
        place = f"annotations[{number}]"
        if not isinstance(annotation, Mapping) or not isinstance(annotation.get("result"), list):
            raise LayoutError(f"{place}: must be an object with a list 'result'")
        if annotation.get("was_cancelled"):
            continue
        groups: dict[str, list[Any]] = {}
        for result in annotation["result"]:
            if not isinstance(result, Mapping):
                raise LayoutError(f"{place}.result: must hold objects")
            if result.get("type") == "choices":
                groups.setdefault(str(result.get("from_name")), []).append(result.get("value"))
        yield _annotator(annotation, "completed_by"), groups


def _annotator(record: Mapping[str, Any], field: str) -> str:
    found = record.get(field)
    if isinstance(found, Mapping):
        found = found.get("email") or found.get("id")
    if not isinstance(found, (int, str)):
        raise LayoutError(f"{field}: missing, it says who labelled; export as JSON or JSON-MIN")
    return str(found)


def _chosen(groups: Mapping[str, Any], name: str) -> list[str]:
    """The choices of a group: JSON-MIN has a single one as a string."""
    values = groups.get(name, [])
    words: list[str] = []
    for value in values if isinstance(values, list) else [values]:
        found = value.get("choices") if isinstance(value, Mapping) else [value]
        if not isinstance(found, list) or not all(isinstance(word, str) for word in found):
            raise LayoutError(f"{name}: {value!r} holds no choices")
        words += found
    return words
