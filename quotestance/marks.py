"""Quotation marks of every style, paired.

One pass over the marks of a text, with a stack: linear in time, never raises. Each pair gives
a `Quoted`: the stretch from its opening to its closing mark, both included. A quotation that
goes on over several paragraphs, each but the last without a closing mark, gives a stretch for
each paragraph, all with the same ``group``. Marks that pair with nothing are passed over.

    >>> [text[q.start:q.end] for text in ['He said "no", she “yes"'] for q in pair_marks(text)]
    ['"no"', '“yes"']
"""

from __future__ import annotations

import re
from typing import NamedTuple


class Quoted(NamedTuple):
    """A stretch between quotation marks, marks included.

    ``depth`` is 0 for an outermost stretch, 1 for one inside it, and so on; ``group``
    numbers quotations: stretches of one quotation over several paragraphs share it.
    """

    start: int
    end: int
    depth: int
    group: int


_FAMILY = {
    **dict.fromkeys('“”„‟"″＂〝〞', "double"),
    **dict.fromkeys("«»", "guillemet"),
    **dict.fromkeys(("``", "''", "‘‘", "’’"), "double"),
    **dict.fromkeys("‘’‚‛'`´", "single"),
    **dict.fromkeys("‹›", "single guillemet"),
    **dict.fromkeys("「」", "corner"),
    **dict.fromkeys("『』", "white corner"),
}
# A mark whose shape says that it opens, or closes; the other ones are told by what stands around.
_OPENS = {*"“„‟«‘‚‛‹「『〝`", "``", "‘‘"}
_CLOSES = {*"”»’›」』〞´", "’’"}
# Marks that may have a space inside: « French », and “ badly detokenized ”.
_SPACED_OPENS = set("“„«")
_SPACED_CLOSES = set("”»")

_CLOSED_BY_OPENING_SHAPE = {"„": "“", "‚": "‘", "»": "«", "›": "‹", "‟": "“"}

# Apostrophes inside or before a word are no marks, nor are four marks or more in a row: these
# matches are passed over. Two single marks in a row are one double one.
_MARK = re.compile(
    r"['‘’](?:\d\ds?|n['’]|em|til|twas|[stdm]|re|ve|ll)(?!\w)|"
    r"[“”„‟\"″＂〝〞«»‹›「」『』‘’‚‛'`´]{4,}"
    r"|(?P<mark>``|''|‘‘|’’"
    r"|[“”„‟\"″＂〝〞«»‹›「」『』]|(?<!\w)[‘’‚‛'`´]|[‘’‚‛'`´](?!\w))"
)
_LETTER = re.compile(r"[^\W_]")
_BLANK_LINE = re.compile(r"\n[^\S\n]*\n\s*")
_LINE_BREAK = re.compile(r"\n\s*")
_BEFORE_OPENING = set("([{-–—/:=>…*_")
_SENTENCE_END = set(".!?…")
_BEHIND_CLOSING = set(".,;:!?…)]–—―")


class _Mark(NamedTuple):
    position: int
    character: str
    family: str
    may_open: bool
    may_close: bool
    plural: bool  # may be the apostrophe of a plural possessive: "the ministers’ talks"

    @property
    def end(self) -> int:
        return self.position + len(self.character)


class _Open(NamedTuple):
    mark: _Mark
    gap: int
    inside: int  # stretches that were closed before it opened
    continues: bool  # goes on with the quotation that an earlier stretch began


class _Stretch(NamedTuple):
    start: int
    end: int
    continues: bool


def pair_marks(text: str) -> list[Quoted]:
    """All stretches between quotation marks in ``text``, ordered by start.

    Marks of two styles of one family pair with each other (“…"); a stretch never crosses a
    paragraph break; a stretch without a letter or digit is left out.
    """
    found: list[Quoted] = []
    group = 0
    unfinished = False
    for start, end in paragraphs(text):
        marks = [
            _read(text, match.start(), match["mark"], start, end)
            for match in _MARK.finditer(text, start, end)
            if match["mark"]
        ]
        if not marks:
            unfinished = False
            continue
        stretches, unclosed = _pair_paragraph(text, marks, start, end)
        if unclosed is not None and _opens_next(text, end, unclosed.family):
            stretches.append(_Stretch(unclosed.position, end, False))
        else:
            unclosed = None
        ends: list[int] = []
        for stretch in sorted(stretches):
            while ends and ends[-1] <= stretch.start:
                ends.pop()
            continues = stretch.continues or (unfinished and stretch.start == start)
            if not ends and not continues:
                group += 1
            found.append(Quoted(stretch.start, stretch.end, len(ends), group))
            ends.append(stretch.end)
        unfinished = unclosed is not None
    return found


def paragraphs(text: str) -> list[tuple[int, int]]:
    """Offsets of the paragraphs of ``text``, white space around them left out.

    Blank lines part paragraphs; in a text without any, line breaks do.
    """
    breaks = _BLANK_LINE if _BLANK_LINE.search(text) else _LINE_BREAK
    spans, start = [], 0
    for match in breaks.finditer(text):
        spans.append((start, match.start()))
        start = match.end()
    spans.append((start, len(text)))
    stripped = []
    for start, end in spans:
        body = text[start:end]
        left = len(body) - len(body.lstrip())
        if left < len(body):
            stripped.append((start + left, start + len(body.rstrip())))
    return stripped


