"""Links from spans to tokens, scored in numpy from the network's outputs.

A link scores every token near a span, and "none", by additive attention: see `model`. All queries
of one kind and text are scored together.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from math import erf, sqrt

import numpy as np
from numpy.typing import NDArray

from quotestance.quotations.scores import Floats, Link, Range
from quotestance.quotations.tokens import Ints

LINKS = ("source", "cue", "antecedent")

_DISTANCES = np.array([1, 2, 3, 5, 9, 17, 33, 65, 129, 257])
_BUCKETS = np.searchsorted(_DISTANCES, np.arange(_DISTANCES[-1] + 1), side="right")
_MOST_STEPS = 4
PLACES = {
    "tokens": 2 * len(_DISTANCES) + 1,
    **dict.fromkeys(("breaks", "marks"), 2 * _MOST_STEPS + 1),
}
"""How a token's place from a span is told, with the number of buckets of each."""

_RANGE = 256  # tokens before and behind a span in which its source may stand
_BLOCK = 512  # pairs scored at a time: what a processor's cache holds
_GELU_STEPS = 8192  # entries of the table for each unit: errors stay under 4e-5
_GELU_END = 6  # beyond it GELU is the identity, or 0


def link_places(first: int, last: int, tokens: Mapping[str, Ints]) -> Ints:
    """Where every token stands from a span: buckets of shape (len(PLACES), tokens).

    They are signed distances in tokens, in paragraphs and in quotations between marks;
    ``first`` and ``last`` are the span's tokens, ``tokens`` the features of a text or window.
    """
    positions = np.arange(len(tokens["breaks"]))
    return _places(positions, np.array(first), np.array(last), *_counts(tokens))


def _counts(tokens: Mapping[str, Ints]) -> tuple[Ints, Ints]:
    """Paragraphs and quotations between marks that began at or before each token."""
    return np.cumsum(tokens["breaks"] == 2), np.cumsum(tokens["mark_places"] == 1)


def _places(positions: Ints, firsts: Ints, lasts: Ints, breaks: Ints, marks: Ints) -> Ints:
    """The buckets of ``link_places``, for positions that have a first and last token each."""
    farthest = len(_BUCKETS) - 1
    before = _BUCKETS[np.clip(firsts - positions, 0, farthest)]
    behind = _BUCKETS[np.clip(positions - lasts, 0, farthest)]
    places = [len(_DISTANCES) + behind - before]
    edge = np.where(positions < firsts, firsts, lasts)
    for count in (breaks, marks):
        steps = count[positions] - count[edge]
        places.append(np.clip(steps, -_MOST_STEPS, _MOST_STEPS) + _MOST_STEPS)
    return np.stack(places)


class LinkHead:
    """The weights that score links, with names as in the model's state.

    ``places.weight`` has shape (kinds, buckets * link size), ``no_link.weight`` and
    ``link_weights.weight`` (kinds, link size).
    """

    NAMES = ("places.weight", "no_link.weight", "link_weights.weight")

    def __init__(self, state: Mapping[str, NDArray[np.floating]]) -> None:
        places, self.no_link, self.weights = (
            np.asarray(state[name], dtype=np.float32) for name in self.NAMES
        )
        tokens, breaks, marks = np.split(
            places.reshape(len(LINKS), -1, self.weights.shape[1]),
            np.cumsum(list(PLACES.values()))[:-1],
            axis=1,
        )
        # One row for each combination of places: one look-up a pair instead of three.
        table = tokens[:, :, None, None] + breaks[:, None, :, None] + marks[:, None, None]
        self.table = np.ascontiguousarray(table.reshape(len(LINKS), -1, self.weights.shape[1]))

    def scorer(
        self, features: Mapping[str, Ints], links: Floats
    ) -> Callable[[str, Sequence[Range]], list[Link]]:
        """What ``Scores.links`` is for a text with these features and network outputs.

        ``links`` has shape (tokens, kinds, 3, link size): the query of a first token, the query
        of a last token, the key.
        """
        counts = _counts(features)
        kept: dict[tuple[str, Range], Link] = {}

        def scored(kind: str, spans: Sequence[Range]) -> list[Link]:
            new = list(dict.fromkeys(span for span in spans if (kind, span) not in kept))
            found = self._score(LINKS.index(kind), new, counts, links)
            kept.update(zip(((kind, span) for span in new), found, strict=True))
            return [kept[kind, span] for span in spans]

        return scored

    def _score(
        self, kind: int, spans: Sequence[Range], counts: tuple[Ints, Ints], links: Floats
    ) -> list[Link]:
        if not spans:
            return []
        firsts = np.array([first for first, _ in spans])
        lasts = np.array([end - 1 for _, end in spans])
        lows = np.maximum(0, firsts - _RANGE)
        highs = np.minimum(len(links), lasts + 1 + _RANGE)
        if LINKS[kind] == "antecedent":
            highs = lasts + 1  # what a mention refers to stands before it
        bounds = np.concatenate([[0], np.cumsum(highs - lows)])
        owner = np.repeat(np.arange(len(spans)), highs - lows)
        positions = np.arange(bounds[-1]) - (bounds[:-1] - lows)[owner]
        queries = links[firsts, kind, 0] + links[lasts, kind, 1]
        keys = np.ascontiguousarray(links[:, kind, 2])
        tokens, breaks, marks = _places(positions, firsts[owner], lasts[owner], *counts)
        rows = (tokens * PLACES["breaks"] + breaks) * PLACES["marks"] + marks
        scores = np.empty(len(positions), dtype=np.float32)
        for start in range(0, len(positions), _BLOCK):
            block = slice(start, start + _BLOCK)
            pairs = self.table[kind].take(rows[block], axis=0)
            pairs += keys.take(positions[block], axis=0)
            pairs += queries.take(owner[block], axis=0)
            scores[block] = _gelu(pairs) @ self.weights[kind]
        scores[(positions >= firsts[owner]) & (positions <= lasts[owner])] = -np.inf
        none = _gelu(queries + self.no_link[kind]) @ self.weights[kind]
        found = []
        for number, (low, (start, end)) in enumerate(zip(lows, pairwise(bounds), strict=True)):
            weights = scores[start:end]
            most = max(float(none[number]), float(weights.max(initial=-np.inf)))
            weights = np.exp(weights - most)
            unlinked = float(np.exp(none[number] - most))
            total = float(weights.sum()) + unlinked
            found.append(Link(int(low), weights / total, unlinked / total))
        return found


@functools.cache
def _gelu_table() -> Floats:
    """GELU less the rectifier, which is even, at |x| = 0, 1 / steps, 2 / steps, …"""
    grid = np.arange(_GELU_STEPS * _GELU_END + 1) / _GELU_STEPS
    tails = np.array([1 - erf(value / sqrt(2)) for value in grid])
    return np.asarray(-grid * tails / 2, dtype=np.float32)


def _gelu(values: Floats) -> Floats:
    """GELU in place, by a table: numpy has no error function, and scipy's takes 7 times as long."""
    places = np.abs(values)
    places *= _GELU_STEPS
    places += 0.5
    np.minimum(places, _GELU_STEPS * _GELU_END, out=places)
    rest = _gelu_table().take(places.astype(np.int32), mode="clip")
    np.maximum(values, 0, out=values)
    values += rest
    return values
