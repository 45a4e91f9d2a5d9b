"""Role and affiliation of speakers, from the words around the places that name them.

Read are titles before a name ("Kestrian Foreign Minister Ilse Varga"), phrases set off by commas,
dashes or brackets on either side ("Ilse Varga, who heads the Alden Institute,"), and "Varga is the
minister". People without a name have what their own description says. Bodies, countries and
documents have none.

Roles are in lower case save names and initialisms, abbreviated titles written out: "deputy U.N.
ambassador", "senator". Affiliations are words of the text; a demonym stays one ("Kestrian") unless
the text names the country with the same stem ("Kestria"). Where a text gives several roles, a
quotation has the last one given before it ends, as full as the text has it ("minister" of a
"foreign minister"); if there is none, the first behind it. What somebody is among others ("a former
teacher") counts only where the text says no more.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from quotestance.document import Quotation, Span, Speaker
from quotestance.roles.apposition import phrases_around
from quotestance.roles.phrases import Phrase, phrase_at
from quotestance.roles.tokens import Tokens
from quotestance.vocabulary import CHANGING, DETERMINERS, PRONOUNS, is_role_noun

_PEOPLE = frozenset(("person", "group", "unknown"))
_LONGEST = 40  # tokens of a mention that are read


@dataclass(frozen=True, slots=True)
class _Fact:
    """What one place of a text says of somebody.

    ``named`` where it does so beside the name; ``loose`` where it says only what they are among
    others: "a former teacher".
    """

    at: int
    role: str | None
    affiliation: str | None
    named: bool
    loose: bool


def with_roles(text: str, quotations: Sequence[Quotation]) -> tuple[Quotation, ...]:
    """The quotations of a text, their speakers with role and affiliation where it gives them.

    The speakers' mentions must be spans of ``text``.
    """
    mentions: dict[tuple[str, str], set[Span]] = defaultdict(set)
    for quotation in quotations:
        speaker = quotation.speaker
        if speaker is not None and speaker.name and speaker.type in _PEOPLE:
            mentions[speaker.name, speaker.type].update(speaker.mentions)
    if not mentions:
        return tuple(quotations)
    tokens = Tokens(text)
    profiles = {key: _Profile(tokens, key[0], spans) for key, spans in mentions.items()}
    completed = []
    for quotation in quotations:
        speaker = quotation.speaker
        if speaker is not None and speaker.name and (speaker.name, speaker.type) in profiles:
            end = max(s.end for s in (*quotation.content, *quotation.source, *quotation.cue))
            profile = profiles[speaker.name, speaker.type]
            quotation = replace(quotation, speaker=profile.complete(speaker, end))
        completed.append(quotation)
    return tuple(completed)


class _Profile:
    """All that a text says of one speaker."""

    def __init__(self, tokens: Tokens, name: str, mentions: set[Span]) -> None:
        self.tokens = tokens
        found = {_fact(tokens, name, mention) for mention in mentions}
        facts = sorted((fact for fact in found if fact is not None), key=lambda fact: fact.at)
        named = [fact for fact in facts if fact.named]
        with_role = [fact for fact in named if fact.role]
        self.roles = with_role or [fact for fact in facts if fact.role]
        self.places = [fact for fact in named if not fact.role]
        self.firm = [fact for fact in self.roles if not fact.loose]
        self.distinct = list({(fact.role, fact.affiliation): fact for fact in self.roles}.values())

    def complete(self, speaker: Speaker, end: int) -> Speaker:
        """The speaker with the role and affiliation that hold for words ending at ``end``."""
        firm = bool(self.firm) and self.firm[0].at <= end
        fact = _nearest(self.firm if firm else self.roles, end)
        place = _nearest(self.places, end)
        role = affiliation = None
        if fact is not None:
            fullest = max((fact, *self._fuller(fact)), key=lambda f: (len(f.role or ""), f is fact))
            role = fullest.role
            known = (f.affiliation for f in (fact, fullest, *self._fuller(fact)))
            affiliation = next(filter(None, known), None)
        if affiliation is None and place is not None:
            affiliation = place.affiliation
        if affiliation is not None:
            affiliation = self.tokens.country(affiliation)
        return replace(speaker, role=role, affiliation=affiliation)

    def _fuller(self, fact: _Fact) -> list[_Fact]:
        """Facts with the same role, or with one that only says more."""
        words = set((fact.role or "").split())
        found = []
        for other in self.distinct:
            more = set((other.role or "").split()) - words
            if words <= set((other.role or "").split()) and more.isdisjoint(CHANGING):
                found.append(other)
        return found


def _nearest(facts: Sequence[_Fact], end: int) -> _Fact | None:
    """The last fact before an offset, else the first behind it."""
    if not facts:
        return None
    return facts[max(bisect_right(facts, end, key=lambda fact: fact.at) - 1, 0)]


def _fact(tokens: Tokens, name: str, mention: Span) -> _Fact | None:
    if mention.text.lower() in PRONOUNS:
        return None
    start = tokens.at(mention.start)
    end = min(tokens.at(mention.end), start + _LONGEST)
    words = [tokens.word(n).lower() for n in range(start, end)]
    core = None if _is_description(name) else _core(name, words)
    if core is not None:
        first, last = start + core[0], start + core[1]
        phrase = _combined(phrases_around(tokens, first, last))
    else:
        phrase = phrase_at(tokens, start, end, determined=True)
    if phrase is None or not (phrase.role or phrase.affiliation):
        return None
    named = core is not None or _is_description(name)
    return _Fact(mention.start, phrase.role, phrase.affiliation, named, phrase.loose)


def _is_description(name: str) -> bool:
    """Is a speaker's name no name but a description: "a senior official"?"""
    words = name.replace("’", "'").replace("'s", "").split()
    nouns = [word for word in words if is_role_noun(word, words[0].lower() in DETERMINERS)]
    return any(noun.islower() for noun in nouns) or (
        bool(nouns) and (words[0].lower() in DETERMINERS or "'s " in name.replace("’", "'"))
    )


def _core(name: str, words: Sequence[str]) -> tuple[int, int] | None:
    """Where the words of a name stand in a mention, without a title that is part of the name."""
    parts = {part.strip("()“”\"',").lower() for part in name.replace("’s", "").split()}
    parts |= {part.rstrip(".") for part in parts}
    inside = [n for n, word in enumerate(words) if word in parts or word.rstrip(".") in parts]
    if not inside:
        return None
    last = inside[0]
    while last + 1 in inside:
        last += 1
    first = inside[0]
    while first < last and is_role_noun(words[first], False):
        first += 1
    return first, last + 1


def _combined(phrases: Sequence[Phrase]) -> Phrase | None:
    """One phrase of those around a name: one that says both, or a role and another's body."""
    firm = [phrase for phrase in phrases if phrase.role and not phrase.loose]
    roles = firm or [phrase for phrase in phrases if phrase.role]
    full = [phrase for phrase in roles if phrase.affiliation]
    if full:
        return full[0]
    places = [phrase for phrase in phrases if not phrase.role]
    if roles and places:
        return replace(roles[0], affiliation=places[0].affiliation)
    return next(iter(roles or places), None)
