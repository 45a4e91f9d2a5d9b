"""The words of a source taken apart: which name is its head, what kind of thing it is."""

from __future__ import annotations

import re
from itertools import pairwise

from quotestance.document import Span
from quotestance.speakers import evidence
from quotestance.speakers.bodies import Bodies
from quotestance.speakers.descriptions import parse
from quotestance.speakers.forms import ORGANIZATION, PERSON, body_key, key, without_article
from quotestance.speakers.names import Entity
from quotestance.speakers.spans import SpanIndex
from quotestance.speakers.whole_names import WORD
from quotestance.vocabulary import DOCUMENTS, PREPOSITIONS, QUANTIFIERS, SPEAKING_BODIES, is_title

DOCUMENT = "document"
GROUP = "group"

_MANY = QUANTIFIERS | frozenset("people men women police percent nearly".split())
_PLURAL = re.compile(r"[a-z-]{2,}[^su]s")
_PLACE = frozenset("at in".split())
_APPOSITION = re.compile(
    r",|(?<!\s)\s+(?:who|which|that|whose|(?:[a-z]+ed|led|written|run)\s+by|such\s+as|including|like)\b"
    r"|(?<!\s)\s*[(—–]|(?<!\s)\s+--"
)
_LED = re.compile(r"(?:(?<=^The )|^)[\w.]+-(?:led|backed|based|run|owned|funded)\s+")
# What follows a name that is not the head of a mention: "the Varga campaign".
_GOES_ON = re.compile(
    r"(?>(?:[’']s?)?)\s*(?!(?:of|from|with|at|in|for|on|who|and)\b)[^\s,(\[—–;’'-]"
)
_BETWEEN = re.compile(r"\s*(?:,|and|&|,\s*and)\s+(?:[\w.’'-]+\s+){0,3}")


