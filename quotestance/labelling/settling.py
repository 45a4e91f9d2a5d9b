"""From the labels of several annotators to one stance item a quotation."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from quotestance.document import NO_STANCE, Stance, StanceItem
from quotestance.labelling.readings import Reading
from quotestance.labelling.tasks import labels_cell

_TOLD = 20  # ids of tied quotations


@dataclass(frozen=True, slots=True)
class Settled:
    """What annotators' labels come to.

    ``items`` are settled; of ``tied`` two primary labels were given equally often, and
    ``unlabelled`` nobody labelled. ``missing`` are the places ("3 of 12") of exported tasks
    that came back in no file.
    """

    items: tuple[StanceItem, ...]
    tied: tuple[Reading, ...]
    unlabelled: tuple[Reading, ...]
    missing: tuple[str, ...]

    def __str__(self) -> str:
        places = [reading.task.id for reading in self.tied]
        lines = [f"settled: {len(self.items)} quotations"]
        if places:
            more = f" and {len(places) - _TOLD} more" if len(places) > _TOLD else ""
            lines.append(
                f"tied and left out, one more annotator settles them: {len(places)}: "
                f"{', '.join(places[:_TOLD])}{more}"
            )
        if self.unlabelled:
            lines.append(f"labelled by nobody: {len(self.unlabelled)}")
        return "\n".join(lines)


def settle(readings: Sequence[Reading]) -> Settled:
    """The majority's labels of each task.

    Its primary label is the one that most annotators gave; where two were given equally often,
    the task is tied and left out: one more annotator settles it. Labels that more than half
    gave, in whatever place, stand behind it. The items keep each annotator's labels as
    ``passes``, in the order of ``annotators``.
    """
    items, tied, unlabelled = [], [], []
    for reading in readings:
        passes = list(reading.passes.values())
        labels = _majority(passes, reading.task.choices)
        if not passes:
            unlabelled.append(reading)
        elif labels is None:
            tied.append(reading)
        else:
            items.append(_item(reading, labels))
    return Settled(tuple(items), tuple(tied), tuple(unlabelled), tuple(_missing(readings)))


def split(
    items: Sequence[StanceItem], share: float = 0.2, seed: int = 0
) -> tuple[list[StanceItem], list[StanceItem]]:
    """The items to train on, and about ``share`` of them to evaluate on.

    All of a document go the same way: what it says once it says again. At least one document
    is on each side where there are two. The documents are drawn with ``seed``.
    """
    documents = Counter(item.metadata["doc"] for item in items)
    drawn = random.Random(seed).sample(list(documents), len(documents))
    held_out: set[str] = set()
    for document in drawn[:-1]:
        if sum(documents[name] for name in held_out) < share * len(items):
            held_out.add(document)
    return (
        [item for item in items if item.metadata["doc"] not in held_out],
        [item for item in items if item.metadata["doc"] in held_out],
    )


def _missing(readings: Sequence[Reading]) -> Iterator[str]:
    """The places that are empty in the exports, which their sizes tell apart."""
    for total in sorted({reading.task.total for reading in readings}):
        found = {reading.task.number for reading in readings if reading.task.total == total}
        yield from (f"{n} of {total}" for n in range(1, total + 1) if n not in found)


def _majority(passes: Sequence[Sequence[str]], choices: Sequence[str]) -> list[str] | None:
    """The labels most annotators gave, primary first; ``None`` where the primary one is tied."""
    primary = Counter(labels[0] if labels else NO_STANCE for labels in passes)
    (first, votes), *rest = primary.most_common() or [(NO_STANCE, 0)]
    if rest and rest[0][1] == votes:
        return None
    if first == NO_STANCE:
        return []
    any_place = Counter(label for labels in passes for label in labels)
    others = [label for label in choices if 2 * any_place[label] > len(passes) and label != first]
    return [first, *sorted(others, key=any_place.__getitem__, reverse=True)]


def _item(reading: Reading, labels: list[str]) -> StanceItem:
    task = reading.task
    predicted = {"predicted": labels_cell(task.stance)} if task.stance else {}
    return StanceItem(
        text=task.text,
        context=task.context,
        after=task.after,
        stance=Stance.from_labels(labels),
        id=task.id,
        metadata={
            "doc": task.document,
            "content": [list(pair) for pair in task.content],
            "kind": task.kind,
            "speaker": task.speaker or None,
            "source_text": task.source,
            **predicted,
            "annotators": list(reading.passes),
            "passes": list(reading.passes.values()),
        },
    )
