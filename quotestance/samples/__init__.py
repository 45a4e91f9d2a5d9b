"""Articles and quotations written for quotestance, to try it on and to learn from.

``README.md`` in this folder is their card: what they are, how they are annotated, their limits.
"""

from __future__ import annotations

from pathlib import Path

_FOLDER = Path(__file__).parent


def path(name: str = "corpus.jsonl") -> Path:
    """Where a sample lies: ``corpus.jsonl``, ``article.txt``, ``stances_train.csv``, …

    Raises FileNotFoundError, which names the samples there are.
    """
    found = _FOLDER / name
    if name not in names():
        raise FileNotFoundError(f"no sample {name!r}; there are {', '.join(names())}")
    return found


def names() -> list[str]:
    """The names of all samples."""
    return sorted(file.name for file in _FOLDER.iterdir() if file.suffix in _ENDINGS)


_ENDINGS = (".csv", ".jsonl", ".txt")
