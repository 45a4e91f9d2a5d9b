"""What is fuzzed: functions that take any bytes and fail only where the package is wrong.

A reader may refuse an input with a LayoutError; every other exception is a fault, and so is a
result that breaks the package's promises.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from quotestance.corpora import read_corpus
from quotestance.corpora.jsonl import parse_line
from quotestance.document import Document, LayoutError, StanceItem
from quotestance.html import escaped
from quotestance.inputs import documents
from quotestance.labelling.files import read_labelled
from quotestance.marks import pair_marks, paragraphs
from quotestance.quotations.layouts import laid_out
from quotestance.stance.inputs import trim

_PART = b"\0\0"  # between the files of one input

# The files of each format, the one that is read first.
FILES = {
    "jsonl": ("a.jsonl",),
    "csv": ("a.csv",),
    "citron": ("a.json",),
    "directquote": ("a.txt",),
    "polnear": ("a.ann", "a.txt"),
    "litbank": ("a.ann", "a.txt"),
    "pdnc": ("quotation_info.csv", "novel_text.txt", "character_info.csv"),
    "labelled csv": ("labelled.csv",),
    "labelled json": ("labelled.json",),
    "text": ("a.txt",),
}


def marks(data: bytes) -> None:
    """Marks, paragraphs, layouts, escapes and surroundings of any text, surrogates too."""
    text = data.decode("utf-8", "surrogateescape")
    stretches = pair_marks(text)
    assert stretches == sorted(stretches, key=lambda stretch: (stretch.start, stretch.depth))
    innermost: list[int] = []
    for stretch in stretches:
        assert 0 <= stretch.start < stretch.end <= len(text)
        del innermost[stretch.depth :]
        assert len(innermost) == stretch.depth
        assert all(stretch.end <= end for end in innermost)
        innermost.append(stretch.end)
    end = 0
    for start, stop in paragraphs(text):
        assert end <= start < stop
        assert text[start:stop].strip() == text[start:stop]
        end = stop
    end = 0
    for content, source, clear in laid_out(text, stretches, [(0, min(9, len(text)))], [], []):
        assert end <= content[0] < content[1] <= len(text)
        assert source is None or 0 <= source[0] < source[1] <= len(text)
        assert 0 <= clear[0] <= clear[1] <= len(text)
        end = content[1]
    html = escaped(text)
    html.encode("utf-8")
    assert not set("<>\"'") & set(html)
    trim(text, text)


def readers(data: bytes) -> None:
    """Every reader of files: the first byte picks the format, the rest is its files."""
    if not data:
        return
    names = list(FILES)
    read_files(names[data[0] % len(names)], data[1:].split(_PART))


def read_files(name: str, contents: list[bytes]) -> None:
    """Reads one input of a format from files with these contents."""
    folder = Path(tempfile.mkdtemp(prefix="quotestance-fuzz-"))
    try:
        for file, content in zip(FILES[name], contents, strict=False):
            (folder / file).write_bytes(content)
        for file in FILES[name][len(contents) :]:
            (folder / file).write_bytes(b"")
        try:
            _read(name, folder / FILES[name][0])
        except LayoutError as error:
            if str(folder) not in str(error):
                raise AssertionError(f"no file in {error}") from error
    finally:
        shutil.rmtree(folder)


def _read(name: str, path: Path) -> None:
    if name.startswith("labelled"):
        read_labelled([path])
    elif name == "text":
        for found in documents([str(path)]):
            assert not isinstance(found, Document) or found.text.encode("utf-8") is not None
    else:
        for item in read_corpus(path, name):
            json.dumps(item.to_dict(), ensure_ascii=False)
            if isinstance(item, Document):
                assert Document.from_json(item.to_json()).to_json() == item.to_json()


def jsonl(data: bytes) -> None:
    """A line of JSONL as a document and as a stance item."""
    record = parse_line(data)
    if isinstance(record, LayoutError):
        return
    try:
        document = Document.from_dict(record)
    except LayoutError:
        pass
    else:
        line = document.to_json()
        line.encode("utf-8")
        again = Document.from_json(line)
        assert again.to_json() == line
        assert "\n" not in line
    try:
        item = StanceItem.from_dict(record)
    except LayoutError:
        pass
    else:
        hash(item)
        assert StanceItem.from_dict(item.to_dict()).to_dict() == item.to_dict()


TARGETS: dict[str, Callable[[bytes], None]] = {"marks": marks, "readers": readers, "jsonl": jsonl}
