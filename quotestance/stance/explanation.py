"""Which words carried a stance: what each adds to the probability, whatever else is there.

Shapley values by sampling (Štrumbelj & Kononenko 2014): the words are put in one after another in
random orders and in their reverses, and a word's weight is what the label's probability gains by
it, on average. The weights sum to the probability of the whole less that of nothing. Leaving out
one word of the whole would not do: words that say the same thing twice hide each other's weight.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from quotestance.document import Stance
from quotestance.html import escaped
from quotestance.stance.inputs import trim

if TYPE_CHECKING:
    from quotestance.stance.classifier import StanceClassifier

_WORD = re.compile(r"\S+")
_PARTS = ("context", "text", "after")
_LEAST = 0.005  # weights under this are noise and get no colour
# Shades that dark and light text can both be read on.
_FOR, _AGAINST = "46, 160, 90", "220, 80, 60"


@dataclass(frozen=True, slots=True)
class WordWeight:
    """Characters ``start`` to ``end`` of a part ("context", "text" or "after") and their weight.

    ``weight`` is positive where the word speaks for the label, between -1 and 1.
    """

    part: str
    start: int
    end: int
    text: str
    weight: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """A stance, the label it is explained for, and every word that was read with its weight.

    In a notebook it is shown as the words, coloured by weight.
    """

    stance: Stance
    label: str
    words: tuple[WordWeight, ...]

    def top(self, count: int = 5) -> list[WordWeight]:
        """The words that speak most for the label, the strongest first."""
        ranked = sorted(self.words, key=lambda word: -word.weight)
        return [word for word in ranked[:count] if word.weight > 0]

    def __str__(self) -> str:
        words = ", ".join(f"{word.text} {word.weight:+.3f}" for word in self.top())
        return f"{self.label} {self.stance.probabilities[self.label]:.3f}: {words}"

    def _repr_html_(self) -> str:
        strongest = max((abs(word.weight) for word in self.words), default=0.0)
        shown = []
        for part in _PARTS:
            words = " ".join(_shown(w, strongest) for w in self.words if w.part == part)
            if words:
                faint = "" if part == "text" else ' style="opacity: .8; font-size: .9em"'
                shown.append(f"<span{faint}>{words}</span>")
        probability = self.stance.probabilities[self.label]
        return (
            f'<div style="line-height: 1.9; max-width: 60em"><b>{escaped(self.label)}</b> '
            f"{probability:.2f}<br>{' '.join(shown)}</div>"
        )


def explain(
    classifier: StanceClassifier,
    text: str,
    context: str = "",
    after: str = "",
    *,
    label: str | None = None,
    readings: int = 400,
) -> Explanation:
    """The words of a quotation, and of what stands around it, that carried its label.

    ``classifier`` reads ``text`` with ``context`` before it and ``after`` behind it.
    ``label`` asks for another than the most probable one. The classifier reads parts of the
    text about ``readings`` times, at least twice for each word: more readings give steadier
    weights. They are the same at each call. What the classifier does not read (context that is
    too far off) is no part of the explanation. Raises ValueError for a label the classifier
    does not have.
    """
    context, after = trim(context, after)
    parts = {"context": context, "text": text, "after": after}
    words = [(part, match) for part in _PARTS for match in _WORD.finditer(parts[part])]
    whole = classifier.predict_proba([text], [context], [after])[0]
    if label is None:
        label = classifier.classes_[int(whole.argmax())]
    if label not in classifier.classes_:
        raise ValueError(f"label {label!r} is not one of {', '.join(classifier.classes_)}")
    column = classifier.classes_.index(label)
    gains = np.zeros(len(words))
    orders = _orders(len(words), readings)
    for order in orders:
        kept = [frozenset(order[:size]) for size in range(len(order))]
        read = classifier.predict_proba(*_columns([_of(words, some) for some in kept]))
        gains[order] += np.diff([*read[:, column], whole[column]])
    weights = tuple(
        WordWeight(part, *match.span(), match.group(), round(float(gain), 6))
        for (part, match), gain in zip(words, gains / max(1, len(orders)), strict=True)
    )
    return Explanation(classifier.stance(whole), label, weights)


def _orders(size: int, readings: int) -> list[list[int]]:
    """Random orders of words, each followed by its reverse, which evens out who comes first."""
    if not size:
        return []
    chance = random.Random(0)
    orders = []
    for _ in range(max(1, readings // (2 * size))):
        order = chance.sample(range(size), size)
        orders += [order, order[::-1]]
    return orders


def _of(words: Sequence[tuple[str, re.Match[str]]], kept: frozenset[int]) -> dict[str, str]:
    """The parts with some of their words only."""
    return {
        part: " ".join(m.group() for n, (of, m) in enumerate(words) if of == part and n in kept)
        for part in _PARTS
    }


def _columns(readings: Sequence[dict[str, str]]) -> tuple[list[str], list[str], list[str]]:
    text, context, after = ([r[part] for r in readings] for part in ("text", "context", "after"))
    return text, context, after


def _shown(word: WordWeight, strongest: float) -> str:
    text = escaped(word.text)
    if abs(word.weight) < _LEAST:
        return text
    shade = _FOR if word.weight > 0 else _AGAINST
    strength = 0.1 + 0.4 * abs(word.weight) / strongest
    # Colour is not all that tells: what speaks against is underlined with dots.
    line = "" if word.weight > 0 else "; border-bottom: 2px dotted currentColor"
    return (
        f'<span style="background: rgba({shade}, {strength:.2f}); border-radius: .2em{line}" '
        f'title="{word.weight:+.3f}">{text}</span>'
    )
