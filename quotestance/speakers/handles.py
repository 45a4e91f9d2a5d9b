"""Handles of social media: "@varga_ilse" is Ilse Varga where the text names her."""

from __future__ import annotations

import re
from collections.abc import Sequence

from quotestance.document import Span
from quotestance.speakers.forms import key
from quotestance.vocabulary import folded

HANDLE = re.compile(r"(?<![\w@.])@\w{2,30}")
_LEAST_SURNAME = 4  # letters that a surname in a handle has


def handles(text: str) -> list[Span]:
    """The handles of a text, with their sign."""
    return [Span.of(text, *match.span()) for match in HANDLE.finditer(text)]


def owner(handle: str, people: Sequence[str]) -> int | None:
    """The index of the one person whose whole name, or else surname, a handle holds."""
    letters = re.sub(r"[\W\d_]", "", folded(handle))
    names = [key(person).split() for person in people]
    whole = [n for n, name in enumerate(names) if len(name) > 1 and all(w in letters for w in name)]
    by_surname = [
        n
        for n, name in enumerate(names)
        if name and len(name[-1]) >= _LEAST_SURNAME and name[-1] in letters
    ]
    found = whole or by_surname
    return found[0] if len(found) == 1 else None
