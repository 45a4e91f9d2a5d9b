"""quotestance train: fine-tunes a model on labelled data."""

from __future__ import annotations

import argparse
import os
import warnings
from collections.abc import Callable, Sequence
from typing import Any

import quotestance
from quotestance.commands.messages import fail, warnings_told
from quotestance.commands.options import add_columns, add_from, positive
from quotestance.corpora import format_of
from quotestance.document import Document


def add(commands: Any) -> None:
    train = commands.add_parser("train", help="fine-tune a model on labelled data")
    train.add_argument("step", choices=("quotations", "stance"), help="which model")
    train.add_argument(
        "--train", nargs="+", required=True, metavar="FILE", help="labelled data to learn from"
    )
    train.add_argument(
        "--eval",
        nargs="+",
        metavar="FILE",
        help="others, to choose the epoch by; stance: without it a fifth of --train",
    )
    add_from(train)
    train.add_argument("--output", required=True, metavar="FOLDER", help="where the model goes")
    train.add_argument(
        "--base", default="small", help="small, base, a folder, minilm-l6, mpnet-base or a hub name"
    )
    add_columns(
        train, "for stance Zitat=text Haltung=label, for quotations Artikel=text Zitat=quotation"
    )
    train.add_argument(
        "--multi-label",
        action="store_true",
        default=None,
        help="stance: labels are independent of each other; without it the data tell",
    )
    train.add_argument("--epochs", type=float, help="times through the data, at most")
    train.add_argument(
        "--batch-size", type=positive, metavar="N", help="texts a step, of each device"
    )
    train.add_argument(
        "--learning-rate", type=float, metavar="RATE", help="the highest of the schedule"
    )
    train.add_argument("--patience", type=positive, help="epochs without gain before it stops")
    train.add_argument("--seed", type=int, help="the same seed gives the same model (0)")
    train.add_argument("--device", help="auto, cpu, cuda, ...")
    train.add_argument(
        "--layers", type=positive, help="quotations: the first layers of an encoder only"
    )
    train.add_argument(
        "--teachers",
        nargs="+",
        metavar="FOLDER",
        help="larger models to learn from; of quotations, on texts without any too",
    )
    train.add_argument(
        "--frozen-layers",
        type=positive,
        metavar="N",
        help="stance: the first layers of the encoder stay as they are, which saves time",
    )
    train.add_argument(
        "--unlabelled",
        nargs="+",
        metavar="FILE",
        help="stance: JSONL of texts, or of articles with quotations, that the teachers label",
    )
    train.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    names = ("epochs", "batch_size", "learning_rate", "patience", "seed", "device", "teachers")
    own = {"quotations": ("layers",), "stance": ("multi_label", "unlabelled", "frozen_layers")}
    every = (*names, *own["quotations"], *own["stance"])
    given = {n: getattr(options, n) for n in every if getattr(options, n) is not None}
    for step, misplaced in own.items():
        if step != options.step and (wrong := [name for name in misplaced if name in given]):
            return fail(f"--{wrong[0].replace('_', '-')} is for `train {step}` only")
    if options.step == "quotations" and not options.eval:
        return fail("`train quotations` needs --eval: labelled documents to choose the epoch by")
    tune: Callable[..., Any] = quotestance.fine_tune_quotations
    if options.step == "stance":
        tune = quotestance.fine_tune_stance
        given["column_mapping"] = dict(options.columns) if options.columns else None
    train, held_out = (
        files and [part for file in files for part in _training_data(file, options)]
        for files in (options.train, options.eval)
    )
    first = os.environ.get("RANK", "0") == "0"  # of the processes of `accelerate launch`
    with warnings_told():
        if not first:
            warnings.simplefilter("ignore")
        tune(options.base, train, held_out, options.output, **given)
    if first:
        print(f"saved to {options.output}")
    return 0


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
