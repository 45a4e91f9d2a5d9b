"""Spans found by the characters they overlap."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable

from quotestance.document import Span


class SpanIndex:
    """Spans, to be found by the characters they overlap."""

    def __init__(self, spans: Iterable[Span]) -> None:
        self._spans = sorted(spans)
        self._starts = [span.start for span in self._spans]
        self._longest = max((span.end - span.start for span in self._spans), default=0)

    def meeting(self, start: int, end: int) -> list[Span]:
        """The spans that overlap characters ``start`` to ``end``, in order."""
        first = bisect_left(self._starts, start - self._longest)
        last = bisect_left(self._starts, end)
        return [span for span in self._spans[first:last] if span.end > start]

    def before(self, end: int, reach: int) -> list[Span]:
        """The spans that end at or before a character, at most ``reach`` earlier; last first."""
        low = bisect_left(self._starts, end - reach)
        high = bisect_left(self._starts, end)
        return [span for span in reversed(self._spans[low:high]) if span.end <= end]
