"""quotestance evaluate: scores on labelled data."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import quotestance
from quotestance.commands.messages import fail, progress, warnings_told
from quotestance.commands.options import add_from, add_models, classifier, pipeline
from quotestance.document import LABELS, Document, LayoutError, Stance, StanceItem
from quotestance.outputs import Output

if TYPE_CHECKING:
    from quotestance.evaluation import Comparison, Report
    from quotestance.stance_report import StanceAnalysis


def add(commands: Any) -> None:
    evaluate = commands.add_parser("evaluate", help="scores on labelled data, with intervals")
    evaluate.add_argument("gold", metavar="GOLD", help="labelled documents or stance items")
    add_from(evaluate)
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
    evaluate.add_argument(
        "--format", choices=("table", "json"), default="table", help="of the scores (table)"
    )
    add_models(evaluate)
    evaluate.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    gold = quotestance.read_corpus(options.gold, options.corpus_format)
    items = [item for item in gold if isinstance(item, StanceItem)]
    documents = [item for item in gold if isinstance(item, Document)]
    if not items and not any(document.quotations for document in documents):
        return fail(f"{options.gold} holds neither quotations nor items with labels")
    if options.errors and items:
        return fail(f"--errors needs documents with quotations; {options.gold} holds stance items")
    for name in ("train", "stability", "report", "abstain_below"):
        if getattr(options, name) not in (None, False) and not items:
            return fail(
                f"--{name.replace('_', '-')} needs stance items; "
                f"{options.gold} holds documents with quotations"
            )
    if options.stability and options.pred:
        return fail("--stability asks a model again and again: leave out --pred")
    for name in ("errors", "report"):
        path = getattr(options, name)
        if path and not os.path.isdir(os.path.dirname(path) or "."):
            return fail(f"--{name}: the folder of {path} does not exist")
    with warnings_told():
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
    from quotestance.stance.prediction import predict_items
    from quotestance.stance_report import analyze_stances, stance_page

    others = _other_stances(options, items)
    flips = None
    if options.pred:
        predicted = _predicted_stances(options.pred, items)
    else:
        model = classifier(options)
        predicted = predict_items(model, items)
        if options.stability:
            from quotestance.stance.stability import stability

            flips = stability(model, items)
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
    from quotestance.stance.baselines import KeywordBaseline, TfidfBaseline
    from quotestance.stance.data import read_labelled
    from quotestance.stance.prediction import predict_items

    others = {}
    if options.baseline:
        others[options.baseline] = _predicted_stances(options.baseline, items)
    if options.train:
        records = [labelled.record for labelled in read_labelled(options.train, name="--train")]
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
        predicted = list(progress(pipeline(options).pipe(gold, options.batch_size)))
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


def _predicted_stances(path: str, gold: Sequence[StanceItem]) -> list[Stance]:
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
