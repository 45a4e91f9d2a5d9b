"""Scores of stances, paired by position."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import partial

from quotestance.document import LABELS, NO_STANCE, Stance
from quotestance.evaluation.bootstrap import Comparison, Report, comparison, report
from quotestance.evaluation.counts import Counts, calibration, count_confidence, prf

_CLASSES = (*LABELS, NO_STANCE)


def evaluate_stances(
    gold: Sequence[Stance], predicted: Sequence[Stance], *, resamples: int = 1000
) -> Report:
    """Scores of stances, paired by position.

    ``macro_f1`` is over the three stances and none, by primary label; ``ece`` the expected
    calibration error in 10 bins of the top probability (Guo et al. 2017), where there are
    probabilities. Raises ValueError where the lengths differ.
    """
    with_ece = _have_probabilities(predicted)
    counts = _counted(gold, predicted, with_ece)
    return report(counts, partial(_scores, with_ece=with_ece), resamples)


def compare_stances(
    gold: Sequence[Stance],
    predicted_a: Sequence[Stance],
    predicted_b: Sequence[Stance],
    *,
    resamples: int = 1000,
) -> Comparison:
    """The difference b - a of every score of :func:`evaluate_stances`, on the same resamples."""
    with_ece = _have_probabilities(predicted_a) and _have_probabilities(predicted_b)
    a, b = (_counted(gold, predicted, with_ece) for predicted in (predicted_a, predicted_b))
    return comparison(a, b, partial(_scores, with_ece=with_ece), resamples)


def _have_probabilities(stances: Sequence[Stance]) -> bool:
    return bool(stances) and all(stance.probabilities for stance in stances)


def _counted(gold: Sequence[Stance], predicted: Sequence[Stance], with_ece: bool) -> list[Counts]:
    if len(gold) != len(predicted):
        raise ValueError(f"{len(gold)} gold stances but {len(predicted)} predicted ones")
    return [_count(g, p, with_ece) for g, p in zip(gold, predicted, strict=True)]


def _count(gold: Stance, predicted: Stance, with_ece: bool) -> Counts:
    counts: Counts = Counter({"items": 1, "correct": gold.label == predicted.label})
    for label in _CLASSES:
        counts[f"{label} gold"] = gold.label == label
        counts[f"{label} predicted"] = predicted.label == label
        counts[f"{label} hit"] = gold.label == predicted.label == label
    for label in LABELS:
        counts[f"any {label} gold"] = label in gold.labels
        counts[f"any {label} predicted"] = label in predicted.labels
        counts[f"any {label} hit"] = label in gold.labels and label in predicted.labels
    if with_ece:
        top, probability = max(predicted.probabilities.items(), key=lambda item: item[1])
        count_confidence(counts, "stance", probability, top == gold.label)
    return counts


def _scores(total: Counts, with_ece: bool) -> dict[str, tuple[float, int]]:
    items = int(total["items"])
    f1 = {label: prf(total, label)["f1"] for label in _CLASSES}
    any_f1 = {label: prf(total, f"any {label}")["f1"] for label in LABELS}
    scores = {"macro_f1": (round(sum(f1.values()) / len(f1), 4), items)}
    for label in _CLASSES:
        for key, value in prf(total, label).items():
            scores[f"{label}_{key}"] = (value, int(total[f"{label} gold"]))
    scores["accuracy"] = (round(total["correct"] / max(1, items), 4), items)
    scores["multilabel_macro_f1"] = (round(sum(any_f1.values()) / len(any_f1), 4), items)
    if with_ece:
        scores["ece"] = calibration(total, "stance")
    return scores
