"""Descriptions and whom they fit: "the Kestrian envoy" is who was "Kestria's ambassador, Ada Lind".

What a text says of a person stands before the name ("Foreign Minister Ada Lind"), behind it
("Ada Lind, 54, the envoy of Kestria") or as a sentence ("Ada Lind is the envoy"). A description
fits somebody whose role is of its family and whose modifiers do not speak against it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from quotestance.document import Span
from quotestance.speakers.spans import SpanIndex
from quotestance.vocabulary import (
    ABBREVIATIONS,
    AUXILIARIES,
    CHANGING,
    CONJUNCTIONS,
    DETERMINERS,
    FAMILIES,
    KIN,
    LOOSE_FAMILIES,
    NOUN_PREPOSITIONS,
    PREPOSITIONS,
    RELATIVE_PRONOUNS,
    VERBS,
    is_role_noun,
    plain,
    same_place,
)

_TOKEN = re.compile(r"(?:[^\W\d_]\.){2,}|[A-Z][a-z]{1,3}\.|[\w’'][\w.’'-]*[\w’']|\w|[^\w\s]")
_REACH = 110  # characters beside a name in which it is introduced
_LONGEST = 12  # words of an introduction
_DETERMINERS = DETERMINERS | {"that"}
_STOPS = CONJUNCTIONS | RELATIVE_PRONOUNS | AUXILIARIES | VERBS | {"by", "with", "also"}
_COMPOUNDS = {
    ("prime", "minister"): "prime-minister",
    ("foreign", "minister"): "foreign-minister",
    ("secretary", "of", "state"): "secretary-of-state",
    ("foreign", "secretary"): "foreign-secretary",
    ("press", "secretary"): "press-secretary",
    ("chief", "executive"): "chief-executive",
}
_IN_FULL = ABBREVIATIONS | {"dr": "doctor"}
_NEUTRAL = frozenset(
    "top senior new current longtime long-time veteran fellow young old same outspoken prominent "
    "leading own late".split()
)
_BEHIND = re.compile(
    r",\s+(?:(?P<age>\d{1,3}),\s+)?(?:who\s+(?:is|was|serves\s+as|works\s+as)\s+)?"
    r"(?P<words>[^,.;:“”\"()\n—–]{3,120})"
    r"|\s+(?:is|was|became)\s+(?P<is>(?:the|an?)\s[^,.;:“”\"()\n—–]{3,100})"
)
_AGE = re.compile(r",\s+(\d{1,3}),")
_YEARS = re.compile(r"(\d{1,3})-year-old")
_SAME = 1.0
_PART = 0.9  # "minister" of "foreign minister"
_FAMILY = 0.8
_UNSAID = 0.4  # what a fitting role is worth when none of the modifiers is said
_CONFLICT = 0.4  # and when another place or body is named in their stead
_LESSER_FIT = 0.6  # "the minister" for the deputy minister


@dataclass(frozen=True)
class Description:
    """The words of a description or introduction, taken apart: plain, compounds joined.

    ``names`` are those of the ``modifiers`` (complements among them) that are capitalized.
    """

    head: str
    modifiers: frozenset[str]
    names: frozenset[str]
    age: int | None = None


def parse(words: str) -> Description | None:
    """A description of somebody, "the Kestrian envoy to Ostmark"; None without a noun."""
    return _parsed(_TOKEN.findall(words))


def _parsed(tokens: list[str]) -> Description | None:
    tokens = [token for token in tokens if plain(token) not in _DETERMINERS]
    cut = next((n for n, t in enumerate(tokens) if _ends_head(t)), len(tokens))
    head_part = role_words([plain(token) for token in tokens[:cut]])
    whole = role_words([plain(token) for token in tokens])
    if "secretary-of-state" in whole:  # its preposition does not end the head
        head_part = whole[: whole.index("secretary-of-state") + 1]
    if not head_part or not head_part[-1]:
        return None
    years = next((m for t in tokens if (m := _YEARS.fullmatch(plain(t)))), None)
    head = head_part[-1]
    rest = frozenset(
        w for w in whole if w and w != head and w not in _STOPS | PREPOSITIONS | _NEUTRAL
    )
    names = frozenset(plain(t) for t in tokens if t[0].isupper())
    return Description(head, rest, names & rest, int(years[1]) if years else None)


def role_words(words: list[str]) -> list[str]:
    """Plain words of a description, compound roles joined and short titles written out."""
    found: list[str] = []
    index = 0
    while index < len(words):
        for size in (3, 2):
            compound = _COMPOUNDS.get(tuple(words[index : index + size]))
            if compound:
                found.append(compound)
                index += size
                break
        else:
            found.append(_IN_FULL.get(words[index], words[index]))
            index += 1
    return found


def _ends_head(token: str) -> bool:
    return token.lower() in NOUN_PREPOSITIONS | _STOPS or not token[0].isalnum()


class Introductions:
    """What a text says of each person that it names."""

    def __init__(self, text: str, people: Iterable[tuple[str, Iterable[Span]]]) -> None:
        """``people`` are pairs of a key and the places of the name."""
        self._said: dict[str, set[Description]] = defaultdict(set)
        self._ages: dict[str, set[int]] = defaultdict(set)
        self._by_family: dict[str, list[str]] = defaultdict(list)
        places = [(person, list(mentions)) for person, mentions in people]
        names = SpanIndex(mention for _, mentions in places for mention in mentions)
        for person, mentions in places:
            for mention in mentions:
                earlier = names.before(mention.start, _REACH)
                low = earlier[0].end if earlier else max(0, mention.start - _REACH)
                self._add(person, _before(text[low : mention.start]))
                self._behind(text, person, mention)

    def _add(self, person: str, said: Description | None) -> None:
        if said is None:
            return
        if said in self._said[person]:
            return
        self._said[person].add(said)
        for family in {said.head, *FAMILIES.get(said.head, ())}:
            self._by_family[family].append(person)

    def _behind(self, text: str, person: str, name: Span) -> None:
        age = _AGE.match(text, name.end)
        if age:
            self._ages[person].add(int(age[1]))
        match = _BEHIND.match(text, name.end, name.end + _REACH)
        if match:
            words = (match["words"] or match["is"]).split()[:_LONGEST]
            said = parse(" ".join(words))
            if said and (words[0].lower() in _DETERMINERS or _is_role(said.head)):
                self._add(person, said)

    def candidates(self, description: Description, most: int) -> list[str]:
        """The people introduced first in a role like a description's, at most so many."""
        families = (description.head, *sorted(FAMILIES.get(description.head, ())))
        return [person for family in families for person in self._by_family[family][:most]]

    def knows(self, person: str) -> bool:
        """Does the text say anything of a person?"""
        return bool(self._said.get(person) or self._ages.get(person))

    def fit(self, person: str, description: Description) -> float:
        """How well a description fits a person: 0 to 1."""
        if description.age is not None and description.age in self._ages[person]:
            return _SAME
        said = self._said.get(person, ())
        words = frozenset().union(*(s.modifiers | {s.head} for s in said)) if said else frozenset()
        names = frozenset().union(*(s.names for s in said)) if said else frozenset()
        role = max((_same_role(description, s) for s in said), default=0.0)
        if not role or not description.modifiers:
            return role
        covered = [w for w in description.modifiers if any(same_place(w, v) for v in words)]
        share = len(covered) / len(description.modifiers)
        missing = description.names - set(covered)
        strange = any(not any(same_place(v, w) for w in description.modifiers) for v in names)
        if missing and strange and not description.names & set(covered):
            role *= _CONFLICT
        return role * (_UNSAID + (1 - _UNSAID) * share)


