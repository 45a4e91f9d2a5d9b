"""Fine-tuning on a user's data: forms of data, own label sets, refusals, what is written."""

import json
import re
import warnings

import datasets
import numpy as np
import pandas
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from transformers import pipeline

from quotestance.document import Document, LayoutError, Quotation, Span, Stance, StanceItem
from quotestance.evaluation import confusions, evaluate_stances
from quotestance.hub import ModelError
from quotestance.stance.calibration import best_thresholds
from quotestance.stance.checks import (
    DataWarning,
    check_labels,
    classes_of,
    is_multi_label,
    label_counts,
)
from quotestance.stance.classifier import StanceClassifier
from quotestance.stance.data import read_labelled
from quotestance.stance.holding_out import hold_out
from quotestance.stance.inputs import encode, longest
from quotestance.stance.settings import Settings
from quotestance.stance.training import fine_tune_stance

ROWS = [
    {"Zitat": "Wir reden, bald", "Davor": "Varga:", "Haltung": "open"},
    {"Zitat": "Niemals", "Davor": None, "Haltung": "closed"},
]
MAPPING = {"Zitat": "text", "Davor": "context", "Haltung": "label"}
EXPECTED = [("Wir reden, bald", "Varga:", ["open"]), ("Niemals", "", ["closed"])]


def write(path, rows, form):
    frame = pandas.DataFrame(rows)
    if form == "jsonl":
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    elif form == "parquet":
        frame.to_parquet(path)
    else:
        frame.to_csv(path, index=False, sep="\t" if form == "tsv" else ",")
    return path


def contents(found):
    return [(i.record["text"], i.record["context"], i.record["labels"]) for i in found]


def items(*texts_and_labels, prefix=""):
    return [{"text": prefix + text, "labels": list(labels)} for text, *labels in texts_and_labels]


@pytest.mark.parametrize("form", ["jsonl", "csv", "tsv", "parquet"])
def test_files_with_columns_of_other_names(tmp_path, form):
    path = write(tmp_path / f"data.{form}", ROWS, form)
    assert contents(read_labelled(path, MAPPING)) == EXPECTED


@pytest.mark.parametrize("form", [list, pandas.DataFrame, datasets.Dataset.from_list])
def test_data_in_memory(form):
    assert contents(read_labelled(form(ROWS), MAPPING)) == EXPECTED


def test_names_of_columns_in_any_case():
    assert contents(read_labelled([{"Text": "a", "LABEL": "x"}])) == [("a", "", ["x"])]


def test_mapped_column_goes_before_one_with_the_name_of_the_field():
    rows = [{"text": "the article", "quote": "a", "labels": 3, "view": "x"}]
    found = read_labelled(rows, {"quote": "text", "view": "label"})
    assert contents(found) == [("a", "", ["x"])]


@pytest.mark.parametrize(
    ("record", "labels"),
    [
        ({"label": "x, y"}, ["x, y"]),
        ({"labels": "x, y"}, ["x", "y"]),
        ({"labels": ["x", "y"]}, ["x", "y"]),
        ({"labels": np.array(["x", "y"], dtype=object)}, ["x", "y"]),
        ({"labels": []}, []),
        ({"labels": "none"}, []),
        ({"label": "none"}, []),
        ({"labels": ["x", "x"]}, ["x"]),
    ],
)
def test_labels_in_all_forms(record, labels):
    assert read_labelled([{"text": "a", **record}])[0].record["labels"] == labels


@given(
    st.lists(
        st.text(st.characters(categories=("L", "N")), min_size=1).filter(lambda x: x != "none"),
        min_size=1,
        unique=True,
    )
)
def test_labels_parted_by_commas_are_those_of_the_list(labels):
    forms = [labels, ", ".join(labels)]
    one, other = (read_labelled([{"text": "a", "labels": form}])[0].record for form in forms)
    assert one["labels"] == other["labels"] == labels


def test_numbers_of_class_labels_become_names():
    features = datasets.Features(
        {"text": datasets.Value("string"), "label": datasets.ClassLabel(names=["open", "closed"])}
    )
    data = datasets.Dataset.from_dict({"text": ["a", "b"], "label": [1, 0]}, features=features)
    assert [item.record["labels"] for item in read_labelled(data)] == [["closed"], ["open"]]


