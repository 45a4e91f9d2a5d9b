"""How likely a speaker's name is right: a small logistic regression over the evidence.

The coefficients stand in ``confidence.json`` beside this module; ``calibrate`` fits them from
attributions known to be right or wrong (``benchmarks/confidence.py`` does so from corpora).
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from quotestance.speakers import evidence
from quotestance.speakers.attribution import Attribution
from quotestance.vocabulary import (
    DEMONSTRATIVES,
    PLURAL_PRONOUNS,
    RELATIVE_PRONOUNS,
    THING_PRONOUNS,
    plain,
)

THRESHOLD = 0.5
"""The probability below which an attribution names nobody."""

_WEIGHED = frozenset({evidence.PRONOUN, evidence.DESCRIPTION})
_NO_PERSONS = PLURAL_PRONOUNS | THING_PRONOUNS | RELATIVE_PRONOUNS | DEMONSTRATIVES
_LONGEST_LOGIT = 5.0
_FAR = 1000  # characters from source to content that count as the farthest
_PENALTY = 0.3  # inverse strength of the L2 penalty


@dataclass(frozen=True, slots=True)
class Confidence:
    """A fitted model: the log odds are the intercept plus each feature times its weight."""

    intercept: float
    weights: Mapping[str, float]

    def probability(self, attribution: Attribution) -> float:
        """The probability that an attribution's name is right."""
        found = features(attribution)
        score = sum(self.weights.get(name, 0.0) * value for name, value in found.items())
        return 1 / (1 + math.exp(-(self.intercept + score)))

    def to_json(self) -> str:
        data = {"intercept": self.intercept, "weights": dict(self.weights)}
        return json.dumps(data, indent=2) + "\n"


@cache
def released() -> Confidence:
    """The model that comes with the package."""
    data = json.loads((files(__package__) / "confidence.json").read_text(encoding="utf-8"))
    return Confidence(data["intercept"], data["weights"])


def features(attribution: Attribution) -> dict[str, float]:
    """What the probability of an attribution rests on; features that are 0 are left out.

    The kinds of evidence; how sure the link to the source is; for pronouns and descriptions the
    log odds of the name and its lead over the next one; how far the source stands from the words.
    """
    # Follow-on quotations are too rare in the corpora to be fitted apart.
    source = evidence.LINK if attribution.source == evidence.FOLLOW_ON else attribution.source
    found = {
        f"source {source}": 1.0,
        f"name {attribution.name}": 1.0,
        f"kind {attribution.quotation.kind}": 1.0,
        "link": _logit(attribution.link),
        "distance": math.log1p(min(attribution.distance, _FAR)) / math.log1p(_FAR),
    }
    if attribution.name in _WEIGHED:
        found["weight"] = _logit(attribution.weight)
        found["margin"] = attribution.margin
    word = plain(attribution.quotation.source[0].text) if attribution.quotation.source else ""
    if word in _NO_PERSONS:
        found["no person's pronoun"] = 1.0
    return {name: value for name, value in found.items() if value}


def calibrate(
    attributions: Sequence[Attribution],
    right: Sequence[bool],
    weights: Sequence[float] | None = None,
) -> Confidence:
    """Fits the model: attributions that have a name, whether it is right, how much each counts.

    Raises ValueError where all are right or all wrong.
    """
    from sklearn.feature_extraction import DictVectorizer
    from sklearn.linear_model import LogisticRegression

    if len(set(right)) < 2:
        raise ValueError("calibration needs attributions that are right and some that are wrong")
    vectorizer = DictVectorizer(sparse=False)
    matrix = vectorizer.fit_transform([features(attribution) for attribution in attributions])
    model = LogisticRegression(C=_PENALTY, max_iter=1000)
    model.fit(matrix, list(right), sample_weight=weights)
    names = vectorizer.get_feature_names_out()
    fitted = {
        str(name): round(float(weight), 4)
        for name, weight in zip(names, model.coef_[0], strict=True)
    }
    return Confidence(round(float(model.intercept_[0]), 4), fitted)


def _logit(probability: float) -> float:
    """Log odds, no farther from 0 than a sure link or a sure name deserves."""
    low = 1 / (1 + math.exp(_LONGEST_LOGIT))
    bounded = min(max(probability, low), 1 - low)
    return math.log(bounded / (1 - bounded)) / _LONGEST_LOGIT
