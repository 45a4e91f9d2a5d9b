"""Scores of the released models, with intervals, and of a bag-of-words baseline beside them.

    python benchmarks/accuracy.py DATA

DATA is the folder with `polnear/dev.jsonl`, `news/dev.jsonl` and `stance/*.jsonl`; what is not
there is left out.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import quotestance
from quotestance.corpora.jsonl import read_records
from quotestance.evaluation import Report
from quotestance.stance.baselines import TfidfBaseline

QUOTATION_SCORES = (
    "segments_found", "quoted_f1", "speaker_p", "speaker_f1", "speaker_ece", "stance_f1",
    "exact_source_f1", "exact_cue_f1", "exact_content_f1",
)  # fmt: skip
STANCE_SCORES = (
    "macro_f1", "pressure_f1", "dialogue_f1", "de-escalation_f1", "none_f1", "accuracy",
    "multilabel_macro_f1", "ece",
)  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    options = parser.parse_args()
    small, base = quotestance.load(), quotestance.load(stance="base")
    # The models differ in stances, which PolNeAR does not have.
    both = {"small": small, "base": base}
    for name, models in (("polnear/dev.jsonl", {"small": small}), ("news/dev.jsonl", both)):
        path = options.data / name
        if path.is_file():
            gold = quotestance.read_corpus(path)
            reports = {size: quotestance.evaluate(model, gold) for size, model in models.items()}
            show(name, QUOTATION_SCORES, reports)
    train = options.data / "stance" / "train.jsonl"
    for name in ("stance/dev.jsonl", "stance/news_dev.jsonl"):
        path = options.data / name
        if path.is_file() and train.is_file():
            items = quotestance.read_corpus(path)
            baseline = TfidfBaseline(read_records(train))
            reports = {
                **{size: quotestance.evaluate(model, items) for size, model in both.items()},
                "TF-IDF + logistic regression": quotestance.evaluate(baseline, items),
            }
            show(name, STANCE_SCORES, reports)


def show(name: str, scores: Sequence[str], reports: dict[str, Report]) -> None:
    """A Markdown table: a row a score, a column a model."""
    size = next(iter(reports.values())).size
    print(f"\n### {name} ({size})\n\n| | {' | '.join(reports)} |\n|---{'|---' * len(reports)}|")
    for score in scores:
        cells = []
        for report in reports.values():
            value = report.scores.get(score)
            cells.append(f"{value.value:.3f} ({value.low:.3f}–{value.high:.3f})" if value else "–")
        if any(cell != "–" for cell in cells):
            print(f"| {score} | {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
