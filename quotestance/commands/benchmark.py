"""The command: quotestance benchmark."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

from quotestance import inputs
from quotestance.outputs import Output

SUITES = ("stance", "articles", "scaling", "limit", "quality", "start")


def add(commands: Any) -> None:
    """Adds the subcommand to those of the command line."""
    parser = commands.add_parser(
        "benchmark", help="speed, memory and quality of every engine, beside others"
    )
    parser.add_argument(
        "--suite",
        type=_suites,
        default=SUITES,
        metavar="NAME,...",
        help=f"what is measured; without it all: {', '.join(SUITES)}",
    )
    effort = parser.add_mutually_exclusive_group()
    effort.add_argument(
        "--quick", dest="effort", action="store_const", const="quick", help="rough, in a minute"
    )
    effort.add_argument(
        "--full",
        dest="effort",
        action="store_const",
        const="full",
        help="up to 10,000 articles and articles of 100,000 words; may take an hour",
    )
    parser.add_argument(
        "--articles", nargs="+", metavar="FILE", help="text or JSONL files or folders to read"
    )
    parser.add_argument(
        "--gold", metavar="FOLDER", help="JSONL files with labels, or one file, for F1"
    )
    parser.add_argument("--quotations", default="small", help="a quotation model of your own")
    parser.add_argument("--stance", default="small", help="a stance model of your own")
    parser.add_argument("--output", metavar="FILE", help="the results as JSON")
    parser.add_argument(
        "--tables", metavar="FILE", help="measure nothing: the tables of results written before"
    )
    parser.add_argument(
        "--plots", metavar="FOLDER", help="diagrams as SVG files, of the results or of --tables"
    )
    parser.set_defaults(run=run, effort="normal")


def _suites(text: str) -> tuple[str, ...]:
    names = tuple(name.strip() for name in text.split(","))
    for name in names:
        if name not in SUITES:
            raise argparse.ArgumentTypeError(f"{name!r} is none of {', '.join(SUITES)}")
    return names


def run(options: argparse.Namespace) -> int:
    """Measures, or reads results, and shows them."""
    from quotestance.benchmark import plots, tables

    if options.plots:
        plots.check_installed()
    if options.tables:
        results = _read(options.tables)
        print(tables.of(results))
    else:
        if options.output and not Path(options.output).parent.is_dir():
            raise ValueError(f"--output: the folder of {options.output} does not exist")
        results = _measured(options)
    if options.plots:
        for path in plots.write(results, Path(options.plots)):
            print(f"see {path}", file=sys.stderr)
    return 0


def _measured(options: argparse.Namespace) -> dict[str, Any]:
    """The results; tables are printed, and the file is written, after every suite."""
    from quotestance.benchmark import tables
    from quotestance.benchmark.machine import machine, versions
    from quotestance.benchmark.plan import Plan

    plan = Plan(
        effort=options.effort,
        quotations=options.quotations,
        stance=options.stance,
        articles=_articles(options.articles),
        gold=_gold(options.gold),
    )
    results: dict[str, Any] = {
        "date": f"{datetime.now(UTC):%Y-%m-%d}",
        "machine": machine(),
        "versions": versions(),
        "effort": plan.effort,
        "articles": "given" if plan.articles else "made from the packaged sample",
        "not_measured": plan.not_measured(options.suite),
        "suites": {},
    }
    print(tables.head(results), flush=True)
    for name in options.suite:
        start = time.perf_counter()
        module = import_module(f"quotestance.benchmark.{name}")
        results["suites"][name] = module.measure(plan)
        print(f"\n{tables.suite(name, results)}", flush=True)
        print(f"{name}: {time.perf_counter() - start:.0f} s", file=sys.stderr)
        if options.output:
            with Output(options.output) as output:
                output.write(json.dumps(results, indent=1, ensure_ascii=False) + "\n")
    return results


def _articles(names: Sequence[str] | None) -> list[str]:
    """The texts of the user's articles; raises ValueError at the first that cannot be read."""
    texts = []
    for found in inputs.documents(names or ()):
        if isinstance(found, inputs.Problem):
            if found.fatal:
                raise ValueError(f"--articles: {found.place}: {found.message}")
        else:
            texts.append(found.item.text)
    if names and not texts:
        raise ValueError(f"--articles: no texts in {', '.join(names)}")
    return texts


def _gold(name: str | None) -> list[Path]:
    if name is None:
        return []
    path = Path(name)
    files = sorted(path.glob("*.jsonl")) if path.is_dir() else [path]
    if not files or not path.exists():
        raise ValueError(f"--gold: no labelled data in {name}; name a .jsonl file or their folder")
    return files


def _read(name: str) -> dict[str, Any]:
    """Results written before; raises ValueError for a file that holds none."""
    try:
        results = json.loads(Path(name).read_text("utf-8"))
    except ValueError as error:
        raise ValueError(f"--tables: {name} is no JSON: {error}") from None
    if not isinstance(results, dict) or not {"machine", "suites"} <= results.keys():
        raise ValueError(f"--tables: {name} holds no results of `quotestance benchmark --output`")
    return results
