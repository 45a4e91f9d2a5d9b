"""quotestance import: what people labelled, as stance items."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import Any

from quotestance.commands.messages import fail
from quotestance.document import StanceItem, json_line
from quotestance.outputs import Output


def add(commands: Any) -> None:
    imported = commands.add_parser("import", help="what people labelled, as stance items")
    imported.add_argument(
        "inputs", nargs="+", metavar="FILE", help="CSV, or Label Studio's JSON or JSON-MIN"
    )
    imported.add_argument(
        "--output", metavar="FILE", required=True, help="stance items to train on, JSONL"
    )
    imported.add_argument(
        "--eval", metavar="FILE", help="a fifth of the documents goes here, to evaluate on"
    )
    imported.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    from quotestance.corpora.tables import ENDINGS
    from quotestance.labelling import agreement, read_labelled, settle, split

    readings = read_labelled(options.inputs)
    settled = settle(readings)
    if not settled.items:
        return fail(f"no labels that settle a quotation in {', '.join(options.inputs)}\n{settled}")
    items: Sequence[StanceItem] = settled.items
    parts = {options.output: items}
    if options.eval:
        parts[options.output], parts[options.eval] = split(items)
        if not parts[options.eval]:
            return fail("--eval needs labelled quotations of two documents at least")
    for name, part in parts.items():
        with Output(name) as output:
            for item in part:
                output.write(json_line(item.to_dict()) + "\n")
    print(settled)
    shared = [list(reading.passes.values()) for reading in readings if len(reading.passes) > 1]
    print(agreement(shared) if shared else "agreement: no quotation has two annotators")
    if not settled.missing:
        return 0
    places = ", ".join(settled.missing[:10])
    table = any(name.lower().endswith(ENDINGS) for name in options.inputs)
    reason = "put the rows back, without labels" if table else "not labelled yet, or deleted"
    print(
        f"quotestance: {'error' if table else 'warning'}: {len(settled.missing)} of the exported "
        f"quotations are in no file, e.g. number {places}: {reason}",
        file=sys.stderr,
    )
    return 1 if table else 0
