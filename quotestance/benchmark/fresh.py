"""What is measured in a process of its own: python -m quotestance.benchmark.fresh TASK ARGUMENTS.

Nothing is imported before it is measured; the result is a line of JSON.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from typing import Any


def start(text: str, **models: str) -> dict[str, Any]:
    """Import, load, first article."""
    begin = time.perf_counter()
    from quotestance.pipeline import load  # noqa: F401

    imported = time.perf_counter()
    pipeline = _load(**models)
    loaded = time.perf_counter()
    pipeline(text)
    done = time.perf_counter()
    parts = {"import_s": imported - begin, "load_s": loaded - imported, "first_s": done - loaded}
    return {**parts, "engine": pipeline.extractor.engine.name}


def scaling(number: int, words: int, repeats: int, budget: float, **models: str) -> dict[str, Any]:
    """Seconds of each repeat over ``number`` articles of ``words`` words, read as a stream.

    There is no further repeat once they have taken ``budget`` seconds together.
    """
    from quotestance.benchmark.measuring import peak_memory, seconds
    from quotestance.benchmark.texts import long_article

    pipeline = _load(**models)
    total = 0

    def articles() -> Iterator[str]:
        nonlocal total
        total = 0
        for first in range(number):
            text = long_article(words, first)
            total += len(text.split())
            yield text

    def run() -> None:
        for _ in pipeline.pipe(articles()):
            pass

    pipeline(long_article(min(words, 1000)))
    loaded = peak_memory()
    times: list[float] = []
    while len(times) < repeats and sum(times) < budget:
        times.append(seconds(run))
    return {
        "times": times,
        "words": total,
        "loaded_mb": loaded,
        "engine": pipeline.extractor.engine.name,
    }


def _load(engine: str, device: str, quotations: str, stance: str) -> Any:
    from quotestance.benchmark.plan import Plan, Setting

    return Plan(quotations=quotations, stance=stance).pipeline(Setting(engine, device))


def main() -> None:
    task, arguments = sys.argv[1:]
    run = start if task == "start" else scaling
    found = run(**json.loads(arguments))
    from quotestance.benchmark.measuring import peak_memory

    print(json.dumps({**found, "peak_mb": peak_memory()}))


if __name__ == "__main__":
    main()
