"""The commands: analyze, stance, evaluate, train, convert, export, import.

Exit status: 0 all done, 1 some inputs failed (each named on standard error), 2 nothing done.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, TypeVar

import quotestance
from quotestance import inputs, report
from quotestance.corpora import FORMATS, format_of
from quotestance.document import LABELS, Document, LayoutError, Stance, StanceItem, json_line
from quotestance.hub import ModelError
from quotestance.outputs import Output, done_lines

if TYPE_CHECKING:
    from quotestance.evaluation import Comparison, Report
    from quotestance.stance_report import StanceAnalysis

_BATCH = 32
_PROGRESS_AFTER = 3  # seconds

Item = TypeVar("Item")


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs a command and returns its exit status."""
    os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except (LayoutError, ModelError, ValueError) as error:
        return _fail(str(error))
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        return _fail(f"{place}{(error.strerror or str(error)).lower()}")
    except KeyboardInterrupt:
        return _fail("interrupted") or 130


def _fail(message: str) -> int:
    print(f"quotestance: error: {message}", file=sys.stderr)
    return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="quotestance", description="Who said what in the news, and what they do with it."
    )
    parser.add_argument("--version", action="version", version=quotestance.__version__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    analyze = commands.add_parser("analyze", help="quotations, speakers and stances of texts")
    analyze.add_argument(
        "inputs",
        nargs="*",
        metavar="FILE",
        help="text or JSONL files, folders, - for standard input",
    )
    analyze.add_argument("--format", choices=("table", "jsonl", "csv"))
    _add_output(analyze)
    _add_models(analyze)
    analyze.set_defaults(run=_analyze)

    stance = commands.add_parser("stance", help="stances of texts that are quotations already")
    stance.add_argument("input", metavar="FILE", help="JSONL with text, and context and after")
    _add_output(stance)
    _add_models(stance)
    stance.set_defaults(run=_stance)

    evaluate = commands.add_parser("evaluate", help="scores on labelled data, with intervals")
    evaluate.add_argument("gold", metavar="GOLD", help="labelled documents or stance items")
    _add_from(evaluate)
    evaluate.add_argument(
        "--pred", metavar="FILE", help="predictions to score instead of a model's"
    )
    evaluate.add_argument(
        "--baseline",
        metavar="FILE",
        help="other predictions (a): how much better is this (b), with intervals of b - a",
    )
    evaluate.add_argument(
        "--errors", metavar="FILE", help="HTML page of all errors in their text, by kind"
    )
    evaluate.add_argument(
        "--train", metavar="FILE", help="stance items: training data of a TF-IDF baseline beside"
    )
    evaluate.add_argument(
        "--stability",
        action="store_true",
        help="stance items: labels that flip with other names, countries, marks, no context",
    )
    evaluate.add_argument(
        "--report", metavar="FILE", help="stance items: HTML page with diagrams and wrong items"
    )
    evaluate.add_argument("--format", choices=("table", "json"), default="table")
    _add_models(evaluate)
    evaluate.set_defaults(run=_evaluate)

    train = commands.add_parser("train", help="fine-tune a model on labelled data")
    train.add_argument("step", choices=("quotations", "stance"))
    train.add_argument("--train", nargs="+", required=True, metavar="FILE")
    train.add_argument("--eval", nargs="+", required=True, metavar="FILE")
    _add_from(train)
    train.add_argument("--output", required=True, metavar="FOLDER")
    train.add_argument(
        "--base", default="small", help="small, a folder, minilm-l6, mpnet-base or a hub name"
    )
    _add_columns(train)
    train.add_argument(
        "--multi-label",
        action="store_true",
        default=None,
        help="stance: labels are independent of each other; without it the data tell",
    )
    train.add_argument("--epochs", type=float)
    train.add_argument("--batch-size", type=_positive)
    train.add_argument("--learning-rate", type=float)
    train.add_argument("--patience", type=_positive, help="epochs without gain before it stops")
    train.add_argument("--seed", type=int)
    train.add_argument("--device")
    train.add_argument(
        "--layers", type=_positive, help="quotations: the first layers of an encoder only"
    )
    train.add_argument(
        "--teachers",
        nargs="+",
        metavar="FOLDER",
        help="quotations: larger models to learn from, on texts without quotations too",
    )
    train.set_defaults(run=_train)

    convert = commands.add_parser("convert", help="labelled data of other formats as JSONL")
    convert.add_argument("input", metavar="INPUT", help="a file or a folder")
    _add_from(convert)
    _add_columns(convert)
    convert.add_argument("--output", metavar="FILE", help="written under this name when complete")
    convert.set_defaults(run=_convert)
    _add_labelling(commands)
    return parser


def _add_labelling(commands: Any) -> None:
    export = commands.add_parser("export", help="quotations for people to label")
    export.add_argument("input", metavar="FILE", help="JSONL that analyze wrote")
    export.add_argument("--to", choices=("label-studio", "csv"), required=True)
    export.add_argument("--output", metavar="FILE", required=True)
    export.add_argument(
        "--order",
        choices=("text", "random", "uncertain"),
        default="text",
        help="random: a sample; uncertain: first what the model is least sure of",
    )
    export.add_argument("--number", type=_positive, metavar="N", help="the first N of the order")
    export.add_argument("--seed", type=int, default=0, help="of the random order")
    export.add_argument(
        "--balanced", action="store_true", help="as many of each predicted stance as there are"
    )
    export.add_argument("--blind", action="store_true", help="do not show what the model predicts")
    export.add_argument(
        "--annotators", nargs="+", default=[], metavar="NAME", help="a column of the CSV for each"
    )
    export.set_defaults(run=_export)

    imported = commands.add_parser("import", help="what people labelled, as stance items")
    imported.add_argument(
        "inputs", nargs="+", metavar="FILE", help="CSV, or Label Studio's JSON or JSON-MIN"
    )
    imported.add_argument("--output", metavar="FILE", required=True)
    imported.add_argument(
        "--eval", metavar="FILE", help="a fifth of the documents goes here, to evaluate on"
    )
    imported.set_defaults(run=_import)


def _add_from(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--from",
        dest="corpus_format",
        choices=FORMATS,
        help="format of the labelled data; without it the names of the files tell",
    )


def _add_columns(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--columns",
        nargs="+",
        type=_column,
        metavar="NAME=FIELD",
        help="columns of a table that have other names, e.g. Zitat=quotation",
    )


def _add_output(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--output", metavar="FILE", help="written under this name when complete")
    parser.add_argument(
        "--resume", action="store_true", help="go on with an output that was broken off (JSONL)"
    )


def _add_models(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--size", default="small", help="the embedded models (small)")
    parser.add_argument("--quotations", metavar="FOLDER", help="a quotation model of your own")
    parser.add_argument("--stance", metavar="FOLDER", help="a stance model of your own")
    parser.add_argument("--device", default="auto", help="auto, cpu, cuda, ...")
    parser.add_argument("--batch-size", type=_positive, default=_BATCH)
    parser.add_argument(
        "--abstain-below",
        type=_probability,
        metavar="P",
        help="mark stances whose confidence is lower as not certain (0 to 1)",
    )


def _positive(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return value


def _probability(text: str) -> float:
    value = float(text)
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError("must be between 0 and 1")
    return value


def _column(text: str) -> tuple[str, str]:
    name, sign, field = text.rpartition("=")
    if not (name and sign and field):
        raise argparse.ArgumentTypeError(f"{text!r} is no NAME=FIELD")
    return name, field


def _pipeline(options: argparse.Namespace) -> quotestance.Pipeline:
    return quotestance.load(
        options.size,
        quotations=options.quotations,
        stance=options.stance,
        device=options.device,
        abstain_below=options.abstain_below,
    )


def _classifier(options: argparse.Namespace) -> quotestance.StanceClassifier:
    return quotestance.StanceClassifier.from_pretrained(
        options.stance or options.size, options.device
    )


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


def _analyze(options: argparse.Namespace) -> int:
    names = options.inputs or ([] if sys.stdin.isatty() else [inputs.STDIN])
    if not names:
        return _fail("nothing to read: name a file or a folder, or - for standard input")
    jsonl = any(map(inputs.is_jsonl, names))
    form = options.format or ("jsonl" if jsonl else "table")
    width = shutil.get_terminal_size((100, 24)).columns
    write: dict[str, Callable[[Document, int], str]] = {
        "table": lambda document, number: (
            ("\n" if number else "") + report.table(document, width) + "\n"
        ),
        "jsonl": lambda document, number: document.to_json() + "\n",
        "csv": lambda document, number: report.csv_lines([document], header=number == 0),
    }

    def run(found: Iterator[Document]) -> Iterator[Document]:
        return _pipeline(options).pipe(found, options.batch_size)

    return _process(options, form, inputs.documents(names), run, write[form])


def _stance(options: argparse.Namespace) -> int:
    def run(found: Iterator[StanceItem]) -> Iterator[str]:
        from quotestance.stance.labelling import predict_items

        classifier = _classifier(options)
        while batch := list(islice(found, options.batch_size)):
            for item, stance in zip(batch, predict_items(classifier, batch), strict=True):
                told = stance.abstaining(options.abstain_below).to_dict()
                yield json_line({"id": item.id, "stance": told})

    return _process(
        options,
        "jsonl",
        inputs.records(options.input, StanceItem),
        run,
        lambda line, _: line + "\n",
    )


def _process(
    options: argparse.Namespace,
    form: str,
    found: Iterable[Any],
    run: Callable[[Iterator[Any]], Iterator[Any]],
    write: Callable[[Any, int], str],
) -> int:
    """Runs inputs through a model to the output; the exit status says how it went."""
    if options.resume:
        if not options.output or form != "jsonl":
            return _fail("--resume needs --output and JSONL")
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
            for result in _progress(run(chain([first], good)), skipped):
                output.write(write(result, written))
                written += 1
        if failures.count and not written:
            output.discard()
            return 2
    return 1 if failures.count else 0


def _progress(results: Iterable[Item], done: int) -> Iterable[Item]:
    """The results, with a progress bar on a terminal where the work is long."""
    from tqdm import tqdm

    off = not sys.stderr.isatty()
    bar: Iterable[Item] = tqdm(
        results, initial=done, unit=" texts", disable=off, delay=_PROGRESS_AFTER, file=sys.stderr
    )
    return bar


def _evaluate(options: argparse.Namespace) -> int:
    gold = quotestance.read_corpus(options.gold, options.corpus_format)
    items = [item for item in gold if isinstance(item, StanceItem)]
    documents = [item for item in gold if isinstance(item, Document)]
    if not items and not any(document.quotations for document in documents):
        return _fail(f"{options.gold} holds neither quotations nor items with labels")
    if options.errors and items:
        return _fail(f"--errors needs documents with quotations; {options.gold} holds stance items")
    for name in ("train", "stability", "report", "abstain_below"):
        if getattr(options, name) not in (None, False) and not items:
            return _fail(
                f"--{name.replace('_', '-')} needs stance items; "
                f"{options.gold} holds documents with quotations"
            )
    if options.stability and options.pred:
        return _fail("--stability asks a model again and again: leave out --pred")
    for name in ("errors", "report"):
        path = getattr(options, name)
        if path and not os.path.isdir(os.path.dirname(path) or "."):
            return _fail(f"--{name}: the folder of {path} does not exist")
    if items:
        _evaluate_items(options, items)
    else:
        _evaluate_documents(options, documents)
    return 0


def _print_scores(
    options: argparse.Namespace, scores: Report | Comparison | StanceAnalysis
) -> None:
    print(json.dumps(scores.to_dict()) if options.format == "json" else scores)


def _evaluate_items(options: argparse.Namespace, items: Sequence[StanceItem]) -> None:
    from quotestance.stance.labelling import predict_items
    from quotestance.stance_report import analyze_stances, stance_page

    others = _other_stances(options, items)
    flips = None
    if options.pred:
        predicted = _predicted_stances(options.pred, items)
    else:
        classifier = _classifier(options)
        predicted = predict_items(classifier, items)
        if options.stability:
            from quotestance.stance.stability import stability

            flips = stability(classifier, items)
    predicted = [stance.abstaining(options.abstain_below) for stance in predicted]
    found = analyze_stances(items, predicted, others=others, stability=flips)
    _print_scores(options, found.beside[options.baseline] if options.baseline else found)
    if options.report:
        title = f"Stances of {options.pred or 'the model'} on {options.gold}"
        with Output(options.report) as output:
            for piece in stance_page(found, title):
                output.write(piece)
        told = sys.stderr if options.format == "json" else sys.stdout
        print(f"see {options.report}", file=told)


def _other_stances(
    options: argparse.Namespace, items: Sequence[StanceItem]
) -> dict[str, list[Stance]]:
    """What is shown beside the model: other predictions, and the baselines that fit the labels."""
    from quotestance.corpora.jsonl import read_records
    from quotestance.stance.baselines import KeywordBaseline, TfidfBaseline
    from quotestance.stance.labelling import predict_items

    others = {}
    if options.baseline:
        others[options.baseline] = _predicted_stances(options.baseline, items)
    if options.train:
        records = read_records(options.train)
        for number, record in enumerate(records, 1):
            if not isinstance(StanceItem.from_dict(record).stance, Stance):
                raise LayoutError(f'{options.train}, record {number}: field "labels" is missing')
        others["TF-IDF"] = predict_items(TfidfBaseline(records), items)
    found = {label for item in items if item.stance for label in item.stance.labels}
    if found <= set(LABELS):
        others["keywords"] = predict_items(KeywordBaseline(), items)
    return others


def _evaluate_documents(options: argparse.Namespace, gold: Sequence[Document]) -> None:
    from quotestance.evaluation import compare_documents, evaluate_documents

    baseline = _predicted_documents(options.baseline, gold) if options.baseline else None
    if options.pred:
        predicted = _predicted_documents(options.pred, gold)
    else:
        predicted = list(_progress(_pipeline(options).pipe(gold, options.batch_size), 0))
    if baseline is None:
        _print_scores(options, evaluate_documents(gold, predicted))
    else:
        _print_scores(options, compare_documents(gold, baseline, predicted))
    if options.errors:
        _write_errors(options, gold, predicted)


def _write_errors(
    options: argparse.Namespace, gold: Sequence[Document], predicted: Sequence[Document]
) -> None:
    from quotestance.errors import error_page, error_summary, find_errors
    from quotestance.evaluation import paired

    cases = [case for pair in paired(gold, predicted) for case in find_errors(*pair)]
    title = f"Errors of {options.pred or 'the model'} on {options.gold}"
    with Output(options.errors) as output:
        for piece in error_page(cases, title):
            output.write(piece)
    # Where the scores are for a program, standard output is theirs alone.
    told = sys.stderr if options.format == "json" else sys.stdout
    print(f"{error_summary(cases)}; see {options.errors}", file=told)


def _predicted_documents(path: str, gold: Sequence[Document]) -> list[Document]:
    """The documents of a prediction file, which are those of gold."""
    from quotestance.evaluation import paired

    found = [item for item in quotestance.read_corpus(path, "jsonl") if isinstance(item, Document)]
    try:
        paired(gold, found)
    except ValueError as error:
        raise LayoutError(f"{path}: {error}") from None
    return found


def _predicted_stances(path: str, gold: Sequence[StanceItem]) -> list[Any]:
    """The stances of a prediction file in the order of the gold items."""
    from quotestance.corpora.jsonl import read_records

    by_id: dict[Any, Stance] = {}
    for number, record in enumerate(read_records(path), 1):
        if "id" not in record or "stance" not in record:
            raise LayoutError(f"{path}, record {number}: a prediction needs id and stance")
        if record["id"] in by_id:
            raise LayoutError(f"{path}, record {number}: id {record['id']!r} stands twice")
        by_id[record["id"]] = Stance.from_dict(record["stance"])
    missing = [item.id for item in gold if item.id not in by_id]
    if missing:
        raise LayoutError(f"{path}: {len(missing)} gold ids have no prediction, e.g. {missing[:3]}")
    return [by_id[item.id] for item in gold]


def _train(options: argparse.Namespace) -> int:
    names = ("epochs", "batch_size", "learning_rate", "patience", "seed", "device")
    own = ("layers", "teachers")  # of the quotation model
    given = {n: getattr(options, n) for n in (*names, *own) if getattr(options, n) is not None}
    if options.step == "quotations" and options.multi_label:
        return _fail("--multi-label is for `train stance` only")
    if options.step == "quotations":
        tune: Callable[..., Any] = quotestance.fine_tune_quotations
    elif misplaced := [name for name in own if name in given]:
        return _fail(f"--{misplaced[0]} is for `train quotations` only")
    else:
        tune = quotestance.fine_tune_stance
        given["column_mapping"] = dict(options.columns) if options.columns else None
        given["multi_label"] = options.multi_label
    train, held_out = (
        [part for name in names for part in _training_data(name, options)]
        for names in (options.train, options.eval)
    )
    first = os.environ.get("RANK", "0") == "0"  # of the processes of `accelerate launch`
    with warnings.catch_warnings():
        if first:
            warnings.showwarning = _told_warning
        else:
            warnings.simplefilter("ignore")
        tune(options.base, train, held_out, options.output, **given)
    if first:
        print(f"saved to {options.output}")
    return 0


def _told_warning(message: Warning | str, *_: Any, **__: Any) -> None:
    print(f"quotestance: warning: {message}", file=sys.stderr)


def _training_data(name: str, options: argparse.Namespace) -> Sequence[Any]:
    """A file as its name where the training reads it itself; of other formats the documents."""
    form, columns = options.corpus_format, dict(options.columns or ()) or None
    if options.step == "stance":
        itself = form in (None, "jsonl", "csv")
    else:
        itself = columns is None and (form or format_of(name)) == "jsonl"
    if itself:
        return [name]
    found = quotestance.read_corpus(name, form, column_mapping=columns)
    return [document for document in found if isinstance(document, Document)]


def _convert(options: argparse.Namespace) -> int:
    mapping = dict(options.columns) if options.columns else None
    found = quotestance.read_corpus(options.input, options.corpus_format, column_mapping=mapping)
    with Output(options.output) as output:
        for item in found:
            output.write(json_line(item.to_dict()) + "\n")
    return 0


def _export(options: argparse.Namespace) -> int:
    from quotestance.labelling import select, tasks_of, write_tasks

    found = quotestance.read_corpus(options.input, "jsonl")
    documents = [item for item in found if isinstance(item, Document)]
    if len(documents) < len(found):
        return _fail(f"{options.input} holds stance items; export takes what analyze wrote")
    chosen = select(
        tasks_of(documents), options.order, options.number,
        balanced=options.balanced, seed=options.seed,
    )  # fmt: skip
    if options.blind:
        chosen = [replace(task, stance=None) for task in chosen]
    written = write_tasks(chosen, options.output, options.to, options.annotators)
    print(f"{len(chosen)} quotations to label in {' and '.join(map(str, written))}")
    return 0


def _import(options: argparse.Namespace) -> int:
    from quotestance.corpora.tables import ENDINGS
    from quotestance.labelling import agreement, read_labelled, settle, split

    readings = read_labelled(options.inputs)
    settled = settle(readings)
    if not settled.items:
        return _fail(f"no labels that settle a quotation in {', '.join(options.inputs)}\n{settled}")
    items: Sequence[StanceItem] = settled.items
    parts = {options.output: items}
    if options.eval:
        parts[options.output], parts[options.eval] = split(items)
        if not parts[options.eval]:
            return _fail("--eval needs labelled quotations of two documents at least")
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


if __name__ == "__main__":
    sys.exit(main())
