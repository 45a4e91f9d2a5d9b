"""Parts of contents to quotations: which parts belong together."""

from __future__ import annotations

import re
from dataclasses import dataclass

from quotestance.quotations.scores import Range, span_of
from quotestance.quotations.tokens import Tokens
from quotestance.vocabulary import PRONOUNS

SURE = 0.5
"""Weight of a source above which a surer one of another part is no better."""

_CLOSING_MARKS = "”’»›\"' "
_CAPITALIZED = re.compile(r"\b[A-Z][\w’'-]+")


@dataclass(frozen=True)
class Part:
    """A stretch of content, in tokens and characters, with what it links to."""

    tokens: Range
    start: int
    end: int
    source: Range | None
    source_weight: float
    cue: Range | None
    group: int | None  # of the quotation marks around it
    laid_out: bool  # a turn or block, whose layout stands for marks


def grouped(text: str, tokens: Tokens, parts: list[Part]) -> list[list[Part]]:
    """Parts of one quotation together: marks that go on, or one cue and source in a row."""
    groups: list[list[Part]] = []
    by_marks: dict[int, list[Part]] = {}
    for part in parts:
        group = by_marks.get(part.group) if part.group is not None else None
        if group is not None and _disagree(text, tokens, group[-1], part):
            group = None
        if group is None and groups:
            # A cue speaks for what stands beside it, not for a later paragraph of somebody else.
            last = groups[-1][-1]
            same_cue = part.cue is not None and last.cue == part.cue
            if last.source == part.source and (same_cue or _is_split(text, last, part)):
                group = groups[-1]
        if group is None:
            group = []
            groups.append(group)
        group.append(part)
        if part.group is not None:
            by_marks[part.group] = group
    return groups


def _is_split(text: str, part: Part, other: Part) -> bool:
    """Do commas say that a sentence goes on behind its source: “…,” she said, “…”?"""
    between = text[part.end : other.start].rstrip()
    before = text[part.start : part.end + 1].rstrip(_CLOSING_MARKS)
    return None not in (part.source, part.group, other.group) and all(
        words.endswith(",") for words in (before, between)
    )


def _disagree(text: str, tokens: Tokens, part: Part, other: Part) -> bool:
    """Are both surely attributed, by different cues, the latter to somebody of another name?

    Then the marks between them are not those of one quotation: one was forgotten.
    """
    if part.source is None or other.source is None or None in (part.cue, other.cue):
        return False
    sure = min(part.source_weight, other.source_weight) > SURE and part.cue != other.cue
    before, after = (span_of(text, tokens, source).text for source in (part.source, other.source))
    names = set(_CAPITALIZED.findall(after))
    return sure and after.lower() not in PRONOUNS and names.isdisjoint(before.split())
