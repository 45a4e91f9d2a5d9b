"""Scores of stances, paired by position: the project's or any other set of labels.

Labels may be independent (multi-label): each is right or wrong by itself, and there is no primary
one. Where nobody says so, probabilities that do not sum to 1 do.
"""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from quotestance.document import LABELS, NO_STANCE, Stance
from quotestance.evaluation.bootstrap import Comparison, Report, comparison, report
from quotestance.evaluation.counts import Counts, calibration, count_confidence, prf

_PROJECT = (*LABELS, NO_STANCE)


@dataclass(frozen=True, slots=True)
class _Scheme:
    """What is scored: the labels, whether they are independent, whether there are probabilities."""

    classes: tuple[str, ...]
    independent: bool
    with_ece: bool
    with_certain: bool

    @property
    def labels(self) -> tuple[str, ...]:
        return tuple(label for label in self.classes if label != NO_STANCE)


def evaluate_stances(
    gold: Sequence[Stance],
    predicted: Sequence[Stance],
    *,
    multi_label: bool | None = None,
    resamples: int = 1000,
) -> Report:
    """Scores of stances, paired by position.

    ``macro_f1`` is over all classes that gold and predictions know, by primary label; where all
    are the project's and there are no probabilities, over the three stances and none. ``ece`` is
    the expected calibration error in 10 bins of the top probability (Guo et al. 2017), where there
    are probabilities. With independent labels ``macro_f1`` is over the labels by themselves,
    ``accuracy`` the share of items with exactly the right ones, and ``ece`` that of all
    probabilities. ``coverage`` is the share of certain stances and ``certain_accuracy`` how many
    of them are right, where a threshold told them apart.

    Raises ValueError where the lengths differ, and where the predictions' probabilities are of
    none of the gold labels; warns where they are not of all of them.
    """
    scheme = _scheme(gold, predicted, multi_label=multi_label)
    check_known(gold, predicted, multi_label=multi_label)
    return report(_counted(gold, predicted, scheme), partial(_scores, scheme=scheme), resamples)


def check_known(
    gold: Sequence[Stance], predicted: Sequence[Stance], *, multi_label: bool | None = None
) -> None:
    """Raises ValueError where a model knows none of the gold labels, warns where it lacks some.

    What it knows are the labels of its probabilities; without them nothing is checked.
    """
    known = {label for stance in predicted for label in stance.probabilities}
    if not known:
        return
    if multi_label or any(stance.independent for stance in predicted):
        known.add(NO_STANCE)
    wanted = {label for stance in gold for label in (stance.label, *stance.labels)}
    labels, missing = wanted - {NO_STANCE}, ", ".join(sorted(wanted - known))
    if labels and not labels & known:
        raise ValueError(
            f"the model knows none of the gold labels ({', '.join(sorted(labels))}), but "
            f"{', '.join(sorted(known))}: evaluate one that was trained on them, on the command "
            "line --stance FOLDER, or mend the labels"
        )
    if missing:
        warnings.warn(
            f"the model does not know the gold labels {missing}: their items count as wrong; it "
            f"knows {', '.join(sorted(known))}",
            stacklevel=3,
        )


def compare_stances(
    gold: Sequence[Stance],
    predicted_a: Sequence[Stance],
    predicted_b: Sequence[Stance],
    *,
    resamples: int = 1000,
) -> Comparison:
    """The difference b - a of every score of :func:`evaluate_stances`, on the same ``resamples``.

    ``gold``, ``predicted_a`` and ``predicted_b`` are paired by position.
    """
    scheme = _scheme(gold, predicted_a, predicted_b)
    a, b = (_counted(gold, predicted, scheme) for predicted in (predicted_a, predicted_b))
    return comparison(a, b, partial(_scores, scheme=scheme), resamples)


def confusions(
    gold: Sequence[Stance], predicted: Sequence[Stance], *, multi_label: bool | None = None
) -> dict[str, dict[str, int]]:
    """How often each gold class (the outer key) was predicted as each class, by primary label.

    ``gold`` and ``predicted`` are paired by position. With independent labels (``multi_label``;
    without it the predictions tell): for each label how many items were ``hit``, ``missed``,
    ``false`` (predicted, but not in gold) and ``rest``.
    """
    scheme = _scheme(gold, predicted, multi_label=multi_label)
    pairs = list(zip(gold, predicted, strict=True))
    if not scheme.independent:
        found = Counter((g.label, p.label) for g, p in pairs)
        return {g: {p: found[g, p] for p in scheme.classes} for g in scheme.classes}
    told: dict[str, dict[str, int]] = {}
    for label in scheme.labels:
        both = Counter((label in g.labels, label in p.labels) for g, p in pairs)
        told[label] = {
            "hit": both[True, True],
            "missed": both[True, False],
            "false": both[False, True],
            "rest": both[False, False],
        }
    return told


