"""The names of a text, clustered: who and what it speaks of, by the fullest name it gives.

The model finds the names, so that no list of people is needed. Here they are made whole (a model
that knows few names may see half of a rare one), freed of titles and articles, and short forms
are given to the longer name that they end or begin.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from quotestance.document import PRONOUNS, Extraction, Name, Span

PERSON = "person"
ORGANIZATION = "organization"

_TITLES = frozenset(
    "mr mrs ms miss dr prof professor sir dame lord lady president premier minister secretary "
    "senator sen representative rep congressman congresswoman governor gov mayor ambassador "
    "envoy chancellor king queen prince princess pope general gen colonel col lieutenant lt "
    "captain capt major maj admiral adm sergeant sgt judge justice chairman chairwoman "
    "spokesman spokeswoman spokesperson commissioner director chief vice deputy former prime "
    "foreign interim acting sheikh ayatollah emir sultan emeritus rev reverend hon".split()
)
_NO_GIVEN_NAMES = frozenset(
    "the a an and or but on in at by for from of to with as if when while after before since "
    "that this these those he she they it we you i his her their its later earlier then now "
    "also however meanwhile both all some many most no not yes what who how why where which "
    "there here monday tuesday wednesday thursday friday saturday sunday january february "
    "march april may june july august september october november december democrat democratic "
    "republican conservative liberal labour tory islamist reporter reporters analyst said "
    "says told asked u.s u.k u.n eu gop".split()
)
_DEMONYM = re.compile(r"\w{3,}(?:ian|ish|ese|ean|ani)$")
_PARTICLES = frozenset(
    "al el bin ben ibn van von der den de da di del della dos du la le abu".split()
)
_ARTICLE = re.compile(r"^(?:the|a|an)\s+", re.IGNORECASE)
_POSSESSIVE = re.compile(r"[’']s$")
_INITIAL = re.compile(r"[A-Z]\.")
_ABBREVIATION = re.compile(r"(?:\s*\(|,\s+or\s+)([A-Z][A-Z]{1,8})\b")
# A period belongs to an initial and to an abbreviated title, else it ends the sentence.
WORD = re.compile(
    r"[^\W\d_]\.(?:[^\W\d_]\.)*|(?:Mr|Mrs|Ms|Dr|Prof|Sen|Rep|Gov|Gen|Col|Lt|Capt|Maj|Adm|Sgt|Rev)\."
    r"|[^\W_]+(?:[.'’-][^\W_]+)*"
)
_GIVEN_NAMES_REACH = 60  # characters before a surname in which its given names stand


@dataclass(eq=False)
class Entity:
    """A person, body or place of one document, with all its mentions in order."""

    name: str
    type: str
    mentions: list[Span] = field(default_factory=list)


class SpanIndex:
    """Spans, to be found by the characters they overlap."""

    def __init__(self, spans: Iterable[Span]) -> None:
        self._spans = sorted(spans)
        self._starts = [span.start for span in self._spans]
        self._longest = max((span.end - span.start for span in self._spans), default=0)

    def meeting(self, start: int, end: int) -> list[Span]:
        """The spans that overlap characters ``start`` to ``end``, in order."""
        first = bisect_left(self._starts, start - self._longest)
        last = bisect_left(self._starts, end)
        return [span for span in self._spans[first:last] if span.end > start]


def entities_of(extraction: Extraction) -> list[Entity]:
    """The persons, bodies and places that a text names, each with all its mentions."""
    text = extraction.text
    abbreviations = _abbreviations(text)
    explained = [Name(span, ORGANIZATION) for span in abbreviations.values()]
    names = _everywhere(text, _agreed(_joined(_with_unseen(extraction), explained)))
    bodies = SpanIndex(name.span for name in names if name.type != PERSON)
    forms: dict[tuple[str, str], Entity] = {}
    for name in names:
        span = _bare(text, _whole(text, name, bodies) if name.type == PERSON else name)
        if span is None:
            continue
        kind = PERSON if name.type == PERSON else ORGANIZATION
        written = " ".join(span.text.split())
        entity = forms.setdefault((kind, key(written)), Entity(written, kind))
        entity.mentions.append(span)
    return _merged(forms, {key(short): key(full.text) for short, full in abbreviations.items()})


def key(written: str) -> str:
    """A name as it is compared: no accents, case, punctuation or article."""
    plain = unicodedata.normalize("NFKD", _ARTICLE.sub("", written))
    plain = "".join(c for c in plain if not unicodedata.combining(c)).casefold()
    return " ".join(re.sub(r"[^\w ]+", " ", plain.replace(".", "")).split())


def without_article(written: str) -> str:
    """A name as it is shown: no article, no possessive, white space plain."""
    return " ".join(_ARTICLE.sub("", _POSSESSIVE.sub("", written.strip())).split())


def is_title(word: str) -> bool:
    """Is it a word that stands before names: "Minister", "Gen."?"""
    return word.rstrip(".").lower() in _TITLES


def _with_unseen(extraction: Extraction) -> list[Name]:
    """The model's names, and sources that look like a name where the model saw none."""
    known = SpanIndex(name.span for name in extraction.names)
    sources = {span for quotation in extraction.quotations for span in quotation.source}
    unseen = (
        _unseen(extraction.text, source)
        for source in sorted(sources)
        if not known.meeting(source.start, source.end)
    )
    return [*extraction.names, *(name for name in unseen if name is not None)]


