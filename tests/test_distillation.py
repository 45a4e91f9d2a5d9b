"""Teachers of the quotation model, on tiny ones."""

import pytest
from test_quotations import RECORD, TEXT
from tokenizers import Tokenizer, models
from transformers import BertTokenizerFast

from quotestance.hub import ModelError
from quotestance.quotations.dataset import WindowDataset, collate
from quotestance.quotations.distillation import Teachers, _lookup
from quotestance.quotations.model import FORWARD
from quotestance.quotations.training import fine_tune_quotations


def test_teacher_that_is_the_student_asks_for_nothing(extractor, model_folders, tokenizer):
    teachers = Teachers([model_folders[0]], tokenizer, "cpu")
    batch = collate([WindowDataset([RECORD], tokenizer, 64, dresses=0)[0]], tokenizer)
    logits = extractor.model(**{name: batch[name] for name in FORWARD})
    student = {name: value.detach().requires_grad_() for name, value in logits.items()}
    teachers.loss(extractor.model, student, batch).backward()
    assert all(value.grad.abs().max() < 1e-6 for value in student.values())


def test_teacher_with_other_ids_for_the_same_pieces_reads_the_same(tokenizer):
    vocabulary = sorted(tokenizer.get_vocab(), key=tokenizer.get_vocab().get)
    turned = {piece: number for number, piece in enumerate(reversed(vocabulary))}
    other = BertTokenizerFast(
        tokenizer_object=Tokenizer(models.WordPiece(turned, unk_token="[UNK]"))
    )
    lookup = _lookup(tokenizer, other, "other")
    assert other.convert_ids_to_tokens(lookup.tolist()) == vocabulary


def test_teacher_with_another_vocabulary_is_refused(tokenizer):
    other = BertTokenizerFast(
        tokenizer_object=Tokenizer(models.WordPiece({"[UNK]": 0, "xyz": 1}, unk_token="[UNK]"))
    )
    with pytest.raises(ModelError, match="same vocabulary"):
        _lookup(tokenizer, other, "other")


def test_teachers_label_texts_without_quotations(model_folders, tokenizer):
    teachers = Teachers([model_folders[0]], tokenizer, "cpu")
    labelled = teachers.label([RECORD, {"text": TEXT}])
    assert labelled[0] is RECORD
    assert isinstance(labelled[1]["quotations"], list)


@pytest.mark.slow
def test_training_with_a_teacher(tmp_path, encoder_folder, model_folders):
    tuned = fine_tune_quotations(
        str(encoder_folder), [RECORD, {"text": TEXT}], [RECORD], tmp_path,
        teachers=[model_folders[0]], epochs=1, batch_size=2, device="cpu",
    )  # fmt: skip
    assert tuned.extract([TEXT])[0].text == TEXT
