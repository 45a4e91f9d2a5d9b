"""The colours of all pages and plots, for light and dark, and how each stance is told.

A stance is never told by its colour alone: it has a sign and its name beside it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from quotestance.document import LABELS, NO_STANCE, Quotation

UNLABELLED = "not labelled"
"""What stands for the stance of a quotation that nobody has labelled."""

COLOURS = {
    "text": ("#1d1d1f", "#e6e6e3"),
    "faint": ("#5c5f66", "#a4a7ad"),
    "ground": ("#ffffff", "#17181a"),
    "raised": ("#f5f5f2", "#202225"),
    "line": ("#d5d5d0", "#3b3e43"),
    "border": ("#83868c", "#777b82"),
    "link": ("#1a4f9c", "#8fbcfa"),
    "wrong": ("#b3261e", "#f2a19b"),
    "gold": ("#8f6409", "#e2b13c"),
    "predicted": ("#2457a6", "#7fb0f5"),
}
"""Names of colours, each for light and for dark."""

STANCE_COLOURS = {
    "pressure": (("#a8321c", "#fbe4dd"), ("#ff9d85", "#4a2219")),
    "dialogue": (("#1f57a8", "#dfeaf9"), ("#8cbcff", "#1b3350")),
    "de-escalation": (("#0f6b4f", "#d8f0e4"), ("#6fd3a8", "#143b2d")),
    "none": (("#55585f", "#e9e9e6"), ("#b4b7bd", "#303338")),
    "other-1": (("#6d3fa8", "#ebe1f8"), ("#c9a6f5", "#38254f")),
    "other-2": (("#7a5200", "#f8e8c4"), ("#e8c06a", "#43320f")),
    "other-3": (("#9c2374", "#f9dcee"), ("#f2a0d0", "#4a1c3a")),
    "other-4": (("#0b6478", "#d5eef4"), ("#6fcfe2", "#103c47")),
    "other-5": (("#5b5f10", "#eef0c8"), ("#cdd26a", "#35380f")),
}
"""For each class of a stance: strong colour and tint, for light and for dark."""

_ICONS = dict(zip((*LABELS, NO_STANCE), "▲⇄▼○", strict=True))
_OTHER_ICONS = "◆■★●✚"


@dataclass(frozen=True, slots=True)
class Sign:
    """How a stance is shown: ``css`` is a key of STANCE_COLOURS, ``icon`` a character."""

    css: str
    icon: str


def signs(labels: Iterable[str]) -> dict[str, Sign]:
    """A sign for each label: this project's have their own, others take turns."""
    found, others = {}, 0
    for label in dict.fromkeys(labels):
        if label in _ICONS:
            found[label] = Sign(label, _ICONS[label])
        elif label == UNLABELLED:
            found[label] = Sign(NO_STANCE, "·")
        else:
            turn = others % len(_OTHER_ICONS)
            found[label] = Sign(f"other-{turn + 1}", _OTHER_ICONS[turn])
            others += 1
    return found


def label_of(quotation: Quotation) -> str:
    """The primary label of a quotation, or UNLABELLED."""
    return quotation.stance.label if quotation.stance else UNLABELLED


def ordered(labels: Iterable[str]) -> list[str]:
    """Labels in the order of all tables: this project's, others by name, none, unlabelled."""
    found = set(labels)
    last = (NO_STANCE, UNLABELLED)
    others = sorted(found.difference(LABELS, last))
    return [label for label in (*LABELS, *others, *last) if label in found]


def style(root: str = ":root") -> str:
    """The colours as style sheet: variables of ``root`` and a class for each stance."""
    pairs = [*COLOURS.items()]
    for name, (light, dark) in STANCE_COLOURS.items():
        pairs += [(name, (light[0], dark[0])), (f"{name}-tint", (light[1], dark[1]))]
    variables = "".join(f"  --{n}: light-dark({light}, {dark});\n" for n, (light, dark) in pairs)
    classes = "".join(
        f".{name} {{ --strong: var(--{name}); --tint: var(--{name}-tint); }}\n"
        for name in STANCE_COLOURS
    )
    return f"{root} {{\n{variables}}}\n{classes}"
