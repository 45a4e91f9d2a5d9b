"""Everything public is documented: names, parameters, errors, commands and their options."""

import argparse
import inspect
import re
from pathlib import Path

import pytest

import quotestance
from quotestance import cli
from quotestance.cli import make_parser

REFERENCE = Path(__file__).parent.parent / "docs" / "reference"
NAMES = [name for name in quotestance.__all__ if name != "__version__"]


def functions(name):
    """The functions behind a public name: itself, or its public methods and properties."""
    thing = getattr(quotestance, name)
    if not inspect.isclass(thing):
        return {name: thing}
    found = {}
    for member, value in vars(thing).items():
        value = getattr(value, "fget", getattr(value, "__func__", value))
        if inspect.isfunction(value) and not member.startswith("_"):
            found[f"{name}.{member}"] = value
    return found


FUNCTIONS = {key: value for name in NAMES for key, value in functions(name).items()}


@pytest.mark.parametrize("name", NAMES)
def test_public_name_has_a_docstring_of_its_own(name):
    text = getattr(quotestance, name).__doc__
    assert text
    assert not text.startswith(f"{name}("), "the one that dataclass makes"


@pytest.mark.parametrize("name", NAMES)
def test_public_name_is_in_the_reference(name):
    pages = "\n".join(page.read_text("utf-8") for page in REFERENCE.glob("*.md"))
    entry = f"::: quotestance.{name}"
    assert re.search(rf"^{re.escape(entry)}$", pages, re.MULTILINE), (
        f"add the line {entry!r} to a page of docs/reference/"
    )


@pytest.mark.parametrize("name", FUNCTIONS)
def test_public_function_has_a_docstring(name):
    assert FUNCTIONS[name].__doc__


@pytest.mark.parametrize("name", [name for name in FUNCTIONS if name in NAMES])
def test_docstring_of_a_function_names_its_parameters(name):
    text = FUNCTIONS[name].__doc__
    for parameter in inspect.signature(FUNCTIONS[name]).parameters:
        assert re.search(rf"\b{parameter}\b", text), f"{parameter} is not in the docstring"


@pytest.mark.parametrize("name", FUNCTIONS)
def test_docstring_tells_the_errors(name):
    function = FUNCTIONS[name]
    if re.search(r"^\s+raise \w", inspect.getsource(function), re.MULTILINE):
        assert re.search(r"\b[Rr]aises?\b", function.__doc__), "the docstring tells no error"


def commands(parser):
    yield parser
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for command in action.choices.values():
                yield from commands(command)


COMMANDS = {parser.prog: parser for parser in commands(make_parser())}


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_has_a_help_text(name):
    shown = (a for a in COMMANDS[name]._actions if not isinstance(a, argparse._SubParsersAction))
    bare = ["/".join(a.option_strings) or a.dest for a in shown if not a.help]
    assert not bare, f"no help for {', '.join(bare)}"


@pytest.mark.parametrize("name", COMMANDS)
def test_help_is_printed(name, capsys):
    with pytest.raises(SystemExit) as stopped:
        make_parser().parse_args([*name.split()[1:], "--help"])
    assert stopped.value.code == 0
    assert capsys.readouterr().out.startswith(f"usage: {name} ")


def test_every_command_says_what_it_is_for():
    (action,) = (a for a in make_parser()._actions if isinstance(a, argparse._SubParsersAction))
    told = {choice.dest: choice.help for choice in action._choices_actions}
    assert set(told) == set(action.choices)
    assert all(told.values())


def test_every_exit_status_is_in_the_reference():
    page = (REFERENCE / "command-line.md").read_text("utf-8")
    statuses, told = (
        re.findall(r"\b\d+(?= )", text.partition("Exit status")[2]) for text in (cli.__doc__, page)
    )
    assert "130" in statuses
    assert set(statuses) == set(told)
