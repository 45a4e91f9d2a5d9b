"""Calibrating a stance classifier on held-out data: its temperature and its thresholds.

One temperature (Guo et al. 2017) is folded into the last layer, so that the saved folder gives
calibrated probabilities to whoever loads it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from quotestance.document import NO_STANCE
from quotestance.engines.torch_engine import TorchEngine
from quotestance.stance.classifier import StanceClassifier

Record = Mapping[str, Any]

_SURE = 0.5  # the threshold where the data speak for no other


def calibrate(classifier: StanceClassifier, records: Sequence[Record]) -> float:
    """Folds the temperature that fits ``records`` best into the last layer, and returns it.

    Also chooses, for each label, the probability from which it holds: the one with the best F1
    on the same records. Of a model with one first label that is the threshold for the others.
    Raises ValueError for a classifier that does not run on torch: its weights cannot be changed.
    """
    if not isinstance(classifier.engine, TorchEngine):
        raise ValueError(
            f"a classifier on {classifier.engine.name} cannot be calibrated; load it with "
            "from_pretrained(..., engine='torch')"
        )
    probabilities = probabilities_of(classifier, records)
    temperatures = np.geomspace(0.25, 4, 200)
    loss = _independent_loss if classifier.multi_label else _loss
    gold = _gold(records, classifier)
    losses = [loss(probabilities, gold, temperature) for temperature in temperatures]
    best = float(temperatures[int(np.argmin(losses))])
    layer = last_layer(classifier.model, len(classifier.classes_))
    with torch.no_grad():
        layer.weight.div_(best)
        if layer.bias is not None:
            layer.bias.div_(best)
    thresholds = best_thresholds(classifier, probabilities_of(classifier, records), records)
    classifier.model.config.label_thresholds = thresholds
    classifier.thresholds.update(thresholds)
    return best


def probabilities_of(
    classifier: StanceClassifier, records: Sequence[Record]
) -> NDArray[np.float32]:
    """The probabilities of records with the fields text, context and after."""
    return classifier.predict_proba(
        [record["text"] for record in records],
        [record.get("context") or "" for record in records],
        [record.get("after") or "" for record in records],
    )


def last_layer(model: nn.Module, size: int) -> nn.Linear:
    """The layer that scores the ``size`` classes; raises ValueError where there is none."""
    layers = [m for m in model.modules() if isinstance(m, nn.Linear) and m.out_features == size]
    if not layers:
        raise ValueError("this model has no linear layer that scores classes")
    return layers[-1]


def best_thresholds(
    classifier: StanceClassifier, probabilities: NDArray[np.float32], records: Sequence[Record]
) -> dict[str, float]:
    """For each label the threshold with the best F1; of several as good, the nearest to a half.

    Where a first label and others could hold together but never do, a half for all: no other
    label reaches it.
    """
    classes = classifier.classes_
    top = probabilities.argmax(axis=1)
    first_holds = np.array([classes[index] != NO_STANCE for index in top])
    together = classifier.multi_label or any(len(record["labels"]) > 1 for record in records)
    highest = 0.91 if classifier.multi_label else 0.49
    grid = np.arange(0.1, highest, 0.02).round(2) if together else np.array([_SURE])
    grid = np.array(sorted({_SURE, *grid}, key=lambda value: abs(value - _SURE)))
    thresholds = {}
    for index, label in enumerate(classes):
        if label == NO_STANCE:
            continue
        holds = np.array([label in record["labels"] for record in records])
        scores = []
        for threshold in grid:
            found = probabilities[:, index] >= threshold
            if not classifier.multi_label:
                found = (top == index) | (found & first_holds)
            scores.append(2 * (found & holds).sum() / max(1, found.sum() + holds.sum()))
        thresholds[label] = float(grid[int(np.argmax(scores))])
    return thresholds


def _gold(records: Sequence[Record], classifier: StanceClassifier) -> NDArray[np.float64]:
    """1 for the classes that hold, of one first label for that only: (records, classes)."""
    gold = np.zeros((len(records), len(classifier.classes_)))
    for row, record in zip(gold, records, strict=True):
        labels = record["labels"]
        if not classifier.multi_label:
            labels = (labels or [NO_STANCE])[:1]
        for label in labels:
            row[classifier.classes_.index(label)] = 1
    return gold


def _loss(probabilities: NDArray[Any], gold: NDArray[Any], temperature: float) -> float:
    scores = np.log(np.clip(probabilities, 1e-9, 1)) / temperature
    normalizer = np.log(np.exp(scores).sum(axis=1))
    return float((normalizer - (scores * gold).sum(axis=1)).mean())


def _independent_loss(probabilities: NDArray[Any], gold: NDArray[Any], temperature: float) -> float:
    clipped = np.clip(probabilities.astype(np.float64), 1e-9, 1 - 1e-9)
    scores = np.log(clipped / (1 - clipped)) / temperature
    return float((np.logaddexp(0, scores) - scores * gold).mean())
