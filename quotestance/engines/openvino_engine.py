"""Models on OpenVINO: in int8 where the folder has that form and the processor is fast at it."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import openvino
from numpy.typing import NDArray
from safetensors import SafetensorError

from quotestance.engines.batching import Arrays
from quotestance.engines.graph import build
from quotestance.hub import ModelError

INT8_FILE = "openvino_model.xml"

_SHORT = {"f32": "fp32", "f16": "fp16"}


class OpenVINOEngine:
    """Runs the model in a folder, batches side by side on the processor's cores.

    ``int8`` takes the quantised form; without it the weights are read as they are, and computed
    in bfloat16 where the processor multiplies that in hardware. The number of threads is
    ``OMP_NUM_THREADS`` where that is set, else all cores.
    """

    def __init__(self, folder: Path, int8: bool) -> None:
        core = openvino.Core()
        model = core.read_model(folder / INT8_FILE) if int8 else build(folder)
        threads = int(os.environ.get("OMP_NUM_THREADS") or 0)
        settings = {"PERFORMANCE_HINT": "THROUGHPUT", "INFERENCE_NUM_THREADS": threads}
        self.compiled = core.compile_model(model, "CPU", settings)
        self.requests = int(self.compiled.get_property("OPTIMAL_NUMBER_OF_INFER_REQUESTS"))
        self.inputs = [port.get_any_name() for port in self.compiled.inputs]
        kind = str(self.compiled.get_property("INFERENCE_PRECISION_HINT").to_string())
        self.precision = "int8" if int8 else _SHORT.get(kind, kind)

    @property
    def name(self) -> str:
        return f"openvino-{self.precision} (CPU)"

    def run(self, inputs: Iterable[Arrays]) -> Iterator[dict[str, NDArray[np.float32]]]:
        """The model's outputs by name for each batch; inputs that it does not read are ignored."""
        idle = [self.compiled.create_infer_request() for _ in range(self.requests)]
        running: deque[Any] = deque()
        for arrays in inputs:
            request = idle.pop()
            request.start_async({name: arrays[name] for name in self.inputs}, share_inputs=False)
            running.append(request)
            if not idle:
                yield _finished(running[0])
                idle.append(running.popleft())
        for request in running:
            yield _finished(request)


def _finished(request: Any) -> dict[str, NDArray[np.float32]]:
    request.wait()
    return {port.get_any_name(): value.copy() for port, value in request.results.items()}


def load(folder: Path) -> OpenVINOEngine:
    """The engine of a folder, in the form that is fastest on this processor.

    Raises ModelError for weights that cannot be read.
    """
    try:
        return OpenVINOEngine(folder, (folder / INT8_FILE).is_file() and fast_int8())
    except (OSError, RuntimeError, KeyError, SafetensorError) as error:
        reason = str(error).strip().split("\n")[0]
        raise ModelError(f"the model in {folder} cannot be loaded: {reason}") from None


def fast_int8() -> bool:
    """Has the processor instructions for int8 products (VNNI, AMX)?

    Without them int8 is no faster than float32, and less exact: see docs/how-to/speed.md.
    """
    if "BF16" in openvino.Core().get_property("CPU", "OPTIMIZATION_CAPABILITIES"):
        return True  # every x86 processor that multiplies bfloat16 has VNNI too
    try:
        flags = Path("/proc/cpuinfo").read_text("utf-8")
    except OSError:
        return False
    return any(name in flags for name in ("avx512_vnni", "avx_vnni", "amx_int8"))
