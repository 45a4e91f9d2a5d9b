"""What makes a quotation hard: kinds of errors, told from gold, the prediction and the text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from quotestance.document import Document, Quotation, Span
from quotestance.evaluation import Match, normalized_name
from quotestance.marks import Quoted, pair_marks
from quotestance.vocabulary import NOUN_PREPOSITIONS, PRONOUNS, WITH_PERIOD


class Fault(StrEnum):
    """What is wrong, the worst first."""

    FALSE = "false quotation"
    MISSED = "missed"
    SOURCE = "wrong source"
    SPEAKER = "wrong speaker"
    STANCE = "wrong stance"


class Kind(StrEnum):
    """What the quotation is like that was got wrong."""

    PRONOUN = "pronoun source"
    DESCRIPTION = "description source"
    FOLLOW_ON = "follow-on quotation"
    TWO_CANDIDATES = "two candidates"
    NO_CUE = "no cue"
    SCARE_QUOTE = "scare quote"
    ODD_MARKS = "odd marks"
    SPLIT = "split quotation"
    FRAGMENT = "fragment"
    NAME_VARIANT = "name variant"
    OTHER = "other"

    @property
    def meaning(self) -> str:
        return _MEANINGS[self]


_MEANINGS = {
    Kind.PRONOUN: "The source is a pronoun.",
    Kind.DESCRIPTION: "The source describes the speaker without a name.",
    Kind.FOLLOW_ON: "The source stands in an earlier sentence only, or nowhere.",
    Kind.TWO_CANDIDATES: "Another source or speaker stands nearer than the right one.",
    Kind.NO_CUE: "Gold marks no cue for this quotation, but for others of the document.",
    Kind.SCARE_QUOTE: "Gold attributes these words to nobody: a title, a nickname, a phrase.",
    Kind.ODD_MARKS: "The quotation marks are unpaired, nested, straight or of two styles.",
    Kind.SPLIT: "The quotation has several parts or goes on over paragraphs.",
    Kind.FRAGMENT: "A few quoted words in the reporter's own sentence.",
    Kind.NAME_VARIANT: "The predicted name is part of the right one, or the right one of it.",
    Kind.OTHER: "None of the other kinds.",
}

# A fault of finding is explained by the marks and the form of the quotation first, one of
# linking by where the source stands, and one of naming by what the source is.
_ORDERS = {
    Fault.FALSE: (Kind.SCARE_QUOTE, Kind.ODD_MARKS),
    Fault.MISSED: (
        Kind.SPLIT, Kind.FRAGMENT, Kind.FOLLOW_ON, Kind.NO_CUE, Kind.ODD_MARKS,
        Kind.TWO_CANDIDATES, Kind.PRONOUN, Kind.DESCRIPTION,
    ),
    Fault.SOURCE: (
        Kind.FOLLOW_ON, Kind.TWO_CANDIDATES, Kind.SPLIT, Kind.NO_CUE, Kind.FRAGMENT,
        Kind.PRONOUN, Kind.DESCRIPTION, Kind.ODD_MARKS,
    ),
    Fault.SPEAKER: (
        Kind.NAME_VARIANT, Kind.PRONOUN, Kind.FOLLOW_ON, Kind.DESCRIPTION, Kind.TWO_CANDIDATES,
        Kind.NO_CUE,
    ),
    Fault.STANCE: (Kind.FRAGMENT, Kind.SPLIT, Kind.ODD_MARKS),
}  # fmt: skip

_DOUBLE_MARKS = '“”„‟"″＂'
_CLOSING_OF = {"“": "”", '"': '"'}
_FRAGMENT_WORDS = 6
_LONGEST_TITLE = 16
_SENTENCE_END = re.compile(r"[.!?…][”’\"')\]]*\s+(?=[A-Z“‘\"'(\[])|\n\s*")
_INITIALS = re.compile(r"(?:[A-Z]\.)*[A-Z]")
# Where the head of a mention ends: "the envoy to Ostmark", "Varga, a doctor", "one who fled".
_HEAD_END = re.compile(
    rf",|(?<!\s)\s+(?:{'|'.join(sorted(NOUN_PREPOSITIONS))}|who|which|that)\b|(?<!\s)\s*[(—–]"
)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What of a document tells the kinds of its errors: marks, cues, everybody it lets speak.

    ``attributed`` are the contents of gold quotations; ``mentions`` the sources and mentions
    of both documents, each with the speaker's name where it is known.
    """

    text: str
    marks: tuple[Quoted, ...]
    with_cues: bool
    attributed: tuple[Span, ...]
    mentions: tuple[tuple[Span, str | None], ...]

    @classmethod
    def of(cls, gold: Document, predicted: Document) -> Surroundings:
        quotations = (*gold.quotations, *predicted.quotations)
        mentions = {mention for quotation in quotations for mention in _mentions(quotation)}
        return cls(
            gold.text,
            tuple(pair_marks(gold.text)),
            any(quotation.cue for quotation in gold.quotations),
            tuple(span for q in gold.quotations if q.kind != "none" for span in q.content),
            tuple(sorted(mentions, key=lambda mention: mention[0])),
        )

    def sentence_ends_between(self, start: int, end: int) -> bool:
        """Does a sentence or paragraph end in a stretch, outside of quotation marks?"""
        # One character more: a sentence that ends just before is told by how the next begins.
        for match in _SENTENCE_END.finditer(self.text, start, end + 1):
            word = self.text[max(start, match.start() - _LONGEST_TITLE) : match.start()].split()
            short = word and (word[-1].lower() in WITH_PERIOD or _INITIALS.fullmatch(word[-1]))
            quoted = any(q.start < match.start() and match.end() < q.end for q in self.marks)
            if not short and not quoted:
                return True
        return False


