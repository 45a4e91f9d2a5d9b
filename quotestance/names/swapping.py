"""The same words about others: people's names and countries swapped in all parts of a text.

Every function takes the parts of one text (a quotation, what stands before and behind it) and
gives them back changed. A name has one stand-in throughout; whatever the rules are not sure to be
a name stays.
"""

from __future__ import annotations

import functools
import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from quotestance.names import Country, countries, origins
from quotestance.vocabulary import PLACES, ROLE_WORDS, SPEAKING_BODIES, TITLES

_ARTICLE = r"(?P<article>\b(?:[Tt]he|[Aa]n?)\s+)?"
# "Latin American", "Papua New Guinea", "New Mexico": parts of other names.
_NOT_BEHIND = r"(?<!Latin )(?<!South )(?<!North )(?<!Central )(?<!African )(?<!New )(?<!West )"
_ABBREVIATIONS = frozenset("US U.S. USA U.S.A. UK U.K. UAE DPRK DRC ROK".split())
_NO_NOUN = frozenset(
    "a an and are as at but by can could did do does for from had has have he if in is it may must "
    "not of on or over said says she should so than that the their they to was we were when which "
    "while who will with would".split()
)
_SPOKEN_U = re.compile(r"U[gkrn]|Eu")  # "a Ugandan"

_NAME_RUN = re.compile(
    r"[A-ZÀ-Þ][\w’'-]*(?:[ \t]+(?:[A-ZÀ-Þ]\.[ \t]+)*"
    r"(?:(?:al|bin|bint|de|van|von|der|ibn)[ \t]+){0,2}[A-ZÀ-Þ][\w’'-]*)*"
)
_WORD = re.compile(r"[\w-]+(?:[’'][\w-]+)*")
_POSSESSIVE = re.compile(r"[’']s?$")
_SENTENCE_START = re.compile(r"(?:^|\n[^\S\n]*|[.!?:;…–—“\"‘«„(-]\s*)$")
_CUES = "said says told added warned insisted stressed argued noted replied declared tweeted wrote"
_CUE_BEHIND = re.compile(rf"(?<!\s)\s+(?:{_CUES.replace(' ', '|')})\b")
_CUE_BEFORE = re.compile(rf"\b(?:{_CUES.replace(' ', '|')})\s+$")
_TITLES = TITLES | {"mr", "mrs", "ms", "dr"}
_TITLE_BEFORE = re.compile(r"\b(?:Mr|Mrs|Ms|Dr|Gen|Sen|Gov|Rep)\.\s+$")
_MOST_WORDS = 4
_NO_NAME = (
    SPEAKING_BODIES
    | PLACES
    | ROLE_WORDS
    | frozenset(
        "united nations union east west north south northern southern eastern western middle asia "
        "africa europe strip heights sea gulf new prize accord accords agreement plan pact "
        "protocol states york times reuters politico reporters survivors witnesses i’ve i've "
        "convention resolution treaty charter act day war street islamic president jihad god "
        "january february march april may june july august september october november december "
        "monday tuesday wednesday thursday friday saturday sunday i the a an and but so we they he "
        "she it you our this that these those in on at for from with as if when while after before "
        "since let not no yes there here to of by its his her their my what who how why all some "
        "many yet or even only today now both each".split()
    )
)
_WOMEN = frozenset("she her hers herself ms mrs".split())
_MEN = frozenset("he him his himself mr".split())


def swap_countries(parts: Sequence[str], chance: random.Random) -> list[str]:
    """The parts told of other countries: names, adjectives, peoples and capitals."""
    pattern, forms = _country_forms()
    met = {forms[match["form"]][0] for part in parts for match in pattern.finditer(part)}
    free = [n for n, country in enumerate(countries()) if country.whole and n not in met]
    stand_ins = dict(zip(sorted(met), chance.sample(free, min(len(met), len(free))), strict=False))

    def told(match: re.Match[str]) -> str:
        number, column = forms[match["form"]]
        if number not in stand_ins:
            return match.group()
        behind = re.match(r"\s+([a-z]+)", match.string[match.end() :])
        if match["form"] in _ABBREVIATIONS and behind and behind[1] not in _NO_NOUN:
            column = "adjectives"  # "US officials"
        new: str = getattr(countries()[stand_ins[number]], column)[0]
        return _article(match["article"] or "", new, column == "names") + new

    return [_mended_possessives(part, pattern, told) for part in parts]


