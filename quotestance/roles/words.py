"""How words are read in roles: what ends a phrase, what a clause makes of somebody, case."""

from __future__ import annotations

from quotestance.vocabulary import (
    ASIDES,
    DETERMINERS,
    FUNCTION_WORDS,
    QUANTIFIERS,
    ROLE_WORDS,
    TIMES,
    written_out,
)

BOUNDARIES = (FUNCTION_WORDS | TIMES | QUANTIFIERS | DETERMINERS) - ASIDES - {"one"}
"""Words at which a noun phrase ends."""
WORDS_IN_NAMES = frozenset("of for and & the".split())
PARTICIPLES = frozenset("emeritus based born living working specializing specialising now".split())
RELATIVES = {
    "leads": "leader",
    "heads": "head",
    "chairs": "chair",
    "directs": "director",
    "runs": "head",
    "edits": "editor",
    "founded": "founder",
    "co-founded": "co-founder",
    "owns": "owner",
    "commands": "commander",
    "manages": "manager",
}
"""What somebody is "who leads", "who founded" a body."""


def in_role_case(word: str) -> str:
    """A word of a role: common words in lower case, names and initialisms as written."""
    full = written_out(word)
    common = full in ROLE_WORDS or full.removesuffix("s") in ROLE_WORDS
    common = common or all(part in ROLE_WORDS or part == "elect" for part in full.split("-"))
    return full if common and not (word.isupper() and len(word) > 1) else word
