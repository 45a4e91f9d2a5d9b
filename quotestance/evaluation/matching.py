"""Which predicted quotation answers which gold segment; scores and error pages agree on it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from quotestance.document import NO_STANCE, Document, Quotation, Span
from quotestance.vocabulary import folded

Range = tuple[int, int]

_SEGMENT = re.compile(r"“[^“”\n]*”|\"[^\"\n]*\"")


@dataclass(frozen=True, slots=True)
class Match:
    """A segment of a document with the gold and the predicted quotation that cover it.

    ``gold`` is ``None`` where the segment is no attributed speech, ``predicted`` where
    nothing was found.
    """

    segment: Range
    gold: Quotation | None
    predicted: Quotation | None

    @property
    def gold_name(self) -> str | None:
        return self.gold.speaker.name if self.gold and self.gold.speaker else None

    @property
    def predicted_name(self) -> str | None:
        return self.predicted.speaker.name if self.predicted and self.predicted.speaker else None

    @property
    def same_source(self) -> bool:
        """Does the predicted source overlap the gold one, and is it a mention?"""
        if not (self.gold and self.predicted):
            return False
        gold, predicted = self.gold.source, self.predicted.source
        size = sum(span.end - span.start for span in predicted)
        overlaps = any(overlap(_range(a), _range(b)) for a in gold for b in predicted)
        return 0 < size <= 200 and len(predicted) <= 3 and overlaps

    @property
    def same_name(self) -> bool:
        """Is the predicted name the gold name or one of its alternatives?"""
        if not (self.gold and self.gold.speaker and self.gold.speaker.name and self.predicted):
            return False
        names = (self.gold.speaker.name, *self.gold.speaker.alternatives)
        return normalized_name(self.predicted_name) in {normalized_name(name) for name in names}

    @property
    def same_stance(self) -> bool:
        """Is the predicted primary stance, none where there is no prediction, the gold one?"""
        stance = self.predicted.stance if self.predicted else None
        label = stance.label if stance else NO_STANCE
        return bool(self.gold and self.gold.stance and self.gold.stance.label == label)


def match_segments(gold: Document, predicted: Document) -> list[Match]:
    """Every segment of a gold document with the quotations that cover it."""
    guesses = [q for q in predicted.quotations if q.kind != "none"]
    matches = []
    for segment in _segments(gold):
        true = _covering(segment, gold.quotations, 0.6)
        if true and true.kind == "none":
            true = None
        matches.append(Match(segment, true, _covering(segment, guesses, 0.5)))
    return matches


def paired(
    gold: Sequence[Document], predicted: Sequence[Document]
) -> list[tuple[Document, Document]]:
    """Gold and predicted documents by ``id``, an empty one where there is no prediction.

    Raises ValueError for a predicted id that is unknown or stands twice, and for one whose
    text differs.
    """
    by_id: dict[Any, Document] = {}
    texts = {document.id: document.text for document in gold}
    if len(texts) < len(gold):
        raise ValueError("an id stands twice in the gold documents")
    for document in predicted:
        if document.id not in texts:
            raise ValueError(f"predicted id {document.id!r} is not among the gold documents")
        if document.id in by_id:
            raise ValueError(f"predicted id {document.id!r} stands twice")
        if document.text != texts[document.id]:
            raise ValueError(f"document {document.id!r}: the predicted text is not the gold text")
        by_id[document.id] = document
    return [(d, by_id.get(d.id, Document(d.text, id=d.id))) for d in gold]


def normalized_name(name: str | None) -> str:
    """A name as it is compared: no accents, case, punctuation, possessive or article."""
    if not name:
        return ""
    plain = re.sub(r"[’']s\b", "", folded(name))
    plain = re.sub(r"[^\w ]+", " ", plain.replace(".", ""))
    return re.sub(r"^(the|a|an) ", "", re.sub(r"\s+", " ", plain).strip())


def overlap(a: Range, b: Range) -> int:
    """How many characters two ranges share."""
    return max(0, min(a[1], b[1]) - max(a[0], b[0]))


def _segments(document: Document) -> list[Range]:
    text = document.text
    contents = [_range(s) for q in document.quotations for s in q.content if s.text[0] in '“"']
    segments = set(contents)
    for match in _SEGMENT.finditer(text):
        if not any(overlap(match.span(), content) for content in contents):
            segments.add(match.span())
    return sorted(s for s in segments if len(text[slice(*s)].split()) >= 3)


def _covering(segment: Range, quotations: Iterable[Quotation], share: float) -> Quotation | None:
    """The quotation that covers most of a segment (the shorter of two), at least a share."""

    def covered(quotation: Quotation) -> int:
        return sum(overlap(segment, _range(span)) for span in quotation.content)

    def size(quotation: Quotation) -> int:
        return sum(span.end - span.start for span in quotation.content)

    best = max(quotations, default=None, key=lambda q: (covered(q), -size(q)))
    if best is None or covered(best) < share * (segment[1] - segment[0]):
        return None
    return best


def _range(span: Span) -> Range:
    return span.start, span.end