@functools.cache
def _country_forms() -> tuple[re.Pattern[str], dict[str, tuple[int, str]]]:
    """All forms of all countries: a pattern, and whose and what each form is."""
    forms: dict[str, tuple[int, str]] = {}
    for number, country in enumerate(countries()):
        for column in Country._fields[:4]:
            for form in getattr(country, column):
                forms.setdefault(form, (number, column))
    longest_first = sorted(forms, key=len, reverse=True)
    alternatives = "|".join(re.escape(form) for form in longest_first)
    return re.compile(
        rf"(?<!\w){_ARTICLE}{_NOT_BEHIND}(?<![\w-])(?P<form>{alternatives})(?!\w)"
    ), forms


def _article(article: str, new: str, is_name: bool) -> str:
    """The article that goes with a new word: none before a name, "a" or "an" by its sound."""
    word = article.strip()
    if is_name and word.lower() == "the":
        return ""
    if word.lower() in ("a", "an"):
        vowel = new[0] in "AEIOUÁÉÍÓÚ" and not _SPOKEN_U.match(new)
        return article.replace(word, word[0] + ("n" if vowel else ""))
    return article


def swap_people(parts: Sequence[str], chance: random.Random) -> list[str]:
    """The parts told of other people: full names and surnames, each person one new name."""
    people = _people(parts)
    words = {word.lower() for part in parts for word in _WORD.findall(part)}
    gender = "she" if words & _WOMEN and not words & _MEN else "he"
    surnames: dict[str, str] = {}
    whole: dict[str, str] = {}
    for person in people:
        origin = chance.choice([o for o in origins() if not o.surname_first])
        surname = surnames.setdefault(person.surname, chance.choice(origin.surnames))
        alone = person.full == person.surname
        whole[person.full] = (
            surname if alone else f"{chance.choice(origin.given[gender])} {surname}"
        )
    if not people:
        return list(parts)
    new = {**surnames, **whole}
    alternatives = "|".join(re.escape(name) for name in sorted(new, key=len, reverse=True))
    pattern = re.compile(rf"(?<![\w-])(?:{alternatives})(?![\w-])")
    return [_mended_possessives(part, pattern, lambda match: new[match.group()]) for part in parts]


@dataclass(frozen=True, slots=True)
class _Person:
    full: str
    surname: str


def _people(parts: Sequence[str]) -> list[_Person]:
    """Who is surely a person, by each form of the name: one form must show it."""
    lower = {word for part in parts for word in re.findall(r"\b[a-z]+\b", part)}
    found = [
        candidate
        for part in parts
        for run in _NAME_RUN.finditer(part)
        if (candidate := _candidate(part, run, lower))
    ]
    sure = {person.surname for person, evident in found if evident}
    people = {person for person, _ in found if person.surname in sure}
    return sorted(people, key=lambda person: person.full)


@functools.cache
def _given_names() -> frozenset[str]:
    return frozenset(n for o in origins() for names in o.given.values() for n in names)


def _candidate(part: str, run: re.Match[str], lower: set[str]) -> tuple[_Person, bool] | None:
    """What may be a person's name in a run of capitalised words, and whether it surely is one.

    Sure is what has a title or a known given name, and what speaks.
    """
    words = list(re.finditer(r"\S+", run.group()))
    titled = _TITLE_BEFORE.search(part[: run.start()]) is not None
    whole = True
    while words and (word := words[0].group().rstrip(".").lower()) in _NO_NAME | _TITLES:
        titled = word in _TITLES
        whole = False
        del words[0]
    # Of an ordinary word at the head of a sentence the capital tells nothing.
    if words and whole and words[0].group().lower() in lower:
        if _SENTENCE_START.search(part[: run.start()]) is None:
            return None
        del words[0]
    names = [_POSSESSIVE.sub("", word.group()) for word in words]
    if not 0 < len(names) <= _MOST_WORDS or names[-1].isupper():
        return None
    if any(name.lower() in _NO_NAME or name in _country_forms()[1] for name in names):
        return None
    start = run.start() + words[0].start()
    full = _POSSESSIVE.sub("", run.group()[words[0].start() :])
    speaks = _CUE_BEHIND.match(part, start + len(full)) or _CUE_BEFORE.search(part[:start])
    known = len(names) > 1 and names[0] in _given_names()
    return _Person(full, names[-1]), bool(titled or known or speaks)


def _mended_possessives(
    part: str, pattern: re.Pattern[str], told: Callable[[re.Match[str]], str]
) -> str:
    """The part with each match told anew; a possessive apostrophe alone gets its "s" back."""
    pieces, position = [], 0
    for match in pattern.finditer(part):
        new = told(match)
        pieces += [part[position : match.start()], new]
        position = match.end()
        after = part[position : position + 2]
        bare = after[:1] in ("’", "'") and not after[1:].isalpha()
        if bare and match.group()[-1] in "sS" and new[-1] not in "sS":
            pieces.append(f"{after[0]}s")
            position += 1
    return "".join([*pieces, part[position:]])
