"""quotestance report: many articles in one page."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import quotestance
from quotestance.commands.messages import fail
from quotestance.commands.options import add_from
from quotestance.document import Document
from quotestance.outputs import Output


def add(commands: Any) -> None:
    report = commands.add_parser("report", help="HTML page on who takes which stance in articles")
    report.add_argument("input", metavar="FILE", help="JSONL that analyze wrote, or labelled data")
    add_from(report)
    report.add_argument("--output", metavar="FILE", help="written under this name when complete")
    report.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    from quotestance.corpus_report import report_page

    found = quotestance.read_corpus(options.input, options.corpus_format)
    documents = [item for item in found if isinstance(item, Document)]
    if len(documents) < len(found):
        return fail(f"{options.input} holds stance items; report takes what analyze wrote")
    if not any(document.quotations for document in documents):
        return fail(f"{options.input} holds no quotations: run `quotestance analyze` on it first")
    with Output(options.output) as output:
        for piece in report_page(documents, f"Quotations in {Path(options.input).name}"):
            output.write(piece)
    return 0
