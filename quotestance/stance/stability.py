"""Do labels hang on what they should not? The same items told of others, in other marks, alone.

Invariance tests as of Ribeiro et al. 2020 (CheckList): what is changed leaves the stance as it is
by what the words say, but for items whose fragment only the words around make something of.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from textwrap import shorten
from typing import Any

from quotestance.document import Stance, StanceItem
from quotestance.evaluation.proportions import Share
from quotestance.names.swapping import swap_countries, swap_people
from quotestance.restyling import restyled
from quotestance.stance.prediction import Labeller, predict_items

_SHOWN = 3  # flips of a change in the table
_WIDTH = 90  # characters of each


@dataclass(frozen=True, slots=True)
class Flip:
    """An item, what it was changed to, and its two different labels."""

    item: StanceItem
    changed: StanceItem
    before: Stance
    after: Stance


@dataclass(frozen=True, slots=True)
class Stability:
    """For each kind of change the share of labels that flipped, and which.

    ``shares`` count, of ``size`` items, those that the change makes different.
    """

    shares: Mapping[str, Share]
    flips: Mapping[str, tuple[Flip, ...]]
    size: int

    def to_dict(self) -> dict[str, Any]:
        """The shares as plain data, for JSON, with the ids of the items that flipped."""
        return {
            kind: {
                "flipped": share.hits,
                "changed": share.size,
                "share": round(share.value, 4),
                "interval": [round(end, 4) for end in share.interval],
                "ids": [flip.item.id for flip in self.flips[kind]],
            }
            for kind, share in self.shares.items()
        }

    def __str__(self) -> str:
        rows = ["change     items  labels flipped (95 % interval)"]
        for kind, share in self.shares.items():
            rows.append(f"{kind:<9}  {share.size:>5}  {share.hits:>3}  {share}")
            for flip in self.flips[kind][:_SHOWN]:
                labels = f"{flip.before.label} → {flip.after.label}"
                words = shorten(flip.changed.text, _WIDTH, placeholder=" …")
                rows.append(f"    {labels}: {words}")
        return "\n".join(rows)


def stability(classifier: Labeller, items: Iterable[StanceItem], *, seed: int = 0) -> Stability:
    """How many labels of a ``classifier`` flip where only what should not matter is changed.

    Each of the ``items`` is read as it is, and changed in one of these ways:

    - ``names``: the people have other names, the same throughout the item;
    - ``countries``: other countries, adjectives, peoples and capitals, likewise;
    - ``marks``: quotation marks and apostrophes of another style;
    - ``context``: nothing stands around the words.

    A flip is not an error: the item may have been wrong before. The changes are the same for
    the same ``seed``.
    """
    items = list(items)
    before = predict_items(classifier, items) if items else []
    shares, flips = {}, {}
    for kind, change in _CHANGES.items():
        pairs = []
        for number, item in enumerate(items):
            changed = change(item, random.Random(f"{seed} {number}"))
            if changed != item:
                pairs.append((item, changed, before[number]))
        after = predict_items(classifier, [changed for _, changed, _ in pairs]) if pairs else []
        flips[kind] = tuple(
            Flip(item, changed, old, new)
            for (item, changed, old), new in zip(pairs, after, strict=True)
            if old.label != new.label
        )
        shares[kind] = Share(len(flips[kind]), len(pairs))
    return Stability(shares, flips, len(items))


def _with_others(
    swap: Callable[[Sequence[str], random.Random], list[str]],
) -> Callable[[StanceItem, random.Random], StanceItem]:
    def changed(item: StanceItem, chance: random.Random) -> StanceItem:
        context, text, after = swap((item.context, item.text, item.after), chance)
        return replace(item, context=context, text=text, after=after)

    return changed


def _with_other_marks(item: StanceItem, chance: random.Random) -> StanceItem:
    # Marks are paired over the whole, and where the words went is told by a span.
    start = len(item.context)
    span = [start, start + len(item.text)]
    whole = f"{item.context}{item.text}{item.after}"
    told = restyled({"text": whole, "quotations": [{"content": [span]}]}, chance)
    spans = [pair for quotation in told["quotations"] for pair in quotation["content"]]
    if len(spans) != 1:
        return item
    (first, last), text = spans[0], told["text"]
    return replace(item, context=text[:first], text=text[first:last], after=text[last:])


def _alone(item: StanceItem, _: random.Random) -> StanceItem:
    return replace(item, context="", after="")


_CHANGES: dict[str, Callable[[StanceItem, random.Random], StanceItem]] = {
    "names": _with_others(swap_people),
    "countries": _with_others(swap_countries),
    "marks": _with_other_marks,
    "context": _alone,
}
