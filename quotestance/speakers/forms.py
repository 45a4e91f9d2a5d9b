"""Forms of a name compared: short and long, spelled one way or another."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from functools import lru_cache

from quotestance.vocabulary import PARTICLES, SUFFIXES, folded

PERSON = "person"
ORGANIZATION = "organization"

ARTICLE = re.compile(r"^(?:the|a|an)\s+", re.IGNORECASE)
POSSESSIVE = re.compile(r"[’']s?$")
_MINISTRY_OF = re.compile(r"(ministry|department) of (?:the )?(.+)")
# Sounds that transliterations write in several ways, in the order in which they are replaced.
_SOUNDS = (
    (r"kh|ch", "h"), (r"[gq]h", "g"), (r"sch|sh|sz", "s"), (r"ck|[cq]", "k"), ("ph", "f"),
    ("w", "v"), (r"dj|j", "y"), (r"tz", "z"), (r"[aeiouy]", ""), (r"(.)\1+", r"\1"),
)  # fmt: skip
_LEAST_SKELETON = 4
_LEAST_LIKENESS = 0.75


def key(written: str) -> str:
    """A name as it is compared: no accents, case, punctuation or article."""
    bare = folded(ARTICLE.sub("", written)).replace(".", "")
    words = re.sub(r"[^\w ]+", " ", bare).split()
    return " ".join("al" if word == "el" and len(words) > 1 else word for word in words)


def body_key(written: str) -> str:
    """The key of a body: "Ministry of Defence" and "Defence Ministry" have one."""
    return _MINISTRY_OF.sub(r"\2 \1", key(written))


def without_article(written: str) -> str:
    """A name as it is shown: no article, no possessive, white space plain."""
    return " ".join(ARTICLE.sub("", POSSESSIVE.sub("", written.strip())).split())


def without_suffix(words: list[str]) -> list[str]:
    """The words of a name without "Jr." or "III"."""
    return words[:-1] if len(words) > 1 and words[-1] in SUFFIXES else words


def is_form_of(words: list[str], longer: list[str], kind: str) -> bool:
    """May these words of a key be short for a longer name?

    Bodies keep their last words. People keep their first or last ones, or both, and may be
    spelled another way.
    """
    if kind != PERSON:
        return len(longer) > len(words) > 1 and longer[-len(words) :] == words
    words, bare = without_suffix(words), without_suffix(longer)
    if words == bare:
        return bare != longer
    if len(words) > len(bare):
        return False
    if any(w != v and not same_spelling(w, v) for w, v in _aligned(words, bare)):
        return _without_particle(words, bare)
    return True


def _aligned(words: list[str], longer: list[str]) -> list[tuple[str, str]]:
    """The words of a short form beside those of a longer one that they should equal."""
    size = len(words)
    ends = [(longer[-size:], words), (longer[:size], words)]
    if size > 1:
        ends.append(([longer[0], longer[-1]], [words[0], words[-1]]))
    return min(
        (list(zip(short, long, strict=True)) for long, short in ends),
        key=lambda pairs: sum(w != v for w, v in pairs),
    )


def _without_particle(words: list[str], longer: list[str]) -> bool:
    """Is it the name with a particle that the longer one leaves out: "al-Sharif", "Sharif"?"""
    return (
        len(words) > 1
        and words[0] in PARTICLES
        and words[0] not in longer
        and longer[-len(words) + 1 :] == words[1:]
    )


@lru_cache(maxsize=8192)
def same_spelling(a: str, b: str) -> bool:
    """Are two words variants of one: "pederson", "pedersen"; "zelensky", "zelenskyy"?"""
    if a == b:
        return True
    shape = skeleton(a)
    return (
        len(shape) >= _LEAST_SKELETON
        and shape == skeleton(b)
        and SequenceMatcher(None, a, b).ratio() >= _LEAST_LIKENESS
    )


@lru_cache(maxsize=8192)
def skeleton(word: str) -> str:
    """What all spellings of a word share: its first letter and its consonants' sounds."""
    rest = word[1:]
    for sound, letter in _SOUNDS:
        rest = re.sub(sound, letter, rest)
    return word[:1].translate(_FIRST) + rest


_FIRST = str.maketrans("qcjw", "kkyv")
