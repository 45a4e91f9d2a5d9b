"""What HTML pages share: one file that needs nothing else, in light and dark, and runs nothing."""

from __future__ import annotations

import html
from importlib.resources import files


def page_start(title: str, style: str = "") -> str:
    """A page up to its ``<body>``, with the common style and one of its own behind it."""
    common = files(__package__).joinpath("page.css").read_text("utf-8")
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        # Should an escape be forgotten: no script runs and nothing is fetched.
        '<meta http-equiv="Content-Security-Policy" '
        "content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escaped(title)}</title>\n<style>\n{common}{style}</style>\n</head>\n<body>\n"
    )


PAGE_END = "</body>\n</html>\n"


def escaped(text: str) -> str:
    """Text that is safe in HTML, and can be encoded: half of a surrogate pair becomes "?"."""
    return html.escape(text).encode("utf-8", "replace").decode("utf-8")
