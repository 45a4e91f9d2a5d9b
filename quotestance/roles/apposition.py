"""The phrases around a name that speak of its bearer: titles before it, appositions, "who heads".

What stands near a name may as well be about somebody else: "Ann Lee, President Ilse Varga and",
"according to Ann Lee, the president has", "after talks with the minister, Ann Lee said". So an
apposition has to be closed by punctuation, and one before a name by what stands on its other side.
"""

from __future__ import annotations

import re
from dataclasses import replace

from quotestance.roles.objects import body_at, named_at
from quotestance.roles.phrases import Phrase, phrase_at
from quotestance.roles.tokens import Tokens
from quotestance.roles.words import RELATIVES
from quotestance.vocabulary import (
    COURTESIES,
    DETERMINERS,
    NOUN_PREPOSITIONS,
    PARTISANS,
    PARTY_WORDS,
    POSSESSIVES,
)

_BEFORE = 14  # tokens before a name in which its titles start
_NAME = 4  # tokens of a name between a title and "and"
_BEHIND = 40  # tokens behind a name in which a phrase about it ends
_PARTY = re.compile(
    r"\s*\(([DRI])\)|\s*[,(]\s*([A-Z][a-z]{0,3}[-–][A-Z][\w.]*(?: [A-Z][a-z.]+)?)\s?(?=[),.])"
)
_DASHES = frozenset("—–-")
_SET_OFF = frozenset(",(") | _DASHES
_CLOSING = frozenset((*',.;:)?!”"’»\n', "''")) | _DASHES
_ASIDE = re.compile(
    r"\d{1,3}|left|right|center|centre|above|below|pictured|Jr\.?|Sr\.?|III|PhD|Ph\.D\.|MD|M\.D\."
)
_BEING = frozenset("is was remains became".split())
_SPEECH = frozenset("said says to told by and adds added".split())
_GOES_ON = frozenset("who whose which now based born living working".split()) | NOUN_PREPOSITIONS


def phrases_around(tokens: Tokens, first: int, end: int) -> list[Phrase]:
    """What the words around the name in tokens ``first`` to ``end`` say, the surest first."""
    while tokens.word(first - 1).rstrip(".").lower() in COURTESIES:
        first -= 1
    title, start = _title(tokens, first, end)
    found = [title, _apposition_before(tokens, start, end)]
    if tokens.word(end) not in POSSESSIVES:
        found += _behind(tokens, end)
    return [phrase for phrase in found if phrase is not None]


def _title(tokens: Tokens, first: int, end: int) -> tuple[Phrase | None, int]:
    """What stands right before the name, as "the ministry's envoy", and where it starts."""
    for at in range(_clause_start(tokens, first), first):
        phrase = phrase_at(tokens, at, first, strict=True)
        if phrase is not None and not (phrase.plural and tokens.word(end) not in ("and", ",")):
            return _singular(phrase), at
    before = tokens.word(first - 1)
    if before == "and" and (shared := _shared_title(tokens, first - 1)):
        return shared, first
    if before in POSSESSIVES and tokens.is_name(first - 2):
        owner = tokens.written(tokens.name_start(first - 1), first - 1)
        return Phrase(None, owner, first), first
    if before.lower() in PARTY_WORDS and before[0].isupper():
        return Phrase(None, before, first), first - 1
    return None, first


def _shared_title(tokens: Tokens, joint: int) -> Phrase | None:
    """The title that the names on both sides of an "and" share: "Presidents Ann Lee and"."""
    start = joint
    while start > max(0, joint - _NAME) and tokens.is_name(start - 1):
        start -= 1
        for at in range(_clause_start(tokens, start), start):
            phrase = phrase_at(tokens, at, start, strict=True)
            if phrase is not None and phrase.plural:
                return _singular(phrase)
    return None


def _singular(phrase: Phrase) -> Phrase:
    """A title that several names share, for one of them: "presidents"."""
    role = (phrase.role or "").removesuffix("s")
    return replace(phrase, role=role, plural=False) if phrase.plural else phrase


