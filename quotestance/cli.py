"""The command line: its parser put together, and what becomes of errors.

Exit status: 0 all done, 1 some inputs failed (each named on standard error), 2 nothing done or
ended by an error, 130 interrupted.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

import quotestance
from quotestance.commands import (
    analyze,
    convert,
    evaluate,
    export,
    import_labels,
    report,
    stance,
    train,
)
from quotestance.commands.messages import fail, tell
from quotestance.document import LayoutError
from quotestance.hub import ModelError

COMMANDS = (analyze, report, stance, evaluate, train, convert, export, import_labels)


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs a command and returns its exit status."""
    os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
    options = make_parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except (LayoutError, ModelError, ValueError) as error:
        return fail(str(error))
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        return fail(f"{place}{(error.strerror or str(error)).lower()}")
    except KeyboardInterrupt:
        tell("interrupted")
        return 130


def make_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="quotestance", description="Who said what in the news, and what they do with it."
    )
    parser.add_argument("--version", action="version", version=quotestance.__version__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for command in COMMANDS:
        command.add(commands)
    return parser


if __name__ == "__main__":
    sys.exit(main())
