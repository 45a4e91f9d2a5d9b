"""Scores of the quotations, speakers and stances of documents."""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Sequence
from functools import partial

from quotestance.document import Document, Stance
from quotestance.evaluation.bootstrap import Comparison, Report, comparison, report
from quotestance.evaluation.counts import Counts, calibration, count_confidence, prf
from quotestance.evaluation.matching import Match, match_segments, paired
from quotestance.evaluation.stances import check_known


def evaluate_documents(
    gold: Sequence[Document], predicted: Sequence[Document], *, resamples: int = 1000
) -> Report:
    """Scores of quotations, speakers and stances; documents are paired by ``id``.

    A document without a prediction counts as predicted empty. Raises ValueError for a
    predicted id that is unknown or stands twice, and for one whose text differs. Warns where the
    predicted stances have other labels than the gold ones.
    """
    try:
        check_known(_stances(gold), _stances(predicted))
    except ValueError as error:  # the scores of quotations and speakers are right all the same
        warnings.warn(str(error), stacklevel=2)
    return report(_counted(gold, predicted), _scoring(gold), resamples)


def compare_documents(
    gold: Sequence[Document],
    predicted_a: Sequence[Document],
    predicted_b: Sequence[Document],
    *,
    resamples: int = 1000,
) -> Comparison:
    """The difference b - a of every score of :func:`evaluate_documents`, with its interval.

    ``predicted_a`` and ``predicted_b`` are paired with ``gold`` by id. Both are scored on the
    same ``resamples`` of documents (Koehn 2004): what is hard for both does not widen the
    interval. Raises what :func:`evaluate_documents` raises.
    """
    a, b = _counted(gold, predicted_a), _counted(gold, predicted_b)
    return comparison(a, b, _scoring(gold), resamples)


def _counted(gold: Sequence[Document], predicted: Sequence[Document]) -> list[Counts]:
    return [count_quotations(*pair) for pair in paired(gold, predicted)]


def _stances(documents: Sequence[Document]) -> list[Stance]:
    return [q.stance for document in documents for q in document.quotations if q.stance]


def _scoring(gold: Sequence[Document]) -> partial[dict[str, tuple[float, int]]]:
    with_cues = any(q.cue for document in gold for q in document.quotations)
    return partial(_scores, with_cues=with_cues)


def count_quotations(gold: Document, predicted: Document) -> Counts:
    """What the scores of one document are made of; counts of several documents add up."""
    counts: Counts = Counter()
    for match in match_segments(gold, predicted):
        _count_segment(counts, match)
    for role in ("source", "cue", "content"):
        expected, found = (
            {span for q in document.quotations if q.kind != "none" for span in getattr(q, role)}
            for document in (gold, predicted)
        )
        counts[f"{role} gold"] += len(expected)
        counts[f"{role} predicted"] += len(found)
        counts[f"{role} hit"] += len(expected & found)
    return counts


def _count_segment(counts: Counts, match: Match) -> None:
    true, guess = match.gold, match.predicted
    named = match.same_name
    counts["segments gold"] += bool(true and true.source)
    counts["segments found"] += bool(true and true.source and guess)
    counts["quoted gold"] += bool(true and true.source)
    counts["quoted predicted"] += bool(guess and guess.source)
    counts["quoted hit"] += match.same_source
    counts["speaker gold"] += bool(match.gold_name)
    counts["speaker predicted"] += bool(match.predicted_name)
    counts["speaker hit"] += named
    counts["stance predicted"] += bool(match.predicted_name)
    if match.gold_name and true and true.stance is not None:
        counts["stance gold"] += 1
        counts["stance hit"] += named and match.same_stance
    if guess and guess.speaker and guess.speaker.name and guess.speaker.confidence is not None:
        count_confidence(counts, "speaker", guess.speaker.confidence, named)


def _scores(total: Counts, with_cues: bool) -> dict[str, tuple[float, int]]:
    support = int(total["segments gold"])
    scores = {"segments_found": (round(total["segments found"] / max(1, support), 4), support)}
    for name in ("quoted", "speaker", "stance"):
        if total[f"{name} gold"]:
            for key, value in prf(total, name).items():
                scores[f"{name}_{key}"] = (value, int(total[f"{name} gold"]))
    if total["speaker gold"] and total["speaker sure"]:
        scores["speaker_ece"] = calibration(total, "speaker")
    if with_cues:
        for role in ("source", "cue", "content"):
            scores[f"exact_{role}_f1"] = (prf(total, role)["f1"], int(total[f"{role} gold"]))
    return scores
