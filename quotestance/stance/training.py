"""Fine-tuning the stance classifier, and calibrating it.

A secondary label gets a share of the target, and so do annotation passes that disagree: the
softmax learns how sure the annotators were. Rare classes weigh more. After training one
temperature (Guo et al. 2017) is fitted on the evaluation data and folded into the last layer, so
that the saved folder gives calibrated probabilities to whoever loads it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.nn import functional
from transformers import (
    AutoConfig,
    AutoModelForSequenceClassification,
    EarlyStoppingCallback,
)

from quotestance.document import LABELS, NO_STANCE, LayoutError, Stance
from quotestance.evaluation import evaluate_stances
from quotestance.fine_tuning import (
    TrainingData,
    WholeTrainer,
    claim_folder,
    records_of,
    training_arguments,
)
from quotestance.hub import load_pretrained, load_tokenizer, locate, without_attention_dropout
from quotestance.stance.classifier import StanceClassifier
from quotestance.stance.inputs import encode

Record = Mapping[str, Any]

_PRIMARY = 0.75  # the share of the first of several labels
_WEIGHT_POWER = 0.25  # of a class's inverse frequency
_LONGEST = 256  # tokens of a training item


def classes_of(records: Sequence[Record]) -> tuple[str, ...]:
    """The labels of a data set: the project's order for its own, the alphabet for others."""
    found = {label for record in records for label in record["labels"] or [NO_STANCE]}
    if found <= {*LABELS, NO_STANCE}:
        return (*LABELS, NO_STANCE)
    return tuple(sorted(found))


def fine_tune_stance(
    base: str | Path,
    train: TrainingData,
    eval_data: TrainingData,
    output_dir: str | Path,
    *,
    epochs: float = 5,
    batch_size: int = 16,
    learning_rate: float = 1e-4,
    patience: int = 2,
    seed: int = 0,
    device: str = "auto",
) -> StanceClassifier:
    """Fine-tunes a classifier on ``{"text", "context"?, "after"?, "labels"}`` records.

    ``base`` is a size, a folder, an encoder's name or a hub name; the data are JSONL files,
    records or StanceItems. Keeps the epoch with the best macro-F1 on ``eval_data``, calibrates
    on it and saves to ``output_dir``. A run that was broken off goes on from its last
    checkpoint. Raises LayoutError and ModelError.
    """
    records, held_out = records_of(train), records_of(eval_data)
    classes = classes_of(records)
    _check_labels(held_out, classes)
    claim_folder(
        output_dir, base=str(base), train=records, eval=held_out, seed=seed,
        batch_size=batch_size, learning_rate=learning_rate,
    )  # fmt: skip
    torch.manual_seed(seed)
    source = locate(base, "stance")
    tokenizer = load_tokenizer(source)
    model = load_pretrained(
        AutoModelForSequenceClassification,
        source,
        config=_config(source, classes),
        dtype=torch.float32,
        ignore_mismatched_sizes=True,
    )
    targets = np.array([_target(record, classes) for record in records], dtype=np.float32)
    trainer = _StanceTrainer(
        model=model,
        args=training_arguments(
            output_dir,
            epochs=epochs,
            batch_size=batch_size,
            learning_rate=learning_rate,
            seed=seed,
            device=device,
            metric="eval_macro_f1",
        ),
        train_dataset=[
            {**_encoded(tokenizer, record), "labels": target}
            for record, target in zip(records, targets, strict=True)
        ],
        eval_dataset=held_out,
        data_collator=lambda batch: tokenizer.pad(
            {key: [item[key] for item in batch] for key in batch[0]}, return_tensors="pt"
        ),
        processing_class=tokenizer,
        callbacks=[EarlyStoppingCallback(early_stopping_patience=patience)],
    )
    trainer.class_weights = torch.tensor(_class_weights(targets))
    trainer.fit()
    classifier = StanceClassifier(trainer.model, tokenizer, device)
    calibrate(classifier, held_out)
    classifier.save_pretrained(output_dir)
    return classifier


def _config(source: str, classes: Sequence[str]) -> Any:
    config = load_pretrained(AutoConfig, source)
    config.num_labels = len(classes)
    config.id2label = dict(enumerate(classes))
    config.label2id = {label: index for index, label in enumerate(classes)}
    without_attention_dropout(config)
    return config


def _check_labels(records: Sequence[Record], classes: Sequence[str]) -> None:
    unseen = {label for record in records for label in record["labels"]} - set(classes)
    if unseen:
        raise LayoutError(
            f"labels {sorted(unseen)} of the evaluation data do not occur in the training data, "
            f"which has {list(classes)}"
        )


def _encoded(tokenizer: Any, record: Record) -> dict[str, list[int]]:
    context, after = record.get("context") or "", record.get("after") or ""
    return encode(tokenizer, record["text"], context, after, most=_LONGEST)[0]