def kinds_of(match: Match, fault: Fault, around: Surroundings) -> tuple[Kind, ...]:
    """The kinds of an error, the one that explains its worst fault best first."""
    return tuple(k for k in _ORDERS[fault] if _TESTS[k](match, around)) or (Kind.OTHER,)


def _mentions(quotation: Quotation) -> Iterator[tuple[Span, str | None]]:
    name = quotation.speaker.name if quotation.speaker else None
    for span in quotation.source:
        yield span, name
    for span in quotation.speaker.mentions if quotation.speaker else ():
        yield span, name


def _is_pronoun(match: Match, _: Surroundings) -> bool:
    source = match.gold.source if match.gold else ()
    return bool(source) and all(span.text.lower() in PRONOUNS for span in source)


def _is_description(match: Match, around: Surroundings) -> bool:
    source = match.gold.source if match.gold else ()
    if not source or _is_pronoun(match, around):
        return False
    written = set(normalized_name(" ".join(span.text for span in source)).split())
    for word in (match.gold_name or "").split():
        if word[0].isupper() and normalized_name(word) in written:
            return False
    head = _HEAD_END.split(source[0].text, maxsplit=1)[0].split()
    return bool(head) and not head[-1][0].isupper()


def _follows_on(match: Match, around: Surroundings) -> bool:
    gold = match.gold
    if gold is None:
        return False
    end = max((span.end for span in gold.source), default=0)
    return not gold.source or (end <= gold.start and around.sentence_ends_between(end, gold.start))


def _has_two_candidates(match: Match, around: Surroundings) -> bool:
    gold = match.gold
    if gold is None or not gold.source:
        return False

    def distance(span: Span) -> int:
        return min(max(span.start - c.end, c.start - span.end) for c in gold.content)

    farthest = min(map(distance, gold.source))
    return any(
        0 <= distance(span) < farthest and _is_another(match, span, name)
        for span, name in around.mentions
    )


def _is_another(match: Match, mention: Span, name: str | None) -> bool:
    """May a mention be somebody else than the gold speaker?"""
    sources = match.gold.source if match.gold else ()
    if any(mention.start < s.end and s.start < mention.end for s in sources):
        return False
    if name and match.gold_name:
        return not _is_part(name, match.gold_name)
    return mention.text.lower() not in PRONOUNS and not any(
        _is_part(mention.text, source.text) for source in sources
    )


def _has_no_cue(match: Match, around: Surroundings) -> bool:
    return around.with_cues and match.gold is not None and not match.gold.cue


def _is_scare_quote(match: Match, around: Surroundings) -> bool:
    start, end = match.segment
    return not any(span.start < end and start < span.end for span in around.attributed)


def _has_odd_marks(match: Match, around: Surroundings) -> bool:
    start, end = match.segment
    words = around.text[start:end].strip()
    # Annotated spans may be clipped by a character.
    closed = around.text[end - 1 : end + 1]
    straight = words[0] == '"'
    unpaired = _CLOSING_OF.get(words[0], "”") not in closed
    nested = any(q.depth and q.start < end and start < q.end for q in around.marks)
    inner = any(mark in words[1:-1] for mark in _DOUBLE_MARKS)
    return straight or unpaired or nested or inner


def _is_split(match: Match, _: Surroundings) -> bool:
    content = match.gold.content if match.gold else ()
    return len(content) > 1 or any("\n" in span.text for span in content)


def _is_fragment(match: Match, around: Surroundings) -> bool:
    words = around.text[slice(*match.segment)].split()
    return match.gold is not None and match.gold.kind == "mixed" and len(words) <= _FRAGMENT_WORDS


def _is_name_variant(match: Match, _: Surroundings) -> bool:
    speaker = match.gold.speaker if match.gold else None
    names = (speaker.name, *speaker.alternatives) if speaker else ()
    predicted = match.predicted_name
    return predicted is not None and any(name and _is_part(predicted, name) for name in names)


def _is_part(a: str, b: str) -> bool:
    """Are the words of one of two names all among those of the other?"""
    first, second = (set(normalized_name(name).split()) for name in (a, b))
    return bool(first and second) and (first <= second or second <= first)


_TESTS: dict[Kind, Callable[[Match, Surroundings], bool]] = {
    Kind.PRONOUN: _is_pronoun,
    Kind.DESCRIPTION: _is_description,
    Kind.FOLLOW_ON: _follows_on,
    Kind.TWO_CANDIDATES: _has_two_candidates,
    Kind.NO_CUE: _has_no_cue,
    Kind.SCARE_QUOTE: _is_scare_quote,
    Kind.ODD_MARKS: _has_odd_marks,
    Kind.SPLIT: _is_split,
    Kind.FRAGMENT: _is_fragment,
    Kind.NAME_VARIANT: _is_name_variant,
}
