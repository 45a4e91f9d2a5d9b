"""Fine-tuning the stance classifier, on the project's labels or any others.

Labels share one softmax, or get a sigmoid each where they are independent; rare ones weigh more.
After training the model is calibrated on the evaluation data.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from torch import nn
from torch.nn import functional
from transformers import (
    AutoConfig,
    AutoModelForSequenceClassification,
    EarlyStoppingCallback,
)

from quotestance.document import Stance
from quotestance.evaluation import evaluate_stances
from quotestance.fine_tuning import WholeTrainer, claim_folder, training_arguments
from quotestance.hub import load_pretrained, load_tokenizer, locate, without_attention_dropout
from quotestance.stance.calibration import (
    best_thresholds,
    calibrate,
    last_layer,
    probabilities_of,
)
from quotestance.stance.card import Training, write_card
from quotestance.stance.checks import (
    DataWarning,
    check_apart,
    check_labels,
)
from quotestance.stance.classifier import MULTI_LABEL, SINGLE_LABEL, StanceClassifier
from quotestance.stance.data import Labelled, Record, read_labelled, read_unlabelled
from quotestance.stance.distillation import Lesson, teach
from quotestance.stance.holding_out import hold_out
from quotestance.stance.inputs import encode, longest
from quotestance.stance.settings import Settings
from quotestance.stance.targets import class_weights, targets_of

if TYPE_CHECKING:
    from quotestance.stance.data import LabelledTexts, Part

_LONGEST = 256  # tokens of a training item


def fine_tune_stance(
    base: str | Path,
    train: LabelledTexts,
    eval_data: LabelledTexts | None,
    output_dir: str | Path,
    *,
    column_mapping: Mapping[str, str] | None = None,
    multi_label: bool | None = None,
    teachers: Sequence[str | Path] = (),
    unlabelled: Iterable[Part] = (),
    frozen_layers: int = 0,
    epochs: float | None = None,
    batch_size: int | None = None,
    learning_rate: float | None = None,
    patience: int | None = None,
    seed: int = 0,
    device: str = "auto",
) -> StanceClassifier:
    """Fine-tunes a classifier on labelled texts: `quotestance.stance.data` says in what form.

    ``base`` is a size, a folder, an encoder's name or a hub name. The model's labels are those of
    ``train``, with ``teachers`` theirs; rows of ``base`` for labels that it knows are kept.
    ``multi_label`` makes labels independent of each other; without it they are where several labels
    stand together that are not the project's. ``column_mapping`` names columns that have other
    names: ``{"Zitat": "text"}``.

    ``teachers`` are trained classifiers (sizes, folders or hub names) with the same labels, whose
    mean probabilities are learned beside the labels, and alone for the texts of ``unlabelled``:
    JSONL files, records, stance items, or documents with all their quotations. The embeddings and
    the first ``frozen_layers`` of the encoder stay as they are, which saves time. The settings
    ``epochs``, ``batch_size``, ``learning_rate`` (the highest of the schedule) and ``patience``
    (epochs without gain before it stops) follow the number of items where they are left out, see
    `quotestance.stance.settings`; ``seed`` makes a run repeatable, ``device`` is "auto" or a torch
    device.

    Keeps the epoch with the best macro-F1 on ``eval_data``, calibrates on it and saves model and
    model card to ``output_dir``. Where ``eval_data`` is ``None``, a fifth of ``train`` serves for
    that and is not learned from, see `quotestance.stance.holding_out`. A run that was broken off
    goes on from its last checkpoint; a line tells of each epoch.

    Raises LayoutError for data that cannot be learned from or whose scores would mislead,
    ValueError for ``unlabelled`` without teachers or too many ``frozen_layers``, and ModelError;
    warns with a DataWarning of labels that occur once only, and of data without items that have
    no label.
    """
    learned = read_labelled(train, column_mapping, "train")
    given = len(learned)
    if eval_data is None:
        learned, held = hold_out(learned, seed)
    else:
        held = read_labelled(eval_data, column_mapping, "eval_data")
    labelled = learned
    lesson = _lesson(learned, held, multi_label, teachers, unlabelled, device)
    learned, classes, multi_label = lesson.items, lesson.classes, lesson.multi_label
    records, held_out = [item.record for item in learned], [item.record for item in held]
    for warning in check_labels(learned, held, classes, multi_label):
        warnings.warn(warning, DataWarning, stacklevel=2)
    check_apart(labelled, held, multi_label)
    settings = Settings.for_items(
        len(records), epochs=epochs, batch_size=batch_size,
        learning_rate=learning_rate, patience=patience,
    )  # fmt: skip
    arguments = training_arguments(
        output_dir,
        epochs=settings.epochs,
        batch_size=settings.batch_size,
        learning_rate=settings.learning_rate,
        seed=seed,
        device=device,
        metric="eval_macro_f1",
    )
    torch.manual_seed(seed)
    with arguments.main_process_first(desc="fetching the base model"):
        source = locate(base, "stance")
        tokenizer = load_tokenizer(source)
        model = _model(source, classes, multi_label)
        _freeze(model, frozen_layers)
    targets = lesson.mixed(targets_of(records, classes, multi_label))
    most = min(_LONGEST, longest(model.config, tokenizer))
    trainer = _StanceTrainer(
        model=model,
        args=arguments,
        train_dataset=[
            {**_encoded(tokenizer, record, most), "labels": target}
            for record, target in zip(records, targets, strict=True)
        ],
        eval_dataset=held_out,
        data_collator=lambda batch: tokenizer.pad(
            {key: [item[key] for item in batch] for key in batch[0]}, return_tensors="pt"
        ),
        processing_class=tokenizer,
        callbacks=[EarlyStoppingCallback(early_stopping_patience=settings.patience)],
    )
    trainer.class_weights = torch.tensor(class_weights(targets, multi_label))
    # Last: what is refused above leaves no folder behind.
    claim_folder(
        output_dir, base=str(base), train=records, eval=held_out, seed=seed,
        multi_label=multi_label, teachers=list(map(str, teachers)), frozen_layers=frozen_layers,
        batch_size=settings.batch_size, learning_rate=settings.learning_rate,
    )  # fmt: skip
    if eval_data is None:
        trainer.say(
            f"no evaluation data: {len(held)} of {given} items are held out, whole documents and "
            "texts, labels in like shares"
        )
    trainer.fit()
    classifier = StanceClassifier(trainer.model, tokenizer, device)
    calibrate(classifier, held_out)
    if trainer.save(classifier, output_dir):
        told = {
            **asdict(settings), "seed": seed, "frozen_layers": frozen_layers,
            "teachers": ", ".join(map(str, teachers)) or "none",
            "texts that only teachers label": len(learned) - len(labelled),
        }  # fmt: skip
        train_records = [item.record for item in labelled]
        run = Training(str(base), train_records, held_out, told, eval_data is None)
        write_card(output_dir, run, classifier, predict_records(classifier, held_out))
    trainer.remove_checkpoints()
    return classifier


def _lesson(
    learned: list[Labelled],
    held: list[Labelled],
    multi_label: bool | None,
    teachers: Sequence[str | Path],
    unlabelled: Iterable[Part],
    device: str,
) -> Lesson:
    if teachers:
        bare = _others(read_unlabelled(unlabelled), [*learned, *held]) if unlabelled else []
        lesson = teach(teachers, [*learned, *bare], device)
        if multi_label not in (None, lesson.multi_label):
            raise ValueError(
                f"multi_label={multi_label} is not how the teachers label: leave it out"
            )
        return lesson
    if unlabelled:
        raise ValueError("texts without labels need teachers to label them: name some")
    return Lesson.without_teachers(learned, multi_label)


def _others(items: Sequence[Labelled], labelled: Sequence[Labelled]) -> list[Labelled]:
    """The items whose texts are not among the labelled ones."""
    known = {" ".join(item.record["text"].split()) for item in labelled}
    return [item for item in items if " ".join(item.record["text"].split()) not in known]


def _model(source: str, classes: Sequence[str], multi_label: bool) -> Any:
    """The model in ``source`` with one output for each class."""
    config = load_pretrained(AutoConfig, source)
    known = list(config.id2label.values())
    config.num_labels = len(classes)
    config.id2label = dict(enumerate(classes))
    config.label2id = {label: index for index, label in enumerate(classes)}
    config.problem_type = MULTI_LABEL if multi_label else SINGLE_LABEL
    config.label_thresholds = {}
    without_attention_dropout(config)
    load = AutoModelForSequenceClassification
    model = load_pretrained(
        load, source, config=config, dtype=torch.float32, ignore_mismatched_sizes=True
    )
    if known != list(classes):
        layer = last_layer(model, len(classes))
        nn.init.normal_(layer.weight, std=0.02)
        if layer.bias is not None:
            nn.init.zeros_(layer.bias)
        if shared := set(known) & set(classes):
            before = load_pretrained(load, source, dtype=torch.float32)
            _copy_rows(last_layer(before, len(known)), layer, known, classes, shared)
    return model


def _freeze(model: Any, layers: int) -> None:
    """Keeps the embeddings and the first layers of the encoder as they are."""
    if not layers:
        return
    encoder = model.base_model
    count = encoder.config.num_hidden_layers
    if not 0 < layers <= count:
        raise ValueError(f"frozen_layers must be 0 to {count} for this model, not {layers}")
    stacks = [m for m in encoder.modules() if isinstance(m, nn.ModuleList) and len(m) == count]
    if not stacks:
        raise ValueError("this model has no list of layers to freeze")
    stack = stacks[0]
    for name, part in encoder.named_modules():
        # All that stands before the layers too, or gradients go down to it: embeddings, and the
        # table of relative positions of some encoders.
        if name == "embeddings" or "relative_attention_bias" in name or part in stack[:layers]:
            part.requires_grad_(False)


def _copy_rows(
    old: nn.Linear, new: nn.Linear, known: Sequence[str], classes: Sequence[str], shared: set[str]
) -> None:
    with torch.no_grad():
        for label in sorted(shared):
            new.weight[classes.index(label)] = old.weight[known.index(label)]
            if new.bias is not None:
                new.bias[classes.index(label)] = old.bias[known.index(label)]


def _encoded(tokenizer: Any, record: Record, most: int) -> dict[str, list[int]]:
    context, after = record.get("context") or "", record.get("after") or ""
    return encode(tokenizer, record["text"], context, after, most=most)[0]


class _StanceTrainer(WholeTrainer):
    """Trainer with soft, weighted targets and an evaluation as in use."""

    class_weights: torch.Tensor

    def compute_loss(
        self, model: Any, inputs: dict[str, Any], return_outputs: bool = False, **_: Any
    ) -> Any:
        target = inputs.pop("labels")
        outputs = model(**inputs)
        scores, weights = outputs.logits.float(), self.class_weights.to(target.device)
        if self.model.config.problem_type == MULTI_LABEL:
            loss = functional.binary_cross_entropy_with_logits(scores, target, pos_weight=weights)
        else:
            losses = -(functional.log_softmax(scores, -1) * target * weights).sum(-1)
            loss = losses.sum() / (target * weights).sum()
        return (loss, outputs) if return_outputs else loss

    def scores(self) -> dict[str, float]:
        classifier = StanceClassifier(self.model, self.processing_class, str(self.args.device))
        gold = [Stance.from_labels(record["labels"]) for record in self.eval_dataset]
        rows = probabilities_of(classifier, self.eval_dataset)
        if classifier.multi_label:
            # Until it is trained, a model gives rare labels less than any fixed threshold.
            classifier.thresholds = best_thresholds(classifier, rows, self.eval_dataset)
        found = [classifier.stance(row) for row in rows]
        report = evaluate_stances(gold, found, multi_label=classifier.multi_label, resamples=0)
        return {name: score.value for name, score in report.scores.items()}


def predict_records(classifier: StanceClassifier, records: Sequence[Record]) -> list[Stance]:
    """Stances of records with the fields text, context and after."""
    return [classifier.stance(row) for row in probabilities_of(classifier, records)]
