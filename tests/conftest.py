"""Tiny models with random weights: fast, offline, the same at every run."""

from __future__ import annotations

import ctypes
import os
import sys
from pathlib import Path

import hypothesis
import pytest
import torch
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors
from transformers import BertConfig, BertForSequenceClassification, BertModel, BertTokenizerFast

from quotestance.document import LABELS, NO_STANCE
from quotestance.hub import released
from quotestance.quotations.extractor import QuotationExtractor
from quotestance.quotations.model import QuotationModel
from quotestance.stance.classifier import StanceClassifier

# How long an example takes says more about the machine's other work than about the code.
# Tests that name no number of examples get that of the profile.
_SLOW = [hypothesis.HealthCheck.too_slow, hypothesis.HealthCheck.function_scoped_fixture]
for _name, _examples in (("ci", 20), ("nightly", 1000)):
    hypothesis.settings.register_profile(
        _name, deadline=None, suppress_health_check=_SLOW, max_examples=_examples
    )
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


def _tokenizer() -> BertTokenizerFast:
    letters = [chr(code) for code in range(33, 127)] + list("“”‘’«»„…—é")
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *letters, *(f"##{c}" for c in letters)]
    pieces += ["said", "the", "he", "she", "we", "talks", "war", "minister"]
    vocabulary = {piece: index for index, piece in enumerate(dict.fromkeys(pieces))}
    backend = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))
    backend.normalizer = normalizers.BertNormalizer(lowercase=True)
    backend.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    backend.decoder = decoders.WordPiece()
    backend.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    return BertTokenizerFast(tokenizer_object=backend, model_max_length=512)


def _config(**settings: object) -> BertConfig:
    return BertConfig(
        vocab_size=300,
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
        max_position_embeddings=128,
        **settings,
    )


@pytest.fixture(scope="session")
def tokenizer() -> BertTokenizerFast:
    return _tokenizer()


@pytest.fixture(scope="session")
def encoder_folder(tmp_path_factory, tokenizer) -> Path:
    """A pretrained encoder as a user may bring one."""
    torch.manual_seed(0)
    folder = tmp_path_factory.mktemp("encoder")
    BertModel(_config()).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


@pytest.fixture(scope="session")
def extractor(encoder_folder, tokenizer) -> QuotationExtractor:
    torch.manual_seed(1)
    model = QuotationModel.from_encoder(str(encoder_folder), window=64, overlap=16, link_size=8)
    return QuotationExtractor(model, tokenizer, "cpu")


@pytest.fixture(scope="session")
def classifier(tokenizer) -> StanceClassifier:
    torch.manual_seed(2)
    classes = dict(enumerate((*LABELS, NO_STANCE)))
    config = _config(id2label=classes, label2id={v: k for k, v in classes.items()}, num_labels=4)
    return StanceClassifier(BertForSequenceClassification(config), tokenizer, "cpu")


@pytest.fixture(scope="session")
def model_folders(tmp_path_factory, extractor, classifier) -> tuple[Path, Path]:
    """Folders of a quotation and a stance model, as `quotestance train` writes them."""
    folder = tmp_path_factory.mktemp("models")
    extractor.save_pretrained(folder / "quotations")
    classifier.save_pretrained(folder / "stance")
    return folder / "quotations", folder / "stance"


@pytest.fixture(scope="session")
def pipeline():
    """The embedded models."""
    import quotestance

    released("small", "quotations")
    return quotestance.load(device="cpu")


@pytest.fixture(scope="session")
def data() -> Path:
    """The folder with corpora that cannot be shipped; tests that need it skip without it."""
    folder = os.environ.get("QUOTESTANCE_DATA")
    if not folder or not Path(folder).is_dir():
        pytest.skip("set QUOTESTANCE_DATA to the folder with the labelled corpora")
    return Path(folder)


class _SignalStack(ctypes.Structure):
    _fields_ = (("place", ctypes.c_void_p), ("flags", ctypes.c_int), ("size", ctypes.c_size_t))


@pytest.fixture(autouse=True)
def ordinary_signal_stack():
    """Where OpenVINO and torch have both run in a process, the alternative stack for signals is
    gone, and the next signal ends it: the tests of signals need the ordinary one."""
    if sys.platform == "linux":
        disabled = _SignalStack(None, 2, 0)
        ctypes.CDLL(None).sigaltstack(ctypes.byref(disabled), None)
