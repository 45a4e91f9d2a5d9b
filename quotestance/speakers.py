"""Source mentions to speakers: the fullest name the document gives.

Names come from the model, so no list of people is needed. A surname takes the full name that
ends with it; a pronoun or a definite description takes the name the model's antecedents lead to;
a body or country stays as written; people without a name stay as described. A quotation in
marks without a source goes on with the speaker of the one before it, where nothing but that
quotation's own sentence stands between. What cannot be resolved is null, with the reason.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from quotestance.document import Extraction, Name, Quotation, Span, Speaker

NO_SOURCE = "the text names no source for this quotation"
UNRESOLVED = "the text does not say whom {!r} stands for"

_TITLES = frozenset(
    "mr mrs ms miss dr prof professor sir dame lord lady president premier minister secretary "
    "senator sen representative rep congressman congresswoman governor gov mayor ambassador "
    "envoy chancellor king queen prince princess pope general gen colonel col lieutenant lt "
    "captain capt major maj admiral adm sergeant sgt judge justice chairman chairwoman "
    "spokesman spokeswoman spokesperson commissioner director chief vice deputy former prime "
    "foreign interim acting sheikh ayatollah emir sultan emeritus rev reverend hon".split()
)
_PERSON_PRONOUNS = frozenset("he she him her himself herself".split())
_PLURAL_PRONOUNS = frozenset("they them themselves we us".split())
_NO_GIVEN_NAMES = frozenset(
    "the a an and or but on in at by for from of to with as if when while after before since "
    "that this these those he she they it we you i his her their its later earlier then now "
    "also however meanwhile both all some many most no not yes what who how why where which "
    "there here monday tuesday wednesday thursday friday saturday sunday january february "
    "march april may june july august september october november december democrat democratic "
    "republican conservative liberal labour tory islamist reporter reporters analyst said "
    "says told asked u.s u.k u.n eu gop mr".split()
)
_PRONOUNS = _PERSON_PRONOUNS | _PLURAL_PRONOUNS | frozenset("it itself who i".split())
_DOCUMENTS = frozenset(
    "statement report letter editorial article assessment communique communiqué release "
    "survey poll study document memo constitution declaration resolution post tweet message "
    "book transcript headline".split()
)
_GROUP_ENDINGS = re.compile(r"(?:[a-z]{2,}s|people|men|women|police|both|others|some|many)$")
_ARTICLE = re.compile(r"^(?:the|a|an)\s+", re.IGNORECASE)
_POSSESSIVE = re.compile(r"[’']s?$")
_OF = re.compile(r"\b(?:for|of|from|to|by|with|at|on|in|about|against)\s+$")
_APPOSITION = re.compile(r",|\s+(?:who|which|that|whose)\b|\s*[(—–]")
_PARTICLES = frozenset(
    "al el bin ben ibn van von der den de da di del della dos du la le abu".split()
)
# A period belongs to an initial and to an abbreviated title, else it ends the sentence.
_WORD = re.compile(
    r"[^\W\d_]\.(?:[^\W\d_]\.)*|(?:Mr|Mrs|Ms|Dr|Prof|Sen|Rep|Gov|Gen|Col|Lt|Capt|Maj|Adm|Sgt|Rev)\."
    r"|[^\W_]+(?:[.'’-][^\W_]+)*"
)

_RESOLVED = 0.35  # weight of an antecedent above which a pronoun is resolved
_DESCRIBED = 0.5  # the same for a description, which can also stand for itself
_PRONOUN_REACH = 500  # characters over which the weight of an antecedent of a pronoun falls to 1/e
_LEAST_EVIDENCE = 0.1  # weight of all antecedents of a pronoun below which it stays unresolved
_FOLLOW_ON_GAP = 30  # characters between a sentence with a source and the quotation after it
_FOLLOW_ON_WEIGHT = 0.8


@dataclass
class _Entity:
    """All that one document says of one person, body or place."""

    name: str
    type: str
    mentions: list[Span] = field(default_factory=list)

    def speaker(self, confidence: float) -> Speaker:
        return Speaker(
            self.name, self.type, mentions=tuple(sorted(self.mentions)), confidence=confidence
        )


def resolve_speakers(extraction: Extraction) -> tuple[Quotation, ...]:
    """The quotations of an extraction, each with its speaker."""
    directory = _Directory(extraction)
    resolved: list[Quotation] = []
    for quotation, weight in zip(extraction.quotations, extraction.weights, strict=True):
        if quotation.source:
            speaker = directory.speaker_of(quotation.source[0], weight)
        else:
            speaker = Speaker(None, unknown_reason=NO_SOURCE)
            before = _sentence_before(extraction.text, quotation, resolved)
            if before is not None and before.speaker and before.speaker.name:
                confidence = (before.speaker.confidence or 0) * _FOLLOW_ON_WEIGHT
                speaker = replace(before.speaker, confidence=round(confidence, 4))
                quotation = replace(quotation, source=before.source)
        resolved.append(replace(quotation, speaker=speaker))
    return tuple(resolved)


def _sentence_before(
    text: str, quotation: Quotation, earlier: Sequence[Quotation]
) -> Quotation | None:
    """The quotation whose own sentence ends just before a quotation that opens with a mark."""
    if not quotation.quoted or quotation.quoted[0].start != quotation.start:
        return None
    for candidate in reversed(earlier):
        spans = (*candidate.content, *candidate.source, *candidate.cue)
        end = max((span.end for span in spans if span.end <= quotation.start), default=0)
        stop = re.compile(r"[.!?]?[”\"’»]?\s*$|[.!?:]\s").search(text, end, quotation.start)
        if stop is not None and quotation.start - end <= _FOLLOW_ON_GAP:
            return candidate if candidate.quoted else None
    return None


class _Directory:
    """The entities of a document, and which of them a mention stands for."""

    def __init__(self, extraction: Extraction) -> None:
        self.text = extraction.text
        self.names = extraction.names
        self.antecedents = extraction.antecedents
        self.entities = _entities(extraction.text, _with_unseen_names(extraction))
        self.by_span = {span: entity for entity in self.entities for span in entity.mentions}
        self.described: dict[str, _Entity] = {}
        self.sources = {span for q in extraction.quotations for span in q.source}
        self.resolved: dict[Span, dict[int, float]] = {}

    def speaker_of(self, source: Span, weight: float) -> Speaker:
        """Who a source mention stands for; ``weight`` is how sure the source is."""
        entity, sureness = self._entity_of(source)
        if entity is None:
            return Speaker(None, mentions=(source,), unknown_reason=UNRESOLVED.format(source.text))
        if source not in entity.mentions:
            entity.mentions.append(source)
        return entity.speaker(round(weight * sureness, 4))

    def _entity_of(self, mention: Span) -> tuple[_Entity | None, float]:
        word = mention.text.lower()
        if word in _PRONOUNS:
            entity, weight = self._referent(mention)
            return (entity, weight) if weight >= _RESOLVED else (None, 0.0)
        head = self._head_name(mention)
        if head is not None:
            return head, 1.0
        if not re.match(r"(?:a|an|some|many|several|one|two)\b", word):
            entity, weight = self._referent(mention)
            if entity is not None and weight >= _DESCRIBED:
                return entity, weight
        issuer = self._issuer(mention)
        return issuer or self._description(mention), 0.9

    def _head_name(self, mention: Span) -> _Entity | None:
        """The entity whose name is the head of a mention, not just a word of it."""
        inside = [
            entity_span
            for entity_span in self.by_span
            if entity_span.start < mention.end and entity_span.end > mention.start
        ]
        inside.sort()
        people = [s for s in inside if self.by_span[s].type == "person"]
        dependent = bool(people) and self._depends(mention, people[0])
        for span in [] if dependent else reversed(people):
            behind = self.text[span.end : mention.end]
            is_head = not re.match(r"(?:[’']s?\b)?\s*[^\s,(\[—–;-]", behind) or (
                behind.strip() in ("’s", "'s", "’", "'")
            )
            if is_head:
                return self.by_span[span]
        for span in inside:
            if self.by_span[span].type == "person":
                continue
            behind = _POSSESSIVE.sub("", self.text[span.end : mention.end]).strip()
            capitalized = all(
                w[0].isupper() or w in ("of", "and", "the", "for") for w in behind.split()
            )
            before = self.text[mention.start : span.start]
            plain = all(w[0].isupper() or w in ("the",) for w in before.split())
            if capitalized and plain:
                return self._body(mention, span)
        return None

    def _depends(self, mention: Span, name: Span) -> bool:
        """Is a name the complement of a preposition: "a spokesman for President Ann Lee"?"""
        words = self.text[mention.start : name.start].split()
        while words and _is_title(words[-1].strip(",")):
            words.pop()
        return bool(words) and bool(_OF.search(" ".join(words) + " "))

    def _body(self, mention: Span, name: Span) -> _Entity:
        """A country, government or body: the mention's words, or a longer name ending in them."""
        entity = self.by_span[name]
        written = _plain(mention.text)
        if _key(written) == _key(name.text) or len(written.split()) <= len(name.text.split()):
            return _Entity(entity.name, "organization", entity.mentions)
        return self.described.setdefault(_key(written), _Entity(written, "organization"))

    def _issuer(self, mention: Span) -> _Entity | None:
        """The body that speaks through a document: "a statement from the ministry"."""
        words = [w.lower() for w in _WORD.findall(mention.text)]
        if not _DOCUMENTS & set(words):
            return None
        bodies = [
            span
            for span, entity in self.by_span.items()
            if mention.start <= span.start
            and span.end <= mention.end
            and entity.type == "organization"
        ]
        if not bodies:
            return None
        entity = self.by_span[min(bodies)]
        return _Entity(entity.name, "organization", entity.mentions)

    def _description(self, mention: Span) -> _Entity:
        written = _APPOSITION.split(_POSSESSIVE.sub("", mention.text.strip()), maxsplit=1)[0]
        words = [w.lower() for w in _WORD.findall(written)]
        if words and words[-1] in _DOCUMENTS:
            kind = "document"
        elif words and (_GROUP_ENDINGS.match(words[-1]) or words[0] in ("both", "two", "some")):
            kind = "group"
        else:
            kind = "person" if words else "unknown"
        return self.described.setdefault(_key(written), _Entity(written, kind))

    def _referent(self, mention: Span) -> tuple[_Entity | None, float]:
        """The entity with the most weight among the antecedents, through other mentions too."""
        weights = self._referents(mention, 0)
        if not weights:
            return None, 0.0
        best = max(weights, key=weights.__getitem__)
        return self._numbered[best], weights[best]

    @property
    def _numbered(self) -> list[_Entity]:
        return [*self.entities, *self.described.values()]

    def _referents(self, mention: Span, depth: int) -> dict[int, float]:
        """Weights of entities by their number; a chain of mentions adds to where it ends."""
        if mention in self.resolved:
            return self.resolved[mention]
        wanted = mention.text.lower()
        weights: dict[int, float] = defaultdict(float)
        self.resolved[mention] = weights
        for candidate, weight in self.antecedents.get(mention, ()):
            if wanted in _PRONOUNS:
                weight *= math.exp((candidate.end - mention.start) / _PRONOUN_REACH)
            number = self._number_of(candidate)
            if number is None:
                if candidate.text.lower() in _PRONOUNS or candidate in self.sources:
                    for other, share in self._referents(candidate, depth + 1).items():
                        weights[other] += weight * share
            elif wanted not in _PERSON_PRONOUNS or self._numbered[number].type == "person":
                weights[number] += weight
        total = sum(weights.values())
        if total > 0 and wanted in _PRONOUNS:
            # What the model gave to "none" or to words that are no mention is no evidence.
            for number in weights:
                weights[number] /= max(total, _LEAST_EVIDENCE)
        return weights

    def _number_of(self, span: Span) -> int | None:
        entity = self.by_span.get(span)
        if entity is None and span in self.sources and span.text.lower() not in _PRONOUNS:
            entity = self._head_name(span)
            if entity is None and span.text[:1].isalpha():
                entity = self._description(span)
        if entity is None:
            return None
        for number, known in enumerate(self._numbered):
            if known is entity or (known.name == entity.name and known.type != "person"):
                return number
        return None


