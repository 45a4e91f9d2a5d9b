"""What the stance classifier reads: a quotation and the words around it.

The pair (quotation; context … after): the second sequence is the reporter's text with the
quotation left out. A quotation without surroundings is read alone, which is what
``transformers.pipeline("text-classification", folder)(text)`` does.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from quotestance.document import Document, StanceItem, encodable

CONTEXT = 250
AFTER = 90
_GAP = " … "
_LONGEST = 512  # tokens


def surroundings(text: str, start: int, end: int) -> tuple[str, str]:
    """What stands before and behind characters ``start`` to ``end``, cut at words."""
    return trim(text[max(0, start - CONTEXT - 40) : start], text[end : end + AFTER + 40])


def labelled_items(document: Document) -> Iterator[StanceItem]:
    """The quotations of a document that have a stance, with the words around them."""
    for number, quotation in enumerate(document.quotations):
        if quotation.stance is not None:
            context, after = surroundings(document.text, quotation.start, quotation.end)
            name = f"{document.id}:{number}"
            yield StanceItem(quotation.text, context, after, quotation.stance, name)


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
) -> list[dict[str, list[int]]]:
    """Token ids of one quotation; in several pieces where it is longer than ``most`` tokens.

    The surroundings are shortened where they would leave the quotation less than half the room.
    """
    text = encodable(text)
    context, after = trim(encodable(context), encodable(after))
    pair = _pair(context, after)
    whole = _call(tokenizer, text, pair)
    if len(whole["input_ids"]) <= most:
        return [whole]
    words = len(_words(tokenizer, text))
    beside = len(whole["input_ids"]) - words  # tokens that are not the quotation's
    while pair is not None and most - beside < min(words, most // 2):
        context, after = _shortened(context, after)
        pair = _pair(context, after)
        beside = len(_call(tokenizer, text, pair)["input_ids"]) - words
    pieces = _pieces(tokenizer, text, max(1, most - beside)) or [""]
    return [_call(tokenizer, piece, pair) for piece in pieces]


def _pair(context: str, after: str) -> str | None:
    return f"{context}{_GAP}{after}".strip() if context or after else None


def _shortened(context: str, after: str) -> tuple[str, str]:
    """One word less, on the longer side and far from the quotation."""
    if len(context) >= len(after):
        return context.partition(" ")[2], after
    return context, after.rpartition(" ")[0]


def _call(tokenizer: Any, text: str, pair: str | None) -> dict[str, list[int]]:
    return dict(tokenizer(text, pair, truncation=False, verbose=False))


def _words(tokenizer: Any, text: str) -> list[int]:
    ids: list[int] = tokenizer(text, add_special_tokens=False, verbose=False)["input_ids"]
    return ids


def _pieces(tokenizer: Any, text: str, most: int) -> list[str]:
    """The text in pieces of at most ``most`` tokens, cut at white space where there is some."""
    offsets = tokenizer(text, add_special_tokens=False, return_offsets_mapping=True, verbose=False)[
        "offset_mapping"
    ]
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
