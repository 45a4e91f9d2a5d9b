"""News-style quotations written for this project: templates filled with invented crises.

    python models/written/generate.py > written.jsonl

Every template of `templates.txt` is one act in one reporter's sentence; it is filled with several
crises between countries that do not exist, so that a classifier learns the act, not the names.
The labels were given with the templates, by the guidelines of the stance data. Templates with a
rare label are filled more often.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

FILLS = {"none": 6, "pressure": 6, "dialogue": 10, "de-escalation": 12}

Slots = dict[str, list[str]]

STYLES = ("“”", "“”", '""')


def items(seed: int = 0) -> Iterator[dict[str, Any]]:
    """Stance items in the JSONL layout; the same ones for the same seed."""
    chance = random.Random(seed)
    values = dict(line.split(": ", 1) for line in lines("slots.txt"))
    slots = {name: value.split("|") for name, value in values.items()}
    for number, line in enumerate(lines("templates.txt")):
        label, *parts = (part.strip() for part in line.split("||"))
        labels = [] if label == "none" else label.split(", ")
        for fill in range(max(FILLS[name] for name in labels or ["none"])):
            context, text, after = filled(parts, slots, chance)
            yield {
                "id": f"written-{number}-{fill}",
                "text": text,
                "context": context,
                "after": after,
                "labels": labels,
                "genre": "news",
                "source": "written for quotestance",
            }


def lines(name: str) -> list[str]:
    """The lines of a file beside this one, without comments."""
    text = (Path(__file__).parent / name).read_text("utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def filled(parts: list[str], slots: Slots, chance: random.Random) -> tuple[str, str, str]:
    """Context, text and what follows, with one crisis in all slots."""
    words = crisis(slots, chance)
    context, text, after = (re.sub(r"\{(\w+)\}", lambda m: words[m[1]], part) for part in parts)
    opening, closing = chance.choice(STYLES)
    text = opening + text.strip("“”") + closing
    context, after = (restyled(part, opening, closing) for part in (context, after))
    if chance.random() < 0.7:
        context = f"{chance.choice(slots['before'])} {context}"
    if chance.random() < 0.5:
        after = f"{after} {chance.choice(slots['behind'])}"
    return sentence_case(context), text, after.strip()


def restyled(part: str, opening: str, closing: str) -> str:
    return part.replace("“", opening).replace("”", closing)


def sentence_case(text: str) -> str:
    return re.sub(r"(^|[.!?] )([a-z])", lambda m: m[1] + m[2].upper(), text)


def crisis(slots: Slots, chance: random.Random) -> dict[str, str]:
    """Two countries, two people and what they quarrel about: a value for every slot."""
    (ours, our, capital), (theirs, their, other_capital) = (
        country.split("/") for country in chance.sample(slots["countries"], 2)
    )
    speaker, other = chance.sample(slots["people"], 2)
    names = {"t": "titles", "P": "places", "I": "issues", "W": "weapons", "M": "mediators"}
    drawn = {slot: chance.choice(slots[name]) for slot, name in names.items()}
    countries = {"A": ours, "a": our, "Ac": capital, "B": theirs, "b": their, "Bc": other_capital}
    people = {"S": speaker, "s": speaker.split()[-1], "O": other, "D": chance.choice(slots["days"])}
    return {**drawn, **countries, **people}


if __name__ == "__main__":
    for item in items():
        print(json.dumps(item, ensure_ascii=False))
