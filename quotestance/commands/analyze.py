"""quotestance analyze: quotations, speakers and stances of texts."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from quotestance import inputs
from quotestance.commands.messages import fail
from quotestance.commands.options import add_models, add_output, pipeline
from quotestance.commands.processing import form_of, process
from quotestance.document import Document
from quotestance.journal import failures_of

_FORMS = ("table", "jsonl", "csv", "parquet", "html")


def add(commands: Any) -> None:
    analyze = commands.add_parser("analyze", help="quotations, speakers and stances of texts")
    analyze.add_argument(
        "inputs",
        nargs="*",
        metavar="FILE",
        help="text, JSONL or Parquet files, folders, - for standard input",
    )
    analyze.add_argument(
        "--format",
        choices=_FORMS,
        help="without it the names of the files tell",
    )
    add_output(analyze)
    add_models(analyze)
    analyze.add_argument(
        "--marks-only", action="store_true", help="only quotations in quotation marks: faster"
    )
    analyze.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    names = options.inputs or ([] if sys.stdin.isatty() else [inputs.STDIN])
    if not names:
        return fail("nothing to read: name a file or a folder, or - for standard input")
    records = any(map(inputs.is_records, names))
    form = form_of(options, *_FORMS) or ("jsonl" if records else "table")
    own = [options.output, failures_of(options.output)] if options.output else []
    found = inputs.documents(names, {Path(name).resolve() for name in own})

    def load() -> Callable[[Sequence[Document]], Iterator[str]]:
        model = pipeline(options)
        return lambda batch: (document.to_json() for document in model.pipe(batch, len(batch)))

    return process(options, form, names, found, load)
