"""The quotation model in use: texts in, extractions out."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from quotestance.document import Extraction
from quotestance.engines import TorchEngine, batches
from quotestance.hub import load_tokenizer, load_whole, locate, save_pretrained
from quotestance.quotations.decoding import decode
from quotestance.quotations.model import LINKS, QuotationModel, link_places
from quotestance.quotations.scores import Link, Range, Scores
from quotestance.quotations.tokens import FEATURES, Tokens, tokenize, windows

_MOST_TOKENS = 8192  # padded tokens of a batch: enough to fill two cores, little memory
_LINK_RANGE = 256  # tokens before and behind a span in which its source may stand


class QuotationExtractor:
    """Finds the quotations of texts, their sources and cues, names and antecedents."""

    def __init__(self, model: QuotationModel, tokenizer: Any, device: str = "auto") -> None:
        self.model = model
        self.tokenizer = tokenizer
        self.engine = TorchEngine(model, device)

    @classmethod
    def from_pretrained(cls, name_or_path: str | Path, device: str = "auto") -> QuotationExtractor:
        """An extractor by size ("small"), folder or hub name; raises ModelError."""
        source = locate(name_or_path, "quotations")
        tokenizer = load_tokenizer(source)
        model = load_whole(QuotationModel, source)
        return cls(model, tokenizer, device)

    def save_pretrained(self, folder: str | Path) -> None:
        """Writes model and tokenizer to a folder."""
        save_pretrained(self.model, self.tokenizer, folder)

    def extract(self, texts: Sequence[str]) -> list[Extraction]:
        """An extraction for each text, read whole however long it is."""
        tokenized = [tokenize(text, self.tokenizer) for text in texts]
        scores = self._scores(tokenized)
        threshold = self.model.config.content_threshold
        return [
            decode(text, tokens, score, threshold)
            for text, tokens, score in zip(texts, tokenized, scores, strict=True)
        ]

    def _scores(self, texts: Sequence[Tokens]) -> list[Scores]:
        """Runs all windows of all texts in batches and stitches them together by text."""
        config = self.model.config
        pieces = [
            (number, start, end)
            for number, tokens in enumerate(texts)
            for start, end in windows(len(tokens), config.window - 2, config.overlap)
        ]
        stitched = [_Stitched(len(tokens)) for tokens in texts]
        for batch in batches([end - start + 2 for _, start, end in pieces], _MOST_TOKENS):
            chosen = [pieces[index] for index in batch]
            outputs = self.engine(self._inputs(texts, chosen))
            for row, (number, start, end) in enumerate(chosen):
                stitched[number].add(start, end, {k: v[row] for k, v in outputs.items()})
        return [self._read(tokens, parts) for tokens, parts in zip(texts, stitched, strict=True)]

    def _inputs(
        self, texts: Sequence[Tokens], pieces: Sequence[tuple[int, int, int]]
    ) -> dict[str, NDArray[np.int64]]:
        shape = (len(pieces), max(end - start for _, start, end in pieces) + 2)
        names = ("attention_mask", *FEATURES)
        inputs = {name: np.zeros(shape, dtype=np.int64) for name in names}
        inputs["input_ids"] = np.full(shape, self.tokenizer.pad_token_id, dtype=np.int64)
        for row, (number, start, end) in enumerate(pieces):
            size = end - start
            inputs["input_ids"][row, 0] = self.tokenizer.cls_token_id
            inputs["input_ids"][row, 1 : size + 1] = texts[number].ids[start:end]
            inputs["input_ids"][row, size + 1] = self.tokenizer.sep_token_id
            inputs["attention_mask"][row, : size + 2] = 1
            for name in FEATURES:
                inputs[name][row, 1 : size + 1] = texts[number].features[name][start:end]
        return inputs

    def _read(self, tokens: Tokens, parts: _Stitched) -> Scores:
        @functools.cache
        def link(kind: str, span: Range) -> Link:
            return self._link(LINKS.index(kind), span, tokens, parts.links)

        return Scores(_softmax(parts.tags), _softmax(parts.names), link)

    def _link(self, kind: int, span: Range, tokens: Tokens, links: NDArray[np.float32]) -> Link:
        low, high = max(0, span[0] - _LINK_RANGE), min(len(tokens), span[1] + _LINK_RANGE)
        if LINKS[kind] == "antecedent":
            high = span[1]  # what a mention refers to stands before it
        features = {name: values[low:high] for name, values in tokens.features.items()}
        first, last = span[0] - low, span[1] - 1 - low
        device = self.engine.device
        with torch.inference_mode():
            scores = self.model.link_scores(
                torch.from_numpy(links[low:high]).to(device),
                torch.tensor([kind], device=device),
                torch.tensor([first], device=device),
                torch.tensor([last], device=device),
                torch.from_numpy(link_places(first, last, features)[:, None]).to(device),
            )[0]
            scores[first : last + 1] = -torch.inf  # no span links to itself
            weights = torch.softmax(scores, 0).cpu().numpy()
        return Link(low, weights[:-1], float(weights[-1]))


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
