"""Fuzzes one target: python tests/fuzz/run.py marks|readers|jsonl [--seconds 600]

Needs `pip install 'quotestance[fuzz]'`. It starts from seeds made of tests/samples/, prints how
many inputs were run, and writes that to RECORDS; an input that fails stands in the folder that is
told, and belongs into `FOUND` of tests/test_fuzz.py with its mend.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path

HERE = Path(__file__).resolve().parent
RECORDS = HERE.parent.parent / "benchmarks" / "records"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("target", choices=("marks", "readers", "jsonl"))
    parser.add_argument("--seconds", type=int, default=600)
    parser.add_argument("--fuzzer", nargs="*", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.fuzzer is not None:
        return _fuzz(options.target, options.fuzzer)
    folder = Path(tempfile.mkdtemp(prefix=f"fuzz-{options.target}-"))
    (folder / "corpus").mkdir()
    sys.path[:0] = [str(HERE)]
    from seeds import dictionary, seeds

    for number, seed in enumerate(seeds(options.target)):
        (folder / "corpus" / f"seed{number}").write_bytes(seed)
    (folder / "words").write_text(dictionary(options.target), "utf-8")
    command = [sys.executable, __file__, options.target, "--fuzzer", str(folder)]
    command.append(str(options.seconds))
    done = subprocess.run(command, capture_output=True, text=True, check=False, errors="replace")
    counted = re.search(r"number_of_executed_units: *(\d+)", done.stderr)
    runs = int(counted[1]) if counted else 0
    failures = sorted(path.name for path in folder.glob("crash-*")) + sorted(
        path.name for path in folder.glob("timeout-*")
    )
    record = {
        "date": date.today().isoformat(),
        "seconds": options.seconds,
        "executions": runs,
        "failures": len(failures),
    }
    print(f"{options.target}: {record}")
    if failures or done.returncode:
        print(f"see {folder}: {failures}\n{done.stderr[-3000:]}")
        return 1
    RECORDS.mkdir(exist_ok=True)
    path = RECORDS / f"fuzz-{options.target}.json"
    path.write_text(json.dumps(record, indent=2) + "\n", "utf-8")
    return 0


def _fuzz(target: str, arguments: list[str]) -> int:
    """Runs the fuzzer in this process, which it ends."""
    import atheris

    folder, seconds = arguments
    sys.path[:0] = [str(HERE)]
    with atheris.instrument_imports(include=["quotestance"]):
        from targets import TARGETS
    flags = [
        f"-max_total_time={seconds}", "-timeout=10", "-rss_limit_mb=2048", "-max_len=4096",
        "-print_final_stats=1", f"-artifact_prefix={folder}/", f"-dict={folder}/words",
    ]  # fmt: skip
    atheris.Setup([sys.argv[0], *flags, f"{folder}/corpus"], TARGETS[target])
    atheris.Fuzz()
    return 0


if __name__ == "__main__":
    sys.exit(main())
