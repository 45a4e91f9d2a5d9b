"""Runs inputs through a model to an output, from which a broken-off run goes on."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice
from typing import Any, TypeVar

from quotestance import inputs
from quotestance.commands.messages import fail, progress
from quotestance.outputs import Output, done_lines

Item = TypeVar("Item")


class _Failures:
    """Problems told on standard error as they come up, and counted."""

    def __init__(self) -> None:
        self.count = 0

    def passed(self, found: Iterable[Item | inputs.Problem]) -> Iterator[Item]:
        """What is no problem."""
        for item in found:
            if isinstance(item, inputs.Problem):
                word = "error" if item.fatal else "warning"
                print(f"quotestance: {word}: {item.place}: {item.message}", file=sys.stderr)
                self.count += item.fatal
            else:
                yield item


def process(
    options: argparse.Namespace,
    form: str,
    found: Iterable[Any],
    run: Callable[[Iterator[Any]], Iterator[Any]],
    write: Callable[[Any, int], str],
) -> int:
    """Runs inputs through a model to the output; the exit status says how it went."""
    if options.resume:
        if not options.output or form != "jsonl":
            return fail("--resume needs --output and JSONL")
        if os.path.exists(options.output):
            return 0
    done = done_lines(options.output) if options.resume else 0
    failures = _Failures()
    with Output(options.output, options.resume) as output:
        good = failures.passed(found)
        skipped = sum(1 for _ in islice(good, done))
        first = next(good, None)
        written = skipped
        if first is not None:
            for result in progress(run(chain([first], good)), skipped):
                output.write(write(result, written))
                written += 1
        if failures.count and not written:
            output.discard()
            return 2
    return 1 if failures.count else 0
