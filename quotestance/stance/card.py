"""The model card of a fine-tuned stance classifier: what it was made from, and how good it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import quotestance
from quotestance.document import Stance
from quotestance.evaluation import Report, confusions, evaluate_stances
from quotestance.evaluation.bootstrap import caution
from quotestance.stance.checks import label_counts
from quotestance.stance.classifier import StanceClassifier
from quotestance.stance.data import Record

_TEMPLATE = Path(__file__).with_name("card.md")
_DIVIDED = (
    " These were held out of the data given for training: whole documents and texts, labels in "
    "like shares."
)
_PACKAGES = ("torch", "transformers", "tokenizers", "accelerate", "numpy")


@dataclass(frozen=True)
class Training:
    """What a model was made from: base, data and settings.

    ``divided`` says that ``held_out`` was taken out of the training data.
    """

    base: str
    train: Sequence[Record]
    held_out: Sequence[Record]
    settings: Mapping[str, Any]
    divided: bool = False


def write_card(
    folder: str | Path,
    training: Training,
    classifier: StanceClassifier,
    predicted: Sequence[Stance],
) -> None:
    """Writes README.md into the model's folder.

    ``predicted`` are the model's stances of the evaluation data, in their order.
    """
    gold = [Stance.from_labels(record["labels"]) for record in training.held_out]
    card = _TEMPLATE.read_text("utf-8").format(
        name=Path(folder).resolve().name,
        folder=str(folder),
        labels=", ".join(f"`{label}`" for label in classifier.classes_),
        scheme=_scheme(classifier),
        base=training.base,
        train_size=len(training.train),
        eval_size=len(training.held_out),
        origin=_DIVIDED if training.divided else "",
        counts=_counts(training),
        scores=_scores(evaluate_stances(gold, predicted, multi_label=classifier.multi_label)),
        confusion_title=(
            "For each label by itself:"
            if classifier.multi_label
            else "Rows are the right labels, columns what the model says (primary labels):"
        ),
        confusions=_confusions(confusions(gold, predicted, multi_label=classifier.multi_label)),
        settings="\n".join(f"| {_shown(k)} | {v} |" for k, v in training.settings.items()),
        versions=", ".join(
            [f"quotestance {quotestance.__version__}", *(f"{p} {version(p)}" for p in _PACKAGES)]
        ),
    )
    (Path(folder) / "README.md").write_text(card, "utf-8")


def _scheme(classifier: StanceClassifier) -> str:
    if classifier.multi_label:
        thresholds = ", ".join(
            f"`{label}` {value:.2f}" for label, value in classifier.thresholds.items()
        )
        return (
            "The labels are independent of each other (multi-label): each has a probability of its "
            f"own and holds from its threshold on: {thresholds}."
        )
    return "One label is the first; the probabilities of all sum to 1."


def _counts(training: Training) -> str:
    train, held_out = label_counts(training.train), label_counts(training.held_out)
    rows = [[label, train.get(label, 0), held_out.get(label, 0)] for label in {**train, **held_out}]
    return _table(["label", "training", "evaluation"], rows)


def _scores(report: Report) -> str:
    rows = [
        [_shown(name), f"{s.value:.3f}", f"{s.low:.3f}–{s.high:.3f}", s.support]
        for name, s in report.scores.items()
    ]
    table = _table(["score", "value", "95 % interval", "support"], rows)
    return "\n\n".join([table, *caution(report.size)])


def _confusions(found: Mapping[str, Mapping[str, int]]) -> str:
    columns = list(next(iter(found.values())))
    rows = [[label, *(row[column] for column in columns)] for label, row in found.items()]
    return _table(["", *columns], rows)


def _table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(_cell(value) for value in line) + " |" for line in lines)


def _cell(value: object) -> str:
    return str(value).replace("|", "\\|")


def _shown(name: str) -> str:
    return name.replace("_", " ")
