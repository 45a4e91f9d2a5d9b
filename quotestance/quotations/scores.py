"""What the network says of one text, and what can be read off it.

Probabilities of tags for every token, links from spans to tokens; sequences of tags as spans,
spans of tokens as spans of the text.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quotestance.document import Span
from quotestance.quotations.tokens import Tokens

TAGS = ("O", *(f"{prefix}-{role}" for role in ("source", "cue", "content") for prefix in "BI"))
NAMES = ("O", *(f"{p}-{t}" for t in ("person", "organization", "location") for p in "BI"))

Floats = NDArray[np.float32]
Range = tuple[int, int]


@dataclass(frozen=True)
class Link:
    """Where a span links to: probabilities of the tokens from ``low`` on, and of none."""

    low: int
    weights: Floats
    none: float

    def weight(self, tokens: Range) -> float:
        """The probability that it links into a range of tokens."""
        return float(
            self.weights[max(0, tokens[0] - self.low) : max(0, tokens[1] - self.low)].sum()
        )


LinkScorer = Callable[[str, Sequence[Range]], list[Link]]
"""(kind of link, ranges of tokens) to what each range links to; many at once cost less."""


@dataclass(frozen=True)
class Scores:
    """What the network says of every token of one text: probabilities of tags and names."""

    tags: Floats
    names: Floats
    links: LinkScorer


def best_path(probabilities: Floats) -> list[int]:
    """The likeliest sequence of tags in which an inside tag follows its own kind (Viterbi)."""
    # Tags are O, B-x, I-x, B-y, I-y, ...: I at even indices may follow itself or the B before.
    # Plain floats: arrays of seven numbers cost more to call than to compute.
    rows = np.log(probabilities + 1e-9).tolist()
    tags = range(len(rows[0]))
    best = [-math.inf if tag and tag % 2 == 0 else rows[0][tag] for tag in tags]
    back: list[list[int]] = []
    for row in rows[1:]:
        most = max(best)
        top = best.index(most)
        came = [top] * len(row)
        after = [most + value for value in row]
        for inside in tags[2::2]:
            came[inside] = inside - 1 if best[inside - 1] >= best[inside] else inside
            after[inside] = best[came[inside]] + row[inside]
        best = after
        back.append(came)
    path = [best.index(max(best))]
    for came in reversed(back):
        path.append(came[path[-1]])
    return path[::-1]


def tagged_spans(path: Sequence[int], tags: Sequence[str]) -> list[tuple[Range, str]]:
    """The spans of a path of tags (B-x I-x …), with the kind of each."""
    spans: list[tuple[Range, str]] = []
    for index, tag in enumerate(path):
        if not tag:
            continue
        prefix, kind = tags[tag].split("-")
        if prefix == "B":
            spans.append(((index, index + 1), kind))
        else:
            spans[-1] = ((spans[-1][0][0], index + 1), kind)
    return spans


def characters(tokens: Tokens, token_range: Range) -> Range:
    first, last = token_range
    return int(tokens.offsets[first, 0]), int(tokens.offsets[last - 1, 1])


def span_of(text: str, tokens: Tokens, token_range: Range) -> Span:
    return Span.of(text, *characters(tokens, token_range))
