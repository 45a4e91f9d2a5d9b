"""What the commands say on standard error."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import Any, TypeVar

_PROGRESS_AFTER = 3  # seconds

Item = TypeVar("Item")


def fail(message: str) -> int:
    print(f"quotestance: error: {message}", file=sys.stderr)
    return 2


def tell_warning(message: Warning | str, *_: Any, **__: Any) -> None:
    print(f"quotestance: warning: {message}", file=sys.stderr)


def progress(results: Iterable[Item], done: int) -> Iterable[Item]:
    """The results, with a progress bar on a terminal where the work is long."""
    from tqdm import tqdm

    off = not sys.stderr.isatty()
    bar: Iterable[Item] = tqdm(
        results, initial=done, unit=" texts", disable=off, delay=_PROGRESS_AFTER, file=sys.stderr
    )
    return bar
