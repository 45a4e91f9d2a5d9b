"""Whether a person of a text is a man or a woman, by what the text calls them."""

from __future__ import annotations

import re

from quotestance.document import Span
from quotestance.speakers.lexicon import FEMALE, KIN, MALE, TITLES, plain

MAN = "man"
WOMAN = "woman"

_REACH = 60  # characters before a name in which its titles stand
_TITLE_WORDS = 4
_WORD = re.compile(r"[\w.’'-]+|[,;:!?()“”\"]")


def of_word(word: str) -> str | None:
    """What a pronoun, title or noun says: "she", "Mr.", "chairwoman"."""
    bare = plain(word)
    if bare in MALE:
        return MAN
    return WOMAN if bare in FEMALE else None


def of_title(text: str, name: Span) -> str | None:
    """What the title before a name says: "Mrs. Lind", "Queen Ada", "spokesman Bo Lind"."""
    words = _WORD.findall(text[max(0, name.start - _REACH) : name.start])
    for word in words[: -_TITLE_WORDS - 1 : -1]:
        if not (word[0].isalpha()) or word.lower() in _STOPS or word.endswith(("’s", "'s")):
            return None
        gender = of_word(word)
        if gender and plain(word) not in _PRONOUNS:
            return gender
    return None


def is_kin(text: str, name: Span) -> bool:
    """Is somebody introduced as another one's relative: "his wife, Ada Lind"?"""
    words = _WORD.findall(text[max(0, name.start - _REACH) : name.start])[-3:]
    return any(plain(word) in KIN for word in words)


def is_dependent(text: str, name: Span) -> bool:
    """Does a name follow a preposition: "talks with President Ada Lind"?"""
    words = _WORD.findall(text[max(0, name.start - _REACH) : name.start])
    while words and plain(words[-1]) in TITLES:
        words.pop()
    return bool(words) and words[-1].lower() in _PREPOSITIONS


_PREPOSITIONS = frozenset(
    "for of from to by with at on in about against under like than over between".split()
)
_STOPS = frozenset("and or of to for with by from at in on the a an that who said told".split())
_PRONOUNS = frozenset("he him his himself she her hers herself".split())
