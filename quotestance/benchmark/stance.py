"""Stances of texts alone: engines, batch sizes, lengths, beside transformers.pipeline in fp32."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import cycle, islice
from typing import Any

from quotestance.benchmark.measuring import Row, rate, seconds, take_turns
from quotestance.benchmark.plan import Plan
from quotestance.benchmark.texts import texts_of
from quotestance.hub import locate, without_progress

LENGTHS = {"quick": (16, 38), "normal": (16, 38, 128, 256), "full": (16, 38, 128, 256)}  # tokens
BATCHES = {"quick": (1, 32), "normal": (1, 32), "full": (1, 8, 32, 128)}
PEER_BATCHES = (1, 32)
SECONDS = {"quick": 0.05, "normal": 0.2, "full": 0.5}  # of one repeat, at least one batch

PEER = "transformers.pipeline fp32"

_DIFFERENT = 256  # texts of a length; more are these again

Run = Callable[[Sequence[str]], object]


def measure(plan: Plan) -> list[Row]:
    """Texts a second for each engine, batch size and length."""
    runs: list[tuple[Row, int, Run]] = []
    for setting in plan.settings():
        classifier = plan.classifier(setting)
        row = {"what": f"quotestance {classifier.engine.name}"}
        runs += [(row, batch, classifier.predict) for batch in BATCHES[plan.effort]]
    runs += [({"what": PEER}, batch, _peer(plan, batch)) for batch in PEER_BATCHES]
    tokenizer = plan.tokenizer()
    return [
        row
        for tokens in LENGTHS[plan.effort]
        for row in _at_length(plan, tokens, texts_of(tokens, _DIFFERENT, tokenizer), runs)
    ]


def _at_length(
    plan: Plan, tokens: int, texts: Sequence[str], runs: Sequence[tuple[Row, int, Run]]
) -> list[Row]:
    todo, sizes = {}, {}
    for row, batch, run in runs:
        name = f"{row['what']} {batch}"
        run(texts[:batch])
        once = seconds(lambda run=run, batch=batch: run(texts[:batch]))  # type: ignore[misc]
        calls = max(1, math.ceil(SECONDS[plan.effort] / once))
        taken = list(islice(cycle(texts), calls * batch))
        todo[name] = _calls(run, [taken[i : i + batch] for i in range(0, len(taken), batch)])
        sizes[name] = len(taken)
    times = take_turns(todo, plan.repeats)
    return [
        {**row, "tokens": tokens, "batch": batch, "texts_per_s": rate(sizes[name], times[name])}
        for row, batch, _ in runs
        for name in [f"{row['what']} {batch}"]
    ]


def _calls(run: Run, batches: Sequence[Sequence[str]]) -> Callable[[], None]:
    def call() -> None:
        for batch in batches:
            run(batch)

    return call


def _peer(plan: Plan, batch: int) -> Run:
    """What one gets without this library: the same model in the pipeline of transformers."""
    import torch
    from transformers import pipeline

    with without_progress():
        peer: Any = pipeline(
            "text-classification",
            model=locate(plan.stance, "stance"),
            dtype=torch.float32,
            device="cpu",
        )
    return lambda texts: peer(list(texts), batch_size=batch)
