"""What the quotation marks say of a content: the stretches inside it, and its kind."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from itertools import islice

from quotestance.document import Span
from quotestance.marks import Quoted

_LETTER = re.compile(r"[^\W\d_]")
_WORD = re.compile(r"\w+")
_STOPS = ".,!?…"
_CLAUSE_WORDS = 5


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
    return "direct" if share >= 0.8 and any(_is_clause(q.text) for q in quoted) else "mixed"


def _is_clause(words: str) -> bool:
    """Are they many words, or several with a stop behind the last?"""
    found = list(islice(_WORD.finditer(words), _CLAUSE_WORDS))
    if len(found) == _CLAUSE_WORDS:
        return True
    if not found or not _LETTER.match(found[0].group()):
        return False
    stop = max(map(words.rfind, _STOPS))
    between = words[found[0].start() + 1 : stop]
    return stop >= found[-1].end() and any(map(str.isspace, between))
