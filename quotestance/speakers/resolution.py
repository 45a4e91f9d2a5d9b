"""Source mentions to speakers.

A name takes the fullest form the document gives. A pronoun or a definite description takes the
name that the model's antecedents lead to; a body or country stays as written, and speaks through
its documents; people without a name stay as described. A quotation in marks without a source
goes on with the speaker of the one before it, where no other sentence stands between. What
cannot be resolved is null, with the reason.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from quotestance.document import PRONOUNS, Extraction, Quotation, Span, Speaker
from quotestance.speakers.names import (
    ORGANIZATION,
    PERSON,
    WORD,
    Entity,
    SpanIndex,
    entities_of,
    is_title,
    key,
    without_article,
)
from quotestance.speakers.roles import with_roles

NO_SOURCE = "the text names no source for this quotation"
UNRESOLVED = "the text does not say whom {!r} stands for"

_PERSON_PRONOUNS = frozenset("he she him his her hers himself herself who".split())
_DOCUMENTS = frozenset(
    "statement report letter editorial article assessment communique communiqué release "
    "survey poll study document memo constitution declaration resolution post tweet message "
    "book transcript headline".split()
)
_GROUP = re.compile(r"(?:both|two|some|many|several)\b|.*\b(?:[a-z]{2,}s|people|men|women|police)$")
_INDEFINITE = re.compile(r"(?:a|an|some|many|several|one|two|another)\b", re.IGNORECASE)
_DEPENDENT = re.compile(r"\b(?:for|of|from|to|by|with|at|on|in|about|against)$")
_APPOSITION = re.compile(r",|\s+(?:who|which|that|whose)\b|\s*[(—–]")
# What follows a name that is not the head of a mention: "the Varga campaign".
_GOES_ON = re.compile(r"(?:[’']s?)?\s*(?!(?:of|from|with|at|in|for|on|who|and)\b)[^\s,(\[—–;’'-]")
_SENTENCE_END = re.compile(r"[.!?:]\s|[”\"’»]?\s*$")

_RESOLVED = 0.35  # weight of an antecedent above which a pronoun is resolved
_DESCRIBED = 0.5  # the same for a description, which can also stand for itself
_DESCRIPTION = 0.9  # how sure a description, or the issuer of a document, is the speaker
_PRONOUN_REACH = 500  # characters over which the weight of a pronoun's antecedent falls to 1/e
_NAMELESS = 0.5  # what a description counts beside a name as the antecedent of a pronoun
_LEAST_EVIDENCE = 0.1  # weight of all antecedents of a pronoun below which it stays unresolved
_FOLLOW_ON_GAP = 30  # characters between a quotation's sentence and one that follows on
_FOLLOW_ON = 0.8  # how sure a quotation without a source goes on with the speaker before


def resolve_speakers(extraction: Extraction) -> tuple[Quotation, ...]:
    """The quotations of an extraction, each with its speaker, role and affiliation too."""
    directory = _Directory(extraction)
    resolved: list[Quotation] = []
    for quotation, weight in zip(extraction.quotations, extraction.weights, strict=True):
        before = _followed(extraction.text, quotation, resolved)
        if quotation.source:
            speaker = directory.speaker_of(quotation.source[0], weight)
        elif before is not None and before.speaker and before.speaker.name:
            confidence = round((before.speaker.confidence or 0) * _FOLLOW_ON, 4)
            speaker = replace(before.speaker, confidence=confidence)
            quotation = replace(quotation, source=before.source)
        else:
            speaker = Speaker(None, unknown_reason=NO_SOURCE)
        resolved.append(replace(quotation, speaker=speaker))
    return with_roles(extraction.text, resolved)


def _followed(text: str, quotation: Quotation, earlier: Sequence[Quotation]) -> Quotation | None:
    """The quotation whose sentence ends just before one that opens with a mark."""
    if not (earlier and quotation.quoted and quotation.quoted[0].start == quotation.start):
        return None
    before = earlier[-1]
    spans = (*before.content, *before.source, *before.cue)
    end = max((span.end for span in spans if span.end <= quotation.start), default=0)
    near = quotation.start - end <= _FOLLOW_ON_GAP
    return (
        before
        if before.quoted and near and _SENTENCE_END.search(text, end, quotation.start)
        else None
    )


class _Directory:
    """The entities of a document, and which of them a mention stands for."""

    def __init__(self, extraction: Extraction) -> None:
        self.text = extraction.text
        self.by_span = {
            span: entity for entity in entities_of(extraction) for span in entity.mentions
        }
        self.names = SpanIndex(self.by_span)
        self.described: dict[str, Entity] = {}
        self.referents = self._resolved(extraction.antecedents)

    def speaker_of(self, source: Span, weight: float) -> Speaker:
        """Who a source mention stands for; ``weight`` is how sure the source is."""
        entity, sureness = self._entity_of(source)
        if entity is None:
            return Speaker(None, mentions=(source,), unknown_reason=UNRESOLVED.format(source.text))
        mentions = tuple(sorted({*entity.mentions, source}))
        confidence = round(weight * sureness, 4)
        return Speaker(entity.name, entity.type, mentions=mentions, confidence=confidence)

    def _entity_of(self, mention: Span) -> tuple[Entity | None, float]:
        """The entity a mention stands for and how sure that is."""
        referents = self.referents.get(mention, {})
        best = max(referents, key=referents.__getitem__, default=None)
        if mention.text.lower() in PRONOUNS:
            sure = best is not None and referents[best] >= _RESOLVED
            return (best, referents[best]) if best is not None and sure else (None, 0.0)
        named = self._named(mention)
        if named is not None:
            return named, 1.0
        definite = not _INDEFINITE.match(mention.text)
        if best is not None and definite and referents[best] >= _DESCRIBED:
            return best, referents[best]
        return self._issuer(mention) or self._description(mention), _DESCRIPTION

    def _resolved(
        self, antecedents: Mapping[Span, Sequence[tuple[Span, float]]]
    ) -> dict[Span, dict[Entity, float]]:
        """Weights of entities for each mention; a chain of mentions adds to where it ends."""
        found: dict[Span, dict[Entity, float]] = {}
        for mention in sorted(antecedents):  # what a mention refers to stands before it
            word = mention.text.lower()
            weights: dict[Entity, float] = defaultdict(float)
            for candidate, weight in antecedents[mention]:
                if word in PRONOUNS:
                    weight *= math.exp((candidate.end - mention.start) / _PRONOUN_REACH)
                    if candidate not in self.by_span:
                        weight *= _NAMELESS
                for entity, share in self._shares(candidate, found).items():
                    if word not in _PERSON_PRONOUNS or entity.type == PERSON:
                        weights[entity] += weight * share
            if word in PRONOUNS:
                # The weight of "none", and of what is no mention, is no evidence.
                total = max(sum(weights.values()), _LEAST_EVIDENCE)
                weights = {entity: weight / total for entity, weight in weights.items()}
            found[mention] = dict(weights)
        return found

    def _shares(
        self, candidate: Span, found: Mapping[Span, dict[Entity, float]]
    ) -> Mapping[Entity, float]:
        """The entities that an antecedent stands for itself."""
        if candidate.text.lower() in PRONOUNS:
            return found.get(candidate, {})
        entity = self.by_span.get(candidate) or self._named(candidate)
        if entity is None and candidate in found:
            referents = found[candidate]
            if max(referents.values(), default=0.0) >= _DESCRIBED:
                return referents
        return {entity or self._description(candidate): 1.0}

    def _named(self, mention: Span) -> Entity | None:
        """The entity whose name is the head of a mention, not just a word of it."""
        inside = self.names.meeting(mention.start, mention.end)
        people = [span for span in inside if self.by_span[span].type == PERSON]
        if people and not self._depends(mention, people[0]):
            for span in reversed(people):
                if not _GOES_ON.match(self.text[span.end : mention.end]):
                    return self.by_span[span]
        for span in inside:
            around = self.text[mention.start : span.start], self.text[span.end : mention.end]
            if span not in people and all(map(_is_part_of_name, around)):
                return self._body(mention, span)
        return None

    def _depends(self, mention: Span, name: Span) -> bool:
        """Is a name the complement of a preposition: "a spokesman for President Ann Lee"?"""
        words = self.text[mention.start : name.start].split()
        while words and is_title(words[-1].strip(",")):
            words.pop()
        return _DEPENDENT.search(" ".join(words)) is not None

    def _body(self, mention: Span, name: Span) -> Entity:
        """A country, government or body: its name, or the mention's words if they are more."""
        written = without_article(mention.text)
        if len(written.split()) <= len(name.text.split()):
            return self.by_span[name]
        return self.described.setdefault(key(written), Entity(written, ORGANIZATION, [mention]))

    def _issuer(self, mention: Span) -> Entity | None:
        """The body that speaks through a document: "a statement from the ministry"."""
        words = {word.lower() for word in WORD.findall(mention.text)}
        if words.isdisjoint(_DOCUMENTS):
            return None
        inside = (self.by_span[span] for span in self.names.meeting(mention.start, mention.end))
        return next((entity for entity in inside if entity.type == ORGANIZATION), None)

    def _description(self, mention: Span) -> Entity:
        """Somebody or something without a name, as described."""
        written = " ".join(_APPOSITION.split(mention.text, maxsplit=1)[0].split()) or mention.text
        last = written.split()[-1].lower()
        if last in _DOCUMENTS:
            kind = "document"
        else:
            kind = "group" if _GROUP.match(written.lower()) else PERSON
        return self.described.setdefault(key(written), Entity(written, kind, [mention]))


def _is_part_of_name(words: str) -> bool:
    """Do the words beside a name belong to it: "the U.S. State Department"?"""
    plain = without_article(words).removesuffix("’").removesuffix("'").split()
    return all(
        word[0].isupper() or word in ("of", "and", "the", "for", "’s", "'s") for word in plain
    )
