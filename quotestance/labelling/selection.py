"""Which quotations to label: in what order, and how many of them."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

from quotestance.document import LayoutError
from quotestance.labelling.tasks import Task, numbered


def select(
    tasks: Sequence[Task],
    order: str = "text",
    number: int | None = None,
    *,
    balanced: bool = False,
    seed: int = 0,
) -> list[Task]:
    """The first ``number`` tasks (all by default) in an order, numbered anew.

    "text" is as they stand; "random" is a sample, drawn with ``seed``; "uncertain" puts first
    those between whose two likeliest labels the model wavers most (margin sampling, Scheffer
    et al. 2001): they teach it most, but measure nothing, being the hard ones. ``balanced``
    takes one of each predicted label in turn, as long as there are some. Raises LayoutError
    where that needs predictions and a task has none.
    """
    orders: dict[str, Callable[[], list[Task]]] = {
        "text": lambda: list(tasks),
        "random": lambda: random.Random(seed).sample(tasks, len(tasks)),
        "uncertain": lambda: sorted(tasks, key=_margin),
    }
    if order not in orders:
        raise ValueError(f"order {order!r} is not one of {', '.join(orders)}")
    ordered = orders[order]()
    return numbered((_in_turn(ordered) if balanced else ordered)[:number])


def _margin(task: Task) -> float:
    if task.stance is None or len(task.stance.probabilities) < 2:
        raise LayoutError(
            f"quotation {task.id!r} has no probabilities to tell how uncertain it is: run analyze "
            "on its text first"
        )
    first, second = sorted(task.stance.probabilities.values())[:-3:-1]
    return first - second


def _in_turn(tasks: Sequence[Task]) -> list[Task]:
    """One task of each predicted label after the other, each label's in their order."""
    seen: dict[str, int] = {}
    rounds = []
    for task in tasks:
        if task.stance is None:
            raise LayoutError(
                f"quotation {task.id!r} has no predicted stance to balance by: run analyze on "
                "its text first"
            )
        seen[task.stance.label] = seen.get(task.stance.label, 0) + 1
        rounds.append(seen[task.stance.label])
    return [tasks[n] for n in sorted(range(len(tasks)), key=rounds.__getitem__)]
