"""Places that were taken for people.

A model that knows few names takes many a country for a person. A text says of places what it
rarely says of people: things happen in them, they have borders and a president, their people have
a name of their own. A title, or a longer name of the same person, outweighs all of this.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence, Set
from functools import cache

from quotestance import names
from quotestance.document import Name, Span
from quotestance.speakers.forms import PERSON, POSSESSIVE, key
from quotestance.speakers.spans import SpanIndex
from quotestance.vocabulary import CHANGING, countries, is_title, may_be_demonym, plain

LOCATION = "location"

_INSIDE = frozenset("in across throughout inside into near outside".split())
_MINDS = frozenset("confidence trust faith belief believe believes believed interest hope".split())
"""What may be "in" a person."""
_OF_PLACES = frozenset(
    "president premier king queen parliament capital border borders coast navy ambassador embassy "
    "republic kingdom state city town village port island province "
    "bishop archbishop mayor governor invasion".split()
)
"""What is "of" a place."""
_HAS = re.compile(
    rf"[’']s?\s+(?:(?:own|new|northern|southern|eastern|western|{'|'.join(sorted(CHANGING))})\s+)?"
    r"(?:capital|borders?|territory|embassy|parliament|coast|airspace|waters|navy|constitution|"
    r"currency|president|premier|king|queen|prime\s+minister)\b"
)
_IS = re.compile(
    r",\s+(?:an?|the)\s+(?:[\w-]+\s+){0,3}?"
    r"(?:country|nation|state|city|town|village|province|region|island|port|kingdom|republic)"
    r"(?=[,.;]|\s+(?:of|in|on|with|between|that|which|where)\b)"
)
_REACH = 60  # characters before a name that are looked at
_CAPITALIZED = re.compile(r"\b[^\W\d_a-z][\w-]{3,}")


def without_places(text: str, found: Sequence[Name]) -> list[Name]:
    """The names ``found`` in a text, as places those of people that are known or shown as such."""
    people: dict[str, list[Span]] = defaultdict(list)
    for name in found:
        if name.type == PERSON:
            people[_bare(name)].append(name.span)
    parts = {part for written in people if len(words := written.split()) > 1 for part in words}
    named = _known() | _with_a_demonym(
        text, SpanIndex(span for spans in people.values() for span in spans)
    )
    places = {
        written
        for written, spans in people.items()
        if written not in parts
        and not any(_is_titled(text, span) for span in spans)
        and (key(written) in named or any(_is_place(text, span) for span in spans))
    }
    return [
        Name(name.span, LOCATION) if name.type == PERSON and _bare(name) in places else name
        for name in found
    ]


def _bare(name: Name) -> str:
    return POSSESSIVE.sub("", name.span.text)


@cache
def _known() -> Set[str]:
    """The keys of the countries of the world; capitals are given names too often."""
    return frozenset(key(name) for country in names.countries() for name in country.names)


def _with_a_demonym(text: str, people: SpanIndex) -> Set[str]:
    """The keys that countries may have whose people the text names: "harn" of "Harnish"."""
    words = (m for m in _CAPITALIZED.finditer(text) if may_be_demonym(m.group()))
    demonyms = {plain(m.group()) for m in words if not people.meeting(*m.span())}
    return {country for demonym in demonyms for country in countries(demonym)}


def _is_titled(text: str, name: Span) -> bool:
    words = _words_before(text, name)
    return bool(words) and words[-1][0].isupper() and is_title(words[-1])


def _is_place(text: str, name: Span) -> bool:
    end = name.start + len(POSSESSIVE.sub("", name.text))
    match [word.lower() for word in _words_before(text, name)]:
        case [*before, inside] if inside in _INSIDE and text[end : end + 1] not in ("’", "'"):
            if _MINDS.isdisjoint(before[-1:]):
                return True
        case [*_, head, "of"] | [*_, head, "of", "the"] if head in _OF_PLACES:
            return True
    return any(pattern.match(text, end) for pattern in (_HAS, _IS))


def _words_before(text: str, name: Span) -> list[str]:
    return text[max(0, name.start - _REACH) : name.start].split()
