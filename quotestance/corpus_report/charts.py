"""Diagrams of counted stances as SVG inside a page; its style sheet gives the colours.

Widths are shares of the place there is, so that the words in them keep their size.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from quotestance.corpus_report.counting import Counts
from quotestance.html import escaped
from quotestance.html.palette import Sign

_HEIGHT = 200  # pixels of the highest column
_TOP = 8  # pixels above it
_FOOT = 26  # pixels below the columns, for their names
_ICON = 16  # pixels of height that an icon needs
_TICKS = 6


def bar(counts: Counter[str], largest: int, drawn: Mapping[str, Sign]) -> str:
    """A bar of stances side by side; the whole width stands for ``largest``."""
    marks, left = [], 0.0
    for label, sign in drawn.items():
        width = 100 * counts[label] / largest
        if width:
            marks.append(
                f'<g class="{sign.css}"><title>{escaped(label)}: {counts[label]}</title>'
                f'<rect x="{left:.2f}%" width="{width:.2f}%" height="100%"/>'
            )
            if width > 10:
                middle = left + width / 2
                marks.append(f'<text x="{middle:.2f}%" y="14">{sign.icon}</text>')
            marks.append("</g>")
        left += width
    return f'<svg class="bar" aria-hidden="true">{"".join(marks)}</svg>'


def columns(unit: str, counts: Counts, drawn: Mapping[str, Sign]) -> str:
    """A column of stances for each period, and the axis beside them."""
    largest = max(1, max(count.total() for count in counts.values()))
    ticks = sorted({0, largest // 2, largest})
    heights = {tick: _TOP + _HEIGHT - _HEIGHT * tick / largest for tick in ticks}
    axis = "".join(f'<text x="100%" y="{y + 4:.1f}">{tick}</text>' for tick, y in heights.items())
    lines = "".join(f'<line x1="0" x2="100%" y1="{y:.1f}" y2="{y:.1f}"/>' for y in heights.values())
    step = 100 / len(counts)
    marks = "".join(
        _column(name, count, largest, place * step, step, drawn)
        for place, (name, count) in enumerate(counts.items())
    )
    height = _TOP + _HEIGHT + _FOOT
    return (
        f'<svg class="axis" aria-hidden="true" height="{height}">{axis}</svg>\n'
        f'<svg role="img" aria-label="Quotations by {unit} and stance" height="{height}">\n'
        f"{lines}{marks}{''.join(_names(list(counts), step))}\n</svg>\n"
    )


def _column(
    name: str,
    count: Counter[str],
    largest: int,
    left: float,
    step: float,
    drawn: Mapping[str, Sign],
) -> str:
    middle = left + step / 2
    marks, below = [], 0.0
    for label, sign in drawn.items():
        height = _HEIGHT * count[label] / largest
        if not height:
            continue
        below += height
        top = _TOP + _HEIGHT - below
        marks.append(
            f'<g class="{sign.css}"><title>{name}, {escaped(label)}: {count[label]}</title>'
            f'<rect x="{left + step * 0.1:.2f}%" y="{top:.1f}" width="{step * 0.8:.2f}%" '
            f'height="{height:.1f}"/>'
        )
        if height >= _ICON and step >= 4:
            marks.append(
                f'<text x="{middle:.2f}%" y="{top + height / 2 + 4:.1f}">{sign.icon}</text>'
            )
        marks.append("</g>")
    return "".join(marks)


def _names(names: Sequence[str], step: float) -> list[str]:
    every = -(-len(names) // _TICKS)
    return [
        f'<text class="name" x="{(place + 0.5) * step:.2f}%" y="{_TOP + _HEIGHT + 18}">'
        f"{name}</text>"
        for place, name in enumerate(names)
        if place % every == every // 2
    ]
