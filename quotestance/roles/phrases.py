"""Noun phrases that say what somebody is: "Kestria's former deputy U.N. ambassador".

A phrase has a head ("ambassador"), words before it that belong to the role ("former deputy") or
name the affiliation ("Kestria's", "Foreign Ministry"), and prepositions behind it that go on with
the one or the other ("professor of law at the University of Orsk").
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from quotestance.roles.objects import complement, object_end
from quotestance.roles.tokens import Tokens
from quotestance.roles.words import BOUNDARIES, PARTICIPLES, WORDS_IN_NAMES, in_role_case
from quotestance.vocabulary import (
    ASIDES,
    BODIES,
    COURTESIES,
    DETERMINERS,
    DIPLOMATS,
    FIELDS,
    HEADS,
    INSTITUTIONS,
    MODIFIERS,
    NOUN_PREPOSITIONS,
    OFFICES,
    PLACES,
    POSSESSIVES,
    QUANTIFIERS,
    RANKS,
    SPOKESPEOPLE,
    is_role_noun,
    written_out,
)

_MAKERS = frozenset("author novelist actor actress singer".split())
_PARTISANS = frozenset("mp mep leader lawmaker legislator candidate councillor peer".split())
# Modifiers that as often begin the name of a body: "Supreme Court", "Royal Society".
_IN_NAMES = frozenset(
    "supreme high royal national federal regional local congressional grand first second special "
    "main crown general central provincial municipal".split()
)
_WORLD_BODIES = frozenset("U.N. UN EU E.U. NATO".split())


@dataclass(frozen=True, slots=True)
class Phrase:
    """What a noun phrase says of somebody; ``end`` is the number of the token behind it.

    ``loose`` if it only says what they are among others: "a former teacher"; ``plural`` if it
    speaks of several: "Presidents".
    """

    role: str | None
    affiliation: str | None
    end: int
    loose: bool = False
    plural: bool = False


@dataclass(frozen=True, slots=True)
class _Group:
    """The words of a phrase up to its head, the ``noun``.

    ``owned`` if the affiliation is a possessive, which nothing behind the head can replace;
    ``whole`` is the role together with another affiliation: "senior Ostmark analyst".
    """

    role: str
    affiliation: str | None
    owned: bool
    whole: str
    noun: str
    end: int


@dataclass(frozen=True, slots=True)
class _Owner:
    """A possessive before a head: whom it names, and the token behind it.

    ``prefix`` are words of the role that stand in front of it or in it: "minister's" aide.
    """

    affiliation: str | None
    end: int
    prefix: str = ""


def phrase_at(
    tokens: Tokens, start: int, limit: int, *, strict: bool = False, determined: bool = False
) -> Phrase | None:
    """The phrase at token ``start``, in the tokens before ``limit``; None where there is none.

    It is read as far as it makes sense. ``strict`` takes it only if it ends at ``limit`` and with
    no title, which would belong to a name there: "a spokesman for President ...". ``determined``
    says that it is a noun phrase even where no article leads in.
    """
    at, one_of = _skipped(tokens, start, limit)
    article = tokens.lower(at) in DETERMINERS
    loose = tokens.lower(at) in ("a", "an") or one_of
    at += article
    while at < limit and tokens.lower(at) in ASIDES:
        at += 1
    group = _group(tokens, at, limit, determined or article)
    if group is None:
        return None
    role, affiliation, at, head = group.role, group.affiliation, group.end, group.noun
    if tokens.lower(at) == "and" and at + 1 < limit:
        other = _group(tokens, at + 1, limit, determined or article)
        if other is not None and other.affiliation is None and not tokens.is_name(other.end):
            role += " and " + other.role
            head, at = other.noun, other.end
    placed, direct = group.owned, at
    while at + 1 < limit and tokens.lower(at) in NOUN_PREPOSITIONS:
        end = object_end(tokens, at + 1, limit)
        kind, words = (None, "") if end is None else complement(tokens, at, end, head)
        if end is None or (kind is None and not words):
            break
        post = tokens.lower(at) == "to" and head in DIPLOMATS
        if kind == "role" and (not placed or group.owned or post):
            role += " " + words
        elif kind == "affiliation" and not placed:
            if affiliation is None:
                affiliation = words
            elif tokens.lower(at) != "from":
                role, affiliation = role.replace(group.role, group.whole), words
            placed = True
        at = end
    if strict and (at != limit or (at > direct and _is_title(tokens, at - 1, head))):
        return None
    plural = head not in HEADS and head.removesuffix("s") in HEADS
    if one_of and plural:
        role, plural = role.replace(head, head.removesuffix("s")), False
    loose = loose and head not in SPOKESPEOPLE | OFFICES | DIPLOMATS
    return Phrase(role, affiliation, at, loose, plural)


def _skipped(tokens: Tokens, start: int, limit: int) -> tuple[int, bool]:
    """The token behind words that say nothing of a role, and is it "one of" several?"""
    at = start
    while at < limit and (tokens.lower(at) in ASIDES or tokens.word(at) == "Then"):
        at += 1
    one_of = tokens.lower(at) == "one" and tokens.lower(at + 1) == "of"
    at += 2 * one_of
    return at + (tokens.lower(at) in QUANTIFIERS), one_of


def _is_title(tokens: Tokens, number: int, head: str) -> bool:
    """Is a token a title that is not the phrase's own head?"""
    word = tokens.word(number)
    return word[0].isupper() and is_role_noun(word, False) and written_out(word) != head


