"""Few examples: the data written for it, and the benchmark on them with a tiny model."""

import csv
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer

sys.path.insert(0, str(Path(__file__).parent.parent / "benchmarks"))

import few_shot

LABELS = {"apology", "complaint", "praise", "promise", "request"}


@pytest.fixture(scope="module")
def rows():
    with few_shot.DATA.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_classes_have_as_many_examples_in_each_part(rows):
    assert Counter((row["label"], row["split"]) for row in rows) == {
        (label, split): count for label in LABELS for split, count in (("train", 64), ("test", 25))
    }


def test_no_two_quotations_are_alike(rows):
    grams = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5))
    matrix = grams.fit_transform(row["text"] for row in rows)
    assert np.triu((matrix @ matrix.T).toarray(), 1).max() < 0.5


def test_a_draw_has_as_many_of_each_class_and_none_of_the_test_part():
    learned, held, test = few_shot.draw(32, seed=1)
    assert Counter(row["labels"][0] for row in learned) == dict.fromkeys(LABELS, 27)
    assert Counter(row["labels"][0] for row in held) == dict.fromkeys(LABELS, 5)
    parts = [set(few_shot.texts(part)) for part in (learned, held, test)]
    assert len(set.union(*parts)) == sum(map(len, parts)) == 5 * (32 + 25)


def test_a_smaller_draw_is_part_of_a_larger_one():
    small, large = (
        {text for part in few_shot.draw(size, seed=1)[:2] for text in few_shot.texts(part)}
        for size in (8, 16)
    )
    assert small < large
    assert small != {t for part in few_shot.draw(8, seed=2)[:2] for t in few_shot.texts(part)}


def test_standard_output_holds_the_table_only(model_folders, monkeypatch, capsys):
    base = str(model_folders[1])
    options = ["few_shot.py", "--bases", base, "--sizes", "4", "--draws", "1"]
    monkeypatch.setattr(sys, "argv", options)
    few_shot.main()
    head, rule, line = capsys.readouterr().out.splitlines()
    assert head == f"| examples a class | TF-IDF | {base} |"
    assert rule == "|---|---|---|"
    assert line.startswith("| 4 | 0.")
    assert line.count("|") == 4
