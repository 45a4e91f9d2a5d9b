"""Engines: which one runs, and that all of them say the same as torch in float32."""

import logging
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from transformers import MPNetConfig, MPNetForSequenceClassification
from transformers.models.mpnet.modeling_mpnet import MPNetEncoder

import quotestance
from quotestance import cli, quantisation
from quotestance.engines import batches, choice, choose
from quotestance.engines.torch_engine import TorchEngine
from quotestance.hub import ModelError
from quotestance.pipeline import Pipeline
from quotestance.quotations.extractor import QuotationExtractor
from quotestance.quotations.links import LINKS, LinkHead, link_places
from quotestance.quotations.tokens import tokenize
from quotestance.stance.classifier import StanceClassifier

TEXTS = [
    "“We want talks,” Ana Ruiz said.\n\n“No war,” said the minister.",
    "“We will talk now,” he said. " * 20,
    "Nothing is said here.",
    "",
]
OPENVINO = pytest.mark.skipif(
    not choice._installed(), reason="needs OpenVINO: pip install 'quotestance[openvino]'"
)


@pytest.fixture
def without_openvino(monkeypatch):
    monkeypatch.setattr(choice, "_installed", lambda: False)


@given(st.lists(st.integers(1, 500), max_size=60), st.integers(1, 2000))
def test_batches_hold_every_piece_once_and_at_most_so_many_tokens(lengths, most):
    found = list(batches(lengths, most))
    assert sorted(index for batch in found for index in batch) == list(range(len(lengths)))
    for batch in found:
        assert len(batch) == 1 or len(batch) * max(lengths[index] for index in batch) <= most


def test_unknown_engine_is_refused():
    with pytest.raises(ValueError, match="it is one of auto, openvino, torch"):
        choose("onnx", "cpu", ".", "stance")


@pytest.fixture
def told(caplog):
    """What the choice of an engine tells, in a process that told nothing before."""
    choice._tell.cache_clear()
    with caplog.at_level(logging.INFO, "quotestance"):
        yield caplog


def test_without_openvino_auto_takes_torch_without_a_warning(model_folders, without_openvino, told):
    for folder, load in zip(model_folders, (QuotationExtractor, StanceClassifier), strict=True):
        assert load.from_pretrained(folder, "cpu").engine.name.startswith("torch-")
    (record,) = told.records
    assert "pip install 'quotestance[openvino]'" in record.message
    assert record.levelno == logging.INFO


def test_openvino_by_name_needs_it(model_folders, without_openvino):
    with pytest.raises(ImportError, match=r"quotestance\[openvino\]"):
        StanceClassifier.from_pretrained(model_folders[1], "cpu", engine="openvino")


@OPENVINO
@pytest.mark.parametrize(
    ("device", "source", "reason"),
    [("cuda", ".", "on device 'cuda'"), ("cpu", "some/name", "name on the hub")],
)
def test_openvino_by_name_says_why_it_cannot_run(device, source, reason):
    with pytest.raises(ValueError, match=reason):
        choose("openvino", device, source, "stance")


def test_a_device_that_was_named_is_no_surprise(told):
    assert choose("auto", "cuda", ".", "stance") == "torch"
    assert [record.levelno for record in told.records] == [logging.INFO]


@OPENVINO
def test_openvino_that_runs_tells_nothing(model_folders, told):
    assert choose("auto", "cpu", str(model_folders[1]), "stance") == "openvino"
    assert not told.records


@OPENVINO
def test_encoder_without_a_graph_runs_on_torch_and_that_is_told_once(tmp_path, told):
    (tmp_path / "config.json").write_text('{"architectures": ["X"], "model_type": "roberta"}')
    for _ in range(2):
        assert choose("auto", "cpu", str(tmp_path), "stance") == "torch"
    (record,) = told.records
    assert (record.levelno, "of the kind 'roberta'" in record.message) == (logging.WARNING, True)
    with pytest.raises(ValueError, match="of the kind 'roberta'"):
        choose("openvino", "cpu", str(tmp_path), "stance")


@OPENVINO
def test_model_of_the_other_kind_is_refused(model_folders):
    with pytest.raises(ValueError, match="has no stance model"):
        StanceClassifier.from_pretrained(model_folders[0], "cpu", "openvino")
    with pytest.raises(ModelError, match="cannot be loaded"):
        StanceClassifier.from_pretrained(model_folders[0], "cpu")


