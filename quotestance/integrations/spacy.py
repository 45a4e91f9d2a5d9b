"""A spaCy component: ``nlp.add_pipe("quotestance")``; needs the extra ``spacy``.

It reads the text of a Doc with the models of this library, whatever else the spaCy pipeline holds,
and leaves ``doc._.quotations`` (Quotation objects) and ``doc.spans["quotations"]``: a span for each
part of a content, labelled with its stance, whose ``id`` is the number of the quotation.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import islice

import quotestance
from quotestance.document import Document, Quotation, Span

try:
    from spacy.language import Language
    from spacy.tokens import Doc
    from spacy.tokens import Span as SpacySpan
except ImportError as error:
    raise ImportError(
        "quotestance.integrations.spacy needs spaCy: pip install 'quotestance[spacy]'"
    ) from error

_KEY = "quotations"


@Language.factory(
    "quotestance",
    assigns=["doc._.quotations", "doc.spans"],
    default_config={
        "size": "small",
        "quotations": None,
        "stance": None,
        "device": "auto",
        "engine": "auto",
        "abstain_below": None,
        "marks_only": False,
    },
)
def make_component(
    nlp: Language,
    name: str,
    size: str,
    quotations: str | None,
    stance: str | None,
    device: str,
    engine: str,
    abstain_below: float | None,
    marks_only: bool,
) -> QuotationComponent:
    """The component with the models that :func:`quotestance.load` gives for these settings."""
    return QuotationComponent(
        quotestance.load(
            size,
            quotations=quotations,
            stance=stance,
            device=device,
            engine=engine,
            abstain_below=abstain_below,
            marks_only=marks_only,
        )
    )


class QuotationComponent:
    """Puts the quotations of their texts into Docs."""

    def __init__(self, pipeline: quotestance.Pipeline) -> None:
        self.pipeline = pipeline
        if not Doc.has_extension(_KEY):
            Doc.set_extension(_KEY, getter=_quotations)

    def __call__(self, doc: Doc) -> Doc:
        return next(self.pipe([doc]))

    def pipe(self, docs: Iterable[Doc], batch_size: int = 64) -> Iterator[Doc]:
        """The Docs with their quotations, in order, ``batch_size`` at a time."""
        source = iter(docs)
        while batch := list(islice(source, batch_size)):
            found = self.pipeline.pipe([doc.text for doc in batch], batch_size)
            for doc, document in zip(batch, found, strict=True):
                yield _filled(doc, document)


def _filled(doc: Doc, document: Document) -> Doc:
    # As JSON, because user_data has to survive Doc.to_bytes and DocBin.
    doc.user_data[_KEY] = json.dumps([q.to_dict() for q in document.quotations])
    doc.spans[_KEY] = [
        part
        for number, quotation in enumerate(document.quotations)
        for span in quotation.content
        if (part := _part(doc, span, number, quotation)) is not None
    ]
    return doc


def _part(doc: Doc, span: Span, number: int, quotation: Quotation) -> SpacySpan | None:
    """The tokens that a part of a content touches."""
    return doc.char_span(
        span.start,
        span.end,
        label=quotation.stance.label if quotation.stance else "",
        span_id=number,
        alignment_mode="expand",
    )


def _quotations(doc: Doc) -> tuple[Quotation, ...]:
    records = json.loads(doc.user_data.get(_KEY, "[]"))
    return tuple(Quotation.from_dict(record, doc.text) for record in records)