def _unseen(text: str, source: Span) -> Name | None:
    """A source of capitalized words: a person behind a title or of two or three words."""
    words = list(WORD.finditer(text, source.start, source.end))
    if source.text.lower() in PRONOUNS or not words or "," in source.text:
        return None
    titles = [n for n, word in enumerate(words[:-1]) if is_title(word.group())]
    rest = words[titles[-1] + 1 :] if titles else words
    if not all(_is_name_word(word.group()) for word in rest) or is_title(rest[-1].group()):
        return None
    if titles or (len(rest) in (2, 3) and not _ARTICLE.match(source.text)):
        return Name(Span.of(text, rest[0].start(), rest[-1].end()), PERSON)
    return Name(source, ORGANIZATION) if rest[0].group()[0].isupper() else None


def _is_name_word(word: str) -> bool:
    return word[0].isupper() or word.lower() in _PARTICLES


def _joined(names: Sequence[Name], explained: Sequence[Name]) -> list[Name]:
    """The names, those that the text explains in the place of their parts."""
    index = SpanIndex(name.span for name in explained)
    return [*(n for n in names if not index.meeting(n.span.start, n.span.end)), *explained]


def _agreed(names: Sequence[Name]) -> list[Name]:
    """The names, each of the type that it, or a longer name ending in it, has most often."""
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    for name in names:
        words = name.span.text.split()
        for written in {name.span.text, words[-1]}:
            votes[written][name.type] += 1
    return [Name(name.span, votes[name.span.text].most_common(1)[0][0]) for name in names]


def _everywhere(text: str, names: Sequence[Name]) -> list[Name]:
    """The names, and the other places where a person's lone name or an abbreviation stands."""
    lone = {
        name.span.text: name.type
        for name in names
        if name.span.text.isalpha() and (name.type == PERSON or name.span.text.isupper())
    }
    if not lone:
        return list(names)
    known = SpanIndex(name.span for name in names)
    found = (word for word in re.finditer(r"\b[^\W\d_]+\b", text) if word.group() in lone)
    unseen = [word for word in found if not known.meeting(*word.span())]
    return [*names, *(Name(Span.of(text, *w.span()), lone[w.group()]) for w in unseen)]


def _whole(text: str, name: Name, bodies: SpanIndex) -> Name:
    """A person's name with all of its words: those cut in the middle, given names left out."""
    low, high = max(0, name.span.start - _GIVEN_NAMES_REACH), name.span.end + _GIVEN_NAMES_REACH
    words = list(WORD.finditer(text, low, high))
    inside = [
        n for n, w in enumerate(words) if w.start() < name.span.end and name.span.start < w.end()
    ]
    if not inside:
        return name
    first, last = inside[0], inside[-1]
    start, end = words[first].start(), max(name.span.end, words[last].end())
    for word in reversed(words[:first]):
        written = word.group()
        belongs = _is_name_word(written) and (first == last or _INITIAL.fullmatch(written))
        if not belongs or text[word.end() : start] != " " or _is_no_given_name(written):
            break
        if bodies.meeting(*word.span()) or text[low : word.start()].endswith((" of ", " for ")):
            break
        start = word.start()
    return Name(Span.of(text, start, end), PERSON)


