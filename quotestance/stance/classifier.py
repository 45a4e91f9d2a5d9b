"""The stance classifier in use."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from quotestance.document import NO_STANCE, Stance
from quotestance.engines import Arrays, Engine, batches, choose
from quotestance.hub import (
    FolderTokenizer,
    load_tokenizer,
    load_whole,
    locate,
    read_config,
    save_pretrained,
)
from quotestance.stance.inputs import Encoded, encode_all, longest
from quotestance.stance.prediction import listed

MULTI_LABEL, SINGLE_LABEL = "multi_label_classification", "single_label_classification"
"""What a config's ``problem_type`` says: are labels independent, or do they share a softmax?"""


class StanceClassifier:
    """Labels quotations with what the speaker does with the words.

    The labels are the model's, ``classes_``. Where ``multi_label`` is true, each holds or not by
    itself: probabilities do not sum to 1, and a text may have none of the labels. Otherwise one
    label is the first, and others hold beside it where they reach their threshold.

    ``predict`` and ``predict_proba`` take the quotations and, as lists of the same length,
    what stands before (``contexts``) and behind them (``afters``). A string is a list of one.

    ``model`` is a torch model, which then runs on ``device``, or a folder that OpenVINO runs.
    """

    def __init__(self, model: Any, tokenizer: Any, device: str = "auto") -> None:
        self._model = model
        self.tokenizer = tokenizer
        self.engine: Engine
        if isinstance(model, Path):
            from quotestance.engines.openvino_engine import load

            self.engine = load(model)
            self.config: Any = read_config(model)
        else:
            from quotestance.engines.torch_engine import TorchEngine

            self.engine = TorchEngine(model, device)
            self.config = model.config
        labels = {int(index): label for index, label in self.config.id2label.items()}
        self.classes_: tuple[str, ...] = tuple(labels[index] for index in range(len(labels)))
        self.multi_label = getattr(self.config, "problem_type", None) == MULTI_LABEL
        thresholds = getattr(self.config, "label_thresholds", None) or {}
        self.thresholds = {label: thresholds.get(label, 0.5) for label in self.classes_}

    @classmethod
    def from_pretrained(
        cls, name_or_path: str | Path, device: str = "auto", engine: str = "auto"
    ) -> StanceClassifier:
        """A classifier by size ("small"), folder or hub name.

        ``engine`` is "openvino", "torch", or "auto", the faster of those that this machine has.
        Raises ModelError, ValueError for an engine or a device that cannot be used, and
        ImportError for an engine that is not installed.
        """
        source = locate(name_or_path, "stance")
        if choose(engine, device, source, "stance") == "openvino":
            return cls(Path(source), FolderTokenizer(Path(source)))
        return cls(_load_torch(source), load_tokenizer(source), device)

    @functools.cached_property
    def model(self) -> Any:
        """The torch model; where OpenVINO runs, it is loaded when it is first asked for."""
        return _load_torch(str(self._model)) if isinstance(self._model, Path) else self._model

    def save_pretrained(self, folder: str | Path) -> None:
        """Writes model and tokenizer to a folder that transformers can load."""
        tokenizer = self.tokenizer
        if isinstance(self._model, Path):
            tokenizer = load_tokenizer(str(self._model))
        save_pretrained(self.model, tokenizer, folder)

    def predict(
        self,
        texts: Sequence[str] | str,
        contexts: Sequence[str] | str | None = None,
        afters: Sequence[str] | str | None = None,
        *,
        abstain_below: float | None = None,
    ) -> list[Stance]:
        """A stance for each text; one text alone gives a list of one.

        With ``abstain_below`` (0 to 1) each says in ``certain`` whether its confidence
        reaches that; labels and probabilities are the same as without.
        """
        rows = self.predict_proba(texts, contexts, afters)
        return [self.stance(row).abstaining(abstain_below) for row in rows]

    def stance(self, probabilities: NDArray[np.float32]) -> Stance:
        """The stance that one row of probabilities stands for."""
        order = np.argsort(-probabilities, kind="stable")
        labels = [
            self.classes_[index]
            for rank, index in enumerate(order)
            if self.classes_[index] != NO_STANCE
            and (
                (rank == 0 and not self.multi_label)
                or probabilities[index] >= self.thresholds[self.classes_[index]]
            )
        ]
        if self.multi_label:
            label = labels[0] if labels else NO_STANCE
        else:
            label = self.classes_[order[0]]
            labels = labels if label != NO_STANCE else []
        values = {c: round(float(p), 6) for c, p in zip(self.classes_, probabilities, strict=True)}
        return Stance(label, tuple(labels), values)

    def predict_proba(
        self,
        texts: Sequence[str] | str,
        contexts: Sequence[str] | str | None = None,
        afters: Sequence[str] | str | None = None,
    ) -> NDArray[np.float32]:
        """Probabilities of shape (texts, classes), columns in the order of ``classes_``.

        A text too long for the model is read in pieces, whose probabilities are averaged.
        Raises ValueError where the lists differ in length.
        """
        texts = listed(texts)
        contexts = [""] * len(texts) if contexts is None else listed(contexts)
        afters = [""] * len(texts) if afters is None else listed(afters)
        if not len(texts) == len(contexts) == len(afters):
            raise ValueError(
                f"{len(texts)} texts, {len(contexts)} contexts and {len(afters)} afters: "
                "the lists must be of one length"
            )
        most = longest(self.config, self.tokenizer)
        owners: list[int] = []
        pieces: list[Encoded] = []
        for owner, parts in enumerate(encode_all(self.tokenizer, texts, contexts, afters, most)):
            owners.extend([owner] * len(parts))
            pieces.extend(parts)
        sums = np.zeros((len(texts), len(self.classes_)), dtype=np.float32)
        chosen = list(batches([len(piece["input_ids"]) for piece in pieces]))
        results = self.engine.run(self._padded([pieces[i] for i in batch]) for batch in chosen)
        for batch, outputs in zip(chosen, results, strict=True):
            rows = self._probabilities(outputs["logits"])
            np.add.at(sums, [owners[index] for index in batch], rows)
        counts = np.bincount(owners, minlength=len(texts)).astype(np.float32)
        return np.asarray(sums / np.maximum(counts, 1)[:, None], dtype=np.float32)

    def _padded(self, pieces: Sequence[Encoded]) -> Arrays:
        shape = (len(pieces), max(len(piece["input_ids"]) for piece in pieces))
        arrays = {name: np.zeros(shape, dtype=np.int64) for name in pieces[0]}
        arrays["input_ids"][:] = self.tokenizer.pad_token_id
        for row, piece in enumerate(pieces):
            for name, values in piece.items():
                arrays[name][row, : len(values)] = values
        return arrays

    def _probabilities(self, scores: NDArray[np.float32]) -> NDArray[np.float32]:
        if self.multi_label:
            return np.asarray(1 / (1 + np.exp(-scores.clip(-80, 80))), dtype=np.float32)
        powers = np.exp(scores - scores.max(axis=1, keepdims=True))
        return np.asarray(powers / powers.sum(axis=1, keepdims=True), dtype=np.float32)


def _load_torch(source: str) -> Any:
    from transformers import AutoModelForSequenceClassification

    return load_whole(AutoModelForSequenceClassification, source)
