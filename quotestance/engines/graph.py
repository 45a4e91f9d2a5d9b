"""A model folder as an OpenVINO graph, built from its weights: BERT and MPNet with our heads.

Nothing is exported by torch, and nothing beyond `config.json` and the safetensors is read.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import openvino
from numpy.typing import NDArray
from openvino import opset13 as ops
from safetensors import safe_open

from quotestance.hub import Kind

HEADS: dict[Kind, list[str]] = {
    "quotations": ["tags", "names", "links"],
    "stance": ["bert.pooler.dense", "classifier", "classifier.dense", "classifier.out_proj"],
}
"""Names of the products above the encoder."""

_ARCHITECTURES: dict[Kind, tuple[str, ...]] = {
    "quotations": ("QuotationModel",),
    "stance": ("BertForSequenceClassification", "MPNetForSequenceClassification"),
}
_FARTHEST = 512  # tokens between two, at most


def why_no_graph(folder: Path, kind: Kind) -> str | None:
    """Why a folder gives no graph of a model of this kind; None where it does."""
    try:
        config = json.loads((folder / "config.json").read_text("utf-8"))
    except ValueError as error:
        return f"{folder}/config.json is no JSON: {error}"
    encoder = config.get("encoder") or config
    if encoder.get("model_type") not in _NAMES:
        known = " and ".join(map(repr, _NAMES))
        name = encoder.get("model_type")
        return f"{folder} has an encoder of the kind {name!r}; there are graphs for {known} only"
    if (config.get("architectures") or [None])[0] not in _ARCHITECTURES[kind]:
        return f"{folder} has no {kind} model"
    if kind == "stance" and "id2label" not in config:
        return f"{folder}/config.json has no id2label: the labels have no names"
    if encoder.get("hidden_act") != "gelu":
        return f"{folder} has the activation {encoder.get('hidden_act')!r}; graphs have 'gelu'"
    if encoder.get("position_embedding_type", "absolute") != "absolute":
        return f"{folder} has relative positions; graphs have absolute ones"
    if not _files(folder):
        return f"{folder} has no model.safetensors"
    return None


def _files(folder: Path) -> list[Path]:
    """The files with the weights: one, or several that an index names."""
    whole, index = folder / "model.safetensors", folder / "model.safetensors.index.json"
    if whole.is_file() or not index.is_file():
        return [whole] if whole.is_file() else []
    names = json.loads(index.read_text("utf-8"))["weight_map"].values()
    return [folder / Path(name).name for name in sorted(set(names))]


def build(folder: Path) -> Any:
    """The graph: integers of shape (rows, tokens) by name to the outputs of the torch model."""
    config = json.loads((folder / "config.json").read_text("utf-8"))
    weights: dict[str, NDArray[Any]] = {}
    for path in _files(folder):
        with safe_open(path, framework="np") as file:
            weights.update({name: file.get_tensor(name) for name in file.keys()})  # noqa: SIM118
    if config["architectures"][0] in _ARCHITECTURES["quotations"]:
        return _quotations(weights, config)
    if config["model_type"] == "mpnet":
        return _stance_of_mpnet(weights, config)
    return _stance(weights, config)


def _quotations(weights: dict[str, NDArray[Any]], config: dict[str, Any]) -> Any:
    builder = _Builder(weights, "encoder.", config["encoder"])
    embedded = builder.words()
    for name in ("case_shapes", "mark_places", "breaks"):
        embedded = ops.add(embedded, builder.looked_up(name, f"features.{name}.weight"))
    kinds = weights.get("encoder.embeddings.token_type_embeddings.weight")
    if kinds is not None:
        embedded = ops.add(embedded, _constant(kinds[0]))
    hidden = builder.encoded(embedded)
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


def _stance_of_mpnet(weights: dict[str, NDArray[Any]], config: dict[str, Any]) -> Any:
    builder = _Builder(weights, "mpnet.", config)
    first = builder.encoded(builder.words(), first_only=True)
    pooled = ops.tanh(builder.linear(first, "classifier.dense"))
    logits = ops.squeeze(builder.linear(pooled, "classifier.out_proj"), _integers([1]))
    return builder.model({"logits": logits})


class _Names(NamedTuple):
    """What an encoder calls the parts of its attention, and where it begins to count places."""

    query: str
    key: str
    value: str
    joined: str
    normed: str
    first_place: int


_NAMES = {
    "bert": _Names(
        "self.query", "self.key", "self.value", "output.dense", "output.LayerNorm", first_place=0
    ),
    "mpnet": _Names("attn.q", "attn.k", "attn.v", "attn.o", "LayerNorm", first_place=2),
}


class _Builder:
    """Pieces of one graph, with the weights and inputs they share."""

    def __init__(
        self, weights: dict[str, NDArray[Any]], prefix: str, settings: dict[str, Any]
    ) -> None:
        self.weights = weights
        self.prefix = prefix
        self.settings = settings
        self.names = _NAMES[settings["model_type"]]
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
        places = self.weights[f"{self.prefix}embeddings.position_embeddings.weight"]
        places = _constant(places[self.names.first_place :])
        start, step, axis = _integers([0]), _integers([1]), _integers([0])
        return ops.add(words, ops.slice(places, start, self.count(), step, axis))

    def count(self) -> Any:
        """Tokens of a row."""
        return ops.gather(ops.shape_of(self.input("input_ids")), _integers([1]), _integers(0))

    def encoded(self, embedded: Any, first_only: bool = False) -> Any:
        """The last layer's output, (rows, tokens, size), or (rows, 1, size) of first tokens."""
        hidden = self.normed(embedded, f"{self.prefix}embeddings.LayerNorm")
        mask = self.mask()
        for number in range(self.settings["num_hidden_layers"]):
            last = number == self.settings["num_hidden_layers"] - 1
            layer = f"{self.prefix}encoder.layer.{number}."
            read = hidden
            if last and first_only:
                read, mask = _first(hidden, axis=1), _first(mask, axis=2)
            attention = f"{layer}attention."
            attended = self.attended(read, hidden, mask, attention)
            attended = self.linear(attended, attention + self.names.joined)
            read = self.normed(ops.add(attended, read), attention + self.names.normed)
            wide = ops.gelu(self.linear(read, f"{layer}intermediate.dense"), "erf")
            narrow = self.linear(wide, f"{layer}output.dense")
            hidden = self.normed(ops.add(narrow, read), f"{layer}output.LayerNorm")
        return hidden

    def mask(self) -> Any:
        """What is added to the scores of attention, or which tokens are attended to at all."""
        mask = ops.convert(self.input("attention_mask"), np.bool_)
        mask = ops.unsqueeze(mask, _integers([1, 2]))
        table = self.weights.get(f"{self.prefix}encoder.relative_attention_bias.weight")
        if table is None:
            return mask
        count = ops.squeeze(self.count(), _integers([0]))
        row = ops.range(_integers(0), count, _integers(1), "i64")
        apart = ops.subtract(ops.unsqueeze(row, _integers([0])), ops.unsqueeze(row, _integers([1])))
        biases = _constant(table[_buckets(np.arange(-_FARTHEST, _FARTHEST + 1))])
        bias = ops.gather(biases, ops.add(apart, _integers(_FARTHEST)), _integers(0))
        bias = ops.unsqueeze(ops.transpose(bias, _integers([2, 0, 1])), _integers([0]))
        return ops.select(mask, bias, _constant(np.array(np.finfo(np.float32).min)))

    def attended(self, read: Any, hidden: Any, mask: Any, layer: str) -> Any:
        """Attention of the tokens in ``read`` to those in ``hidden``."""
        heads = self.settings["num_attention_heads"]
        size = self.settings["hidden_size"]

        def split(node: Any, name: str) -> Any:
            parts = _integers([0, 0, heads, size // heads])
            rows = ops.reshape(self.linear(node, layer + name), parts, special_zero=True)
            return ops.transpose(rows, _integers([0, 2, 1, 3]))

        found = ops.scaled_dot_product_attention(
            split(read, self.names.query),
            split(hidden, self.names.key),
            split(hidden, self.names.value),
            mask,
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


def _buckets(apart: NDArray[np.int64]) -> NDArray[np.int64]:
    """The rows of MPNet's table of relative positions, as T5 has them (Raffel et al. 2020).

    Of 32, half serve tokens behind; of each half 8 single distances, then logarithmic steps to 128.
    """
    distance = np.abs(apart)
    # In single precision, which decides where steps begin.
    steps = np.log(np.maximum(distance, 8).astype(np.float32) / 8) / np.float32(np.log(128 / 8)) * 8
    bucket = np.where(distance < 8, distance, np.minimum(8 + steps.astype(np.int64), 15))
    return np.asarray(np.where(apart > 0, 16, 0) + bucket)


def _first(node: Any, axis: int) -> Any:
    start, stop = _integers([0]), _integers([1])
    return ops.slice(node, start, stop, _integers([1]), _integers([axis]))


def _constant(values: NDArray[Any]) -> Any:
    return ops.constant(np.ascontiguousarray(values, dtype=np.float32))


def _integers(values: Any) -> Any:
    return ops.constant(np.array(values, dtype=np.int64))
