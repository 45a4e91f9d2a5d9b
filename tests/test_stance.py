"""The stance classifier: what it reads, what it says, how it is trained, on a tiny one."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from transformers import AutoModelForSequenceClassification, AutoTokenizer, pipeline

from quotestance.document import LayoutError, StanceItem
from quotestance.stance.baselines import KeywordBaseline, TfidfBaseline
from quotestance.stance.calibration import calibrate
from quotestance.stance.checks import classes_of
from quotestance.stance.classifier import StanceClassifier
from quotestance.stance.inputs import AFTER, CONTEXT, encode, surroundings, trim
from quotestance.stance.training import fine_tune_stance

RECORDS = [
    {"id": str(n), "text": text, "context": "He said", "after": "on Monday", "labels": labels}
    for n, (text, labels) in enumerate(
        [
            ("we will talk", ["dialogue"]),
            ("they must pay", ["pressure"]),
            ("stop the war", ["de-escalation", "dialogue"]),
            ("it rained", []),
        ]
        * 4
    )
]
HELD_OUT = [{**record, "text": f"{record['text']}, they said"} for record in RECORDS]


@given(st.text(max_size=600), st.text(max_size=300))
def test_surroundings_are_short_and_whole_words(context, after):
    before, behind = trim(context, after)
    assert len(before) <= CONTEXT
    assert len(behind) <= AFTER
    assert set(before.split()) <= set(context.split())
    assert set(behind.split()) <= set(after.split())


def test_surroundings_are_what_stands_around():
    text = "Before it. “Words,” she said."
    assert surroundings(text, 11, 19) == ("Before it.", "she said.")


def test_surroundings_in_use_are_those_of_training():
    text = "word " * 200 + "“Words,”" + " behind" * 60
    start = text.index("“")
    in_use = surroundings(text, start, start + 8)
    assert in_use == trim(text[:start][-260:], text[start + 8 :][:120])


def test_quotation_alone_is_read_as_a_single_text(tokenizer):
    (piece,) = encode(tokenizer, "we will talk")
    assert piece["input_ids"] == tokenizer("we will talk")["input_ids"]


def test_nothing_of_a_long_quotation_is_cut_off(tokenizer):
    text = " ".join(f"talk{n}" for n in range(80))
    pieces = encode(tokenizer, text, "before", "after", most=64)
    assert all(len(piece["input_ids"]) <= 64 for piece in pieces)
    read = [
        i
        for piece in pieces
        for i, kind in zip(piece["input_ids"], piece["token_type_ids"], strict=True)
        if kind == 0 and i > 4
    ]
    assert read == [i for i in tokenizer(text)["input_ids"] if i > 4]


def test_predict_and_predict_proba_agree(classifier):
    texts = ["we will talk", "they must pay", "war"]
    stances = classifier.predict(texts)
    rows = classifier.predict_proba(texts)
    assert rows.shape == (3, 4)
    assert np.allclose(rows.sum(axis=1), 1, atol=1e-5)
    for stance, row in zip(stances, rows, strict=True):
        assert stance.label == classifier.classes_[int(row.argmax())]
        assert stance.probabilities[stance.label] == pytest.approx(float(row.max()), abs=1e-5)


def test_labels_lead_with_the_primary_one(classifier):
    stance = classifier.stance(np.array([0.45, 0.55, 0.0, 0.0], dtype=np.float32))
    assert stance.labels[0] == stance.label == "dialogue"
    nothing = classifier.stance(np.array([0.2, 0.1, 0.1, 0.6], dtype=np.float32))
    assert (nothing.label, nothing.labels) == ("none", ())


def test_one_text_is_a_list_of_one(classifier):
    assert len(classifier.predict("we will talk")) == 1
    assert classifier.predict([]) == []


def test_one_context_is_no_sequence_of_letters(classifier):
    alone = classifier.predict_proba("we will talk", "he", "on")
    assert (alone == classifier.predict_proba(["we will talk"], ["he"], ["on"])).all()
    with pytest.raises(ValueError, match="2 texts, 1 contexts"):
        classifier.predict(["we", "they"], contexts="he")


def test_baselines_read_one_text_as_the_classifier_does():
    assert len(KeywordBaseline().predict("we will talk")) == 1
    assert len(TfidfBaseline(RECORDS).predict("we will talk")) == 1


def test_lists_of_different_length_are_refused(classifier):
    with pytest.raises(ValueError, match="of one length"):
        classifier.predict(["a", "b"], contexts=["c"])


def test_transformers_pipeline_gives_the_same_result(model_folders):
    folder = model_folders[1]
    ours = StanceClassifier.from_pretrained(folder, "cpu", "torch")
    ours.engine.dtype = torch.float32
    theirs = pipeline("text-classification", str(folder), device="cpu", top_k=None)
    for text in ("we will talk", "they must pay now"):
        (stance,) = ours.predict(text)
        for entry in theirs([text])[0]:
            assert entry["score"] == pytest.approx(stance.probabilities[entry["label"]], abs=1e-4)


def test_calibration_changes_no_label_and_is_saved(model_folders, tmp_path):
    classifier = StanceClassifier.from_pretrained(model_folders[1], "cpu", "torch")
    classifier.engine.dtype = torch.float32
    texts = [record["text"] for record in RECORDS]
    before = classifier.predict_proba(texts, ["He said"] * 16, ["on Monday"] * 16)
    temperature = calibrate(classifier, RECORDS)
    after = classifier.predict_proba(texts, ["He said"] * 16, ["on Monday"] * 16)
    assert (before.argmax(1) == after.argmax(1)).all()
    powers = before ** (1 / temperature)
    assert np.allclose(after, powers / powers.sum(1, keepdims=True), atol=1e-4)
    classifier.save_pretrained(tmp_path)
    again = AutoModelForSequenceClassification.from_pretrained(tmp_path)
    assert again.config.label_thresholds.keys() == {"pressure", "dialogue", "de-escalation"}
    assert AutoTokenizer.from_pretrained(tmp_path).model_max_length >= 128


def test_own_labels_are_sorted_the_projects_are_not():
    assert classes_of(RECORDS)[0] == "pressure"
    assert classes_of([{"labels": ["b"]}, {"labels": ["a"]}]) == ("a", "b")


@pytest.mark.slow
def test_training_saves_and_takes_stance_items(tmp_path, encoder_folder):
    items = [StanceItem.from_dict(record) for record in RECORDS]
    tuned = fine_tune_stance(
        str(encoder_folder), items, HELD_OUT, tmp_path, epochs=1, batch_size=4, device="cpu"
    )
    again = StanceClassifier.from_pretrained(tmp_path, "cpu")
    assert again.classes_ == tuned.classes_ == ("pressure", "dialogue", "de-escalation", "none")
    assert np.allclose(again.predict_proba("war"), tuned.predict_proba("war"), atol=1e-2)


def test_folder_of_another_broken_off_run_is_refused(tmp_path, encoder_folder, monkeypatch):
    def killed(*_):
        raise KeyboardInterrupt

    settings = {"epochs": 1, "batch_size": 4, "device": "cpu"}
    monkeypatch.setattr("quotestance.stance.training.calibrate", killed)
    with pytest.raises(KeyboardInterrupt):
        fine_tune_stance(str(encoder_folder), RECORDS, HELD_OUT, tmp_path, **settings)
    with pytest.raises(LayoutError, match="another base, other data or settings"):
        fine_tune_stance(str(encoder_folder), RECORDS[:8], HELD_OUT, tmp_path, **settings)