def _same_role(description: Description, said: Description) -> float:
    head = description.head
    families = FAMILIES.get(head, frozenset())
    if head == said.head:
        role = _SAME
    elif head in said.head.split("-") and said.head != "prime-minister":
        role = _PART
    elif (
        head in FAMILIES.get(said.head, ())
        or families & FAMILIES.get(said.head, frozenset()) - LOOSE_FAMILIES
    ):
        role = _FAMILY
    else:
        return 0.0
    return role * (_LESSER_FIT if said.modifiers & CHANGING - description.modifiers else 1.0)


def _is_role(head: str) -> bool:
    return head in FAMILIES or head in KIN or is_role_noun(head, determined=True)


def _before(words: str) -> Description | None:
    """What the words before a name say: "Kestria's envoy to Ostmark, (Ada Lind)"."""
    tokens = _TOKEN.findall(words)
    if tokens and tokens[-1] == ",":
        tokens.pop()
    if tokens and plain(tokens[-1]) in PREPOSITIONS:
        return None  # "the president of (Kestria)" says who somebody else is
    taken: list[str] = []
    seen = False
    for token in reversed(tokens[-_LONGEST:]):
        word = plain(token)
        if not token[0].isalnum() or word in _STOPS or (word.endswith("ed") and token.islower()):
            break
        if seen and (word in PREPOSITIONS or word in _DETERMINERS):
            break
        taken.append(token)
        seen = seen or _is_role(role_words([word])[0] if word else "")
    if not seen:
        return None
    said = _parsed(taken[::-1])
    return said if said and _is_role(said.head) else None