def _group(tokens: Tokens, start: int, limit: int, determined: bool) -> _Group | None:
    """The words from a token up to a head; None where they are no such group."""
    end = _group_end(tokens, start, limit)
    heads = [n for n in range(start, end) if is_role_noun(tokens.word(n), determined)]
    if not heads or (heads[-1] + 1 < end and tokens.lower(heads[-1] + 1) not in PARTICIPLES):
        return None
    end = heads[-1] + 1
    head = _main_head(tokens, heads)
    noun = written_out(tokens.word(head))
    owner = _owner(tokens, start, head)
    first = owner.end if owner else start
    body_start, body_end = _affiliation_run(tokens, first, head)
    before, between = range(first, body_start), range(body_end, head)
    # "President Tomas Sheikh Reke": a run with a title in it is somebody's name.
    if any(written_out(tokens.word(n)) in HEADS for n in range(body_start, body_end)):
        return None
    free = determined or owner is not None
    if not all(_may_modify(tokens, n, free) for n in before):
        return None
    if not all(_may_modify(tokens, n, free or body_end > body_start) for n in between):
        return None
    # "the party convention Sen. ...": no title follows a common noun.
    if between and tokens.is_capital(head) and not tokens.is_role_word(head - 1):
        return None
    affiliation, kept = owner.affiliation if owner else None, ""
    if body_start < body_end:
        words = tokens.written(body_start, body_end)
        *country, last = words.split()
        if affiliation and tokens.is_body(body_end - 1):
            first_name = next(n for n in range(start, body_end) if tokens.is_capital(n))
            affiliation = tokens.written(first_name, body_end)
        elif affiliation:
            kept = words
        elif last in _WORLD_BODIES and noun in ("ambassador", "representative"):
            affiliation, kept = " ".join(country) or None, last
        elif words[0].islower():
            affiliation = tokens.known_body(body_start, body_end)
        else:
            affiliation = words
    if noun in _MAKERS and not owner:
        affiliation = None
    left = [owner.prefix if owner else "", *(_role_word(tokens, n) for n in before)]
    right = [_role_word(tokens, n) for n in (*between, head)]
    right += ["emeritus"] if tokens.lower(head + 1) == "emeritus" else []
    run = [w for w in map(tokens.word, range(body_start, body_end)) if not w.endswith("-based")]
    role, whole = _spaced((*left, kept, *right)), _spaced((*left, *run, *right))
    return _Group(role, affiliation, owner is not None, whole, noun, end)


def _group_end(tokens: Tokens, start: int, limit: int) -> int:
    at = start
    while at < limit:
        joins = tokens.lower(at) in WORDS_IN_NAMES and _joins(tokens, start, at, limit)
        if not joins and (not tokens.is_word(at) or tokens.lower(at) in BOUNDARIES):
            break
        at += 1
    return at


def _joins(tokens: Tokens, start: int, at: int, limit: int) -> bool:
    """Does "of", "and" or "the" go on with a name, or with fields: "foreign and trade"?"""
    if at == start or at + 1 >= limit:
        return False
    before, after = tokens.word(at - 1), tokens.word(at + 1)
    if tokens.lower(at) == "the":
        return before.lower() in ("of", "for", "and") and after[0].isupper()
    if tokens.lower(at) == "and" and before.lower() in FIELDS and after.lower() in FIELDS:
        return True
    if after == "the" and at + 2 < limit:
        after = tokens.word(at + 2)
    named = before[0].isupper() and after[0].isupper()
    return named and not is_role_noun(before, False) and not is_role_noun(after, False)