def _is_no_given_name(word: str) -> bool:
    plain = word.rstrip(".").lower()
    return is_title(word) or plain in _NO_GIVEN_NAMES or _DEMONYM.match(plain) is not None


def _bare(text: str, name: Name) -> Span | None:
    """The span of a name without titles, article, possessive and punctuation around it."""
    start, end = name.span.start, name.span.end
    article = _ARTICLE.match(text[start:end])
    if article:
        start += article.end()
    possessive = _POSSESSIVE.search(text[start:end])
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


def _merged(forms: Mapping[tuple[str, str], Entity], aliases: Mapping[str, str]) -> list[Entity]:
    """Each short form given to the longer name it stands for, mention by mention."""
    roots: list[Entity] = []
    by_edge: dict[tuple[str, str], list[tuple[list[str], Entity, list[int]]]] = defaultdict(list)
    for (kind, form), entity in sorted(forms.items(), key=lambda item: -len(item[0][1].split())):
        words = form.split()
        alias = forms.get((kind, aliases.get(form, form)))
        edges = {(kind, words[0]), (kind, words[-1])} if words else set()
        near = [longer for edge in sorted(edges) for longer in by_edge[edge]]
        longer = [item for item in near if _is_form_of(words, item[0], kind)]
        if alias is not None and alias is not entity:
            alias.mentions.extend(entity.mentions)
        elif longer:
            for mention in entity.mentions:
                _nearest(mention, words, longer).mentions.append(mention)
        else:
            roots.append(entity)
            starts = sorted(mention.start for mention in entity.mentions)
            for edge in edges:
                by_edge[edge].append((words, entity, starts))
    for entity in roots:
        entity.mentions.sort()
    return roots


def _abbreviations(text: str) -> dict[str, Span]:
    """Abbreviations that the text explains: "the National Security Agency (NSA)", ", or NSA".

    The long form is found from right to left, letter by letter (Schwartz & Hearst 2003).
    """
    found = {}
    for bracket in _ABBREVIATION.finditer(text):
        short = bracket[1]
        words = list(re.finditer(r"\S+", text[max(0, bracket.start() - 120) : bracket.start()]))
        words = words[-min(len(short) + 5, 2 * len(short)) :]
        if not words:
            continue
        low = max(0, bracket.start() - 120) + words[0].start()
        start = _long_form(short, text[low : bracket.start()])
        if start is not None and text[low + start].isupper():
            found[short] = Span.of(text, low + start, bracket.start())
    return found


def _long_form(short: str, before: str) -> int | None:
    """Where the long form of an abbreviation starts in the words before it."""
    at = len(before)
    for index in range(len(short) - 1, -1, -1):
        letter = short[index].lower()
        at -= 1
        while at >= 0 and not (
            before[at].lower() == letter and (index > 0 or at == 0 or not before[at - 1].isalnum())
        ):
            at -= 1
        if at < 0:
            return None
    return at


def _is_form_of(words: list[str], longer: list[str], kind: str) -> bool:
    """May these words be short for a longer name? Bodies keep their last words, people either."""
    if len(longer) <= len(words):
        return False
    if kind != PERSON:
        return len(words) > 1 and longer[-len(words) :] == words
    edges = len(words) > 1 and (longer[0], longer[-1]) == (words[0], words[-1])
    return edges or longer[-len(words) :] == words or longer[: len(words)] == words


def _nearest(
    mention: Span, words: list[str], longer: list[tuple[list[str], Entity, list[int]]]
) -> Entity:
    """Of several longer names the one that ends in the words and was named last."""

    def rank(item: tuple[list[str], Entity, list[int]]) -> tuple[bool, int]:
        full, _, starts = item
        before = bisect_right(starts, mention.start)
        distance = mention.start - starts[before - 1] if before else 10**9 + starts[0]
        return full[-len(words) :] != words, distance

    return min(longer, key=rank)[1]
