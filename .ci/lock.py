"""Pins the development environment: .venv/bin/python .ci/lock.py > constraints.txt

Prints what the project and its extras need, and what that needs in turn, at the versions that
are installed here. What is not installed (an extra that was left out) is told on standard error.
"""

import sys
import tomllib
from importlib.metadata import PackageNotFoundError, distribution
from itertools import chain
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

PROJECT = tomllib.loads((Path(__file__).parent.parent / "pyproject.toml").read_text("utf-8"))[
    "project"
]


def main() -> None:
    extras = PROJECT["optional-dependencies"].values()
    waiting = [Requirement(r) for r in (*PROJECT["dependencies"], *chain(*extras))]
    pins: dict[str, str] = {}
    seen: set[str] = set()
    while waiting:
        requirement = waiting.pop()
        if str(requirement) in seen:
            continue
        seen.add(str(requirement))
        name = canonicalize_name(requirement.name)
        try:
            found = distribution(requirement.name)
        except PackageNotFoundError:
            print(f"not installed: {requirement}", file=sys.stderr)
            continue
        if name == "setuptools":  # it comes with the environment, at whatever version
            continue
        pins[name] = Version(found.version).public  # torch is 2.13.0+cpu on machines without a GPU
        for needed in map(Requirement, found.requires or ()):
            chosen = [*requirement.extras, ""]
            if needed.marker is None or any(needed.marker.evaluate({"extra": e}) for e in chosen):
                waiting.append(needed)
    print("# Made by `.venv/bin/python .ci/lock.py > constraints.txt`.")
    for name, version in sorted(pins.items()):
        print(f"{name}=={version}")


if __name__ == "__main__":
    main()
