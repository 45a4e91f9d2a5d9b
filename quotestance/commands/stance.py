"""quotestance stance: stances of texts that are quotations already."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from quotestance import inputs
from quotestance.commands.options import add_classifier, add_output, classifier
from quotestance.commands.processing import form_of, process
from quotestance.document import StanceItem, json_line


def add(commands: Any) -> None:
    stance = commands.add_parser("stance", help="stances of texts that are quotations already")
    stance.add_argument(
        "input", metavar="FILE", help="JSONL or Parquet with text, and context and after"
    )
    add_output(stance)
    add_classifier(stance)
    stance.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    def load() -> Callable[[Sequence[StanceItem]], Iterator[str]]:
        from quotestance.stance.prediction import predict_items

        model = classifier(options)

        def labelled(batch: Sequence[StanceItem]) -> Iterator[str]:
            for item, stance in zip(batch, predict_items(model, batch), strict=True):
                told = stance.abstaining(options.abstain_below).to_dict()
                yield json_line({"id": item.id, "stance": told})

        return labelled

    form = form_of(options, "jsonl", "parquet") or "jsonl"
    found = inputs.records(options.input, StanceItem)
    return process(options, form, [options.input], found, load)
