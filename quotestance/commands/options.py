"""Options that several commands share, and the models they name."""

from __future__ import annotations

import argparse
import sys

import quotestance
from quotestance.corpora import FORMATS
from quotestance.engines import ENGINES, Engine

_BATCH = 32


def add_from(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--from",
        dest="corpus_format",
        choices=FORMATS,
        help="format of the labelled data; without it the names of the files tell",
    )


def add_columns(parser: argparse.ArgumentParser, example: str) -> None:
    parser.add_argument(
        "--columns",
        nargs="+",
        action="extend",
        type=column,
        metavar="COLUMN=NAME",
        help=f"columns of a table that have other names than ours, e.g. {example}",
    )


def add_output(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--output", metavar="FILE", help="written under this name when complete")
    parser.add_argument(
        "--resume", action="store_true", help="go on with an output that was broken off"
    )


def add_models(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--quotations", metavar="FOLDER", help="a quotation model of your own")
    add_classifier(parser)


def add_classifier(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--size", default="small", help="the embedded models (small)")
    parser.add_argument(
        "--stance", metavar="MODEL", help="base, the larger stance model, or a folder of your own"
    )
    parser.add_argument("--device", default="auto", help="auto, cpu, cuda, ...")
    parser.add_argument(
        "--engine", choices=ENGINES, default="auto", help="what runs the models; auto: the fastest"
    )
    parser.add_argument("-v", "--verbose", action="store_true", help="say what runs the models")
    parser.add_argument(
        "--batch-size",
        type=positive,
        default=_BATCH,
        metavar="N",
        help=f"texts read at once ({_BATCH})",
    )
    parser.add_argument(
        "--abstain-below",
        type=probability,
        metavar="P",
        help="mark stances whose confidence is lower as not certain (0 to 1)",
    )


def positive(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return value


def probability(text: str) -> float:
    value = float(text)
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError("must be between 0 and 1")
    return value


def column(text: str) -> tuple[str, str]:
    name, _, field = (part.strip() for part in text.rpartition("="))
    if not (name and field):
        raise argparse.ArgumentTypeError(
            f"{text!r} is no COLUMN=NAME: the table's own name of a column, = without spaces, and "
            "ours, e.g. Zitat=text; several are parted by spaces"
        )
    return name, field


def pipeline(options: argparse.Namespace) -> quotestance.Pipeline:
    found = quotestance.load(
        options.size,
        quotations=options.quotations,
        stance=options.stance,
        device=options.device,
        engine=options.engine,
        abstain_below=options.abstain_below,
        marks_only=getattr(options, "marks_only", False),  # of `analyze`
    )
    _tell_engines(options, quotations=found.extractor.engine, stances=found.classifier.engine)
    return found


def classifier(options: argparse.Namespace) -> quotestance.StanceClassifier:
    found = quotestance.StanceClassifier.from_pretrained(
        options.stance or options.size, options.device, options.engine
    )
    _tell_engines(options, stances=found.engine)
    return found


def _tell_engines(options: argparse.Namespace, **engines: Engine) -> None:
    if options.verbose:
        told = ", ".join(f"{step} on {engine.name}" for step, engine in engines.items())
        print(f"quotestance: {told}", file=sys.stderr)
