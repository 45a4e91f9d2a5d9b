"""Results as diagrams; needs the extra ``plots``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from quotestance.benchmark.measuring import Row


def check_installed() -> None:
    """Raises ImportError where matplotlib is missing."""
    if find_spec("matplotlib") is None:
        raise ImportError("diagrams need matplotlib: pip install 'quotestance[plots]'")


def write(results: Mapping[str, Any], folder: Path) -> Iterator[Path]:
    """Writes a diagram for each suite that has one; gives the files."""
    from matplotlib.figure import Figure

    folder.mkdir(parents=True, exist_ok=True)
    draws = {"stance": _stance, "articles": _articles, "scaling": _scaling}
    for name, draw in draws.items():
        if rows := results["suites"].get(name):
            figure = Figure(figsize=(9, 3.6), layout="constrained")
            draw(figure, rows)
            path = folder / f"{name}.svg"
            figure.savefig(path, metadata={"Date": None})
            yield path


def _stance(figure: Any, rows: Sequence[Row]) -> None:
    """Texts a second by length; a line for each engine and batch size."""
    axes = figure.subplots()
    for name in dict.fromkeys(_name(row) for row in rows):
        mine = [row for row in rows if _name(row) == name]
        _line(axes, [row["tokens"] for row in mine], [row["texts_per_s"] for row in mine], name)
    axes.set(xlabel="tokens a text", ylabel="texts a second", yscale="log")
    _log_places(axes, sorted({row["tokens"] for row in rows}))
    figure.legend(loc="outside right upper", fontsize="small")


def _name(row: Row) -> str:
    return f"{row['what']}, batch {row['batch']}"


def _articles(figure: Any, rows: Sequence[Row]) -> None:
    """Words a second; a bar for each engine and each kind of quotations."""
    axes = figure.subplots()
    names = [f"{row['what']}\n{row['quotations']}" for row in rows]
    found = [row["words_per_s"] for row in rows]
    axes.barh(names, [each["median"] for each in found], xerr=_errors(found), capsize=3)
    axes.invert_yaxis()
    axes.set_xlabel("words a second")


def _scaling(figure: Any, rows: Sequence[Row]) -> None:
    """Time and memory, over the number of articles and over their length."""
    axes = figure.subplots(1, 2)
    for panel, varied, field, label in (
        (axes[0], "number", "articles", "articles"),
        (axes[1], "length", "words_each", "words an article"),
    ):
        mine = [row for row in rows if row["varied"] == varied]
        places = [row[field] for row in mine]
        _line(panel, places, [row["ms_per_1000_words"] for row in mine], "time")
        panel.set(xlabel=label, ylabel="ms for 1,000 words")
        _log_places(panel, places)
        panel.set_ylim(0, 1.15 * max(row["ms_per_1000_words"]["high"] for row in mine))
        memory = panel.twinx()
        memory.plot(places, [row["peak_mb"] for row in mine], "s--", color="tab:red")
        memory.set_ylabel("MB at most", color="tab:red")
        memory.set_ylim(0, 1.15 * max(row["peak_mb"] for row in mine))


def _log_places(axes: Any, places: Sequence[int]) -> None:
    """A logarithmic axis that names the places that were measured."""
    axes.set_xscale("log")
    axes.set_xticks(places, [f"{place:,}" for place in places])
    axes.tick_params(axis="x", which="minor", bottom=False, labelbottom=False)


def _line(
    axes: Any, places: Sequence[int], found: Sequence[Mapping[str, float]], name: str
) -> None:
    medians = [each["median"] for each in found]
    axes.errorbar(places, medians, yerr=_errors(found), marker="o", capsize=3, label=name)


def _errors(found: Sequence[Mapping[str, float]]) -> list[list[float]]:
    """How far the lowest and the highest repeats are from the medians."""
    return [
        [each["median"] - each["low"] for each in found],
        [each["high"] - each["median"] for each in found],
    ]
