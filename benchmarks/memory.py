"""Memory of a long stream: resident megabytes while ``Pipeline.pipe`` reads short articles.

    python benchmarks/memory.py --articles 100000

The articles are made up as they are asked for, and no result is kept. The models are tiny, with
random weights: what is measured is what the library keeps, not what a model needs. Lines are
printed after 100, 200, 500, 1,000, … articles.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

NAMES = ("Ilse Varga", "Tomas Reke", "Adaeze Okonjo", "the minister", "she")
TOLD = {n * 10**power for power in range(2, 9) for n in (1, 2, 5)}
WORDS = "talks war border fleet treaty strait patrol we will not accept open close peace".split()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--articles", type=int, default=100_000)
    options = parser.parse_args()
    process = psutil.Process()
    start = time.perf_counter()
    print("| articles | resident MB | articles/s |\n|---|---|---|")
    for number, _ in enumerate(tiny_pipeline().pipe(articles(options.articles)), 1):
        if number == options.articles or number in TOLD:
            megabytes = process.memory_info().rss / 1e6
            rate = number / (time.perf_counter() - start)
            print(f"| {number:,} | {megabytes:,.1f} | {rate:,.0f} |", flush=True)


def articles(number: int) -> Iterator[str]:
    chance = random.Random(5)
    for index in range(number):
        words = " ".join(chance.choices(WORDS, k=chance.randint(4, 12)))
        yield f"“{words.capitalize()},” {chance.choice(NAMES)} said on day {index}."


def tiny_pipeline():
    """The models of the tests, which have one layer of 16 units."""
    import tempfile

    import conftest
    import torch
    from transformers import BertForSequenceClassification, BertModel

    from quotestance.document import LABELS, NO_STANCE
    from quotestance.pipeline import Pipeline
    from quotestance.quotations.extractor import QuotationExtractor
    from quotestance.quotations.model import QuotationModel
    from quotestance.stance.classifier import StanceClassifier

    torch.manual_seed(1)
    tokenizer = conftest._tokenizer()
    with tempfile.TemporaryDirectory() as folder:
        BertModel(conftest._config()).save_pretrained(folder)
        quotations = QuotationModel.from_encoder(folder, window=64, overlap=16, link_size=8)
    with torch.no_grad():  # random weights see names everywhere: as seldom as in articles, please
        quotations.names.bias[0] = quotations.tags.bias[0] = 0.1
    labels = dict(enumerate((*LABELS, NO_STANCE)))
    config = conftest._config(id2label=labels, label2id={v: k for k, v in labels.items()})
    return Pipeline(
        QuotationExtractor(quotations, tokenizer, "cpu"),
        StanceClassifier(BertForSequenceClassification(config), tokenizer, "cpu"),
    )


if __name__ == "__main__":
    main()
