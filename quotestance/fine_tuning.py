"""What the training of quotations and of stances share: data, settings, checkpoints."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import torch
from accelerate.utils import broadcast_object_list
from safetensors.torch import load_file
from tqdm import tqdm
from transformers import (
    PrinterCallback,
    ProgressCallback,
    Trainer,
    TrainerCallback,
    TrainingArguments,
)
from transformers.trainer_utils import get_last_checkpoint

from quotestance.corpora.jsonl import read_records
from quotestance.document import Document, LayoutError, StanceItem
from quotestance.engines.torch_engine import fast_bfloat16, pick_device

TrainingData = str | Path | Sequence[str | Path | Document | StanceItem | Mapping[str, Any]]
"""A JSONL file, several, or their records, documents or stance items."""

_CHECKPOINTS = "checkpoints"
_KEPT = 3  # checkpoints kept, and averaged at the end


def records_of(data: TrainingData, name: str) -> list[Mapping[str, Any]]:
    """The records of data; raises LayoutError, with their ``name``, where there are none."""
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
            raise LayoutError(
                f"{name}: expected records, documents or files, not {type(item).__name__}"
            )
    if not records:
        raise LayoutError(f"{name}: no records in it")
    return records


def claim_folder(output_dir: str | Path, **run: Any) -> None:
    """Refuses a folder with the checkpoints of another run: going on from them would be wrong.

    ``run`` is what makes a run: its base, data and settings. Raises LayoutError.
    """
    folder = Path(output_dir) / _CHECKPOINTS
    folder.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256(json.dumps(run, sort_keys=True, default=str).encode()).hexdigest()
    file = folder / "run.sha256"
    if not file.is_file():
        # Several processes of one run may come here at once: none must see half a file.
        own = folder / f".run.{os.getpid()}"
        own.write_text(digest, "utf-8")
        own.replace(file)
    if file.read_text("utf-8") != digest:
        raise LayoutError(
            f"{folder} holds checkpoints of a run with another base, other data or settings: "
            "name another output folder, or delete that one"
        )


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
    Raises ValueError for no epochs and for a device that is not there.
    """
    if epochs <= 0:
        raise ValueError(f"epochs must be above 0, not {epochs}")
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
        save_total_limit=_KEPT,
        load_best_model_at_end=True,
        metric_for_best_model=metric,
        greater_is_better=True,
        logging_strategy="epoch",
        train_sampling_strategy="group_by_length",
        bf16=fast_bfloat16(chosen),
        use_cpu=chosen.type == "cpu",
        remove_unused_columns=False,
        report_to=[],
        seed=seed,
        disable_tqdm=not sys.stderr.isatty(),
    )


def _mean(states: Sequence[Mapping[str, torch.Tensor]]) -> dict[str, torch.Tensor]:
    return {name: torch.stack([s[name] for s in states]).mean(dim=0) for name in states[0]}


class Saveable(Protocol):
    """A model in use that can be written to a folder."""

    def save_pretrained(self, folder: str | Path) -> None: ...


class _Lines(TrainerCallback):
    """A line for each evaluation: epoch, loss, the score that chooses the epoch, seconds."""

    start = 0.0

    def on_train_begin(self, *_: Any, **__: Any) -> None:
        self.start = time.perf_counter()

    def on_evaluate(
        self, args: Any, state: Any, control: Any, metrics: Mapping[str, float], **_: Any
    ) -> None:
        if not state.is_world_process_zero:
            return
        start, self.start = self.start, time.perf_counter()
        losses = [entry["loss"] for entry in state.log_history if "loss" in entry]
        name = args.metric_for_best_model
        shown = name.removeprefix("eval_").replace("_f1", "-F1")
        tqdm.write(
            f"epoch {state.epoch:g} of {state.num_train_epochs:g}: loss {losses[-1]:.3f}, "
            f"{shown} {metrics[name]:.3f}, {self.start - start:.0f} s"
        )


class _Bar(ProgressCallback):
    """The steps done, without the figures."""

    def on_log(self, *_: Any, **__: Any) -> None:
        pass


def _remove_unfinished(folder: Path) -> None:
    """Removes a checkpoint that a kill left half-written: its state, written last, is missing."""
    for checkpoint in folder.glob("checkpoint-*"):
        if not (checkpoint / "trainer_state.json").is_file():
            shutil.rmtree(checkpoint)


class WholeTrainer(Trainer):
    """Trainer that evaluates with ``scores``: the model in use, on whole texts.

    It may be one of several processes (`accelerate launch`): each evaluates on all data and
    takes the scores of the first, as scores that differ in a digit would part their ways.
    """

    control: Any

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        for printing in (PrinterCallback, ProgressCallback):
            self.remove_callback(printing)
        self.add_callback(_Lines())
        if not self.args.disable_tqdm:
            self.add_callback(_Bar())

    def say(self, line: str) -> None:
        """Writes a line to standard output, once for all processes."""
        if self.is_world_process_zero():
            tqdm.write(line)

    def fit(self) -> None:
        """Trains, and leaves the best model: an epoch's, or the mean of the last ones.

        The mean of the weights of several epochs (Izmailov et al. 2018) is often better than
        each of them. Goes on from the last checkpoint where there is one.
        """
        folder = Path(self.args.output_dir)
        if self.is_world_process_zero():
            _remove_unfinished(folder)
        self.accelerator.wait_for_everyone()
        self.train(resume_from_checkpoint=get_last_checkpoint(folder) if folder.is_dir() else None)
        metric = self.args.metric_for_best_model.removeprefix("eval_")
        files = sorted(folder.glob("checkpoint-*/model.safetensors"))
        best = {name: value.clone() for name, value in self.model.state_dict().items()}
        score = self.agreed_scores()[metric]
        self.model.load_state_dict(_mean([load_file(file) for file in files]), strict=False)
        if self.agreed_scores()[metric] <= score:
            self.model.load_state_dict(best)

    def save(self, model: Saveable, output_dir: str | Path) -> bool:
        """Writes the model, and says whether this is the process that does so."""
        if first := bool(self.is_world_process_zero()):
            model.save_pretrained(output_dir)
        self.accelerator.wait_for_everyone()
        return first

    def remove_checkpoints(self) -> None:
        """Removes what only a broken-off run needs: for when all is saved."""
        if self.is_world_process_zero():
            folder = Path(self.args.output_dir)
            # At once under another name: half of them would be gone on from.
            removed = folder.with_suffix(".removed")
            shutil.rmtree(removed, ignore_errors=True)
            folder.rename(removed)
            shutil.rmtree(removed)

    def agreed_scores(self) -> dict[str, float]:
        """The scores of the first process."""
        scores = [self.scores()]
        if self.args.world_size > 1:
            broadcast_object_list(scores)
        return scores[0]

    def scores(self) -> dict[str, float]:
        """Scores of ``self.model`` on ``self.eval_dataset`` by name."""
        raise NotImplementedError

    def evaluate(
        self, eval_dataset: Any = None, ignore_keys: Any = None, metric_key_prefix: str = "eval"
    ) -> dict[str, float]:
        metrics = {
            f"{metric_key_prefix}_{name}": value for name, value in self.agreed_scores().items()
        }
        self.model.train()
        self.log(metrics)
        self.control = self.callback_handler.on_evaluate(
            self.args, self.state, self.control, metrics
        )
        return metrics