def _with_unseen_names(extraction: Extraction) -> list[Name]:
    """The model's names, and sources that look like a name where the model saw none."""
    names = list(extraction.names)
    for quotation in extraction.quotations:
        for source in quotation.source:
            if not any(_overlap(name.span, source) for name in names):
                name = _unseen_name(extraction.text, source)
                if name is not None:
                    names.append(name)
    return names


def _unseen_name(text: str, source: Span) -> Name | None:
    """A source of capitalized words: a person behind a title or of two or three words."""
    words = list(_WORD.finditer(text, source.start, source.end))
    if source.text.lower() in _PRONOUNS or not words or "," in source.text:
        return None
    titles = [n for n, word in enumerate(words[:-1]) if _is_title(word.group())]
    rest = words[titles[-1] + 1 :] if titles else words
    if not all(_is_name_word(word.group()) for word in rest) or _is_title(rest[-1].group()):
        return None
    if titles or (len(rest) in (2, 3) and not _ARTICLE.match(source.text)):
        return Name(Span.of(text, rest[0].start(), rest[-1].end()), "person")
    return Name(source, "organization") if rest[0].group()[0].isupper() else None


def _is_title(word: str) -> bool:
    return word.rstrip(".").lower() in _TITLES


def _overlap(a: Span, b: Span) -> bool:
    return a.start < b.end and b.start < a.end


