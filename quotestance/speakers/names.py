"""The names of a text, clustered: who and what it speaks of, by the fullest name it gives.

Short forms, other spellings and abbreviations are given to the longer name they stand for,
mention by mention: of two people with one surname each mention takes the one that its title
allows and that was named last.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from quotestance.document import Extraction, Span
from quotestance.speakers import gender
from quotestance.speakers.abbreviations import abbreviations
from quotestance.speakers.forms import (
    ORGANIZATION,
    PERSON,
    body_key,
    is_form_of,
    key,
    skeleton,
    without_suffix,
)
from quotestance.speakers.whole_names import whole_names

_HEADLINE = 150  # characters at the start of a text in which a headline may run on behind a name


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
    for name in whole_names(extraction, list(explained.values())):
        written = " ".join(name.span.text.split())
        form = key(written) if name.type == PERSON else body_key(written)
        entity = forms.setdefault((name.type, form), Entity(written, name.type))
        entity.mentions.append(name.span)
    aliases = {key(short): body_key(full.text) for short, full in explained.items()}
    return _merged(text, forms, aliases)


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
        prefix = _before_headline(forms, kind, words, entity)
        if prefix is not None:
            prefix.mentions.extend(entity.mentions)
            continue
        near = {id(item): item for edge in _edges(words, kind) for item in by_edge[kind, edge]}
        longer = [
            item
            for item in near.values()
            if is_form_of(words, item.words, kind) or (words[0] in item.halves and len(words) == 1)
        ]
        if alias is not None and alias is not entity:
            alias.mentions.extend(entity.mentions)
        elif longer:
            for mention in entity.mentions:
                _nearest(text, mention, words, longer).mentions.append(mention)
        else:
            roots.append(entity)
            item = _longer(text, words, entity)
            for edge in {*_edges(words, kind), *item.halves}:
                by_edge[kind, edge].append(item)
    for entity in roots:
        entity.mentions.sort()
    return roots


def _edges(words: list[str], kind: str) -> set[str]:
    """What a short form and its longer name have in common, to find one by the other."""
    if kind != PERSON:
        return {words[0], words[-1]}
    bare = without_suffix(words)
    return {bare[0], bare[-1], "~" + skeleton(bare[-1]), "~" + skeleton(bare[0])}


def _before_headline(
    forms: Mapping[tuple[str, str], Entity], kind: str, words: list[str], entity: Entity
) -> Entity | None:
    """The name that a headline runs on behind: "Ada Lind Quits", where "Ada Lind" stands too."""
    if kind != PERSON or len(words) < 3 or entity.mentions[-1].start > _HEADLINE:
        return None
    if len(entity.mentions) > 1 or (kind, words[-1]) in forms:
        return None
    prefixes = (forms.get((kind, " ".join(words[:size]))) for size in range(len(words) - 1, 1, -1))
    return next((prefix for prefix in prefixes if prefix is not None), None)


def _longer(text: str, words: list[str], entity: Entity) -> _Longer:
    mentions = sorted(entity.mentions)
    genders = [found for m in mentions if (found := gender.of_title(text, m))]
    free = [m.start for m in mentions if not gender.is_dependent(text, m)]
    halves = entity.name.split()[-1].split("-") if entity.type == PERSON else []
    return _Longer(
        words,
        frozenset(key(half) for half in halves) if len(halves) > 1 else frozenset(),
        entity,
        free or [m.start for m in mentions],
        max(genders, key=genders.count, default=None),
        gender.is_kin(text, mentions[0]),
    )


def _nearest(text: str, mention: Span, words: list[str], longer: list[_Longer]) -> Entity:
    """Of several longer names the one that suits a mention's title and was named last."""
    if len(longer) == 1:
        return longer[0].entity
    title = gender.of_title(text, mention)

    def rank(item: _Longer) -> tuple[bool, bool, bool, int]:
        before = bisect_right(item.starts, mention.start)
        distance = mention.start - item.starts[before - 1] if before else 10**9 + item.starts[0]
        other_gender = bool(title and item.gender and title != item.gender)
        return item.words[-len(words) :] != words, other_gender, item.is_kin, distance

    return min(longer, key=rank).entity
