"""quotestance export: quotations for people to label."""

from __future__ import annotations

import argparse
from dataclasses import replace
from typing import Any

import quotestance
from quotestance.commands.messages import fail
from quotestance.commands.options import positive
from quotestance.document import Document


def add(commands: Any) -> None:
    export = commands.add_parser("export", help="quotations for people to label")
    export.add_argument("input", metavar="FILE", help="JSONL that analyze wrote")
    export.add_argument(
        "--to", choices=("label-studio", "csv"), required=True, help="where they are labelled"
    )
    export.add_argument(
        "--output", metavar="FILE", required=True, help="the tasks; with .xml the interface, too"
    )
    export.add_argument(
        "--order",
        choices=("text", "random", "uncertain"),
        default="text",
        help="random: a sample; uncertain: first what the model is least sure of",
    )
    export.add_argument("--number", type=positive, metavar="N", help="the first N of the order")
    export.add_argument("--seed", type=int, default=0, help="of the random order")
    export.add_argument(
        "--balanced", action="store_true", help="as many of each predicted stance as there are"
    )
    export.add_argument("--blind", action="store_true", help="do not show what the model predicts")
    export.add_argument(
        "--annotators", nargs="+", default=[], metavar="NAME", help="a column of the CSV for each"
    )
    export.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    from quotestance.labelling import select, tasks_of, write_tasks

    found = quotestance.read_corpus(options.input, "jsonl")
    documents = [item for item in found if isinstance(item, Document)]
    if len(documents) < len(found):
        return fail(f"{options.input} holds stance items; export takes what analyze wrote")
    chosen = select(
        tasks_of(documents), options.order, options.number,
        balanced=options.balanced, seed=options.seed,
    )  # fmt: skip
    if options.blind:
        chosen = [replace(task, stance=None) for task in chosen]
    written = write_tasks(chosen, options.output, options.to, options.annotators)
    print(f"{len(chosen)} quotations to label in {' and '.join(map(str, written))}")
    return 0
