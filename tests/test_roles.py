"""Roles and affiliations of speakers whose mentions are all places with their name."""

import json
import re
from pathlib import Path

import pytest

from quotestance.document import Quotation, Span, Speaker
from quotestance.speakers.roles import with_roles

CASES = [
    json.loads(line)
    for line in (Path(__file__).parent / "roles.jsonl").read_text(encoding="utf-8").splitlines()
]


def spoken(text, name, kind="person", at=-1):
    """A quotation of the text's ``at``-th stretch in “”, spoken by whoever bears the name."""
    forms = {name, name.split()[-1]} if name[0].isupper() and "'s" not in name else {name}
    found = [m.span() for form in forms for m in re.finditer(rf"\b{re.escape(form)}\b", text)]
    mentions = [
        Span.of(text, *pair)
        for pair in sorted(set(found))
        if not any(o != pair and o[0] <= pair[0] and pair[1] <= o[1] for o in found)
    ]
    content = Span.of(text, *[m.span() for m in re.finditer("“[^”]*”", text)][at])
    speaker = Speaker(name, kind, mentions=tuple(mentions))
    source = tuple(sorted(mentions, key=lambda m: abs(m.start - content.end))[:1])
    return Quotation("direct", (content,), source, speaker=speaker)


def role_of(text, name, kind="person", at=-1):
    (quotation,) = with_roles(text, [spoken(text, name, kind, at)])
    return quotation.speaker.role, quotation.speaker.affiliation


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"][:60])
def test_cases(case):
    bodies = ("United Nations", "Ostmark")
    kind = "organization" if case["speaker"] in bodies else "person"
    found = role_of(case["text"], case["speaker"], kind)
    assert found == (case["role"], case["affiliation"])
