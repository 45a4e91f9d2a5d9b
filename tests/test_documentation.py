"""Every block of code and every command of the README and the documentation runs as it stands.

The blocks of a page run one after the other, in one folder of its own that has the samples where a
checkout has them. Of a block of ``python`` the statements are run, of ``bash`` the commands, which
end with status 0 or the one in a comment behind them, ``# exit status 1``. A block of ``console``
has commands behind ``$`` and what they print, in which ``...`` stands for anything. A block of
another language whose title is the name of a file becomes that file. A block with the title
``Not run: REASON`` is left out.
"""

import contextlib
import doctest
import io
import os
import re
import shlex
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import NamedTuple

import pytest

from quotestance import cli, samples

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
FENCE = re.compile(
    r"^(?P<indent> *)```(?P<language>[\w-]*)(?P<info>[^\n`]*)\n(?P<code>.*?)^(?P=indent)``` *$",
    re.MULTILINE | re.DOTALL,
)
SHELL = re.compile(r"[|<>&;*$`]")
STATUS = re.compile(r"# exit status (\d)")
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


class Block(NamedTuple):
    line: int
    language: str
    title: str
    code: str


def blocks(page):
    text = page.read_text("utf-8")
    for match in FENCE.finditer(text):
        title = re.search(r'title="([^"]*)"', match["info"])
        yield Block(
            text.count("\n", 0, match.start()) + 2,
            match["language"],
            title[1] if title else "",
            textwrap.dedent(match["code"]),
        )


def commands(code):
    """The commands of a block; those with a text behind << are one with all that follows."""
    if "<<" in code:
        return [code]
    return [line for line in code.replace("\\\n", " ").splitlines() if line.strip()]


def told(code):
    """The commands of a console block, each with what it prints."""
    parts = re.split(r"^\$ ", code, flags=re.MULTILINE)[1:]
    for part in parts:
        command, _, output = part.replace("\\\n", " ").partition("\n")
        yield command, output


def execute(command):
    """Exit status, standard output and standard error of a command."""
    words = shlex.split(command, comments=True)
    if words[:1] == ["quotestance"] and not SHELL.search(command):
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            status = cli.main(words[1:])
        return status, out.getvalue(), err.getvalue()
    run = subprocess.run(
        ["bash", "-ec", command], capture_output=True, text=True, timeout=300, check=False
    )
    return run.returncode, run.stdout, run.stderr


def run(block, page, namespace):
    place = f"{page.relative_to(ROOT)}, line {block.line}"
    if block.title.startswith("Not run: "):
        return
    if block.language == "python":
        exec(compile("\n" * (block.line - 1) + block.code, str(page), "exec"), namespace)
    elif block.language in ("bash", "sh", "shell"):
        for command in commands(block.code):
            status, _, err = execute(command)
            expected = int(match[1]) if (match := STATUS.search(command)) else 0
            assert status == expected, f"{place}: {command}: status {status}\n{err}"
    elif block.language == "console":
        for command, output in told(block.code):
            status, out, err = execute(command)
            found = err if status else out
            if output.strip():
                same = doctest.OutputChecker().check_output(output, found, FLAGS)
                assert same, f"{place}: {command} prints\n{found}"
            else:
                assert status == 0, f"{place}: {command}: status {status}\n{err}"
    elif re.fullmatch(r"[\w-]+\.\w+", block.title):
        Path(block.title).write_text(block.code, "utf-8")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder with what a checkout has and the pages use."""
    shutil.copytree(samples.path().parent, tmp_path / "quotestance" / "samples")
    for name in ("models", "benchmarks", "samples", "notebooks"):
        (tmp_path / name).symlink_to(ROOT / name)
    monkeypatch.chdir(tmp_path)
    beside = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(beside))
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("COLUMNS", "100")
    return tmp_path


def title(page):
    return str(page.relative_to(ROOT))


@pytest.mark.docs
@pytest.mark.parametrize("page", PAGES, ids=title)
def test_code_and_commands_run(page, folder):
    namespace = {"__name__": "__main__"}
    for block in blocks(page):
        run(block, page, namespace)


@pytest.mark.parametrize("page", PAGES, ids=title)
def test_blocks_have_a_language_and_a_reason_not_to_run(page):
    for block in blocks(page):
        assert block.language, f"{title(page)}, line {block.line}: name the language, or text"
        if block.title.lower().startswith("not"):
            assert re.fullmatch(r"Not run: \w.{8,}", block.title), block.title


def test_blocks_are_found_run_and_checked(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    page = ROOT / "README.md"
    run(Block(1, "json", "a.json", "[1]"), page, {})
    assert Path("a.json").read_text("utf-8") == "[1]"
    run(Block(1, "console", "", "$ echo one two\none ...\n$ cat a.json\n[1]\n"), page, {})
    run(Block(1, "bash", "Not run: it would fail", "false"), page, {})
    run(Block(1, "bash", "", "false  # exit status 1"), page, {})
    with pytest.raises(AssertionError, match=r"README\.md, line 7: echo one prints\s+one"):
        run(Block(7, "console", "", "$ echo one\ntwo\n"), page, {})
    with pytest.raises(AssertionError, match=r"README\.md, line 7: false: status 1"):
        run(Block(7, "bash", "", "true\nfalse\n"), page, {})
    with pytest.raises(ZeroDivisionError):
        run(Block(7, "python", "", "1 / 0"), page, {})


def test_the_table_of_stances_shows_what_the_model_says(pipeline):
    page = (ROOT / "docs" / "explanation" / "stances.md").read_text("utf-8")
    rows = re.findall(r"^\| (“[^”]*”)[^|]*\| ([^|]*) \| ([^|]*) \|$", page, re.MULTILINE)
    assert len(rows) > 10
    labels = [s.label for s in pipeline.classifier.predict([words for words, _, _ in rows])]
    right = [
        (words, rule, label if label == rule.split(", ")[0] else f"**{label}**")
        for (words, rule, _), label in zip(rows, labels, strict=True)
    ]
    assert rows == right
