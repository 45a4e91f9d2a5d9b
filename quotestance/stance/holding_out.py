"""Evaluation data taken out of the training data, where there are no others."""

from __future__ import annotations

import warnings
from collections import defaultdict
from collections.abc import Hashable, Sequence

import numpy as np

from quotestance.document import NO_STANCE, LayoutError
from quotestance.stance.data import Labelled

_PARTS = 5


def hold_out(items: Sequence[Labelled], seed: int) -> tuple[list[Labelled], list[Labelled]]:
    """The items to learn from, and about a fifth of them to evaluate on, drawn with ``seed``.

    All of a document (``doc``) go the same way, and so do items of the same text. Primary labels
    are about as frequent in both; none stands in the second only. Raises LayoutError where there
    are too few items for that.
    """
    from sklearn.model_selection import StratifiedGroupKFold

    labels = [item.record["labels"] or [NO_STANCE] for item in items]
    groups = _groups(items)
    groups_of: dict[str, set[int]] = defaultdict(set)
    for group, given in zip(groups, labels, strict=True):
        for label in given:
            groups_of[label].add(group)
    # What alone has a label has to be learned from.
    needed = {min(found) for found in groups_of.values() if len(found) == 1}
    free = np.array([n for n, group in enumerate(groups) if group not in needed], dtype=int)
    primary = np.array([given[0] for given in labels])[free]
    splitter = StratifiedGroupKFold(_PARTS, shuffle=True, random_state=seed)
    parts: list[set[int]] = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of labels with fewer items than there are parts
        try:
            folds = list(splitter.split(free, primary, np.array(groups)[free]))
        except ValueError:
            folds = []
    for _, fold in folds:
        part = set(free[fold].tolist())
        learned = {label for n, given in enumerate(labels) if n not in part for label in given}
        if learned == groups_of.keys() and len({labels[n][0] for n in part}) > 1:
            parts.append(part)
    if not parts:
        raise LayoutError(
            f"no evaluation data were given, and {len(items)} items of {len(set(groups))} "
            "documents, or texts, are too few to hold a fifth of them out: add items, or give "
            "evaluation data (eval_data, on the command line --eval)"
        )
    chosen = min(parts, key=lambda part: abs(len(part) - len(items) / _PARTS))
    return (
        [item for n, item in enumerate(items) if n not in chosen],
        [item for n, item in enumerate(items) if n in chosen],
    )


def _groups(items: Sequence[Labelled]) -> list[int]:
    """A number for each item, the same for those that a document or a text joins."""
    joined: dict[Hashable, Hashable] = {}

    def first(key: Hashable) -> Hashable:
        while joined.setdefault(key, key) != key:
            key = joined[key]
        return key

    texts = [("text", " ".join(item.record["text"].split())) for item in items]
    for item, text in zip(items, texts, strict=True):
        if (doc := item.record.get("doc")) is not None:
            joined[first(text)] = first(("doc", doc))
    numbers: dict[Hashable, int] = {}
    return [numbers.setdefault(first(text), len(numbers)) for text in texts]
