"""Trains the embedded models anew and writes their folders, weights in half precision.

    python models/build.py DATA [quotations] [stance]

DATA is the folder with `polnear/`, `gum/`, `news/` and `stance/`. Training stands in `runs/` and
goes on where it was broken off. The scores in the cards are those of the written folders.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import json
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import quotestance
from quotestance.corpora.jsonl import read_records
from quotestance.evaluation import Report

HERE = Path(__file__).parent
CARDS = {name: (HERE / f"{name}.card.md").read_text("utf-8") for name in ("quotations", "stance")}
FILES = {
    "quotations": (["polnear/train.jsonl", "gum/gum.jsonl"], ["polnear/dev.jsonl"]),
    "stance": (["stance/train.jsonl"], ["stance/dev.jsonl", "stance/news_dev.jsonl"]),
}
TESTS = {
    "quotations": ["polnear/dev.jsonl", "news/dev.jsonl"],
    "stance": ["stance/dev.jsonl", "stance/news_dev.jsonl"],
}
TUNE = {
    "quotations": (quotestance.fine_tune_quotations, {"epochs": 7, "seed": 0}),
    "stance": (quotestance.fine_tune_stance, {"epochs": 4, "learning_rate": 8e-5, "seed": 0}),
}
SHOWN = {
    "quotations": [
        "segments_found", "quoted_p", "quoted_r", "quoted_f1", "speaker_p", "speaker_f1",
        "exact_source_f1", "exact_cue_f1", "exact_content_f1",
    ],
    "stance": [
        "macro_f1", "pressure_f1", "dialogue_f1", "de-escalation_f1", "none_f1", "accuracy",
        "multilabel_macro_f1", "ece",
    ],
}  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("models", nargs="*", default=["quotations", "stance"], metavar="MODEL")
    options = parser.parse_args()
    for name in options.models:
        tune, settings = TUNE[name]
        train, held_out = ([options.data / file for file in files] for files in FILES[name])
        if name == "stance":
            records = [record for file in train for record in read_records(file)]
            # News is what the model is for, and rare in the data: it counts twice.
            news = [record for record in records if record["genre"] == "news"]
            train = [*records, *news, *written_items()]
        tuned = tune("minilm-l6", train, held_out, Path("runs") / name, **settings)
        release(tuned, HERE / f"{name}-small")
    for name in options.models:
        write_card(name, options.data)


def written_items() -> list[dict[str, Any]]:
    """The quotations written for this project."""
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


def write_card(name: str, data: Path) -> None:
    pipeline = quotestance.load(device="cpu")
    model = pipeline if name == "quotations" else pipeline.classifier
    reports = {
        file: quotestance.evaluate(model, quotestance.read_corpus(data / file))
        for file in TESTS[name]
    }
    card = CARDS[name].format(
        scores=table(reports, SHOWN[name]),
        hashes="\n".join(
            f"| `{file}` | `{hashlib.sha256((data / file).read_bytes()).hexdigest()}` |"
            for file in (*FILES[name][0], *FILES[name][1])
        ),
        settings=", ".join(f"{key} {value}" for key, value in TUNE[name][1].items()),
        versions=", ".join(f"{p} {version(p)}" for p in ("quotestance", "torch", "transformers")),
    )
    (HERE / f"{name}-small" / "README.md").write_text(card, "utf-8")


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
