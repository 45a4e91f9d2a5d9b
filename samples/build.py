"""Makes the sample corpus of the package from the articles of this folder.

    python samples/build.py

Each ``.txt`` file holds articles: a head of ``=== ID`` and ``field: value`` lines, the text between
two lines of ``---``, and the speakers. In the text a span stands as ``{MARKS|words}``. A mark is
the number of its quotation and what the span is to it: a content as ``d``, ``m``, ``i`` or ``n`` (its
kind: direct, mixed, indirect, none) with its stances, primary first (``P`` pressure, ``D`` dialogue, ``E``
de-escalation, ``N`` none); ``p`` a further part of the content; ``s`` the source; ``c`` the cue.
``{1s2s|she}`` is the source of two quotations. A speaker's line is ``NAME / OTHER NAME (type): NUMBERS``;
without a type it is a person.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from quotestance.document import LayoutError

FOLDER = Path(__file__).parent
CORPUS = FOLDER.parent / "quotestance" / "samples" / "corpus.jsonl"
SPAN = re.compile(r"\{([^{}|]*)\|([^{}|]+)\}")
MARK = re.compile(r"(\d+)(?:([dmin])([PDEN]*)|([psc]))")
KINDS = {"d": "direct", "m": "mixed", "i": "indirect", "n": "none"}
STANCES = {"P": "pressure", "D": "dialogue", "E": "de-escalation"}
FIELDS = {"p": "content", "s": "source", "c": "cue"}
SPEAKER = re.compile(r"(?P<names>[^():]+?)(?: \((?P<type>\w+)\))?: (?P<numbers>[\d ]+)")


def records() -> list[dict[str, Any]]:
    """The articles of all files, in the order of their dates; raises LayoutError."""
    found = [
        article(part)
        for path in FOLDER.glob("*.txt")
        for part in re.split(r"^=== ", path.read_text("utf-8"), flags=re.MULTILINE)[1:]
    ]
    return sorted(found, key=lambda record: (record["date"], record["id"]))


def article(marked: str) -> dict[str, Any]:
    """One article in the JSONL layout; raises LayoutError where its mark-up is not whole."""
    head, body, speakers = marked.strip().split("\n---\n")
    name, *fields = head.splitlines()
    quotations: dict[int, dict[str, Any]] = {}
    text, end = "", 0
    for match in SPAN.finditer(body):
        text += body[end : match.start()]
        span = [len(text), len(text) + len(match[2])]
        text, end = text + match[2], match.end()
        if MARK.sub("", match[1]):
            raise LayoutError(f"{name}: {match[1]!r} is no mark")
        for number, kind, stances, other in MARK.findall(match[1]):
            entry = quotations.setdefault(int(number), {"content": [], "source": [], "cue": []})
            if kind:
                entry["kind"] = KINDS[kind]
            if stances:
                entry["stance"] = [STANCES[letter] for letter in stances if letter != "N"]
            entry[FIELDS.get(other, "content")].append(span)
    text += body[end:]
    if re.search(r"[{}|]", text):
        raise LayoutError(f"{name}: stray mark-up in {re.findall(r'.{20}[{}|]', text)}")
    for line in speakers.splitlines():
        name_speaker(quotations, line, name)
    for number, entry in quotations.items():
        check(entry, f"{name}, quotation {number}")
    ordered = sorted(quotations.values(), key=lambda entry: entry["content"][0])
    head_fields = dict(field.split(": ", 1) for field in fields)
    return {"id": name, **head_fields, "text": text, "quotations": ordered}


def name_speaker(quotations: dict[int, dict[str, Any]], line: str, place: str) -> None:
    """Gives the quotations of a speaker's line their speaker; raises LayoutError."""
    match = SPEAKER.fullmatch(line)
    if match is None:
        raise LayoutError(f"{place}: {line!r} is not NAME (type): NUMBERS")
    name, *others = match["names"].split(" / ")
    for number in map(int, match["numbers"].split()):
        if number not in quotations or "speaker" in quotations[number]:
            raise LayoutError(f"{place}: {line!r}: {number} is no quotation or has a speaker")
        quotations[number]["speaker"] = name
        quotations[number]["speaker_type"] = match["type"] or "person"
        if others:
            quotations[number]["speaker_alternatives"] = others


def check(entry: dict[str, Any], place: str) -> None:
    """Raises LayoutError where a quotation lacks a part, or a stretch that is none has one."""
    parts = [bool(entry["source"]), "speaker" in entry, "stance" in entry]
    if "kind" not in entry or not entry["content"]:
        raise LayoutError(f"{place}: no content with a kind")
    if parts != [entry["kind"] != "none"] * 3:
        raise LayoutError(f"{place} ({entry['kind']}): source, speaker, stance are {parts}")


if __name__ == "__main__":
    CORPUS.write_text(
        "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records()), "utf-8"
    )