def _is_name_word(word: str) -> bool:
    return word[0].isupper() or word.lower() in _PARTICLES


def _entities(text: str, names: Sequence[Name]) -> list[_Entity]:
    """Names clustered: a short form belongs to the nearest longer one that it is part of."""
    whole = [_whole(text, name, names) for name in _everywhere(text, names)]
    cleaned = [(name, *_clean(text, name)) for name in whole]
    cleaned = [item for item in cleaned if item[1]]
    forms: dict[tuple[str, str], _Entity] = {}
    for name, written, span in cleaned:
        group = "person" if name.type == "person" else "body"
        entity = forms.get((group, _key(written)))
        if entity is None:
            kind = "person" if group == "person" else "organization"
            entity = forms[group, _key(written)] = _Entity(written, kind)
        entity.mentions.append(span)
    aliases = _aliases(text, forms)
    longest_first = sorted(forms.items(), key=lambda item: -len(item[0][1].split()))
    merged: dict[int, _Entity] = {}
    for (group, key), entity in longest_first:
        target = aliases.get((group, key)) or _longer_form(
            group, key, entity, longest_first, merged
        )
        if target is not None and target is not entity:
            target = merged.get(id(target), target)
            target.mentions.extend(entity.mentions)
            merged[id(entity)] = target
    kept = [entity for entity in forms.values() if id(entity) not in merged]
    for entity in kept:
        entity.mentions.sort()
    return kept


