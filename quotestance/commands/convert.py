"""quotestance convert: labelled data of other formats as JSONL."""

from __future__ import annotations

import argparse
from typing import Any

import quotestance
from quotestance.commands.options import add_columns, add_from
from quotestance.document import json_line
from quotestance.outputs import Output


def add(commands: Any) -> None:
    convert = commands.add_parser("convert", help="labelled data of other formats as JSONL")
    convert.add_argument("input", metavar="INPUT", help="a file or a folder")
    add_from(convert)
    add_columns(convert, "Artikel=text Zitat=quotation")
    convert.add_argument("--output", metavar="FILE", help="written under this name when complete")
    convert.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    mapping = dict(options.columns) if options.columns else None
    found = quotestance.read_corpus(options.input, options.corpus_format, column_mapping=mapping)
    with Output(options.output) as output:
        for item in found:
            output.write(json_line(item.to_dict()) + "\n")
    return 0
