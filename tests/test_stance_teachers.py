"""Teachers of the stance classifier, on tiny ones."""

import copy
import json

import numpy as np
import pytest
import torch
from test_stance import HELD_OUT, RECORDS
from transformers import AutoModel

from quotestance.document import Document, LayoutError, Quotation, Span
from quotestance.hub import ModelError
from quotestance.stance.classifier import StanceClassifier
from quotestance.stance.data import read_labelled, read_unlabelled
from quotestance.stance.distillation import teach
from quotestance.stance.training import _freeze, _model, _others, fine_tune_stance


@pytest.fixture
def teacher(model_folders):
    return model_folders[1]


def test_teachers_are_half_of_the_targets_of_labelled_texts(teacher, classifier):
    (item,) = read_labelled([{"text": "we will talk", "labels": ["dialogue"]}])
    (bare,) = read_unlabelled([{"text": "it rained"}])
    lesson = teach([teacher], [item, bare], "cpu")
    said = classifier.predict_proba(["we will talk", "it rained"])
    own = np.eye(4, dtype=np.float32)[:2]
    np.testing.assert_allclose(lesson.mixed(own), [(own[0] + said[0]) / 2, said[1]], atol=1e-5)


def test_texts_without_labels_get_the_teachers(teacher, classifier):
    lesson = teach([teacher], read_unlabelled([{"text": "it rained"}]), "cpu")
    assert lesson.items[0].record["labels"] == list(classifier.predict("it rained")[0].labels)


def test_all_quotations_of_unlabelled_documents_are_taken():
    text = "“No,” she said."
    (item,) = read_unlabelled([Document(text, (Quotation("direct", (Span.of(text, 0, 5),)),))])
    assert item.record == {"text": "“No,”", "context": "", "after": "she said."}


def test_unlabelled_files_hold_texts_or_articles(tmp_path):
    text = "“No,” she said."
    article = {"text": text, "quotations": [{"kind": "direct", "content": [[0, 5]]}]}
    path = tmp_path / "bare.jsonl"
    path.write_text("\n".join(map(json.dumps, [{"text": "it snowed"}, article])), "utf-8")
    assert [item.record["text"] for item in read_unlabelled(path)] == ["it snowed", "“No,”"]


def test_label_that_the_teachers_lack_is_refused(teacher):
    with pytest.raises(LayoutError, match=r"data, item 0: label 'praise' is none of the teachers'"):
        teach([teacher], read_labelled([{"text": "well done", "label": "praise"}]), "cpu")


def test_teachers_with_different_labels_are_refused(tmp_path, teacher, classifier):
    model = copy.deepcopy(classifier.model)
    model.config.id2label = dict(enumerate(("pressure", "praise", "de-escalation", "none")))
    StanceClassifier(model, classifier.tokenizer, "cpu").save_pretrained(tmp_path)
    with pytest.raises(ModelError, match="do not label alike"):
        teach([teacher, tmp_path], read_unlabelled([{"text": "it rained"}]), "cpu")


def test_training_with_a_teacher_and_unlabelled_texts(tmp_path, encoder_folder, teacher):
    student = fine_tune_stance(
        encoder_folder, RECORDS, HELD_OUT, tmp_path,
        teachers=[teacher], unlabelled=[{"text": "it snowed"}],
        epochs=1, batch_size=4, device="cpu",
    )  # fmt: skip
    assert set(student.classes_) == {"pressure", "dialogue", "de-escalation", "none"}


def test_unlabelled_texts_that_are_labelled_too_are_left_out():
    items = read_unlabelled([{"text": "we  will talk"}, {"text": "it rained", "label": 3}])
    left = _others(items, read_labelled([{"text": "we will talk", "label": "dialogue"}]))
    assert [item.record["text"] for item in left] == ["it rained"]


def test_teachers_that_label_otherwise_than_asked_are_refused(tmp_path, encoder_folder, teacher):
    with pytest.raises(ValueError, match="multi_label=True is not how the teachers label"):
        fine_tune_stance(
            encoder_folder, RECORDS, HELD_OUT, tmp_path, teachers=[teacher], multi_label=True
        )


def test_unlabelled_texts_without_teachers_are_refused(tmp_path, encoder_folder):
    with pytest.raises(ValueError, match="need teachers"):
        fine_tune_stance(
            encoder_folder, RECORDS, HELD_OUT, tmp_path, unlabelled=[{"text": "it snowed"}]
        )


def test_frozen_layers_stay_as_they_are(tmp_path, encoder_folder):
    tuned = fine_tune_stance(
        encoder_folder, RECORDS, HELD_OUT, tmp_path,
        frozen_layers=1, epochs=1, batch_size=4, device="cpu",
    )  # fmt: skip
    before = AutoModel.from_pretrained(encoder_folder).state_dict()
    after = tuned.model.base_model.state_dict()
    changed = {name for name in before if not torch.equal(before[name], after[name])}
    assert any(name.startswith("pooler.") for name in changed)
    assert not any(name.startswith(("encoder.layer.0.", "embeddings.")) for name in changed)


def test_no_gradient_goes_to_frozen_layers(encoder_folder):
    model = _model(str(encoder_folder), ("a", "b"), False)
    _freeze(model, 1)
    ids = torch.tensor([[2, 5, 3]])
    hidden = model.base_model(input_ids=ids, output_hidden_states=True).hidden_states
    assert not hidden[1].requires_grad


def test_more_frozen_layers_than_there_are(tmp_path, encoder_folder):
    with pytest.raises(ValueError, match="frozen_layers must be 0 to"):
        fine_tune_stance(encoder_folder, RECORDS, HELD_OUT, tmp_path, frozen_layers=99)
