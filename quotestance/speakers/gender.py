"""Whether a person of a text is a man or a woman, by what the text calls them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from quotestance.document import Span
from quotestance.vocabulary import (
    ARTICLES,
    CONJUNCTIONS,
    FEMALE,
    KIN,
    MALE,
    PERSON_PRONOUNS,
    PREPOSITIONS,
    RELATIVE_PRONOUNS,
    VERBS,
    is_title,
    plain,
)

MAN = "man"
WOMAN = "woman"

_REACH = 60  # characters before a name in which its titles stand
_TITLE_WORDS = 4
_WORD = re.compile(r"[\w.’'-]+|[,;:!?()“”\"]")
_STOPS = PREPOSITIONS | CONJUNCTIONS | RELATIVE_PRONOUNS | ARTICLES | VERBS
_SURE_LINK = 0.7  # weight from which a pronoun's antecedent tells that one's gender
_LEAST_VOTES = 0.7
_MAJORITY = 3.0  # times the votes for the other gender
_PRONOUN_ONLY = 0.2  # how far a pronoun may go to somebody whom only pronouns give the other gender


class Genders:
    """The genders of the people of a text.

    A title ("Mrs.", "king") decides; without one the pronouns do that surely mean a person.
    """

    def __init__(
        self,
        text: str,
        mentions: Mapping[str, Sequence[Span]],
        antecedents: Mapping[Span, Sequence[tuple[Span, float]]],
    ) -> None:
        """``mentions`` are the places of each person, by any key."""
        owner = {span: person for person, spans in mentions.items() for span in spans}
        self._titled: dict[str, Counter[str]] = {}
        self._called: dict[str, Counter[str]] = {}
        for person, spans in mentions.items():
            found = (of_title(text, span) for span in spans)
            self._titled[person] = Counter(gender for gender in found if gender)
        for mention, candidates in antecedents.items():
            gender = of_word(mention.text)
            for candidate, weight in candidates if gender else ():
                if weight >= _SURE_LINK and candidate in owner and gender:
                    self._called.setdefault(owner[candidate], Counter())[gender] += 1

    def knows(self, person: str) -> bool:
        """Has a person a title that says man or woman?"""
        return bool(self._titled.get(person))

    def fit(self, person: str, gender: str | None) -> float:
        """How far words of a gender may mean a person: 0 never, 1 without any objection."""
        if gender is None:
            return 1.0
        titled = _majority(self._titled.get(person, Counter()))
        if titled is not None:
            return float(titled == gender)
        called = _majority(self._called.get(person, Counter()))
        return 1.0 if called in (None, gender) else _PRONOUN_ONLY


def _majority(votes: Counter[str]) -> str | None:
    ranked = votes.most_common(2)
    if not ranked or ranked[0][1] < _LEAST_VOTES:
        return None
    clear = len(ranked) == 1 or ranked[0][1] >= _MAJORITY * ranked[1][1]
    return ranked[0][0] if clear else None


def of_word(word: str) -> str | None:
    """What a pronoun, title or noun says: "she", "Mr.", "chairwoman"."""
    bare = plain(word)
    if bare in MALE:
        return MAN
    return WOMAN if bare in FEMALE else None


def of_words(words: Iterable[str]) -> str | None:
    """What the first telling word says."""
    return next((gender for word in words if (gender := of_word(word))), None)


def of_title(text: str, name: Span) -> str | None:
    """What the title before a name says: "Mrs. Lind", "Queen Ada", "his wife, Ada Lind"."""
    words = _WORD.findall(text[max(0, name.start - _REACH) : name.start])
    if words and words[-1] == ",":
        said = plain(words[-2]) if len(words) > 1 else ""
        return None if said in PERSON_PRONOUNS else of_word(said)
    for word in words[: -_TITLE_WORDS - 1 : -1]:
        if not word[0].isalpha() or word.lower() in _STOPS or word.endswith(("’s", "'s")):
            return None
        if plain(word) not in PERSON_PRONOUNS and (gender := of_word(word)):
            return gender
    return None


def is_kin(text: str, name: Span) -> bool:
    """Is somebody introduced as another one's relative: "his wife, Ada Lind"?"""
    words = _WORD.findall(text[max(0, name.start - _REACH) : name.start])[-3:]
    return any(plain(word) in KIN for word in words)


def is_dependent(text: str, name: Span) -> bool:
    """Does a name follow a preposition: "talks with President Ada Lind"?"""
    words = _WORD.findall(text[max(0, name.start - _REACH) : name.start])
    while words and is_title(words[-1]):
        words.pop()
    return bool(words) and words[-1].lower() in PREPOSITIONS
