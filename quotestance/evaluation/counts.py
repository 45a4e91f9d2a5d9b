"""What scores are made of: counts that add up over documents, and the ratios of them."""

from __future__ import annotations

from collections import Counter

Counts = Counter[str]  # of floats too: Counter adds up whatever it is given

BINS = 10


def prf(total: Counts, name: str) -> dict[str, float]:
    """Precision, recall and F1 of the counts ``NAME gold``, ``NAME predicted``, ``NAME hit``."""
    hit = total[f"{name} hit"]
    precision = hit / max(1, total[f"{name} predicted"])
    recall = hit / max(1, total[f"{name} gold"])
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return {"p": round(precision, 4), "r": round(recall, 4), "f1": round(f1, 4)}


def count_confidence(counts: Counts, name: str, confidence: float, hit: bool) -> None:
    """Counts how far a prediction's confidence (0 to 1) was from what came of it."""
    counts[f"{name} bin {bin_of(confidence)}"] += confidence - hit  # type: ignore[assignment]
    counts[f"{name} sure"] += 1


def bin_of(confidence: float) -> int:
    """Which of the BINS equal bins a confidence (0 to 1) is in; 1 is in the last."""
    return min(BINS - 1, max(0, int(confidence * BINS)))


def calibration(total: Counts, name: str) -> tuple[float, int]:
    """The expected calibration error in 10 equal bins (Guo et al. 2017), and its predictions."""
    size = int(total[f"{name} sure"])
    gap = sum(abs(total[f"{name} bin {bin_}"]) for bin_ in range(BINS))
    return round(gap / max(1, size), 4), size
