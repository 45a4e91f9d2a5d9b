"""Times: warm-up, repeats in turns, medians with spreads, peak memory, fresh processes."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Hashable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

Row = dict[str, Any]

REFERENCE = "torch-fp32 (CPU), all"
"""The engine that others have to agree with, and the quotations it looks for."""

Name = TypeVar("Name", bound=Hashable)


def seconds(run: Callable[[], object]) -> float:
    """How long one call takes."""
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def take_turns(runs: Mapping[Name, Callable[[], object]], repeats: int) -> dict[Name, list[float]]:
    """The seconds of each run, ``repeats`` times, in turns: what slows the machine down for a
    while slows all of them. The caller has warmed them up."""
    times: dict[Name, list[float]] = {name: [] for name in runs}
    for _ in range(repeats):
        for name, run in runs.items():
            times[name].append(seconds(run))
    return times


def spread(values: Sequence[float]) -> dict[str, float]:
    """The median of repeats, the lowest and the highest, and how many there are."""
    return {
        "median": rounded(statistics.median(values)),
        "low": rounded(min(values)),
        "high": rounded(max(values)),
        "repeats": len(values),
    }


def rate(work: float, times: Sequence[float]) -> dict[str, float]:
    """The spread of ``work`` a second, done in each of ``times`` (seconds)."""
    return spread([work / each for each in times])


def rounded(value: float) -> float:
    """Four digits that tell something."""
    return float(f"{value:.4g}")


def in_fresh_process(task: str, **arguments: Any) -> Row:
    """What a function of ``fresh.py`` gives in a process of its own.

    Adds ``process_s``, the seconds from the start of the interpreter to its end. Raises
    ChildProcessError with the last line of standard error where the process fails.
    """
    command = [sys.executable, "-m", "quotestance.benchmark.fresh", task, json.dumps(arguments)]
    start = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    took = time.perf_counter() - start
    if done.returncode:
        lines = done.stderr.strip().splitlines() or [f"exit status {done.returncode}"]
        raise ChildProcessError(f"the fresh process for {task} {arguments} failed: {lines[-1]}")
    row: Row = json.loads(done.stdout.splitlines()[-1])
    return {**row, "process_s": took}


def peak_memory() -> float:
    """The most memory this process has held so far, in MB.

    On Linux this is VmHWM: ``ru_maxrss`` of a process counts what its parent held when it
    started it.
    """
    if sys.platform == "win32":
        import psutil

        return _megabytes(psutil.Process().memory_info().peak_wset)
    status = Path("/proc/self/status")
    for line in status.read_text().splitlines() if status.exists() else ():
        if line.startswith("VmHWM"):
            return _megabytes(int(line.split()[1]) * 1024)
    import resource

    unit = 1 if sys.platform == "darwin" else 1024
    return _megabytes(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit)


def _megabytes(size: int) -> float:
    return round(size / 1e6, 1)
