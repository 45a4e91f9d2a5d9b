"""Trains released models anew and writes their folders, weights in half precision.

    python models/build.py DATA [quotations-small] [stance-small] [quotations-base]

DATA is the folder with `polnear/`, `gum/`, `news/` and `stance/`. Training stands in `runs/` and
goes on where it was broken off. The scores in the cards are those of the written folders;
`--cards` writes the cards alone. `quotations-base` is not released: it wants a GPU.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import quotestance
from quotestance.corpora.jsonl import read_records
from quotestance.evaluation import Report
from quotestance.model_folders import write_manifest

HERE = Path(__file__).parent
RUNS = Path("runs")


@dataclass(frozen=True)
class Recipe:
    """How a model is made."""

    tune: Callable[..., Any]
    base: str
    settings: Mapping[str, Any]
    train: tuple[str, ...]
    held_out: tuple[str, ...]
    tests: tuple[str, ...]
    shown: tuple[str, ...]
    kind: str
    minutes: int  # on two cores
    note: str = ""  # what the card says of the weights beside the command


QUOTATION_SCORES = (
    "segments_found", "quoted_p", "quoted_r", "quoted_f1", "speaker_p", "speaker_f1",
    "speaker_ece", "exact_source_f1", "exact_cue_f1", "exact_content_f1",
)  # fmt: skip
STANCE_SCORES = (
    "macro_f1", "pressure_f1", "dialogue_f1", "de-escalation_f1", "none_f1", "accuracy",
    "multilabel_macro_f1", "ece",
)  # fmt: skip
QUOTATION_FILES: dict[str, Any] = {
    "tune": quotestance.fine_tune_quotations,
    "train": ("polnear/train.jsonl", "gum/gum.jsonl"),
    "held_out": ("polnear/dev.jsonl",),
    "tests": ("polnear/dev.jsonl", "news/dev.jsonl"),
    "shown": QUOTATION_SCORES,
    "kind": "quotations",
}
RECIPES = {
    "quotations-small": Recipe(
        base="minilm-l6",
        settings={"epochs": 7, "seed": 0},
        minutes=90,
        note="The released weights come from an earlier state of this command: restyled marks and\n"
        "lost breaks were its only augmentation, all mentions of a window were learned at each\n"
        "reading, and the last epoch was kept without trying the mean of the last ones. A new run\n"
        "will not give the same numbers to the last digit; it has not been made.",
        **QUOTATION_FILES,
    ),
    "quotations-base": Recipe(
        base="mpnet-base",
        settings={"epochs": 5, "learning_rate": 6e-5, "seed": 0},
        minutes=400,
        **QUOTATION_FILES,
    ),
    "stance-small": Recipe(
        tune=quotestance.fine_tune_stance,
        base="minilm-l6",
        settings={"epochs": 4, "learning_rate": 8e-5, "seed": 0},
        train=("stance/train.jsonl",),
        held_out=("stance/dev.jsonl", "stance/news_dev.jsonl"),
        tests=("stance/dev.jsonl", "stance/news_dev.jsonl"),
        shown=STANCE_SCORES,
        kind="stance",
        minutes=40,
    ),
}
RELEASED = ("quotations-small", "stance-small")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("models", nargs="*", metavar="MODEL", help=", ".join(RECIPES))
    parser.add_argument("--cards", action="store_true", help="write the cards alone")
    options = parser.parse_args()
    if unknown := set(options.models) - set(RECIPES):
        parser.error(f"no recipe for {', '.join(sorted(unknown))}; there are {', '.join(RECIPES)}")
    for name in options.models or RELEASED:
        if not options.cards:
            release(build(name, options.data), HERE / name)
        write_card(name, options.data)


def build(name: str, data: Path) -> Any:
    """The model of a recipe, trained."""
    recipe = RECIPES[name]
    train: Sequence[Any] = [data / file for file in recipe.train]
    if recipe.kind == "stance":
        records = [record for file in train for record in read_records(file)]
        # News is what the model is for, and rare in the data: it counts twice.
        news = [record for record in records if record["genre"] == "news"]
        train = [*records, *news, *written_items()]
    held_out = [data / file for file in recipe.held_out]
    return recipe.tune(recipe.base, train, held_out, RUNS / name, **recipe.settings)


def written_items() -> list[dict[str, Any]]:
    """The quotations made from the written templates."""
    spec = importlib.util.spec_from_file_location("generate", HERE / "written" / "generate.py")
    if spec is None or spec.loader is None:
        raise ImportError("models/written/generate.py is missing")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return list(module.items())


def release(tuned: Any, folder: Path) -> None:
    """Saves a model in half precision, with a configuration that loads it in single."""
    tuned.model.half()
    tuned.save_pretrained(folder)
    path = folder / "config.json"
    config = json.loads(path.read_text("utf-8"))
    config["dtype"] = "float32"
    path.write_text(json.dumps(config, indent=2, sort_keys=True) + "\n", "utf-8")
    write_manifest(folder)


def write_card(name: str, data: Path) -> None:
    recipe = RECIPES[name]
    pipeline = quotestance.load(device="cpu", **{recipe.kind: HERE / name})
    model = pipeline if recipe.kind == "quotations" else pipeline.classifier
    reports = {
        file: quotestance.evaluate(model, quotestance.read_corpus(data / file))
        for file in recipe.tests
    }
    template = (HERE / f"{recipe.kind}.card.md").read_text("utf-8")
    card = template.format(
        name=name,
        scores=table(reports, recipe.shown),
        hashes="\n".join(
            f"| `{file}` | `{hashlib.sha256((data / file).read_bytes()).hexdigest()}` |"
            for file in (*recipe.train, *recipe.held_out)
        ),
        settings=", ".join(f"{key} {value}" for key, value in recipe.settings.items()),
        versions=", ".join(f"{p} {version(p)}" for p in ("quotestance", "torch", "transformers")),
        minutes=recipe.minutes,
    )
    if recipe.note:
        card = f"{card.rstrip()}\n\n{recipe.note}\n"
    (HERE / name / "README.md").write_text(card, "utf-8")


def table(reports: dict[str, Report], names: Sequence[str]) -> str:
    """A Markdown table of scores with their 95 % intervals, a column a data set."""
    rows = [f"| | {' | '.join(reports)} |", f"|---{'|---' * len(reports)}|"]
    for name in names:
        cells = []
        for report in reports.values():
            score = report.scores.get(name)
            cells.append(f"{score.value:.3f} ({score.low:.3f}–{score.high:.3f})" if score else "–")
        rows.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(rows)


if __name__ == "__main__":
    main()
