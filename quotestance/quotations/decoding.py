"""Scores of tokens to quotations, names and antecedents.

Quotation marks give exact spans: a content that cuts into a stretch between marks is moved to
the marks. The model decides whether a stretch is attributed speech and who its source is, where
the layout of the text does not tell.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np

from quotestance.document import Extraction, Name, Quotation, Span
from quotestance.kinds import kind_of, quoted_inside
from quotestance.marks import Quoted
from quotestance.quotations.antecedents import antecedents
from quotestance.quotations.grouping import SURE, Part, grouped
from quotestance.quotations.layouts import Laid, laid_out
from quotestance.quotations.scores import (
    NAMES,
    TAGS,
    Floats,
    Link,
    Range,
    Scores,
    best_path,
    characters,
    span_of,
    tagged_spans,
)
from quotestance.quotations.tokens import Ints, Tokens

_DATELINE = re.compile(
    r"[A-Z][A-Z\s.,/]{1,80}(?:,? [A-Z][a-z]+\.? \d{1,2})?\s*(?:\([^()]{2,40}\))?\s{0,9}[-–—]+\s+"
)
_LETTER = re.compile(r"[^\W_]")
_LINK_EVIDENCE = 0.9  # what a link to a source counts as evidence that a stretch is a quotation
_SURE_EDGES = 0.4  # probability of begin and end that an indirect content needs
_UNLINKED = 0.5  # weight of "none" from which a content has no source
_LONGEST_SOURCE = 12  # tokens of a source that the tags passed over
_LAID_OUT = 0.95  # how sure a source is that the layout tells


def decode(text: str, tokens: Tokens, scores: Scores, threshold: float) -> Extraction:
    """The quotations, names and antecedents of a text.

    A stretch between marks counts as content where its mean probability of being content, or
    of having a source, reaches ``threshold``.
    """
    if not len(tokens):
        return Extraction(text, ())
    spans = tagged_spans(best_path(scores.tags), TAGS)
    names = tuple(
        Name(span_of(text, tokens, r), kind)
        for r, kind in tagged_spans(best_path(scores.names), NAMES)
    )
    sources = [_mention(text, tokens, r) for r, role in spans if role == "source"]
    cues = [r for r, role in spans if role == "cue"]
    laid = laid_out(
        text,
        tokens.quoted,
        [(name.span.start, name.span.end) for name in names if name.type == "person"],
        [characters(tokens, r) for r in sources],
        [characters(tokens, r) for r in cues],
    )
    tagged = [r for r, role in spans if role == "content"]
    found = _contents(text, tokens, scores, tagged, laid, threshold)
    told = {
        tokens.within(*content): tokens.within(*source) for content, source, _ in laid if source
    }
    contents = [
        (r, marks)
        for r, marks in found
        if _is_speech(span_of(text, tokens, r), text)
        and (marks or r in told or _sure_of(scores.tags, r, tokens))
    ]
    parts = _link(tokens, scores, contents, sources, cues, told)
    groups = sorted(grouped(text, tokens, parts), key=lambda group: group[0].start)
    quotations = tuple(_quotation(text, tokens, group) for group in groups)
    return Extraction(
        text,
        quotations,
        weights=tuple(max(part.source_weight for part in group) for group in groups),
        names=names,
        antecedents=antecedents(text, tokens, scores, quotations, names),
    )


def _mention(text: str, tokens: Tokens, source: Range) -> Range:
    """A source without what stands before it in its paragraph's head: a dateline or caption."""
    start, end = source
    breaks = np.flatnonzero(tokens.features["breaks"][start + 1 : end] == 2)
    if len(breaks):
        start += 1 + int(breaks[-1])
    dateline = _DATELINE.match(text, int(tokens.offsets[start, 0]))
    if dateline and dateline.end() < tokens.offsets[end - 1, 1]:
        start = tokens.within(dateline.end(), dateline.end() + 1)[0]
    return start, end


def _contents(
    text: str,
    tokens: Tokens,
    scores: Scores,
    tagged: list[Range],
    laid: Sequence[Laid],
    threshold: float,
) -> list[tuple[Range, Quoted | None]]:
    """Token ranges of contents, moved to the marks; with the marks where they are the whole.

    Those whose source the layout tells are contents as they stand.
    """
    is_content = scores.tags[:, TAGS.index("B-content")] + scores.tags[:, TAGS.index("I-content")]
    owner = np.full(len(tokens), -1)  # which content a token belongs to
    spans = dict(enumerate(tagged))
    for number, (start, end) in spans.items():
        owner[start:end] = number
    whole = {}
    for quoted in tokens.quoted:
        first, last = tokens.within(quoted.start, quoted.end)
        if not quoted.depth and last > first:
            whole[first, last] = quoted
    for (first, last), link in zip(whole, scores.links("source", list(whole)), strict=True):
        linked = 1 - link.none
        evidence = max(float(is_content[first:last].mean()), linked * _LINK_EVIDENCE)
        _settle(owner, spans, (first, last), evidence >= threshold)
        _drop_signs(text, tokens, owner, (first, last))
    for number, (content, source, clear) in enumerate(laid, len(tokens)):
        others = np.unique(owner[slice(*tokens.within(*clear))])
        owner[np.isin(owner, others[others >= 0])] = -1
        if source is not None:
            owner[slice(*tokens.within(*content))] = number
    edges = np.flatnonzero(np.diff(owner, prepend=-2, append=-2))
    ranges = [(int(a), int(b)) for a, b in pairwise(edges) if owner[a] >= 0]
    return [(r, whole.get(r)) for r in ranges]


