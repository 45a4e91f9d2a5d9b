"""What the figures were measured on: hardware, system and versions. No names of hosts or users."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

FLAGS = (
    "avx2", "f16c", "fma", "avx512f", "avx512_vnni", "avx_vnni", "avx512_bf16", "amx_int8",
    "amx_bf16", "asimd", "asimddp", "i8mm", "bf16", "sve",
)  # fmt: skip
"""Processor flags that decide how fast matrices are multiplied, as Linux names them."""

PACKAGES = (
    "quotestance", "torch", "transformers", "tokenizers", "numpy", "openvino", "onnxruntime",
    "textacy", "spacy",
)  # fmt: skip


def machine() -> dict[str, Any]:
    """Processor, cores, memory and accelerator, and how busy the machine is already."""
    import torch

    flags = set(_cpuinfo("flags", "Features").split())
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else None
    cuda = torch.cuda.is_available()
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "threads": torch.get_num_threads(),
        "flags": [flag for flag in FLAGS if flag in flags],
        "capability": torch.backends.cpu.get_cpu_capability(),
        "memory_gb": _memory(),
        "cuda": torch.cuda.get_device_name() if cuda else None,
        "cuda_memory_gb": _gb(torch.cuda.get_device_properties(0).total_memory) if cuda else None,
        "load_before": None if load is None else round(load, 2),
        "system": f"{platform.system()} {platform.machine()}",
    }


def versions() -> dict[str, str]:
    """Python and the packages that do the work or are measured beside it."""
    found = {"python": platform.python_version()}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


def _processor() -> str:
    if sys.platform == "darwin":
        command = ["sysctl", "-n", "machdep.cpu.brand_string"]
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
    return _cpuinfo("model name") or platform.processor() or platform.machine()


def _cpuinfo(*names: str) -> str:
    """The first value of one of the names in Linux's /proc/cpuinfo; empty elsewhere."""
    path = Path("/proc/cpuinfo")
    for line in path.read_text("utf-8").splitlines() if path.exists() else ():
        name, _, value = line.partition(":")
        if name.strip() in names:
            return value.strip()
    return ""


def _memory() -> float | None:
    try:
        return _gb(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))
    except (AttributeError, ValueError):  # Windows has no sysconf, others may not know the names
        return None


def _gb(size: int) -> float:
    return round(size / 1e9, 1)
