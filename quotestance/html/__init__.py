"""What HTML pages share: one file that needs nothing else, in light and dark, for any reader."""

from __future__ import annotations

import base64
import hashlib
import html
import json
from collections.abc import Iterable, Iterator
from importlib.resources import files
from itertools import pairwise
from typing import Any, TypeVar

from quotestance.document import Span, encodable
from quotestance.html.palette import style as palette_style

Part = TypeVar("Part")


def page_start(title: str, style: str = "", script: str = "", *, attributes: bool = False) -> str:
    """A page up to its ``<body>``, with the common style and one of its own behind it.

    ``script`` is the one script that may run in the page: give the same text to
    :func:`script_element`. ``attributes`` allows ``style`` attributes.
    """
    css = palette_style() + resource(__package__, "page.css") + style
    # Should an escape be forgotten: no other script or style works and nothing is fetched.
    policy = f"default-src 'none'; base-uri 'none'; form-action 'none'; style-src {_source(css)}"
    if attributes:
        policy += "; style-src-attr 'unsafe-inline'"
    if script:
        policy += f"; script-src {_source(script)}"
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escaped(title)}</title>\n<style>{css}</style>\n</head>\n<body>\n"
    )


PAGE_END = "</body>\n</html>\n"


def script_element(script: str) -> str:
    """The script that :func:`page_start` was told of."""
    return f"<script>{script}</script>\n"


def data_element(name: str, data: Any) -> str:
    """Data for the script of a page: an element with the id ``name`` that holds JSON."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    return f'<script type="application/json" id="{name}">{encodable(text)}</script>\n'


def resource(package: str, name: str) -> str:
    """A text file that lies beside the modules of a package."""
    return files(package).joinpath(name).read_text("utf-8")


def escaped(text: str) -> str:
    """Text that is safe in HTML, and can be encoded: half of a surrogate pair becomes "�"."""
    return encodable(html.escape(text))


def pieces(
    start: int, end: int, parts: Iterable[tuple[Span, Part]], edges: Iterable[int] = ()
) -> Iterator[tuple[int, int, list[tuple[Span, Part]]]]:
    """A stretch of a text cut where parts begin or end, each piece with the parts that cover it.

    It is cut at ``edges``, too.
    """
    waiting = sorted(
        (pair for pair in parts if pair[0].start < end and start < pair[0].end),
        key=lambda pair: pair[0].start,
        reverse=True,
    )
    cuts = {start, end, *edges, *(p for s, _ in waiting for p in (s.start, s.end))}
    covering: list[tuple[Span, Part]] = []
    for left, right in pairwise(sorted(cut for cut in cuts if start <= cut <= end)):
        covering = [pair for pair in covering if pair[0].end > left]
        while waiting and waiting[-1][0].start <= left:
            covering.append(waiting.pop())
        yield left, right, covering


def _source(text: str) -> str:
    """A style or script as a source of the Content Security Policy."""
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return f"'sha256-{digest}'"
