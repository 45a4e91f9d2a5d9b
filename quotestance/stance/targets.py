"""What a stance classifier learns towards: how much of each class an item is.

Of labels with a primary one, a secondary one gets a share, and so do annotation passes that
disagree: the softmax learns how sure the annotators were. Independent labels are 1 where they hold.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from quotestance.document import NO_STANCE

_PRIMARY = 0.75  # the share of the first of several labels
_WEIGHT_POWER = 0.25  # of a class's inverse frequency


def targets_of(
    records: Sequence[Mapping[str, Any]], classes: Sequence[str], multi_label: bool
) -> NDArray[np.float32]:
    """Shares of shape (records, classes)."""
    return np.array([_target(record, classes, multi_label) for record in records], dtype=np.float32)


def class_weights(targets: NDArray[np.float32], multi_label: bool) -> NDArray[np.float32]:
    """Weights of the classes; of independent labels those of where they hold."""
    frequency = np.maximum(targets.mean(axis=0), 1e-3)
    usual = 1 - np.minimum(frequency, 0.999) if multi_label else frequency.mean()
    return np.asarray((usual / frequency) ** _WEIGHT_POWER, dtype=np.float32)


def _target(
    record: Mapping[str, Any], classes: Sequence[str], multi_label: bool
) -> NDArray[np.float32]:
    """Shares of the classes: the settled labels, and the passes where they disagree.

    Labels that only passes have are no classes and get none.
    """
    readings = [record["labels"], *(record.get("passes") or [])]
    shares = np.zeros(len(classes), dtype=np.float32)
    for labels in readings:
        for rank, label in enumerate(labels or [NO_STANCE]):
            share = 1.0
            if len(labels) > 1 and not multi_label:
                share = _PRIMARY if rank == 0 else (1 - _PRIMARY) / (len(labels) - 1)
            if label in classes:
                shares[classes.index(label)] += share
    return np.asarray(shares / len(readings), dtype=np.float32)
