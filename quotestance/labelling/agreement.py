"""How well annotators agree on the primary label: Krippendorff's alpha, and where they differ.

K. Krippendorff (2011), *Computing Krippendorff's Alpha-Reliability*: nominal labels, any number
of annotators, each of whom may have left items out. Items that fewer than two labelled tell
nothing. Intervals are 95 % percentiles of the values on resampled items.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from quotestance.document import NO_STANCE
from quotestance.evaluation import Score

_TOLD = 6  # pairs of labels in the table


@dataclass(frozen=True, slots=True)
class Agreement:
    """``alpha`` is 1 where all agree, 0 where they do as by chance, nan where only one label
    was ever given. ``percent`` is the share of pairs of annotators who agree. ``items`` were
    labelled by two or more. ``confused`` are pairs of labels, and how many pairs of annotators
    gave one the one and the other the other, most first.
    """

    alpha: Score
    percent: Score
    items: int
    confused: tuple[tuple[tuple[str, str], int], ...]

    def __str__(self) -> str:
        lines = [
            f"agreement on the primary label of {self.items} quotations that two or more labelled"
        ]
        for name, score in (
            ("Krippendorff's alpha", self.alpha),
            ("pairs that agree", self.percent),
        ):
            value = "undefined: one label only" if math.isnan(score.value) else _shown(score)
            lines.append(f"  {name:<21} {value}")
        if self.confused:
            lines.append("labels confused, pairs of annotators")
            lines += [f"  {one} / {other}: {n}" for (one, other), n in self.confused[:_TOLD]]
        return "\n".join(lines)


def agreement(
    annotations: Iterable[Sequence[Sequence[str]]], *, resamples: int = 1000
) -> Agreement:
    """How well annotators agree.

    ``annotations`` are for each item the labels of each annotator who labelled it, primary
    first, ``[]`` for none: the ``passes`` of stance items. Raises ValueError where no item has
    two annotators.
    """
    units = [
        Counter(labels[0] if labels else NO_STANCE for labels in passes)
        for passes in annotations
        if len(passes) > 1
    ]
    if not units:
        raise ValueError("no item was labelled by two annotators: agreement cannot be measured")
    names = sorted({name for unit in units for name in unit})
    counts = np.array([[unit[name] for name in names] for unit in units], dtype=float)
    coincidences = _coincidences(counts)
    random = np.random.default_rng(0)
    drawn = [
        _alpha_and_percent(coincidences[random.integers(0, len(units), len(units))].sum(axis=0))
        for _ in range(resamples)
    ]
    alpha, percent = _alpha_and_percent(coincidences.sum(axis=0))
    pairs = counts.T @ counts
    confused = Counter(
        {(names[a], names[b]): int(pairs[a, b]) for a, b in combinations(range(len(names)), 2)}
    )
    return Agreement(
        _score(alpha, [value for value, _ in drawn], len(units)),
        _score(percent, [value for _, value in drawn], len(units)),
        len(units),
        tuple((pair, n) for pair, n in confused.most_common() if n),
    )


def _coincidences(counts: NDArray[np.float64]) -> NDArray[np.float64]:
    """Ordered pairs of labels within each item, an item of m annotators weighing m.

    ``counts`` has a row an item and a column a label; the result a matrix an item.
    """
    pairs = counts[:, :, None] * counts[:, None, :]
    pairs -= counts[:, :, None] * np.eye(counts.shape[1])
    return np.asarray(pairs / (counts.sum(axis=1) - 1)[:, None, None])


def _alpha_and_percent(total: NDArray[np.float64]) -> tuple[float, float]:
    margins = total.sum(axis=0)
    size = margins.sum()
    same = float(np.trace(total) / size)
    by_chance = float((margins * (margins - 1)).sum() / (size * (size - 1)))
    return (same - by_chance) / (1 - by_chance) if by_chance < 1 else math.nan, same


def _score(value: float, drawn: Sequence[float], support: int) -> Score:
    """The value with its interval, for which resamples that have no value do not count."""
    known = [number for number in drawn if not math.isnan(number)] or [value]
    low, high = np.percentile(known, [2.5, 97.5])
    return Score(round(value, 4), round(float(low), 4), round(float(high), 4), support)


def _shown(score: Score) -> str:
    return f"{score.value:.3f} ({score.low:.3f} to {score.high:.3f})"
