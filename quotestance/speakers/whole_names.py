"""The names of a text made whole.

The model finds the names, so that no list of people is needed; but one that knows few names may
see half of a rare one, or miss a place where it stands again. Here names get their given names
and suffixes and lose titles, articles and possessives.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import replace

from quotestance.document import Extraction, Name, Span
from quotestance.speakers.forms import ARTICLE, ORGANIZATION, PERSON, POSSESSIVE
from quotestance.speakers.handles import handles
from quotestance.speakers.places import without_places
from quotestance.speakers.spans import SpanIndex
from quotestance.vocabulary import (
    ASIDES,
    DETERMINERS,
    FUNCTION_WORDS,
    PARTICLES,
    PARTY_WORDS,
    PRONOUNS,
    QUANTIFIERS,
    TIMES,
    WITH_PERIOD_PATTERN,
    is_title,
)

_NO_GIVEN_NAMES = (
    FUNCTION_WORDS | ASIDES | DETERMINERS | QUANTIFIERS | TIMES | PARTY_WORDS
    | frozenset("then just yes islamist reporters u.s u.k u.n eu gop".split())
) - {"will"}  # fmt: skip
_SURE_DEMONYM = re.compile(r"\w{3,}(?:ian|ish|ese|ean|ani)$")  # few given names end so
_SUFFIX = re.compile(r",? (?:Jr\b\.?|Sr\b\.?|II\b|III\b|IV\b)")
_INITIAL = re.compile(r"[A-Z]\.")
# A period belongs to an initial and to an abbreviated title, else it ends the sentence.
WORD = re.compile(rf"[^\W\d_]\.(?:[^\W\d_]\.)*|{WITH_PERIOD_PATTERN}|[^\W_]+(?:[.'’-][^\W_]+)*")
_NEXT_BLOCK = re.compile(r"\n(?=[^\S\n]*[\n\d])")
_OPENING = re.compile(r"(?:^|\n|[.!?:;“”\"] ?)$")
_LEAST_IN_CAPITALS = 3  # letters of a name that is known in capitals: no "UN"
_GIVEN_NAMES_REACH = 60  # characters before a surname in which its given names stand


def whole_names(extraction: Extraction, explained: Mapping[str, Span]) -> list[Name]:
    """All names of a text, whole and bare; ``explained`` are abbreviations of bodies."""
    text = extraction.text
    bodies_explained = [Name(span, ORGANIZATION) for span in explained.values()]
    known = _joined(_with_unseen(extraction), bodies_explained)
    names = _everywhere(text, without_places(text, _agreed(known, explained)), explained)
    bodies = SpanIndex(name.span for name in names if name.type != PERSON)
    common = frozenset(re.findall(r"\b[a-z]+\b", text))
    found = []
    for name in names:
        whole = _whole(text, name, bodies, common) if name.type == PERSON else name
        span = _bare(text, whole)
        nobody = name.type == PERSON and span is not None and span.text.lower() in PRONOUNS
        if span is not None and not nobody:
            found.append(Name(span, PERSON if name.type == PERSON else ORGANIZATION))
    return found


def _with_unseen(extraction: Extraction) -> list[Name]:
    """The model's names, and sources that look like a name where the model saw none."""
    text = extraction.text
    written = handles(text)
    within = SpanIndex(written)
    named = [
        replace(name, span=_in_one_block(text, name.span))
        for name in extraction.names
        if not within.meeting(name.span.start, name.span.end)
    ]
    known = SpanIndex([*written, *(name.span for name in named)])
    sources = {span for quotation in extraction.quotations for span in quotation.source}
    unseen = (
        _unseen(text, source)
        for source in sorted(sources)
        if not known.meeting(source.start, source.end)
    )
    return [*named, *(name for name in unseen if name is not None)]


def _in_one_block(text: str, name: Span) -> Span:
    """A name without what stands in the next paragraph or item of a list."""
    kept = _NEXT_BLOCK.split(name.text)[0].rstrip()
    return Span.of(text, name.start, name.start + len(kept)) if kept else name


def _unseen(text: str, source: Span) -> Name | None:
    """A source of capitalized words: a person behind a title or of two or three words."""
    words = list(WORD.finditer(text, source.start, source.end))
    if source.text.lower() in PRONOUNS or not words or "," in source.text:
        return None
    titles = [n for n, word in enumerate(words[:-1]) if is_title(word.group())]
    rest = words[titles[-1] + 1 :] if titles else words
    if not all(_is_name_word(word.group()) for word in rest) or is_title(rest[-1].group()):
        return None
    if titles or (len(rest) in (2, 3) and not ARTICLE.match(source.text)):
        return Name(Span.of(text, rest[0].start(), rest[-1].end()), PERSON)
    return Name(source, ORGANIZATION) if rest[0].group()[0].isupper() else None


