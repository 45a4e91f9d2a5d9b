"""The model folders as they are released, and the data written for them."""

import importlib.util
import json
import re
from pathlib import Path

import pytest
import torch
from safetensors import safe_open
from sklearn.feature_extraction.text import TfidfVectorizer
from transformers import pipeline as transformers_pipeline

from quotestance.document import LABELS
from quotestance.stance.classifier import StanceClassifier

MODELS = Path(__file__).parent.parent / "models"
WRITTEN = MODELS / "written"
FOLDERS = [MODELS / name for name in ("quotations-small", "stance-small", "stance-base")]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_weights_are_half_precision_and_load_in_single(folder):
    kinds = set()
    for path in folder.glob("*.safetensors"):
        with safe_open(path, framework="np") as weights:
            kinds |= {weights.get_tensor(name).dtype.name for name in weights.keys()}  # noqa: SIM118
    assert kinds == {"float16"}
    assert json.loads((folder / "config.json").read_text("utf-8"))["dtype"] == "float32"


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_files_are_few_small_and_no_pickles(folder):
    names = {path.name for path in folder.iterdir()}
    assert {"README.md", "config.json", "tokenizer.json", "manifest.json"} <= names
    assert names & {"model.safetensors", "model.safetensors.index.json"}
    pickles = {name for name in names if name.endswith((".bin", ".pt", ".pkl"))}
    assert pickles <= {"openvino_model.bin"}
    assert all(path.stat().st_size < 95e6 for path in folder.iterdir())


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_card_tells_data_terms_scores_limits_and_rebuild(folder):
    card = (folder / "README.md").read_text("utf-8")
    for part in ("## Data and terms", "SHA-256", "## Scores", "## Limits", "models/build.py DATA"):
        assert part in card
    assert re.search(r"`[0-9a-f]{64}`", card)
    assert re.search(r"0\.\d{3} \(0\.\d{3}–[01]\.\d{3}\)", card)


def test_tokenizers_cut_nothing_off():
    for folder in FOLDERS:
        settings = json.loads((folder / "tokenizer.json").read_text("utf-8"))
        assert settings["truncation"] is None
        assert settings["padding"] is None


def test_base_labels_what_the_guidelines_say():
    words = ["Both sides must hold their fire.", "Now is not the time for talks.", "It rained."]
    labels = [stance.label for stance in StanceClassifier.from_pretrained("base").predict(words)]
    assert labels == ["de-escalation", "pressure", "none"]


def test_transformers_pipeline_agrees_with_ours(pipeline):
    theirs = transformers_pipeline("text-classification", str(FOLDERS[1]), device="cpu", top_k=None)
    assert theirs.model.dtype == torch.float32
    texts = ["We will impose sanctions.", "We are ready to talk.", "The meeting was in May."]
    ours = pipeline.classifier.predict(texts)
    for stance, entries in zip(ours, theirs(texts), strict=True):
        assert entries[0]["label"] == stance.label
        for entry in entries:
            # Ours may run in bfloat16.
            assert entry["score"] == pytest.approx(stance.probabilities[entry["label"]], abs=0.03)


@pytest.fixture(scope="module")
def written():
    path = MODELS / "written" / "items.py"
    spec = importlib.util.spec_from_file_location("items", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return list(module.items())


def test_written_items_are_whole(written):
    assert len({item["id"] for item in written}) == len(written) >= 5000
    for item in written:
        assert set(item["labels"]) <= set(LABELS)
        assert not re.search(r"[\[\]|]", item["context"] + item["text"] + item["after"])


def test_written_items_stand_between_the_words_around_them(written):
    stories = {path.stem: path.read_text("utf-8") for path in WRITTEN.glob("*/*.txt")}
    plain = {
        name: " ".join(re.sub(r"\[[PDEN]+\||\]|^===+$", "", text, flags=re.MULTILINE).split())
        for name, text in stories.items()
    }
    for item in written[::7]:
        words = " ".join(" ".join((item["context"], item["text"], item["after"])).split())
        assert words.replace(" ", "") in plain[item["doc"]].replace(" ", "")


def test_written_items_know_every_stance_and_many_crises(written):
    first = [(item["labels"] or ["none"])[0] for item in written]
    assert all(first.count(label) > 0.1 * len(written) for label in (*LABELS, "none"))
    assert len({item["doc"] for item in written}) >= 88
    assert sum(len(item["text"].split()) <= 9 for item in written) >= len(written) / 3


def test_no_crisis_is_in_both_parts(written):
    parts = {part: {i["doc"] for i in written if i["part"] == part} for part in ("train", "test")}
    assert all(parts.values())
    assert not parts["train"] & parts["test"]


def test_written_items_are_no_copies_of_those_of_other_crises(written):
    grams = TfidfVectorizer(analyzer="char_wb", ngram_range=(4, 5))
    rows = grams.fit_transform([item["text"] for item in written])
    alike = (rows @ rows.T).tocoo()
    close = {
        (written[a]["text"], written[b]["text"])
        for a, b, value in zip(alike.row, alike.col, alike.data, strict=True)
        if value > 0.8 and written[a]["doc"] < written[b]["doc"]
    }
    assert not close


def test_items_told_of_others_keep_their_labels(monkeypatch):
    monkeypatch.syspath_prepend(MODELS)
    from stance_items import retold

    item = {"context": "In Paris", "text": "France must go.", "after": "", "labels": ["pressure"]}
    told = retold([{**item, "id": n} for n in range(40)])
    assert [(other["id"], other["labels"]) for other in told] == [
        (n, ["pressure"]) for n in range(40)
    ]
    assert 5 < sum("France" in other["text"] for other in told) < 35
