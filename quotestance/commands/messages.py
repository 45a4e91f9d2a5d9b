"""What the commands say on standard error."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

_PROGRESS_AFTER = 3  # seconds

Item = TypeVar("Item")


def fail(message: str) -> int:
    """Tells an error that ends the command; its exit status."""
    tell(f"error: {message}")
    return 2


def tell(message: str) -> None:
    """Writes a line to standard error, above a progress bar where there is one."""
    from tqdm import tqdm

    tqdm.write(f"quotestance: {message}", file=sys.stderr)


@contextmanager
def warnings_told() -> Iterator[None]:
    """Tells what is warned of as the other messages are told."""

    def show(message: Warning | str, *_: Any, **__: Any) -> None:
        tell(f"warning: {message}")

    with warnings.catch_warnings():
        warnings.showwarning = show
        yield


def progress(results: Iterable[Item], done: int = 0, total: int | None = None) -> Iterable[Item]:
    """The results, with rate and time left on a terminal where the work is long."""
    from tqdm import tqdm

    bar: Iterable[Item] = tqdm(
        results,
        initial=done,
        total=total,
        unit=" texts",
        smoothing=0.05,
        disable=not sys.stderr.isatty(),
        delay=_PROGRESS_AFTER,
        file=sys.stderr,
    )
    return bar
