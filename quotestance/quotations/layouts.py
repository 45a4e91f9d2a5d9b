"""Quotations and sources that the layout of a text tells, beside its sentences.

- a *signature* behind a quotation: ``“…”`` and ``— Name, role``, on its line or the next;
- a *head* before it: ``Name, role: “…”``, ``From Name:``;
- *turns* of an interview or transcript: ``NAME: …``, ``Q: …``, ``A: …``, without marks;
- a *block* behind words that end in a colon: lines with ``>``, indented lines, a post.

Pure functions over the text, its paired marks and the names and sources found in it.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from typing import NamedTuple

from quotestance.marks import Quoted
from quotestance.vocabulary import PARTICLES, is_title

Range = tuple[int, int]


class Laid(NamedTuple):
    """Characters of a content whose layout tells the source.

    ``source`` is None where the layout tells that nobody named speaks: an interviewer's question.
    ``clear`` are the characters, label or signature included, in which no other content stands.
    """

    content: Range
    source: Range | None
    clear: Range


_GAP = r"[^\S\n]"
_CAPITAL = r"(?![a-zß-öø-ÿ])[^\W\d_](?:[\w’'-]|\.(?=\S|\s[^\W\d_]))*"
_NAME = rf"{_CAPITAL}(?:{_GAP}(?:(?:{'|'.join(sorted(PARTICLES))}){_GAP}){{0,2}}{_CAPITAL}){{0,5}}"
_HANDLE = r"@\w{2,30}"
_BULLET = rf"(?:[-–—*•·‣]|\d{{1,2}}[.)]){_GAP}+"
_ROLE = rf"(?:,{_GAP}*[^\n:“”\"«»„]{{1,80}}?|{_GAP}\([^()\n]{{1,60}}\))"

_SIGNATURE = re.compile(
    rf"\s*[-–—―]{{1,3}}{_GAP}*(?P<name>{_NAME}|{_HANDLE}){_ROLE}?"
    rf"{_GAP}*(?=\n|$|[“\"«„])"
)
_IN_BRACKETS = re.compile(
    rf"{_GAP}*\((?P<name>{_NAME})(?:,{_GAP}[^()\n]{{1,60}})?\){_GAP}*(?=\n|$)"
)
_BEHIND_ITEM = re.compile(
    rf"{_GAP}+(?P<name>{_NAME})(?:,{_GAP}[^\n:.“”\"«»]{{1,60}})?{_GAP}*(?=\n|$)"
)
_ITEM = re.compile(rf"(?:^|\n){_GAP}*{_BULLET}$")
_HEAD = re.compile(
    rf"(?:^|\n){_GAP}*(?:{_BULLET})?(?:\d{{4}}{_GAP}*[,:–-]{_GAP}*)?"
    rf"(?:[Ff]rom{_GAP}(?P<from>[^\n:.“”\"«»,(]{{2,80}}?)|(?P<name>{_NAME}|{_HANDLE}))"
    rf"{_ROLE}?{_GAP}*:\s*(?:>{_GAP}*)?$"
)
_NAME_LINE = rf"(?P<name>{_CAPITAL}{_GAP}{_NAME}),{_GAP}+[^\n:.“”\"«»]{{2,80}}"
_LINE_ABOVE = re.compile(rf"(?:^|\n{_GAP}*\n){_GAP}*{_NAME_LINE}\n{_GAP}*$")
_LINE_BELOW = re.compile(rf"{_GAP}*\n{_GAP}*{_NAME_LINE}{_GAP}*(?=\n|$)")
_HEAD_REACH = 200  # characters before a quotation in which its head may start

_LABELLED = re.compile(
    rf"(?:^|(?<=\n)){_GAP}*(?P<label>{_NAME}|[Qq]|[Aa])(?:{_GAP}*\([^()\n]{{1,40}}\)){{0,2}}"
    rf"(?:(?P<sign>[:.]){_GAP}+(?=\S)|(?<=\nQ){_GAP}+(?=[A-Z“\"—–-]))"
)
_ASKED = frozenset(("q", "question"))
_ANSWERED = frozenset(("a", "answer"))
_ASIDE = re.compile(r"[(\[].*[)\]]$|[\W\d_]*$", re.DOTALL)
_LETTERS = re.compile(r"[^\n]*?[^\W\d_]{2}")

_QUOTED_LINES = re.compile(rf"(?:^|\n){_GAP}*>[^\n]*(?:\n{_GAP}*>[^\n]*)*")
_INDENTED_LINES = re.compile(r"(?:^|\n)(?:\t| {3,})\S[^\n]*(?:\n(?:\t| {3,})\S[^\n]*)*")
_POSTED = re.compile(
    r"\b(?:tweet(?:ed|s)|post(?:ed|s)|wrote|writes|reads?|replied|statement)\b[^.!?\n:]{0,60}:\s*\n\s*"
    r"(?P<post>[^\s>“\"«„‘'•*–—-][^\n]+)"
)
_LEAD_REACH = 400  # characters before a block in which the source of its lead stands
_LINE_MARKS = re.compile(r"[>\s]+")


def laid_out(
    text: str,
    quoted: Sequence[Quoted],
    people: Sequence[Range],
    sources: Sequence[Range],
    cues: Sequence[Range],
) -> list[Laid]:
    """The contents of a text whose source its layout tells, in order; they do not overlap.

    ``quoted`` are the stretches between marks, ``people`` where persons are named, ``sources``
    and ``cues`` likely mentions of sources and their verbs, all as characters.
    """
    outer = [stretch for stretch in quoted if stretch.depth == 0]
    turns = _turns(text, outer, people)
    signed = _signed(text, outer, {text[start:end] for start, end in people}, cues)
    found: list[Laid] = []
    for laid in sorted((*turns, *signed, *_blocks(text, outer, sources)), key=_beginning):
        if not found or found[-1].content[1] <= laid.content[0]:
            found.append(laid)
    return found


def _beginning(laid: Laid) -> int:
    return laid.content[0]


def _signed(
    text: str, outer: Sequence[Quoted], known: Set[str], cues: Sequence[Range]
) -> Iterator[Laid]:
    """Quotations in marks with a signature or a head; it speaks for all paragraphs of them."""
    groups: dict[int, list[Quoted]] = {}
    for stretch in outer:
        groups.setdefault(stretch.group, []).append(stretch)
    for group in groups.values():
        start, end = group[0].start, group[-1].end
        source = _head(text, start, known, cues) or _signature(text, start, end, known)
        if source is None:
            continue
        for stretch in group:
            last = stretch is group[-1] and source[0] >= end
            first = stretch is group[0] and source[1] <= start
            clear = source[0] if first else stretch.start, source[1] if last else stretch.end
            yield Laid((stretch.start, stretch.end), source, clear)


def _signature(text: str, start: int, end: int, known: Set[str]) -> Range | None:
    """The name behind a quotation, with nothing else but a role behind it in its line."""
    patterns = [_SIGNATURE, _IN_BRACKETS]
    if _ITEM.search(text, max(0, start - 20), start):
        patterns.append(_BEHIND_ITEM)
    for pattern in patterns:
        match = pattern.match(text, end)
        if match and _names_somebody(match["name"], known):
            return match.span("name")
    below = _LINE_BELOW.match(text, end)
    alone = below and text[max(0, start - 1) : start] in ("", "\n") and below["name"] in known
    return below.span("name") if below and alone else None


def _head(text: str, start: int, known: Set[str], cues: Sequence[Range]) -> Range | None:
    """The name before a quotation, with nothing else but a role before the colon."""
    low = max(0, start - _HEAD_REACH)
    above = _LINE_ABOVE.search(text[low:start])
    if above and above["name"] in known:
        return low + above.start("name"), low + above.end("name")
    match = _HEAD.search(text[low:start])
    if match is None:
        return None
    name = "from" if match["from"] else "name"
    head, end = low + match.start(name), low + match.end(name)
    inside = cues[bisect_left(cues, (head,)) : bisect_left(cues, (start,))]
    if any(text[begin].isalpha() for begin, _ in inside):
        return None  # "Ann Lee, who left, said: …" is a sentence
    return (head, end) if name == "from" or _names_somebody(match["name"], known) else None


def _names_somebody(name: str, known: Set[str]) -> bool:
    """Is it a handle, a name of several words, or one that the text knows as a person's?"""
    if name.startswith("@") or name in known:
        return True
    words = [word for word in name.split() if word[0].isupper()]
    return len(words) > 1 and not name.isupper() and any(len(word) > 2 for word in words)


