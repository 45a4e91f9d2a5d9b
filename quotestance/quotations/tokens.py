"""Text to tokens with the features that the word pieces of an uncased encoder lose.

Every token carries its case shape, its place relative to quotation marks and the paragraph
break before it. Windows of tokens overlap, so that texts of any length are read whole.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from quotestance.document import encodable
from quotestance.marks import Quoted, pair_marks

Ints = NDArray[np.int64]

CASE_SHAPES = ("none", "lower", "capitalized", "upper", "mixed", "digits")
MARK_PLACES = ("outside", "opening", "inside", "closing")
BREAKS = ("none", "line", "paragraph")
FEATURES = {"case_shapes": len(CASE_SHAPES), "mark_places": len(MARK_PLACES), "breaks": len(BREAKS)}

_LINE_END = re.compile("\n")
_WORD = re.compile(r"\w+(?:[.'’&-]\w+)*")


@dataclass(frozen=True)
class Tokens:
    """A tokenized text; all arrays have one entry a token, ``offsets`` two."""

    ids: Ints
    offsets: Ints
    features: dict[str, Ints]
    quoted: list[Quoted]

    def __len__(self) -> int:
        return len(self.ids)

    def within(self, start: int, end: int) -> tuple[int, int]:
        """The range of tokens that overlap characters ``start`` to ``end``; empty if none."""
        first = int(np.searchsorted(self.offsets[:, 1], start, side="right"))
        last = int(np.searchsorted(self.offsets[:, 0], end, side="left"))
        return first, max(first, last)


def tokenize(texts: Sequence[str], tokenizer: Any) -> list[Tokens]:
    """Texts as tokens; ``tokenizer`` has a ``backend_tokenizer``, as fast transformers ones do."""
    encodings = tokenizer.backend_tokenizer.encode_batch(
        [encodable(text) for text in texts], add_special_tokens=False
    )
    return [_tokens(text, encoding) for text, encoding in zip(texts, encodings, strict=True)]


def _tokens(text: str, encoding: Any) -> Tokens:
    offsets = np.array(encoding.offsets, dtype=np.int64).reshape(-1, 2)
    offsets = _strip(text, offsets)
    quoted = pair_marks(text)
    return Tokens(
        ids=np.array(encoding.ids, dtype=np.int64),
        offsets=offsets,
        features={
            "case_shapes": _case_shapes(text, offsets),
            "mark_places": _mark_places(offsets, quoted),
            "breaks": _breaks(text, offsets),
        },
        quoted=quoted,
    )


def windows(length: int, size: int, overlap: int) -> list[tuple[int, int]]:
    """Ranges of at most ``size`` tokens that cover ``length`` tokens, overlapping."""
    if length <= size:
        return [(0, length)] if length else []
    count = -(-(length - overlap) // (size - overlap))
    starts = np.linspace(0, length - size, count).round().astype(int)
    return [(int(start), int(start) + size) for start in starts]


def _strip(text: str, offsets: Ints) -> Ints:
    """Offsets without the white space that byte-level tokenizers count to a token."""
    for index, (start, end) in enumerate(offsets.tolist()):
        if end > start and text[start].isspace():
            body = text[start:end]
            offsets[index, 0] = min(end, start + len(body) - len(body.lstrip()))
    return offsets


def _case_shapes(text: str, offsets: Ints) -> Ints:
    shapes = np.zeros(len(offsets), dtype=np.int64)
    words = [(match.start(), match.end()) for match in _WORD.finditer(text)]
    if not words or not len(offsets):
        return shapes
    starts = np.array([start for start, _ in words])
    ends = np.array([end for _, end in words])
    kinds = np.array([_case_shape(text[start:end]) for start, end in words])
    word = np.searchsorted(starts, offsets[:, 0], side="right") - 1
    inside = (word >= 0) & (offsets[:, 0] < ends[word])
    shapes[inside] = kinds[word[inside]]
    return shapes


def _case_shape(word: str) -> int:
    if word[0].isdigit():
        return 5
    if word.islower():
        return 1
    if word.isupper():
        return 3 if len(word) > 1 else 2
    if word[0].isupper() and word[1:].islower():
        return 2
    return 4 if word.lower() != word.upper() else 0


def _mark_places(offsets: Ints, quoted: list[Quoted]) -> Ints:
    places = np.zeros(len(offsets), dtype=np.int64)
    for stretch in quoted:
        if stretch.depth:
            continue
        first = int(np.searchsorted(offsets[:, 1], stretch.start, side="right"))
        last = int(np.searchsorted(offsets[:, 0], stretch.end, side="left"))
        if last > first:
            places[first:last] = 2
            places[first], places[last - 1] = 1, 3
    return places


def _breaks(text: str, offsets: Ints) -> Ints:
    """Of each token, whether lines or paragraphs end between it and all tokens before it."""
    breaks = np.zeros(len(offsets), dtype=np.int64)
    if not len(offsets):
        return breaks
    lines = np.array([match.start() for match in _LINE_END.finditer(text)], dtype=np.int64)
    before = np.concatenate([[0], np.maximum.accumulate(offsets[:-1, 1])])
    ended = np.searchsorted(lines, offsets[:, 0]) - np.searchsorted(lines, before)
    breaks[ended == 1], breaks[ended > 1] = 1, 2
    if not (breaks == 2).any():  # no blank lines: every line is a paragraph
        breaks[breaks == 1] = 2
    return breaks