class Mentions:
    """The named and described speakers of a text, by the words that mention them."""

    def __init__(self, text: str, entities: list[Entity]) -> None:
        self.text = text
        self.by_span = {span: entity for entity in entities for span in entity.mentions}
        self.names = SpanIndex(self.by_span)
        self._bodies = Bodies(text, [e for e in entities if e.type == ORGANIZATION])
        self._described: dict[str, Entity] = {}

    def named(self, mention: Span) -> tuple[Entity, str] | None:
        """The entity whose name is the head of a mention, and how the mention names it."""
        inside = self.names.meeting(mention.start, mention.end)
        people = [span for span in inside if self.by_span[span].type == PERSON]
        head = self._head_end(mention, people)
        heads = self._heads(mention, [span for span in people if span.start < head], head)
        if not heads:
            heads = self._in_apposition(mention, head, people)
        if len(heads) > 1 and self._are_coordinated(heads):
            return self._pair(mention, [self.by_span[span] for span in heads]), evidence.PAIR
        if heads:
            return self._by_name(heads[0])
        for span in inside:
            around = self.text[mention.start : span.start], self.text[span.end : head]
            if span not in people and span.end <= head and all(map(_is_part_of_name, around)):
                return self._body(Span.of(self.text, mention.start, head), span)
        return None

    def _heads(self, mention: Span, people: list[Span], end: int) -> list[Span]:
        """The names that the head of a mention consists of, without its complements."""
        found: list[Span] = []
        complement: Span | None = None
        for span in people:
            joined = complement and _BETWEEN.fullmatch(self.text, complement.end, span.start)
            if joined or self._depends(mention, span):
                complement = span
            elif not _GOES_ON.match(self.text[span.end : end]):
                found.append(span)
        return found

    def _by_name(self, span: Span) -> tuple[Entity, str]:
        entity = self.by_span[span]
        same = key(span.text) == key(entity.name)
        return entity, evidence.NAME if same else evidence.SHORT_NAME

    def _head_end(self, mention: Span, people: list[Span]) -> int:
        """Where the head of a mention ends and what is said about it begins."""
        for match in _APPOSITION.finditer(self.text, mention.start + 1, mention.end):
            if not any(span.start < match.start() < span.end for span in people):
                return match.start()
        return mention.end

    def _in_apposition(self, mention: Span, head: int, people: list[Span]) -> list[Span]:
        """The name behind a description: "an envoy of Kestria, Ada Lind,"."""
        for span in people:
            words = self.text[head : span.start].strip(" ,").split()
            if span.start >= head:
                titled = all(w[0].isupper() or is_title(w) or w == "the" for w in words)
                goes_on = _GOES_ON.match(self.text[span.end : mention.end])
                return [span] if titled and not goes_on else []
        return []

    def _are_coordinated(self, heads: list[Span]) -> bool:
        gaps = [self.text[a.end : b.start] for a, b in pairwise(heads)]
        entities = {id(self.by_span[span]) for span in heads}
        return len(entities) == len(heads) and all(_BETWEEN.fullmatch(gap) for gap in gaps)

    def _pair(self, mention: Span, entities: list[Entity]) -> Entity:
        names = [entity.name for entity in entities]
        written = f"{', '.join(names[:-1])} and {names[-1]}"
        return self._described.setdefault(key(written), Entity(written, GROUP, [mention]))

    def _depends(self, mention: Span, name: Span) -> bool:
        """Is a name the complement of a preposition: "a spokesman for President Ann Lee"?"""
        words = self.text[mention.start : name.start].split()
        while words and (words[-1] == "both" or is_title(words[-1].strip(","))):
            words.pop()
        return bool(words) and words[-1].lstrip('(“"') in PREPOSITIONS

    def _body(self, mention: Span, name: Span) -> tuple[Entity, str]:
        """A country, government or body: its name, or the mention's words if they are more."""
        written = _LED.sub("", without_article(mention.text))
        entity = self.by_span[name]
        if len(written.split()) <= len(name.text.split()):
            same = body_key(name.text) == body_key(entity.name)
            return entity, evidence.BODY if same else evidence.SHORT_NAME
        found = self._described.setdefault(key(written), Entity(written, ORGANIZATION, [mention]))
        return found, evidence.BODY

    def issuer(self, mention: Span) -> Entity | None:
        """The body that speaks through a document: "a statement from the ministry"."""
        if kind_of(mention.text) != DOCUMENT:
            return None
        for span in self.names.meeting(mention.start, mention.end):
            if self.by_span[span].type == ORGANIZATION:
                before = self.text[mention.start : span.start].split()[-2:]
                goes_on = "of" in before and _GOES_ON.match(self.text[span.end : mention.end])
                return None if goes_on or not _PLACE.isdisjoint(before) else self.by_span[span]
        return self._bodies.by_last_word(WORD.findall(mention.text))

    def described(self, mention: Span) -> Entity:
        """Somebody or something without a name, as described."""
        head = self.text[mention.start : self._head_end(mention, [])]
        written = " ".join(head.split()) or mention.text
        kind = kind_of(written)
        if kind == ORGANIZATION:
            written = self._bodies.fullest(mention, _LED.sub("", written))
        return self._described.setdefault(key(written), Entity(written, kind, [mention]))


def kind_of(written: str) -> str:
    """What a description speaks of: a person, a group, a body or a document."""
    if _is_document(written):
        return DOCUMENT
    said = parse(written)
    words = written.lower().split() or [""]
    head = said.head if said else words[-1]
    if head in SPEAKING_BODIES:
        return ORGANIZATION
    many = words[0] in _MANY or head in _MANY or _PLURAL.fullmatch(head) or words[0].isdigit()
    return GROUP if many else PERSON


def _is_document(written: str) -> bool:
    """Is a document the head of a mention, not what its head belongs to ("the report's author")?"""
    for word in written.split():
        if word.strip(",") in DOCUMENTS:
            return True
        if word in PREPOSITIONS:
            return False
    return False


def _is_part_of_name(words: str) -> bool:
    """Do the words beside a name belong to it: "the U.S. State Department"?"""
    plain = without_article(words).removesuffix("’").removesuffix("'").split()
    return all(
        word[0].isupper() or word in ("of", "and", "the", "for", "’s", "'s") for word in plain
    )
