"""The tokens of a text as roles are read from them, and what a token may be: a name, a body.

Abbreviated titles and initials keep their period, possessive marks stand alone, and line breaks
are tokens, because no phrase goes over one.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict

from quotestance.document import Span
from quotestance.roles.words import BOUNDARIES
from quotestance.vocabulary import (
    BODIES,
    MODIFIERS,
    NUMBERS,
    PARTISANS,
    PLACES,
    POSSESSIVES,
    ROLE_WORDS,
    WITH_PERIOD_PATTERN,
    countries,
    is_role_noun,
    written_out,
)

_TOKEN = re.compile(
    rf"(?:[^\W\d_]\.){{2,}}|\b[A-Z]\.|\b{WITH_PERIOD_PATTERN}"
    r"|''|[’']s\b|(?<=s)[’'](?=\s\w)|[^\W_]+(?:[.’'-](?!s\b)[^\W_]+)*|\n|[^\w\s]"
)
_SENTENCE_ENDS = frozenset((*'.!?:“”"\n', "''"))
_NO_NAMES = BOUNDARIES - frozenset(NUMBERS)  # "the Group of Seven"
_LONGEST_NAME = 8  # tokens of a body's name


class Tokens:
    """The tokens of a text, by their numbers; past either end stand line breaks."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.spans = [Span.of(text, *match.span()) for match in _TOKEN.finditer(text)]
        self._starts = [span.start for span in self.spans]
        self._capitalized = {span.text for span in self.spans if span.text[0].isupper()}
        self._lower = {span.text for span in self.spans if span.text.islower()}
        self._bodies: dict[str, list[tuple[int, str]]] = defaultdict(list)
        for number, span in enumerate(self.spans):
            if span.text[0].isupper() and span.text.lower() in BODIES:
                first = self.name_start(number)
                if first < number:
                    named = number, self.written(first, number + 1)
                    self._bodies[span.text.lower()].append(named)

    def at(self, offset: int) -> int:
        """The number of the first token that starts at an offset or behind it."""
        return bisect_left(self._starts, offset)

    def word(self, number: int) -> str:
        return self.spans[number].text if 0 <= number < len(self.spans) else "\n"

    def lower(self, number: int) -> str:
        return self.word(number).lower()

    def written(self, start: int, end: int) -> str:
        """The words of tokens as the text has them, white space plain, no possessive at the end."""
        end -= end > start + 1 and self.word(end - 1) in POSSESSIVES
        return " ".join(self.text[self.spans[start].start : self.spans[end - 1].end].split())

    def is_word(self, number: int) -> bool:
        """Does a token belong to a phrase: a word, a possessive mark, "&"?"""
        word = self.word(number)
        return word[0].isalnum() or word in POSSESSIVES or word == "&"

    def is_capital(self, number: int) -> bool:
        return self.word(number)[0].isupper()

    def is_body(self, number: int) -> bool:
        """Is a token the last word of a body: "Institute"?"""
        return self.lower(number) in BODIES

    def is_name(self, number: int) -> bool:
        """Is a token capitalized as names are, not as the first word of a sentence is?"""
        word, lower = self.word(number), self.lower(number)
        if not word[0].isupper() or lower in _NO_NAMES:
            return False
        opens = self.word(number - 1) in _SENTENCE_ENDS
        common = lower in PLACES or (lower in self._lower and lower not in PARTISANS)
        after = self.word(number + 1)
        alone = not after[0].isupper() or is_role_noun(after, False)
        return not (opens and common and alone)

    def is_role_word(self, number: int) -> bool:
        """Does a token belong to a role: a head, a modifier, a field?"""
        word = written_out(self.word(number))
        return any(
            form in ROLE_WORDS for form in (word, word.removesuffix("s"), word.split("-")[-1])
        )

    def name_start(self, number: int) -> int:
        """Where the capitalized words that end before or with a token start."""
        first = number
        while first > number - _LONGEST_NAME and self.is_name(first - 1):
            if written_out(self.word(first - 1)) in MODIFIERS:
                break
            first -= 1
        return first

    def known_body(self, start: int, end: int) -> str:
        """The name last given to a body that stands as "the ministry", else its words."""
        words = self.written(start, end)
        named = self._bodies.get(words.lower(), [])
        if self.lower(start - 1) != "the" or not named:
            return words
        before = bisect_right(named, start, key=lambda place: place[0])
        return named[before - 1][1] if before else words

    def country(self, affiliation: str) -> str:
        """The country whose demonym an affiliation is, if the text names it, else as written."""
        *before, last = affiliation.split()
        if last.lower() in PARTISANS:
            return affiliation
        for name in map(str.capitalize, countries(last.lower())):
            country = " ".join([*before, name])
            stands = name in self._capitalized and (not before or country in self.text)
            if name != last and stands:
                return country
        return affiliation
