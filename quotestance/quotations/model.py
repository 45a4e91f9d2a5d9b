"""The network: a transformer encoder with three heads that share its one pass.

*Tags* mark each token as outside or as the beginning or inside of a source, cue or content;
*names* do the same for persons, organizations and locations; *links* are pointers from a
span to the tokens of another: from a content to its source and its cue, from a mention to
what it refers to. A pointer scores every token of the text, and "none", by a small network that
sees a query (from the span's first and last token), a key (from the token) and their distance:
additive attention (Bahdanau et al. 2015) over the text.

Queries and keys are outputs of single tokens, so that the windows of a long text can be
stitched together before anything is linked.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import nn
from torch.nn import functional
from transformers import AutoConfig, AutoModel, PretrainedConfig, PreTrainedModel

from quotestance.hub import load_pretrained, without_attention_dropout
from quotestance.quotations.links import LINKS, PLACES
from quotestance.quotations.scores import NAMES, TAGS
from quotestance.quotations.tokens import FEATURES

FORWARD = ("input_ids", "attention_mask", *FEATURES)
"""What ``QuotationModel.forward`` reads of a batch, and ``link_scores`` of its queries."""
LINK_QUERY = ("link_kinds", "link_firsts", "link_lasts", "link_places", "link_rows")


class QuotationConfig(PretrainedConfig):
    """Settings of a QuotationModel; ``encoder`` is the configuration of its encoder."""

    model_type = "quotestance-quotations"

    def __init__(
        self,
        encoder: dict[str, Any] | None = None,
        window: int = 384,
        overlap: int = 96,
        link_size: int = 64,
        content_threshold: float = 0.5,
        **kwargs: Any,
    ) -> None:
        self.encoder: Any = encoder or {}
        self.window = window
        self.overlap = overlap
        self.link_size = link_size
        self.content_threshold = content_threshold
        super().__init__(**kwargs)


class QuotationModel(PreTrainedModel):
    """Encoder with heads for tags, names and links."""

    config_class = QuotationConfig
    base_model_prefix = "encoder"

    def __init__(self, config: QuotationConfig, encoder: nn.Module | None = None) -> None:
        super().__init__(config)
        self.encoder: Any = encoder or AutoModel.from_config(_encoder_config(config.encoder))
        size = int(config.encoder["hidden_size"])
        self.features = nn.ModuleDict({k: nn.Embedding(n, size) for k, n in FEATURES.items()})
        self.dropout = nn.Dropout(0.1)
        self.tags = nn.Linear(size, len(TAGS))
        self.names = nn.Linear(size, len(NAMES))
        # For each kind of link: query of a first token, query of a last token, key.
        self.links = nn.Linear(size, len(LINKS) * 3 * config.link_size)
        self.places = nn.Embedding(len(LINKS), sum(PLACES.values()) * config.link_size)
        self.no_link = nn.Embedding(len(LINKS), config.link_size)
        self.link_weights = nn.Embedding(len(LINKS), config.link_size)
        self.post_init()

    def _init_weights(self, module: nn.Module) -> None:
        if isinstance(module, (nn.Linear, nn.Embedding)):
            nn.init.normal_(module.weight, std=0.02)
            if isinstance(module, nn.Linear) and module.bias is not None:
                nn.init.zeros_(module.bias)
        elif isinstance(module, nn.LayerNorm):
            nn.init.ones_(module.weight)
            nn.init.zeros_(module.bias)

    @classmethod
    def from_encoder(
        cls, name_or_path: str, layers: int | None = None, **settings: Any
    ) -> QuotationModel:
        """A new model on a pretrained encoder, its heads still untrained.

        ``layers`` keeps the encoder's first ones only: the last ones serve what it was trained
        for before, and cost as much as the others. Raises ValueError where there are fewer.
        """
        config = load_pretrained(AutoConfig, name_or_path)
        without_attention_dropout(config)
        if layers is not None:
            if not 0 < layers <= config.num_hidden_layers:
                raise ValueError(
                    f"layers must be 1 to {config.num_hidden_layers} for {name_or_path}, "
                    f"not {layers}"
                )
            config.num_hidden_layers = layers
        encoder = load_pretrained(AutoModel, name_or_path, config=config, dtype=torch.float32)
        shape = {k: v for k, v in encoder.config.to_dict().items() if not k.startswith("_")}
        model = cls(QuotationConfig(encoder=shape, **settings), encoder)
        for name, module in model.named_children():
            if name != "encoder":
                module.apply(model._init_weights)
        nn.init.normal_(model.link_weights.weight, std=model.config.link_size**-0.5)
        return model

    def forward(
        self,
        input_ids: torch.Tensor,
        attention_mask: torch.Tensor,
        case_shapes: torch.Tensor,
        mark_places: torch.Tensor,
        breaks: torch.Tensor,
    ) -> dict[str, torch.Tensor]:
        """Scores of every token.

        All inputs have shape (windows, tokens). Returns ``tags`` (windows, tokens, tags),
        ``names`` likewise and ``links`` (windows, tokens, kinds of links, 3, link size).
        """
        embedded = self.encoder.get_input_embeddings()(input_ids)
        values = {"case_shapes": case_shapes, "mark_places": mark_places, "breaks": breaks}
        for name, embedding in self.features.items():
            embedded = embedded + embedding(values[name])
        hidden = self.encoder(inputs_embeds=embedded, attention_mask=attention_mask)[0]
        hidden = self.dropout(hidden)
        shape = (*hidden.shape[:2], len(LINKS), 3, self.config.link_size)
        return {
            "tags": self.tags(hidden),
            "names": self.names(hidden),
            "links": self.links(hidden).reshape(shape),
        }

    def link_scores(
        self,
        links: torch.Tensor,
        kinds: torch.Tensor,
        firsts: torch.Tensor,
        lasts: torch.Tensor,
        places: torch.Tensor,
        rows: torch.Tensor | None = None,
    ) -> torch.Tensor:
        """Scores of links from spans to tokens, "none" in the last column.

        ``links`` is the forward's output, or (tokens, kinds, 3, link size) of one text where
        ``rows`` is None; the other arguments have one entry a query, ``places`` the buckets of
        ``link_places`` in the shape (len(PLACES), queries, tokens). Returns (queries, tokens + 1).
        """
        if rows is None:
            keys = links[:, :, 2].permute(1, 0, 2)[kinds]
            queries = links[firsts, kinds, 0] + links[lasts, kinds, 1]
        else:
            keys = links[rows, :, kinds, 2]
            queries = links[rows, firsts, kinds, 0] + links[rows, lasts, kinds, 1]
        pairs = keys + queries[:, None]
        pairs = pairs + self._place_vectors(kinds, places, pairs.dtype)
        none = queries + self.no_link(kinds)
        pairs = torch.cat([pairs, none[:, None]], dim=1)
        weights = self.link_weights(kinds)
        return torch.einsum("qtd,qd->qt", functional.gelu(pairs), weights).float()

    def _place_vectors(
        self, kinds: torch.Tensor, places: torch.Tensor, dtype: torch.dtype
    ) -> torch.Tensor:
        """A learned vector for each pair's place; as a product, since the gradient of a lookup
        is slow where there are few rows."""
        hot = [
            place[..., None] == torch.arange(buckets, device=place.device)
            for place, buckets in zip(places, PLACES.values(), strict=True)
        ]
        tables = self.places(kinds).reshape(len(kinds), -1, self.config.link_size)
        return torch.bmm(torch.cat(hot, dim=-1).to(dtype), tables.to(dtype))


def _encoder_config(settings: dict[str, Any]) -> PretrainedConfig:
    settings = dict(settings)
    if "model_type" not in settings:
        raise ValueError("config.json names no encoder: this is no quotation model")
    return AutoConfig.for_model(settings.pop("model_type"), **settings)


AutoConfig.register(QuotationConfig.model_type, QuotationConfig)
