"""Annotated records of other people: their names swapped for names of many origins."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from quotestance.names import origins
from quotestance.rewriting import Record, Rewriting
from quotestance.vocabulary import ABBREVIATIONS, COURTESIES, OFFICES, SUFFIXES

_NAME = re.compile(r"^(?:[A-Z][\w.’'-]*\s){0,3}[A-Z][\w’'-]+$")
SMALL_WORDS = frozenset(
    "he she they it we the a an one some many several his her its their".split()
)
"""Words at the head of a source that is no name."""

_WORD = re.compile(r"(?:[OD]['’])?[^\W\d_]+(?:-[^\W\d_]+)*")
_TITLES = COURTESIES | OFFICES | SUFFIXES | {*ABBREVIATIONS, *ABBREVIATIONS.values()}


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


def is_name(source: str) -> bool:
    """Do the words look like the name of a person?"""
    return _NAME.match(source) is not None and source.split()[0].lower() not in SMALL_WORDS


def _person_spans(record: Record) -> list[tuple[int, int]]:
    """Where people are named: of silver names, or of gold mentions that look like names."""
    silver = record.get("silver")
    if silver:
        return [(start, end) for start, end, kind in silver["entities"] if kind == "PERSON"]
    people = (e for e in record.get("entities") or [] if e["type"] == "person")
    mentions = ((start, end) for entity in people for start, end in entity["mentions"])
    return [(a, b) for a, b in mentions if is_name(record["text"][a:b])]


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