def _longer_form(
    group: str,
    key: str,
    entity: _Entity,
    forms: Sequence[tuple[tuple[str, str], _Entity]],
    merged: Mapping[int, _Entity],
) -> _Entity | None:
    """The entity that a shorter form of a name belongs to: the nearest, surnames first."""
    words = key.split()
    candidates = []
    for (other_group, other_key), other in forms:
        other_words = other_key.split()
        if other_group != group or len(other_words) <= len(words) or id(other) in merged:
            continue
        ends = other_words[-len(words) :] == words
        begins = other_words[: len(words)] == words
        if group == "person":
            initials = (
                len(words) > 1 and words[-1] == other_words[-1] and words[0] == other_words[0]
            )
            fits = ends or begins or initials
        else:
            fits = ends and len(words) > 1
        if fits:
            distance = _distance(other.mentions, entity.mentions)
            candidates.append((not ends, distance, -len(other_words), other))
    if not candidates:
        return None
    return min(candidates, key=lambda candidate: candidate[:3])[3]


def _distance(longer: Sequence[Span], shorter: Sequence[Span]) -> int:
    """Characters from the nearest earlier longer form to the first short one."""
    first = min(shorter).start
    gaps = [first - span.end for span in longer if span.end <= first]
    return min(gaps) if gaps else 1_000_000 + min(longer).start


