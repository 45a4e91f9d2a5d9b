"""Model folders that were damaged, swapped, tampered with, or cannot be written."""

import errno
import json
import os
import pickle
import shutil
from pathlib import Path

import numpy as np
import pytest

from quotestance.hub import ModelError
from quotestance.model_folders import MANIFEST, check, save, write_manifest
from quotestance.quotations.extractor import QuotationExtractor
from quotestance.stance.classifier import StanceClassifier

RELEASED = Path(__file__).parent.parent / "models"


@pytest.fixture
def stance_folder(model_folders, tmp_path):
    """A copy of a stance model's folder, to be spoilt."""
    return Path(shutil.copytree(model_folders[1], tmp_path / "stance"))


@pytest.fixture
def unlisted(stance_folder):
    """The same without a manifest, as folders of others are."""
    (stance_folder / MANIFEST).unlink()
    return stance_folder


@pytest.mark.parametrize("name", ["quotations-small", "stance-small"])
def test_released_folders_have_a_manifest_of_all_they_need(name):
    check(RELEASED / name)
    files = json.loads((RELEASED / name / MANIFEST).read_text("utf-8"))["files"]
    assert {"config.json", "model.safetensors", "tokenizer.json"} <= set(files)


@pytest.mark.parametrize("name", ["config.json", "model.safetensors", "tokenizer.json"])
def test_truncated_file_is_named(stance_folder, name):
    whole = (stance_folder / name).read_bytes()
    (stance_folder / name).write_bytes(whole[: len(whole) // 2])
    with pytest.raises(ModelError, match=rf"{name} has \d+ bytes, not \d+: copy or train"):
        StanceClassifier.from_pretrained(stance_folder)


@pytest.mark.parametrize("name", ["config.json", "model.safetensors", "tokenizer.json"])
def test_changed_byte_is_found(stance_folder, name):
    raw = bytearray((stance_folder / name).read_bytes())
    raw[len(raw) // 2] ^= 1
    (stance_folder / name).write_bytes(raw)
    with pytest.raises(ModelError, match=f"{name} is not the file that was saved"):
        StanceClassifier.from_pretrained(stance_folder)


@pytest.mark.parametrize("name", ["config.json", "model.safetensors", "tokenizer.json"])
def test_truncated_file_without_manifest(unlisted, name):
    whole = (unlisted / name).read_bytes()
    (unlisted / name).write_bytes(whole[: len(whole) // 2])
    with pytest.raises(ModelError, match="cannot be loaded"):
        StanceClassifier.from_pretrained(unlisted)


def test_missing_file_is_named(stance_folder):
    (stance_folder / "tokenizer.json").unlink()
    with pytest.raises(ModelError, match=r"tokenizer\.json is missing"):
        StanceClassifier.from_pretrained(stance_folder)


def test_weights_of_another_model(unlisted, model_folders):
    shutil.copy(model_folders[0] / "model.safetensors", unlisted / "model.safetensors")
    with pytest.raises(ModelError, match="cannot be loaded"):
        StanceClassifier.from_pretrained(unlisted)


def test_swapped_folders(model_folders):
    with pytest.raises(ModelError, match="this is no quotation model"):
        QuotationExtractor.from_pretrained(model_folders[1])
    with pytest.raises(ModelError, match="cannot be loaded"):
        StanceClassifier.from_pretrained(model_folders[0])


@pytest.mark.parametrize("content", ["", "{", "[]", '{"files": 3}', '{"files": {"a": 1}}'])
def test_manifest_that_is_none(stance_folder, content):
    (stance_folder / MANIFEST).write_text(content, "utf-8")
    with pytest.raises(ModelError, match=r"manifest\.json"):
        StanceClassifier.from_pretrained(stance_folder)


def test_manifest_that_points_elsewhere(stance_folder):
    """A name in a manifest is a file of the folder, not a way out of it."""
    manifest = {"layout": 1, "files": {"../../etc/passwd": {"size": 1, "sha256": ""}}}
    (stance_folder / MANIFEST).write_text(json.dumps(manifest), "utf-8")
    with pytest.raises(ModelError, match="stance/passwd is missing"):
        check(stance_folder)


def test_later_layout(stance_folder):
    path = stance_folder / MANIFEST
    path.write_text(json.dumps({**json.loads(path.read_text("utf-8")), "layout": 2}), "utf-8")
    with pytest.raises(ModelError, match="layout 2, this version reads 1: upgrade quotestance"):
        StanceClassifier.from_pretrained(stance_folder)


def test_changed_on_purpose(stance_folder):
    path = stance_folder / "config.json"
    path.write_text(path.read_text("utf-8") + "\n", "utf-8")
    write_manifest(stance_folder)
    assert StanceClassifier.from_pretrained(stance_folder, "cpu").classes_


def test_symbolic_links_are_followed(stance_folder, tmp_path):
    moved = tmp_path / "weights"
    (stance_folder / "model.safetensors").rename(moved)
    (stance_folder / "model.safetensors").symlink_to(moved)
    (tmp_path / "link").symlink_to(stance_folder)
    assert StanceClassifier.from_pretrained(tmp_path / "link", "cpu").classes_


def test_link_that_leads_nowhere(stance_folder, tmp_path):
    (stance_folder / "model.safetensors").unlink()
    (stance_folder / "model.safetensors").symlink_to(tmp_path / "nowhere")
    with pytest.raises(ModelError, match=r"model\.safetensors is missing"):
        StanceClassifier.from_pretrained(stance_folder)


def test_code_in_a_folder_is_not_run(unlisted, tmp_path):
    mark = tmp_path / "ran"
    (unlisted / "modeling_x.py").write_text(f"open({str(mark)!r}, 'w')\n", "utf-8")
    config = json.loads((unlisted / "config.json").read_text("utf-8"))
    config["auto_map"] = dict.fromkeys(
        ("AutoConfig", "AutoModelForSequenceClassification"), "modeling_x.X"
    )
    (unlisted / "config.json").write_text(json.dumps(config), "utf-8")
    StanceClassifier.from_pretrained(unlisted, "cpu")  # a known architecture needs no code
    config["model_type"] = "x"
    (unlisted / "config.json").write_text(json.dumps(config), "utf-8")
    with pytest.raises(ModelError, match="cannot be loaded"):
        StanceClassifier.from_pretrained(unlisted, "cpu")
    assert not mark.exists()


class Bomb:
    def __init__(self, mark):
        self.mark = str(mark)

    def __reduce__(self):
        return open, (self.mark, "w")


def test_pickles_are_refused(unlisted, tmp_path):
    mark = tmp_path / "ran"
    (unlisted / "model.safetensors").unlink()
    (unlisted / "pytorch_model.bin").write_bytes(pickle.dumps(Bomb(mark)))
    with pytest.raises(ModelError, match=r"model\.safetensors"):
        StanceClassifier.from_pretrained(unlisted, "cpu")
    assert not mark.exists()


@pytest.mark.parametrize("step", ["model", "tokenizer"])
def test_full_disk_leaves_the_older_model(classifier, stance_folder, monkeypatch, step):
    before = {path.name: path.read_bytes() for path in stance_folder.iterdir()}

    def full(folder, **_):
        Path(folder, "model.safetensors").write_bytes(b"half")
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(getattr(classifier, step), "save_pretrained", full)
    with pytest.raises(ModelError, match=r"cannot be saved to .*stance: No space left"):
        classifier.save_pretrained(stance_folder)
    assert {path.name: path.read_bytes() for path in stance_folder.iterdir()} == before


def test_place_that_is_a_file(classifier, tmp_path):
    (tmp_path / "taken").write_text("", "utf-8")
    with pytest.raises(ModelError, match=r"cannot be saved to .*taken"):
        classifier.save_pretrained(tmp_path / "taken")


def test_place_without_write_access(classifier, monkeypatch, tmp_path):
    def refused(*_, **__):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(tmp_path))

    monkeypatch.setattr("tempfile.mkdtemp", refused)  # root may write anywhere
    with pytest.raises(ModelError, match=r"cannot be saved to .*: Permission denied"):
        classifier.save_pretrained(tmp_path)


def test_saving_twice_gives_a_sound_folder(classifier, tmp_path):
    classifier.save_pretrained(tmp_path)
    classifier.save_pretrained(tmp_path)
    check(tmp_path)
    assert not [path for path in tmp_path.iterdir() if path.is_dir()]


def test_weights_in_several_files_replace_those_in_one(tmp_path, classifier):
    for largest in ("5GB", "10KB", "5GB"):
        save(classifier.model, classifier.tokenizer, tmp_path, largest=largest)
        whole = largest == "5GB"
        assert (tmp_path / "model.safetensors").is_file() == whole
        assert (tmp_path / "model.safetensors.index.json").is_file() != whole


def test_weights_in_several_files_are_loaded_whole(tmp_path, classifier):
    save(classifier.model, classifier.tokenizer, tmp_path, largest="10KB")
    assert len(list(tmp_path.glob("*.safetensors"))) > 1
    loaded = StanceClassifier.from_pretrained(tmp_path, "cpu")
    np.testing.assert_allclose(
        loaded.predict_proba("we will talk"), classifier.predict_proba("we will talk"), atol=1e-6
    )
