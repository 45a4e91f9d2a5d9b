import subprocess
import sys
import time

import pytest

import quotestance
from quotestance import hub
from quotestance.hub import ModelError, locate
from quotestance.quotations.extractor import QuotationExtractor
from quotestance.stance.classifier import StanceClassifier


def test_importing_costs_no_torch():
    code = "import quotestance, quotestance.cli, sys; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("name", quotestance.__all__)
def test_public_names_exist(name):
    assert getattr(quotestance, name) is not None


def test_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="nothing"):
        quotestance.nothing  # noqa: B018


def test_folder_that_is_no_model(tmp_path):
    with pytest.raises(ModelError, match="no model folder"):
        locate(tmp_path, "stance")


@pytest.mark.parametrize("name", ["huge", "./missing", "/no/where", "a/b/c"])
def test_name_nothing_is_known_of(name):
    with pytest.raises(ModelError, match="no stance model"):
        locate(name, "stance")


def test_hub_name_goes_to_the_hub():
    assert locate("organisation/model", "stance") == "organisation/model"


@pytest.mark.parametrize("kind", [QuotationExtractor, StanceClassifier])
def test_hub_cannot_be_reached(kind, monkeypatch):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(ModelError, match="Offline, name a folder"):
        kind.from_pretrained("organisation/model")


@pytest.mark.parametrize("kind", [QuotationExtractor, StanceClassifier])
def test_hub_that_does_not_answer_is_not_asked_for_a_minute(kind, monkeypatch):
    monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", "http://127.0.0.1:9")
    asked = time.monotonic()
    with pytest.raises(ModelError, match="does not answer"):
        kind.from_pretrained("organisation/model")
    assert time.monotonic() - asked < 10


def test_stance_model_is_no_quotation_model(model_folders):
    with pytest.raises(ModelError, match="cannot be loaded"):
        QuotationExtractor.from_pretrained(model_folders[1])


def test_device_that_is_not_there(model_folders):
    with pytest.raises(ValueError, match="cannot be used here"):
        StanceClassifier.from_pretrained(model_folders[1], device="cuda:9")


def test_size_that_is_not_released_for_a_kind():
    with pytest.raises(ModelError, match=r"no quotations model 'base': .* one of small, minilm"):
        locate("base", "quotations")


def test_large_model_that_the_package_lacks(monkeypatch, tmp_path):
    monkeypatch.setattr(hub, "__file__", str(tmp_path / "quotestance" / "hub.py"))
    with pytest.raises(ModelError, match="name the folder models/stance-base of a checkout"):
        locate("base", "stance")
