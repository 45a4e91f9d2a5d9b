"""Names of people and countries that texts can be told with in place of their own."""

from __future__ import annotations

import functools
from importlib import resources
from typing import NamedTuple


class Origin(NamedTuple):
    """Names of one language."""

    given: dict[str, list[str]]  # of women ("she") and of men ("he")
    surnames: list[str]
    surname_first: bool


class Country(NamedTuple):
    """A country: its names, what its people and their things are called, its capital.

    Each may be empty but ``names``; the first of each is the usual one. ``whole`` says that the
    usual ones can stand for another country's: all are there, none needs an article.
    """

    names: list[str]
    adjectives: list[str]
    people: list[str]
    capitals: list[str]
    whole: bool


@functools.cache
def origins() -> list[Origin]:
    """The names of people by language."""
    found = []
    for origin, women, men, surnames in _table("people.txt"):
        given = {"she": women, "he": men}
        found.append(Origin(given, surnames, origin[0].endswith("*")))
    return found


@functools.cache
def countries() -> list[Country]:
    """The countries of the world, but for most of the smallest."""
    found = []
    for columns in _table("places.txt"):
        names, adjectives, people, capitals = (
            [word for word in column if word != "-"] for column in columns
        )
        plain = [name.removesuffix("*") for name in names]
        whole = plain == names and bool(adjectives and people and capitals)
        found.append(Country(plain, adjectives, people, capitals, whole))
    return found


def _table(name: str) -> list[list[list[str]]]:
    """The rows of a file: columns parted by "|", each a list of words; "_" is a space."""
    lines = resources.files(__package__).joinpath(name).read_text("utf-8").splitlines()
    return [
        [[word.replace("_", " ") for word in column.split()] for column in line.split("|")]
        for line in lines
        if not line.startswith("#")
    ]
