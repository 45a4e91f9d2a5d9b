"""Every regular expression of the package takes time in proportion to its input."""

import functools
import importlib
import itertools
import os
import pkgutil
import re
import time
from collections.abc import Iterator, Mapping

import pytest

import quotestance

# What patterns may run over again and again: single characters of every class, words, openings.
UNITS = (
    "a", "A", "Aa ", "A ", " ", "\n", "\n ", "\t", ", ", "-", "(", '"', "'", "’s ", "A.", ">",
    "\n>", ": ", "of ", "the ", "é", "1", "1.", "_", ".", "of the ", "Aa, ", ", Aa", "— ", "[", "=",
    "said ", "statement ", "A-a ", "\u00a0",
)  # fmt: skip
SHORT, LONG = 128, 1024
LINEAR = LONG / SHORT
FAST_ENOUGH = 4 * LINEAR  # a quadratic pattern takes LINEAR times LINEAR
# Matched at one place, or in so many characters only: their use is linear all the same.
BOUNDED = {
    "quotestance.quotations.decoding._DATELINE",  # at the head of a text or source
    "quotestance.quotations.layouts._SIGNATURE",  # behind a quotation
    "quotestance.quotations.layouts._HEAD",  # 200 characters
    "quotestance.quotations.layouts._LINE_BELOW",  # behind a quotation
    "quotestance.quotations.layouts._ASIDE",  # at the head of a paragraph
    "quotestance.roles.apposition._PARTY",  # behind a name
    "quotestance.speakers.coreference._OWNED",  # at the head of a mention
    "quotestance.speakers.mentions._PLURAL",  # at one place
    "quotestance.speakers.mentions._GOES_ON",  # at one place
    "quotestance.speakers.mentions._BETWEEN",  # at one place
    "quotestance.speakers.names._TITLE_CASE",  # at one place
    "quotestance.speakers.resolution._DEFINITE",  # at one place
    "quotestance.speakers.resolution._COLON",  # at one place
    "quotestance.speakers.resolution._DASH",  # at one place
    "quotestance.speakers.whole_names._SURE_DEMONYM",  # at one place
    "quotestance.speakers.places._HAS",  # behind a name
    "quotestance.speakers.places._IS",  # behind a name
    "quotestance.speakers.resolution._SENTENCE_END",  # 30 characters
    "quotestance.vocabulary._PERSON_ENDING",  # a word
    "quotestance.vocabulary._DEMONYM",  # a word
    "quotestance.speakers.descriptions._BEHIND",  # behind a name, 110 characters
    "quotestance.quotations.layouts._IN_BRACKETS",  # behind a quotation
    "quotestance.quotations.layouts._BEHIND_ITEM",  # behind a quotation
    "quotestance.quotations.layouts._ITEM",  # 20 characters
    "quotestance.quotations.layouts._LINE_ABOVE",  # 200 characters
    "quotestance.quotations.layouts._LETTERS",  # 200 characters
    "quotestance.speakers.descriptions._TOKEN",  # 110 characters
}
NIGHTLY = os.environ.get("HYPOTHESIS_PROFILE") == "nightly"


def patterns() -> dict[str, re.Pattern[str]]:
    """The compiled patterns in the modules of the package, each once."""
    found = {}
    for module in pkgutil.walk_packages(quotestance.__path__, "quotestance."):
        try:
            members = vars(importlib.import_module(module.name))
        except ImportError as error:
            if "quotestance[" not in str(error):  # no library that an extra brings
                raise
            continue
        for name, value in members.items():
            for pattern in _inside(value):
                found.setdefault(pattern, f"{module.name}.{name}")
    return {name: pattern for pattern, name in found.items()}


def _inside(value: object) -> Iterator[re.Pattern[str]]:
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, (tuple, list, Mapping)):
        members = value.values() if isinstance(value, Mapping) else value
        yield from (member for member in members if isinstance(member, re.Pattern))


@functools.cache
def hard_texts(length: int) -> list[str]:
    """One unit many times, behind another one, behind another one many times, in turn with it."""
    texts = []
    for one, two in itertools.product(UNITS, UNITS):
        half = length // 2
        texts.append(one + two * (length // len(two)) + "\0")
        texts.append(one * (half // len(one)) + two * (half // len(two)) + "\0")
        texts.append((one + two) * (length // len(one + two)) + "\0")
    return texts if NIGHTLY else texts[::7]


def seconds(pattern: re.Pattern[str], text: str) -> float:
    start = time.perf_counter()
    for _ in pattern.finditer(text):
        pass
    return time.perf_counter() - start


PATTERNS = patterns()


def test_all_patterns_are_found():
    assert len(PATTERNS) > 80


@pytest.mark.parametrize("name", PATTERNS)
def test_time_is_linear(name):
    pattern = PATTERNS[name]
    pattern.findall(hard_texts(SHORT)[0])
    times = [seconds(pattern, text) for text in hard_texts(SHORT)]
    if name in BOUNDED:
        pytest.skip("used on a bounded stretch only")
    slowest = sorted(range(len(times)), key=times.__getitem__)[-5:]
    for index in slowest:
        short, long = hard_texts(SHORT)[index], hard_texts(LONG)[index]
        for _ in range(3):  # the least of several: other work on the machine only adds time
            before = min(seconds(pattern, short) for _ in range(3))
            ratio = min(seconds(pattern, long) for _ in range(3)) / max(before, 2e-6)
            if ratio < FAST_ENOUGH:
                break
        assert ratio < FAST_ENOUGH, f"{ratio:.0f} times for {LINEAR:.0f} times {short[:40]!r}"