@OPENVINO
def test_broken_weights_are_told(model_folders, tmp_path):
    shutil.copytree(model_folders[1], tmp_path / "stance")
    (tmp_path / "stance" / "model.safetensors").write_bytes(b"broken")
    (tmp_path / "stance" / "manifest.json").unlink()  # it would tell first
    with pytest.raises(ModelError, match="stance cannot be loaded"):
        StanceClassifier.from_pretrained(tmp_path / "stance", "cpu", "openvino")


@pytest.fixture(scope="module")
def both(model_folders):
    """The same two tiny models on OpenVINO and on torch."""
    return [
        Pipeline(
            QuotationExtractor.from_pretrained(model_folders[0], "cpu", engine),
            StanceClassifier.from_pretrained(model_folders[1], "cpu", engine),
        )
        for engine in ("openvino", "torch")
    ]


def precise(pipeline):
    for engine in (pipeline.extractor.engine, pipeline.classifier.engine):
        if isinstance(engine, TorchEngine):
            engine.dtype = torch.float32
    return pipeline


@OPENVINO
def test_openvino_scores_as_torch_does(both):
    ours, theirs = map(precise, both)
    tokens = tokenize(TEXTS[:3], ours.extractor.tokenizer)
    pairs = zip(ours.extractor._scores(tokens), theirs.extractor._scores(tokens), strict=True)
    # Processors with bfloat16 use it.
    near = 1e-4 if ours.extractor.engine.name == "openvino-fp32 (CPU)" else 0.05
    for one, other in pairs:
        assert np.allclose(one.tags, other.tags, atol=near)
        assert np.allclose(one.names, other.names, atol=near)
        (link,), (same,) = one.links("source", [(2, 4)]), other.links("source", [(2, 4)])
        assert np.allclose(link.weights, same.weights, atol=near)
    contexts, afters = ["he said", "", "", ""], ["on Monday", "", "then", ""]
    assert np.allclose(
        ours.classifier.predict_proba(TEXTS, contexts, afters),
        theirs.classifier.predict_proba(TEXTS, contexts, afters),
        atol=near,
    )


@OPENVINO
def test_openvino_runs_mpnet_as_torch_does(tmp_path, tokenizer):
    torch.manual_seed(3)
    config = MPNetConfig(
        vocab_size=300, hidden_size=16, num_hidden_layers=2, num_attention_heads=2,
        intermediate_size=16, max_position_embeddings=514, initializer_range=0.5,
        id2label={0: "yes", 1: "no"}, label2id={"yes": 0, "no": 1},
    )  # fmt: skip
    model = MPNetForSequenceClassification(config).eval()
    StanceClassifier(model, tokenizer, "cpu").save_pretrained(tmp_path)
    ours, theirs = (
        StanceClassifier.from_pretrained(tmp_path, "cpu", engine)
        for engine in ("openvino", "torch")
    )
    theirs.engine.dtype = torch.float32
    near = 1e-4 if ours.engine.name == "openvino-fp32 (CPU)" else 0.05
    texts = [*TEXTS, "we will talk " * 90]
    assert np.allclose(ours.predict_proba(texts), theirs.predict_proba(texts), atol=near)


@OPENVINO
def test_openvino_has_the_relative_positions_of_mpnet():
    from quotestance.engines.graph import _buckets

    apart = np.arange(-512, 513)
    theirs = MPNetEncoder.relative_position_bucket(torch.from_numpy(apart), num_buckets=32)
    assert _buckets(apart).tolist() == theirs.tolist()


@OPENVINO
def test_openvino_says_what_runs(both):
    assert both[0].extractor.engine.name.startswith("openvino-")
    assert both[0].classifier.engine.name.endswith(" (CPU)")
    assert both[1].extractor.engine.name.startswith("torch-")


@OPENVINO
def test_saved_from_openvino_is_the_same_model(both, tmp_path):
    both[0].classifier.save_pretrained(tmp_path)
    again = StanceClassifier.from_pretrained(tmp_path, "cpu", "openvino")
    assert np.allclose(again.predict_proba(TEXTS), both[0].classifier.predict_proba(TEXTS))


@OPENVINO
@pytest.mark.parametrize("batch_size", [1, 3])
def test_results_depend_neither_on_batches_nor_on_order(both, batch_size):
    ours = both[0]
    alone = [ours(text) for text in TEXTS]
    for turned in (False, True):
        texts = TEXTS[::-1] if turned else TEXTS
        found = list(ours.pipe(texts, batch_size=batch_size))
        for one, other in zip(alone, found[::-1] if turned else found, strict=True):
            assert one.text == other.text
            assert [q.content for q in one.quotations] == [q.content for q in other.quotations]
            for a, b in zip(one.quotations, other.quotations, strict=True):
                near = pytest.approx(b.stance.probabilities, abs=2e-3)
                assert a.stance.probabilities == near


