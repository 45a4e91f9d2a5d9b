"""Trains released models anew and writes their folders, weights in half precision.

    python models/build.py DATA [MODEL ...]      # those that are released, or others

DATA is the folder with `polnear/`, `gum/`, `news/`, `stance/` and `unlabelled/`. Training stands
in `runs/` and goes on where it was broken off; one that came to its end is done again, but for the
first stage of a model, which stays there until it is deleted. The scores in the cards are those of
the written folders; `--cards` writes the cards alone, `--int8` the int8 form of stance-small alone.
`quotations-base` is not released: it wants a GPU.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

from stance_items import everything, mostly_news, retold, written

import quotestance
from quotestance.evaluation import Report
from quotestance.model_folders import save, write_manifest
from quotestance.quantisation import quantise

HERE = Path(__file__).parent
RUNS = Path("runs")


@dataclass(frozen=True)
class Recipe:
    """How a model is made."""

    tune: Callable[..., Any]
    base: str  # an encoder, or another recipe to go on from
    settings: Mapping[str, Any]
    train: tuple[str, ...]
    held_out: tuple[str, ...]
    tests: tuple[str, ...]
    shown: tuple[str, ...]
    kind: str
    minutes: int  # on two cores
    items: Callable[[Path], list[Any]] | None = None  # from DATA, in place of the files themselves
    note: str = ""  # what the card says of the weights beside the command
    told: Mapping[str, str] = field(default_factory=dict)  # what only this model's card says


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
STANCE_FILES: dict[str, Any] = {
    "tune": quotestance.fine_tune_stance,
    "train": ("stance/train.jsonl",),
    "held_out": ("stance/dev.jsonl", "stance/news_dev.jsonl"),
    "tests": ("stance/dev.jsonl", "stance/news_dev.jsonl"),
    "shown": STANCE_SCORES,
    "kind": "stance",
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
        base="minilm-l6",
        settings={"epochs": 4, "learning_rate": 8e-5, "seed": 0},
        minutes=40,
        items=lambda data: everything(data, "templates"),
        told={
            "encoder": "MiniLM-L6 (22.7 million parameters)",
            "own": "on 1,206 quotations made from templates written for this project "
            "(`models/written/generate.py`)",
            "form": "`openvino_model.xml` is the int8 form of the same weights, which runs on "
            "processors with VNNI or AMX\n(`quotestance quantise`, calibrated on the written "
            "stories). It gives 98.6 % of the labels of both sets\ntogether (98.8 % and 98.3 %); "
            "its macro-F1 is .769 and .611 beside .765 and .625.",
        },
        **STANCE_FILES,
    ),
    "stance-base-first": Recipe(
        base="mpnet-base",
        settings={"epochs": 2, "learning_rate": 6e-5, "seed": 0, "frozen_layers": 6},
        minutes=90,
        items=lambda data: everything(data, "labels", "stories", "templates"),
        **STANCE_FILES,
    ),
    "stance-base": Recipe(
        base="stance-base-first",
        settings={"epochs": 1, "learning_rate": 3e-5, "seed": 0, "frozen_layers": 6},
        minutes=30,
        items=lambda data: retold(mostly_news(data)),
        told={
            "encoder": "MPNet-base (109 million parameters; the first half of its layers as "
            "published)",
            "own": "on the passages of the same sources, and of PolNeAR, that "
            "`models/labels.jsonl` labels; and on\nthe templates, stories and agency reports "
            "written for this project (`models/written/`)",
            "form": "It is too large for the package: it comes with a checkout of the repository. "
            "On a CPU it takes some\nseven times as long as `stance-small`.",
        },
        note="The released weights come from these two stages in a loop of their own that keeps "
        "what the frozen layers\ngive and takes a moving mean of the weights (decay .99) in place "
        "of the mean of the epochs; the first\nstage had 1,624 of the labels of "
        "`models/labels.jsonl`. A new run will not give the same numbers to\nthe last digit; it "
        "has not been made.",
        **STANCE_FILES,
    ),
}
RELEASED = ("quotations-small", "stance-base", "stance-small")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    names = [name for name in RECIPES if not name.endswith("-first")]
    parser.add_argument("models", nargs="*", metavar="MODEL", help=", ".join(names))
    alone = parser.add_mutually_exclusive_group()
    alone.add_argument("--cards", action="store_true", help="write the cards alone")
    alone.add_argument("--int8", action="store_true", help="write int8 forms and cards alone")
    options = parser.parse_args()
    if unknown := set(options.models) - set(names):
        parser.error(f"no recipe for {', '.join(sorted(unknown))}; there are {', '.join(names)}")
    for name in options.models or RELEASED:
        if not (options.cards or options.int8):
            release(build(name, options.data), HERE / name)
        if not options.cards and name == "stance-small":
            quantise_folder(HERE / name)
        write_card(name, options.data)


def build(name: str, data: Path) -> Any:
    """The model of a recipe, trained; what it goes on from is trained first, once."""
    recipe = RECIPES[name]
    base = recipe.base
    if base in RECIPES:
        if not (RUNS / base / "manifest.json").is_file():
            build(base, data)
        base = str(RUNS / base)
    train: Sequence[Any] = [data / file for file in recipe.train]
    if recipe.items:
        train = recipe.items(data)
    held_out = [data / file for file in recipe.held_out]
    return recipe.tune(base, train, held_out, RUNS / name, **recipe.settings)


def release(tuned: Any, folder: Path) -> None:
    """Saves a model in half precision, with a configuration that loads it in single."""
    tuned.model.half()
    save(tuned.model, tuned.tokenizer, folder, largest="90MB")
    path = folder / "config.json"
    config = json.loads(path.read_text("utf-8"))
    config["dtype"] = "float32"
    path.write_text(json.dumps(config, indent=2, sort_keys=True) + "\n", "utf-8")
    write_manifest(folder)


def quantise_folder(folder: Path) -> None:
    """Writes the int8 form beside the weights, calibrated on the written stories."""
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as file:
        file.writelines(json.dumps(item) + "\n" for item in written("items").items("stories"))
        file.flush()
        quantise(folder, file.name)


def write_card(name: str, data: Path) -> None:
    recipe = RECIPES[name]
    pipeline = quotestance.load(device="cpu", **{recipe.kind: HERE / name})
    model = pipeline if recipe.kind == "quotations" else pipeline.classifier
    sets = {file: quotestance.read_corpus(data / file) for file in recipe.tests}
    reports = {file: quotestance.evaluate(model, items) for file, items in sets.items()}
    template = (HERE / f"{recipe.kind}.card.md").read_text("utf-8")
    card = template.format(
        name=name,
        size=name.rpartition("-")[2],
        scores=table(reports, recipe.shown),
        flips=flips(pipeline.classifier, sets) if recipe.kind == "stance" else "",
        hashes="\n".join(
            f"| `{file}` | `{hashlib.sha256((data / file).read_bytes()).hexdigest()}` |"
            for file in (*recipe.train, *recipe.held_out)
        ),
        settings="; then ".join(
            ", ".join(f"{key} {value}" for key, value in stage.settings.items())
            for stage in stages(recipe)
        ),
        versions=", ".join(f"{p} {version(p)}" for p in ("quotestance", "torch", "transformers")),
        minutes=sum(stage.minutes for stage in stages(recipe)),
        **recipe.told,
    )
    if recipe.note:
        card = f"{card.rstrip()}\n\n{recipe.note}\n"
    (HERE / name / "README.md").write_text(card, "utf-8")


def stages(recipe: Recipe) -> list[Recipe]:
    """What a model is trained by: the recipe that it goes on from, if any, and its own."""
    return [*(stages(RECIPES[recipe.base]) if recipe.base in RECIPES else ()), recipe]


def flips(classifier: Any, sets: Mapping[str, Any]) -> str:
    """A Markdown table of the labels that flip where what should not matter is changed."""
    found = {file: quotestance.stability(classifier, items).shares for file, items in sets.items()}
    rows = [f"| | {' | '.join(found)} |", f"|---{'|---' * len(found)}|"]
    for kind in next(iter(found.values())):
        rows.append(f"| {kind} | {' | '.join(str(shares[kind]) for shares in found.values())} |")
    return "\n".join(rows)


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
