"""Results as Markdown tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from quotestance.benchmark.measuring import REFERENCE, Row


def of(results: Mapping[str, Any]) -> str:
    """All tables of results."""
    return "\n\n".join([head(results), *(suite(name, results) for name in results["suites"])])


def head(results: Mapping[str, Any]) -> str:
    """What it was measured on, and what was not measured."""
    machine, versions = results["machine"], results["versions"]
    memory = machine["memory_gb"]
    parts = [
        machine["processor"],
        f"{machine['cores']} cores ({machine['threads']} threads used)",
        " ".join(machine["flags"]) or machine["capability"],
        f"{memory:.0f} GB" if memory else "memory unknown",
        machine["cuda"] or "no CUDA",
        machine["system"],
        ", ".join(f"{name} {number}" for name, number in versions.items()),
    ]
    lines = [f"{'; '.join(parts)}."]
    if machine["load_before"] is not None:
        lines.append(f"Load before: {machine['load_before']} processes.")
    lines.append(f"Measured on {results['date']}, effort {results['effort']}.")
    lines.append(f"The articles were {results['articles']}.")
    lines.append("Medians, in brackets the lowest and the highest repeat.")
    lines += [f"\nNot measured: {what} ({why})." for what, why in results["not_measured"].items()]
    return "\n".join(lines)


def suite(name: str, results: Mapping[str, Any]) -> str:
    """A heading and the table of a suite."""
    title, table = _SUITES[name]
    return f"### {title}\n\n{table(results['suites'][name])}"


def _stance(rows: Sequence[Row]) -> str:
    lengths = list(dict.fromkeys(row["tokens"] for row in rows))
    base = {
        row["tokens"]: row["texts_per_s"]["median"]
        for row in rows
        if row["what"].startswith("transformers") and row["batch"] == 1
    }
    cells: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        ratio = row["texts_per_s"]["median"] / base[row["tokens"]]
        cell = f"{_spread(row['texts_per_s'])} ×{ratio:.1f}"
        cells.setdefault((row["what"], str(row["batch"])), []).append(cell)
    header = ["texts/s (× transformers, batch 1)", "batch", *(f"{n} tokens" for n in lengths)]
    return _table(header, ([*key, *values] for key, values in cells.items()))


def _articles(rows: Sequence[Row]) -> str:
    peer = [row["words_per_s"]["median"] for row in rows if row["what"] == "textacy"]
    first = rows[0]
    header = ["", "quotations", "words/s", "articles/s", "× textacy", "articles that raised"]
    lines = (
        [
            row["what"],
            row["quotations"],
            _spread(row["words_per_s"]),
            _spread(row["articles_per_s"]),
            f"{row['words_per_s']['median'] / peer[0]:.2f}" if peer else "not measured",
            str(row["raised"]),
        ]
        for row in rows
    )
    return f"{first['articles']} articles, {first['words']:,} words.\n\n{_table(header, lines)}"


def _scaling(rows: Sequence[Row]) -> str:
    header = [
        "articles", "words each", "ms an article", "ms for 1,000 words", "repeats",
        "MB when loaded", "MB at most",
    ]  # fmt: skip
    lines = (
        [
            f"{row['articles']:,}",
            f"{row['words_each']:,}",
            _spread(row["ms_per_article"]),
            _spread(row["ms_per_1000_words"]),
            str(row["ms_per_article"]["repeats"]),
            f"{row['loaded_mb']:,.0f}",
            f"{row['peak_mb']:,.0f}",
        ]
        for row in rows
    )
    return f"{rows[0]['what']}; each row is a fresh process.\n\n{_table(header, lines)}"


def _limit(rows: Sequence[Row]) -> str:
    header = [
        "", "texts/s", "encoder alone", "GFLOP a text", "GFLOP/s", "limits, GFLOP/s",
        "share", "encoder alone",
    ]  # fmt: skip
    lines = (
        [
            row["what"],
            _spread(row["texts_per_s"]),
            _spread(row["texts_per_s_engine"]),
            f"{row['gflop_per_text']:.2f}",
            _number(row["texts_per_s"]["median"] * row["gflop_per_text"]),
            ", ".join(
                f"{precision} {_number(found['median'])}"
                for precision, found in row["limit_gflops"].items()
            ),
            f"{row['share']:.0%}",
            f"{row['share_engine']:.0%}",
        ]
        for row in rows
    )
    return f"Texts of {rows[0]['tokens']} tokens.\n\n{_table(header, lines)}"


def _quality(rows: Sequence[Row]) -> str:
    names = list(
        dict.fromkeys(name for row in rows for part in _PARTS for name in row.get(part, ()))
    )
    lines = (
        [
            f"{row['set']} ({row['size']})",
            row["what"],
            f"{row['per_s']:,}",
            part,
            *(_score(row[part].get(name)) for name in names),
        ]
        for part in _PARTS
        for row in rows
        if part in row and (part == "gold" or row["what"] != REFERENCE)
    )
    header = ["set", "", "a second", "beside", *names]
    told = f"Agreement is with {REFERENCE}, gold are labels; in brackets 95 % intervals."
    return f"{told}\n\n{_table(header, lines)}"


_PARTS = ("agreement", "gold")


def _start(rows: Sequence[Row]) -> str:
    header = ["s", "import", "load", "first article", "whole process", "MB at most"]
    parts = ("import_s", "load_s", "first_s", "process_s", "peak_mb")
    return _table(header, ([row["what"], *(_spread(row[part]) for part in parts)] for row in rows))


_SUITES: dict[str, tuple[str, Callable[[Sequence[Row]], str]]] = {
    "stance": ("Stances of texts", _stance),
    "articles": ("Articles: quotations, speakers and stances", _articles),
    "scaling": ("More articles, longer articles", _scaling),
    "limit": ("Share of what the processor can do", _limit),
    "quality": ("Quality beside speed", _quality),
    "start": ("Cold start", _start),
}


def _spread(found: Mapping[str, float]) -> str:
    low, high = _number(found["low"]), _number(found["high"])
    return f"{_number(found['median'])} ({low}–{high})"


def _number(value: float) -> str:
    """Three digits that tell something."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def _score(found: Mapping[str, float] | None) -> str:
    if found is None:
        return ""
    return f"{found['value']:.3f} ({found['low']:.3f}–{found['high']:.3f})"


def _table(header: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    rows = [header, ["---"] * len(header), *lines]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)