def _apposition_before(tokens: Tokens, first: int, end: int) -> Phrase | None:
    """What stands before the name and a comma: "a spokesman for the U.N., John Doe,"."""
    comma = first - 1
    if tokens.word(comma) != ",":
        return None
    closed = tokens.word(end) in _CLOSING
    for at in range(_clause_start(tokens, comma), comma):
        phrase = phrase_at(tokens, at, comma, strict=True)
        if phrase is None:
            continue
        opens = tokens.lower(at) in DETERMINERS or tokens.word(at)[0].isupper()
        of_another = tokens.word(at - 1) == "," and tokens.is_name(at - 2)
        spoken = tokens.lower(at - 1) in _SPEECH
        fits = opens and not of_another and not phrase.plural and (closed or spoken)
        return phrase if fits else None
    return None


def _behind(tokens: Tokens, at: int) -> list[Phrase]:
    """What stands behind the name: "(R-Ohio)", "of the Alden Institute", ", who heads it,"."""
    found = []
    party = _PARTY.match(tokens.text, tokens.spans[at - 1].end)
    if party:
        found.append(Phrase(None, party[1] or party[2], at))
        at = tokens.at(party.end())
        at += tokens.word(at) == ")"
    word = tokens.lower(at)
    limit = min(at + _BEHIND, len(tokens.spans))
    if word in ("of", "from", "with"):
        named = named_at(tokens, at + 1, limit)
        if named and (word != "with" or tokens.is_body(named[1] - 1)):
            found.append(Phrase(None, named[0], named[1]))
            at = named[1]
    while tokens.word(at) in _SET_OFF:
        at += 1
        if not (_ASIDE.fullmatch(tokens.word(at)) and tokens.word(at + 1) in _CLOSING):
            break
        at += 1 + (tokens.word(at + 1) == ")")
    else:
        phrase = phrase_at(tokens, at + 1, limit) if word in _BEING - {"was"} else None
        return [*found, phrase] if phrase is not None and _ends(tokens, phrase.end) else found
    phrase = _relative(tokens, at, limit) or _apposed(tokens, at, limit)
    return found if phrase is None else [*found, phrase]


def _apposed(tokens: Tokens, at: int, limit: int) -> Phrase | None:
    """An apposition: "director of the Alden Institute,", "a Democrat from Ohio"."""
    phrase = phrase_at(tokens, at, limit)
    if phrase is not None and not phrase.plural and _ends(tokens, phrase.end):
        return phrase
    party = at + (tokens.lower(at) in DETERMINERS)
    named = tokens.lower(party) in PARTISANS and tokens.word(party)[0].isupper()
    after = tokens.word(party + 1)
    if named and (after in ("of", "from") or (party > at and after in _CLOSING)):
        return Phrase(None, tokens.word(party), party + 1)
    return None


def _relative(tokens: Tokens, at: int, limit: int) -> Phrase | None:
    """A clause: "who heads the Alden Institute", "who is the minister"; "of Orsk" too."""
    if tokens.word(at) == "of":
        named = named_at(tokens, at + 1, limit)
        return Phrase(None, *named) if named else None
    if tokens.word(at) != "who":
        return None
    verb = tokens.lower(at + 1)
    if verb in ("serves", "works", "served", "worked") and tokens.word(at + 2) == "as":
        phrase = phrase_at(tokens, at + 3, limit)
        return _past(phrase) if verb.endswith("ed") else phrase
    if verb in _BEING:
        phrase = phrase_at(tokens, at + 2, limit)
        return _past(phrase) if verb == "was" else phrase
    if verb == "works" and tokens.word(at + 2) in ("for", "at"):
        body = body_at(tokens, at + 3, limit)
        return Phrase(None, body[0], body[1]) if body else None
    body = body_at(tokens, at + 2, limit) if verb in RELATIVES else None
    return Phrase(RELATIVES[verb], body[0], body[1]) if body else None


def _past(phrase: Phrase | None) -> Phrase | None:
    """The phrase of somebody "who was the minister"."""
    if phrase is None or phrase.role is None or phrase.role.startswith(("former", "then")):
        return phrase
    return replace(phrase, role=f"former {phrase.role}")


def _ends(tokens: Tokens, at: int) -> bool:
    """May an apposition end before a token, or is that the verb it is the subject of?"""
    word = tokens.word(at)
    another = word == "and" and tokens.word(at + 1) in DETERMINERS | _GOES_ON
    return word in _CLOSING or word.lower() in _GOES_ON or another


def _clause_start(tokens: Tokens, end: int) -> int:
    """The first token of the run of words, not too long, that ends at a token."""
    at = end
    while at > max(0, end - _BEFORE) and tokens.is_word(at - 1):
        at -= 1
    return at
