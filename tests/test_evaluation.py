"""Worked cases, and agreement with an independent script where it is at hand."""

import importlib.util
import json
import random
from dataclasses import replace

import pytest

from quotestance.document import LABELS, Document, Quotation, Span, Speaker, Stance
from quotestance.evaluation import (
    compare_documents,
    compare_stances,
    evaluate_documents,
    evaluate_stances,
    normalized_name,
)

TEXT = (
    "“We want peace now,” Ana Ruiz said. “It is time to talk,” he said. A “very odd idea” it was."
)


def quotation(start, end, source=None, name=None, stance=None, kind="direct", cue=()):
    return Quotation(
        kind,
        (Span.of(TEXT, start, end),),
        (Span.of(TEXT, *source),) if source else (),
        tuple(Span.of(TEXT, *c) for c in cue),
        speaker=Speaker(name) if name else None,
        stance=Stance.from_labels(stance) if stance is not None else None,
    )


GOLD = Document(
    TEXT,
    (
        quotation(0, 20, (21, 29), "Ana Ruiz", ["dialogue"], cue=[(30, 34)]),
        quotation(36, 57, (58, 60), "Bo Lind", [], cue=[(61, 65)]),
        quotation(69, 84, kind="none"),
    ),
    "a",
)


def scores(*quotations):
    report = evaluate_documents([GOLD], [Document(TEXT, quotations, "a")], resamples=0)
    return {name: score.value for name, score in report.scores.items()}


def test_gold_against_itself_is_perfect():
    found = scores(*(q for q in GOLD.quotations if q.kind != "none"))
    assert {name: value for name, value in found.items() if value != 1.0} == {}


def test_nothing_predicted():
    found = scores()
    assert found["segments_found"] == 0
    assert found["quoted_f1"] == 0


def test_scare_quote_predicted_costs_precision_only():
    found = scores(*GOLD.quotations[:2], quotation(69, 84, (66, 67), "X"))
    assert found["quoted_p"] == round(2 / 3, 4)
    assert found["quoted_r"] == 1


def test_wrong_name_is_no_speaker_but_a_source():
    found = scores(GOLD.quotations[0], quotation(36, 57, (58, 60), "Ana Ruiz", []))
    assert found["quoted_f1"] == 1
    assert found["speaker_f1"] == 0.5
    assert found["stance_f1"] == 0.5


def test_wrong_stance_counts_where_the_name_is_right():
    found = scores(quotation(0, 20, (21, 29), "Ana Ruiz", ["pressure"]), GOLD.quotations[1])
    assert found["speaker_f1"] == 1
    assert found["stance_f1"] == 0.5


def test_a_source_as_long_as_a_passage_is_no_hit():
    long = "“One two three,” " + "word " * 60
    gold = Document(
        long, (Quotation("direct", (Span.of(long, 0, 16),), (Span.of(long, 17, 21),)),), 1
    )
    passage = Quotation("direct", (Span.of(long, 0, 16),), (Span.of(long, 17, 260),))
    report = evaluate_documents([gold], [Document(long, (passage,), 1)], resamples=0)
    assert report["quoted_f1"].value == 0


@pytest.mark.parametrize(
    ("a", "b"),
    [("The White House", "white house"), ("José Peña", "Jose Pena"), ("U.S. Army’s", "US Army")],
)
def test_names_are_compared_plainly(a, b):
    assert normalized_name(a) == normalized_name(b)


def test_bad_pairs_are_refused():
    with pytest.raises(ValueError, match="not among"):
        evaluate_documents([GOLD], [Document(TEXT, id="b")])
    with pytest.raises(ValueError, match="twice"):
        evaluate_documents([GOLD], [Document(TEXT, id="a")] * 2)
    with pytest.raises(ValueError, match="not the gold text"):
        evaluate_documents([GOLD], [Document("other", id="a")])


def test_stances_of_other_labels_in_documents_are_warned_of():
    found = Stance("x", ("x",), {"x": 0.9, "y": 0.1})
    predicted = replace(GOLD, quotations=(replace(GOLD.quotations[0], stance=found),))
    with pytest.warns(UserWarning, match="knows none of the gold labels"):
        report = evaluate_documents([GOLD], [predicted], resamples=0)
    assert report["stance_f1"].value == 0