@OPENVINO
def test_an_article_is_analysed_without_torch(model_folders):
    program = f"""
import sys, quotestance
model = quotestance.load(quotations={str(model_folders[0])!r}, stance={str(model_folders[1])!r},
                         device="cpu", engine="openvino")
model({TEXTS[0]!r})
print(sorted({{"torch", "transformers"}} & set(sys.modules)))
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_marks_only_leaves_out_what_has_no_marks(both):
    pipeline = Pipeline(both[1].extractor, both[1].classifier, marks_only=True)
    whole, kept = both[1](TEXTS[1]), pipeline(TEXTS[1])
    assert [q.content for q in kept.quotations] == [q.content for q in whole.quotations if q.quoted]
    assert pipeline(TEXTS[2]).quotations == ()


def test_links_in_numpy_are_those_of_the_network(extractor, tokenizer):
    (tokens,) = tokenize([TEXTS[1]], tokenizer)
    model = extractor.model
    shape = (len(tokens), len(LINKS), 3, model.config.link_size)
    outputs = torch.randn(shape, generator=torch.Generator().manual_seed(0)) * 2
    state = {name: model.state_dict()[name].cpu().numpy() for name in LinkHead.NAMES}
    links = LinkHead(state).scorer(tokens.features, outputs.numpy())
    spans = [(0, 3), (5, 6), (len(tokens) - 9, len(tokens))]
    for kind in ("source", "cue"):
        for (first, end), link in zip(spans, links(kind, spans), strict=True):
            low, high = link.low, link.low + len(link.weights)
            features = {name: values[low:high] for name, values in tokens.features.items()}
            first, last = first - low, end - 1 - low
            with torch.inference_mode():
                scores = model.link_scores(
                    outputs[low:high],
                    torch.tensor([LINKS.index(kind)]),
                    torch.tensor([first]),
                    torch.tensor([last]),
                    torch.from_numpy(link_places(first, last, features)[:, None]),
                )[0]
                scores[first : last + 1] = -torch.inf
            expected = torch.softmax(scores, 0).numpy()
            assert np.allclose(link.weights, expected[:-1], atol=1e-4)
            assert link.none == pytest.approx(expected[-1], abs=1e-4)


def test_command_tells_engines_on_request(model_folders, capsys, tmp_path):
    (tmp_path / "a.txt").write_text(TEXTS[0], "utf-8")
    folders = ["--quotations", str(model_folders[0]), "--stance", str(model_folders[1])]
    command = ["analyze", str(tmp_path / "a.txt"), *folders, "--device", "cpu", "-v"]
    assert cli.main([*command, "--engine", "torch", "--marks-only"]) == 0
    assert "quotestance: quotations on torch-" in capsys.readouterr().err


@OPENVINO
def test_quantised_folder_runs_in_int8_and_agrees(model_folders, tmp_path, capsys, monkeypatch):
    pytest.importorskip("nncf", reason="needs nncf: pip install 'quotestance[quantise]'")
    from quotestance.engines import openvino_engine

    folder, sample = tmp_path / "stance", Path(quotestance.__file__).parent / "samples"
    before = StanceClassifier.from_pretrained(model_folders[1], "cpu", "openvino")
    before.save_pretrained(folder)
    lines = [f'{{"text": "we will talk {word}"}}' for word in sample.name]
    (tmp_path / "texts.jsonl").write_text("\n".join(lines), "utf-8")
    command = ["quantise", str(folder), "--calibration", str(tmp_path / "texts.jsonl")]
    assert cli.main(command) == 0
    assert "openvino_model.bin" in capsys.readouterr().out
    monkeypatch.setattr(openvino_engine, "fast_int8", lambda: True)
    after = StanceClassifier.from_pretrained(folder, "cpu", "openvino")
    assert after.engine.name == "openvino-int8 (CPU)"
    assert np.allclose(after.predict_proba(TEXTS), before.predict_proba(TEXTS), atol=0.05)
    after.save_pretrained(folder)
    assert not (folder / "openvino_model.xml").exists()


def test_quantising_what_has_no_graph_is_refused(encoder_folder, tmp_path):
    pytest.importorskip("nncf", reason="needs nncf: pip install 'quotestance[quantise]'")
    with pytest.raises(ModelError, match="cannot quantise"):
        quantisation.quantise(encoder_folder, tmp_path / "texts.jsonl")
