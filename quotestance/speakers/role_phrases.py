"""Noun phrases that say what somebody is: "Kestria's former deputy U.N. ambassador".

A phrase has a head ("ambassador"), words before it that belong to the role ("former deputy") or
name the affiliation ("Kestria's", "Foreign Ministry"), and prepositions behind it that go on with
the one or the other ("professor of law at the University of Orsk").
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

from quotestance.document import Span
from quotestance.speakers.role_words import (
    AIDES,
    ASIDES,
    BODIES,
    BOUNDARIES,
    COURTESIES,
    DETERMINERS,
    DIPLOMATS,
    FIELDS,
    INSTITUTIONS,
    LEXICON,
    MODIFIERS,
    OFFICES,
    PARTIES,
    PLACES,
    POSSESSIVES,
    PREPOSITIONS,
    QUANTIFIERS,
    RANKS,
    SCHOLARS,
    SPOKESPEOPLE,
    TIMES,
    in_role_case,
    is_role_noun,
    written_out,
)

_TOKEN = re.compile(
    r"(?:[^\W\d_]\.){2,}|\b[A-Z]\."
    r"|\b(?:Mr|Mrs|Ms|Dr|Hon|Prof|Sens?|Reps?|Govs?|Gen|Col|Lt|Capt|Maj|Adm|Sgt|Brig|Rev|Pres|Sec"
    r"|Amb|Jr|Sr|St)\."
    r"|''|[’']s\b|(?<=s)[’'](?=\s\w)|[^\W_]+(?:[.’'-](?!s\b)[^\W_]+)*|\n|[^\w\s]"
)
_DEMONYM = re.compile(r"[\w-]+(?:an|ish|ese|i|ch)")
_DEMONYM_ENDINGS = ("ian", "an", "n", "ish", "ese", "i")
_COUNTRY_ENDINGS = ("", "a", "ia", "e", "y", "en", "o", "land", "ay", "ey", "ain", "ne")
_WORD_IN_NAME = frozenset("of for and & the".split())
_MAKERS = frozenset("author novelist actor actress singer".split())
_PARTISANS = frozenset("mp mep leader lawmaker legislator candidate councillor peer".split())
_WORLD_BODIES = frozenset("U.N. UN EU E.U. NATO".split())
_SENTENCE_ENDS = frozenset('.!?:“”"\n')
_LEFT = frozenset("based born living working specializing specialising".split())


@dataclass(frozen=True, slots=True)
class Phrase:
    """What a noun phrase says of somebody; ``end`` is the number of the token behind it."""

    role: str | None
    affiliation: str | None
    end: int


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


class Reader:
    """The tokens of a text, and the phrases that stand at one of them."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = [Span.of(text, *match.span()) for match in _TOKEN.finditer(text)]
        self._starts = [token.start for token in self.tokens]
        self._capitalized = {t.text for t in self.tokens if t.text[0].isupper()}
        self._lower = {t.text for t in self.tokens if t.text.islower()}
        self._bodies: dict[str, list[tuple[int, str]]] = {}
        for number, token in enumerate(self.tokens):
            kind = token.text.lower()
            if kind in BODIES and token.text[0].isupper():
                first = self._run_start(number)
                if first < number:
                    place = self._bodies.setdefault(kind, [])
                    place.append((number, self.written(first, number + 1)))

    def at(self, offset: int) -> int:
        """The number of the first token that starts at an offset or behind it."""
        return bisect_left(self._starts, offset)

    def word(self, number: int) -> str:
        return self.tokens[number].text if 0 <= number < len(self.tokens) else "\n"

    def is_word(self, number: int) -> bool:
        """Does a token belong to a phrase: a word, a possessive, "&"?"""
        word = self.word(number)
        return word[0].isalnum() or word in POSSESSIVES or word == "&"

    def is_body(self, number: int) -> bool:
        """Is a token the last word of a body's name: "Institute"?"""
        return self.word(number).lower() in BODIES

    def owner_before(self, mark: int) -> str | None:
        """The name in front of a possessive mark."""
        return self.written(self._run_start(mark), mark) if self.is_name(mark - 1) else None

    def written(self, start: int, end: int) -> str:
        """The words of tokens as the text has them, white space plain, no possessive at the end."""
        end -= end > start + 1 and self.word(end - 1) in POSSESSIVES
        return " ".join(self.text[self.tokens[start].start : self.tokens[end - 1].end].split())

    def phrase(
        self, start: int, limit: int, *, strict: bool = False, determined: bool = False
    ) -> Phrase | None:
        """The phrase at token ``start``, in the tokens before ``limit``; None where there is none.

        It is read as far as it makes sense. ``strict`` takes it only if it ends at ``limit`` and
        with no title, which would belong to a name there: "a spokesman for President ...".
        ``determined`` says that it is a noun phrase, even where no article leads in.
        """
        at, one_of = self._skipped(start, limit)
        article = self.word(at).lower() in DETERMINERS
        at += article
        while at < limit and self.word(at).lower() in ASIDES:
            at += 1
        determined = determined or article
        group = self._group(at, limit, determined)
        if group is None:
            return None
        role, affiliation, at, head = group.role, group.affiliation, group.end, group.noun
        if self.word(at).lower() == "and" and at + 1 < limit:
            other = self._group(at + 1, limit, determined)
            if other is not None and other.affiliation is None and not self.is_name(other.end):
                role += " and " + other.role
                head, at = other.noun, other.end
        placed, direct = group.owned, at
        while at + 1 < limit and self.word(at).lower() in PREPOSITIONS:
            end = self._object_end(at + 1, limit)
            if end is None:
                break
            kind, words = self._complement(at, end, head)
            if kind == "role" and (not placed or group.owned):
                role += " " + words
            elif kind == "affiliation" and not placed:
                if affiliation is None:
                    affiliation = words
                elif self.word(at) != "from":
                    role, affiliation = role.replace(group.role, group.whole), words
                placed = True
            elif kind is None and not words:
                break
            at = end
        if strict and (at != limit or (at > direct and self._is_object_title(at, head))):
            return None
        if one_of:
            role = role.removesuffix("s")
        return Phrase(role, affiliation, at)

    def _skipped(self, start: int, limit: int) -> tuple[int, bool]:
        """The token behind words that say nothing of a role, and is it "one of" several?"""
        at = start
        while at < limit and (self.word(at).lower() in ASIDES or self.word(at) == "Then"):
            at += 1
        one_of = self.word(at).lower() == "one" and self.word(at + 1) == "of"
        at += 2 * one_of
        at += self.word(at).lower() in QUANTIFIERS
        return at, one_of

    def affiliation(self, start: int, limit: int) -> tuple[str, int] | None:
        """The name of a body or place at token ``start``, and the token behind it."""
        at = start + (self.word(start).lower() in DETERMINERS)
        end = self._object_end(start, limit)
        if end is None or not self.is_name(at):
            return None
        return self.written(at, end), end

    def body(self, start: int, limit: int) -> tuple[str, int] | None:
        """A body at token ``start``, by its name or as "the institute"."""
        end = self._object_end(start, limit)
        named = self.affiliation(start, limit)
        if named is not None or end is None:
            return named
        last = self.word(end - 1).lower()
        if last not in BODIES:
            return None
        at = start + (self.word(start).lower() in DETERMINERS)
        return self._known(self.written(at, end), end - 1), end

    def country(self, affiliation: str) -> str:
        """The country whose demonym an affiliation is, if the text names it, else as written."""
        *before, last = affiliation.split()
        if last.lower() in PARTIES or not _DEMONYM.fullmatch(last):
            return affiliation
        for ending in _DEMONYM_ENDINGS:
            stem = last.removesuffix(ending)
            if stem == last or len(stem) < 4:
                continue
            # The shortest cut is sure by itself, the others need a stem of some length.
            for country_ending in _COUNTRY_ENDINGS:
                name = stem + country_ending
                if name != last and name in self._capitalized and self._stands(before, name):
                    return " ".join([*before, name])
        return affiliation

    def _stands(self, before: list[str], name: str) -> bool:
        return not before or " ".join([*before, name]) in self.text

    def _group(self, start: int, limit: int, determined: bool) -> _Group | None:
        """The words from a token up to a head, None where they are no such group."""
        end = self._group_end(start, limit)
        heads = [n for n in range(start, end) if is_role_noun(self.word(n), determined)]
        if not heads:
            return None
        head = heads[-1]
        if head + 1 < end:
            if self.word(head + 1).lower() not in _LEFT:
                return None
            end = head + 1
        if self.word(head) == "emeritus" and head - 1 in heads:
            head -= 1
        # A rank behind another role is only a title: "army chief Gen.", "candidate Sen.".
        lower = [n for n in heads if self.word(n).islower()]
        if lower and lower[-1] < head and all(n in heads for n in range(lower[-1], head)):
            head = lower[-1]
        noun = written_out(self.word(head))
        owner, first, prefix = self._owner(start, head)
        if first is None:
            return None
        body_start, body_end = self._body_run(first, head)
        before, between = range(first, body_start), range(body_end, head)
        free = determined or owner is not None
        if not all(self._may_modify(n, free) for n in before):
            return None
        if not all(self._may_modify(n, free or body_end > body_start) for n in between):
            return None
        affiliation, kept = owner, ""
        if body_start < body_end:
            words = self.written(body_start, body_end)
            *country, last = words.split()
            if owner and self.word(body_end - 1).lower() in BODIES:
                affiliation = self._whole_body(start, body_end)
            elif owner:
                kept = words
            elif last in _WORLD_BODIES and noun in ("ambassador", "representative"):
                affiliation, kept = " ".join(country) or None, last
            elif words[0].islower():
                affiliation = self._known(words, body_end - 1)
            else:
                affiliation = words
        role = [prefix, *map(self._role_word, before), kept]
        role += map(self._role_word, (*between, head))
        whole = [prefix, *map(self._role_word, before)]
        whole += [w for w in map(self.word, range(body_start, body_end)) if "-based" not in w]
        whole += map(self._role_word, (*between, head))
        if self.word(head + 1) == "emeritus":
            role.append("emeritus")
        if noun in _MAKERS and not owner:
            affiliation = None
        return _Group(_spaced(role), affiliation, owner is not None, _spaced(whole), noun, end)

    def _group_end(self, start: int, limit: int) -> int:
        at = start
        while at < limit:
            word = self.word(at)
            joins = word.lower() in _WORD_IN_NAME and self._joins(start, at, limit)
            if not joins and (not self.is_word(at) or word.lower() in BOUNDARIES):
                break
            at += 1
        return at

    def _joins(self, start: int, at: int, limit: int) -> bool:
        """Does "of", "and" or "the" go on with a name, or with fields: "foreign and trade"?"""
        if at == start or at + 1 >= limit:
            return False
        before, after = self.word(at - 1), self.word(at + 1)
        if self.word(at).lower() == "the":
            return before.lower() in ("of", "for", "and") and after[0].isupper()
        if self.word(at) == "and" and before.lower() in FIELDS and after.lower() in FIELDS:
            return True
        if after == "the" and at + 2 < limit:
            after = self.word(at + 2)
        named = before[0].isupper() and after[0].isupper()
        return named and not is_role_noun(before, False) and not is_role_noun(after, False)

    def _owner(self, start: int, head: int) -> tuple[str | None, int | None, str]:
        """Who is named in the possessive, where the words behind it start, and a role's first."""
        marks = [n for n in range(start, head) if self.word(n) in POSSESSIVES]
        if not marks:
            return None, start, ""
        mark = marks[-1]
        first = start
        while first < mark and (
            self.word(first).lower() in COURTESIES
            or (self.word(first).lower() in MODIFIERS and first + 1 < mark)
            or (is_role_noun(self.word(first), False) and first + 1 < mark)
        ):
            first += 1
        prefix = " ".join(self._role_word(n) for n in range(start, first) if self._is_then(n))
        last = self.word(mark - 1).lower()
        names = [n for n in range(first, mark) if self.is_name(n)]
        titles = [n for n in range(first, mark - 1) if is_role_noun(self.word(n), False)]
        if titles and self.word(titles[-1]) != "General":
            names = [n for n in names if n > titles[-1]]
        if names:
            return self.written(names[0], mark), mark + 1, prefix
        if last in BODIES:
            return self._known(self.written(first, mark), mark - 1), mark + 1, prefix
        if last in PLACES:
            return None, mark + 1, prefix
        if last in BOUNDARIES:
            return None, None, ""
        return None, mark + 1, self.written(first, mark) + self.word(mark)

    def _is_then(self, number: int) -> bool:
        return self.word(number).lower() in ("then", "former")

    def _whole_body(self, start: int, end: int) -> str:
        first = start
        while first < end and not self.word(first)[0].isupper():
            first += 1
        return self.written(first, end)

    def _body_run(self, first: int, head: int) -> tuple[int, int]:
        """The tokens between ``first`` and ``head`` that name an affiliation."""
        noun = written_out(self.word(head))
        speaks = noun in SPOKESPEOPLE or noun in RANKS
        end = head
        while end > first:
            word = self.word(end - 1)
            lower = word.lower()
            body = lower in INSTITUTIONS or (speaks and lower in BODIES)
            field = speaks and lower in FIELDS and word[0].isupper() and noun not in RANKS
            field = field or (lower in ("labour", "labor") and noun in _PARTISANS)
            if body or field or (self.is_name(end - 1) and not self._is_role_word(end - 1)):
                break
            if lower in BODIES and word[0].isupper() and end - 1 > first:
                break
            end -= 1
        start = end
        while start > first:
            word = self.word(start - 1)
            lower = word.lower()
            inner = start < end and (
                lower in _WORD_IN_NAME or (lower in FIELDS and lower not in MODIFIERS)
            )
            if not (self.is_name(start - 1) or inner or (start == end and lower in BODIES)):
                break
            start -= 1
        joints = [n for n in range(start, end) if self.word(n) == "and"]
        if joints and self.word(end - 1).lower() not in BODIES:
            start = joints[-1] + 1
        while start < end and self.word(start).lower() in MODIFIERS | {"and", "of", "the"}:
            start += 1
        return start, end

    def _is_role_word(self, number: int) -> bool:
        word = written_out(self.word(number))
        parts = word.split("-")
        return word in LEXICON or word.removesuffix("s") in LEXICON or parts[-1] in LEXICON

    def _may_modify(self, number: int, determined: bool) -> bool:
        word = self.word(number)
        if self._is_role_word(number) or "-based" in word or word.endswith("-year-old"):
            return True
        if word == "and":
            return self._is_role_word(number + 1)
        return determined and (word[0].islower() or word[0].isdigit() or word in _WORLD_BODIES)

    def _role_word(self, number: int) -> str:
        word = self.word(number)
        if word.lower() in COURTESIES | ASIDES or word.endswith(("-year-old", "-based")):
            return ""
        return in_role_case(word)

    def is_name(self, number: int) -> bool:
        """Is a token capitalized as names are, not as the first word of a sentence is?"""
        word = self.word(number)
        if not word[0].isupper() or word.lower() in BOUNDARIES:
            return False
        opens = number == 0 or self.word(number - 1) in _SENTENCE_ENDS
        common = word.lower() in PLACES or (
            word.lower() in self._lower and word.lower() not in PARTIES
        )
        after = self.word(number + 1)
        alone = not after[0].isupper() or is_role_noun(after, False)
        return not (opens and common and alone)

    def _run_start(self, number: int) -> int:
        """Where the capitalized words that end with a token start."""
        first = number
        while self.is_name(first - 1) and not self._is_role_title(first - 1):
            first -= 1
        return first

    def _is_role_title(self, number: int) -> bool:
        return written_out(self.word(number)) in MODIFIERS

    def _known(self, words: str, number: int) -> str:
        """The name last given to a body that stands as "the ministry", else its words."""
        if len(words.split()) > 1:
            return words
        named = self._bodies.get(words.lower(), [])
        before = bisect_right([place for place, _ in named], number)
        return named[before - 1][1] if before else words

    def _object_end(self, start: int, limit: int) -> int | None:
        """The token behind the object of a preposition; None where there is no object."""
        first = start + (self.word(start).lower() in DETERMINERS)
        at = first
        while at < limit and self._in_object(first, at, limit):
            at += 1
        return at if at > first else None

    def _in_object(self, first: int, at: int, limit: int) -> bool:
        """Does a token go on with the object that starts at token ``first``?"""
        word, before = self.word(at), self.word(at - 1)
        lower = word.lower()
        if at > first and lower in _WORD_IN_NAME | {"on"}:
            return at + 1 < limit and self._continues(first, at, limit)
        if not self.is_word(at):
            return False
        if lower in BOUNDARIES:
            within = at > first and word[0].isupper() and before[0].isupper()
            return within and lower not in TIMES
        if word[0].islower() and at > first:
            loose = self.is_name(at - 1) and not _DEMONYM.fullmatch(before)
            if (loose and lower not in FIELDS | BODIES) or lower.endswith("ed") or lower in _LEFT:
                return False
        return True

    def _continues(self, first: int, at: int, limit: int) -> bool:
        """Does "of", "for", "and", "the" or "on" stand inside an object, not behind it?"""
        word, before, after = self.word(at).lower(), self.word(at - 1), self.word(at + 1)
        if word == "the":
            return before.lower() in ("of", "for", "and") and after[0].isupper()
        if word == "and" and before[0].islower() and after[0].islower():
            return not is_role_noun(after, False) and after not in MODIFIERS | ASIDES | DETERMINERS
        if after == "the" and at + 2 < limit:
            after = self.word(at + 2)
        if not (before[0].isupper() and after[0].isupper()) or after.lower() in TIMES:
            return False
        body = before.lower() in BODIES
        return body or (word != "on" and not is_role_noun(after, False))

    def _complement(self, at: int, end: int, head: str) -> tuple[str | None, str]:
        """Is the object of the preposition at a token part of the role, an affiliation, neither?"""
        preposition = self.word(at).lower()
        definite = self.word(at + 1).lower() in DETERMINERS
        first = at + 1 + definite
        words = self.written(at, end)
        names = [n for n in range(first, end) if self.is_name(n)]
        body = self.word(end - 1).lower() in BODIES and (
            definite or any(self.word(n) in POSSESSIVES for n in range(first, end))
        )
        fields = all(self.word(n).lower() in FIELDS | {"and"} for n in range(first, end))
        named = self.written(names[0], end) if names else None
        if body and not names:
            named = self._known(self.written(first, end), end - 1)
        role = ("role", self._cased(at, end))
        if preposition == "of":
            if not definite and (fields or (head in SCHOLARS and head != "student")):
                return role
            return ("affiliation", named) if named else role
        if preposition == "for":
            official = head in DIPLOMATS or (head in OFFICES and not (body or definite)) or fields
            return ("affiliation", named) if named and not official else role
        if preposition == "to":
            if named and head in AIDES:
                return "affiliation", named
            return role if named or definite else (None, "")
        if preposition == "on":
            return role if head in SCHOLARS | OFFICES | AIDES else (None, "")
        if preposition == "in":
            if head in DIPLOMATS or (head in SCHOLARS and not names and not definite):
                return role
            return None, words if names or body else ""
        return ("affiliation", named) if named else (None, "")

    def _cased(self, start: int, end: int) -> str:
        words = [self.word(start)]
        for number in range(start + 1, end):
            word = self.word(number)
            lowered = in_role_case(word)
            if word in POSSESSIVES:
                words[-1] += word
            else:
                words.append(lowered)
        return " ".join(words)

    def _is_object_title(self, end: int, head: str) -> bool:
        """Do the tokens end in a title that is not the phrase's own head?"""
        last = self.word(end - 1)
        return last[0].isupper() and is_role_noun(last, False) and written_out(last) != head


def _spaced(words: Iterable[str]) -> str:
    return " ".join(filter(None, words))
