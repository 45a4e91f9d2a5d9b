"""Annotated records told differently, for training.

Every function takes an annotated record and a source of chance and returns another record: the
marks in another style, paragraph breaks lost, other people's names, source and cue on the other
side of their quotation, quotations laid out as in press releases and interviews. All spans are
moved along, so that they hold the same words.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import NamedTuple

from quotestance.marks import paragraphs
from quotestance.quotations.renaming import SMALL_WORDS, is_name, renamed
from quotestance.restyling import restyled
from quotestance.rewriting import Change, Piece, Record, Rewriting

Telling = Callable[[Record, random.Random], Record]

_BREAK = re.compile(r"(?<![^\S\n])[^\S\n]*\n\s*")
_SPACE = re.compile(r"(?<=\S) (?=\S)")

_SENTENCE_BEFORE = re.compile(r"(?:^|\n[^\S\n]*|[.!?][”\"»]?\s+)$")
_INVERTIBLE = re.compile(
    r"(?:said|says|added|explained|warned|noted|insisted|argued|declared|continued|wrote"
    r"|replied|recalled|asked|concluded|stated|stressed)$"
)
_PRONOUN = re.compile(r"(?:he|she|they|it|we|I|you|who)$", re.IGNORECASE)
_DASHES = ("— ", "– ", "- ", "—", "-- ")
_ROLES = ("spokesperson", "foreign minister", "director", "chair of the board", "resident", "envoy")


def retold(record: Record, chance: random.Random) -> Record:
    """A record told differently in one way or in several."""
    ways: list[tuple[Telling, float]] = [
        (turned, 0.4),
        (laid_out, 0.4),
        (renamed, 0.6),
        (restyled, 0.6),
        (rebroken, 0.4),
    ]
    chosen = [way for way, likely in ways if chance.random() < likely]
    for way in chosen or [chance.choice(ways)[0]]:
        record = way(record, chance)
    return record


def rebroken(record: Record, chance: random.Random) -> Record:
    """A record with paragraph breaks lost, all or some, or made line breaks, or lines wrapped."""
    text = record["text"]
    breaks = list(_BREAK.finditer(text))
    way = chance.choice(("all", "some", "lines", "wrapped"))
    if way == "wrapped" and "\n\n" in text:
        return Rewriting.of_edits(text, _wraps(text, chance.randint(50, 80))).record(record)
    mark = "\n" if way == "lines" else " "
    kept = 0.5 if way == "some" else 0.0
    edits = [(*match.span(), mark) for match in breaks if chance.random() >= kept]
    return Rewriting.of_edits(text, edits).record(record)


def _wraps(text: str, width: int) -> Iterator[tuple[int, int, str]]:
    """Line breaks in the place of spaces, so that no line is longer than ``width``."""
    for start, end in paragraphs(text):
        line = start
        spaces = [match.start() for match in _SPACE.finditer(text, start, end)]
        for space, following in pairwise([*spaces, end]):
            if following - line > width:
                yield space, space + 1, "\n"
                line = space + 1


class _Clause(NamedTuple):
    """A direct quotation in marks beside its source and cue, the whole of a sentence.

    ``“X,” Lee said.`` or ``Lee said: “X.”``: from ``start`` to ``end``, the content's marks
    included; ``stop`` is where its last sign before the closing mark stands.
    """

    start: int
    end: int
    content: tuple[int, int]
    source: tuple[int, int]
    cue: tuple[int, int]
    stop: int
    behind: bool
    alone: bool  # its paragraph holds nothing else

    def told(self, text: str, sign: str, marks: bool = True) -> list[Piece]:
        """The content with ``sign`` in the place of a period or comma at its end, and a capital."""
        start, end = self.content
        last = sign if text[self.stop] in ".," else text[self.stop]
        pieces = [
            Piece(start + 1, start + 2, text[start + 1].upper()),
            Piece(start + 2, self.stop),
            Piece(self.stop, self.stop + 1, last),
        ]
        return [Piece(start, start + 1), *pieces, Piece(end - 1, end)] if marks else pieces


def _clauses(record: Record) -> Iterator[_Clause]:
    text = record["text"]
    ends = dict(paragraphs(text))
    for quotation in record.get("quotations") or []:
        if quotation["kind"] != "direct" or not quotation["content"]:
            continue
        if len(quotation.get("source") or []) != 1 or len(quotation.get("cue") or []) != 1:
            continue
        content, source, cue = (tuple(quotation[r][0]) for r in ("content", "source", "cue"))
        first, last = sorted((source, cue))
        inside = text[slice(*content)]
        if len(inside) < 4 or inside[0] not in '“"«' or inside[-1] not in '”"»':
            continue
        if inside[-2] not in ".,!?" or text[first[1] : last[0]] != " ":
            continue
        behind = first[0] == content[1] + 1 and text[content[1]] == " "
        if behind and text[last[1] : last[1] + 1] == ".":
            start, end = content[0], last[1] + 1
        elif first == source and re.fullmatch(r"[:,]? ", text[last[1] : content[0]]):
            start, end = source[0], content[1]
        else:
            continue
        whole = _SENTENCE_BEFORE.search(text, max(0, start - 6), start) is not None
        if whole and (behind or inside[-2] in ".!?"):
            alone = ends.get(start) == end
            yield _Clause(start, end, content, source, cue, content[1] - 2, behind, alone)


def turned(record: Record, chance: random.Random) -> Record:
    """A record with sources and cues on the other side of some direct quotations.

    ``“X,” Lee said.`` becomes ``Lee said: “X.”`` or ``“X,” said Lee.``, and back.
    """
    text = record["text"]
    changes = [_turn(record, clause, chance) for clause in _clauses(record)]
    return Rewriting.of_changes(
        text, [change for change in changes if change and chance.random() < 0.6]
    ).record(record)


def _turn(record: Record, clause: _Clause, chance: random.Random) -> Change | None:
    text = record["text"]
    source, cue = Piece(*clause.source), Piece(*clause.cue)
    in_front = source < cue
    pronoun = _PRONOUN.match(text[slice(*clause.source)]) is not None
    inverts = _INVERTIBLE.match(text[slice(*clause.cue)]) is not None and not pronoun
    if not in_front and not inverts:
        return None  # of "told reporters the minister" only the order that it has is grammatical
    if clause.behind and (chance.random() < 0.6 or (in_front and not inverts)):
        order = [*_started(text, clause.source), _put(" "), cue, _put(chance.choice((": ", ", ")))]
        return Change(clause.start, clause.end, [*order, *clause.told(text, ".")])
    subject = [source] if clause.behind else _continued(text, clause.source, _names(record))
    order = [*subject, _put(" "), cue]
    if inverts and (in_front if clause.behind else chance.random() < 0.5):
        order = [cue, _put(" "), *subject]
    pieces = [*clause.told(text, ","), _put(" "), *order, _put(".")]
    return Change(clause.start, clause.end, pieces)


def _put(words: str) -> Piece:
    return Piece(0, 0, words)


def _started(text: str, span: tuple[int, int]) -> list[Piece]:
    """A source that begins a sentence."""
    first = Piece(span[0], span[0] + 1, text[span[0]].upper())
    return [first, Piece(span[0] + 1, span[1])]


def _continued(text: str, span: tuple[int, int], names: set[int]) -> list[Piece]:
    """A source that goes on with a sentence: in lower case where it is no name."""
    word = text[slice(*span)].split()[0]
    small = word.lower() in SMALL_WORDS or (
        span[0] not in names and re.search(rf"\b{re.escape(word.lower())}\b", text) is not None
    )
    first = text[span[0]].lower() if small else text[span[0]]
    return [Piece(span[0], span[0] + 1, first), Piece(span[0] + 1, span[1])]


def _names(record: Record) -> set[int]:
    """Where the names of a record start."""
    return {start for start, _, _ in (record.get("silver") or {}).get("entities", [])}


def laid_out(record: Record, chance: random.Random) -> Record:
    """A record with quotations laid out as in press releases, interviews and posts.

    Of paragraphs that are one quotation with its source: a signature line ("— Name") behind
    the quotation, a speaker's turn ("NAME: …"), a block behind "Name said:". The signature and
    the turn have no cue; turns and blocks have no marks.
    """
    way = chance.choice((_signature, _turn_of_speech, _block))
    text = record["text"]
    changes = []
    for clause in _clauses(record):
        change = way(text, clause, chance) if clause.alone else None
        if change is not None and chance.random() < 0.7:
            changes.append(change)
    return Rewriting.of_changes(text, changes).record(record)


def _signature(text: str, clause: _Clause, chance: random.Random) -> Change | None:
    """``“X.”`` with ``— Name`` or ``— Name, role`` behind it."""
    if not is_name(text[slice(*clause.source)]):
        return None
    gap = chance.choice(("\n", "\n", " ")) + chance.choice(_DASHES)
    role = f", {chance.choice(_ROLES)}" if chance.random() < 0.3 else ""
    pieces = [*clause.told(text, "."), _put(gap), Piece(*clause.source), _put(role)]
    return Change(clause.start, clause.end, pieces)


def _turn_of_speech(text: str, clause: _Clause, chance: random.Random) -> Change | None:
    """``NAME: X.`` without marks."""
    start, end = clause.source
    if not is_name(text[start:end]):
        return None
    upper = chance.random() < 0.5
    name = [
        Piece(match.start(), match.end(), match.group().upper()) if upper else Piece(*match.span())
        for match in re.finditer(r"\S+|\s+", text[start:end])
    ]
    name = [Piece(piece.start + start, piece.end + start, piece.text) for piece in name]
    pieces = [*name, _put(": "), *clause.told(text, ".", marks=False)]
    return Change(clause.start, clause.end, pieces)


def _block(text: str, clause: _Clause, chance: random.Random) -> Change | None:
    """``Lee said:`` with ``> X.`` or ``X.`` as a paragraph of its own."""
    if clause.cue < clause.source:
        return None
    gap = chance.choice((":\n\n", ":\n")) + chance.choice(("> ", "", "\t"))
    subject = _started(text, clause.source)
    content = clause.told(text, ".", marks=False)
    pieces = [*subject, _put(" "), Piece(*clause.cue), _put(gap), *content]
    return Change(clause.start, clause.end, pieces)