def test_stance_items_and_quotations_of_documents():
    text = "“No,” she said."
    quotation = Quotation("direct", (Span.of(text, 0, 5),), stance=Stance.from_labels(["x"]))
    item = StanceItem("Yes", "before", stance=Stance.from_labels(["y"]))
    found = read_labelled([item, Document(text, (quotation,), "talk-1")])
    assert contents(found) == [("Yes", "before", ["y"]), ("“No,”", "", ["x"])]
    assert found[1].record["doc"] == "talk-1"


def test_jsonl_of_documents(tmp_path):
    quotation = {"kind": "direct", "content": [[0, 5]], "stance": ["x"]}
    record = {"id": "t", "text": "“No,” she said.", "quotations": [quotation]}
    path = write(tmp_path / "d.jsonl", [record], "jsonl")
    assert contents(read_labelled(path)) == [("“No,”", "", ["x"])]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ([{"text": " ", "label": "x"}], 'data, item 0: field "text" is empty'),
        ([{"text": "", "label": "x"}], 'data, item 0: field "text" is empty'),
        ([{"text": 3, "label": "x"}], 'field "text" is missing or no string'),
        ([{"text": "a", "after": 3, "label": "x"}], 'field "after" must be a string'),
        ([{"text": "a"}], "no column 'label' among text: labelled texts need text and label"),
        ([{"label": "x"}], "no column 'text' among label"),
        ([{"text": "a", "label": None}], "missing or empty: write 'none'"),
        ([{"text": "a", "label": 3}], "label 3 is no name: labels are strings"),
        ([{"text": "a", "labels": [3]}], "label 3 is no name"),
        ([{"text": "a", "labels": 3}], "label 3 is no name"),
        ([{"text": "a", "label": ["x"]}], 'is a list .*: name the field "labels"'),
        ([{"text": "a", "labels": ["x", " "]}], "holds an empty label"),
        ([{"text": "a", "labels": " "}], '"labels" is empty'),
        ([{"text": "a", "labels": ["none", "x"]}], "holds 'none' beside other labels"),
        ([{"text": "a", "label": "x", "labels": ["x"]}], "are both there: keep one"),
        ([{"text": "a", "label": "x", "passes": "x"}], '"passes" must be a list of lists'),
        ([StanceItem("a")], "no stance to learn from"),
        ([3], "data, item 0: a int is no record"),
        (3, "a int is no file, list, frame or data set"),
        ([], "no labelled texts"),
        ({"text": "a", "label": "x"}, "a single record: give a list"),
        ({"train": [], "test": []}, "train=data\\['train'\\], eval_data=data\\['test'\\]"),
        ({}, "empty"),
    ],
)
def test_what_cannot_be_read_is_named(data, message):
    with pytest.raises(LayoutError, match=message):
        read_labelled(data)


def test_dataset_dict_is_refused_with_the_mend():
    part = datasets.Dataset.from_list(ROWS)
    with pytest.raises(LayoutError, match=r"a DatasetDict with the parts train, dev .*data\['dev'"):
        read_labelled(datasets.DatasetDict(train=part, dev=part), MAPPING)


@pytest.mark.parametrize(
    ("form", "place"), [("jsonl", "line 2"), ("csv", "row 3"), ("parquet", "row 2")]
)
def test_file_and_row_are_named(tmp_path, form, place):
    path = write(tmp_path / f"d.{form}", [{"text": "a", "label": "x"}, {"text": "b"}], form)
    with pytest.raises(LayoutError, match=f'd.{form}, {place}: field "label"'):
        read_labelled(path)


def test_numbers_as_labels_in_a_table_are_refused(tmp_path):
    path = write(tmp_path / "d.csv", [{"text": "a", "label": 1}], "csv")
    with pytest.raises(LayoutError, match=r"d\.csv, row 2: .*'1' is no name"):
        read_labelled(path)


def test_broken_parquet(tmp_path):
    (tmp_path / "d.parquet").write_text("no table", "utf-8")
    with pytest.raises(LayoutError, match=r"d\.parquet: no Parquet file"):
        read_labelled(tmp_path / "d.parquet")


