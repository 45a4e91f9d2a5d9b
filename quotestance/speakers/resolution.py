"""Source mentions to speakers.

A name takes the fullest form the document gives. A pronoun or a definite description takes the
name that the text leads to; a body or country stays as written, and speaks through its
documents; people without a name stay as described. A quotation in marks without a source goes
on with the speaker of the one before it, where no other sentence stands between; a first person
inside a quotation is that quotation's speaker. What cannot be resolved is null, with the reason.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace

from quotestance.document import Extraction, Quotation, Span, Speaker
from quotestance.speakers import evidence
from quotestance.speakers.attribution import Attribution
from quotestance.speakers.confidence import THRESHOLD, released
from quotestance.speakers.coreference import Coreference
from quotestance.speakers.forms import PERSON
from quotestance.speakers.mentions import Mentions
from quotestance.speakers.names import Entity, entities_of
from quotestance.vocabulary import (
    DEMONSTRATIVES,
    FIRST_PERSON,
    PRONOUNS,
    RELATIVE_PRONOUNS,
    is_title,
    plain,
)

NO_SOURCE = "the text names no source for this quotation"
UNRESOLVED = "the text does not say whom {!r} stands for"
WEAK = "the evidence for {!r} as {!r} is too weak (probability {:.2f} < {:.2f})"

_DEFINITE = re.compile(
    r"(?:the|this|that|these|those|both|his|her|their|its)\b|\S+[’']s?\s", re.IGNORECASE
)
_SENTENCE_END = re.compile(r"[.!?:]\s|[”\"’»]?\s*$")
_COLON = re.compile(r"\s*(?:\([^()\n]*\)\s*)?:\s*$")
_DASH = re.compile(r"[\s”\"’»]*[—–-]\s*$")

_RESOLVED = 0.25  # weight of an antecedent above which a pronoun is resolved
_MENTIONS = 50  # of a speaker on either side of a source, at most, that a quotation lists
_FOLLOW_ON_GAP = 30  # characters between a quotation's sentence and one that follows on


def resolve_speakers(
    extraction: Extraction, *, threshold: float = THRESHOLD
) -> tuple[Quotation, ...]:
    """The quotations of an extraction, each with its speaker.

    A name less likely to be right than ``threshold`` is left out, with the reason.
    """
    return tuple(_with_speaker(found, threshold) for found in attributions(extraction))


def attributions(extraction: Extraction) -> list[Attribution]:
    """Whom each quotation of an extraction is given to."""
    mentions = Mentions(extraction.text, entities_of(extraction))
    coreference = Coreference(extraction, mentions)
    found: list[Attribution] = []
    before: tuple[Span, Entity] | None = None
    for quotation, weight in zip(extraction.quotations, extraction.weights, strict=True):
        if quotation.source:
            attribution = _attributed(
                extraction.text, quotation, weight, mentions, coreference, before
            )
        else:
            attribution = _followed_on(extraction.text, quotation, found)
        found.append(attribution)
        if attribution.entity is not None:
            coreference.tell(attribution.quotation, attribution.entity, attribution.weight)
            before = attribution.quotation.source[0], attribution.entity
    return found


def _attributed(
    text: str,
    quotation: Quotation,
    link: float,
    mentions: Mentions,
    coreference: Coreference,
    before: tuple[Span, Entity] | None,
) -> Attribution:
    """A quotation with a source."""
    mention = quotation.source[0]
    entity, name, weight, margin = _entity_of(mention, mentions, coreference, before)
    return Attribution(
        quotation,
        entity,
        _source_evidence(text, quotation),
        name,
        link,
        weight,
        margin,
        min(
            max(span.start - mention.end, mention.start - span.end, 0) for span in quotation.content
        ),
        None if entity else UNRESOLVED.format(mention.text),
    )


def _entity_of(
    mention: Span,
    mentions: Mentions,
    coreference: Coreference,
    before: tuple[Span, Entity] | None,
) -> tuple[Entity | None, str, float, float]:
    """The entity a mention stands for, how that was reached, its weight and margin."""
    word = plain(mention.text)
    if word in FIRST_PERSON:
        outer = coreference.outer(mention)
        return outer, evidence.OUTER if outer else evidence.UNRESOLVED, 1.0, 1.0
    if word in PRONOUNS | RELATIVE_PRONOUNS | DEMONSTRATIVES:
        reached = coreference.pronoun(mention, before)
        unfit = reached is not None and word == "which" and reached.entity.type == PERSON
        if reached is None or unfit or reached.weight < _RESOLVED:
            return None, evidence.UNRESOLVED, 0.0, 0.0
        return reached.entity, evidence.PRONOUN, reached.weight, reached.margin
    named = mentions.named(mention)
    if named is not None:
        return *named, 1.0, 1.0
    issuer = mentions.issuer(mention)
    if issuer is not None:
        return issuer, evidence.ISSUER, 1.0, 1.0
    if _DEFINITE.match(mention.text) or is_title(mention.text):
        reached = coreference.description(mention, before)
        if reached is not None:
            return reached.entity, evidence.DESCRIPTION, reached.weight, reached.margin
    described = mentions.described(mention)
    return described, evidence.AS_DESCRIBED, 1.0, 1.0


def _source_evidence(text: str, quotation: Quotation) -> str:
    source = quotation.source[0]
    if _COLON.fullmatch(text, source.end, max(source.end, quotation.start)):
        return evidence.LAYOUT
    if quotation.end <= source.start and _DASH.fullmatch(text, quotation.end, source.start):
        return evidence.LAYOUT
    return evidence.CUE if quotation.cue else evidence.LINK


def _followed_on(text: str, quotation: Quotation, earlier: Sequence[Attribution]) -> Attribution:
    """A quotation without a source: the speaker of the one before, where it goes on at once."""
    before = earlier[-1] if earlier else None
    if before is not None and before.entity is not None and _goes_on(text, quotation, before):
        return replace(
            before,
            quotation=replace(quotation, source=before.quotation.source),
            source=evidence.FOLLOW_ON,
        )
    return Attribution(quotation, None, evidence.NO_SOURCE, evidence.UNRESOLVED, reason=NO_SOURCE)


def _goes_on(text: str, quotation: Quotation, before: Attribution) -> bool:
    """Does a quotation open with a mark just behind the sentence of the one before?"""
    earlier = before.quotation
    if not (earlier.quoted and quotation.quoted):
        return False
    if quotation.quoted[0].start != quotation.start:
        return False
    spans = (*earlier.content, *earlier.source, *earlier.cue)
    end = max((span.end for span in spans if span.end <= quotation.start), default=0)
    near = quotation.start - end <= _FOLLOW_ON_GAP
    return near and _SENTENCE_END.search(text, end, quotation.start) is not None


def _with_speaker(attribution: Attribution, threshold: float) -> Quotation:
    quotation, entity = attribution.quotation, attribution.entity
    if entity is None:
        return _unnamed(attribution, attribution.reason or NO_SOURCE)
    probability = released().probability(attribution)
    if probability < threshold:
        weak = WEAK.format(entity.name, quotation.source[0].text, probability, threshold)
        return _unnamed(attribution, weak)
    speaker = Speaker(
        entity.name,
        entity.type,
        mentions=_with(entity.mentions, quotation.source),
        confidence=round(probability, 4),
        evidence=attribution.evidence,
    )
    return replace(quotation, speaker=speaker)


def _with(mentions: Sequence[Span], source: Sequence[Span]) -> tuple[Span, ...]:
    """The mentions in order and a source among them; of very many those around the source."""
    near = bisect_left(mentions, source[0]) if source else 0
    found = list(mentions[max(0, near - _MENTIONS) : near + _MENTIONS])
    for span in source:
        at = bisect_left(found, span)
        if found[at : at + 1] != [span]:
            found.insert(at, span)
    return tuple(found)


def _unnamed(attribution: Attribution, reason: str) -> Quotation:
    speaker = Speaker(
        None,
        mentions=attribution.quotation.source,
        unknown_reason=reason,
        evidence=attribution.evidence,
    )
    return replace(attribution.quotation, speaker=speaker)
