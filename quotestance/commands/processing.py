"""Runs inputs through a model to an output, from which a broken-off run goes on."""

from __future__ import annotations

import argparse
import json
import shutil
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from itertools import chain, islice
from pathlib import Path
from typing import Any

from quotestance import compression, inputs, tables
from quotestance.commands.messages import fail, progress, tell
from quotestance.document import Document, LayoutError, StanceItem
from quotestance.html.article import article_page
from quotestance.inputs import Place, Problem, Read
from quotestance.isolation import analysed, reason
from quotestance.journal import Journal
from quotestance.outputs import Output

Inputs = Iterable[Read[Any] | Problem]
Analyse = Callable[[Sequence[Any]], Iterable[str]]
"""Documents or stance items to a line of JSON each."""

_FORMS = {
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".csv": "csv",
    ".parquet": "parquet",
    ".html": "html",
    ".txt": "table",
}


def form_of(options: argparse.Namespace, *forms: str) -> str | None:
    """The format that --format gives, else the one that the ending of --output tells; ``None``
    where neither is there.

    Raises ValueError for an ending that is none of the ``forms`` that the command writes.
    """
    given: str | None = getattr(options, "format", None)
    ending = Path(compression.bare(options.output or "")).suffix
    if given or not ending:
        return given
    known = {name: form for name, form in _FORMS.items() if form in forms}
    if ending not in known:
        mend = ", or name the format with --format" if "format" in options else ""
        raise ValueError(
            f"{options.output}: nothing is written to files ending in {ending}: the endings are "
            f"{', '.join(known)}{mend}"
        )
    return known[ending]


def process(
    options: argparse.Namespace,
    form: str,
    names: Sequence[str],
    found: Inputs,
    load: Callable[[], Analyse],
) -> int:
    """Runs what was found in the inputs ``names`` through a model; the exit status.

    The model is loaded when there is something to analyse.
    """
    if not options.output:
        if options.resume or form == "parquet":
            return fail(f"{'--resume' if options.resume else '--format parquet'} needs --output")
        return _to_standard_output(options, form, names, found, load)
    if form == "parquet" and options.output.lower().endswith(compression.ENDINGS):
        return fail(f"{options.output}: Parquet is compressed inside: leave out the last ending")
    return _to_file(options, form, names, found, load)


def _to_standard_output(
    options: argparse.Namespace,
    form: str,
    names: Sequence[str],
    found: Inputs,
    load: Callable[[], Analyse],
) -> int:
    failed = 0

    def good() -> Iterator[str]:
        nonlocal failed
        for result in progress(_results(found, options.batch_size, load), 0, _total(names)):
            if isinstance(result, Problem):
                failed += 1
            else:
                yield result

    lines = good()
    first = next(lines, None)
    if first is not None:
        output = Output(None)
        for piece in _rendered(chain([first], lines), form):
            output.write(piece)
    return (2 if first is None else 1) if failed else 0


def _to_file(
    options: argparse.Namespace,
    form: str,
    names: Sequence[str],
    found: Inputs,
    load: Callable[[], Analyse],
) -> int:
    with closing(Journal(options.output, options.resume)) as journal:
        if journal.complete:
            return _status(journal)
        try:
            with _termination_interrupts():
                remaining = _after_done(iter(found), journal)
                results = _results(remaining, options.batch_size, load)
                for result in progress(results, journal.done, _total(names)):
                    if isinstance(result, Problem):
                        journal.fail(_failure(result))
                    else:
                        journal.write(result)
                if journal.done == journal.failed > 0:
                    journal.discard()
                    return 2
                _finish(journal, form)
        except KeyboardInterrupt:
            tell(f"interrupted: {_how_to_go_on(journal)}")
            return 130
        except OSError as error:
            place, why = error.filename or journal.output, error.strerror or str(error)
            return fail(f"{place}: {why.lower()}; {_how_to_go_on(journal)}")
        return _status(journal)


def _status(journal: Journal) -> int:
    if not journal.failed:
        return 0
    tell(f"{_inputs(journal.failed)} failed: {journal.failures} says why")
    return 1


def _how_to_go_on(journal: Journal) -> str:
    done = f"{_inputs(journal.done)} {'is' if journal.done == 1 else 'are'} done"
    return f"{done}; the same command with --resume goes on from there"


def _inputs(number: int) -> str:
    return f"{number} input{'' if number == 1 else 's'}"