def test_wrong_column_mapping_is_named():
    with pytest.raises(LayoutError, match="names 'Rede', but the columns are Zitat, Davor"):
        read_labelled(ROWS, {"Rede": "text"})


def test_classes_are_those_that_occur():
    assert classes_of(items(("a", "dialogue"), ("b", "pressure"))) == ("pressure", "dialogue")
    assert classes_of(items(("a", "dialogue"), ("b",))) == ("dialogue", "none")
    assert classes_of(items(("a", "b"), ("b", "a"))) == ("a", "b")
    assert classes_of(items(("a", "b", "c"), ("b",)), multi_label=True) == ("b", "c")


def test_labels_counted_with_none():
    assert label_counts(items(("a", "x", "y"), ("b", "x"), ("c",))) == {"none": 1, "x": 2, "y": 1}


def test_data_tell_whether_labels_are_independent():
    assert is_multi_label(items(("a", "economy", "war")))
    assert not is_multi_label(items(("a", "economy"), ("b", "war")))
    assert not is_multi_label(items(("a", "pressure", "dialogue")))  # a primary and a secondary


TRAIN = items(("talk", "x"), ("war", "y"), ("talks", "x"), ("wars", "y"))
EVAL = items(("we talk", "x"), ("a war", "y"))


@pytest.mark.parametrize(
    ("train", "held_out", "message"),
    [
        (TRAIN, [*EVAL, TRAIN[2]], "1 texts stand both in .*'talks': train, item 2, and eval_data"),
        (TRAIN, [{**EVAL[0], "text": " talk  "}, EVAL[1]], "1 texts stand both"),
        (
            [{**r, "doc": "d1"} for r in TRAIN],
            [{**r, "doc": "d1"} for r in EVAL],
            r"1 documents \(doc\) stand both .*'d1': .*move all",
        ),
        (
            [*TRAIN, {"text": "war", "labels": ["x"]}],
            EVAL,
            "train, item 4: the same text as train, item 1 .*x here, y there; settle on one",
        ),
        (TRAIN, [*EVAL, {"text": "a war", "labels": ["x"]}], "eval_data, item 2: the same text"),
        (TRAIN, items(("we talk", "z")), "eval_data, item 0: label 'z' .*which have x, y"),
        (TRAIN, items(("we talk",)), "label 'none' of the evaluation data does not occur"),
        (items(("a", "x"), ("b", "x")), EVAL, "label 'x' only"),
        (items(("a",), ("b",)), EVAL, "label 'none' only"),
    ],
)
def test_data_whose_scores_would_mislead_are_refused(tmp_path, train, held_out, message):
    with pytest.raises(LayoutError, match=message):
        fine_tune_stance("no/base", train, held_out, tmp_path / "run")
    assert not (tmp_path / "run").exists()


def test_one_independent_label_is_refused(tmp_path):
    with pytest.raises(LayoutError, match="without multi_label"):
        fine_tune_stance("no/base", items(("a", "x"), ("b",)), EVAL, tmp_path, multi_label=True)


def test_label_that_occurs_once_is_warned_of(tmp_path):
    with (
        pytest.warns(DataWarning, match="label 'z' occurs once only"),
        pytest.raises(ModelError, match="no/base"),
    ):
        fine_tune_stance("no/base", [*TRAIN, *items(("b", "z"))], EVAL, tmp_path / "x")


def settings(**more):
    return {"epochs": 1, "batch_size": 4, "device": "cpu", **more}


def test_two_labels_of_ones_own(tmp_path, encoder_folder):
    tuned = fine_tune_stance(str(encoder_folder), TRAIN, EVAL, tmp_path, **settings())
    assert tuned.classes_ == ("x", "y")
    again = StanceClassifier.from_pretrained(tmp_path, "cpu")
    rows = again.predict_proba(["talk", "war"])
    assert np.allclose(rows, tuned.predict_proba(["talk", "war"]), atol=1e-2)
    assert np.allclose(rows.sum(axis=1), 1, atol=1e-5)
    for stance in again.predict(["talk", "war"]):
        assert stance.labels == (stance.label,)


