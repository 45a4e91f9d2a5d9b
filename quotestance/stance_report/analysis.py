"""Everything that is asked of predicted stances against gold, gathered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from quotestance.document import Stance, StanceItem
from quotestance.evaluation import (
    Comparison,
    CoveragePoint,
    Reliability,
    Report,
    Share,
    compare_stances,
    confusions,
    coverage_curve,
    evaluate_stances,
    reliability,
)
from quotestance.evaluation.confidence import coverage_table
from quotestance.stance.stability import Stability

_FIELDS = ("genre", "source")
_SMALLEST_GROUP = 5
_THRESHOLDS = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9)
_COMPARED = ("macro_f1", "accuracy", "ece")


@dataclass(frozen=True, slots=True)
class WrongItem:
    """An item with a wrong label; ``confidence`` is 0 where the prediction has none."""

    item: StanceItem
    gold: Stance
    predicted: Stance
    confidence: float


@dataclass(frozen=True, slots=True)
class StanceAnalysis:
    """Scores, confusions, reliability, coverage, groups, other predictions and wrong items.

    ``confusions`` are those of :func:`quotestance.evaluation.confusions`. ``reliability`` is
    ``None`` and ``coverage`` empty without probabilities. ``groups`` has the accuracy by value of
    the fields genre and source, ``beside`` the difference from each other prediction (b is this
    one), ``wrong`` the wrong items, those of highest confidence first.
    """

    scores: Report
    confusions: Mapping[str, Mapping[str, int]]
    reliability: Reliability | None
    coverage: tuple[CoveragePoint, ...]
    groups: Mapping[str, Mapping[str, Share]]
    beside: Mapping[str, Comparison]
    wrong: tuple[WrongItem, ...]
    stability: Stability | None = None

    def to_dict(self) -> dict[str, Any]:
        data: dict[str, Any] = {
            **self.scores.to_dict(),
            "confusions": {gold: dict(row) for gold, row in self.confusions.items()},
        }
        if self.reliability:
            data["reliability"] = self.reliability.to_dict()
            data["coverage"] = [point.to_dict() for point in self.coverage]
        if self.groups:
            data["groups"] = {
                field: {
                    value: {
                        "items": share.size,
                        "accuracy": round(share.value, 4),
                        "interval": [round(end, 4) for end in share.interval],
                    }
                    for value, share in shares.items()
                }
                for field, shares in self.groups.items()
            }
        if self.beside:
            data["beside"] = {name: found.to_dict() for name, found in self.beside.items()}
        if self.stability:
            data["stability"] = self.stability.to_dict()
        return data

    def __str__(self) -> str:
        parts = [str(self.scores), confusion_table(self.confusions)]
        if self.reliability:
            parts += [str(self.reliability), coverage_table(self.coverage, _THRESHOLDS)]
        parts += [_group_table(field, shares) for field, shares in self.groups.items()]
        if self.beside:
            parts.append(_beside_table(self.beside))
        if self.stability:
            parts.append(str(self.stability))
        return "\n\n".join(parts)


def analyze_stances(
    items: Sequence[StanceItem],
    predicted: Sequence[Stance],
    *,
    others: Mapping[str, Sequence[Stance]] | None = None,
    stability: Stability | None = None,
    resamples: int = 1000,
) -> StanceAnalysis:
    """Stances ``predicted`` for ``items`` against their gold ones, paired by position.

    ``stability`` is shown with them; intervals rest on ``resamples`` resamplings. ``others`` are
    predictions of the same items by name, of baselines or of another model. An item without a
    gold stance counts as none. Raises ValueError where the lengths differ.
    """
    gold = [item.stance or Stance.from_labels([]) for item in items]
    scores = evaluate_stances(gold, predicted, resamples=resamples)
    sure = all(stance.probabilities for stance in predicted) and bool(predicted)
    independent = any(stance.independent for stance in predicted)
    right = [_is_right(g, p, independent) for g, p in zip(gold, predicted, strict=True)]
    wrong = [
        WrongItem(item, true, stance, stance.confidence or 0.0)
        for item, true, stance, correct in zip(items, gold, predicted, right, strict=True)
        if not correct
    ]
    return StanceAnalysis(
        scores,
        confusions(gold, predicted),
        reliability(gold, predicted) if sure else None,
        tuple(coverage_curve(gold, predicted)) if sure else (),
        _groups(items, right),
        {
            name: compare_stances(gold, stances, predicted, resamples=resamples)
            for name, stances in (others or {}).items()
        },
        tuple(sorted(wrong, key=lambda case: -case.confidence)),
        stability,
    )


def confusion_table(confusions: Mapping[str, Mapping[str, int]]) -> str:
    """Confusions as lines of text: a row a gold class, a column a predicted one."""
    columns = list(next(iter(confusions.values()), {}))
    cells = [["gold \\ predicted", *columns]]
    cells += [[label, *map(str, row.values())] for label, row in confusions.items()]
    first = max(len(row[0]) for row in cells)
    width = max([5, *map(len, columns)])
    return "\n".join(
        f"{row[0]:<{first}}" + "".join(f"  {cell:>{width}}" for cell in row[1:]) for row in cells
    )


def beside_rows(beside: Mapping[str, Comparison]) -> list[tuple[str, str, str, str, str]]:
    """Name, score, its value, this one's, and the difference with its interval."""
    return [
        (
            name,
            score,
            f"{d.a:.3f}",
            f"{d.b:.3f}",
            f"{d.value:+.3f} ({d.low:+.3f} to {d.high:+.3f})",
        )
        for name, comparison in beside.items()
        for score, d in comparison.scores.items()
        if score in _COMPARED
    ]


def _beside_table(beside: Mapping[str, Comparison]) -> str:
    width = max(len(name) for name in beside)
    rows = [f"{'beside':<{width}}  score     theirs  this   difference (95 % interval)"]
    for name, score, theirs, this, difference in beside_rows(beside):
        rows.append(f"{name:<{width}}  {score:<8}  {theirs:<6}  {this}  {difference}")
    return "\n".join(rows)


def _group_table(field: str, shares: Mapping[str, Share]) -> str:
    width = max(len(field), *map(len, shares))
    rows = [f"{field:<{width}}  items  accuracy (95 % interval)"]
    rows += [f"{value:<{width}}  {share.size:>5}  {share}" for value, share in shares.items()]
    return "\n".join(rows)


def _groups(items: Sequence[StanceItem], right: Sequence[bool]) -> dict[str, dict[str, Share]]:
    """The accuracy by value of each field, of the largest group first; small ones are left out."""
    found = {}
    for field in _FIELDS:
        by_value: dict[str, list[bool]] = defaultdict(list)
        for item, correct in zip(items, right, strict=True):
            value = item.metadata.get(field)
            if isinstance(value, str) and value:
                by_value[value].append(correct)
        large = {v: rights for v, rights in by_value.items() if len(rights) >= _SMALLEST_GROUP}
        if large:
            ordered = sorted(large.items(), key=lambda pair: -len(pair[1]))
            found[field] = {value: Share(sum(rights), len(rights)) for value, rights in ordered}
    return found


def _is_right(gold: Stance, predicted: Stance, independent: bool) -> bool:
    if independent:
        return set(gold.labels) == set(predicted.labels)
    return gold.label == predicted.label