def _class_weights(targets: NDArray[np.float32]) -> NDArray[np.float32]:
    frequency = targets.mean(axis=0)
    weights = (frequency.mean() / np.maximum(frequency, 1e-3)) ** _WEIGHT_POWER
    return np.asarray(weights, dtype=np.float32)


def _target(record: Record, classes: Sequence[str]) -> NDArray[np.float32]:
    """Shares of the classes: the settled labels, and the passes where they disagree."""
    readings = [record["labels"], *(record.get("passes") or [])]
    shares = np.zeros(len(classes), dtype=np.float32)
    for labels in readings:
        for rank, label in enumerate(labels or [NO_STANCE]):
            share = 1.0
            if len(labels) > 1:
                share = _PRIMARY if rank == 0 else (1 - _PRIMARY) / (len(labels) - 1)
            shares[classes.index(label)] += share
    return np.asarray(shares / len(readings), dtype=np.float32)


class _StanceTrainer(WholeTrainer):
    """Trainer with soft, weighted targets and an evaluation as in use."""

    class_weights: torch.Tensor

    def compute_loss(
        self, model: Any, inputs: dict[str, Any], return_outputs: bool = False, **_: Any
    ) -> Any:
        target = inputs.pop("labels")
        outputs = model(**inputs)
        weights = self.class_weights.to(target.device)
        losses = -(functional.log_softmax(outputs.logits.float(), -1) * target * weights).sum(-1)
        loss = losses.sum() / (target * weights).sum()
        return (loss, outputs) if return_outputs else loss

    def scores(self) -> dict[str, float]:
        classifier = StanceClassifier(self.model, self.processing_class, str(self.args.device))
        gold = [Stance.from_labels(record["labels"]) for record in self.eval_dataset]
        found = predict_records(classifier, self.eval_dataset)
        report = evaluate_stances(gold, found, resamples=0)
        return {name: score.value for name, score in report.scores.items()}


def predict_records(classifier: StanceClassifier, records: Sequence[Record]) -> list[Stance]:
    """Stances of records with the fields text, context and after."""
    return [classifier.stance(row) for row in _probabilities(classifier, records)]


def _probabilities(classifier: StanceClassifier, records: Sequence[Record]) -> NDArray[np.float32]:
    return classifier.predict_proba(
        [record["text"] for record in records],
        [record.get("context") or "" for record in records],
        [record.get("after") or "" for record in records],
    )


def calibrate(classifier: StanceClassifier, records: Sequence[Record]) -> float:
    """Folds the temperature that fits ``records`` best into the last layer, and returns it.

    Also chooses, for each label, the probability from which it holds beside the first one:
    the one with the best F1 on the same records.
    """
    probabilities = np.clip(_probabilities(classifier, records), 1e-9, 1)
    classes = list(classifier.classes_)
    gold = np.array([classes.index((r["labels"] or [NO_STANCE])[0]) for r in records])
    temperatures = np.geomspace(0.25, 4, 200)
    losses = [_loss(np.log(probabilities) / t, gold) for t in temperatures]
    best = float(temperatures[int(np.argmin(losses))])
    layer = _last_layer(classifier.model, len(classes))
    with torch.no_grad():
        layer.weight.div_(best)
        if layer.bias is not None:
            layer.bias.div_(best)
    thresholds = _thresholds(_probabilities(classifier, records), records, classes)
    classifier.model.config.label_thresholds = thresholds
    classifier._thresholds.update(thresholds)
    return best


def _loss(scores: NDArray[Any], gold: NDArray[Any]) -> float:
    normalizer = np.log(np.exp(scores).sum(axis=1))
    return float((normalizer - scores[np.arange(len(gold)), gold]).mean())


def _last_layer(model: nn.Module, size: int) -> nn.Linear:
    layers = [m for m in model.modules() if isinstance(m, nn.Linear) and m.out_features == size]
    if not layers:
        raise ValueError("this model has no linear layer to fold a temperature into")
    return layers[-1]


def _thresholds(
    probabilities: NDArray[Any], records: Sequence[Record], classes: Sequence[str]
) -> dict[str, float]:
    """For each label the threshold with the best F1, where another label is the first one."""
    thresholds = {}
    top = probabilities.argmax(axis=1)
    for index, label in enumerate(classes):
        if label == NO_STANCE:
            continue
        holds = np.array([label in record["labels"] for record in records])
        scores = []
        grid = np.arange(0.1, 0.5, 0.02)
        second = (top != index) & np.array([classes[t] != NO_STANCE for t in top])
        for threshold in grid:
            found = (top == index) | (second & (probabilities[:, index] >= threshold))
            scores.append(2 * (found & holds).sum() / max(1, found.sum() + holds.sum()))
        thresholds[label] = round(float(grid[int(np.argmax(scores))]), 2)
    return thresholds
