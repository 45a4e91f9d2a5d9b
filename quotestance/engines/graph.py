"""A model folder as an OpenVINO graph, built from its weights: BERT encoders with our heads.

Nothing is exported by torch, and nothing beyond `config.json` and `model.safetensors` is read.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import openvino
from numpy.typing import NDArray
from openvino import opset13 as ops
from safetensors import safe_open

from quotestance.hub import Kind

HEADS: dict[Kind, list[str]] = {
    "quotations": ["tags", "names", "links"],
    "stance": ["bert.pooler.dense", "classifier"],
}
"""Names of the products above the encoder."""

_ARCHITECTURES: dict[Kind, str] = {
    "quotations": "QuotationModel",
    "stance": "BertForSequenceClassification",
}


def why_no_graph(folder: Path, kind: Kind) -> str | None:
    """Why a folder gives no graph of a model of this kind; None where it does."""
    try:
        config = json.loads((folder / "config.json").read_text("utf-8"))
    except ValueError as error:
        return f"{folder}/config.json is no JSON: {error}"
    encoder = config.get("encoder") or config
    if encoder.get("model_type") != "bert":
        name = encoder.get("model_type")
        return f"{folder} has an encoder of the kind {name!r}; there are graphs for 'bert' only"
    if config.get("architectures") != [_ARCHITECTURES[kind]]:
        return f"{folder} has no {kind} model"
    if kind == "stance" and "id2label" not in config:
        return f"{folder}/config.json has no id2label: the labels have no names"
    if encoder.get("hidden_act") != "gelu":
        return f"{folder} has the activation {encoder.get('hidden_act')!r}; graphs have 'gelu'"
    if encoder.get("position_embedding_type", "absolute") != "absolute":
        return f"{folder} has relative positions; graphs have absolute ones"
    if not (folder / "model.safetensors").is_file():
        return f"{folder} has no model.safetensors"
    return None


def build(folder: Path) -> Any:
    """The graph: integers of shape (rows, tokens) by name to the outputs of the torch model."""
    config = json.loads((folder / "config.json").read_text("utf-8"))
    with safe_open(folder / "model.safetensors", framework="np") as file:
        weights = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    if config["architectures"] == [_ARCHITECTURES["quotations"]]:
        return _quotations(weights, config)
    return _stance(weights, config)


def _quotations(weights: dict[str, NDArray[Any]], config: dict[str, Any]) -> Any:
    builder = _Builder(weights, "encoder.", config["encoder"])
    embedded = builder.words()
    for name in ("case_shapes", "mark_places", "breaks"):
        embedded = ops.add(embedded, builder.looked_up(name, f"features.{name}.weight"))
    kind = weights["encoder.embeddings.token_type_embeddings.weight"][0]
    hidden = builder.encoded(ops.add(embedded, _constant(kind)))
    links = builder.linear(hidden, "links")
    size = config["link_size"]
    kinds = weights["links.weight"].shape[0] // (3 * size)
    links = ops.reshape(links, _integers([0, 0, kinds, 3, size]), special_zero=True)
    outputs = {
        "tags": builder.linear(hidden, "tags"),
        "names": builder.linear(hidden, "names"),
        "links": links,
    }
    return builder.model(outputs)


def _stance(weights: dict[str, NDArray[Any]], config: dict[str, Any]) -> Any:
    builder = _Builder(weights, "bert.", config)
    kinds = builder.looked_up("token_type_ids", "bert.embeddings.token_type_embeddings.weight")
    # Only the first token is read by the head: the last layer computes no other.
    first = builder.encoded(ops.add(builder.words(), kinds), first_only=True)
    pooled = ops.tanh(builder.linear(first, "bert.pooler.dense"))
    logits = ops.squeeze(builder.linear(pooled, "classifier"), _integers([1]))
    return builder.model({"logits": logits})


class _Builder:
    """Pieces of one graph, with the weights and inputs they share."""

    def __init__(
        self, weights: dict[str, NDArray[Any]], prefix: str, settings: dict[str, Any]
    ) -> None:
        self.weights = weights
        self.prefix = prefix
        self.settings = settings
        self.inputs: dict[str, Any] = {}

    def model(self, outputs: dict[str, Any]) -> Any:
        for name, node in outputs.items():
            node.output(0).get_tensor().set_names({name})
        return openvino.Model(list(outputs.values()), list(self.inputs.values()), "quotestance")

    def input(self, name: str) -> Any:
        if name not in self.inputs:
            node = ops.parameter([-1, -1], np.int64, name=name)
            node.output(0).get_tensor().set_names({name})
            self.inputs[name] = node
        return self.inputs[name]

    def looked_up(self, name: str, table: str) -> Any:
        """Rows of a table by the ids of an input; half precision is widened after the look-up."""
        rows = ops.gather(ops.constant(self.weights[table]), self.input(name), _integers(0))
        return ops.convert(rows, np.float32)

    def words(self) -> Any:
        """Embeddings of the tokens and of their positions."""
        table = f"{self.prefix}embeddings.word_embeddings.weight"
        words = self.looked_up("input_ids", table)
        count = ops.gather(ops.shape_of(self.input("input_ids")), _integers([1]), _integers(0))
        places = _constant(self.weights[f"{self.prefix}embeddings.position_embeddings.weight"])
        start, step, axis = _integers([0]), _integers([1]), _integers([0])
        return ops.add(words, ops.slice(places, start, count, step, axis))

    def encoded(self, embedded: Any, first_only: bool = False) -> Any:
        """The last layer's output, (rows, tokens, size), or (rows, 1, size) of first tokens."""
        hidden = self.normed(embedded, f"{self.prefix}embeddings.LayerNorm")
        mask = ops.convert(self.input("attention_mask"), np.bool_)
        mask = ops.unsqueeze(mask, _integers([1, 2]))
        for number in range(self.settings["num_hidden_layers"]):
            last = number == self.settings["num_hidden_layers"] - 1
            layer = f"{self.prefix}encoder.layer.{number}."
            read = _first(hidden) if last and first_only else hidden
            attended = self.attended(read, hidden, mask, f"{layer}attention.self.")
            attended = self.linear(attended, f"{layer}attention.output.dense")
            read = self.normed(ops.add(attended, read), f"{layer}attention.output.LayerNorm")
            wide = ops.gelu(self.linear(read, f"{layer}intermediate.dense"), "erf")
            narrow = self.linear(wide, f"{layer}output.dense")
            hidden = self.normed(ops.add(narrow, read), f"{layer}output.LayerNorm")
        return hidden

    def attended(self, read: Any, hidden: Any, mask: Any, layer: str) -> Any:
        """Attention of the tokens in ``read`` to those in ``hidden``."""
        heads = self.settings["num_attention_heads"]
        size = self.settings["hidden_size"]

        def split(node: Any, name: str) -> Any:
            parts = _integers([0, 0, heads, size // heads])
            rows = ops.reshape(self.linear(node, layer + name), parts, special_zero=True)
            return ops.transpose(rows, _integers([0, 2, 1, 3]))

        found = ops.scaled_dot_product_attention(
            split(read, "query"), split(hidden, "key"), split(hidden, "value"), mask
        )
        joined = ops.transpose(found, _integers([0, 2, 1, 3]))
        return ops.reshape(joined, _integers([0, 0, size]), special_zero=True)

    def linear(self, node: Any, name: str) -> Any:
        weight = _constant(self.weights[f"{name}.weight"])
        product = ops.matmul(node, weight, False, True, name=name)
        return ops.add(product, _constant(self.weights[f"{name}.bias"]))

    def normed(self, node: Any, name: str) -> Any:
        eps = self.settings["layer_norm_eps"]
        normal = ops.mvn(node, _integers([-1]), True, eps, "inside_sqrt")
        scaled = ops.multiply(normal, _constant(self.weights[f"{name}.weight"]))
        return ops.add(scaled, _constant(self.weights[f"{name}.bias"]))


def _first(hidden: Any) -> Any:
    start, stop = _integers([0]), _integers([1])
    return ops.slice(hidden, start, stop, _integers([1]), _integers([1]))


def _constant(values: NDArray[Any]) -> Any:
    return ops.constant(np.ascontiguousarray(values, dtype=np.float32))


def _integers(values: Any) -> Any:
    return ops.constant(np.array(values, dtype=np.int64))