def test_twenty_labels(tmp_path, encoder_folder):
    train = items(*((f"text {n} {m}", f"label {n}") for n in range(20) for m in range(2)))
    held_out = items(*((f"other {n}", f"label {n}") for n in range(20)))
    tuned = fine_tune_stance(str(encoder_folder), train, held_out, tmp_path, **settings())
    assert len(tuned.classes_) == 20
    assert tuned.predict("text 3")[0].label in tuned.classes_


@pytest.fixture(scope="module")
def multi_label_run(tmp_path_factory, encoder_folder):
    folder = tmp_path_factory.mktemp("multi") / "topics"
    train = items(("oil", "economy"), ("war oil", "economy", "war"), ("war", "war"), ("rain",)) * 3
    held_out = items(("oil!", "economy"), ("oil war", "economy", "war"), ("wars", "war"), ("sun",))
    tuned = fine_tune_stance(str(encoder_folder), train, held_out, folder, **settings())
    return folder, tuned


def test_multi_label_is_told_by_the_data_and_saved(multi_label_run):
    folder, tuned = multi_label_run
    config = json.loads((folder / "config.json").read_text("utf-8"))
    assert config["problem_type"] == "multi_label_classification"
    again = StanceClassifier.from_pretrained(folder, "cpu")
    assert again.multi_label
    assert again.classes_ == tuned.classes_ == ("economy", "war")
    assert again.thresholds == tuned.thresholds


def test_transformers_agrees_on_multi_label(multi_label_run):
    folder, _ = multi_label_run
    ours = StanceClassifier.from_pretrained(folder, "cpu", "torch")
    ours.engine.dtype = torch.float32
    theirs = pipeline("text-classification", str(folder), device="cpu", top_k=None)
    (stance,) = ours.predict("war and oil")
    for entry in theirs(["war and oil"])[0]:
        assert entry["score"] == pytest.approx(stance.probabilities[entry["label"]], abs=1e-4)


def test_label_of_a_multi_label_model_is_the_top_one_over_its_threshold(multi_label_run):
    classifier = StanceClassifier.from_pretrained(multi_label_run[0], "cpu")
    classifier.thresholds = {"economy": 0.7, "war": 0.2}

    def stance(*row):
        return classifier.stance(np.array(row, dtype=np.float32))

    assert stance(0.6, 0.3).label == "war"
    assert stance(0.8, 0.3).labels == ("economy", "war")
    assert (stance(0.6, 0.1).label, stance(0.6, 0.1).labels) == ("none", ())


def test_multi_label_for_labels_of_the_project_on_request(tmp_path, encoder_folder):
    train = items(("a", "pressure", "dialogue"), ("b", "dialogue"), ("c", "pressure"), ("d",))
    held_out = items(("e", "pressure"), ("f", "dialogue"))
    tuned = fine_tune_stance(
        str(encoder_folder), train, held_out, tmp_path, **settings(multi_label=True)
    )
    assert (tuned.multi_label, tuned.classes_) == (True, ("pressure", "dialogue"))


def test_multi_label_model_can_be_gone_on_from_with_one_label_each(tmp_path, multi_label_run):
    tuned = fine_tune_stance(multi_label_run[0], TRAIN, EVAL, tmp_path, **settings())
    assert not tuned.multi_label
    assert tuned.predict_proba("war").sum() == pytest.approx(1, abs=1e-5)


def test_rows_of_labels_that_the_base_knows_are_kept(tmp_path, model_folders):
    train = items(("a", "dialogue"), ("b", "pressure"), ("c", "dialogue"), ("d", "pressure"))
    held_out = items(("e", "pressure"), ("f", "dialogue"))
    before = StanceClassifier.from_pretrained(model_folders[1], "cpu")
    tuned = fine_tune_stance(
        model_folders[1], train, held_out, tmp_path, **settings(learning_rate=1e-12)
    )
    # Calibration divides both rows by one temperature.
    old, new = before.model.classifier.weight[:2], tuned.model.classifier.weight
    assert torch.allclose(new / new.norm(), old / old.norm(), atol=1e-4)


