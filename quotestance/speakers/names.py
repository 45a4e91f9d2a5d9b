"""The names of a text, clustered: who and what it speaks of, by the fullest name it gives.

Short forms, other spellings and abbreviations are given to the longer name they stand for,
mention by mention: of two people with one surname each mention takes the one that its title
allows and that was named last.
"""

from __future__ import annotations

import re
from bisect import bisect_right, insort
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from quotestance.document import Extraction, Span
from quotestance.speakers import gender
from quotestance.speakers.abbreviations import abbreviations, initials
from quotestance.speakers.forms import (
    ORGANIZATION,
    PERSON,
    body_key,
    is_form_of,
    key,
    skeleton,
    without_suffix,
)
from quotestance.speakers.handles import handles, owner
from quotestance.speakers.whole_names import whole_names

_NAMESAKES = 50  # longer names with one first or last word that a short form is compared with
_HEADLINE = 150  # characters at the start of a text in which a headline may run on behind a name
_TITLE_CASE = re.compile(r"[ \t]+[A-Z]|[ \t]*\n")


@dataclass(eq=False)
class Entity:
    """A person, body or place of one document, with all its mentions in order."""

    name: str
    type: str
    mentions: list[Span] = field(default_factory=list)


@dataclass(frozen=True, eq=False)
class _Longer:
    """A name that shorter forms may stand for; ``starts`` are where it is a sentence's own."""

    words: list[str]
    halves: frozenset[str]  # of a hyphenated surname
    entity: Entity
    starts: list[int]
    gender: str | None
    is_kin: bool


def entities_of(extraction: Extraction) -> list[Entity]:
    """The persons, bodies and places that a text names, each with all its mentions."""
    text = extraction.text
    explained = abbreviations(text)
    forms: dict[tuple[str, str], Entity] = {}
    for name in whole_names(extraction, explained):
        written = " ".join(name.span.text.split())
        form = key(written) if name.type == PERSON else body_key(written)
        entity = forms.setdefault((name.type, form), Entity(written, name.type))
        entity.mentions.append(name.span)
    aliases = _by_initials(forms)
    aliases.update({key(short): body_key(full.text) for short, full in explained.items()})
    entities = _merged(text, forms, aliases)
    _give_handles(text, [entity for entity in entities if entity.type == PERSON])
    return entities


def _give_handles(text: str, people: Sequence[Entity]) -> None:
    """Makes each handle a mention of the person whose it is, if it is one's of the text."""
    found = handles(text)
    names = [entity.name for entity in people]
    owners = {written: owner(written, names) for written in {handle.text for handle in found}}
    for handle in found:
        person = owners[handle.text]
        if person is not None:
            insort(people[person].mentions, handle)


def _by_initials(forms: Mapping[tuple[str, str], Entity]) -> dict[str, str]:
    """Abbreviations that the text does not explain, where one body alone has the initials."""
    bodies = defaultdict(list)
    for (kind, form), entity in forms.items():
        if kind == ORGANIZATION and len(form.split()) > 2:
            bodies[initials(entity.name)].append(form)
    return {
        form: bodies[entity.name][0]
        for (_, form), entity in forms.items()
        if entity.name.isupper() and len(bodies.get(entity.name, ())) == 1
    }


def _merged(
    text: str, forms: Mapping[tuple[str, str], Entity], aliases: Mapping[str, str]
) -> list[Entity]:
    """Each short form given to the longer name it stands for, mention by mention."""
    roots: list[Entity] = []
    by_edge: dict[tuple[str, str], list[_Longer]] = defaultdict(list)
    for (kind, form), entity in sorted(forms.items(), key=lambda item: -len(item[0][1].split())):
        words = form.split()
        if not words:
            continue
        alias = forms.get((ORGANIZATION, aliases[form])) if form in aliases else None
        prefix = _before_headline(text, forms, kind, words, entity)
        if prefix is not None:
            prefix.mentions.extend(entity.mentions)
            continue
        if alias is not None and alias is not entity:
            alias.mentions.extend(entity.mentions)
            continue
        near = {id(item): item for edge in _edges(words, kind) for item in by_edge[kind, edge]}
        longer = [item for item in near.values() if _may_stand_for(words, item, kind)]
        title = _title(text, entity.mentions)
        kept = []
        for mention in entity.mentions:
            said = gender.of_title(text, mention) or title
            agreeing = [item for item in longer if not (said and item.gender not in (None, said))]
            if agreeing:
                _nearest(mention, words, agreeing).mentions.append(mention)
            else:
                kept.append(mention)
        if kept:
            entity.mentions = kept
            roots.append(entity)
            item = _longer(text, words, entity)
            for edge in {*_edges(words, kind), *item.halves}:
                if len(by_edge[kind, edge]) < _NAMESAKES:
                    by_edge[kind, edge].append(item)
    for entity in roots:
        entity.mentions.sort()
    return roots


def _may_stand_for(words: list[str], longer: _Longer, kind: str) -> bool:
    return is_form_of(words, longer.words, kind) or (len(words) == 1 and words[0] in longer.halves)


def _title(text: str, mentions: list[Span]) -> str | None:
    """The gender that most of the titles before a name give."""
    found = [said for mention in mentions if (said := gender.of_title(text, mention))]
    return max(found, key=found.count, default=None)


def _edges(words: list[str], kind: str) -> set[str]:
    """What a short form and its longer name have in common, to find one by the other."""
    if kind != PERSON:
        return {words[0], words[-1]}
    bare = without_suffix(words)
    return {bare[0], bare[-1], "~" + skeleton(bare[-1]), "~" + skeleton(bare[0])}


def _before_headline(
    text: str, forms: Mapping[tuple[str, str], Entity], kind: str, words: list[str], entity: Entity
) -> Entity | None:
    """The name that a headline runs on behind: "Ada Lind Quits", where "Ada Lind" stands too."""
    if kind != PERSON or len(words) < 3 or entity.mentions[-1].start > _HEADLINE:
        return None
    if len(entity.mentions) > 1 or (kind, words[-1]) in forms:
        return None
    if not _TITLE_CASE.match(text, entity.mentions[0].end):
        return None
    prefixes = (forms.get((kind, " ".join(words[:size]))) for size in range(len(words) - 1, 1, -1))
    return next((prefix for prefix in prefixes if prefix is not None), None)


def _longer(text: str, words: list[str], entity: Entity) -> _Longer:
    mentions = sorted(entity.mentions)
    free = [m.start for m in mentions if not gender.is_dependent(text, m)]
    halves = entity.name.split()[-1].split("-") if entity.type == PERSON else []
    return _Longer(
        words,
        frozenset(key(half) for half in halves) if len(halves) > 1 else frozenset(),
        entity,
        free or [m.start for m in mentions],
        _title(text, mentions),
        gender.is_kin(text, mentions[0]),
    )


def _nearest(mention: Span, words: list[str], longer: list[_Longer]) -> Entity:
    """Of several longer names the one that ends in the words and was named last."""

    def rank(item: _Longer) -> tuple[bool, bool, int]:
        before = bisect_right(item.starts, mention.start)
        distance = mention.start - item.starts[before - 1] if before else 10**9 + item.starts[0]
        return item.words[-len(words) :] != words, item.is_kin, distance

    return min(longer, key=rank).entity
