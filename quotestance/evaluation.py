"""Scores of predicted documents and stances against gold, with bootstrap intervals.

A *segment* is a stretch between double quotation marks of at least 3 words: every gold content
that opens with a mark, and whatever else stands between two marks.

- ``quoted_*``: gold segments with a source against predicted ones. A hit covers at least half
  of the segment and its source overlaps the gold one (and is a mention: at most 3 spans and
  200 characters).
- ``speaker_*``: the same, where the predicted speaker's name must match the gold name.
- ``stance_*``: the same, where both the name and the primary stance must match.
- ``exact_*_f1``: exact spans of source, cue and content, where gold marks cues.

Intervals are 95 % percentiles of the scores of resampled documents (Efron & Tibshirani 1993).
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from quotestance.document import LABELS, NO_STANCE, Document, Quotation, Span, Stance

Range = tuple[int, int]
Counts = Counter[str]  # of floats too: Counter adds up whatever it is given

_SEGMENT = re.compile(r"“[^“”\n]*”|\"[^\"\n]*\"")
_CLASSES = (*LABELS, NO_STANCE)
_BINS = 10


@dataclass(frozen=True, slots=True)
class Score:
    """A score, its 95 % interval and how many gold items it rests on."""

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
        return "\n".join(rows)


def evaluate_documents(
    gold: Sequence[Document], predicted: Sequence[Document], *, resamples: int = 1000
) -> Report:
    """Scores of quotations, speakers and stances; documents are paired by ``id``.

    A document without a prediction counts as predicted empty. Raises ValueError for a
    predicted id that is unknown or stands twice, and for one whose text differs.
    """
    pairs = _paired(gold, predicted)
    counts = [count_quotations(*pair) for pair in pairs]
    with_cues = any(q.cue for document in gold for q in document.quotations)
    return _report(counts, lambda total: _quotation_scores(total, with_cues), resamples)


def evaluate_stances(
    gold: Sequence[Stance], predicted: Sequence[Stance], *, resamples: int = 1000
) -> Report:
    """Scores of stances, paired by position.

    ``macro_f1`` is over the three stances and none, by primary label; ``ece`` the expected
    calibration error in 10 bins of the top probability (Guo et al. 2017), where there are
    probabilities. Raises ValueError where the lengths differ.
    """
    if len(gold) != len(predicted):
        raise ValueError(f"{len(gold)} gold stances but {len(predicted)} predicted ones")
    with_ece = bool(predicted) and all(stance.probabilities for stance in predicted)
    counts = [_count_stance(g, p, with_ece) for g, p in zip(gold, predicted, strict=True)]
    return _report(counts, lambda total: _stance_scores(total, with_ece), resamples)


def _report(
    counts: Sequence[Counts],
    score: Callable[[Counts], dict[str, tuple[float, int]]],
    resamples: int,
) -> Report:
    total: Counts = Counter()
    for count in counts:
        total.update(count)
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
    return Report(scores, len(counts))


def _paired(
    gold: Sequence[Document], predicted: Sequence[Document]
) -> list[tuple[Document, Document]]:
    by_id: dict[Any, Document] = {}
    texts = {document.id: document.text for document in gold}
    if len(texts) < len(gold):
        raise ValueError("an id stands twice in the gold documents")
    for document in predicted:
        if document.id not in texts:
            raise ValueError(f"predicted id {document.id!r} is not among the gold documents")
        if document.id in by_id:
            raise ValueError(f"predicted id {document.id!r} stands twice")
        if document.text != texts[document.id]:
            raise ValueError(f"document {document.id!r}: the predicted text is not the gold text")
        by_id[document.id] = document
    return [(d, by_id.get(d.id, Document(d.text, id=d.id))) for d in gold]


def count_quotations(gold: Document, predicted: Document) -> Counts:
    """What the scores of one document are made of; counts of several documents add up."""
    counts: Counts = Counter()
    guesses = [q for q in predicted.quotations if q.kind != "none"]
    for segment in _segments(gold):
        true = _covering(segment, gold.quotations, 0.6)
        if true and true.kind == "none":
            true = None
        guess = _covering(segment, guesses, 0.5)
        _count_segment(counts, true, guess)
    for role in ("source", "cue", "content"):
        real = [q for q in gold.quotations if q.kind != "none"]
        expected = {span for q in real for span in getattr(q, role)}
        found = {span for q in guesses for span in getattr(q, role)}
        counts[f"{role} gold"] += len(expected)
        counts[f"{role} predicted"] += len(found)
        counts[f"{role} hit"] += len(expected & found)
    return counts


def _count_segment(counts: Counts, true: Quotation | None, guess: Quotation | None) -> None:
    name = true.speaker.name if true and true.speaker else None
    guessed = guess.speaker.name if guess and guess.speaker else None
    counts["segments gold"] += bool(true and true.source)
    counts["segments found"] += bool(true and true.source and guess)
    counts["quoted gold"] += bool(true and true.source)
    counts["quoted predicted"] += bool(guess and guess.source)
    counts["quoted hit"] += bool(true and guess and _same_source(true.source, guess.source))
    counts["speaker gold"] += bool(name)
    counts["speaker predicted"] += bool(guessed)
    named = False
    if name and true and true.speaker:
        names = {normalized_name(n) for n in (name, *true.speaker.alternatives)}
        named = bool(guess) and normalized_name(guessed) in names
    counts["speaker hit"] += named
    counts["stance predicted"] += bool(guessed)
    if name and true and true.stance is not None:
        label = guess.stance.label if guess and guess.stance else NO_STANCE
        counts["stance gold"] += 1
        counts["stance hit"] += named and label == true.stance.label


def _segments(document: Document) -> list[Range]:
    text = document.text
    contents = [span for q in document.quotations for span in q.content if span.text[0] in '“"']
    segments = {(span.start, span.end) for span in contents}
    for match in _SEGMENT.finditer(text):
        if not any(_overlap(match.span(), (span.start, span.end)) for span in contents):
            segments.add(match.span())
    return sorted(s for s in segments if len(text[slice(*s)].split()) >= 3)


def _covering(segment: Range, quotations: Iterable[Quotation], share: float) -> Quotation | None:
    """The quotation that covers most of a segment (the shorter of two), at least a share."""

    def covered(quotation: Quotation) -> int:
        return sum(_overlap(segment, (span.start, span.end)) for span in quotation.content)

    def size(quotation: Quotation) -> int:
        return sum(span.end - span.start for span in quotation.content)

    best = max(quotations, default=None, key=lambda q: (covered(q), -size(q)))
    if best is None or covered(best) < share * (segment[1] - segment[0]):
        return None
    return best


def _same_source(gold: Sequence[Span], predicted: Sequence[Span]) -> bool:
    size = sum(span.end - span.start for span in predicted)
    overlaps = any(_overlap((a.start, a.end), (b.start, b.end)) for a in gold for b in predicted)
    return 0 < size <= 200 and len(predicted) <= 3 and overlaps


def _overlap(a: Range, b: Range) -> int:
    return max(0, min(a[1], b[1]) - max(a[0], b[0]))


def normalized_name(name: str | None) -> str:
    """A name as it is compared: no accents, case, punctuation, possessive or article."""
    if not name:
        return ""
    plain = unicodedata.normalize("NFKD", name)
    plain = "".join(c for c in plain if not unicodedata.combining(c)).casefold()
    plain = re.sub(r"[’']s\b", "", plain)
    plain = re.sub(r"[^\w ]+", " ", plain.replace(".", ""))
    return re.sub(r"^(the|a|an) ", "", re.sub(r"\s+", " ", plain).strip())


def _quotation_scores(total: Counts, with_cues: bool) -> dict[str, tuple[float, int]]:
    support = int(total["segments gold"])
    scores = {"segments_found": (round(total["segments found"] / max(1, support), 4), support)}
    for name in ("quoted", "speaker", "stance"):
        if total[f"{name} gold"]:
            for key, value in _prf(total, name).items():
                scores[f"{name}_{key}"] = (value, int(total[f"{name} gold"]))
    if with_cues:
        for role in ("source", "cue", "content"):
            scores[f"exact_{role}_f1"] = (_prf(total, role)["f1"], int(total[f"{role} gold"]))
    return scores


def _count_stance(gold: Stance, predicted: Stance, with_ece: bool) -> Counts:
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
        bin_ = min(_BINS - 1, int(probability * _BINS))
        counts[f"bin {bin_}"] = probability - (top == gold.label)  # type: ignore[assignment]
    return counts


def _stance_scores(total: Counts, with_ece: bool) -> dict[str, tuple[float, int]]:
    items = int(total["items"])
    f1 = {label: _prf(total, label)["f1"] for label in _CLASSES}
    any_f1 = {label: _prf(total, f"any {label}")["f1"] for label in LABELS}
    scores = {"macro_f1": (round(sum(f1.values()) / len(f1), 4), items)}
    for label in _CLASSES:
        for key, value in _prf(total, label).items():
            scores[f"{label}_{key}"] = (value, int(total[f"{label} gold"]))
    scores["accuracy"] = (round(total["correct"] / max(1, items), 4), items)
    scores["multilabel_macro_f1"] = (round(sum(any_f1.values()) / len(any_f1), 4), items)
    if with_ece:
        gap = sum(abs(total[f"bin {b}"]) for b in range(_BINS))
        scores["ece"] = (round(gap / max(1, items), 4), items)
    return scores


def _prf(total: Counts, name: str) -> dict[str, float]:
    hit = total[f"{name} hit"]
    precision = hit / max(1, total[f"{name} predicted"])
    recall = hit / max(1, total[f"{name} gold"])
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return {"p": round(precision, 4), "r": round(recall, 4), "f1": round(f1, 4)}
