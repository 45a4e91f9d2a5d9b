"""Imports of the package flow one way, as the page on how it works inside says."""

import ast
import graphlib
import re
from pathlib import Path

import pytest

import quotestance

ROOT = Path(quotestance.__file__).parent
PAGE = ROOT.parent / "docs" / "explanation" / "inside.md"
STEPS = {"quotations", "speakers", "roles", "stance"}
ABOVE = {"pipeline", "integrations", "labelling", "benchmark", "commands", "cli"}
# What a part must not know, besides itself.
UNKNOWN: dict[str, set[str] | None] = {
    "document": None,  # anything of the package
    "marks": None,
    "vocabulary": None,
    **{step: STEPS | ABOVE | {"tables", "html", "errors"} for step in STEPS},
    "stance": STEPS | ABOVE | {"tables", "errors"},  # explanations are shown in notebooks
    "evaluation": STEPS | ABOVE | {"tables", "html", "errors"},
    "engines": STEPS | ABOVE | {"evaluation", "corpora"},
    "pipeline": ABOVE | {"tables", "html", "errors", "corpora"},
}


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT.parent).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


MODULES = {name_of(path): path for path in ROOT.rglob("*.py")}


def imported(module: str) -> set[str]:
    """The modules of the package that a module imports when it is imported itself."""
    waiting: list[ast.AST] = [ast.parse(MODULES[module].read_text("utf-8"))]
    found = set()
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.ImportFrom):
            names = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= {name if name in MODULES else str(node.module) for name in names}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif not isinstance(node, ast.FunctionDef) and not (
            isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        ):
            waiting.extend(ast.iter_child_nodes(node))
    return {name for name in found if name in MODULES and name != "quotestance"}


def part_of(module: str) -> str:
    return module.split(".")[1]


@pytest.mark.parametrize("part", UNKNOWN)
def test_a_part_knows_those_below_it_only(part):
    mine = [module for module in MODULES if "." in module and part_of(module) == part]
    known = {part_of(name) for module in mine for name in imported(module)} - {part}
    unknown = UNKNOWN[part]
    assert not (known if unknown is None else known & unknown)


def test_no_modules_import_each_other():
    graph = {module: imported(module) - {module} for module in MODULES}
    graphlib.TopologicalSorter(graph).prepare()


def test_the_page_names_every_part():
    parts = {part_of(module) for module in MODULES if "." in module} - {"__main__"}
    text = PAGE.read_text("utf-8")
    assert not {p for p in parts if not re.search(rf"`{p}(\.py|/[\w.]*)`", text)}
