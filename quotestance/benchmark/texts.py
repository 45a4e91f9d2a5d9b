"""Texts to measure on where the user brings none: the sample article, told of ever other people."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from importlib import resources
from itertools import count, islice
from typing import Any

from quotestance.names import origins

_PEOPLE = {"Ilse Varga": "she", "Tomas Reke": "he", "Adaeze Okonjo": "she"}
_PLACES = ("Kestria", "Ostmark", "Sorrel", "Alden", "Halvorn")
_HEADS = "Bel Cor Dra Fen Gal Hes Jor Kal Lun Mor Nav Orl Pel Ras Sil Tor Ul Var Wes Zan".split()
_TAILS = "ava ebor ena essa idon ilia imar olan ora oth ova uria ustan yra".split()


def articles() -> Iterator[str]:
    """Articles of some 250 words without end, each with names of its own, always the same ones."""
    return map(_article, count())


def _article(number: int) -> str:
    chance = random.Random(number)
    names = [origin for origin in origins() if not origin.surname_first]
    swaps: dict[str, str] = {}
    for person, gender in _PEOPLE.items():
        given, surname = person.split()
        origin = chance.choice(names)
        swaps |= {
            given: chance.choice(origin.given[gender]),
            surname: chance.choice(origin.surnames),
        }
    for place in _PLACES:
        swaps[place] = chance.choice(_HEADS) + chance.choice(_TAILS)
    swaps["Kestrian"] = f"{swaps['Kestria']}n"
    pattern = re.compile(rf"\b({'|'.join(sorted(swaps, key=len, reverse=True))})\b")
    sample = resources.files("quotestance.samples").joinpath("article.txt").read_text("utf-8")
    return pattern.sub(lambda match: swaps[match[1]], sample)


def long_article(words: int, first: int = 0) -> str:
    """An article of ``words`` words or up to a paragraph more, begun with article ``first``."""
    found: list[str] = []
    size = 0
    for article in islice(articles(), first, None):
        for paragraph in article.strip().split("\n\n"):
            if size >= words:
                return "\n\n".join(found)
            found.append(paragraph)
            size += len(paragraph.split())
    raise AssertionError("articles() ends")


def texts_of(tokens: int, number: int, tokenizer: Any) -> list[str]:
    """Different texts of ``tokens`` tokens each, those that every text gets counted in.

    Words too long for the room that is left are passed over, so that it is filled exactly
    wherever words are tokenized apart and some have one token.
    """
    added = len(tokenizer("")["input_ids"])
    words = (word for article in articles() for word in article.split())
    return [_text_of(tokens - added, words, tokenizer) for _ in range(number)]


def _text_of(tokens: int, words: Iterator[str], tokenizer: Any) -> str:
    found = []
    while tokens > 0:
        word = next(words)
        size = len(tokenizer(word, add_special_tokens=False)["input_ids"])
        if size <= tokens:
            found.append(word)
            tokens -= size
    return " ".join(found)