def _total(names: Sequence[str]) -> int | None:
    """The number of inputs, for the time that is left, where somebody looks at it."""
    return inputs.count(names) if sys.stderr.isatty() else None


def _after_done(found: Iterator[Read[Any] | Problem], journal: Journal) -> Inputs:
    """The inputs behind those that are done; raises LayoutError where they cannot be the same.

    The result that was written last is of one of the last inputs skipped: behind it there are
    failed ones only.
    """
    skipped: deque[tuple[Any, int]] = deque(maxlen=journal.failed + 1)
    number = 0
    while number < journal.done:
        item = next(found, None)
        if item is None:
            raise LayoutError(
                f"{journal.partial}: {_inputs(journal.done)} done, but only {number} there. Name "
                "the same inputs in the same order, or start anew without --resume."
            )
        if isinstance(item, Read):
            skipped.append((item.item.id, hash(item.item.text)))
        number += isinstance(item, Read) or item.fatal
    last = journal.last()
    if last is not None and not any(
        id == last.get("id") and ("text" not in last or hash(last["text"]) == text)
        for id, text in skipped
    ):
        raise LayoutError(
            f"{journal.partial} is of other inputs: its last result, of id {last.get('id')!r}, is "
            f"not of the input number {journal.done}. Name the same inputs in the same order, or "
            "start anew without --resume."
        )
    return found


def _results(
    found: Inputs, batch_size: int, load: Callable[[], Analyse]
) -> Iterator[str | Problem]:
    """For each input in order its line of JSON, or why there is none; problems are told."""
    analyse: Analyse | None = None
    source = _without_warnings(found)
    while batch := list(islice(source, batch_size)):
        good = [item.item for item in batch if isinstance(item, Read)]
        if good and analyse is None:
            analyse = _of_lines_that_can_be_written(load())
        lines = iter(analysed(analyse, good) if analyse else ())
        for item in batch:
            result = _result(item, next(lines)) if isinstance(item, Read) else item
            if isinstance(result, Problem):
                tell(f"error: {result.place}: {result.message}")
            yield result


def _result(read: Read[Any], line: str | Exception) -> str | Problem:
    if isinstance(line, str):
        return line
    return Problem(read.place, reason(line), _record(read.item))


def _of_lines_that_can_be_written(analyse: Analyse) -> Analyse:
    """The same, but it raises UnicodeEncodeError for a line that is no UTF-8."""

    def checked(batch: Sequence[Any]) -> Iterator[str]:
        for line in analyse(batch):
            line.encode()
            yield line

    return checked


def _without_warnings(found: Inputs) -> Inputs:
    for item in found:
        if isinstance(item, Problem) and not item.fatal:
            tell(f"warning: {item.place}: {item.message}")
        else:
            yield item


def _record(item: Document | StanceItem) -> dict[str, Any]:
    """An input as it was given."""
    return {key: value for key, value in item.to_dict().items() if key != "quotations"}


def _failure(problem: Problem) -> dict[str, Any]:
    """An input that failed, as a record that can be run again."""
    place: Place = problem.place
    where = {"file": place.file} if place.line is None else {"file": place.file, "line": place.line}
    return {**(problem.record or {}), "failed": {**where, "error": problem.message}}


def _finish(journal: Journal, form: str) -> None:
    """Makes the output of the results: the file of them itself, or one in another form."""
    if form == "jsonl" and not journal.output.name.lower().endswith(compression.ENDINGS):
        journal.becomes_output()
        return
    if form == "parquet":
        from quotestance import parquet

        unfinished = Path(f"{journal.output}.unfinished")
        try:
            parquet.write(lambda: map(json.loads, journal.lines()), unfinished)
            unfinished.replace(journal.output)
        finally:
            unfinished.unlink(missing_ok=True)
    else:
        with Output(str(journal.output)) as output:
            for piece in _rendered(journal.lines(), form):
                output.write(piece)
    journal.remove_results()


def _rendered(lines: Iterable[str], form: str) -> Iterator[str]:
    if form == "jsonl":
        yield from (line + "\n" for line in lines)
        return
    documents = map(Document.from_json, lines)
    if form == "csv":
        yield from tables.to_csv(documents)
    elif form == "html":
        yield from article_page(documents)
    else:
        yield from tables.tables(documents, shutil.get_terminal_size((100, 24)).columns)


@contextmanager
def _termination_interrupts() -> Iterator[None]:
    """SIGTERM, with which batch systems end a job, ends the run as Ctrl-C does."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
