"""Makes the sample corpus of the package, and its labelled quotations.

    python samples/build.py

Each ``.txt`` file of this folder holds articles: a head of ``=== ID`` and ``field: value`` lines,
the text between two lines of ``---``, and the speakers. In the text a span stands as
``{MARKS|words}``. A mark is the number of its quotation and what the span is to it:

- a content, as ``d``, ``m``, ``i`` or ``n`` (its kind: direct, mixed, indirect, none) with its
  stances, primary first: ``P`` pressure, ``D`` dialogue, ``E`` de-escalation, ``N`` none;
- ``p`` a further part of the content, ``s`` the source, ``c`` the cue.

``{1s2s|she}`` is the source of two quotations. A speaker's line is ``NAME / OTHER NAME (type):
NUMBERS``; without a type it is a person.

The labelled quotations are drawn from ``models/written``, as many of each label.
"""

from __future__ import annotations

import csv
import json
import re
import runpy
from pathlib import Path
from typing import Any

from quotestance.document import LayoutError

FOLDER = Path(__file__).parent
SAMPLES = FOLDER.parent / "quotestance" / "samples"
WRITTEN = FOLDER.parent / "models" / "written" / "items.py"
COLUMNS = ["text", "context", "after", "label"]
PER_LABEL = {"train": 30, "test": 10}
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


def stances(part: str) -> list[dict[str, str]]:
    """PER_LABEL[part] rows of each label, spread over the crises of one part, "train" or "test"."""
    items = [
        item for item in runpy.run_path(str(WRITTEN))["items"]("stories") if item["part"] == part
    ]
    rows = []
    for label in (*STANCES.values(), "none"):
        pool = [item for item in items if (item["labels"] or ["none"])[0] == label]
        for place in range(PER_LABEL[part]):
            item = pool[place * len(pool) // PER_LABEL[part]]
            rows.append({**{name: item[name] for name in COLUMNS[:3]}, "label": label})
    return rows


def write(folder: Path) -> None:
    """Writes the samples that are made to a folder."""
    lines = [json.dumps(record, ensure_ascii=False) + "\n" for record in records()]
    (folder / "corpus.jsonl").write_text("".join(lines), "utf-8")
    for part in PER_LABEL:
        with (folder / f"stances_{part}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
            writer.writeheader()
            writer.writerows(stances(part))


if __name__ == "__main__":
    write(SAMPLES)