def _is_speech(content: Span, text: str) -> bool:
    """Has it a letter, and is it more than the dateline of the text?"""
    dateline = _DATELINE.match(text)
    return bool(_LETTER.search(content.text)) and not (dateline and content.end <= dateline.end())


def _sure_of(tags: Floats, content: Range, tokens: Tokens) -> bool:
    """Are both edges of a content likely, or are there marks in it that tell them?"""
    first, last = content
    if any(tokens.features["mark_places"][first:last]):
        return True
    ends = 1 - tags[last, TAGS.index("I-content")] if last < len(tags) else 1.0
    return bool(tags[first, TAGS.index("B-content")] * ends >= _SURE_EDGES)


def _settle(owner: Ints, spans: dict[int, Range], stretch: Range, keep: bool) -> None:
    """Makes a stretch between marks one content with those that cut into it, or frees it."""
    first, last = stretch
    inside = [int(number) for number in np.unique(owner[first:last]) if number >= 0]
    if keep:
        chosen = inside[0] if inside else len(spans)
        ranges = [stretch, *(spans[number] for number in inside)]
        for start, end in ranges:
            owner[start:end] = chosen
        spans[chosen] = min(start for start, _ in ranges), max(end for _, end in ranges)
        return
    for number in inside:
        start, end = spans[number]
        if start > first or end < last:
            owner[max(start, first) : min(end, last)] = -1
            spans[number] = (start, first) if start < first else (last, max(end, last))


def _drop_signs(text: str, tokens: Tokens, owner: Ints, stretch: Range) -> None:
    """Frees what a content has beside its marks where that is no word: a star of Markdown."""
    first, last = stretch
    number = owner[first]
    for step, edge in ((-1, first), (1, last - 1)):
        at = edge + step
        while _goes_on(owner, at, number) and not _LETTER.search(text, *tokens.offsets[at]):
            at += step
        if number >= 0 and not _goes_on(owner, at, number):
            owner[min(at, edge) + 1 : max(at, edge)] = -1


def _goes_on(owner: Ints, at: int, number: int) -> bool:
    """Does a token exist and belong to a content?"""
    return 0 <= at < len(owner) and bool(owner[at] == number)


def _link(
    tokens: Tokens,
    scores: Scores,
    contents: list[tuple[Range, Quoted | None]],
    sources: list[Range],
    cues: list[Range],
    told: Mapping[Range, Range],
) -> list[Part]:
    """The contents with what they link to; ``told`` are the sources that the layout tells."""
    likely_source = scores.tags[:, [TAGS.index("B-source"), TAGS.index("I-source")]].sum(1)
    parts = []
    ranges = [content for content, _ in contents]
    linked = zip(*(scores.links(kind, ranges) for kind in ("source", "cue")), strict=True)
    for ((first, last), marks), (to_source, to_cue) in zip(contents, linked, strict=True):
        source, cue, weight = told.get((first, last)), None, _LAID_OUT
        if source is None:
            source = _target(to_source, sources, (first, last))
            source = source or _untagged(to_source, likely_source)
            cue = _target(to_cue, cues, (first, last))
            weight = to_source.weight(source) if source else 0.0
        parts.append(
            Part(
                (first, last),
                int(tokens.offsets[first, 0]),
                int(tokens.offsets[last - 1, 1]),
                source,
                weight,
                cue,
                marks.group if marks else None,
                marks is None and (first, last) in told,
            )
        )
    return parts


def _target(link: Link, candidates: list[Range], content: Range) -> Range | None:
    """The candidate outside the content with the most weight, where that beats none."""
    best, most = None, link.none
    near = bisect_left(candidates, (link.low, 0))
    for start, end in candidates[near:]:
        if start >= link.low + len(link.weights):
            break
        weight = link.weight((start, end))
        if weight > most and (end <= content[0] or start >= content[1]):
            best, most = (start, end), weight
    return best


def _untagged(link: Link, likely: Floats) -> Range | None:
    """The words around the token with the most weight, though the tags passed them over."""
    if link.none >= _UNLINKED:
        return None
    top = int(link.weights.argmax())
    likely = likely[link.low : link.low + len(link.weights)]
    near = (link.weights > link.weights[top] / 4) | (likely > 0.3)
    start, end = top, top + 1
    while start and near[start - 1] and end - start < _LONGEST_SOURCE:
        start -= 1
    while end < len(near) and near[end] and end - start < _LONGEST_SOURCE:
        end += 1
    return link.low + start, link.low + end


def _quotation(text: str, tokens: Tokens, parts: list[Part]) -> Quotation:
    cues = dict.fromkeys(part.cue for part in parts if part.cue)
    content = tuple(span_of(text, tokens, part.tokens) for part in parts)
    quoted = quoted_inside(text, content, tokens.quoted)
    # A source is one mention; parts that disagree follow the first sure link, or the surest.
    surest = max(parts, key=lambda part: min(part.source_weight, SURE))
    return Quotation(
        kind="direct" if parts[0].laid_out else kind_of(content, quoted),
        content=content,
        source=(span_of(text, tokens, surest.source),) if surest.source else (),
        cue=tuple(span_of(text, tokens, r) for r in list(cues)[:1]),
        quoted=quoted,
    )
