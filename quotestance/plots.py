"""Stances and their trust as matplotlib figures; needs the extra ``plots``.

Each function takes an ``ax`` to draw into, makes a figure where there is none, and returns the
figure. In a script save it (``figure.savefig("stances.pdf")``); in a notebook it is shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from quotestance.corpus_report import counting
from quotestance.corpus_report.counting import Counts
from quotestance.document import Document
from quotestance.evaluation import Reliability
from quotestance.html.palette import COLOURS, STANCE_COLOURS, ordered, signs

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_HATCHES = ("", "///", "...", "xxx", "\\\\\\", "+++", "ooo", "***")
_LINE = COLOURS["predicted"][0]
_FAINT = COLOURS["faint"][0]


def stance_by_speaker(
    documents: Iterable[Document], *, most: int = 15, ax: Axes | None = None
) -> Figure:
    """Bars of the speakers with the most quotations, ``most`` of them, parted by primary stance.

    Raises ValueError where there are no quotations.
    """
    counts = counting.by_speaker(counting.speech(documents))
    if not counts:
        raise ValueError("the documents have no quotations to draw")
    shown = dict(list(counts.items())[:most])
    figure, ax = _drawing(ax, height=1.2 + 0.3 * len(shown))
    _stacked(ax, shown, across=True)
    ax.invert_yaxis()
    ax.set_xlabel("quotations")
    return figure


def stance_over_time(documents: Iterable[Document], *, ax: Axes | None = None) -> Figure:
    """Columns of quotations by day, week, month, quarter or year, parted by primary stance.

    The time is the ``date`` in the metadata of the documents. Raises ValueError where none has
    one that can be read.
    """
    unit, counts = counting.over_time(counting.speech(documents))
    if not counts:
        raise ValueError('no document has a date that can be read: give the field "date"')
    figure, ax = _drawing(ax)
    _stacked(ax, counts, across=False)
    every = -(-len(counts) // 8)
    ax.set_xticks(range(0, len(counts), every), list(counts)[::every], rotation=30, ha="right")
    ax.set(xlabel=unit, ylabel="quotations")
    return figure


def reliability_diagram(found: Reliability, *, ax: Axes | None = None) -> Figure:
    """How often labels are right by how sure they are, with 95 % intervals.

    ``found`` is what :func:`quotestance.reliability` gives. On the dashed line labels are right as
    often as they say; larger points stand for more labels.
    """
    figure, ax = _drawing(ax)
    sure = [b.confidence for b in found.bins]
    right = [b.correct.value for b in found.bins]
    largest = max(b.correct.size for b in found.bins)
    ax.plot([0, 1], [0, 1], linestyle="--", color=_FAINT, linewidth=1)
    lows, highs = zip(*(b.correct.interval for b in found.bins), strict=True)
    ax.vlines(sure, lows, highs, color=_LINE)
    ax.scatter(sure, right, s=[20 + 80 * b.correct.size / largest for b in found.bins], color=_LINE)
    ax.set(xlim=(0, 1), ylim=(0, 1), xlabel="confidence", ylabel="right", aspect="equal")
    return figure


def confusion_matrix(
    confusions: Mapping[str, Mapping[str, int]], *, ax: Axes | None = None
) -> Figure:
    """How often each gold label (a row) was predicted as each label (a column).

    ``confusions`` is what :func:`quotestance.confusions` gives. The colour is the share of the row.
    """
    figure, ax = _drawing(ax)
    columns = list(next(iter(confusions.values()), {}))
    totals = [max(1, sum(row.values())) for row in confusions.values()]
    numbers = [[row[name] for name in columns] for row in confusions.values()]
    shares = [[n / total for n in row] for row, total in zip(numbers, totals, strict=True)]
    ax.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    for y, row in enumerate(numbers):
        for x, number in enumerate(row):
            colour = "white" if shares[y][x] > 0.5 else "black"
            ax.text(x, y, str(number), ha="center", va="center", color=colour)
    ax.set_xticks(range(len(columns)), columns, rotation=30, ha="right")
    ax.set_yticks(range(len(confusions)), list(confusions))
    ax.set(xlabel="predicted", ylabel="gold")
    return figure


def _drawing(ax: Axes | None, height: float = 4.0) -> tuple[Figure, Axes]:
    """The figure and the axes to draw into."""
    if ax is not None:
        return ax.figure.get_figure(root=True), ax
    try:
        import matplotlib.pyplot as plt
    except ImportError as error:
        raise ImportError("plots need matplotlib: pip install 'quotestance[plots]'") from error
    figure, ax = plt.subplots(figsize=(7, height), layout="constrained")
    plt.close(figure)  # a notebook would show it twice, a long script run out of memory
    return figure, ax


def _stacked(ax: Axes, counts: Counts, *, across: bool) -> None:
    """Bars of stances behind each other; a stance differs in colour and hatching."""
    labels = ordered(label for count in counts.values() for label in count)
    places = range(len(counts))
    base = [0] * len(counts)
    for number, (label, sign) in enumerate(signs(labels).items()):
        sizes = [count[label] for count in counts.values()]
        style: dict[str, Any] = {
            "label": f"{sign.icon} {label}",
            "color": STANCE_COLOURS[sign.css][0][0],
            "hatch": _HATCHES[number % len(_HATCHES)],
            "edgecolor": "white",
            "linewidth": 0.5,
        }
        if across:
            ax.barh(places, sizes, left=base, **style)
        else:
            ax.bar(places, sizes, bottom=base, **style)
        base = [below + size for below, size in zip(base, sizes, strict=True)]
    if across:
        ax.set_yticks(places, list(counts))
    ax.legend(frameon=False)
    ax.spines[["top", "right"]].set_visible(False)
