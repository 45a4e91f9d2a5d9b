"""Annotated records with their quotation marks in another style."""

from __future__ import annotations

import random
import re

from quotestance.marks import pair_marks
from quotestance.rewriting import Record, Rewriting

# Opening and closing mark, of quotations and of quotations inside them; how often each is taken.
_STYLES = (
    ("“", "”", "‘", "’"),
    ('"', '"', "'", "'"),
    ("“", '"', "‘", "'"),
    ('"', "”", "'", "’"),
    ("«", "»", "“", "”"),
    ("« ", " »", "“", "”"),
    ("«\u00a0", "\u00a0»", "‹", "›"),
    ("„", "“", "‚", "‘"),
    ("„", "”", "‚", "’"),
    ("»", "«", "›", "‹"),
    ("‘", "’", "“", "”"),
    ("'", "'", '"', '"'),
)
_STYLE_WEIGHTS = (3, 6, 2, 2, 2, 1, 1, 2, 1, 1, 2, 1)
_OPENING = re.compile(r"[“”„\"«»]\s?")
_CLOSING = re.compile(r"\s?[“”\"«»]")
_INNER = re.compile(r"[“”„\"«»‘’‚'‹›]")
_APOSTROPHE = re.compile(r"(?<=\w)['’](?=\w)")
_RESTYLED = 0.9  # of the quotations of a text; the others keep their marks


def restyled(record: Record, chance: random.Random) -> Record:
    """A record with its quotation marks, and perhaps its apostrophes, in another style."""
    text = record["text"]
    style = chance.choices(_STYLES, _STYLE_WEIGHTS)[0]
    edits: dict[int, tuple[int, int, str]] = {}
    outer_changed = False
    for stretch in pair_marks(text):
        if stretch.depth == 0:
            outer_changed = chance.random() < _RESTYLED
        if stretch.depth > 1 or not outer_changed:
            continue
        opening, closing = style[2 * stretch.depth : 2 * stretch.depth + 2]
        patterns = (_OPENING, _CLOSING) if stretch.depth == 0 else (_INNER, _INNER)
        opened = patterns[0].match(text, stretch.start, stretch.end)
        closed = patterns[1].match(text, stretch.end - 1, stretch.end)
        if opened is None:
            continue  # single marks around a quotation stay
        if text[stretch.end - 2].isspace():
            closed = patterns[1].match(text, stretch.end - 2, stretch.end)
        edits[opened.start()] = (opened.start(), opened.end(), opening)
        if closed is not None and closed.start() >= opened.end():
            edits[closed.start()] = (closed.start(), closed.end(), closing)
    apostrophe = chance.choice(("'", "’", None))
    if apostrophe:
        for match in _APOSTROPHE.finditer(text):
            edits.setdefault(match.start(), (match.start(), match.end(), apostrophe))
    return Rewriting.of_edits(text, edits.values()).record(record)
