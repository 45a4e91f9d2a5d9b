"""What the training of quotations and of stances share: data, settings, checkpoints."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from transformers import Trainer, TrainingArguments
from transformers.trainer_utils import get_last_checkpoint

from quotestance.corpora.jsonl import read_records
from quotestance.document import Document, LayoutError, StanceItem
from quotestance.engines import fast_bfloat16, pick_device

TrainingData = str | Path | Sequence[str | Path | Document | StanceItem | Mapping[str, Any]]
"""A JSONL file, several, or their records, documents or stance items."""

_CHECKPOINTS = "checkpoints"


def records_of(data: TrainingData) -> list[Mapping[str, Any]]:
    """The records of training data; raises LayoutError where there are none or one is no record."""
    if isinstance(data, (str, Path)):
        data = [data]
    records: list[Mapping[str, Any]] = []
    for item in data:
        if isinstance(item, (str, Path)):
            records.extend(read_records(item))
        elif isinstance(item, (Document, StanceItem)):
            records.append(item.to_dict())
        elif isinstance(item, Mapping):
            records.append(item)
        else:
            raise LayoutError(f"training data holds a {type(item).__name__}, expected records")
    if not records:
        raise LayoutError("the training or evaluation data are empty")
    return records


def training_arguments(
    output_dir: str | Path,
    *,
    epochs: float,
    batch_size: int,
    learning_rate: float,
    seed: int,
    device: str,
    metric: str,
) -> TrainingArguments:
    """Settings for a Trainer that keeps the epoch with the best ``metric``.

    bfloat16 where the device is fast at it; a progress bar where standard error is a terminal.
    """
    chosen = torch.device(pick_device(device))
    return TrainingArguments(
        output_dir=str(Path(output_dir) / _CHECKPOINTS),
        num_train_epochs=epochs,
        per_device_train_batch_size=batch_size,
        per_device_eval_batch_size=4 * batch_size,
        learning_rate=learning_rate,
        lr_scheduler_type="linear",
        warmup_steps=0.06,
        max_grad_norm=1.0,
        eval_strategy="epoch",
        save_strategy="epoch",
        save_total_limit=2,
        load_best_model_at_end=True,
        metric_for_best_model=metric,
        greater_is_better=True,
        logging_strategy="epoch",
        bf16=fast_bfloat16(chosen),
        use_cpu=chosen.type == "cpu",
        remove_unused_columns=False,
        report_to=[],
        seed=seed,
        disable_tqdm=not sys.stderr.isatty(),
    )


def last_checkpoint(output_dir: str | Path) -> str | None:
    """The newest checkpoint in a folder, if there is one to go on from."""
    folder = Path(output_dir) / _CHECKPOINTS
    return get_last_checkpoint(str(folder)) if folder.is_dir() else None


class WholeTrainer(Trainer):
    """Trainer that evaluates with ``scores``: the model in use, on whole texts."""

    control: Any

    def scores(self) -> dict[str, float]:
        """Scores of ``self.model`` on ``self.eval_dataset`` by name."""
        raise NotImplementedError

    def evaluate(
        self, eval_dataset: Any = None, ignore_keys: Any = None, metric_key_prefix: str = "eval"
    ) -> dict[str, float]:
        metrics = {f"{metric_key_prefix}_{name}": value for name, value in self.scores().items()}
        self.model.train()
        self.log(metrics)
        self.control = self.callback_handler.on_evaluate(
            self.args, self.state, self.control, metrics
        )
        return metrics
