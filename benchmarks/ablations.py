"""What each choice in the quotation model brings: trainings with one choice undone.

    python benchmarks/ablations.py DATA [--articles 84] [--epochs 6] [--device cuda] [CHOICE ...]

Every model is trained on the same articles of `DATA/polnear/train.jsonl` and scored on
`polnear/dev.jsonl`, with one seed: differences under some two points are noise. The table gives
the score with all choices, and what is lost where one is undone. Runs stand in `runs/ablations`
and are not done twice.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np

import quotestance
from quotestance.corpora.jsonl import read_records
from quotestance.quotations import decoding, training
from quotestance.quotations.dataset import WindowDataset
from quotestance.quotations.model import QuotationModel

RUNS = Path("runs") / "ablations"
SHOWN = ("quoted_f1", "exact_source_f1", "exact_cue_f1", "exact_content_f1")

Undoing = Callable[[], AbstractContextManager[Any]]


@dataclass(frozen=True)
class Choice:
    """How a choice is undone: in training, or in reading alone."""

    undone: tuple[Undoing, ...] = ()
    reading: tuple[Undoing, ...] = ()


@contextmanager
def built(change: Callable[[QuotationModel], None], **settings: Any) -> Iterator[None]:
    """New models with other settings, and changed."""
    build = QuotationModel.from_encoder

    def changed(name: str, layers: int | None = None) -> QuotationModel:
        model = build(name, layers, **settings)
        change(model)
        return model

    with patch.object(training.QuotationModel, "from_encoder", changed):
        yield


def without_feature(name: str) -> Undoing:
    def silence(model: QuotationModel) -> None:
        model.features[name].weight.data.zero_()
        model.features[name].weight.requires_grad_(False)

    return lambda: built(silence)


def without_places(model: QuotationModel) -> None:
    model.places.weight.data.zero_()
    model.places.weight.requires_grad_(False)


@contextmanager
def without_augmentation() -> Iterator[None]:
    def plain(records: Any, tokenizer: Any, size: int, seed: int) -> WindowDataset:
        return WindowDataset(records, tokenizer, size, dresses=0, seed=seed)

    with patch.object(training, "WindowDataset", plain):
        yield


def plain_tags(probabilities: Any) -> list[int]:
    """The likeliest tag of each token; an inside tag without a beginning begins a span."""
    path = np.asarray(probabilities).argmax(1).tolist()
    for index, tag in enumerate(path):
        if tag and tag % 2 == 0 and (not index or path[index - 1] not in (tag, tag - 1)):
            path[index] = tag - 1
    return path


CHOICES = {
    "case shapes of tokens": Choice((without_feature("case_shapes"),)),
    "places of quotation marks": Choice((without_feature("mark_places"),)),
    "paragraph breaks": Choice((without_feature("breaks"),)),
    "distances in links": Choice((lambda: built(without_places),)),
    "windows of 384, not 128": Choice((lambda: built(lambda _: None, window=128, overlap=32),)),
    "augmentation": Choice((without_augmentation,)),
    "best path of tags, not the likeliest": Choice(
        reading=(lambda: patch.object(decoding, "best_path", plain_tags),)
    ),
    "sure edges of indirect contents": Choice(
        reading=(lambda: patch.object(decoding, "_SURE_EDGES", 0.0),)
    ),
}
"""Each choice and how it is undone."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("choices", nargs="*", metavar="CHOICE", help="; ".join(CHOICES))
    parser.add_argument("--base", default="minilm-l6")
    parser.add_argument("--articles", type=int, default=84)
    parser.add_argument("--epochs", type=float, default=6)
    parser.add_argument("--device", default="auto")
    options = parser.parse_args()
    if unknown := set(options.choices) - set(CHOICES):
        parser.error(f"no choice {', '.join(sorted(unknown))}; there are: {'; '.join(CHOICES)}")
    whole = scores("all choices", Choice(), options)
    print(f"| undone | {' | '.join(SHOWN)} |\n|---{'|---' * len(SHOWN)}|")
    print(f"| nothing | {' | '.join(f'{whole[name]:.3f}' for name in SHOWN)} |", flush=True)
    for name in options.choices or CHOICES:
        found = scores(name, CHOICES[name], options)
        lost = " | ".join(f"{found[score] - whole[score]:+.3f}" for score in SHOWN)
        print(f"| {name} | {lost} |", flush=True)


def scores(name: str, choice: Choice, options: argparse.Namespace) -> dict[str, float]:
    """Scores on dev of a model trained and read with a choice undone."""
    train = read_records(options.data / "polnear" / "train.jsonl")[: options.articles]
    gold = quotestance.read_corpus(options.data / "polnear" / "dev.jsonl")
    trained = "all choices" if not choice.undone else name
    stem = f"{options.base}-{options.articles}-{options.epochs}-{trained}"
    folder = RUNS / stem.replace(" ", "_").replace("/", "_")
    with ExitStack() as stack:
        for undo in choice.undone:
            stack.enter_context(undo())
        if not (folder / "model.safetensors").is_file():
            quotestance.fine_tune_quotations(
                options.base, train, gold, folder,
                epochs=options.epochs, patience=99, device=options.device,
            )  # fmt: skip
        for undo in choice.reading:
            stack.enter_context(undo())
        pipeline = quotestance.load(quotations=folder, device=options.device)
        report = quotestance.evaluate(pipeline, gold, resamples=0)
    return {score: report[score].value for score in SHOWN}


if __name__ == "__main__":
    main()