def _read(text: str, position: int, character: str, start: int, end: int) -> _Mark:
    behind = position + len(character)
    before = text[position - 1] if position > start else " "
    after = text[behind] if behind < end else " "
    space_after = after.isspace()
    may_open = not space_after and (
        before.isspace() or before in _BEFORE_OPENING or before in _FAMILY
    )
    may_close = not before.isspace() and not (after.isalnum() or after in "$€£#@&")
    if character in _OPENS:
        may_open = not space_after or (character in _SPACED_OPENS and before.isspace())
    elif character in _CLOSES:
        ends = before.isspace() and (space_after or after in _BEHIND_CLOSING)
        may_close = may_close or (character in _SPACED_CLOSES and ends)
        # ”Swedish” and »German« open with the mark that closes elsewhere.
        may_open = may_open and not may_close
        may_close = not may_open
    plural = space_after and before in "sS" and text[behind + 1 : behind + 2].isalnum()
    return _Mark(position, character, _FAMILY[character], may_open, may_close, plural)


def _pair_paragraph(
    text: str, marks: list[_Mark], start: int, end: int
) -> tuple[list[_Stretch], _Mark | None]:
    """The stretches of a paragraph, and the mark that opens its unclosed quotation."""
    stretches: list[_Stretch] = []
    stack: list[_Open] = []
    surer_follows = _surer_closings(marks)
    gap = 0  # counts the gaps between marks that hold a word
    previous = start
    for index, mark in enumerate(marks):
        if _LETTER.search(text, previous, mark.position):
            gap += 1
        previous = mark.end
        depth = _innermost(stack, mark.family)
        doubtful = mark.plural and mark.family == "single" and surer_follows[index]
        if depth is not None and _closes(stack[depth].mark, mark) and not doubtful:
            opened = stack[depth]
            del stack[depth:]
            # Single marks around several quotations are apostrophes that look like a pair.
            apostrophes = mark.family == "single" and len(stretches) - opened.inside > 1
            if gap > opened.gap and not apostrophes:
                stretches.append(_Stretch(opened.mark.position, mark.end, opened.continues))
        elif mark.may_open:
            # A new opening mark after a sentence, inside a quotation: its paragraph break was lost.
            continues = depth is not None and _restarts(text, marks, index)
            if depth is not None and continues:
                opened = stack[depth]
                del stack[depth:]
                if gap > opened.gap:
                    body = text[opened.mark.position : mark.position].rstrip()
                    stop = opened.mark.position + len(body)
                    stretches.append(_Stretch(opened.mark.position, stop, opened.continues))
            stack.append(_Open(mark, gap, len(stretches), continues))
    if _LETTER.search(text, previous, end):
        gap += 1
    # A single mark may be an apostrophe, if not that at the head of a paragraph.
    unclosed = (
        opened.mark
        for opened in stack
        if gap > opened.gap and (opened.mark.family != "single" or opened.mark.position == start)
    )
    return stretches, next(unclosed, None)


def _innermost(stack: list[_Open], family: str) -> int | None:
    """The index of the innermost open mark of a family; deeper nesting than 8 is noise."""
    if not stack:
        return None
    if stack[-1].mark.family == family:
        return len(stack) - 1
    for depth in range(len(stack) - 2, max(-1, len(stack) - 9), -1):
        if stack[depth].mark.family == family:
            return depth
    return None


def _closes(opened: _Mark, mark: _Mark) -> bool:
    if mark.character in _OPENS:
        # „German“ and »German« close with the mark that opens “English” and «French».
        return mark.may_close and _CLOSED_BY_OPENING_SHAPE.get(opened.character) == mark.character
    return mark.may_close


def _surer_closings(marks: list[_Mark]) -> list[bool]:
    """For each single mark: does a surer closing one follow before the next opening one?"""
    result, follows = [False] * len(marks), False
    for index in range(len(marks) - 1, -1, -1):
        mark = marks[index]
        if mark.family != "single":
            continue
        result[index] = follows
        if mark.may_close and not mark.plural:
            follows = True
        elif mark.may_open:
            follows = False
    return result


def _restarts(text: str, marks: list[_Mark], index: int) -> bool:
    """Does this opening mark start the next paragraph of the open quotation?

    So it does after the end of a sentence, unless two closing marks follow: then it opens a
    quotation inside the quotation.
    """
    mark = marks[index]
    before = text[mark.position - 1]
    if before.isspace():
        before = text[mark.position - 2]
    if mark.family == "single" or before not in _SENTENCE_END:
        return False
    following = [later for later in marks[index + 1 : index + 5] if later.family == mark.family]
    nested = len(following) >= 2 and all(_closes(mark, later) for later in following[:2])
    return not nested


def _opens_next(text: str, end: int, family: str) -> bool:
    """Does the paragraph after ``end`` begin with a mark that goes on with one of ``family``?"""
    following = text[end : end + 40].lstrip()
    next_family = _FAMILY.get(following[:1])
    if family == "single":
        return next_family == family and following[1:2].isupper()
    return next_family in ("double", "guillemet")