@pytest.mark.parametrize(("size", "told"), [(1, "one document or item: "), (29, "29 "), (30, "")])
def test_intervals_of_few_items_are_said_to_be_too_narrow(size, told):
    report = evaluate_stances([Stance.from_labels([])] * size, [Stance.from_labels([])] * size)
    last = str(report).splitlines()[-1]
    assert ("too narrow to trust" in last) == bool(told)
    assert told in last


def test_interval_holds_the_value_and_narrows_with_size():
    gold = [Stance.from_labels([label]) for label in LABELS] * 20
    found = [s if i % 4 else Stance.from_labels([]) for i, s in enumerate(gold)]
    many = evaluate_stances(gold, found)["accuracy"]
    few = evaluate_stances(gold[:12], found[:12])["accuracy"]
    assert many.low <= many.value <= many.high
    assert many.high - many.low < few.high - few.low
    assert many.support == 60


def test_calibration_error_of_a_sure_and_wrong_model():
    gold = [Stance.from_labels([])] * 4
    sure = [Stance("pressure", ("pressure",), {"pressure": 0.95, "none": 0.05})] * 4
    assert evaluate_stances(gold, sure, resamples=0)["ece"].value == 0.95


def sure(confidence, name="Ana Ruiz"):
    """The first gold quotation with a speaker of some confidence."""
    return Quotation(
        "direct",
        GOLD.quotations[0].content,
        GOLD.quotations[0].source,
        speaker=Speaker(name, confidence=confidence),
    )


@pytest.mark.parametrize(
    ("predicted", "error"),
    [
        ([(0.9, "Ana Ruiz")], 0.1),
        ([(0.9, "Bo Lind")], 0.9),
        ([(1.0, "Ana Ruiz")], 0.0),
        # 0.72 and 0.78 share a bin, whose mean of 0.75 meets a precision of 0.5.
        ([(0.72, "Ana Ruiz"), (0.78, "Bo Lind")], 0.25),
        # Alone in their bins, both are far off.
        ([(0.2, "Ana Ruiz"), (0.8, "Bo Lind")], 0.8),
    ],
)
def test_calibration_error_of_speakers(predicted, error):
    gold = [Document(TEXT, GOLD.quotations, n) for n in range(len(predicted))]
    found = [Document(TEXT, (sure(*each),), n) for n, each in enumerate(predicted)]
    score = evaluate_documents(gold, found, resamples=0)["speaker_ece"]
    assert (score.value, score.support) == (error, len(predicted))


def test_a_sure_speaker_of_a_scare_quote_is_badly_calibrated():
    scare = Quotation(
        "direct", (Span.of(TEXT, 69, 84),), speaker=Speaker("Ana Ruiz", confidence=0.6)
    )
    found = [Document(TEXT, (sure(1.0), scare), "a")]
    assert evaluate_documents([GOLD], found, resamples=0)["speaker_ece"].value == 0.3


def test_no_calibration_without_confidences():
    found = evaluate_documents([GOLD], [Document(TEXT, (sure(None),), "a")], resamples=0)
    assert "speaker_ece" not in found.scores


def many(*hits):
    """Gold documents, and predictions that find both quotations where they hit."""
    gold = [Document(TEXT, GOLD.quotations, n) for n in range(len(hits))]
    found = [Document(TEXT, GOLD.quotations[:2] if hit else (), n) for n, hit in enumerate(hits)]
    return gold, found


def test_differences_are_b_less_a():
    gold, worse = many(1, 0, 0, 0)
    _, better = many(1, 1, 1, 0)
    recall = compare_documents(gold, worse, better, resamples=200)["quoted_r"]
    assert (recall.a, recall.b, recall.value, recall.support) == (0.25, 0.75, 0.5, 8)
    assert recall.low <= 0.5 <= recall.high
    back = compare_documents(gold, better, worse, resamples=200)["quoted_r"]
    assert (back.value, back.low, back.high) == (-0.5, -recall.high, -recall.low)


def test_interval_of_a_difference_by_hand():
    # The difference of recall is the share of the one document in two where b is better:
    # 0, 1/2 or 1 in a resample, with chances of 1/4, 1/2 and 1/4.
    gold, a = many(1, 0)
    _, b = many(1, 1)
    recall = compare_documents(gold, a, b, resamples=400)["quoted_r"]
    assert (recall.value, recall.low, recall.high) == (0.5, 0.0, 1.0)


