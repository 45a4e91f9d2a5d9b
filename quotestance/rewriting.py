"""A text told differently, and where each of its spans went.

A rewriting is a row of pieces, in the order of the new text. A piece stands for a stretch of
the old text, kept as it is or replaced, or, where that stretch is empty, for words put in. Pieces
may stand in another order than in the old text; what no piece stands for is left out.

    >>> rewriting = Rewriting.of_edits("Ana said no.", [(0, 3, "Ilse")])
    >>> rewriting.text, rewriting.span(4, 8)
    ('Ilse said no.', (5, 9))
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

Record = Mapping[str, Any]
"""An annotated record of the JSONL layout."""


class Piece(NamedTuple):
    """Characters ``start`` to ``end`` of the old text, or ``text`` in their place."""

    start: int
    end: int
    text: str | None = None


class Change(NamedTuple):
    """What stands in the place of characters ``start`` to ``end`` of the old text."""

    start: int
    end: int
    pieces: Sequence[Piece]


class Rewriting:
    """The text that a row of pieces makes, and the way from the old offsets to the new ones."""

    def __init__(self, old: str, pieces: Iterable[Piece]) -> None:
        self._pieces = [piece for piece in pieces if piece.text or piece.end > piece.start]
        told = [
            old[piece.start : piece.end] if piece.text is None else piece.text
            for piece in self._pieces
        ]
        self.text = "".join(told)
        self._starts, position = [], 0
        for words in told:
            self._starts.append(position)
            position += len(words)
        self._starts.append(position)
        # The pieces that stand for something, by where that stood.
        self._order = sorted(
            (piece.start, piece.end, number)
            for number, piece in enumerate(self._pieces)
            if piece.end > piece.start
        )

    @classmethod
    def of_changes(cls, old: str, changes: Iterable[Change]) -> Rewriting:
        """The old text with changes; one that overlaps an earlier one is passed over."""
        pieces, position = [], 0
        for change in sorted(changes, key=lambda change: (change.start, change.end)):
            if change.start >= position:
                pieces += [Piece(position, change.start), *change.pieces]
                position = change.end
        return cls(old, [*pieces, Piece(position, len(old))])

    @classmethod
    def of_edits(cls, old: str, edits: Iterable[tuple[int, int, str]]) -> Rewriting:
        """The old text with other words in the place of some: (start, end, words)."""
        return cls.of_changes(
            old, (Change(start, end, [Piece(start, end, words)]) for start, end, words in edits)
        )

    def span(self, start: int, end: int) -> tuple[int, int] | None:
        """Where characters ``start`` to ``end`` went; None where they are lost or torn apart.

        A span that cuts into a replaced stretch grows to all that stands in its place.
        """
        first = bisect_left(self._order, (start,))
        if first and self._order[first - 1][1] > start:
            first -= 1
        images, numbers = [], []
        for low, high, number in self._order[first:]:
            if low >= end:
                break
            piece, at = self._pieces[number], self._starts[number]
            if piece.text is None:
                images.append((at + max(start, low) - low, at + min(end, high) - low))
            else:
                images.append((at, self._starts[number + 1]))
            numbers.append(number)
        between = range(min(numbers, default=0), max(numbers, default=0))
        torn = any(self._pieces[n].end > self._pieces[n].start for n in {*between} - {*numbers})
        low, high = min(a for a, _ in images or [(0, 0)]), max(b for _, b in images or [(0, 0)])
        return (low, high) if low < high and not torn else None

    def record(self, record: Record) -> dict[str, Any]:
        """An annotated record (quotations, silver, entities) of the new text.

        Spans that are lost or torn apart are left out, and so is a quotation without content.
        """
        told = {**record, "text": self.text}
        if record.get("quotations") is not None:
            quotations = [self._quotation(quotation) for quotation in record["quotations"]]
            told["quotations"] = [quotation for quotation in quotations if quotation["content"]]
        if record.get("silver"):
            silver = record["silver"]
            entities = ((self.span(start, end), kind) for start, end, kind in silver["entities"])
            told["silver"] = {
                **silver,
                "entities": [[*span, kind] for span, kind in entities if span],
                "coreference": [self._spans(chain) for chain in silver["coreference"]],
            }
        if record.get("entities"):
            told["entities"] = [
                {**entity, "mentions": self._spans(entity["mentions"])}
                for entity in record["entities"]
            ]
        return told

    def _quotation(self, quotation: Mapping[str, Any]) -> dict[str, Any]:
        roles = ("content", "source", "cue", "quoted")
        spans = {role: self._spans(quotation[role]) for role in roles if role in quotation}
        return {**quotation, **spans}

    def _spans(self, spans: Iterable[Sequence[int]]) -> list[list[int]]:
        moved = (self.span(start, end) for start, end in spans)
        return sorted(list(span) for span in moved if span)
