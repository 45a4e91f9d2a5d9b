"""Cold start: import, load and the first article, each time in a fresh process.

The files have been read before, so that the system has them in memory: what a command costs
that is called again and again, not the first one after the machine was started.
"""

from __future__ import annotations

from quotestance.benchmark.measuring import Row, in_fresh_process, spread
from quotestance.benchmark.plan import Plan

PARTS = ("import_s", "load_s", "first_s", "process_s")


def measure(plan: Plan) -> list[Row]:
    """Seconds of each part; ``process_s`` is all, with the interpreter's own start and end."""
    rows = []
    for setting in plan.settings():
        arguments = {
            "engine": setting.engine,
            "device": setting.device,
            "quotations": plan.quotations,
            "stance": plan.stance,
            "text": plan.sample(1)[0],
        }
        in_fresh_process("start", **arguments)
        found = [in_fresh_process("start", **arguments) for _ in range(plan.repeats)]
        row: Row = {
            "what": f"quotestance {found[0]['engine']}",
            "peak_mb": spread([each["peak_mb"] for each in found]),
        }
        rows.append(row | {part: spread([each[part] for each in found]) for part in PARTS})
    return rows
