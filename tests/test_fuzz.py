"""The fuzz targets on sound inputs, on those that once broke them, and on damaged ones."""

import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent / "fuzz"))

from seeds import seeds
from targets import FILES, TARGETS

NUMBER = b"9" * 4400  # more digits than Python converts
DEEP = b"[" * 3000
FOUND = [
    ("jsonl", b'{"text": "a", "n": ' + NUMBER + b"}"),
    ("jsonl", b'{"text": "a", "n": ' + DEEP),
    ("jsonl", b'{"text": "a", "title": "\\ud800"}'),
    ("jsonl", b'{"text": "a", "id": []}'),
    ("jsonl", b'{"text": "a", "quotations": [{"kind": "direct", "content": 3}]}'),
    ("jsonl", b'{"text": "a", "quotations": [{"kind": "direct", "content": [[false, true]]}]}'),
    ("readers", b"\x04T1\tContent " + NUMBER + b" 2\ta\0\0a"),
    ("readers", b"\x05QUOTE\tQ1\t" + NUMBER + b"\t0\t0\t0\ta\0\0a"),
    ("readers", b"\x08" + DEEP),
    ("readers", b"\x08[" + NUMBER + b"]"),
]


@pytest.mark.parametrize("target", TARGETS)
def test_sound_inputs(target):
    for seed in seeds(target):
        TARGETS[target](seed)


@pytest.mark.parametrize(("target", "data"), FOUND)
def test_inputs_that_once_failed(target, data):
    TARGETS[target](data)


def test_formats_in_found_are_the_ones_meant():
    assert [list(FILES)[n] for n in (4, 5, 8)] == ["polnear", "litbank", "labelled json"]


@st.composite
def damaged(draw, target):
    """A sound input with bytes taken out, put in or copied."""
    data = bytearray(draw(st.sampled_from(seeds(target))))
    for _ in range(draw(st.integers(1, 4))):
        place = draw(st.integers(1, max(1, len(data) - 1)))
        size = draw(st.integers(0, 6))
        new = draw(
            st.binary(max_size=4)
            | st.sampled_from(
                (b"null", b"[]", b"{}", b"-1", b"1e999", b'""', b"\0", b"\r\n", b"\t")
            )
        )
        data[place : place + size] = new
    return bytes(data)


@pytest.mark.parametrize("target", TARGETS)
@given(st.data())
def test_damaged_inputs(target, data):
    TARGETS[target](data.draw(damaged(target)))
