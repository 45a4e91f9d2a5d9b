"""What the readers share: files, columns, labels, places in messages, quotations from spans."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from quotestance.document import LayoutError, Quotation, Span, Speaker, Stance
from quotestance.kinds import kind_of, quoted_inside
from quotestance.marks import pair_marks

_STOPS = frozenset(",.;:!?…")


def files(path: str | Path, *endings: str) -> list[Path]:
    """The files of a folder and its subfolders with one of the endings; or the file itself.

    Raises LayoutError where a folder holds none.
    """
    path = Path(path)
    if not path.is_dir():
        return [path]
    found = [p for p in visible(path) if p.name.lower().endswith(endings)]
    if not found:
        raise LayoutError(f"{path}: no files {' or '.join(endings)} in this folder")
    return found


def visible(folder: Path) -> list[Path]:
    """The files of a folder and its subfolders, in order, without hidden ones."""
    return sorted(
        path
        for path in folder.rglob("*")
        if path.is_file()
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    )


def read_text(path: Path) -> str:
    """The text of a UTF-8 file, line ends as they are; raises LayoutError for other encodings."""
    try:
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise LayoutError(
            f"{path}: no UTF-8 (byte {error.start} is {error.object[error.start]:#04x}): "
            "save the file again as UTF-8"
        ) from None


@contextmanager
def located(place: object) -> Iterator[None]:
    """Puts the place before the message of a LayoutError that passes."""
    try:
        yield
    except LayoutError as error:
        raise LayoutError(f"{place}: {error}") from None


def fields_of_columns(
    columns: Sequence[str], mapping: Mapping[str, str], fields: Collection[str]
) -> dict[str, str]:
    """The field that each column holds, by the mapping or by its own name in any case.

    Columns of other names keep theirs. Raises LayoutError for a mapping that names no column or
    no field, and for two columns of one field.
    """
    for column, field in mapping.items():
        if column in fields and field in columns and field not in fields:
            raise LayoutError(
                f"the column mapping (--columns) {column}={field} is the wrong way round: the "
                f"table's own name comes first, {field}={column}"
            )
        if column not in columns:
            raise LayoutError(
                f"the column mapping (--columns) names {column!r}, but the columns are "
                f"{', '.join(columns)}"
            )
        if field not in fields:
            raise LayoutError(
                f"the column mapping (--columns) gives {column!r} the name {field!r}, but a column "
                f"can be {', '.join(fields)}"
            )
    names = {column: mapping.get(column, column) for column in columns}
    for column in columns:
        lower = column.lower()
        if column not in mapping and lower in fields and lower not in mapping.values():
            names[column] = lower
    held = [name for name in names.values() if name in fields]
    if twice := [name for name in held if held.count(name) > 1]:
        raise LayoutError(f"two columns are {twice[0]!r}: rename one, or map only one to it")
    return names


def is_offset(word: str) -> bool:
    """Is it a whole number that may count characters? (Python converts no number of any length.)"""
    return word.isdecimal() and len(word) < 19


def missing_column(name: str, columns: Sequence[str], needed: str) -> str:
    """The message for a column that has to be there; ``needed`` says of all what for."""
    return (
        f"no column {name!r} among {', '.join(columns)}: {needed}. Add it, or map the column that "
        f"holds it, on the command line --columns COLUMN={name}, in Python "
        f"column_mapping={{'COLUMN': {name!r}}}"
    )


class MarkedText:
    """A text, and what its quotation marks say of spans in it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._stretches = pair_marks(text)
        self._outermost = [stretch for stretch in self._stretches if stretch.depth == 0]
        self._ends = {stretch.start: stretch.end for stretch in self._stretches}
        self._starts = {stretch.end: stretch.start for stretch in self._stretches}

    def with_marks(self, span: Span) -> Span:
        """The span with the marks around it, where it is all that stands between them.

        A comma, stop or other sign before the closing mark is taken in, too.
        """
        behind = self.text[span.end : span.end + 1]
        closings = [span.end + 1, *([span.end + 2] if behind in _STOPS else [])]
        end = next((place for place in closings if place in self._starts), span.end)
        start = span.start - 1
        if self._ends.get(start, len(self.text) + 1) > end:
            start = span.start  # the quotation goes on behind the span
        if self._starts.get(end, start) < start:
            end = span.end
        return Span.of(self.text, start, end)

    def quotation(
        self,
        content: Sequence[Span],
        source: Sequence[Span] = (),
        cue: Sequence[Span] = (),
        *,
        kind: str | None = None,
        speaker: Speaker | None = None,
        stance: Stance | None = None,
    ) -> Quotation:
        """A quotation whose kind the marks tell where ``kind`` does not."""
        content = tuple(sorted(content))
        return Quotation(
            kind=kind or kind_of(content, self._between(content)),
            content=content,
            source=tuple(sorted(source)),
            cue=tuple(sorted(cue)),
            quoted=quoted_inside(self.text, content, self._stretches),
            speaker=speaker,
            stance=stance,
        )

    def _between(self, content: Sequence[Span]) -> list[Span]:
        """What of the content stands between marks, be they inside the content or around it."""
        found = []
        for part in content:
            first = bisect_right(self._outermost, part.start, key=lambda stretch: stretch.end)
            last = bisect_left(self._outermost, part.end, key=lambda stretch: stretch.start)
            for stretch in self._outermost[first:last]:
                start, end = max(stretch.start, part.start), min(stretch.end, part.end)
                if _words(self.text[start:end]):
                    found.append(Span.of(self.text, start, end))
        return found


def same_words(one: str, other: str) -> bool:
    """Do two texts agree but for white space, marks and other signs?"""
    return _words(one) == _words(other)


def _words(text: str) -> str:
    return "".join(character for character in text if character.isalnum())


def shortened(text: str) -> str:
    """A text for a message: at most 60 characters."""
    text = " ".join(text.split())
    return repr(text if len(text) <= 60 else text[:59] + "…")
