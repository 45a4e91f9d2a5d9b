"""What engines share: their interface, and batches by length."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Arrays = Mapping[str, NDArray[Any]]

MOST_TOKENS = 2048  # padded tokens of a batch: enough for full speed, few enough for the cache


class Engine(Protocol):
    """Runs one model; ``name`` says on what, e.g. "openvino-int8 (CPU)"."""

    @property
    def name(self) -> str: ...

    def run(self, inputs: Iterable[Arrays]) -> Iterator[dict[str, NDArray[np.float32]]]:
        """The model's outputs by name for each batch of inputs, in order.

        Inputs are integers of shape (rows, tokens); the engine may read some batches ahead.
        """
        ...


def batches(lengths: Sequence[int], most_tokens: int = MOST_TOKENS) -> Iterator[list[int]]:
    """Indices in batches of similar length, each of at most ``most_tokens`` padded tokens."""
    batch: list[int] = []
    for index in sorted(range(len(lengths)), key=lengths.__getitem__):
        if batch and (len(batch) + 1) * lengths[index] > most_tokens:
            yield batch
            batch = []
        batch.append(index)
    if batch:
        yield batch