def _main_head(tokens: Tokens, heads: list[int]) -> int:
    """The head that says most: a rank behind a role is but a title, "army chief Gen."."""
    head = heads[-1]
    if tokens.lower(head) == "emeritus" and head - 1 in heads:
        return head - 1
    before = tokens.word(head - 1)
    if head - 1 in heads and tokens.word(head).endswith(".") and not before.endswith("."):
        return head - 1
    common = [n for n in heads if tokens.word(n).islower()]
    if common and all(n in heads for n in range(common[-1], head)):
        return common[-1]
    return head


def _owner(tokens: Tokens, start: int, head: int) -> _Owner | None:
    """The last possessive before a head."""
    mark = next((n for n in range(head - 1, start, -1) if tokens.word(n) in POSSESSIVES), None)
    if mark is None:
        return None
    first = start
    while first + 1 < mark and (
        tokens.lower(first) in COURTESIES | MODIFIERS or is_role_noun(tokens.word(first), False)
    ):
        first += 1
    prefix = _spaced(w for w in map(tokens.lower, range(start, first)) if w in ("then", "former"))
    titles = [n for n in range(first, mark - 1) if is_role_noun(tokens.word(n), False)]
    after_title = titles[-1] + 1 if titles and tokens.word(titles[-1]) != "General" else first
    name = next((n for n in range(after_title, mark) if tokens.is_name(n)), None)
    if name is not None:
        return _Owner(tokens.written(name, mark), mark + 1, prefix)
    if tokens.is_body(mark - 1):
        return _Owner(tokens.known_body(first, mark), mark + 1, prefix)
    if tokens.lower(mark - 1) in PLACES:
        return _Owner(None, mark + 1, prefix)
    return _Owner(None, mark + 1, tokens.written(first, mark) + tokens.word(mark))


def _affiliation_run(tokens: Tokens, first: int, head: int) -> tuple[int, int]:
    """The tokens between ``first`` and ``head`` that name an affiliation; there may be none."""
    noun = written_out(tokens.word(head))
    end = head
    while end > first and not _ends_affiliation(tokens, end - 1, first, noun):
        end -= 1
    start = end
    while start > first:
        lower = tokens.lower(start - 1)
        inner = lower in WORDS_IN_NAMES | (FIELDS - MODIFIERS) if start < end else lower in BODIES
        if not (tokens.is_name(start - 1) or inner):
            break
        start -= 1
    joint = next((n for n in range(end - 1, start, -1) if tokens.word(n) == "and"), None)
    # "Trade and Industry Ministry" is one body, "President Varga and House Speaker" are two people.
    if joint is not None and (not tokens.is_body(end - 1) or end - joint <= 2):
        start = joint + 1
    named = start < end and tokens.is_body(end - 1) and tokens.is_capital(start)
    shed = MODIFIERS | {"and", "of", "the"}
    while start < end and tokens.lower(start) in (shed - _IN_NAMES if named else shed):
        start += 1
    return start, end


def _ends_affiliation(tokens: Tokens, number: int, first: int, noun: str) -> bool:
    """Is a token the last word of an affiliation before the head ``noun``?"""
    lower, capital = tokens.lower(number), tokens.is_capital(number)
    if lower in INSTITUTIONS or (noun in SPOKESPEOPLE | RANKS and lower in BODIES):
        return True
    if noun in SPOKESPEOPLE and lower in FIELDS and capital:
        return True
    if lower in ("labour", "labor") and noun in _PARTISANS:
        return True
    if lower in BODIES and capital and number > first:
        return True
    based = lower.endswith("-based")
    return tokens.is_name(number) and not tokens.is_role_word(number) and not based


def _may_modify(tokens: Tokens, number: int, free: bool) -> bool:
    """May a token stand before a head? Where the phrase is ``free``, any common word may."""
    word = tokens.word(number)
    if tokens.is_role_word(number) or word.endswith(("-based", "-year-old")):
        return True
    if word == "and":
        return tokens.is_role_word(number + 1)
    return free and (word[0].islower() or word[0].isdigit() or word in _WORLD_BODIES)


def _role_word(tokens: Tokens, number: int) -> str:
    word = tokens.word(number)
    if word.lower() in COURTESIES | ASIDES or word.endswith(("-based", "-year-old")):
        return ""
    return in_role_case(word)


def _spaced(words: Iterable[str]) -> str:
    return " ".join(filter(None, words))