@dataclass(frozen=True)
class _Label:
    """A line that starts with a label."""

    start: int
    end: int  # of the label
    text: int  # where what is said starts
    name: str

    @property
    def kind(self) -> str:
        plain = self.name.lower()
        if plain in _ASKED:
            return "question"
        if plain in _ANSWERED:
            return "answer"
        return "capitals" if self.name.isupper() else "name"


def _turns(text: str, outer: Sequence[Quoted], people: Sequence[Range]) -> Iterator[Laid]:
    """The turns of an interview or a transcript."""
    starts = {stretch.start for stretch in outer}
    labels = [
        _Label(match.start("label"), match.end("label"), match.end(), match["label"])
        for match in _LABELLED.finditer(text)
        if match.end() not in starts
        and (match["sign"] == ":" or len(match["label"]) == 1)
        and _LETTERS.search(text, match.end(), match.end() + _HEAD_REACH)
    ]
    labels = _of_transcript(text, labels, people)
    interviewed = _interviewed(text, labels[0].start, people) if labels else None
    for number, label in enumerate(labels):
        stop = labels[number + 1].start if number + 1 < len(labels) else len(text)
        goes_on = label.kind != "name" and stop < len(text)
        end = _end_of_turn(text, label.text, stop, goes_on)
        source: Range | None = (label.start, label.end)
        if label.kind == "question":
            source = None
        elif label.kind == "answer":
            source = interviewed or source
        if end > label.text:
            yield Laid((label.text, end), source, (label.start, end))


