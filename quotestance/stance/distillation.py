"""Teachers of a stance classifier: what larger ones say of the same texts, as soft targets.

The student learns the mean of its teachers' probabilities beside the labels, and alone where a
text has none (Hinton et al. 2015).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from quotestance.document import NO_STANCE, LayoutError
from quotestance.hub import ModelError
from quotestance.stance.calibration import probabilities_of
from quotestance.stance.checks import classes_of, is_multi_label
from quotestance.stance.classifier import StanceClassifier
from quotestance.stance.data import Labelled

_TEACHING = 0.5  # share of the teachers in the targets of a labelled text


@dataclass(frozen=True, slots=True)
class Lesson:
    """Texts to learn from, all with labels, and what teachers say of them, if there are any.

    ``probabilities`` are theirs, of shape (items, classes); ``bare`` tells which items have no
    labels but the teachers'.
    """

    items: list[Labelled]
    classes: tuple[str, ...]
    multi_label: bool
    probabilities: NDArray[np.float32] | None = None
    bare: NDArray[np.bool_] | None = None

    @classmethod
    def without_teachers(cls, items: list[Labelled], multi_label: bool | None) -> Lesson:
        """Texts with their labels alone, which tell, where it is open, if they are independent."""
        records = [item.record for item in items]
        if multi_label is None:
            multi_label = is_multi_label(records)
        return cls(items, classes_of(records, multi_label), multi_label)

    def mixed(self, targets: NDArray[np.float32]) -> NDArray[np.float32]:
        """Targets of the items' labels, with the share of the teachers in them."""
        if self.probabilities is None or self.bare is None:
            return targets
        share = np.where(self.bare, 1, _TEACHING)[:, None]
        return np.asarray((1 - share) * targets + share * self.probabilities, dtype=np.float32)


def teach(teachers: Sequence[str | Path], items: Sequence[Labelled], device: str) -> Lesson:
    """What trained classifiers (sizes, folders or hub names) with the same labels say of texts.

    Raises ModelError where their labels differ, and LayoutError for labels they do not know.
    """
    models = [StanceClassifier.from_pretrained(name, device, engine="torch") for name in teachers]
    first = models[0]
    for name, model in zip(teachers, models, strict=True):
        if (set(model.classes_), model.multi_label) != (set(first.classes_), first.multi_label):
            raise ModelError(
                f"the teachers {teachers[0]} and {name} do not label alike: "
                f"{', '.join(first.classes_)}, and {', '.join(model.classes_)}"
            )
    _check_known(items, first)
    records = [item.record for item in items]
    columns = [[model.classes_.index(label) for label in first.classes_] for model in models]
    rows = np.mean(
        [probabilities_of(m, records)[:, c] for m, c in zip(models, columns, strict=True)], axis=0
    )
    return Lesson(
        [_labelled(item, first, row) for item, row in zip(items, rows, strict=True)],
        first.classes_,
        first.multi_label,
        rows,
        np.array(["labels" not in record for record in records]),
    )


def _check_known(items: Sequence[Labelled], teacher: StanceClassifier) -> None:
    known = {*teacher.classes_, *([NO_STANCE] if teacher.multi_label else [])}
    for item in items:
        labels = item.record.get("labels", teacher.classes_) or [NO_STANCE]
        if unknown := [label for label in labels if label not in known]:
            raise LayoutError(
                f"{item.place}: label {unknown[0]!r} is none of the teachers', which have "
                f"{', '.join(teacher.classes_)}: train a teacher on your labels first"
            )


def _labelled(item: Labelled, teacher: StanceClassifier, row: NDArray[np.float32]) -> Labelled:
    if "labels" in item.record:
        return item
    return replace(item, record={**item.record, "labels": list(teacher.stance(row).labels)})