def _is_name_word(word: str) -> bool:
    return word[0].isupper() or word.lower() in PARTICLES


def _joined(names: Sequence[Name], explained: Sequence[Name]) -> list[Name]:
    """The names, those that the text explains in the place of their parts."""
    index = SpanIndex(name.span for name in explained)
    return [*(n for n in names if not index.meeting(n.span.start, n.span.end)), *explained]


def _agreed(names: Sequence[Name], explained: Container[str]) -> list[Name]:
    """The names, each of the type that it, or a longer name ending in it, has most often.

    In capitals only, one that a person has otherwise is that person's: "VARGA:" in a transcript.
    """
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    for name in names:
        for written in {name.span.text, *name.span.text.split()[-1:]}:
            votes[written][name.type] += 1
    types = {written: found.most_common(1)[0][0] for written, found in votes.items()}
    people = {
        written.upper()
        for written, kind in types.items()
        if kind == PERSON and not written.isupper() and len(written) >= _LEAST_IN_CAPITALS
    }
    return [
        Name(
            name.span,
            PERSON
            if name.span.text in people and name.span.text not in explained
            else types[name.span.text],
        )
        for name in names
    ]


def _everywhere(text: str, names: Sequence[Name], explained: Iterable[str]) -> list[Name]:
    """The names, and the other places where a person's lone name or an abbreviation stands."""
    lone = {
        name.span.text: name.type
        for name in names
        if name.span.text.isalpha() and (name.type == PERSON or name.span.text.isupper())
    }
    lone.update(dict.fromkeys(explained, ORGANIZATION))
    if not lone:
        return list(names)
    known = SpanIndex(name.span for name in names)
    found = (word for word in re.finditer(r"\b[^\W\d_]+\d{0,2}\b", text) if word.group() in lone)
    unseen = [word for word in found if not known.meeting(*word.span())]
    return [*names, *(Name(Span.of(text, *w.span()), lone[w.group()]) for w in unseen)]


def _whole(text: str, name: Name, bodies: SpanIndex, common: frozenset[str]) -> Name:
    """A person's name with all of its words: those cut in the middle, given names left out.

    ``common`` are the words that the text writes small somewhere.
    """
    low, high = max(0, name.span.start - _GIVEN_NAMES_REACH), name.span.end + _GIVEN_NAMES_REACH
    words = list(WORD.finditer(text, low, high))
    inside = [
        n for n, w in enumerate(words) if w.start() < name.span.end and name.span.start < w.end()
    ]
    if not inside:
        return name
    first, last = inside[0], inside[-1]
    start, end = _uncut(words[first], name.span.start), max(name.span.end, words[last].end())
    suffix = _SUFFIX.match(text, end)
    if suffix:
        end = suffix.end()
    for word in reversed(words[:first]):
        written = word.group()
        belongs = _is_name_word(written) and (first == last or _INITIAL.fullmatch(written))
        if not belongs or text[word.end() : start] != " " or _is_no_given_name(written):
            break
        if written.lower() in common and _OPENING.search(text[: word.start()][-3:]):
            break
        if bodies.meeting(*word.span()) or text[low : word.start()].endswith((" of ", " for ")):
            break
        start = word.start()
    return Name(Span.of(text, start, end), PERSON)


def _uncut(word: re.Match[str], start: int) -> int:
    """Where a name starts whose first word is cut: not before the "pro-" of "pro-Lind"."""
    prefix = word.group()[: max(0, start - word.start())].rstrip("-").lower()
    if not prefix:
        return word.start()
    return start if word.group()[0].islower() and prefix not in PARTICLES else word.start()


def _is_no_given_name(word: str) -> bool:
    plain = word.rstrip(".").lower()
    return is_title(word) or plain in _NO_GIVEN_NAMES or _SURE_DEMONYM.match(plain) is not None


def _bare(text: str, name: Name) -> Span | None:
    """The span of a name without titles, article, possessive and punctuation around it."""
    start, end = name.span.start, name.span.end
    article = ARTICLE.match(text[start:end])
    if article:
        start += article.end()
    possessive = POSSESSIVE.search(text[start:end])
    if possessive:
        end -= len(possessive.group())
    if name.type == PERSON:
        words = list(WORD.finditer(text, start, end))
        while len(words) > 1 and is_title(words[0].group()):
            words.pop(0)
            start = words[0].start()
    while end > start and not (text[end - 1].isalnum() or text[end - 1] == "."):
        end -= 1
    while start < end and not text[start].isalnum():
        start += 1
    return Span.of(text, start, end) if start < end else None
