"""What the quotation marks say of a content: the stretches inside it, and its kind."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

from quotestance.document import Span
from quotestance.marks import Quoted

_CLAUSE = re.compile(r"\W*[^\W\d_].*\s.*[.,!?…]\W*$", re.DOTALL)


def quoted_inside(
    text: str, content: Sequence[Span], stretches: Sequence[Quoted]
) -> tuple[Span, ...]:
    """The outermost stretches between marks that lie inside a part of the content.

    ``stretches`` are those of the whole text, as `quotestance.marks.pair_marks` orders them.
    """
    inside = {}
    for part in content:
        first = bisect_left(stretches, part.start, key=lambda stretch: stretch.start)
        last = bisect_left(stretches, part.end, key=lambda stretch: stretch.start)
        for stretch in stretches[first:last]:
            if stretch.depth == 0 and stretch.end <= part.end:
                inside[stretch.start] = Span.of(text, stretch.start, stretch.end)
    return tuple(inside[start] for start in sorted(inside))


def kind_of(content: Sequence[Span], quoted: Sequence[Span]) -> str:
    """Direct, mixed or indirect, by the share of the content that stands between marks."""
    if not quoted:
        return "indirect"
    share = sum(q.end - q.start for q in quoted) / sum(c.end - c.start for c in content)
    words = max(len(re.findall(r"\w+", q.text)) for q in quoted)
    clause = words >= 5 or any(_CLAUSE.match(q.text) for q in quoted)
    return "direct" if share >= 0.8 and clause else "mixed"