def test_the_same_resample_for_both_leaves_no_doubt_about_equals():
    gold, found = many(1, 0, 1, 0, 0, 1)
    report = compare_documents(gold, found, list(found), resamples=100)
    assert {(d.value, d.low, d.high) for d in report.scores.values()} == {(0, 0, 0)}


def test_a_score_that_only_one_has_is_not_compared():
    found = [Document(TEXT, (sure(0.9),), "a")]
    report = compare_documents([GOLD], found, [GOLD], resamples=0)
    assert "speaker_ece" not in report.scores
    assert "speaker_f1" in report.scores


def test_a_comparison_is_told_in_words_and_as_data():
    report = compare_documents([GOLD], [Document(TEXT, id="a")], [GOLD], resamples=10)
    assert "quoted_r" in str(report)
    assert "+1.0000" in str(report)
    assert report.to_dict()["scores"]["quoted_r"] == {
        "a": 0.0,
        "b": 1.0,
        "difference": 1.0,
        "interval": [1.0, 1.0],
        "support": 2,
    }


def test_stances_are_compared_by_position():
    gold = [Stance.from_labels([label]) for label in LABELS]
    worse = [*gold[:2], Stance.from_labels([])]
    report = compare_stances(gold, worse, gold, resamples=10)
    assert report["accuracy"].value == round(1 - round(2 / 3, 4), 4)


def script(data):
    path = data.parent / "tools" / "score.py"
    if not path.is_file():
        pytest.skip("the release scoring script is not beside the data folder")
    spec = importlib.util.spec_from_file_location("score", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def shaken(record, random_):
    """A gold record with quotations lost, moved, renamed and relabelled."""
    quotations = []
    for quotation_ in record["quotations"]:
        if (quotation_["kind"] == "none" and random_.random() < 0.5) or random_.random() < 0.1:
            continue
        copy = json.loads(json.dumps(quotation_))
        if random_.random() < 0.2:
            copy["content"] = [[max(0, a - 9), b] for a, b in copy["content"]]
        if random_.random() < 0.2:
            copy["source"] = []
        if random_.random() < 0.2 and "speaker" in copy:
            copy["speaker"] = random_.choice([None, "Someone Else"])
        if "stance" in copy:
            label = random_.choice(["pressure", "none", *(copy["stance"][:1] or ["none"])])
            copy["stance"] = {"label": label, "labels": [] if label == "none" else [label]}
        quotations.append(copy)
    return {"id": record["id"], "text": record["text"], "quotations": quotations}


@pytest.mark.data
@pytest.mark.parametrize("name", ["polnear/dev.jsonl", "news/dev.jsonl"])
def test_agrees_with_the_release_script_on_quotations(data, name):
    records = [json.loads(line) for line in (data / name).read_text("utf-8").splitlines()]
    random_ = random.Random(3)
    predicted = [shaken(record, random_) for record in records[:-1]]
    report = evaluate_documents(
        [Document.from_dict(record) for record in records],
        [Document.from_dict(record) for record in predicted],
        resamples=0,
    )
    expected = script(data).quotations(records, predicted)
    assert expected.pop("documents") == report.size
    assert expected.pop("segments") == report["segments_found"].support
    assert {name: report[name].value for name in expected} == expected


@pytest.mark.data
def test_agrees_with_the_release_script_on_stances(data):
    lines = (data / "stance" / "dev.jsonl").read_text("utf-8").splitlines()
    records = [json.loads(line) for line in lines]
    random_ = random.Random(4)
    classes = [*LABELS, "none"]
    predicted = []
    for record in records:
        raw = [random_.random() ** 3 for _ in classes]
        probabilities = {c: p / sum(raw) for c, p in zip(classes, raw, strict=True)}
        top = max(probabilities, key=probabilities.get)
        labels = [] if top == "none" else [top, *random_.sample(LABELS, 1)]
        stance = {
            "label": top,
            "labels": list(dict.fromkeys(labels)),
            "probabilities": probabilities,
        }
        predicted.append({"id": record["id"], "stance": stance})
    report = evaluate_stances(
        [Stance.from_labels(record["labels"]) for record in records],
        [Stance.from_dict(record["stance"]) for record in predicted],
        resamples=0,
    )
    expected = script(data).stance(records, predicted)
    assert expected.pop("items") == report.size
    for label, value in expected.pop("f1").items():
        assert report[f"{label}_f1"].value == value
    assert {name: report[name].value for name in expected} == expected
