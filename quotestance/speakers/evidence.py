"""The words in which an attribution says what it rests on.

``Speaker.evidence`` is ``SOURCE+NAME``: how the source of the quotation was found, and how its
words led to the speaker's name: "cue+pronoun", "link+short name", "follow-on+name".
"""

from __future__ import annotations

# How the source was found.
CUE = "cue"
"""The source and the word of saying beside it ("said", "according to") were found."""
LINK = "link"
"""The source was found, but no word of saying."""
LAYOUT = "layout"
"""The source stands before a colon or behind a dash, as in transcripts and signatures."""
FOLLOW_ON = "follow-on"
"""No source; the quotation follows another one's sentence at once and goes on with its speaker."""
NO_SOURCE = "no source"

# How the name was reached.
NAME = "name"
"""The source holds the fullest name itself."""
SHORT_NAME = "short name"
"""The source holds a surname, given name, abbreviation or variant of a longer name."""
PRONOUN = "pronoun"
"""A pronoun, by what stands before it."""
OUTER = "outer quotation"
"""A first person inside a quotation: that quotation's speaker."""
DESCRIPTION = "description"
"""A description ("the envoy") that fits what the text says of a named person or body."""
ISSUER = "issuer"
"""The body that a document of it speaks for: "a statement from the ministry"."""
BODY = "body"
"""A country, government or body, as written."""
PAIR = "several names"
"""Two or more named speakers together."""
AS_DESCRIBED = "as described"
"""The text names nobody: the source's own words."""
UNRESOLVED = "unresolved"
"""The text does not tell well enough who is meant: no name."""

SOURCES = (CUE, LINK, LAYOUT, FOLLOW_ON, NO_SOURCE)
NAMES = (
    NAME, SHORT_NAME, PRONOUN, OUTER, DESCRIPTION, ISSUER, BODY, PAIR, AS_DESCRIBED, UNRESOLVED,
)  # fmt: skip


def evidence(source: str, name: str) -> str:
    """The evidence of an attribution in words: ``"cue+pronoun"``."""
    return f"{source}+{name}"
