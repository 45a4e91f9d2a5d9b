"""Training the quotation model on any corpus in the JSONL layout."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from torch.nn import functional
from transformers import AutoConfig, EarlyStoppingCallback

from quotestance.document import Document, LayoutError
from quotestance.evaluation import evaluate_documents
from quotestance.fine_tuning import (
    TrainingData,
    WholeTrainer,
    claim_folder,
    records_of,
    training_arguments,
)
from quotestance.hub import load_pretrained, load_tokenizer, locate
from quotestance.quotations.dataset import IGNORED, WindowDataset, collate
from quotestance.quotations.distillation import Teachers
from quotestance.quotations.extractor import QuotationExtractor
from quotestance.quotations.model import FORWARD, LINK_QUERY, QuotationConfig, QuotationModel

_HEAD_RATE = 5  # the new heads learn this many times faster than the encoder
_NAME_WEIGHT = 0.3
_LINK_WEIGHTS = (1.0, 0.5, 0.3)  # to source, to cue, to antecedent
_TEACHING = 0.5  # share of the teachers' soft targets in the loss, beside the annotation's


def fine_tune_quotations(
    base: str | Path,
    train: TrainingData,
    eval_data: TrainingData,
    output_dir: str | Path,
    *,
    layers: int | None = None,
    teachers: Sequence[str | Path] = (),
    epochs: float = 8,
    batch_size: int = 8,
    learning_rate: float = 2e-4,
    patience: int = 3,
    seed: int = 0,
    device: str = "auto",
) -> QuotationExtractor:
    """Fine-tunes a quotation model on records of the JSONL layout.

    ``base`` is a size or a folder of a quotation model to go on from, or an encoder (its name,
    folder or hub name) to build a new one on, of which ``layers`` keeps the first ones only.
    Keeps the epoch with the best mean of ``quoted_f1`` and the exact F1 of source, cue and
    content on ``eval_data``, stops after ``epochs``, or ``patience`` epochs without gain, and
    saves to ``output_dir``. ``batch_size`` counts windows of text, ``learning_rate`` is the
    highest of the schedule; ``seed`` makes a run repeatable, ``device`` is "auto" or a torch
    device. A run that was broken off goes on from its last checkpoint. Raises LayoutError and
    ModelError.

    ``teachers`` are trained quotation models (sizes, folders or hub names) whose mean is learned
    beside the annotation; with them, records of ``train`` may be texts without quotations.
    """
    records, held_out = records_of(train, "train"), records_of(eval_data, "eval_data")
    if not any(record.get("quotations") for record in held_out):
        raise LayoutError("the evaluation data hold no quotation to score: annotate some")
    torch.manual_seed(seed)
    source = locate(base, "quotations")
    tokenizer = load_tokenizer(source)
    model = _model(source, layers)
    taught = Teachers(teachers, tokenizer, device) if teachers else None
    claim_folder(
        output_dir, base=str(base), train=records, eval=held_out, seed=seed,
        layers=layers, teachers=list(map(str, teachers)),
        batch_size=batch_size, learning_rate=learning_rate,
    )  # fmt: skip
    if taught:
        records = taught.label(records)
    trainer = _QuotationTrainer(
        teachers=taught,
        model=model,
        args=training_arguments(
            output_dir,
            epochs=epochs,
            batch_size=batch_size,
            learning_rate=learning_rate,
            seed=seed,
            device=device,
            metric="eval_score",
        ),
        train_dataset=WindowDataset(records, tokenizer, model.config.window, seed=seed),
        eval_dataset=[Document.from_dict(record) for record in held_out],
        data_collator=functools.partial(collate, tokenizer=tokenizer),
        processing_class=tokenizer,
        callbacks=[EarlyStoppingCallback(early_stopping_patience=patience)],
    )
    trainer.fit()
    extractor = QuotationExtractor(trainer.model, tokenizer, device)
    trainer.save(extractor, output_dir)
    trainer.remove_checkpoints()
    return extractor


def _model(source: str, layers: int | None) -> QuotationModel:
    """The quotation model in a folder, or a new one on the encoder in it."""
    config = load_pretrained(AutoConfig, source)
    if isinstance(config, QuotationConfig):
        if layers is not None:
            raise ValueError(f"layers is for new models, and {source} is a quotation model already")
        model: QuotationModel = load_pretrained(QuotationModel, source, dtype=torch.float32)
        return model
    return QuotationModel.from_encoder(source, layers)


class _QuotationTrainer(WholeTrainer):
    """Trainer with the model's joint loss and an evaluation on whole documents."""

    optimizer: Any

    def __init__(self, *, teachers: Teachers | None, **options: Any) -> None:
        super().__init__(**options)
        self.teachers = teachers

    def create_optimizer(self, model: Any = None) -> torch.optim.Optimizer:
        if self.optimizer is None:
            encoder: list[torch.nn.Parameter] = []
            heads: list[torch.nn.Parameter] = []
            for name, parameter in self.model.named_parameters():
                (encoder if name.startswith("encoder.") else heads).append(parameter)
            rate = self.args.learning_rate
            groups = [{"params": encoder, "lr": rate}, {"params": heads, "lr": _HEAD_RATE * rate}]
            self.optimizer = torch.optim.AdamW(groups, weight_decay=0.01, fused=True)
        optimizer: torch.optim.Optimizer = self.optimizer
        return optimizer

    def compute_loss(
        self, model: Any, inputs: dict[str, Any], return_outputs: bool = False, **_: Any
    ) -> Any:
        outputs = model(**{name: inputs[name] for name in FORWARD})
        loss = _tag_loss(outputs["tags"], inputs["tags"])
        loss = loss + _NAME_WEIGHT * _tag_loss(outputs["names"], inputs["names"])
        loss = loss + _link_loss(model, outputs["links"], inputs)
        if self.teachers:
            soft = self.teachers.loss(self.model, outputs, inputs)
            loss = (1 - _TEACHING) * loss + _TEACHING * soft
        return (loss, outputs) if return_outputs else loss

    def scores(self) -> dict[str, float]:
        extractor = QuotationExtractor(self.model, self.processing_class, str(self.args.device))
        gold = self.eval_dataset
        found = extractor.extract([document.text for document in gold])
        predicted = [
            Document(document.text, extraction.quotations, document.id)
            for document, extraction in zip(gold, found, strict=True)
        ]
        report = evaluate_documents(gold, predicted, resamples=0)
        values = {name: score.value for name, score in report.scores.items()}
        counted = [v for k, v in values.items() if k == "quoted_f1" or k.startswith("exact_")]
        return {**values, "score": sum(counted) / len(counted)}


def _tag_loss(scores: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    if not (labels != IGNORED).any():
        return scores.sum() * 0
    return functional.cross_entropy(
        scores.float().flatten(0, 1), labels.flatten(), ignore_index=IGNORED
    )


def _link_loss(model: Any, links: torch.Tensor, inputs: dict[str, torch.Tensor]) -> torch.Tensor:
    kinds = inputs["link_kinds"]
    if not len(kinds):
        return links.sum() * 0
    scores = model.link_scores(links, *(inputs[name] for name in LINK_QUERY))
    scores = scores.masked_fill(~inputs["link_allowed"], -1e4)
    hits = scores.masked_fill(~inputs["link_targets"], -1e4)
    losses = torch.logsumexp(scores, 1) - torch.logsumexp(hits, 1)
    total = links.sum() * 0
    for kind, weight in enumerate(_LINK_WEIGHTS):
        if (kinds == kind).any():
            total = total + weight * losses[kinds == kind].mean()
    return total
