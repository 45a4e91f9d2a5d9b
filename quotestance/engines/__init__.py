"""One call of an encoder, numpy in and numpy out: on OpenVINO, or on torch.

OpenVINO runs on CPUs and loads neither torch nor transformers. Torch runs everything else: GPUs,
encoders that OpenVINO has no graph for, models that are being trained.
"""

from __future__ import annotations

from quotestance.engines.batching import Arrays, Engine, batches
from quotestance.engines.choice import ENGINES, choose

__all__ = ["ENGINES", "Arrays", "Engine", "batches", "choose"]
