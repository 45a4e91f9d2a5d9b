"""Annotated records told differently, for training.

Every function takes an annotated record and a source of chance and returns another record: the
marks in another style, paragraph breaks lost, other people's names, source and cue on the other
side of their quotation, quotations laid out as in press releases and interviews. All spans are
moved along, so that they hold the same words.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple

from quotestance.marks import pair_marks, paragraphs
from quotestance.names import origins
from quotestance.quotations.rewriting import Change, Piece, Rewriting
from quotestance.vocabulary import ABBREVIATIONS, COURTESIES, OFFICES, SUFFIXES

Record = Mapping[str, Any]
Telling = Callable[[Record, random.Random], Record]

# Opening and closing mark, of quotations and of quotations inside them; how often each is taken.
_STYLES = (
    ("“", "”", "‘", "’"),
    ('"', '"', "'", "'"),
    ("“", '"', "‘", "'"),
    ('"', "”", "'", "’"),
    ("«", "»", "“", "”"),
    ("« ", " »", "“", "”"),
    ("«\u00a0", "\u00a0»", "‹", "›"),
    ("„", "“", "‚", "‘"),
    ("„", "”", "‚", "’"),
    ("»", "«", "›", "‹"),
    ("‘", "’", "“", "”"),
    ("'", "'", '"', '"'),
)
_STYLE_WEIGHTS = (3, 6, 2, 2, 2, 1, 1, 2, 1, 1, 2, 1)
_OPENING = re.compile(r"[“”„\"«»]\s?")
_CLOSING = re.compile(r"\s?[“”\"«»]")
_INNER = re.compile(r"[“”„\"«»‘’‚'‹›]")
_APOSTROPHE = re.compile(r"(?<=\w)['’](?=\w)")
_RESTYLED = 0.9  # of the quotations of a text; the others keep their marks

_BREAK = re.compile(r"(?<![^\S\n])[^\S\n]*\n\s*")
_SPACE = re.compile(r"(?<=\S) (?=\S)")

_SENTENCE_BEFORE = re.compile(r"(?:^|\n[^\S\n]*|[.!?][”\"»]?\s+)$")
_INVERTIBLE = re.compile(
    r"(?:said|says|added|explained|warned|noted|insisted|argued|declared|continued|wrote"
    r"|replied|recalled|asked|concluded|stated|stressed)$"
)
_NAME = re.compile(r"^(?:[A-Z][\w.’'-]*\s){0,3}[A-Z][\w’'-]+$")
_PRONOUN = re.compile(r"(?:he|she|they|it|we|I|you|who)$", re.IGNORECASE)
_SMALL = frozenset("he she they it we the a an one some many several his her its their".split())
_DASHES = ("— ", "– ", "- ", "—", "-- ")
_ROLES = ("spokesperson", "foreign minister", "director", "chair of the board", "resident", "envoy")

_WORD = re.compile(r"(?:[OD]['’])?[^\W\d_]+(?:-[^\W\d_]+)*")
_SAME_NAME = re.compile(r"\s(?:[^\W\d_]\.\s)*$")
_TITLES = COURTESIES | OFFICES | SUFFIXES | {*ABBREVIATIONS, *ABBREVIATIONS.values()}


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


def restyled(record: Record, chance: random.Random) -> Record:
    """A record with its quotation marks, and perhaps its apostrophes, in another style."""
    text = record["text"]
    style = chance.choices(_STYLES, _STYLE_WEIGHTS)[0]
    edits: dict[int, tuple[int, int, str]] = {}
    outer_changed = False
    for stretch in pair_marks(text):
        if stretch.depth == 0:
            outer_changed = chance.random() < _RESTYLED
        if stretch.depth > 1 or not outer_changed:
            continue
        opening, closing = style[2 * stretch.depth : 2 * stretch.depth + 2]
        patterns = (_OPENING, _CLOSING) if stretch.depth == 0 else (_INNER, _INNER)
        opened = patterns[0].match(text, stretch.start, stretch.end)
        closed = patterns[1].match(text, stretch.end - 1, stretch.end)
        if opened is None:
            continue  # single marks around a quotation stay
        if text[stretch.end - 2].isspace():
            closed = patterns[1].match(text, stretch.end - 2, stretch.end)
        edits[opened.start()] = (opened.start(), opened.end(), opening)
        if closed is not None and closed.start() >= opened.end():
            edits[closed.start()] = (closed.start(), closed.end(), closing)
    apostrophe = chance.choice(("'", "’", None))
    if apostrophe:
        for match in _APOSTROPHE.finditer(text):
            edits.setdefault(match.start(), (match.start(), match.end(), apostrophe))
    return Rewriting.of_edits(text, edits.values()).record(record)


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
    small = word.lower() in _SMALL or (
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


def _is_name(source: str) -> bool:
    return _NAME.match(source) is not None and source.split()[0].lower() not in _SMALL


def _signature(text: str, clause: _Clause, chance: random.Random) -> Change | None:
    """``“X.”`` with ``— Name`` or ``— Name, role`` behind it."""
    if not _is_name(text[slice(*clause.source)]):
        return None
    gap = chance.choice(("\n", "\n", " ")) + chance.choice(_DASHES)
    role = f", {chance.choice(_ROLES)}" if chance.random() < 0.3 else ""
    pieces = [*clause.told(text, "."), _put(gap), Piece(*clause.source), _put(role)]
    return Change(clause.start, clause.end, pieces)


def _turn_of_speech(text: str, clause: _Clause, chance: random.Random) -> Change | None:
    """``NAME: X.`` without marks."""
    start, end = clause.source
    if not _is_name(text[start:end]):
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


@dataclass(frozen=True)
class _NewName:
    given: str
    surname: str
    surname_first: bool

    @property
    def words(self) -> tuple[str, str]:
        """The first and the last word of the full name."""
        full = (self.given, self.surname)
        return full[::-1] if self.surname_first else full


def renamed(record: Record, chance: random.Random) -> Record:
    """A record with its people's names swapped for names of many origins.

    A person keeps one new name throughout: the full name, the surname alone, possessives.
    Women get women's names where a chain of coreference tells. People of one surname still
    share one, and so do people of one given name.
    """
    text = record["text"]
    people = _people(record)
    surnames: dict[str, str] = {}
    new: dict[tuple[str, str], _NewName] = {}
    for first, last, gender in people:
        origin = chance.choice(origins())
        given = chance.choice(origin.given[gender or chance.choice(("she", "he"))])
        surname = surnames.setdefault(last, chance.choice(origin.surnames))
        new[first, last] = _NewName(given, surname, origin.surname_first)
    edits = _name_edits(record, new, surnames)
    told = Rewriting.of_edits(text, edits).record(record)
    if told.get("quotations"):
        told["quotations"] = [
            {key: value for key, value in quotation.items() if not key.startswith("speaker")}
            for quotation in told["quotations"]
        ]
    return told


def _person_spans(record: Record) -> list[tuple[int, int]]:
    """Where people are named: of silver names, or of gold mentions that look like names."""
    silver = record.get("silver")
    if silver:
        return [(start, end) for start, end, kind in silver["entities"] if kind == "PERSON"]
    people = (e for e in record.get("entities") or [] if e["type"] == "person")
    mentions = ((start, end) for entity in people for start, end in entity["mentions"])
    return [(a, b) for a, b in mentions if _is_name(record["text"][a:b])]


def _people(record: Record) -> list[tuple[str, str, str | None]]:
    """Given name (or ""), surname and gender of everybody who is named, in order."""
    text = record["text"]
    spans = _person_spans(record)
    genders = _genders(record)
    found: dict[tuple[str, str], Counter[str]] = {}
    for start, end in sorted(spans):
        words = _name_words(text[start:end])
        if words:
            key = (words[0] if len(words) > 1 else "", words[-1])
            found.setdefault(key, Counter()).update(genders.get((start, end), ()))
    full = {last for first, last in found if first}
    return [
        (first, last, votes.most_common(1)[0][0] if votes else None)
        for (first, last), votes in found.items()
        if first or last not in full
    ]


def _name_words(name: str) -> list[str]:
    """The words of a name as it is known: without titles, particles and initials."""
    words = [match.group() for match in _WORD.finditer(name)]
    words = [w.title() if w.isupper() and len(w) > 1 else w for w in words]
    return [w for w in words if len(w) > 1 and not w.islower() and w.lower() not in _TITLES]


def _genders(record: Record) -> dict[tuple[int, int], list[str]]:
    """For each mention the "he" and "she" of its chain."""
    text = record["text"]
    chains = list((record.get("silver") or {}).get("coreference", ()))
    chains += [entity["mentions"] for entity in record.get("entities") or []]
    genders: dict[tuple[int, int], list[str]] = {}
    for chain in chains:
        words = [text[start:end].lower() for start, end in chain]
        votes = [word for word in words if word in ("he", "she")]
        genders.update(dict.fromkeys(map(tuple, chain), votes))
    return genders


def _name_edits(
    record: Record, new: Mapping[tuple[str, str], _NewName], surnames: Mapping[str, str]
) -> Iterator[tuple[int, int, str]]:
    text = record["text"]
    inside = {position for start, end in _person_spans(record) for position in range(start, end)}
    silver = (record.get("silver") or {}).get("entities", [])
    places = {p for start, end, kind in silver if kind == "LOCATION" for p in range(start, end)}
    given = {first: name.given for (first, _), name in new.items() if first}
    ordinary = set(re.findall(r"\b[a-z]+\b", text))
    words = list(_WORD.finditer(text))
    told: dict[int, str] = {}
    for number, word in enumerate(words):
        known = _known(word.group())
        named = word.start() in inside
        free = word.start() not in places and len(known) > 2 and known.lower() not in ordinary
        if known in surnames and (named or free):
            told[number] = surnames[known]
            first = _first_word(text, words, number, new, known)
            if first is not None:
                full = new[_known(words[first].group()), known]
                told[first], told[number] = full.words
        elif known in given and named:
            told[number] = given[known]
    for number, name in told.items():
        word = words[number]
        capitals = word.group().isupper() and len(word.group()) > 1
        yield word.start(), word.end(), name.upper() if capitals else name
        after = text[word.end() : word.end() + 2]
        if after[:1] in ("’", "'") and not after[1:].isalpha() and word.group()[-1] in "sS":
            # The possessive of a name in s: another name needs more than the apostrophe.
            possessive = after[0] + ("" if name[-1] in "sS" else "s")
            yield word.end(), word.end() + 1, possessive


def _known(word: str) -> str:
    return word.title() if word.isupper() and len(word) > 1 else word


def _first_word(
    text: str,
    words: list[re.Match[str]],
    last: int,
    new: Mapping[tuple[str, str], _NewName],
    surname: str,
) -> int | None:
    """The number of the word with which the full name that ends here starts."""
    for number in range(last - 1, max(-1, last - 4), -1):
        gap = text[words[number].end() : words[number + 1].start()]
        if gap not in (" ", ". ", "\n", "\u00a0"):
            return None
        if (_known(words[number].group()), surname) in new:
            return number
    return None
