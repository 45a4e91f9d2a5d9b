"""Which entities a pronoun or description stands for, with a weight for each.

The model gives earlier mentions with weights. Here chains of mentions are followed to where they
end, and the weights meet what the text says: a "she" is no man, "it" is no person, somebody is
rarely the "he" of the words about him, and a name that opens its clause is likelier meant than
one behind a preposition.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from quotestance.document import Extraction, Quotation, Span
from quotestance.speakers import gender
from quotestance.speakers.descriptions import Description, Introductions, parse
from quotestance.speakers.forms import PERSON
from quotestance.speakers.mentions import GROUP, Mentions, kind_of
from quotestance.speakers.names import Entity
from quotestance.speakers.spans import SpanIndex
from quotestance.vocabulary import (
    FIRST_PERSON,
    PERSON_PRONOUNS,
    PLURAL_PRONOUNS,
    PRONOUNS,
    THING_PRONOUNS,
    plain,
)

_PRONOUN_REACH = 500  # characters over which the weight of a pronoun's antecedent falls to 1/e
_NAMELESS = 0.5  # what a description counts beside a name as the antecedent of a pronoun
_DEPENDENT = 0.7  # what a name behind a preposition counts
_IN_OTHER_WORDS = 0.3  # what a mention inside a quotation counts for a pronoun outside it
_MANY_FOR_ONE = 0.3  # what one person counts as "they"
_LEAST_EVIDENCE = 0.02  # weight of all antecedents of a pronoun below which it stays unresolved
_LEAST_OF_ONE = 0.3  # the same, below which one person is not meant by "they"
_MANY = re.compile(r"\b[a-z]{2,}[^\Wsu\d]s\b|\b(?:people|men|women|children|police)\b")
_BARE = 0.1  # what a lone word that may be a place counts as "he" beside somebody known
_SPEAKER_BEFORE = 0.05  # what the speaker of the quotation before counts for a pronoun
_RELATIVE_REACH = 80  # characters between a name and the "who" of its clause
_SPEAKER_REACH = 600  # characters between two sources that are likely of one speaker
_SAME_HEAD = 0.1  # weight from which a longer description with the same noun is the antecedent
_DESCRIBED = 0.5  # weight of a description's antecedent from which it stands for that
_FITTING = 0.4  # how well a description must fit somebody to mean them
_NEAR = 400  # characters over which a mention grows stale for a description
_RECENT = 20_000  # characters before a description in which whom it means was mentioned
_CANDIDATES = 30  # people compared with a description, at most
_LINK_TOO = 0.5  # what the weaker of fit and link adds to the stronger
_FRESH = 0.2  # what being mentioned just before, or speaking before, adds
_OWNED = re.compile(r"(?:his|her|their|its)\b|(?:\S+\s+){0,3}\S+[’']s?\s", re.IGNORECASE)
_MARGIN = 0.1  # by which a description must fit one person better than all others


@dataclass(frozen=True)
class Reached:
    """An entity that a mention stands for, how sure that is and by how much it leads."""

    entity: Entity
    weight: float
    margin: float


class Coreference:
    """The entities that the pronouns and descriptions of a text stand for.

    It goes through the text once: ask for mentions in the order of their quotations, and tell it
    each quotation's speaker.
    """

    def __init__(self, extraction: Extraction, mentions: Mentions) -> None:
        self._text = extraction.text
        self._mentions = mentions
        self._antecedents = extraction.antecedents
        people = {
            str(id(entity)): entity for entity in mentions.by_span.values() if entity.type == PERSON
        }
        places = {person: entity.mentions for person, entity in people.items()}
        self._people = people
        self._genders = gender.Genders(extraction.text, places, extraction.antecedents)
        self._introductions = Introductions(extraction.text, places.items())
        self._contents = SpanIndex({s for q in extraction.quotations for s in q.content})
        self._own: dict[Span, set[Span]] = defaultdict(set)
        for quotation in extraction.quotations:
            for source in quotation.source:
                self._own[source].update(quotation.content)
        self._quoted = {
            mentions.by_span[source]
            for quotation in extraction.quotations
            for source in quotation.source
            if quotation.kind == "direct" and source in mentions.by_span
        }
        self._speakers: dict[Span, Entity] = {}
        self._waiting = sorted(extraction.antecedents, reverse=True)
        self._found: dict[Span, dict[Entity, float]] = {}

    def tell(self, quotation: Quotation, entity: Entity, weight: float) -> None:
        """Remembers a quotation's speaker, and how sure that is, for what refers to it."""
        for span in quotation.content:
            self._speakers[span] = entity
        for source in quotation.source:
            self._found[source] = {entity: weight}

    def outer(self, mention: Span) -> Entity | None:
        """The speaker of the innermost quotation that a mention stands in."""
        around = [
            s for s in self._contents.meeting(mention.start, mention.end) if s in self._speakers
        ]
        inner = min(around, key=lambda span: span.end - span.start, default=None)
        return None if inner is None else self._speakers[inner]

    def pronoun(self, mention: Span, before: tuple[Span, Entity] | None) -> Reached | None:
        """Whom a pronoun means; ``before`` are source and speaker of the quotation before."""
        self._settle(mention)
        if plain(mention.text) == "who":
            before = self._name_before(mention) or before
        return _best(self._pronoun(mention, before))

    def _name_before(self, mention: Span) -> tuple[Span, Entity] | None:
        """The name that a relative pronoun follows: "Ada Lind, the envoy, who"."""
        for span in self._mentions.names.before(mention.start, _RELATIVE_REACH):
            entity = self._mentions.by_span[span]
            if entity.type == PERSON and not gender.is_dependent(self._text, span):
                return span, entity
        return None

    def description(self, mention: Span, before: tuple[Span, Entity] | None) -> Reached | None:
        """Whom a definite description means."""
        self._settle(mention)
        said = parse(mention.text)
        if said is None:
            return None
        if kind_of(mention.text) != PERSON:
            return self._body_or_group(mention, said)
        owned = _OWNED.match(mention.text) is not None
        weights = {} if owned else self._linked(mention)
        genders = gender.of_words([said.head])
        scores: dict[Entity, float] = {}
        for entity, distance in self._recent(mention, said).items():
            fit = self._introductions.fit(str(id(entity)), said)
            fit *= self._genders.fit(str(id(entity)), genders)
            weight = weights.get(entity, 0.0)
            fresh = _FRESH * (math.exp(-distance / _NEAR) + _spoke_before(entity, mention, before))
            if (not fit or fit + fresh < _FITTING) and weight < _DESCRIBED:
                continue
            scores[entity] = max(fit, weight) + _LINK_TOO * min(fit, weight) + fresh
        ranked = sorted(scores.values(), reverse=True)
        if not ranked or (len(ranked) > 1 and ranked[0] - ranked[1] < _MARGIN):
            return None
        entity = max(scores, key=scores.__getitem__)
        second = ranked[1] if len(ranked) > 1 else 0.0
        return Reached(entity, min(1.0, ranked[0]), ranked[0] - second)

    def _settle(self, mention: Span) -> None:
        """Resolves the pronouns up to a mention, each from those before it."""
        while self._waiting and self._waiting[-1] < mention:
            earlier = self._waiting.pop()
            if plain(earlier.text) in PRONOUNS and earlier not in self._found:
                self._found[earlier] = self._pronoun(earlier, None)

    def _pronoun(self, mention: Span, before: tuple[Span, Entity] | None) -> dict[Entity, float]:
        word = plain(mention.text)
        said = gender.of_word(word)
        many = word in PLURAL_PRONOUNS
        weights: dict[Entity, float] = defaultdict(float)
        for candidate, weight in self._antecedents.get(mention, ()):
            weight *= math.exp((candidate.end - mention.start) / _PRONOUN_REACH)
            weight *= self._place(candidate, mention)
            for entity, share in self._shares(candidate).items():
                one = many and entity.type == PERSON
                if not (one and self._group_between(candidate, mention)):
                    weights[entity] += weight * share * self._agreement(word, said, entity)
        if before is not None and _spoke_before(before[1], mention, before):
            one = many and before[1].type == PERSON
            agrees = 0.0 if one else self._agreement(word, said, before[1])
            weights[before[1]] += _SPEAKER_BEFORE * agrees
        # The weight of "none", and of what is no mention, is no evidence.
        total = max(sum(weights.values()), _LEAST_EVIDENCE)
        for_one = max(total, _LEAST_OF_ONE) if many else total
        return {
            entity: weight / (for_one if entity.type == PERSON else total)
            for entity, weight in weights.items()
            if weight > 0
        }

    def _place(self, candidate: Span, mention: Span) -> float:
        """How far the place of a candidate speaks for it as the antecedent of a pronoun."""
        factor = 1.0
        around = self._contents.meeting(candidate.start, candidate.end)
        if any(span in self._own.get(mention, ()) for span in around):
            return 0.0  # nobody is the "he" whom his own words are about
        if any(not (span.start <= mention.start < span.end) for span in around):
            factor *= _IN_OTHER_WORDS
        if candidate not in self._mentions.by_span:
            factor *= 1.0 if plain(candidate.text) in PRONOUNS else _NAMELESS
        elif gender.is_dependent(self._text, candidate):
            factor *= _DEPENDENT
        return factor

    def _group_between(self, candidate: Span, mention: Span) -> bool:
        """May a body or several people that stand between a mention and "they" be meant?"""
        if _MANY.search(self._text, candidate.end, mention.start):
            return True
        named = self._mentions.names.meeting(candidate.end, mention.start)
        return any(self._mentions.by_span[span].type != PERSON for span in named)

    def _agreement(self, word: str, said: str | None, entity: Entity) -> float:
        """How far a pronoun agrees with an entity in number and gender."""
        if word in PERSON_PRONOUNS and entity.type != PERSON:
            return 0.0
        if word in THING_PRONOUNS and entity.type in (PERSON, GROUP):
            return 0.0
        if word in PLURAL_PRONOUNS and entity.type == PERSON:
            return _MANY_FOR_ONE
        person = str(id(entity))
        bare = word in PERSON_PRONOUNS and not self._is_known(entity)
        return self._genders.fit(person, said) * (_BARE if bare else 1.0)

    def _is_known(self, entity: Entity) -> bool:
        """Does the text show somebody to be a person: by two words of a name, a role, a speech?"""
        person = str(id(entity))
        return (
            " " in entity.name
            or entity in self._quoted
            or self._introductions.knows(person)
            or self._genders.knows(person)
        )

    def _linked(self, mention: Span) -> dict[Entity, float]:
        weights: dict[Entity, float] = defaultdict(float)
        for candidate, weight in self._antecedents.get(mention, ()):
            for entity, share in self._shares(candidate).items():
                weights[entity] += weight * share
        return dict(weights)

    def _shares(self, candidate: Span) -> Mapping[Entity, float]:
        """The entities that an antecedent stands for itself."""
        if candidate in self._found:
            return self._found[candidate]
        if plain(candidate.text) in FIRST_PERSON:
            outer = self.outer(candidate)
            return {outer: 1.0} if outer else {}
        if plain(candidate.text) in PRONOUNS:
            return {}
        named = self._mentions.by_span.get(candidate)
        if named is None:
            found = self._mentions.named(candidate)
            named = found[0] if found else self._mentions.described(candidate)
        self._found[candidate] = {named: 1.0}
        return self._found[candidate]

    def _recent(self, mention: Span, said: Description) -> dict[Entity, int]:
        """People named before a mention, those of its role first, with their distance."""
        found: dict[Entity, int] = {}
        for span in self._mentions.names.before(mention.start, _RECENT):
            entity = self._mentions.by_span[span]
            if entity.type == PERSON and entity not in found:
                found[entity] = mention.start - span.end
            if len(found) >= _CANDIDATES:
                break
        for person in self._introductions.candidates(said, _CANDIDATES):
            entity = self._people[person]
            at = bisect_left(entity.mentions, mention)
            if at and entity not in found:
                found[entity] = mention.start - entity.mentions[at - 1].end
        return found

    def _body_or_group(self, mention: Span, said: Description) -> Reached | None:
        """A body by its name, or a longer description: "the envoys" for "two Kestrian envoys"."""
        if said.names or " and " in mention.text:
            return None
        weights: dict[Entity, float] = defaultdict(float)
        for candidate, weight in self._antecedents.get(mention, ()):
            if self._mentions.named(candidate) is None:
                other = parse(candidate.text)
                if (
                    other is None
                    or other.head != said.head
                    or len(other.modifiers) < len(said.modifiers)
                ):
                    continue
                weight = max(weight, _DESCRIBED) if weight >= _SAME_HEAD else weight
            for entity, share in self._shares(candidate).items():
                if entity.type != PERSON:
                    weights[entity] += weight * share
        best = _best(weights)
        return best if best and best.weight >= _DESCRIBED else None


def _spoke_before(entity: Entity, mention: Span, before: tuple[Span, Entity] | None) -> bool:
    """Is it the speaker of the quotation before, and that one near?"""
    near = before is not None and mention.start - before[0].end < _SPEAKER_REACH
    return near and before is not None and before[1] is entity


def _best(weights: Mapping[Entity, float]) -> Reached | None:
    ranked = sorted(weights.items(), key=lambda item: -item[1])
    if not ranked:
        return None
    second = ranked[1][1] if len(ranked) > 1 else 0.0
    return Reached(*ranked[0], ranked[0][1] - second)
