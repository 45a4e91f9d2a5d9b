"""The quotations of the written stories and reports, as stance items.

    python models/written/items.py [stories | wire] > written.jsonl

Each file of a folder is one invented crisis: stories divided by lines of `===`, in which a
quotation stands as `[LABELS|words]`. LABELS are the first letters of its stances, primary first:
P pressure, D dialogue, E de-escalation, N none. The words around a quotation are cut just as they
are in use. A quarter of the crises is the test part: no crisis is in both.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from quotestance.stance.inputs import surroundings

HERE = Path(__file__).parent
FOLDERS = ("stories", "wire")
LETTERS = {"P": "pressure", "D": "dialogue", "E": "de-escalation"}
QUOTATION = re.compile(r"\[([PDEN]{1,3})\|([^\[\]|]+)\]")
TEST_EVERY = 4


def items(*folders: str) -> Iterator[dict[str, Any]]:
    """The stance items of folders, or of all, in the JSONL layout, in order."""
    paths = [p for name in folders or FOLDERS for p in sorted((HERE / name).glob("*.txt"))]
    for path in paths:
        part = "test" if int(path.stem.partition("-")[0]) % TEST_EVERY == 0 else "train"
        stories = re.split(r"^===+\s*$", path.read_text("utf-8"), flags=re.MULTILINE)
        for place, story in enumerate(stories):
            for found in quotations(story.strip()):
                yield {
                    "id": f"{path.stem}:{place}:{found.pop('start')}",
                    **found,
                    "genre": "news",
                    "source": "written for quotestance",
                    "doc": path.stem,
                    "part": part,
                }


def quotations(story: str) -> Iterator[dict[str, Any]]:
    """The quotations of one story: start, text, context, after and labels."""
    text = QUOTATION.sub(r"\2", story)
    taken = 0  # characters of markup before the quotation
    for match in QUOTATION.finditer(story):
        start = match.start() - taken
        end = start + len(match[2])
        taken += len(match.group()) - len(match[2])
        context, after = surroundings(text, start, end)
        labels = [LETTERS[letter] for letter in match[1] if letter in LETTERS]
        yield {
            "start": start, "text": match[2], "context": context, "after": after, "labels": labels,
        }  # fmt: skip


if __name__ == "__main__":
    for item in items(*sys.argv[1:]):
        print(json.dumps(item, ensure_ascii=False))
