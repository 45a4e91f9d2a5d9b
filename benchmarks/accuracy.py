"""Scores of the embedded models, with intervals, and of a bag-of-words baseline beside them.

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
from quotestance.document import NO_STANCE, Stance, StanceItem
from quotestance.evaluation import Report, evaluate_stances

QUOTATION_SCORES = (
    "segments_found", "quoted_f1", "speaker_p", "speaker_f1", "stance_f1",
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
    pipeline = quotestance.load()
    for name in ("polnear/dev.jsonl", "news/dev.jsonl"):
        path = options.data / name
        if path.is_file():
            report = quotestance.evaluate(pipeline, quotestance.read_corpus(path))
            show(name, QUOTATION_SCORES, {"quotestance small": report})
    train = options.data / "stance" / "train.jsonl"
    for name in ("stance/dev.jsonl", "stance/news_dev.jsonl"):
        path = options.data / name
        if path.is_file() and train.is_file():
            items = quotestance.read_corpus(path)
            reports = {
                "quotestance small": quotestance.evaluate(pipeline, items),
                "TF-IDF + logistic regression": bag_of_words(train, items),
            }
            show(name, STANCE_SCORES, reports)


def bag_of_words(train: Path, items: Sequence[StanceItem]) -> Report:
    """Word and word-pair TF-IDF of the quotation with logistic regression, classes balanced."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    records = read_records(train)
    model = make_pipeline(
        TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=2),
        LogisticRegression(C=10, class_weight="balanced", max_iter=2000),
    )
    model.fit(
        [record["text"] for record in records],
        [(record["labels"] or [NO_STANCE])[0] for record in records],
    )
    rows = model.predict_proba([item.text for item in items])
    found = []
    for row in rows:
        probabilities = dict(zip(model.classes_, map(float, row), strict=True))
        label = max(probabilities, key=probabilities.__getitem__)
        found.append(Stance(label, () if label == NO_STANCE else (label,), probabilities))
    return evaluate_stances([item.stance for item in items], found)


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
