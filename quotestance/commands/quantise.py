"""quotestance quantise: the int8 form of a model."""

from __future__ import annotations

import argparse
from typing import Any


def add(commands: Any) -> None:
    parser = commands.add_parser("quantise", help="the int8 form of a model, for fast processors")
    parser.add_argument("folder", metavar="FOLDER", help="a quotation or stance model")
    parser.add_argument(
        "--calibration", metavar="FILE", required=True, help="JSONL with some hundred texts"
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    from quotestance.quantisation import quantise

    for path in quantise(options.folder, options.calibration):
        print(f"{path}  {path.stat().st_size / 1e6:.1f} MB")
    return 0
