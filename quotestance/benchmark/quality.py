"""What speed costs: agreement with fp32, and F1 on labelled data, of every engine."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from quotestance.benchmark.measuring import REFERENCE, Row
from quotestance.benchmark.plan import Plan, Setting, in_fp32
from quotestance.corpora import read_corpus
from quotestance.document import Document, Stance, StanceItem
from quotestance.evaluation import Report, evaluate_documents, evaluate_stances
from quotestance.pipeline import Pipeline
from quotestance.stance.inputs import labelled_items
from quotestance.stance.prediction import predict_items

NUMBER = {"quick": 3, "normal": 12, "full": 40}  # articles made from the sample

SCORES = (
    "quoted_f1", "speaker_f1", "stance_f1", "exact_source_f1", "exact_content_f1",  # of documents
    "macro_f1", "accuracy",  # of stance items
)  # fmt: skip


def measure(plan: Plan) -> list[Row]:
    """Scores for each set of texts and each engine, the first of them torch in fp32.

    ``agreement`` are scores with the output of that in the place of gold; ``gold`` are those on
    labelled data, with their 95 % intervals. ``per_s`` are documents or items a second, in
    one pass.
    """
    pipelines = {REFERENCE: in_fp32(plan.pipeline(Setting("torch", "cpu")))}
    for setting in plan.settings():
        for kinds, pipeline in plan.modes(setting):
            pipelines.setdefault(f"{pipeline.extractor.engine.name}, {kinds}", pipeline)
    sample = [Document(text, id=str(n)) for n, text in enumerate(plan.sample(NUMBER[plan.effort]))]
    rows = _on_documents("articles", sample, pipelines)
    quotations = [item for d in pipelines[REFERENCE].pipe(sample) for item in labelled_items(d)]
    rows += _on_items("quotations", quotations, pipelines)
    for path in plan.gold:
        found = read_corpus(path)
        documents = [item for item in found if isinstance(item, Document)]
        rows += _on_documents(path.name, documents, pipelines, documents)
        items = [item for item in found if isinstance(item, StanceItem)]
        gold = [item.stance or Stance.from_labels([]) for item in items]
        rows += _on_items(path.name, items, pipelines, gold)
    return rows


def _on_documents(
    name: str,
    documents: Sequence[Document],
    pipelines: Mapping[str, Pipeline],
    gold: Sequence[Document] | None = None,
) -> list[Row]:
    return _compared(name, lambda p: list(p.pipe(documents)), evaluate_documents, pipelines, gold)


def _on_items(
    name: str,
    items: Sequence[StanceItem],
    pipelines: Mapping[str, Pipeline],
    gold: Sequence[Stance] | None = None,
) -> list[Row]:
    return _compared(
        name, lambda p: predict_items(p.classifier, items), evaluate_stances, pipelines, gold
    )


def _compared(
    name: str,
    run: Callable[[Pipeline], Sequence[Any]],
    evaluate: Callable[[Sequence[Any], Sequence[Any]], Report],
    pipelines: Mapping[str, Pipeline],
    gold: Sequence[Any] | None,
) -> list[Row]:
    rows: list[Row] = []
    expected: Sequence[Any] = ()
    for what, pipeline in pipelines.items():
        start = time.perf_counter()
        found = run(pipeline)
        took = time.perf_counter() - start
        if what == REFERENCE:
            expected = found
        if not found:
            return []
        row = {"set": name, "size": len(found), "what": what, "per_s": round(len(found) / took, 2)}
        row["agreement"] = _values(evaluate(expected, found))
        if gold is not None:
            row["gold"] = _values(evaluate(gold, found))
        rows.append(row)
    return rows


def _values(report: Report) -> dict[str, dict[str, float]]:
    return {
        name: {"value": score.value, "low": score.low, "high": score.high}
        for name in SCORES
        if (score := report.scores.get(name)) is not None
    }
