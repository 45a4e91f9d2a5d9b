"""Whatever labels quotations: the classifier, and the baselines beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from quotestance.document import Stance, StanceItem


class Labeller(Protocol):
    """Gives a stance to each text, read with what stands before and behind it."""

    def predict(
        self, texts: Sequence[str], contexts: Sequence[str], afters: Sequence[str]
    ) -> list[Stance]: ...


def listed(texts: Sequence[str] | str) -> list[str]:
    """The texts as a list; a string is one text, not a sequence of letters."""
    return [texts] if isinstance(texts, str) else list(texts)


def predict_items(labeller: Labeller, items: Sequence[StanceItem]) -> list[Stance]:
    """The stances of items, each read with what stood around it."""
    return labeller.predict(
        [item.text for item in items],
        [item.context for item in items],
        [item.after for item in items],
    )
