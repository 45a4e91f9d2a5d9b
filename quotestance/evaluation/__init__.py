"""Scores of predicted documents and stances against gold, with bootstrap intervals.

A *segment* is a stretch between double quotation marks of at least 3 words: every gold content
that opens with a mark, and whatever else stands between two marks.

- ``quoted_*``: gold segments with a source against predicted ones. A hit covers at least half
  of the segment and its source overlaps the gold one (and is a mention: at most 3 spans and
  200 characters).
- ``speaker_*``: the same, where the predicted speaker's name must match the gold name.
- ``speaker_ece``: the expected calibration error of the confidences of predicted names.
- ``stance_*``: the same as ``speaker_*``, where both the name and the primary stance must match.
- ``exact_*_f1``: exact spans of source, cue and content, where gold marks cues.

Intervals are 95 % percentiles of the scores of resampled documents (Efron & Tibshirani 1993).
Two predictions are compared on the same resamples (Koehn 2004).
"""

from quotestance.evaluation.bootstrap import Comparison, Difference, Report, Score
from quotestance.evaluation.confidence import (
    CoveragePoint,
    Reliability,
    ReliabilityBin,
    coverage_curve,
    reliability,
)
from quotestance.evaluation.documents import (
    compare_documents,
    count_quotations,
    evaluate_documents,
)
from quotestance.evaluation.matching import Match, match_segments, normalized_name, paired
from quotestance.evaluation.proportions import Share
from quotestance.evaluation.stances import compare_stances, confusions, evaluate_stances

__all__ = [
    "Comparison",
    "CoveragePoint",
    "Difference",
    "Match",
    "Reliability",
    "ReliabilityBin",
    "Report",
    "Score",
    "Share",
    "compare_documents",
    "compare_stances",
    "confusions",
    "count_quotations",
    "coverage_curve",
    "evaluate_documents",
    "evaluate_stances",
    "match_segments",
    "normalized_name",
    "paired",
    "reliability",
]
