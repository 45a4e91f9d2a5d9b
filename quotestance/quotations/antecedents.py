"""What the sources and pronouns of a text may refer to."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

from quotestance.document import Name, Quotation, Span
from quotestance.quotations.scores import Scores
from quotestance.quotations.tokens import Tokens
from quotestance.vocabulary import PRONOUNS

_LETTERS = re.compile(r"\b[A-Za-z]+\b")
_MINIMUM_WEIGHT = 0.02  # of an antecedent that is told


def antecedents(
    text: str,
    tokens: Tokens,
    scores: Scores,
    quotations: Sequence[Quotation],
    names: Sequence[Name],
) -> dict[Span, tuple[tuple[Span, float], ...]]:
    """For each source, and each pronoun it may refer to: earlier names, pronouns and sources."""
    sources = {span for quotation in quotations for span in quotation.source}
    pronouns = {
        Span.of(text, *match.span())
        for match in _LETTERS.finditer(text)
        if match.group().lower() in PRONOUNS
    }
    candidates = sorted({*(name.span for name in names), *pronouns, *sources})
    ranges = {span: tokens.within(span.start, span.end) for span in candidates}
    firsts = [ranges[span][0] for span in candidates]
    found: dict[Span, tuple[tuple[Span, float], ...]] = {}
    waiting = sources
    while waiting:
        mentions = sorted(waiting)
        waiting = set()
        links = scores.links("antecedent", [ranges[mention] for mention in mentions])
        for mention, link in zip(mentions, links, strict=True):
            first = ranges[mention][0]
            near = candidates[bisect_left(firsts, link.low) : bisect_left(firsts, first)]
            weights = ((c, link.weight(ranges[c])) for c in near if c.end <= mention.start)
            found[mention] = tuple((c, w) for c, w in weights if w >= _MINIMUM_WEIGHT)
            waiting.update(c for c, _ in found[mention] if c in pronouns)
        waiting -= found.keys()
    return found
