"""How near the stance model comes to what the processor can do: matrix products a second."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from typing import Any

from quotestance.benchmark.measuring import Row, rate, rounded, take_turns
from quotestance.benchmark.plan import Plan, Setting, precision_of, run_encoder
from quotestance.benchmark.texts import texts_of

TOKENS = 128
_TEXTS = {"quick": 32, "normal": 128, "full": 512}
_BATCH = 32  # texts of a call of the engine alone
_SQUARES = {"cpu": (1024, 2048), "cuda": (4096, 8192)}
_LAYERS = ((4096, 384, 1536), (4096, 1536, 384))
"""Rows, inner size and columns of the products in MiniLM's layers; tried beside square ones."""

_DTYPES = {"fp32": "float32", "bf16": "bfloat16", "fp16": "float16"}

_Run = Callable[[], object]


def measure(plan: Plan) -> list[Row]:
    """Texts a second in a steady stream, the operations they take, and the share of the limit.

    The limit is the fastest of several products in the engine's own precision, of fp32 where torch
    has none in that. ``share_engine`` is that of the encoder alone, ``share`` that of ``predict``,
    with tokenizing and all else.
    """
    operations = operations_of(plan, TOKENS) / 1e9
    return [_of(plan, setting, operations) for setting in plan.settings()]


def _of(plan: Plan, setting: Setting, operations: float) -> Row:
    classifier = plan.classifier(setting)
    tokenizer = plan.tokenizer()
    texts = texts_of(TOKENS, _TEXTS[plan.effort], tokenizer)
    batches = [
        dict(tokenizer(texts[i : i + _BATCH], return_tensors="np"))
        for i in range(0, len(texts), _BATCH)
    ]
    own = precision_of(classifier.engine)
    shapes = [*((size, size, size) for size in _SQUARES[setting.device]), *_LAYERS]
    products = {
        (precision, shape): product
        for precision in dict.fromkeys(["fp32", own])
        for shape in shapes
        if (product := _product(precision, shape, setting.device)) is not None
    }
    runs: dict[Any, _Run] = {
        "predict": lambda: classifier.predict(texts),
        "engine": lambda: run_encoder(classifier.engine, batches),
        **products,
    }
    for run in runs.values():
        run()
    times = take_turns(runs, plan.repeats)
    speed = {name: rate(len(texts), times[name]) for name in ("predict", "engine")}
    limits: dict[str, dict[str, float]] = {}
    for precision, shape in products:
        found = rate(2e-9 * math.prod(shape), times[precision, shape])
        if precision not in limits or found["median"] > limits[precision]["median"]:
            limits[precision] = found
    limit = limits.get(own, limits["fp32"])
    return {
        "what": f"quotestance {classifier.engine.name}",
        "tokens": TOKENS,
        "gflop_per_text": rounded(operations),
        "texts_per_s": speed["predict"],
        "texts_per_s_engine": speed["engine"],
        "limit_gflops": limits,
        "share": rounded(speed["predict"]["median"] * operations / limit["median"]),
        "share_engine": rounded(speed["engine"]["median"] * operations / limit["median"]),
    }


def operations_of(plan: Plan, tokens: int) -> int:
    """Floating-point operations of the stance model's matrix products on one text."""
    import torch
    from torch.utils.flop_counter import FlopCounterMode

    model = plan.classifier(Setting("torch", "cpu")).model
    model.set_attn_implementation("eager")  # the products inside fused attention are not counted
    ids = torch.ones((1, tokens), dtype=torch.long)
    with torch.inference_mode(), FlopCounterMode(display=False) as counter:
        model(input_ids=ids, attention_mask=ids)
    return int(counter.get_total_flops())


def _product(precision: str, shape: tuple[int, int, int], device: str) -> _Run | None:
    """A matrix product, or None where this build of torch has none in int8."""
    import torch

    rows, inner, columns = shape
    if precision == "int8":
        try:
            return _int8_product(*shape)
        except (RuntimeError, AttributeError):
            return None
    dtype = getattr(torch, _DTYPES[precision])
    left = torch.randn(rows, inner, device=device, dtype=dtype)
    right = torch.randn(inner, columns, device=device, dtype=dtype)

    def product() -> None:
        left @ right
        if device != "cpu":
            torch.cuda.synchronize()

    return product


def _int8_product(rows: int, inner: int, columns: int) -> _Run:
    """The linear layer of torch's int8 kernels: activations uint8, weights int8."""
    import torch

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch is to drop quantized tensors some day
        left = torch.quantize_per_tensor(torch.randn(rows, inner), 0.05, 64, torch.quint8)
        right = torch.quantize_per_tensor(torch.randn(columns, inner), 0.05, 0, torch.qint8)
    packed = torch.ops.quantized.linear_prepack(right, None)
    return lambda: torch.ops.quantized.linear(left, packed, 0.1, 64)
