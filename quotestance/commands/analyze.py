"""quotestance analyze: quotations, speakers and stances of texts."""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Callable, Iterator
from typing import Any

from quotestance import inputs, report
from quotestance.commands.messages import fail
from quotestance.commands.options import add_models, add_output, pipeline
from quotestance.commands.processing import process
from quotestance.document import Document
from quotestance.html.article import article_page


def add(commands: Any) -> None:
    analyze = commands.add_parser("analyze", help="quotations, speakers and stances of texts")
    analyze.add_argument(
        "inputs",
        nargs="*",
        metavar="FILE",
        help="text or JSONL files, folders, - for standard input",
    )
    analyze.add_argument(
        "--format",
        choices=("table", "jsonl", "csv", "html"),
        help="without it table, of JSONL jsonl",
    )
    add_output(analyze)
    add_models(analyze)
    analyze.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    names = options.inputs or ([] if sys.stdin.isatty() else [inputs.STDIN])
    if not names:
        return fail("nothing to read: name a file or a folder, or - for standard input")
    jsonl = any(map(inputs.is_jsonl, names))
    form = options.format or ("jsonl" if jsonl else "table")
    width = shutil.get_terminal_size((100, 24)).columns
    write: dict[str, Callable[[Document, int], str]] = {
        "table": lambda document, number: (
            ("\n" if number else "") + report.table(document, width) + "\n"
        ),
        "jsonl": lambda document, number: document.to_json() + "\n",
        "csv": lambda document, number: report.csv_lines([document], header=number == 0),
        "html": article_page,
    }

    def analyzed(found: Iterator[Document]) -> Iterator[Document]:
        return pipeline(options).pipe(found, options.batch_size)

    return process(options, form, inputs.documents(names), analyzed, write[form])
