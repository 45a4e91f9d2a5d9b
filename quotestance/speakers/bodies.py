"""Bodies that a text calls by less than their name: "the military" of the Kestrian military."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property

from quotestance.document import Span
from quotestance.speakers.forms import key, without_article
from quotestance.speakers.names import Entity
from quotestance.vocabulary import SPEAKING_BODIES

_MODIFIED = re.compile(
    r"\b(?:(?:(?:[A-Z]\.){2,8}|[A-Z][\w-]+)(?:[’']s)?\s+){1,3}(?:[a-z]+\s+)?(?:"
    + "|".join(sorted(SPEAKING_BODIES))
    + r")\b"
)
_OPENING = frozenset("the a an this that in on at by but and for from its".split())


class Bodies:
    """The bodies of a text and the descriptions with a country or name before them."""

    def __init__(self, text: str, named: Iterable[Entity]) -> None:
        self._text = text
        self._named = list(named)

    @cached_property
    def _modified(self) -> dict[str, list[tuple[int, str]]]:
        """By its bare words, each place of a body with a name before it, in order."""
        found: dict[str, list[tuple[int, str]]] = defaultdict(list)
        for match in _MODIFIED.finditer(self._text):
            words = match.group().split()
            while words and words[0].lower() in _OPENING:
                words.pop(0)
            bare = [word for word in words if word[0].islower()]
            if words and bare and len(bare) < len(words):
                found[" ".join(bare)].append((match.start(), " ".join(words)))
        return found

    @cached_property
    def _by_last_word(self) -> dict[str, list[Entity]]:
        found: dict[str, list[Entity]] = defaultdict(list)
        for entity in self._named:
            words = key(entity.name).split()
            if len(words) > 1:
                found[words[-1]].append(entity)
        return found

    def fullest(self, mention: Span, written: str) -> str:
        """A body's words with the name that the text gave it last before a mention."""
        bare = without_article(written)
        if bare == written or not bare.islower():
            return written
        places = self._modified.get(bare, [])
        before = bisect_left(places, (mention.start, ""))
        return places[before - 1][1] if before else written

    def by_last_word(self, words: list[str]) -> Entity | None:
        """The one body whose name ends in a capitalized word: "a Courier editorial"."""
        for word in words:
            entities = self._by_last_word.get(key(word), []) if word[0].isupper() else []
            if len(entities) == 1:
                return entities[0]
        return None
