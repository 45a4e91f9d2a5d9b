"""How far the probabilities of stances can be trusted: reliability, coverage and accuracy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from quotestance.document import Stance
from quotestance.evaluation.counts import BINS, bin_of
from quotestance.evaluation.proportions import Share


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """The predictions whose confidence lies from ``low`` to under ``high`` (1 is in the last).

    ``confidence`` is their mean and ``correct`` how many of them are right.
    """

    low: float
    high: float
    confidence: float
    correct: Share


@dataclass(frozen=True, slots=True)
class Reliability:
    """Confidence against accuracy, in ten bins of the confidence; empty bins are left out."""

    bins: tuple[ReliabilityBin, ...]

    @property
    def ece(self) -> float:
        """The expected calibration error (Guo et al. 2017): the mean gap, weighted by size."""
        size = sum(b.correct.size for b in self.bins)
        gaps = sum(b.correct.size * abs(b.confidence - b.correct.value) for b in self.bins)
        return gaps / size

    def to_dict(self) -> list[dict[str, Any]]:
        """The bins as plain data, for JSON."""
        return [
            {
                "low": b.low,
                "high": b.high,
                "items": b.correct.size,
                "confidence": round(b.confidence, 4),
                "accuracy": round(b.correct.value, 4),
                "interval": [round(end, 4) for end in b.correct.interval],
            }
            for b in self.bins
        ]

    def __str__(self) -> str:
        rows = ["confidence   items  mean   accuracy (95 % interval)"]
        for b in self.bins:
            edges = f"{b.low:.1f}–{b.high:.1f}"
            rows.append(f"{edges:<11}  {b.correct.size:>5}  {b.confidence:.3f}  {b.correct}")
        return "\n".join(rows)


@dataclass(frozen=True, slots=True)
class CoveragePoint:
    """What is left and how right it is where confidences under ``threshold`` abstain.

    ``covered`` is the share of items that are left, ``correct`` the share of these that are right.
    """

    threshold: float
    covered: Share
    correct: Share

    @property
    def coverage(self) -> float:
        """The share of items that are left, 0 to 1."""
        return self.covered.value

    @property
    def accuracy(self) -> float:
        """The share of those left that are right, 0 to 1."""
        return self.correct.value

    def to_dict(self) -> dict[str, Any]:
        """The point as plain data, for JSON."""
        return {
            "threshold": round(self.threshold, 4),
            "items": self.correct.size,
            "coverage": round(self.coverage, 4),
            "accuracy": round(self.accuracy, 4),
            "interval": [round(end, 4) for end in self.correct.interval],
        }


def reliability(gold: Sequence[Stance], predicted: Sequence[Stance]) -> Reliability:
    """How often predictions are right, by how sure they say they are.

    ``gold`` and ``predicted`` are paired by position; one is right where the primary labels agree.
    Raises ValueError where the lengths differ or probabilities are missing.
    """
    found = _outcomes(gold, predicted)
    bins = []
    for number in range(BINS):
        inside = [(sure, right) for sure, right in found if bin_of(sure) == number]
        if inside:
            mean = sum(sure for sure, _ in inside) / len(inside)
            correct = Share(sum(right for _, right in inside), len(inside))
            bins.append(ReliabilityBin(number / BINS, (number + 1) / BINS, mean, correct))
    return Reliability(tuple(bins))


def coverage_curve(gold: Sequence[Stance], predicted: Sequence[Stance]) -> list[CoveragePoint]:
    """Coverage and accuracy by threshold, the lowest first (El-Yaniv & Wiener 2010).

    ``gold`` and ``predicted`` are paired by position; one is right where the primary labels agree.
    There is a point for each confidence that occurs: as a threshold it leaves the items
    with at least that. The first point covers all items. To abstain at a point, give its
    threshold as ``abstain_below``. Raises ValueError where the lengths differ or probabilities
    are missing.
    """
    found = sorted(_outcomes(gold, predicted), reverse=True)
    points, correct = [], 0
    for number, ((sure, right), (following, _)) in enumerate(pairwise([*found, (-1.0, False)]), 1):
        correct += right
        if following < sure:
            points.append(CoveragePoint(sure, Share(number, len(found)), Share(correct, number)))
    return points[::-1]


def coverage_table(points: Sequence[CoveragePoint], thresholds: Sequence[float]) -> str:
    """The curve at a few thresholds, as lines of text; those that leave nothing are left out."""
    rows = ["abstain below  coverage  accuracy of the rest (95 % interval)"]
    for threshold in thresholds:
        if point := point_at(points, threshold):
            rows.append(f"{threshold:<13.2f}  {point.coverage:.3f}     {point.correct}")
    return "\n".join(rows)


def point_at(points: Sequence[CoveragePoint], threshold: float) -> CoveragePoint | None:
    """The point of a curve that a threshold comes to; ``None`` where it leaves nothing."""
    return next((point for point in points if point.threshold >= threshold), None)


def _outcomes(gold: Sequence[Stance], predicted: Sequence[Stance]) -> list[tuple[float, bool]]:
    """The confidence of each prediction, and whether it is right: of independent labels all."""
    if len(gold) != len(predicted):
        raise ValueError(f"{len(gold)} gold stances but {len(predicted)} predicted ones")
    independent = any(stance.independent for stance in predicted)
    found = []
    for number, (true, stance) in enumerate(zip(gold, predicted, strict=True)):
        if stance.confidence is None:
            raise ValueError(f"the predicted stance number {number} has no probabilities")
        right = true.label == stance.label
        if independent:
            right = set(true.labels) == set(stance.labels)
        found.append((stance.confidence, right))
    return found
