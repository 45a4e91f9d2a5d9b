"""quotestance stance: stances of texts that are quotations already."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from itertools import islice
from typing import Any

from quotestance import inputs
from quotestance.commands.options import add_models, add_output, classifier
from quotestance.commands.processing import process
from quotestance.document import StanceItem


def add(commands: Any) -> None:
    stance = commands.add_parser("stance", help="stances of texts that are quotations already")
    stance.add_argument("input", metavar="FILE", help="JSONL with text, and context and after")
    add_output(stance)
    add_models(stance)
    stance.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    def labelled(found: Iterator[StanceItem]) -> Iterator[str]:
        from quotestance.stance.labelling import predict_items

        model = classifier(options)
        while batch := list(islice(found, options.batch_size)):
            for item, stance in zip(batch, predict_items(model, batch), strict=True):
                told = stance.abstaining(options.abstain_below).to_dict()
                yield json.dumps({"id": item.id, "stance": told}, ensure_ascii=False)

    return process(
        options,
        "jsonl",
        inputs.records(options.input, StanceItem),
        labelled,
        lambda line, _: line + "\n",
    )