def _aliases(text: str, forms: Mapping[tuple[str, str], _Entity]) -> dict[tuple[str, str], _Entity]:
    """Short names given in brackets: "the National Security Agency (NSA)"."""
    aliases = {}
    for (group, _), entity in forms.items():
        if group != "body":
            continue
        for span in entity.mentions:
            bracket = re.compile(r"[’'s]*\s*\(([A-Z][A-Za-z.]{1,9})\)").match(text, span.end)
            if bracket and ("body", _key(bracket[1])) in forms:
                aliases["body", _key(bracket[1])] = entity
    return aliases


def _everywhere(text: str, names: Sequence[Name]) -> list[Name]:
    """The names, and the other places where a person's lone name or an abbreviation stands."""
    lone = {
        name.span.text: name.type
        for name in names
        if name.span.text.isalpha() and (name.type == "person" or name.span.text.isupper())
    }
    if not lone:
        return list(names)
    pattern = re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(lone)))})\b")
    found = (Span.of(text, *match.span()) for match in pattern.finditer(text))
    unseen = [span for span in found if not any(_overlap(span, name.span) for name in names)]
    return [*names, *(Name(span, lone[span.text]) for span in unseen)]


def _whole(text: str, name: Name, names: Sequence[Name]) -> Name:
    """A name with all of its words: those cut in the middle, and given names left out.

    A model that knows few names may see just the surname of a rare one; the capitalized words
    before a lone surname belong to it, unless they are known to be something else.
    """
    around = max(0, name.span.start - 60)
    words = list(_WORD.finditer(text, around, name.span.end + 30))
    inside = [n for n, word in enumerate(words) if _meets(word, name.span)]
    if not inside or name.type != "person":
        return name
    first, last = inside[0], inside[-1]
    start, end = words[first].start(), max(name.span.end, words[last].end())
    others = [n.span for n in names if n.type != "person"]
    lone = first == last
    for word in reversed(words[:first]):
        initial = re.fullmatch(r"[A-Z]\.", word.group()) is not None
        adjacent = text[word.end() : start] == " "
        span = Span.of(text, word.start(), word.end())
        if not (adjacent and _is_name_word(word.group()) and (lone or initial)):
            break
        if _is_no_given_name(word.group()) or any(_overlap(span, other) for other in others):
            break
        start = word.start()
    return Name(Span.of(text, start, end), name.type)


def _meets(word: re.Match[str], span: Span) -> bool:
    return word.start() < span.end and span.start < word.end()


def _is_no_given_name(word: str) -> bool:
    plain = word.rstrip(".").lower()
    demonym = len(plain) > 5 and plain.endswith(("ian", "ish", "ese", "ean", "ani"))
    return _is_title(word) or plain in _NO_GIVEN_NAMES or demonym


def _clean(text: str, name: Name) -> tuple[str, Span]:
    """A name without titles, articles and possessives, and the span that is left."""
    start, end = name.span.start, name.span.end
    written = name.span.text
    article = _ARTICLE.match(written)
    if article:
        start += article.end()
    possessive = _POSSESSIVE.search(text[start:end])
    if possessive and possessive.group() not in ("’", "'"):
        end -= len(possessive.group())
    if name.type == "person":
        words = list(_WORD.finditer(text, start, end))
        while len(words) > 1 and _is_title(words[0].group()):
            start = words[1].start()
            words.pop(0)
    while end > start and not text[end - 1].isalnum() and text[end - 1] not in ".":
        end -= 1
    while start < end and not text[start].isalnum():
        start += 1
    if start >= end:
        return "", name.span
    return " ".join(text[start:end].split()), Span.of(text, start, end)


def _plain(written: str) -> str:
    return " ".join(_ARTICLE.sub("", _POSSESSIVE.sub("", written.strip())).split())


def _key(written: str) -> str:
    """A name as it is compared: no accents, case, punctuation or article."""
    plain = unicodedata.normalize("NFKD", _ARTICLE.sub("", written))
    plain = "".join(c for c in plain if not unicodedata.combining(c)).casefold()
    return " ".join(re.sub(r"[^\w ]+", " ", plain.replace(".", "")).split())
