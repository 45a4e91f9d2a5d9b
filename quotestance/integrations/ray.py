"""Quotations for a ``ray.data.Dataset``: a model in each of several workers, on one or many
machines."""

from __future__ import annotations

from typing import Any

import torch

import quotestance
from quotestance.integrations.arrow import TableAnalyzer

try:
    from ray.data import ActorPoolStrategy, Dataset
except ImportError as error:
    raise ImportError(
        "quotestance.integrations.ray needs Ray Data: pip install 'quotestance[ray]'"
    ) from error


def analyze(
    dataset: Dataset,
    *,
    workers: int = 1,
    cpus_per_worker: int = 1,
    gpus_per_worker: float = 0,
    batch_size: int = 64,
    text: str = "text",
    **models: Any,
) -> Dataset:
    """The dataset with the columns ``quotations`` and ``error`` of ``TableAnalyzer``.

    ``workers`` processes load the models once each and keep them; a worker that dies is started
    again, and what it had in hand is done again. ``text`` is the column with the texts;
    ``models`` are arguments of :func:`quotestance.load`. The work begins when the dataset is
    written or read.
    """
    return dataset.map_batches(
        _Worker,
        fn_constructor_kwargs={"threads": cpus_per_worker, "text": text, "models": models},
        compute=ActorPoolStrategy(size=workers),
        num_cpus=cpus_per_worker,
        num_gpus=gpus_per_worker,
        batch_size=batch_size,
        batch_format="pyarrow",
    )


class _Worker:
    """A table analyzer that loads its models where it runs."""

    def __init__(self, threads: int, text: str, models: dict[str, Any]) -> None:
        torch.set_num_threads(threads)
        self._analyzer = TableAnalyzer(quotestance.load(**models), text)

    def __call__(self, table: Any) -> Any:
        return self._analyzer(table)
