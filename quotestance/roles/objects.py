"""What goes on behind a role's head: "professor *of law at the University of Orsk*".

The object of a preposition is part of the role, names the affiliation, or is neither; that
depends on the preposition, on the head, and on whether the object is a name.
"""

from __future__ import annotations

from quotestance.roles.tokens import Tokens
from quotestance.roles.words import BOUNDARIES, PARTICIPLES, WORDS_IN_NAMES, in_role_case
from quotestance.vocabulary import (
    AIDES,
    ASIDES,
    DETERMINERS,
    DIPLOMATS,
    FIELDS,
    MODIFIERS,
    OFFICES,
    POSSESSIVES,
    SCHOLARS,
    TIMES,
    is_role_noun,
    may_be_demonym,
)

# Heads whose "of" and "in" name what they know: "professor of law".
_VERSED = SCHOLARS | {"teacher", "authority", "correspondent", "reporter"}
_STUDYING = _VERSED | {"student"}
_BODY_WORDS = 2  # common words behind a name that are a body's: "Ostmark fire brigade"


def named_at(tokens: Tokens, start: int, limit: int) -> tuple[str, int] | None:
    """The name of a body or place at token ``start``, and the token behind it."""
    at = start + (tokens.lower(start) in DETERMINERS)
    end = object_end(tokens, start, limit)
    return None if end is None or not tokens.is_name(at) else (tokens.written(at, end), end)


def body_at(tokens: Tokens, start: int, limit: int) -> tuple[str, int] | None:
    """A body at token ``start``, by its name or as "the institute", and the token behind it."""
    end = object_end(tokens, start, limit)
    named = named_at(tokens, start, limit)
    if named is not None or end is None or not tokens.is_body(end - 1):
        return named
    return tokens.known_body(start + (tokens.lower(start) in DETERMINERS), end), end


def object_end(tokens: Tokens, start: int, limit: int) -> int | None:
    """The token behind the object of a preposition; None where there is no object."""
    first = start + (tokens.lower(start) in DETERMINERS)
    at = first
    while at < limit and _in_object(tokens, first, at, limit):
        at += 1
    return at if at > first else None


def complement(tokens: Tokens, at: int, end: int, head: str) -> tuple[str | None, str]:
    """What the preposition at a token and its object, which ends at ``end``, say of a ``head``.

    The kind is "role", "affiliation" or None with the words of it; None without words where the
    preposition does not belong to the head at all: "the minister *on* Tuesday".
    """
    preposition = tokens.lower(at)
    definite = tokens.lower(at + 1) in DETERMINERS
    first = at + 1 + definite
    inside = range(first, end)
    names = [n for n in inside if tokens.is_name(n)]
    owned = any(tokens.word(n) in POSSESSIVES for n in inside)
    body = tokens.is_body(end - 1) and (definite or owned)
    fields = all(tokens.lower(n) in FIELDS | {"and"} for n in inside)
    named = tokens.written(names[0], end) if names else None
    if body and not names:
        named = tokens.known_body(first, end)
    role = ("role", _cased(tokens, at, end))
    affiliation = ("affiliation", named or "")
    if preposition == "of":
        topic = not definite and (fields or head in _VERSED)
        return affiliation if named and not topic else role
    if preposition == "for":
        place = definite and head in OFFICES
        office = head in OFFICES | DIPLOMATS and not (body or place)
        return affiliation if named and not (office or fields) else role
    if preposition == "to":
        if named and head in AIDES:
            return affiliation
        return role if named or definite else (None, "")
    if preposition == "on":
        return role if head in _STUDYING | OFFICES | AIDES else (None, "")
    if preposition == "in":
        if head in DIPLOMATS or (head in _STUDYING and not names and not definite):
            return role
        return None, tokens.written(at, end) if named else ""
    return affiliation if named else (None, "")


def _in_object(tokens: Tokens, first: int, at: int, limit: int) -> bool:
    """Does a token go on with the object that starts at token ``first``?"""
    word, lower = tokens.word(at), tokens.lower(at)
    if at > first and lower in WORDS_IN_NAMES | {"on"}:
        return at + 1 < limit and _joins(tokens, at, limit)
    if not tokens.is_word(at):
        return False
    if lower in BOUNDARIES:
        name_goes_on = tokens.is_capital(at - 1) or tokens.lower(at - 1) in WORDS_IN_NAMES
        within = at > first and tokens.is_capital(at) and name_goes_on
        return within and lower not in TIMES
    if word[0].islower() and at > first:
        # What follows a country's name is mostly a verb, what follows a demonym is a noun.
        behind_name = tokens.is_name(at - 1) and not may_be_demonym(tokens.word(at - 1))
        body_follows = any(tokens.is_body(n) for n in range(at, min(at + _BODY_WORDS, limit)))
        if behind_name and lower not in FIELDS and not body_follows:
            return False
        return not lower.endswith("ed") and lower not in PARTICIPLES
    return True


def _joins(tokens: Tokens, at: int, limit: int) -> bool:
    """Does "of", "for", "and", "the" or "on" stand inside an object, not behind it?"""
    word, before, after = tokens.lower(at), tokens.word(at - 1), tokens.word(at + 1)
    if word == "the":
        return before.lower() in ("of", "for", "and") and after[0].isupper()
    if word == "and" and before[0].islower() and after[0].islower():
        return not is_role_noun(after, False) and after not in MODIFIERS | ASIDES | DETERMINERS
    if after == "the" and at + 2 < limit:
        after = tokens.word(at + 2)
    if not (before[0].isupper() and after[0].isupper()) or after.lower() in TIMES:
        return False
    return tokens.is_body(at - 1) or (word != "on" and not is_role_noun(after, False))


def _cased(tokens: Tokens, start: int, end: int) -> str:
    words = [tokens.word(start)]
    for word in map(tokens.word, range(start + 1, end)):
        if word in POSSESSIVES:
            words[-1] += word
        else:
            words.append(in_role_case(word))
    return " ".join(words)
