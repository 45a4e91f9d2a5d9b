"""One call of an encoder on torch; numpy in, numpy out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

Arrays = Mapping[str, NDArray[Any]]


class TorchEngine:
    """Runs a torch model, in bfloat16 where the processor is fast at it.

    ``device`` is "auto" (CUDA where there is one), or any torch device name.
    """

    def __init__(self, model: torch.nn.Module, device: str = "auto") -> None:
        self.device = torch.device(pick_device(device))
        self.model = model.to(self.device).eval()
        self.dtype = torch.bfloat16 if fast_bfloat16(self.device) else torch.float32

    def __call__(self, inputs: Arrays) -> dict[str, NDArray[np.float32]]:
        """The model's outputs by name, as float32."""
        tensors = {k: torch.from_numpy(v).to(self.device) for k, v in inputs.items()}
        half = self.dtype != torch.float32
        with torch.inference_mode(), torch.autocast(self.device.type, self.dtype, enabled=half):
            outputs = self.model(**tensors)
        return {
            name: value.float().cpu().numpy()
            for name, value in outputs.items()
            if isinstance(value, torch.Tensor)
        }


def pick_device(device: str) -> str:
    """The torch device that "auto" stands for; raises ValueError for one that is not there."""
    if device == "auto":
        return "cuda" if torch.cuda.is_available() else "cpu"
    try:
        torch.empty(0, device=device)
    except (RuntimeError, AssertionError, NotImplementedError) as error:
        reason = str(error).split("\n")[0]
        raise ValueError(f"device {device!r} cannot be used here: {reason}") from None
    return device


def fast_bfloat16(device: torch.device) -> bool:
    """Does this device multiply bfloat16 in hardware?"""
    if device.type == "cuda":
        return bool(torch.cuda.is_bf16_supported())
    return device.type == "cpu" and bool(torch.cpu._is_avx512_bf16_supported())


def batches(lengths: Sequence[int], most_tokens: int) -> Iterator[list[int]]:
    """Indices in batches of similar length, each of at most ``most_tokens`` padded tokens."""
    batch: list[int] = []
    for index in sorted(range(len(lengths)), key=lengths.__getitem__):
        if batch and (len(batch) + 1) * lengths[index] > most_tokens:
            yield batch
            batch = []
        batch.append(index)
    if batch:
        yield batch
