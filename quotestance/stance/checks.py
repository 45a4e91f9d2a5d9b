"""Can a classifier learn from labelled texts, and would its scores tell the truth?"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from quotestance.corpora.reading import shortened
from quotestance.document import LABELS, NO_STANCE, LayoutError
from quotestance.stance.data import Labelled, Record


class DataWarning(UserWarning):
    """Data that can be learned from, but not well."""


def classes_of(records: Iterable[Record], multi_label: bool = False) -> tuple[str, ...]:
    """The labels that occur: the project's in its order, others in that of the alphabet.

    "none" is one of them where some record has no label, but in multi-label data.
    """
    found = {label for record in records for label in record["labels"] or [NO_STANCE]}
    if multi_label:
        found.discard(NO_STANCE)
    if found <= {*LABELS, NO_STANCE}:
        return tuple(label for label in (*LABELS, NO_STANCE) if label in found)
    return tuple(sorted(found))


def is_multi_label(records: Iterable[Record]) -> bool:
    """Do the data tell that labels are independent of each other?

    They do where labels other than the project's stand together: the first of several stances
    is the primary one, and they share one softmax.
    """
    several = [record["labels"] for record in records if len(record["labels"]) > 1]
    return not {label for labels in several for label in labels} <= set(LABELS)


def check_labels(
    train: Sequence[Labelled],
    held_out: Sequence[Labelled],
    classes: Sequence[str],
    multi_label: bool,
) -> list[str]:
    """Warnings about the labels of data; raises LayoutError where nothing can be learned.

    ``classes`` are what the model will tell apart; in multi-label data none of them may hold.
    """
    if len(classes) < 2:
        raise LayoutError(
            f"the training data have the label {', '.join(classes) or NO_STANCE!r} only: a "
            "classifier needs two labels to tell apart. Add items with another one, such as "
            f"{NO_STANCE!r}" + (" (without multi_label)" if multi_label else "")
        )
    for item in held_out:
        labels = item.record["labels"] or ([] if multi_label else [NO_STANCE])
        if unseen := [label for label in labels if label not in classes]:
            raise LayoutError(
                f"{item.place}: label {unseen[0]!r} of the evaluation data does not occur in the "
                f"training data, which have {', '.join(classes)}: mend the label, or add items "
                "with it to the training data"
            )
    found = [
        f"label {label!r} occurs once only in the training data: it cannot be learned well; add "
        "items with it or join it with another label"
        for label, count in label_counts(item.record for item in train).items()
        if count == 1 and label in classes
    ]
    if not multi_label and NO_STANCE not in classes:
        found.append(
            f"no training item is labelled {NO_STANCE!r}: the model will give every text one of "
            f"{', '.join(classes)}, also where none fits; add items with no label ({NO_STANCE!r}) "
            "unless one always does"
        )
    return found


def label_counts(records: Iterable[Record]) -> dict[str, int]:
    """How many records have each label; "none" counts those that have none."""
    counts = Counter(label for record in records for label in record["labels"] or [NO_STANCE])
    return dict(sorted(counts.items()))


def check_apart(train: Sequence[Labelled], held_out: Sequence[Labelled], multi_label: bool) -> None:
    """Refuses data whose scores would mislead: contradictions, and texts or documents shared.

    In multi-label data the order of labels says nothing.
    Raises LayoutError with two places that clash, and how many more do.
    """
    for items in (train, held_out):
        _check_agreement(items, ordered=not multi_label)
    _refuse_shared(
        _by_key(train, lambda record: (_plain(record["text"]), _plain(record["context"]))),
        _by_key(held_out, lambda record: (_plain(record["text"]), _plain(record["context"]))),
        "texts",
        "leave them out of one of the two",
    )
    _refuse_shared(
        _by_key(train, lambda record: record.get("doc")),
        _by_key(held_out, lambda record: record.get("doc")),
        "documents (doc)",
        "move all that comes from a document into one of the two",
    )


def _check_agreement(items: Sequence[Labelled], ordered: bool) -> None:
    seen: dict[tuple[str, ...], Labelled] = {}
    for item in items:
        record = item.record
        key = tuple(_plain(record[name]) for name in ("text", "context", "after"))
        first = seen.setdefault(key, item)
        one, other = first.record["labels"], record["labels"]
        if set(one) != set(other) or (ordered and one[:1] != other[:1]):
            raise LayoutError(
                f"{item.place}: the same text as {first.place} ({shortened(record['text'])}) with "
                f"other labels: {_told(other)} here, {_told(one)} there; settle on one"
            )


def _by_key(items: Iterable[Labelled], key: Callable[[Record], Any]) -> dict[Any, list[Labelled]]:
    found: dict[Any, list[Labelled]] = defaultdict(list)
    for item in items:
        if (value := key(item.record)) is not None:
            found[value].append(item)
    return found


def _refuse_shared(
    train: Mapping[Any, Sequence[Labelled]],
    held_out: Mapping[Any, Sequence[Labelled]],
    what: str,
    mend: str,
) -> None:
    shared = [key for key in held_out if key in train]
    if shared:
        key = next(iter(shared))
        words = key if isinstance(key, str) else held_out[key][0].record["text"]
        raise LayoutError(
            f"{len(shared)} {what} stand both in the training and in the evaluation data, whose "
            f"scores would mislead, e.g. {shortened(str(words))}: {train[key][0].place}, and "
            f"{held_out[key][0].place}; {mend}"
        )


def _told(labels: Sequence[str]) -> str:
    return ", ".join(labels) or NO_STANCE


def _plain(text: str) -> str:
    return " ".join(text.split())
