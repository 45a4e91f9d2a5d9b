"""Samples of corpora in their own formats, and documents made for them."""

import csv
import io
import shutil
from pathlib import Path

import pytest
from hypothesis import strategies as st

from quotestance import read_corpus
from quotestance.corpora import FORMATS
from quotestance.corpora.reading import MarkedText
from quotestance.document import Document, LayoutError, Span

SAMPLES = Path(__file__).parent / "samples"
FOLDERS = {name: SAMPLES / name for name in FORMATS if name not in ("jsonl", "csv")}
FOLDERS["csv"] = SAMPLES / "tables"


def copied(name, folder):
    """A sample copied into a folder, where it may be changed."""
    return Path(shutil.copytree(FOLDERS[name], folder / name))


def edit(file, old, new):
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")


def texts(spans):
    return [span.text for span in spans]


def parts(quotation):
    return (
        quotation.kind,
        texts(quotation.content),
        texts(quotation.source),
        texts(quotation.cue),
    )


def refused(path, *messages, **settings):
    with pytest.raises(LayoutError) as caught:
        read_corpus(path, **settings)
    for message in messages:
        assert message in str(caught.value)


def brat(tmp_path, text, *lines):
    (tmp_path / "a.txt").write_bytes(text.encode())
    (tmp_path / "a.ann").write_text("".join(f"{line}\n" for line in lines), "utf-8")
    return tmp_path / "a.ann"


WORDS = st.text(alphabet='ab “”"é中𝄞\n', min_size=1, max_size=12).filter(str.strip)


@st.composite
def documents(draw):
    """Documents whose quotations have several parts, a source and a cue."""
    pieces = draw(st.lists(WORDS, min_size=4, max_size=12))
    text, spans = "", []
    for piece in pieces:
        spans.append((len(text), len(text) + len(piece)))
        text += piece + draw(st.sampled_from(["", " ", "\n\n"]))
    spans = [Span.of(text, *pair) for pair in spans]
    marked = MarkedText(text)
    quotations = []
    while len(spans) >= 4:
        content = [spans.pop(0)] + ([spans.pop(0)] if draw(st.booleans()) else [])
        quotations.append(marked.quotation(content, [spans.pop(0)], [spans.pop(0)]))
    return Document(text, tuple(quotations), "a")


def table(tmp_path, header, *rows, name="t.csv", delimiter=","):
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=delimiter).writerows([header, *rows])
    (tmp_path / name).write_bytes(buffer.getvalue().encode())
    return tmp_path / name
