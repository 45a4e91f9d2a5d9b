"""What the stance classifier reads: a quotation and the words around it.

The pair (quotation; context … after): the second sequence is the reporter's text with the
quotation left out. A quotation without surroundings is read alone, which is what
``transformers.pipeline("text-classification", folder)(text)`` does.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from quotestance.document import Document, StanceItem, encodable

CONTEXT = 250
AFTER = 90
_GAP = " … "
_LONGEST = 512  # tokens

Encoded = dict[str, list[int]]
"""What a model reads of one piece: ``input_ids`` and what its tokenizer gives beside them."""


def surroundings(text: str, start: int, end: int) -> tuple[str, str]:
    """What stands before and behind characters ``start`` to ``end``, cut at words."""
    return trim(text[max(0, start - CONTEXT - 40) : start], text[end : end + AFTER + 40])


def items_of(document: Document) -> Iterator[StanceItem]:
    """The quotations of a document with the words around them, those without a stance too."""
    for number, quotation in enumerate(document.quotations):
        context, after = surroundings(document.text, quotation.start, quotation.end)
        name = f"{document.id}:{number}"
        yield StanceItem(quotation.text, context, after, quotation.stance, name)


def labelled_items(document: Document) -> Iterator[StanceItem]:
    """The quotations of a document that have a stance, with the words around them."""
    return (item for item in items_of(document) if item.stance is not None)


def trim(context: str, after: str) -> tuple[str, str]:
    """At most CONTEXT and AFTER characters, cut at words, white space made plain."""
    context, after = " ".join(context.split()), " ".join(after.split())
    if len(context) > CONTEXT:
        context = context[-CONTEXT - 1 :].partition(" ")[2]
    if len(after) > AFTER:
        after = after[: AFTER + 1].rpartition(" ")[0]
    return context, after


def longest(config: Any, tokenizer: Any) -> int:
    """How many tokens a model reads at once; of long ones 512, which is what they are used with."""
    places = getattr(config, "max_position_embeddings", None) or _LONGEST
    return int(min(places, tokenizer.model_max_length, _LONGEST))


def encode(
    tokenizer: Any, text: str, context: str = "", after: str = "", most: int = _LONGEST
) -> list[Encoded]:
    """Token ids of one quotation; in several pieces where it is longer than ``most`` tokens.

    The surroundings are shortened where they would leave the quotation less than half the room.
    """
    return encode_all(tokenizer, [text], [context], [after], most)[0]


def encode_all(
    tokenizer: Any,
    texts: Sequence[str],
    contexts: Sequence[str],
    afters: Sequence[str],
    most: int = _LONGEST,
) -> list[list[Encoded]]:
    """What ``encode`` gives for each quotation, tokenized together."""
    texts = [encodable(text) for text in texts]
    around = [trim(encodable(c), encodable(a)) for c, a in zip(contexts, afters, strict=True)]
    pairs = [_pair(*sides) for sides in around]
    read = [text if pair is None else (text, pair) for text, pair in zip(texts, pairs, strict=True)]
    wholes = tokenizer.backend_tokenizer.encode_batch(read)
    return [
        [_encoded(tokenizer, whole)]
        if len(whole.ids) <= most
        else _in_pieces(tokenizer, text, *sides, len(whole.ids), most)
        for whole, text, sides in zip(wholes, texts, around, strict=True)
    ]


def _in_pieces(
    tokenizer: Any, text: str, context: str, after: str, size: int, most: int
) -> list[Encoded]:
    """A quotation that is too long; ``size`` are the tokens of it and its surroundings."""
    backend = tokenizer.backend_tokenizer
    pair = _pair(context, after)
    words = len(backend.encode(text, add_special_tokens=False).ids)
    beside = size - words  # tokens that are not the quotation's
    while pair is not None and most - beside < min(words, most // 2):
        context, after = _shortened(context, after)
        pair = _pair(context, after)
        beside = len(backend.encode(text, pair).ids) - words
    pieces = _pieces(tokenizer, text, max(1, most - beside)) or [""]
    return [_encoded(tokenizer, backend.encode(piece, pair)) for piece in pieces]


def _encoded(tokenizer: Any, encoding: Any) -> Encoded:
    """What the model reads of an encoding."""
    arrays = {
        "input_ids": encoding.ids,
        "token_type_ids": encoding.type_ids,
        "attention_mask": encoding.attention_mask,
    }
    return {name: arrays[name] for name in arrays if name in tokenizer.model_input_names}


def _pair(context: str, after: str) -> str | None:
    return f"{context}{_GAP}{after}".strip() if context or after else None


def _shortened(context: str, after: str) -> tuple[str, str]:
    """One word less, on the longer side and far from the quotation."""
    if len(context) >= len(after):
        return context.partition(" ")[2], after
    return context, after.rpartition(" ")[0]


def _pieces(tokenizer: Any, text: str, most: int) -> list[str]:
    """The text in pieces of at most ``most`` tokens, cut at white space where there is some."""
    offsets = tokenizer.backend_tokenizer.encode(text, add_special_tokens=False).offsets
    starts = [start for start, _ in offsets]
    pieces, first = [], 0
    while first < len(starts):
        last = min(first + most, len(starts))
        cut = last
        while last < len(starts) and cut > first and not text[starts[cut] - 1].isspace():
            cut -= 1
        last = cut if cut > first else last
        end = starts[last] if last < len(starts) else len(text)
        pieces.append(text[starts[first] : end])
        first = last
    return pieces
