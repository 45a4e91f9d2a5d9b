"""Short texts that are hard to read, each with the quotations and speakers that are right.

``expected`` are the quotations that have to be found; others may not be, unless the case says
``more``: there the right answer is not clear. What the model gets wrong has a reason in ``wrong``.
"""

import json
from pathlib import Path

import pytest

from quotestance.document import Document

CASES = [
    json.loads(line)
    for line in Path(__file__)
    .with_name("hard")
    .joinpath("cases.jsonl")
    .read_text("utf-8")
    .splitlines()
]


@pytest.fixture(scope="module")
def read(pipeline):
    """All cases, read at once."""
    texts = [case["text"] for case in CASES]
    return dict(zip(texts, pipeline.pipe(texts), strict=True))


def test_there_are_many():
    assert len({case["name"] for case in CASES}) == len(CASES) >= 60


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_spans_and_json(read, case):
    document = read[case["text"]]
    assert document.text == case["text"]
    assert Document.from_json(document.to_json().encode("utf-8").decode("utf-8")) == document


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(case, marks=pytest.mark.xfail(strict=True, reason=case["wrong"]))
        if "wrong" in case
        else case
        for case in CASES
    ],
    ids=lambda case: case["name"],
)
def test_quotations_and_speakers(read, case):
    found = {q.text: q.speaker.name for q in read[case["text"]].quotations if q.kind != "indirect"}
    expected = {e["quotation"]: e["speaker"] for e in case["expected"]}
    if case.get("more"):
        found = {words: name for words, name in found.items() if words in expected}
    assert found == expected
