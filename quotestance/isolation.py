"""One input that cannot be analysed must not take the others of its batch with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


def analysed(
    analyse: Callable[[Sequence[Item]], Iterable[Result]], batch: Sequence[Item]
) -> list[Result | Exception]:
    """The results of a batch; where it raises, those of its items one by one, or what each raised.

    A batch too large for the memory of a GPU is thus done in single steps.
    """
    try:
        return list(analyse(batch))
    except Exception as error:
        if len(batch) == 1:
            return [error]
        return [result for item in batch for result in analysed(analyse, [item])]


def reason(error: Exception) -> str:
    """What was raised, in a line."""
    return f"{type(error).__name__}: {str(error).strip().splitlines()[0] if str(error) else ''}"