def _scheme(
    gold: Sequence[Stance], *predictions: Sequence[Stance], multi_label: bool | None = None
) -> _Scheme:
    with_ece = all(
        predicted and all(stance.probabilities for stance in predicted) for predicted in predictions
    )
    stances = [stance for predicted in predictions for stance in predicted]
    independent = multi_label
    if independent is None:
        independent = any(
            len(stance.probabilities) > 1 and abs(sum(stance.probabilities.values()) - 1) > 0.01
            for stance in stances
        )
    known = {name for stance in stances for name in stance.probabilities}
    found = known | {
        name for stance in (*gold, *stances) for name in (stance.label, *stance.labels)
    }
    if found <= set(_PROJECT):
        classes = tuple(name for name in _PROJECT if name in found or not known)
    else:
        classes = tuple(sorted(found))
    with_certain = bool(stances) and all(stance.certain is not None for stance in stances)
    return _Scheme(classes, independent, with_ece, with_certain)


def _counted(gold: Sequence[Stance], predicted: Sequence[Stance], scheme: _Scheme) -> list[Counts]:
    if len(gold) != len(predicted):
        raise ValueError(f"{len(gold)} gold stances but {len(predicted)} predicted ones")
    return [_count(g, p, scheme) for g, p in zip(gold, predicted, strict=True)]


def _count(gold: Stance, predicted: Stance, scheme: _Scheme) -> Counts:
    right = gold.label == predicted.label
    if scheme.independent:
        right = set(gold.labels) == set(predicted.labels)
    counts: Counts = Counter({"items": 1, "correct": right})
    for label in scheme.classes:
        counts[f"{label} gold"] = gold.label == label
        counts[f"{label} predicted"] = predicted.label == label
        counts[f"{label} hit"] = gold.label == predicted.label == label
    for label in scheme.labels:
        counts[f"any {label} gold"] = label in gold.labels
        counts[f"any {label} predicted"] = label in predicted.labels
        counts[f"any {label} hit"] = label in gold.labels and label in predicted.labels
    if scheme.with_ece and scheme.independent:
        for label, probability in predicted.probabilities.items():
            count_confidence(counts, "stance", probability, label in gold.labels)
    elif scheme.with_ece:
        top, probability = max(predicted.probabilities.items(), key=lambda item: item[1])
        count_confidence(counts, "stance", probability, top == gold.label)
    if scheme.with_certain:
        counts["certain"] = bool(predicted.certain)
        counts["certain correct"] = bool(predicted.certain and right)
    return counts


def _scores(total: Counts, scheme: _Scheme) -> dict[str, tuple[float, int]]:
    items = int(total["items"])
    any_f1 = _mean([prf(total, f"any {label}")["f1"] for label in scheme.labels])
    if scheme.independent:
        counted = {label: f"any {label}" for label in scheme.labels}
        scores = {"macro_f1": (any_f1, items)}
    else:
        counted = {label: label for label in scheme.classes}
        f1 = [prf(total, label)["f1"] for label in scheme.classes]
        scores = {"macro_f1": (_mean(f1), items)}
    for label, name in counted.items():
        for key, value in prf(total, name).items():
            scores[f"{label}_{key}"] = (value, int(total[f"{name} gold"]))
    scores["accuracy"] = (round(total["correct"] / max(1, items), 4), items)
    scores["multilabel_macro_f1"] = (any_f1, items)
    if scheme.with_ece:
        scores["ece"] = calibration(total, "stance")
    if scheme.with_certain:
        certain = int(total["certain"])
        scores["coverage"] = (round(certain / max(1, items), 4), items)
        accuracy = total["certain correct"] / max(1, certain)
        scores["certain_accuracy"] = (round(accuracy, 4), certain)
    return scores


def _mean(values: Sequence[float]) -> float:
    return round(sum(values) / max(1, len(values)), 4)
