"""The int8 form of a model folder, for processors that multiply int8 in hardware.

Weights and activations are quantised after training (nncf: SmoothQuant, Xiao et al. 2023; bias
correction), with the ranges that the activations have on calibration texts. The weights beside it
stay as they are.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from quotestance.corpora.jsonl import read_records
from quotestance.document import LayoutError
from quotestance.engines import Arrays
from quotestance.hub import FolderTokenizer, Kind, ModelError, read_config
from quotestance.model_folders import MANIFEST, write_manifest
from quotestance.quotations.extractor import window_inputs
from quotestance.quotations.tokens import tokenize, windows
from quotestance.stance.inputs import encode_all, longest

_SAMPLES = {"stance": 100, "quotations": 40}  # whole windows hold more tokens
_FIELDS = ("context", "text", "after")


def quantise(folder: str | Path, calibration: str | Path) -> list[Path]:
    """Writes the int8 form of a model into its folder, and returns its files.

    ``folder`` has a quotation or a stance model on BERT or MPNet; ``calibration`` is JSONL
    with ``text``, and ``context`` and ``after`` as you have them: a few hundred texts like those
    that will be read. Raises ModelError, LayoutError, and ImportError with the extra to install.
    """
    try:
        import nncf
        import openvino
    except ImportError as error:
        raise ImportError(
            f"quantise needs nncf and OpenVINO ({error}): pip install 'quotestance[quantise]'"
        ) from error
    from quotestance.engines.graph import HEADS, build, why_no_graph
    from quotestance.engines.openvino_engine import INT8_FILE

    path = Path(folder)
    if not (path / "config.json").is_file():
        raise ModelError(f"{path} is no model folder: it has no config.json")
    kind: Kind = "quotations" if hasattr(read_config(path), "window") else "stance"
    if reason := why_no_graph(path, kind):
        raise ModelError(f"cannot quantise: {reason}")
    records = list(read_records(calibration))
    if not records:
        raise LayoutError(f"{calibration} holds no text to calibrate with")
    random.Random(0).shuffle(records)
    samples = _samples(path, kind, records)
    quantised = nncf.quantize(
        build(path),
        nncf.Dataset(samples),
        preset=nncf.QuantizationPreset.MIXED,
        model_type=nncf.ModelType.TRANSFORMER,
        subset_size=len(samples),
        # The heads cost little, and their rounding would go straight into the scores.
        ignored_scope=nncf.IgnoredScope(names=HEADS[kind], validate=False),
    )
    openvino.save_model(quantised, path / INT8_FILE)
    if (path / MANIFEST).is_file():
        write_manifest(path)
    return [path / INT8_FILE, (path / INT8_FILE).with_suffix(".bin")]


def _samples(folder: Path, kind: Kind, records: Sequence[Mapping[str, Any]]) -> list[Arrays]:
    """What the model reads of some of the records, one row at a time."""
    config, tokenizer = read_config(folder), FolderTokenizer(folder)
    columns = [[str(record.get(name) or "") for record in records] for name in _FIELDS]
    if kind == "quotations":
        # Passages in a row make windows as long as those of articles.
        passages = [" ".join(filter(None, parts)) for parts in zip(*columns, strict=True)]
        (tokens,) = tokenize(["\n\n".join(passages)], tokenizer)
        pieces = [(0, *ends) for ends in windows(len(tokens), config.window - 2, config.overlap)]
        return [window_inputs([tokens], [piece], tokenizer) for piece in pieces[: _SAMPLES[kind]]]
    contexts, texts, afters = (column[: _SAMPLES[kind]] for column in columns)
    encoded = encode_all(tokenizer, texts, contexts, afters, longest(config, tokenizer))
    return [{name: np.array([ids]) for name, ids in piece.items()} for (piece, *_) in encoded]
