"""What mkdocs does to pages of this site beside its plugins."""

from __future__ import annotations

import argparse
import os
import re
from typing import Any

from quotestance.cli import make_parser

COMMANDS = "<!-- the commands -->"
_ROLE = re.compile(r":(?:func|class|meth|mod|data):(?=<code>|`)")


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Puts the help of every command where a page asks for it."""
    return markdown.replace(COMMANDS, "\n\n".join(command_help()))


def on_page_content(html: str, **_: Any) -> str:
    """Docstrings name functions with roles, which mean nothing in Markdown."""
    return _ROLE.sub("", html)


def command_help() -> list[str]:
    """A section for each command, those of commands of commands too."""
    os.environ["COLUMNS"] = "88"
    return [
        f"## {parser.prog}\n\n```text\n{parser.format_help()}```"
        for parser in parsers(make_parser())
    ]


def parsers(parser: argparse.ArgumentParser) -> list[argparse.ArgumentParser]:
    """A parser and those of its commands."""
    found = [parser]
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for command in action.choices.values():
                found.extend(parsers(command))
    return found
