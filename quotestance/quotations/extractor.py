"""The quotation model in use: texts in, extractions out."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from safetensors import safe_open

from quotestance.document import Extraction
from quotestance.engines import Engine, batches, choose
from quotestance.hub import (
    FolderTokenizer,
    load_tokenizer,
    load_whole,
    locate,
    read_config,
    save_pretrained,
)
from quotestance.quotations.decoding import decode
from quotestance.quotations.links import LinkHead
from quotestance.quotations.scores import Scores
from quotestance.quotations.tokens import FEATURES, Tokens, tokenize, windows

if TYPE_CHECKING:
    from quotestance.quotations.model import QuotationModel


class QuotationExtractor:
    """Finds the quotations of texts, their sources and cues, names and antecedents.

    ``model`` is a torch model, which then runs on ``device``, or a folder that OpenVINO runs.
    """

    def __init__(self, model: QuotationModel | Path, tokenizer: Any, device: str = "auto") -> None:
        self._model = model
        self.tokenizer = tokenizer
        self.engine: Engine
        if isinstance(model, Path):
            from quotestance.engines.openvino_engine import load

            self.engine = load(model)
            self.config: Any = read_config(model)
            with safe_open(model / "model.safetensors", framework="np") as weights:
                self.head = LinkHead({name: weights.get_tensor(name) for name in LinkHead.NAMES})
        else:
            from quotestance.engines.torch_engine import TorchEngine

            self.engine = TorchEngine(model, device)
            self.config = model.config
            state = model.state_dict()
            self.head = LinkHead({n: state[n].float().cpu().numpy() for n in LinkHead.NAMES})

    @classmethod
    def from_pretrained(
        cls, name_or_path: str | Path, device: str = "auto", engine: str = "auto"
    ) -> QuotationExtractor:
        """An extractor by size ("small"), folder or hub name.

        ``engine`` is "openvino", "torch", or "auto", the faster of those that this machine has.
        Raises ModelError, ValueError for an engine or a device that cannot be used, and
        ImportError for an engine that is not installed.
        """
        source = locate(name_or_path, "quotations")
        if choose(engine, device, source, "quotations") == "openvino":
            return cls(Path(source), FolderTokenizer(Path(source)))
        return cls(_load_torch(source), load_tokenizer(source), device)

    @functools.cached_property
    def model(self) -> QuotationModel:
        """The torch model; where OpenVINO runs, it is loaded when it is first asked for."""
        if isinstance(self._model, Path):
            return _load_torch(str(self._model))
        return self._model

    def save_pretrained(self, folder: str | Path) -> None:
        """Writes model and tokenizer to a folder."""
        tokenizer = self.tokenizer
        if isinstance(self._model, Path):
            tokenizer = load_tokenizer(str(self._model))
        save_pretrained(self.model, tokenizer, folder)

    def extract(self, texts: Sequence[str]) -> list[Extraction]:
        """An extraction for each text, read whole however long it is.

        Raises TypeError for a single text.
        """
        if isinstance(texts, str):
            raise TypeError("extract takes many texts: pass a list, extract([text])")
        tokenized = tokenize(texts, self.tokenizer)
        scores = self._scores(tokenized)
        threshold = self.config.content_threshold
        return [
            decode(text, tokens, score, threshold)
            for text, tokens, score in zip(texts, tokenized, scores, strict=True)
        ]

    def _scores(self, texts: Sequence[Tokens]) -> list[Scores]:
        """Runs all windows of all texts in batches and stitches them together by text."""
        pieces = [
            (number, start, end)
            for number, tokens in enumerate(texts)
            for start, end in windows(len(tokens), self.config.window - 2, self.config.overlap)
        ]
        stitched = [_Stitched(len(tokens)) for tokens in texts]
        chosen = [
            [pieces[index] for index in batch]
            for batch in batches([end - start + 2 for _, start, end in pieces])
        ]
        results = self.engine.run(window_inputs(texts, batch, self.tokenizer) for batch in chosen)
        for batch, outputs in zip(chosen, results, strict=True):
            for row, (number, start, end) in enumerate(batch):
                stitched[number].add(start, end, {k: v[row] for k, v in outputs.items()})
        return [self._read(tokens, parts) for tokens, parts in zip(texts, stitched, strict=True)]

    def _read(self, tokens: Tokens, parts: _Stitched) -> Scores:
        links = self.head.scorer(tokens.features, parts.links)
        return Scores(_softmax(parts.tags), _softmax(parts.names), links)


def window_inputs(
    texts: Sequence[Tokens], pieces: Sequence[tuple[int, int, int]], tokenizer: Any
) -> dict[str, NDArray[np.int64]]:
    """What the model reads of windows, padded; a piece is the number of a text and a range."""
    shape = (len(pieces), max(end - start for _, start, end in pieces) + 2)
    names = ("attention_mask", *FEATURES)
    inputs = {name: np.zeros(shape, dtype=np.int64) for name in names}
    inputs["input_ids"] = np.full(shape, tokenizer.pad_token_id, dtype=np.int64)
    for row, (number, start, end) in enumerate(pieces):
        size = end - start
        inputs["input_ids"][row, 0] = tokenizer.cls_token_id
        inputs["input_ids"][row, 1 : size + 1] = texts[number].ids[start:end]
        inputs["input_ids"][row, size + 1] = tokenizer.sep_token_id
        inputs["attention_mask"][row, : size + 2] = 1
        for name in FEATURES:
            inputs[name][row, 1 : size + 1] = texts[number].features[name][start:end]
    return inputs


class _Stitched:
    """The scores of one text; where windows overlap, each token is taken from the window in
    which it stands farthest from an edge."""

    def __init__(self, length: int) -> None:
        self.length = length
        self.margin = np.full(length, -1)
        self.tags = self.names = self.links = np.zeros((0, 1), dtype=np.float32)

    def add(self, start: int, end: int, outputs: dict[str, NDArray[np.float32]]) -> None:
        if not len(self.tags):
            for name, value in outputs.items():
                setattr(self, name, np.zeros((self.length, *value.shape[1:]), dtype=np.float32))
        size = end - start
        margin = np.minimum(np.arange(size), np.arange(size)[::-1])
        better = margin > self.margin[start:end]
        self.margin[start:end][better] = margin[better]
        for name, value in outputs.items():
            getattr(self, name)[start:end][better] = value[1 : size + 1][better]


def _softmax(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True, initial=-1e9))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True), dtype=np.float32)


def _load_torch(source: str) -> QuotationModel:
    from quotestance.quotations.model import QuotationModel

    model: QuotationModel = load_whole(QuotationModel, source)
    return model
