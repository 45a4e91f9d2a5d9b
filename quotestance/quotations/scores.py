"""What the network says of one text, and what can be read off it.

Probabilities of tags for every token, links from spans to tokens; sequences of tags as spans,
spans of tokens as spans of the text.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quotestance.document import Span
from quotestance.quotations.tokens import Tokens

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


LinkScorer = Callable[[str, Range], Link]
"""(kind of link, range of tokens) to what the range links to."""


@dataclass(frozen=True)
class Scores:
    """What the network says of every token of one text: probabilities of tags and names."""

    tags: Floats
    names: Floats
    link: LinkScorer


def best_path(probabilities: Floats) -> list[int]:
    """The likeliest sequence of tags in which an inside tag follows its own kind (Viterbi)."""
    logs = np.log(probabilities + 1e-9)
    count = logs.shape[1]
    # Tags are O, B-x, I-x, B-y, I-y, ...: I at even indices may follow itself or the B before.
    allowed = np.zeros((count, count))
    for inside in range(2, count, 2):
        allowed[:, inside] = -np.inf
        allowed[[inside - 1, inside], inside] = 0
    best = logs[0].copy()
    best[2::2] = -np.inf
    back = np.zeros(logs.shape, dtype=np.int64)
    columns = np.arange(count)
    for index in range(1, len(logs)):
        totals = best[:, None] + allowed
        back[index] = totals.argmax(0)
        best = totals[back[index], columns] + logs[index]
    path = [int(best.argmax())]
    for index in range(len(logs) - 1, 0, -1):
        path.append(int(back[index, path[-1]]))
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
