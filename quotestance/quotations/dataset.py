"""Annotated documents to training windows of the quotation model.

``quotations`` of a record give tags and links, ``silver`` entities and coreference chains
give names and antecedents, gold ``entities`` with their mentions antecedents. What a record
does not have is not trained on.

Half of the windows are read in another dress: told differently by `augmentation`.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch.utils.data import Dataset

from quotestance.quotations.augmentation import retold
from quotestance.quotations.links import LINKS, PLACES, link_places
from quotestance.quotations.scores import NAMES, TAGS
from quotestance.quotations.tokens import Ints, Tokens, tokenize

IGNORED = -100
_MOST_MENTIONS = 16  # of a window whose antecedents are learned at one reading
_LONGEST_MENTION = 5  # words; longer ones are clauses rather than mentions
_REFERENTS = ("person", "organization", "place")
_NAME_TYPES = {"PERSON": "person", "ORGANIZATION": "organization", "LOCATION": "location"}


@dataclass(frozen=True)
class _Query:
    """A link to learn: from the characters of a span to those of its targets, or to none."""

    kind: int
    span: tuple[int, int]
    targets: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class _Example:
    """One document in one dress, with its labels for every token."""

    tokens: Tokens
    tags: Ints
    names: Ints
    queries: list[tuple[int, int, int, list[tuple[int, int]]]]


class WindowDataset(Dataset[dict[str, Any]]):
    """Windows of annotated documents; each reading of one shifts it a little."""

    def __init__(
        self,
        records: Sequence[Mapping[str, Any]],
        tokenizer: Any,
        size: int,
        dresses: int = 3,
        seed: int = 0,
    ) -> None:
        self.size = size - 2  # room for the special tokens
        chance = random.Random(seed)
        self.examples = []
        for record in records:
            told = [record, *(retold(record, chance) for _ in range(dresses))]
            self.examples.append([_example(variant, tokenizer) for variant in told])
        self.places = [
            (number, start)
            for number, variants in enumerate(self.examples)
            for start in range(0, max(1, len(variants[0].tokens)), self.size)
        ]

    def __len__(self) -> int:
        return len(self.places)

    def __getitem__(self, index: int) -> dict[str, Any]:
        number, start = self.places[index]
        variants = self.examples[number]
        plain = len(variants) == 1 or torch.rand(()) < 0.5
        example = variants[0 if plain else int(torch.randint(1, len(variants), ()))]
        length = len(example.tokens)
        shift = int(torch.randint(-self.size // 2, self.size // 2, ()))
        start = start * length // max(1, len(variants[0].tokens))  # dresses differ in length
        start = min(max(0, start + shift), max(0, length - self.size))
        window = _window(example, start, min(length, start + self.size))
        return {**window, "queries": _fewer_mentions(window["queries"])}


def _fewer_mentions(queries: list[Any]) -> list[Any]:
    """The links of a window, of its mentions a few at random: they would be most of the work."""
    mentions = [q for q in queries if q[0] == LINKS.index("antecedent")]
    others = [q for q in queries if q[0] != LINKS.index("antecedent")]
    chosen = torch.randperm(len(mentions))[:_MOST_MENTIONS]
    return others + [mentions[int(index)] for index in chosen]


def _window(example: _Example, start: int, end: int) -> dict[str, Any]:
    tokens = example.tokens
    queries = []
    for kind, first, last, targets in example.queries:
        if first < start or last >= end:
            continue
        inside = [(a, b) for a, b in targets if a >= start and b <= end]
        if targets and not inside and kind != LINKS.index("antecedent"):
            continue  # what it links to lies outside: neither a target nor none
        queries.append(
            (kind, first - start, last - start, [(a - start, b - start) for a, b in inside])
        )
    return {
        "input_ids": tokens.ids[start:end],
        **{name: values[start:end] for name, values in tokens.features.items()},
        "tags": example.tags[start:end],
        "names": example.names[start:end],
        "queries": queries,
    }


def _example(record: Mapping[str, Any], tokenizer: Any) -> _Example:
    (tokens,) = tokenize([record["text"]], tokenizer)
    tags = np.zeros(len(tokens), dtype=np.int64)
    quotations = record.get("quotations")
    if quotations is None:
        tags[:] = IGNORED
    real = [q for q in quotations or [] if q["kind"] != "none"]
    for quotation in real:
        for role in ("source", "cue", "content"):
            _mark(tags, tokens, quotation.get(role) or [], TAGS.index(f"B-{role}"))
    queries = []
    stretches = [] if quotations is None else [q[:2] for q in tokens.quoted if q.depth == 0]
    for query in (*_quotation_queries(real, stretches), *_mention_queries(record)):
        first, end = tokens.within(*query.span)
        if end > first:
            targets = [tokens.within(*target) for target in query.targets]
            queries.append((query.kind, first, end - 1, [(a, b) for a, b in targets if b > a]))
    return _Example(tokens, tags, _name_labels(record, tokens), queries)


def _mark(labels: Ints, tokens: Tokens, spans: Iterable[Sequence[int]], begin: int) -> None:
    for start, end in spans:
        first, last = tokens.within(start, end)
        if last > first:
            labels[first] = begin
            labels[first + 1 : last] = begin + 1


def _name_labels(record: Mapping[str, Any], tokens: Tokens) -> Ints:
    silver = record.get("silver")
    if not silver:
        return np.full(len(tokens), IGNORED, dtype=np.int64)
    labels = np.zeros(len(tokens), dtype=np.int64)
    for start, end, kind in silver["entities"]:
        if kind in _NAME_TYPES:
            _mark(labels, tokens, [(start, end)], NAMES.index(f"B-{_NAME_TYPES[kind]}"))
    return labels


def _quotation_queries(
    quotations: Sequence[Mapping[str, Any]], stretches: Sequence[tuple[int, int]]
) -> Iterable[_Query]:
    """Links of every content, and of every stretch between marks, attributed or not."""
    source, cue = LINKS.index("source"), LINKS.index("cue")
    attributed = set()
    for quotation in quotations:
        sources = tuple(map(tuple, quotation.get("source") or []))
        cues = tuple(map(tuple, quotation.get("cue") or []))
        contents = {tuple(span) for span in quotation["content"]}
        for stretch in stretches:
            if any(_overlap(stretch, span) * 2 > stretch[1] - stretch[0] for span in contents):
                attributed.add(stretch)
                contents.add(stretch)
        for span in contents:
            yield _Query(source, span, sources)
            yield _Query(cue, span, cues)
    for stretch in stretches:
        if stretch not in attributed:
            yield _Query(source, stretch, ())
            yield _Query(cue, stretch, ())


def _mention_queries(record: Mapping[str, Any]) -> Iterable[_Query]:
    silver = record.get("silver")
    chains = silver["coreference"] if silver else []
    entities = [e for e in record.get("entities") or [] if e["type"] in _REFERENTS]
    chains = [*chains, *(entity["mentions"] for entity in entities)]
    for chain in chains:
        mentions = [
            (start, end)
            for start, end in sorted(map(tuple, chain))
            if len(record["text"][start:end].split()) <= _LONGEST_MENTION
        ]
        for number, mention in enumerate(mentions):
            earlier = tuple(m for m in mentions[:number] if m[1] <= mention[0])
            yield _Query(LINKS.index("antecedent"), mention, earlier)


def _overlap(a: Sequence[int], b: Sequence[int]) -> int:
    return max(0, min(a[1], b[1]) - max(a[0], b[0]))


def collate(windows: Sequence[Mapping[str, Any]], tokenizer: Any) -> dict[str, torch.Tensor]:
    """A batch of windows: padded, special tokens around each, links as masks over tokens."""
    length = max(len(window["input_ids"]) for window in windows) + 2
    shape = (len(windows), length)
    arrays: dict[str, NDArray[Any]] = {
        "input_ids": np.full(shape, tokenizer.pad_token_id, dtype=np.int64),
        "attention_mask": np.zeros(shape, dtype=np.int64),
        "tags": np.full(shape, IGNORED, dtype=np.int64),
        "names": np.full(shape, IGNORED, dtype=np.int64),
        **{k: np.zeros(shape, dtype=np.int64) for k in ("case_shapes", "mark_places", "breaks")},
    }
    rows, kinds, firsts, lasts, places, allowed, targets = ([] for _ in range(7))
    for row, window in enumerate(windows):
        size = len(window["input_ids"])
        for name, array in arrays.items():
            if name in window:
                array[row, 1 : size + 1] = window[name]
        arrays["attention_mask"][row, : size + 2] = 1
        arrays["input_ids"][row, 0] = tokenizer.cls_token_id
        arrays["input_ids"][row, size + 1] = tokenizer.sep_token_id
        for kind, first, last, spans in window["queries"]:
            place = link_places(first, last, window)
            target = np.zeros(length + 1, dtype=bool)
            for start, end in spans:
                target[start + 1 : end + 1] = True
            target[-1] = not spans
            mask = np.zeros(length + 1, dtype=bool)
            mask[1 : size + 1] = True
            mask[first + 1 : last + 2] = False
            if kind == LINKS.index("antecedent"):
                mask[first + 1 : size + 1] = False
            mask[-1] = True
            rows.append(row)
            kinds.append(kind)
            firsts.append(first + 1)
            lasts.append(last + 1)
            places.append(np.pad(place, ((0, 0), (1, length - size - 1))))
            allowed.append(mask | target)
            targets.append(target)
    links = {
        "link_rows": np.array(rows, dtype=np.int64),
        "link_kinds": np.array(kinds, dtype=np.int64),
        "link_firsts": np.array(firsts, dtype=np.int64),
        "link_lasts": np.array(lasts, dtype=np.int64),
        "link_places": np.array(places, dtype=np.int64)
        .reshape(-1, len(PLACES), length)
        .swapaxes(0, 1),
        "link_allowed": np.array(allowed, dtype=bool).reshape(-1, length + 1),
        "link_targets": np.array(targets, dtype=bool).reshape(-1, length + 1),
    }
    return {
        name: torch.from_numpy(np.ascontiguousarray(array))
        for name, array in {**arrays, **links}.items()
    }
