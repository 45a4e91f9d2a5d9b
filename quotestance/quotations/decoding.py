"""Scores of tokens to quotations, names and antecedents.

Quotation marks give exact spans: a content that cuts into a stretch between marks is moved to
the marks. The model decides whether a stretch is attributed speech and who its source is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quotestance.document import Extraction, Name, Quotation, Span
from quotestance.marks import Quoted
from quotestance.quotations.model import LINKS, NAMES, TAGS
from quotestance.quotations.tokens import Tokens

Floats = NDArray[np.float32]
Range = tuple[int, int]

LinkScorer = Callable[[int, Sequence[Range]], Floats]
"""(kind of link, token ranges) to probabilities (ranges, tokens + 1), "none" last."""

PRONOUNS = frozenset(
    [
        "he",
        "she",
        "they",
        "it",
        "him",
        "her",
        "them",
        "his",
        "hers",
        "its",
        "their",
        "himself",
        "herself",
        "themselves",
        "itself",
    ]
)
_MINIMUM_WEIGHT = 0.02  # of an antecedent that is told
_UNLINKED = 0.5  # weight of "none" from which a content has no source
_LONGEST_SOURCE = 12  # tokens of a source that the tags passed over


@dataclass(frozen=True)
class Scores:
    """What the network says of every token of one text: probabilities of tags and names."""

    tags: Floats
    names: Floats
    link: LinkScorer


@dataclass(frozen=True)
class _Part:
    """A stretch of content, in tokens and characters, with what it links to."""

    tokens: Range
    start: int
    end: int
    source: Range | None
    source_weight: float
    cue: Range | None
    group: int | None  # of the quotation marks around it


def decode(text: str, tokens: Tokens, scores: Scores, threshold: float) -> Extraction:
    """The quotations, names and antecedents of a text.

    A stretch between marks counts as content where its mean probability of being content, or
    of having a source, reaches ``threshold``.
    """
    if not len(tokens):
        return Extraction(text, ())
    spans = _spans(best_path(scores.tags), TAGS)
    contents = _contents(tokens, scores, [r for r, role in spans if role == "content"], threshold)
    sources = [r for r, role in spans if role == "source"]
    cues = [r for r, role in spans if role == "cue"]
    parts = _link(tokens, scores, contents, sources, cues)
    names = tuple(
        Name(_span(text, tokens, r), kind) for r, kind in _spans(best_path(scores.names), NAMES)
    )
    groups = sorted(_grouped(parts), key=lambda group: group[0].start)
    quotations = tuple(_quotation(text, tokens, group) for group in groups)
    return Extraction(
        text,
        quotations,
        weights=tuple(max(part.source_weight for part in group) for group in groups),
        names=names,
        antecedents=_antecedents(text, tokens, scores, quotations, names),
    )


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


def _spans(path: Sequence[int], tags: Sequence[str]) -> list[tuple[Range, str]]:
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


def _contents(
    tokens: Tokens, scores: Scores, tagged: list[Range], threshold: float
) -> list[tuple[Range, Quoted | None]]:
    """Token ranges of contents, moved to the marks; with the marks where they are the whole."""
    is_content = scores.tags[:, TAGS.index("B-content")] + scores.tags[:, TAGS.index("I-content")]
    stretches = [(tokens.within(q.start, q.end), q) for q in tokens.quoted if q.depth == 0]
    stretches = [(r, q) for r, q in stretches if r[1] > r[0]]
    ranges = [r for r, _ in stretches]
    unlinked: Floats = scores.link(LINKS.index("source"), ranges)[:, -1]
    moved = list(tagged)
    for (first, last), none in zip(ranges, unlinked, strict=True):
        evidence = max(float(is_content[first:last].mean()), (1 - float(none)) * 0.9)
        keep = evidence >= threshold
        moved = [piece for content in moved for piece in _moved(content, (first, last), keep)]
        if keep and not any(a <= first and b >= last for a, b in moved):
            moved.append((first, last))
    whole = dict(stretches)
    return [(r, whole.get(r)) for r in _merged(moved)]


def _moved(content: Range, stretch: Range, keep: bool) -> list[Range]:
    """A content that cuts into a stretch between marks takes all of it, or leaves it."""
    (start, end), (first, last) = content, stretch
    if end <= first or start >= last or (start <= first and end >= last):
        return [content]
    if keep:
        return [(min(start, first), max(end, last))]
    outside = [(start, min(end, first)), (max(start, last), end)]
    return [(a, b) for a, b in outside if b > a]


def _merged(ranges: list[Range]) -> list[Range]:
    merged: list[Range] = []
    for start, end in sorted(ranges):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _link(
    tokens: Tokens,
    scores: Scores,
    contents: list[tuple[Range, Quoted | None]],
    sources: list[Range],
    cues: list[Range],
) -> list[_Part]:
    if not contents:
        return []
    ranges = [r for r, _ in contents]
    to_source = scores.link(LINKS.index("source"), ranges)
    to_cue = scores.link(LINKS.index("cue"), ranges)
    likely_source = scores.tags[:, [TAGS.index("B-source"), TAGS.index("I-source")]].sum(1)
    parts = []
    for ((first, last), marks), source, cue in zip(contents, to_source, to_cue, strict=True):
        chosen = _target(source, sources, (first, last)) or _untagged(source, likely_source)
        parts.append(
            _Part(
                (first, last),
                int(tokens.offsets[first, 0]),
                int(tokens.offsets[last - 1, 1]),
                chosen,
                float(source[slice(*chosen)].sum()) if chosen else 0.0,
                _target(cue, cues, (first, last)),
                marks.group if marks else None,
            )
        )
    return parts


def _target(weights: Floats, candidates: list[Range], content: Range) -> Range | None:
    """The candidate outside the content with the most weight, where that beats none."""
    best, most = None, float(weights[-1])
    for start, end in candidates:
        weight = float(weights[start:end].sum())
        if weight > most and (end <= content[0] or start >= content[1]):
            best, most = (start, end), weight
    return best


def _untagged(weights: Floats, likely: Floats) -> Range | None:
    """The words around the token with the most weight, though the tags passed them over."""
    if weights[-1] >= _UNLINKED:
        return None
    top = int(weights[:-1].argmax())
    near = (weights[:-1] > weights[top] / 4) | (likely > 0.3)
    start, end = top, top + 1
    while start and near[start - 1] and end - start < _LONGEST_SOURCE:
        start -= 1
    while end < len(near) and near[end] and end - start < _LONGEST_SOURCE:
        end += 1
    return start, end


def _grouped(parts: list[_Part]) -> list[list[_Part]]:
    """Parts of one quotation together: one cue and source, or marks that go on."""
    groups: list[list[_Part]] = []
    by_key: dict[tuple[str, object], list[_Part]] = {}
    for part in parts:
        keys: list[tuple[str, object]] = []
        if part.cue is not None:
            keys.append(("cue", (part.cue, part.source)))
        if part.group is not None:
            keys.append(("marks", part.group))
        group = next((by_key[key] for key in keys if key in by_key), None)
        if group is None:
            group = []
            groups.append(group)
        group.append(part)
        by_key.update(dict.fromkeys(keys, group))
    return groups


def _quotation(text: str, tokens: Tokens, parts: list[_Part]) -> Quotation:
    sources = dict.fromkeys(part.source for part in parts if part.source)
    cues = dict.fromkeys(part.cue for part in parts if part.cue)
    content = tuple(_span(text, tokens, part.tokens) for part in parts)
    quoted = tuple(
        Span.of(text, stretch.start, stretch.end)
        for stretch in tokens.quoted
        if stretch.depth == 0
        and any(part.start <= stretch.start and stretch.end <= part.end for part in parts)
    )
    # A source is one mention; parts that disagree follow the first that has one.
    return Quotation(
        kind=kind_of(content, quoted),
        content=content,
        source=tuple(_span(text, tokens, r) for r in list(sources)[:1]),
        cue=tuple(_span(text, tokens, r) for r in list(cues)[:1]),
        quoted=quoted,
    )


def kind_of(content: Sequence[Span], quoted: Sequence[Span]) -> str:
    """Direct, mixed or indirect, by the share of the content that stands between marks."""
    if not quoted:
        return "indirect"
    share = sum(q.end - q.start for q in quoted) / sum(c.end - c.start for c in content)
    words = max(len(re.findall(r"\w+", q.text)) for q in quoted)
    return "direct" if share >= 0.8 and words >= 5 else "mixed"


def _span(text: str, tokens: Tokens, token_range: Range) -> Span:
    start = int(tokens.offsets[token_range[0], 0])
    end = int(tokens.offsets[token_range[1] - 1, 1])
    return Span.of(text, start, end)


def _antecedents(
    text: str,
    tokens: Tokens,
    scores: Scores,
    quotations: Sequence[Quotation],
    names: Sequence[Name],
) -> dict[Span, tuple[tuple[Span, float], ...]]:
    """For each pronoun and each source that is no name: earlier names, pronouns and sources."""
    named = [name.span for name in names]
    sources = [span for quotation in quotations for span in quotation.source]
    words = [
        Span.of(text, match.start(), match.end())
        for match in re.finditer(r"\b[A-Za-z]+\b", text)
        if match.group().lower() in PRONOUNS
    ]
    mentions = sorted({*words, *sources})
    if not mentions:
        return {}
    candidates = sorted({*named, *mentions})
    ranges = [tokens.within(span.start, span.end) for span in candidates]
    places = dict(zip(candidates, ranges, strict=True))
    weights = scores.link(LINKS.index("antecedent"), [places[m] for m in mentions])
    sums = np.concatenate([np.zeros((len(mentions), 1)), weights.cumsum(1)], axis=1)
    found = {}
    for mention, total in zip(mentions, sums, strict=True):
        links = []
        for candidate, (first, last) in zip(candidates, ranges, strict=True):
            if candidate.start >= mention.start:
                break
            weight = float(total[last] - total[first])
            if weight >= _MINIMUM_WEIGHT and candidate.end <= mention.start:
                links.append((candidate, weight))
        found[mention] = tuple(links)
    return found
