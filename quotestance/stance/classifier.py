"""The stance classifier in use."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from transformers import AutoModelForSequenceClassification

from quotestance.document import NO_STANCE, Stance
from quotestance.engines import TorchEngine, batches
from quotestance.hub import load_tokenizer, load_whole, locate, save_pretrained
from quotestance.stance.inputs import encode, longest

MULTI_LABEL, SINGLE_LABEL = "multi_label_classification", "single_label_classification"
"""What a config's ``problem_type`` says: are labels independent, or do they share a softmax?"""

_MOST_TOKENS = 8192


class StanceClassifier:
    """Labels quotations with what the speaker does with the words.

    The labels are the model's, ``classes_``. Where ``multi_label`` is true, each holds or not by
    itself: probabilities do not sum to 1, and a text may have none of the labels. Otherwise one
    label is the first, and others hold beside it where they reach their threshold.

    ``predict`` and ``predict_proba`` take the quotations and, as lists of the same length,
    what stands before (``contexts``) and behind them (``afters``).
    """

    def __init__(self, model: Any, tokenizer: Any, device: str = "auto") -> None:
        self.model = model
        self.tokenizer = tokenizer
        self.engine = TorchEngine(model, device)
        id2label = model.config.id2label
        self.classes_: tuple[str, ...] = tuple(id2label[index] for index in range(len(id2label)))
        self.multi_label = model.config.problem_type == MULTI_LABEL
        thresholds = getattr(model.config, "label_thresholds", None) or {}
        self.thresholds = {label: thresholds.get(label, 0.5) for label in self.classes_}

    @classmethod
    def from_pretrained(cls, name_or_path: str | Path, device: str = "auto") -> StanceClassifier:
        """A classifier by size ("small"), folder or hub name; raises ModelError."""
        source = locate(name_or_path, "stance")
        tokenizer = load_tokenizer(source)
        model = load_whole(AutoModelForSequenceClassification, source)
        return cls(model, tokenizer, device)

    def save_pretrained(self, folder: str | Path) -> None:
        """Writes model and tokenizer to a folder that transformers can load."""
        save_pretrained(self.model, self.tokenizer, folder)

    def predict(
        self,
        texts: Sequence[str] | str,
        contexts: Sequence[str] | None = None,
        afters: Sequence[str] | None = None,
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
        contexts: Sequence[str] | None = None,
        afters: Sequence[str] | None = None,
    ) -> NDArray[np.float32]:
        """Probabilities of shape (texts, classes), columns in the order of ``classes_``.

        A text too long for the model is read in pieces, whose probabilities are averaged.
        Raises ValueError where the lists differ in length.
        """
        texts = [texts] if isinstance(texts, str) else list(texts)
        contexts = [""] * len(texts) if contexts is None else list(contexts)
        afters = [""] * len(texts) if afters is None else list(afters)
        if not len(texts) == len(contexts) == len(afters):
            raise ValueError(
                f"{len(texts)} texts, {len(contexts)} contexts and {len(afters)} afters: "
                "the lists must be of one length"
            )
        most = longest(self.model.config, self.tokenizer)
        owners: list[int] = []
        pieces: list[dict[str, list[int]]] = []
        for owner, parts in enumerate(zip(texts, contexts, afters, strict=True)):
            for piece in encode(self.tokenizer, *parts, most=most):
                owners.append(owner)
                pieces.append(piece)
        sums = np.zeros((len(texts), len(self.classes_)), dtype=np.float32)
        for batch in batches([len(piece["input_ids"]) for piece in pieces], _MOST_TOKENS):
            rows = self._run([pieces[index] for index in batch])
            np.add.at(sums, [owners[index] for index in batch], rows)
        counts = np.bincount(owners, minlength=len(texts)).astype(np.float32)
        return np.asarray(sums / np.maximum(counts, 1)[:, None], dtype=np.float32)

    def _run(self, pieces: Sequence[dict[str, list[int]]]) -> NDArray[np.float32]:
        padded = self.tokenizer.pad(
            {key: [piece[key] for piece in pieces] for key in pieces[0]}, return_tensors="np"
        )
        scores = self.engine({name: np.asarray(value) for name, value in padded.items()})["logits"]
        if self.multi_label:
            return np.asarray(1 / (1 + np.exp(-scores.clip(-80, 80))), dtype=np.float32)
        powers = np.exp(scores - scores.max(axis=1, keepdims=True))
        return np.asarray(powers / powers.sum(axis=1, keepdims=True), dtype=np.float32)