def test_broken_off_run_of_own_labels_goes_on(tmp_path, encoder_folder, monkeypatch, capsys):
    from quotestance.stance import training

    def killed(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(training, "calibrate", killed)
        with pytest.raises(KeyboardInterrupt):
            fine_tune_stance(str(encoder_folder), TRAIN, EVAL, tmp_path, **settings())
    assert (tmp_path / "checkpoints" / "checkpoint-1").is_dir()
    assert capsys.readouterr().out.startswith("epoch 1 of 1: ")
    fine_tune_stance(str(encoder_folder), TRAIN, EVAL, tmp_path, **settings(epochs=2))
    (line,) = capsys.readouterr().out.splitlines()  # the first epoch was not trained again
    assert re.fullmatch(r"epoch 2 of 2: loss \d\.\d{3}, macro-F1 [01]\.\d{3}, \d+ s", line)
    assert not list(tmp_path.glob("checkpoints*"))


def test_card_says_what_the_model_was_made_from(multi_label_run):
    folder, _ = multi_label_run
    card = (folder / "README.md").read_text("utf-8")
    assert card.startswith("---\nlibrary_name: transformers")
    for line in (
        "# topics",
        "on 12 texts; 4 others",
        "| economy | 6 | 2 |",
        "| none | 3 | 1 |",
        "| seed | 0 |",
        "multi-label",
        f"from_pretrained({str(folder)!r})",
    ):
        assert line in card
    assert re.search(r"\| macro f1 \| [01]\.\d{3} \| [01]\.\d{3}–[01]\.\d{3} \| 4 \|", card)
    assert "hit | missed | false | rest |" in card


def test_confusions_of_first_labels():
    gold = [Stance.from_labels([label]) for label in "aab"]
    found = [Stance("b", ("b",), {"a": 0.4, "b": 0.6}), *(Stance(x, (x,)) for x in "ab")]
    assert confusions(gold, found) == {"a": {"a": 1, "b": 1}, "b": {"a": 0, "b": 1}}


def test_scores_of_own_labels():
    gold = [Stance.from_labels([label]) for label in "aabb"]
    report = evaluate_stances(gold, gold, resamples=0)
    assert report["macro_f1"].value == 1
    assert {"a_f1", "b_f1"} <= set(report.scores)
    assert "none_f1" not in report.scores


def test_scores_of_independent_labels():
    gold = [Stance.from_labels(["a", "b"]), Stance.from_labels([])]
    found = [Stance("b", ("b",), {"a": 0.2, "b": 0.9}), Stance("none", (), {"a": 0.1, "b": 0.1})]
    report = evaluate_stances(gold, found, resamples=0)
    assert report == evaluate_stances(gold, found, multi_label=True, resamples=0)
    assert (report["a_f1"].value, report["b_f1"].value, report["macro_f1"].value) == (0, 1, 0.5)
    assert report["accuracy"].value == 0.5
    assert report["ece"].support == 4
    assert confusions(gold, found)["a"] == {"hit": 0, "missed": 1, "false": 0, "rest": 1}


def test_thresholds_are_a_half_where_nothing_speaks_for_others(classifier):
    rows = np.array([[0.6, 0.2, 0.1, 0.1]] * 3, dtype=np.float32)
    records = items(("a", "pressure"), ("b", "pressure"), ("c", "pressure"))
    assert set(best_thresholds(classifier, rows, records).values()) == {0.5}


@given(st.integers(1, 100_000))
def test_settings_follow_the_number_of_items(count):
    found = Settings.for_items(count)
    assert 5 <= found.epochs <= 20
    assert found.epochs >= Settings.for_items(count + 100_000).epochs
    assert Settings.for_items(count, epochs=2, batch_size=3).batch_size == 3


def test_settings_of_much_data_are_the_usual_ones():
    assert Settings.for_items(5000) == Settings(5, 16, 1e-4, 2)


@given(
    st.integers(1, 60), st.integers(0, 40), st.integers(0, 20), st.sampled_from([8, 12, 16, 32, 64])
)
def test_short_models_read_all_of_the_quotation(tokenizer, words, before, behind, most):
    text = " ".join(f"w{n}" for n in range(words))
    context, after = "he said " * before, "the war " * behind
    pieces = encode(tokenizer, text, context, after, most=most)
    assert all(len(piece["input_ids"]) <= most for piece in pieces)
    read = [
        token
        for piece in pieces
        for token, kind in zip(piece["input_ids"], piece["token_type_ids"], strict=True)
        if kind == 0 and token > 4
    ]
    assert read == [token for token in tokenizer(text)["input_ids"] if token > 4]


def test_context_is_shortened_far_from_the_quotation(tokenizer):
    (piece,) = encode(tokenizer, "we", "he she the he said", "", most=8)
    assert tokenizer.decode(piece["input_ids"], skip_special_tokens=True) == "we the he said …"


def test_longest_is_the_shortest_of_what_model_and_tokenizer_say(classifier, tokenizer):
    assert longest(classifier.model.config, tokenizer) == 128


def test_no_warning_where_nothing_is_wrong(tmp_path, encoder_folder):
    train = [*TRAIN, *items(("rain",), ("sun",))]
    with warnings.catch_warnings():
        warnings.simplefilter("error", DataWarning)
        fine_tune_stance(str(encoder_folder), train, EVAL, tmp_path, **settings())


def test_data_without_items_of_no_label_are_warned_of():
    train, held_out = read_labelled(TRAIN), read_labelled(EVAL)
    (warning,) = check_labels(train, held_out, ("x", "y"), False)
    assert "give every text one of x, y, also where none fits; add items with no label" in warning
    assert check_labels(train, held_out, ("x", "y"), True) == []


MANY = [
    {"text": f"{label} {n}", "doc": f"d{n // 3}", "label": label}
    for n in range(30)
    for label in ("open", "closed")
]


def test_a_fifth_is_held_out_by_document_and_label():
    learned, held = hold_out(read_labelled(MANY), 0)
    assert (len(learned), len(held)) == (48, 12)
    assert label_counts(item.record for item in held) == {"closed": 6, "open": 6}
    assert hold_out(read_labelled(MANY), 0) == (learned, held)


@given(
    st.lists(
        st.tuples(st.integers(0, 30), st.integers(0, 12) | st.none(), st.sampled_from("vwxyz")),
        min_size=1,
        max_size=60,
    )
)
def test_held_out_items_share_no_text_and_no_document(rows):
    given_items = read_labelled([{"text": f"t{t}", "doc": d, "label": x} for t, d, x in rows])
    try:
        parts = hold_out(given_items, 0)
    except LayoutError:
        return
    assert len(parts[0]) + len(parts[1]) == len(rows)
    for name in ("text", "doc"):
        learned, held = ({item.record.get(name) for item in part} - {None} for part in parts)
        assert not learned & held
    learned, held = ({item.record["labels"][0] for item in part} for part in parts)
    assert held <= learned


def test_a_label_of_one_document_is_learned_from():
    rare = [{"text": f"rare {n}", "doc": "d0", "label": f"rare {n}"} for n in range(6)]
    learned, held = hold_out(read_labelled([*MANY, *rare]), 0)
    assert {item.record["doc"] for item in learned} >= {"d0"}
    assert 8 <= len(held) <= 16


@pytest.mark.parametrize("data", [TRAIN, [{**record, "doc": "d"} for record in MANY]])
def test_too_few_items_to_hold_some_out(data):
    with pytest.raises(LayoutError, match=r"are too few to hold a fifth .*eval_data, on .*--eval"):
        hold_out(read_labelled(data), 0)


def test_training_without_evaluation_data(tmp_path, encoder_folder, capsys):
    fine_tune_stance(str(encoder_folder), MANY, None, tmp_path, **settings())
    assert capsys.readouterr().out.startswith("no evaluation data: 12 of 60 items are held out")
    card = " ".join((tmp_path / "README.md").read_text("utf-8").split())
    assert "on 48 texts; 12 others" in card
    assert "held out of the data given for training" in card
    assert "rest on 12 documents or items" in card


def test_a_run_that_is_refused_leaves_no_folder(tmp_path):
    texts = items(("a", "pressure"), ("b", "none")) * 4
    train = [{**record, "text": f"{record['text']} {n}"} for n, record in enumerate(texts)]
    held_out = items(("c", "pressure"), ("d", "none"))
    for base, epochs in (("smal", 1), ("minilm-l6", 0)):
        with pytest.raises((ModelError, ValueError)):
            fine_tune_stance(base, train, held_out, tmp_path / "run", epochs=epochs)
    assert not (tmp_path / "run").exists()
