"""What the stance classifier learns from: items of DATA, and those of our own beside them."""

from __future__ import annotations

import importlib.util
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

from quotestance.corpora.jsonl import read_records
from quotestance.names.swapping import swap_countries, swap_people
from quotestance.stance.inputs import surroundings

HERE = Path(__file__).parent

Record = Mapping[str, Any]


def everything(data: Path, *own: str) -> list[Record]:
    """The training items of DATA, news twice, and what ``own`` names: "labels", or one of OWN."""
    found = [*_train(data), *(labelled(data) if "labels" in own else ())]
    # News is what the model is for, and rare in the data: it counts twice.
    news = [item for item in found if item["genre"] == "news"]
    return [*found, *news, *(item for name in own if name != "labels" for item in OWN[name]())]


def mostly_news(data: Path) -> list[Record]:
    """News and the written agency reports, and as much speech as keeps it from being forgotten."""
    draw = random.Random(5)
    train, ours = _train(data), list(labelled(data))
    news = [item for item in ours if item["genre"] == "news"]
    # Far more of them are none than of the quotations that the model meets.
    none = draw.sample([item for item in news if not item["labels"]], 1500)
    speech = [item for item in train if item["genre"] == "speech"]
    rare = [item for item in speech if item["labels"][:1] in (["dialogue"], ["de-escalation"])]
    usual = [item for item in speech if item not in rare]
    return [
        *(item for item in train if item["genre"] == "news"),
        *(item for item in news if item["labels"]),
        *none,
        *wire(),
        *draw.sample(rare, 500),
        *draw.sample(usual, 1000),
        *draw.sample([item for item in ours if item["genre"] == "speech"], 300),
    ]


def retold(items: Sequence[Record]) -> list[Record]:
    """The items, every second one told of other countries and people: they settle no label."""
    draw = random.Random(0)
    return [_of_others(item, draw) if draw.random() < 0.5 else item for item in items]


def _of_others(item: Record, draw: random.Random) -> Record:
    words = [item["context"], item["text"], item["after"]]
    context, text, after = swap_people(swap_countries(words, draw), draw)
    return {**item, "context": context, "text": text, "after": after}


def _train(data: Path) -> list[Record]:
    return list(read_records(data / "stance" / "train.jsonl"))


def labelled(data: Path) -> Iterator[Record]:
    """The passages of DATA that `labels.jsonl` labels, with the words around them."""
    labels = read_records(HERE / "labels.jsonl")
    texts = {
        (file, record["id"]): record["text"]
        for file in sorted({label["file"] for label in labels})
        for record in read_records(data / file)
    }
    for label in labels:
        text, content = texts[label["file"], label["id"]], label["content"]
        context, after = surroundings(text, content[0][0], content[-1][1])
        speech = "speech" in label["file"]
        yield {
            "id": f"{label['id']}:{content[0][0]}",
            "text": " ".join(text[start:end] for start, end in content),
            # Those of speech have the surroundings that such items of DATA have.
            "context": context[-200:] if speech else context,
            "after": "" if speech else after,
            "labels": label["labels"],
            "genre": "speech" if speech else "news",
            "doc": label["id"],
        }


def stories() -> Iterator[Record]:
    """The written stories with half of their stances, which they have far more of than news."""
    draw = random.Random(0)
    for item in written("items").items("stories"):
        if not item["labels"] or draw.random() < 0.5:
            yield item


def wire() -> Iterator[Record]:
    """The written agency reports, where stances are about as frequent as in news."""
    yield from written("items").items("wire")


def templates() -> Iterator[Record]:
    """Quotations made from the written templates."""
    yield from written("generate").items()


OWN: dict[str, Callable[[], Iterator[Record]]] = {
    "templates": templates,
    "stories": stories,
}


def written(module: str) -> ModuleType:
    """A module of `written/`."""
    spec = importlib.util.spec_from_file_location(module, HERE / "written" / f"{module}.py")
    if spec is None or spec.loader is None:
        raise ImportError(f"models/written/{module}.py is missing")
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found
