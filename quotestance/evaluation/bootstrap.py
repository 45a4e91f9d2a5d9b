"""Scores with 95 % intervals, and differences between two predictions with theirs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from quotestance.evaluation.counts import Counts

Scoring = Callable[[Counts], dict[str, tuple[float, int]]]
"""From the counts of all documents to the value and support of each score."""


_FEW = 30  # documents or items, below which resampling tells too little


@dataclass(frozen=True, slots=True)
class Score:
    """A score, its 95 % interval and how many items it rests on.

    The items are gold ones, but for ``speaker_ece`` the predictions.
    """

    value: float
    low: float
    high: float
    support: int


@dataclass(frozen=True, slots=True)
class Report:
    """All scores of an evaluation by name; ``size`` counts documents or items."""

    scores: Mapping[str, Score]
    size: int

    def __getitem__(self, name: str) -> Score:
        return self.scores[name]

    def to_dict(self) -> dict[str, Any]:
        """The scores as plain data, for JSON."""
        return {
            "size": self.size,
            "scores": {
                name: {"value": s.value, "interval": [s.low, s.high], "support": s.support}
                for name, s in self.scores.items()
            },
        }

    def __str__(self) -> str:
        width = max(map(len, self.scores), default=0)
        rows = [f"{'score':<{width}}  value   95 % interval   support"]
        for name, s in self.scores.items():
            rows.append(f"{name:<{width}}  {s.value:.4f}  {s.low:.4f}–{s.high:.4f}  {s.support:>7}")
        return "\n".join([*rows, *caution(self.size)])


@dataclass(frozen=True, slots=True)
class Difference:
    """A score of two predictions: ``value`` is b - a, with its 95 % interval.

    Where 0 lies outside the interval, the difference is unlikely to be chance. ``support``
    is how many items the score rests on, in the prediction with fewer.
    """

    a: float
    b: float
    value: float
    low: float
    high: float
    support: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """All scores that two predictions share by name; ``size`` counts documents or items."""

    scores: Mapping[str, Difference]
    size: int

    def __getitem__(self, name: str) -> Difference:
        return self.scores[name]

    def to_dict(self) -> dict[str, Any]:
        """The differences as plain data, for JSON."""
        return {
            "size": self.size,
            "scores": {
                name: {
                    "a": d.a,
                    "b": d.b,
                    "difference": d.value,
                    "interval": [d.low, d.high],
                    "support": d.support,
                }
                for name, d in self.scores.items()
            },
        }

    def __str__(self) -> str:
        width = max(map(len, self.scores), default=0)
        rows = [f"{'score':<{width}}  a       b       b - a    95 % interval       support"]
        for name, d in self.scores.items():
            rows.append(
                f"{name:<{width}}  {d.a:.4f}  {d.b:.4f}  {d.value:+.4f}  "
                f"{d.low:+.4f} to {d.high:+.4f}  {d.support:>7}"
            )
        return "\n".join([*rows, *caution(self.size)])


def caution(size: int) -> list[str]:
    """A line for reports whose intervals rest on few documents or items; else none."""
    if size >= _FEW:
        return []
    what = "one document or item" if size == 1 else f"{size} documents or items"
    return [f"The intervals rest on {what}: below some {_FEW} they are too narrow to trust."]


def report(counts: Sequence[Counts], score: Scoring, resamples: int) -> Report:
    """The scores of documents, or items, from their counts."""
    return Report(_bootstrapped(counts, score, resamples), len(counts))


def comparison(
    a: Sequence[Counts], b: Sequence[Counts], score: Scoring, resamples: int
) -> Comparison:
    """The scores of two predictions of the same documents in the same order."""
    both: list[Counts] = [
        Counter({**_of("a", first), **_of("b", second)}) for first, second in zip(a, b, strict=True)
    ]

    def score_each(total: Counts) -> list[dict[str, tuple[float, int]]]:
        return [
            score(Counter({name[2:]: n for name, n in total.items() if name[0] == side}))
            for side in "ab"
        ]

    def differences(total: Counts) -> dict[str, tuple[float, int]]:
        first, second = score_each(total)
        return {
            name: (round(second[name][0] - value, 4), min(support, second[name][1]))
            for name, (value, support) in first.items()
            if name in second
        }

    first, second = score_each(_total(both))
    scores = {
        name: Difference(first[name][0], second[name][0], s.value, s.low, s.high, s.support)
        for name, s in _bootstrapped(both, differences, resamples).items()
    }
    return Comparison(scores, len(both))


def _bootstrapped(counts: Sequence[Counts], score: Scoring, resamples: int) -> dict[str, Score]:
    """Every score with the 2.5th and 97.5th percentile of its values on resampled counts.

    The value stands for both where ``resamples`` is 0; a score that a resample cannot have
    (it drew no gold speaker) is 0 there.
    """
    total = _total(counts)
    values = score(total)
    names = sorted(total)
    matrix = np.array([[count[name] for name in names] for count in counts], dtype=float)
    random = np.random.default_rng(0)
    drawn: dict[str, list[float]] = {name: [] for name in values}
    for _ in range(resamples if counts else 0):
        sample = matrix[random.integers(0, len(counts), len(counts))].sum(0)
        again = score(Counter(dict(zip(names, sample.tolist(), strict=True))))
        for name in drawn:
            drawn[name].append(again[name][0] if name in again else 0.0)
    scores = {}
    for name, (value, support) in values.items():
        low, high = np.percentile(drawn[name], [2.5, 97.5]) if drawn[name] else (value, value)
        scores[name] = Score(value, round(float(low), 4), round(float(high), 4), support)
    return scores


def _of(side: str, counts: Counts) -> dict[str, int]:
    return {f"{side} {name}": count for name, count in counts.items()}


def _total(counts: Sequence[Counts]) -> Counts:
    total: Counts = Counter()
    for count in counts:
        total.update(count)
    return total
