"""Abbreviations that a text explains: "the National Security Agency (NSA)", ", or NSA"."""

from __future__ import annotations

import re

from quotestance.document import Span
from quotestance.vocabulary import NUMBERS

_ABBREVIATION = re.compile(r"(?:(?<!\s)\s*\(|,\s+or\s+)([A-Z][A-Z]{1,8})\b")
_REACH = 120  # characters before an abbreviation in which its long form stands
_FIGURES = {word: str(number) for number, word in enumerate(NUMBERS, 2)}
_NUMBERED = re.compile(r"\b([A-Z])[a-z]+ of (?:([A-Z][a-z]+)|(\d{1,3}))\b")


def abbreviations(text: str) -> dict[str, Span]:
    """Each abbreviation of a text with the place of its long form.

    The long form is found from right to left, letter by letter (Schwartz & Hearst 2003). A
    group named by its size has an abbreviation without explanation: "Group of Seven", "G7".
    """
    found = {}
    for match in _NUMBERED.finditer(text):
        number = match[3] or _FIGURES.get(match[2].lower())
        if number:
            found[match[1] + number] = Span.of(text, *match.span())
    for bracket in _ABBREVIATION.finditer(text):
        short = bracket[1]
        words = list(re.finditer(r"\S+", text[max(0, bracket.start() - _REACH) : bracket.start()]))
        words = words[-min(len(short) + 5, 2 * len(short)) :]
        if not words:
            continue
        low = max(0, bracket.start() - _REACH) + words[0].start()
        start = _long_form(short, text[low : bracket.start()])
        if start is not None and text[low + start].isupper():
            found[short] = Span.of(text, low + start, bracket.start())
    return found


def initials(written: str) -> str:
    """The initials of a name's capitalized words: "ISPR"."""
    return "".join(word[0] for word in re.split(r"[\s-]+", written) if word and word[0].isupper())


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
