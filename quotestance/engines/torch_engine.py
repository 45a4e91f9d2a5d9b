"""Models on torch: CUDA, other devices, and CPUs where OpenVINO cannot serve."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
import torch
from numpy.typing import NDArray

from quotestance.engines.batching import Arrays

_SHORT = {torch.float32: "fp32", torch.bfloat16: "bf16", torch.float16: "fp16"}


class TorchEngine:
    """Runs a torch model, in bfloat16 or float16 where the device is fast at it.

    ``device`` is "auto" (CUDA where there is one), or any torch device name.
    """

    def __init__(self, model: torch.nn.Module, device: str = "auto") -> None:
        self.device = torch.device(pick_device(device))
        self.model = model.to(self.device).eval()
        self.dtype = torch.float32
        if fast_bfloat16(self.device):
            self.dtype = torch.bfloat16
        elif self.device.type == "cuda":
            self.dtype = torch.float16

    @property
    def name(self) -> str:
        return f"torch-{_SHORT[self.dtype]} ({self.device.type.upper()})"

    def run(self, inputs: Iterable[Arrays]) -> Iterator[dict[str, NDArray[np.float32]]]:
        """The model's outputs by name for each batch of inputs, as float32."""
        for arrays in inputs:
            tensors = {name: torch.from_numpy(v).to(self.device) for name, v in arrays.items()}
            half = self.dtype != torch.float32
            with torch.inference_mode(), torch.autocast(self.device.type, self.dtype, enabled=half):
                outputs = self.model(**tensors)
            yield {
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
