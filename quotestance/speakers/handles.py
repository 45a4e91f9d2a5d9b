"""Handles of social media: "@varga_ilse" is Ilse Varga where the text names her."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence

from quotestance.document import Span
from quotestance.speakers.forms import key
from quotestance.vocabulary import folded

HANDLE = re.compile(r"(?<![\w@.])@\w{2,30}")
_PART = re.compile(r"[^\W\d_a-z]+(?![a-z])|[^\W\d_a-z]?[^\W\d_A-Z]+")
_LEAST_SURNAME = 4  # letters that a surname in a handle has


def handles(text: str) -> list[Span]:
    """The handles of a text, with their sign."""
    return [Span.of(text, *match.span()) for match in HANDLE.finditer(text)]


def owner(handle: str, people: Sequence[str]) -> int | None:
    """The index of the one person whose whole name, or else surname, a handle holds."""
    letters = re.sub(r"[\W\d_]", "", folded(handle))
    parts = {folded(part) for part in _PART.findall(handle)}
    names = [key(person).split() for person in people]
    whole = [n for n, name in enumerate(names) if len(name) > 1 and all(w in letters for w in name)]
    found = whole or [
        n for n, name in enumerate(names) if name and _holds(name[-1], letters, parts)
    ]
    return found[0] if len(found) == 1 else None


def _holds(surname: str, letters: str, parts: Container[str]) -> bool:
    """Is a surname a part of a handle, or all of it but for an initial? "@Mannheim" is no Mann."""
    if len(surname) < _LEAST_SURNAME:
        return False
    one_more = len(letters) <= len(surname) + 1
    return surname in parts or (one_more and surname in (letters[1:], letters[:-1]))
