"""Which engine runs a model: the fastest that this machine has."""

from __future__ import annotations

import functools
import importlib.util
import logging
import os
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from quotestance.hub import Kind

ENGINES = ("auto", "openvino", "torch")

_MISSING = "OpenVINO is not installed: pip install 'quotestance[openvino]'"
_NVIDIA = ("/dev/nvidiactl", "/dev/dxg", r"C:\Windows\System32\nvcuda.dll")


def choose(engine: str, device: str, source: str, kind: Kind) -> str:
    """ "openvino" or "torch", for a model of a kind, by its folder or hub name ``source``.

    Raises ValueError for an unknown engine, and for OpenVINO by name where it cannot run;
    ImportError where it is named and not installed.
    """
    if engine not in ENGINES:
        raise ValueError(f"no engine {engine!r}: it is one of {', '.join(ENGINES)}")
    if engine == "torch":
        return engine
    chosen = _chosen(device)
    hindrance = chosen or _unfit(source, kind)
    if hindrance is None:
        return "openvino"
    if engine == "openvino":
        error = ImportError if hindrance == _MISSING else ValueError
        raise error(f"engine 'openvino' cannot be used: {hindrance}")
    _tell(hindrance, logging.INFO if chosen else logging.WARNING)
    return "torch"


def _chosen(device: str) -> str | None:
    """What the user chose that OpenVINO does not serve: a GPU, or doing without it."""
    if device not in ("auto", "cpu"):
        return f"it runs on the CPU here, not on device {device!r}"
    if device == "auto" and _may_have_cuda():
        return "device 'auto' is a GPU on this machine; name device 'cpu'"
    return None if _installed() else _MISSING


def _unfit(source: str, kind: Kind) -> str | None:
    """Why OpenVINO cannot run this model, if it cannot."""
    if not Path(source).is_dir():
        return f"{source!r} is a name on the hub; save it to a folder first, and name that"
    from quotestance.engines.graph import why_no_graph

    return why_no_graph(Path(source), kind)


@functools.cache
def _installed() -> bool:
    return importlib.util.find_spec("openvino") is not None


@functools.cache
def _tell(hindrance: str, level: int) -> None:
    """Tells that torch runs instead, each reason once: a warning where that may surprise."""
    logging.getLogger("quotestance").log(
        level, "quotestance: notice: runs on torch, OpenVINO cannot be used: %s", hindrance
    )


@functools.cache
def _may_have_cuda() -> bool:
    """May torch have CUDA here? Where there is no driver, that is told without loading torch."""
    try:
        built_for_cpu = version("torch").endswith("+cpu")
    except PackageNotFoundError:
        built_for_cpu = True
    if built_for_cpu or not any(map(os.path.exists, _NVIDIA)):
        return False
    import torch

    return bool(torch.cuda.is_available())
