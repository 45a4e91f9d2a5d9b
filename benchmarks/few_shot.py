"""What fine-tuning brings with few examples of new labels, by their number.

    python benchmarks/few_shot.py             # minilm-l6 and small, three draws, 8 to 64 a class
    python benchmarks/few_shot.py --bases small --sizes 32 --draws 1

Labels and texts are those of `models/written/few_shot.csv`: what the words do. Prints macro-F1 on
its test part, the mean of several draws from its train part and, in brackets, the lowest and the
highest. All have the same labels to go by: fine-tuning holds out a sixth of the examples drawn (two
of a class at least) to choose the epoch and to calibrate; the baseline learns from all.
"""

from __future__ import annotations

import argparse
import csv
import random
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import redirect_stdout
from pathlib import Path
from statistics import mean
from tempfile import TemporaryDirectory
from typing import Any

from quotestance.document import Stance
from quotestance.evaluation import evaluate_stances
from quotestance.stance.baselines import TfidfBaseline
from quotestance.stance.training import fine_tune_stance

DATA = Path(__file__).parent.parent / "models" / "written" / "few_shot.csv"

Row = Mapping[str, Any]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bases", nargs="+", default=["minilm-l6", "small"])
    parser.add_argument("--sizes", nargs="+", type=int, default=[8, 16, 32, 64])
    parser.add_argument("--draws", type=int, default=3)
    options = parser.parse_args()
    print(f"| examples a class | TF-IDF | {' | '.join(options.bases)} |")
    print("|---|---|" + "---|" * len(options.bases))
    for size in options.sizes:
        scores = defaultdict(list)
        for seed in range(options.draws):
            learned, held, test = draw(size, seed)
            baseline = TfidfBaseline([*learned, *held])
            scores["TF-IDF"].append(macro_f1(test, baseline.predict(texts(test))))
            for base in options.bases:
                scores[base].append(macro_f1(test, fine_tuned(base, learned, held, test, seed)))
        cells = (f"{mean(of):.3f} ({min(of):.3f}–{max(of):.3f})" for of in scores.values())
        print(f"| {size} | {' | '.join(cells)} |", flush=True)


def draw(size: int, seed: int) -> tuple[list[Row], list[Row], list[Row]]:
    """Rows to learn from, rows held out of those drawn, and all of the test part.

    Every class has ``size`` rows in the first two together; those of a smaller size are among
    those of a larger one with the same seed.
    """
    learned: list[Row] = []
    held: list[Row] = []
    test: list[Row] = []
    pools: defaultdict[str, list[Row]] = defaultdict(list)
    with DATA.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            record = {"text": row["text"], "labels": [row["label"]]}
            (test if row["split"] == "test" else pools[row["label"]]).append(record)
    for label in sorted(pools):
        drawn = random.Random(f"{label}{seed}").sample(pools[label], len(pools[label]))[:size]
        apart = max(2, size // 6)
        held += drawn[:apart]
        learned += drawn[apart:]
    return learned, held, test


def fine_tuned(
    base: str, learned: Sequence[Row], held: Sequence[Row], test: Sequence[Row], seed: int
) -> list[Stance]:
    """What a model says of ``test`` that was fine-tuned with the defaults."""
    with TemporaryDirectory() as folder, redirect_stdout(sys.stderr):  # the trainer's log
        model = fine_tune_stance(base, learned, held, folder, seed=seed, device="cpu")
    return model.predict(texts(test))


def texts(rows: Sequence[Row]) -> list[str]:
    return [row["text"] for row in rows]


def macro_f1(rows: Sequence[Row], found: Sequence[Stance]) -> float:
    gold = [Stance.from_labels(row["labels"]) for row in rows]
    return evaluate_stances(gold, found, resamples=0).scores["macro_f1"].value


if __name__ == "__main__":
    main()