def _of_transcript(text: str, labels: Sequence[_Label], people: Sequence[Range]) -> list[_Label]:
    """The labels that are speakers', where there are enough of them to be turns."""
    kinds = Counter(label.kind for label in labels)
    times = Counter(label.name for label in labels)
    words = {word.lower() for start, end in people for word in text[start:end].split()}
    chosen = []
    for label in labels:
        named = is_title(label.name.split()[0]) or label.name.split()[-1].lower() in words
        several = kinds["capitals"] > 2 and label.kind == "capitals" and " " in label.name
        likely = named or several or times[label.name] > 1 or label.kind == "question"
        if label.kind == "answer":
            likely = kinds["question"] > 0  # else "A." is an initial, or heads a list
        if likely:
            chosen.append(label)
    again = any(times[label.name] > 1 for label in chosen)
    capitals = sum(label.kind != "name" for label in chosen)
    names = {label.name for label in chosen}
    enough = len(names) > 1 and (capitals > 1 or (again and len(chosen) > 2))
    return chosen if enough else []


def _end_of_turn(text: str, start: int, stop: int, goes_on: bool) -> int:
    """Where a turn ends: with its paragraph, or, where others follow, with its last one.

    It is ``start`` where all is an aside: "(Laughter.)".
    """
    mark = "\n\n" if "\n\n" in text else "\n"
    said = text[start:stop].split(mark)
    if not goes_on:
        said = said[:1]
    while said and _ASIDE.match(said[-1].strip()):
        said.pop()
    return start + len(mark.join(said).rstrip())


def _interviewed(text: str, before: int, people: Sequence[Range]) -> Range | None:
    """Who gives the answers: the person named most before the first turn."""
    named = [(start, end) for start, end in people if end <= before]
    surnames = Counter(text[start:end].split()[-1] for start, end in named)
    if not surnames:
        return None
    surname = surnames.most_common(1)[0][0]
    return next((a, b) for a, b in named if text[a:b].split()[-1] == surname)


def _blocks(text: str, outer: Sequence[Quoted], sources: Sequence[Range]) -> Iterator[Laid]:
    """Blocks without marks, each with the last source of the words that lead to it."""
    starts = {stretch.start for stretch in outer}
    for start, end in _block_ranges(text):
        low = max(0, start - _LEAD_REACH)
        lead_end = low + len(text[low:start].rstrip("> \t\n"))
        lead_start = max(low, text.rfind("\n", low, lead_end))
        if start in starts or not text[lead_start:lead_end].endswith(":"):
            continue
        last = bisect_left(sources, (lead_end,)) - 1
        if last >= 0 and sources[last][0] >= lead_start:
            yield Laid((start, end), sources[last], (start, end))


def _block_ranges(text: str) -> Iterable[Range]:
    """Where lines with ">", indented lines and posts stand, without what marks the lines."""
    for match in (*_QUOTED_LINES.finditer(text), *_INDENTED_LINES.finditer(text)):
        marks = _LINE_MARKS.match(text, match.start(), match.end())
        start = marks.end() if marks else match.start()
        end = match.start() + len(match.group().rstrip("> \t\n"))
        if start < end:
            yield start, end
    for match in _POSTED.finditer(text):
        yield match.start("post"), match.start("post") + len(match["post"].rstrip())
