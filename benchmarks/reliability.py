"""What was tried to break the package, as docs/reliability.md.

    python benchmarks/reliability.py            # writes the table from benchmarks/records/
    python benchmarks/reliability.py --run      # first the properties and giant texts; an hour

The fuzzing records come from `python tests/fuzz/run.py marks|readers|jsonl`.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parent.parent
RECORDS = ROOT / "benchmarks" / "records"
PAGE = ROOT / "docs" / "reliability.md"
EXAMPLES = 1000  # of each property, in the profile "nightly"
SUITES = {
    "folders": (
        "damaged, swapped, tampered model folders, disk full, no write access",
        "model_folders",
    ),
    "pages": (
        "injections in texts, names, ids, titles of every page, in a parser and a browser",
        "inert",
    ),
    "patterns": ("regular expressions on long runs and repeats of all classes", "patterns"),
    "hard": ("hard texts of our own with the right answer", "hard"),
    "extras": ("an optional library missing: imports, and what is said where it is used", "extras"),
    "streams": (
        "long runs interrupted, killed and resumed, disk full, damaged inputs, every format",
        "streams",
    ),
}
_HEAD = """# Reliability

What was tried to break the package, and what came of it. `python benchmarks/reliability.py`
writes this page from the records of the runs; times are seconds of one core.

| tried | inputs | result | seconds | command |
|---|---|---|---|---|
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--run", action="store_true", help="run what makes the records, first")
    if parser.parse_args().run:
        _suite("properties", ["tests/test_properties.py", "tests/test_fuzz.py"], nightly=True)
        _suite("giants", ["tests/test_giants.py"], nightly=True)
        for name, (_, module) in SUITES.items():
            _suite(name, [f"tests/test_{module}.py"])
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(_HEAD + "".join(map(_row, _rows())) + _giants(), "utf-8")


def _suite(name: str, files: list[str], nightly: bool = False) -> None:
    """Runs tests and notes how many of them passed and how long they took."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        environment = {**os.environ, "HYPOTHESIS_PROFILE": "nightly" if nightly else "ci"}
        command = [sys.executable, "-m", "pytest", "-q", *files, f"--junitxml={report}"]
        subprocess.run(command, cwd=ROOT, env=environment, check=False)
        note(name, report, nightly)


def note(name: str, report: Path, nightly: bool) -> None:
    """Writes the record of a suite from pytest's report."""
    suite = ElementTree.parse(report).getroot()[0]
    cases = [case for case in suite if case.tag == "testcase"]
    expected = sum(case.find("skipped") is not None for case in cases)
    record = {
        "tests": len(cases),
        "failures": int(suite.get("failures", 0)) + int(suite.get("errors", 0)),
        "skipped or known wrong": expected,
        "seconds": round(float(suite.get("time", 0))),
    }
    if nightly:
        # Of tests that draw their inputs; the others have inputs of their own.
        drawn = [
            c
            for c in cases
            if "properties" in c.get("classname", "") or "damaged" in c.get("name", "")
        ]
        record["properties"], record["examples"] = len(drawn), EXAMPLES * len(drawn)
    _write(name, record)


def _write(name: str, record: dict[str, int]) -> None:
    RECORDS.mkdir(exist_ok=True)
    (RECORDS / f"{name}.json").write_text(json.dumps(record, indent=2) + "\n", "utf-8")


def _read(name: str) -> dict[str, object] | None:
    path = RECORDS / f"{name}.json"
    return json.loads(path.read_text("utf-8")) if path.exists() else None


def _rows() -> list[tuple[object, ...]]:
    rows: list[tuple[object, ...]] = []
    if record := _read("properties"):
        rows.append(
            (
                "properties of every stage on any Unicode and random nestings of marks",
                f"{record['properties']} properties, {record['examples']:,} examples",
                _found(record), record["seconds"], "`make nightly`",
            )
        )  # fmt: skip
    for target in ("marks", "readers", "jsonl"):
        if record := _read(f"fuzz-{target}"):
            rows.append(
                (
                    f"fuzzing with atheris: {target}", f"{record['executions']:,} executions",
                    f"{record['failures']} crashes or hangs", record["seconds"],
                    f"`python tests/fuzz/run.py {target}`",
                )
            )  # fmt: skip
    for name, (words, module) in SUITES.items():
        if record := _read(name):
            command = f"`pytest tests/test_{module}.py`"
            rows.append((words, record["tests"], _result(record), record["seconds"], command))
    return rows


def _result(record: dict[str, object]) -> str:
    known = record["skipped or known wrong"]
    return f"{record['failures']} failures" + (f", {known} skipped or known wrong" if known else "")


def _found(record: dict[str, object]) -> str:
    mended = record.get("found in this run, mended and run again")
    return _result(record) + (f" left; {mended} found, mended and run again" if mended else "")


def _row(cells: tuple[object, ...]) -> str:
    return f"| {' | '.join(map(str, cells))} |\n"


def _giants() -> str:
    found = _read("giants")
    if not found:
        return ""
    head = """
## A million characters

Everything but the encoder, whose time is the same for every token (`make nightly`).
A test holds the memory for four times the text under six times that for the text.

| text | characters | quotations | seconds |
|---|---|---|---|
"""
    rows = (
        _row((shape, f"{r['characters']:,}", f"{r['quotations']:,}", r["seconds"]))  # type: ignore[index]
        for shape, r in found.items()
    )
    return head + "".join(rows)


if __name__ == "__main__":
    main()
