"""The three steps composed: text to quotations, to speakers, to stances."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import overload

from quotestance.document import Document, Quotation, Stance, StanceItem
from quotestance.evaluation import Report, evaluate_documents, evaluate_stances
from quotestance.marks import pair_marks
from quotestance.quotations.extractor import QuotationExtractor
from quotestance.roles import with_roles
from quotestance.speakers import resolve_speakers
from quotestance.stance.classifier import StanceClassifier
from quotestance.stance.inputs import surroundings
from quotestance.stance.prediction import Labeller, predict_items

_MOST_CHARACTERS = 500_000  # of the texts read ahead: some 300 MB of the network's outputs


class Pipeline:
    """Reads texts: finds quotations, names their speakers, labels their stances.

    With ``abstain_below`` (0 to 1) every stance says in ``certain`` whether its
    confidence reaches that. With ``marks_only`` quotations without quotation marks are left out,
    and texts without any are not read at all, which is faster.
    """

    def __init__(
        self,
        extractor: QuotationExtractor,
        classifier: StanceClassifier,
        *,
        abstain_below: float | None = None,
        marks_only: bool = False,
    ) -> None:
        self.extractor = extractor
        self.classifier = classifier
        self.abstain_below = abstain_below
        self.marks_only = marks_only

    def __call__(self, text: str | Document) -> Document:
        """The text as a Document with its quotations."""
        return next(self.pipe([text]))

    def pipe(self, texts: Iterable[str | Document], batch_size: int = 64) -> Iterator[Document]:
        """Documents for any iterable of texts, in order.

        At most ``batch_size`` texts are read ahead, fewer where they are long: their windows, and
        then their quotations, go through the models sorted by length. What is found depends
        neither on that nor on the order. A Document keeps its id and metadata; quotations it has
        are replaced.
        Raises ValueError for a ``batch_size`` under 1 and TypeError for what is neither a text nor
        a Document, and for a single one of them in place of ``texts``.
        """
        if batch_size < 1:
            raise ValueError(f"batch_size must be at least 1, not {batch_size}")
        if isinstance(texts, (str, Document)):
            raise TypeError("pipe takes many texts: pass a list, pipe([text]), or call qs(text)")
        return self._piped(texts, batch_size)

    def _piped(self, texts: Iterable[str | Document], batch_size: int) -> Iterator[Document]:
        batch: list[Document] = []
        size = 0
        for document in map(_document, texts):
            batch.append(document)
            size += len(document.text)
            if len(batch) == batch_size or size >= _MOST_CHARACTERS:
                yield from self._analyze(batch)
                batch, size = [], 0
        if batch:
            yield from self._analyze(batch)

    def _analyze(self, batch: Sequence[Document]) -> Iterator[Document]:
        read = [
            number
            for number, document in enumerate(batch)
            if not self.marks_only or pair_marks(document.text)
        ]
        named: list[tuple[Quotation, ...]] = [() for _ in batch]
        extractions = self.extractor.extract([batch[number].text for number in read])
        for number, extraction in zip(read, extractions, strict=True):
            found = with_roles(extraction.text, resolve_speakers(extraction))
            named[number] = tuple(q for q in found if q.quoted or not self.marks_only)
        stances = iter(self._stances(batch, named))
        for document, quotations in zip(batch, named, strict=True):
            labelled = tuple(replace(q, stance=next(stances)) for q in quotations)
            yield replace(document, quotations=labelled)

    def _stances(
        self, batch: Sequence[Document], named: Sequence[Sequence[Quotation]]
    ) -> list[Stance]:
        texts, contexts, afters = [], [], []
        for document, quotations in zip(batch, named, strict=True):
            for quotation in quotations:
                context, after = surroundings(document.text, quotation.start, quotation.end)
                texts.append(quotation.text)
                contexts.append(context)
                afters.append(after)
        if not texts:
            return []
        return self.classifier.predict(texts, contexts, afters, abstain_below=self.abstain_below)


def _document(text: str | Document) -> Document:
    if isinstance(text, str):
        return Document(text)
    if not isinstance(text, Document):
        raise TypeError(f"expected a text or a Document, not {type(text).__name__}")
    return text


def load(
    size: str = "small",
    *,
    quotations: str | Path | None = None,
    stance: str | Path | None = None,
    device: str = "auto",
    engine: str = "auto",
    abstain_below: float | None = None,
    marks_only: bool = False,
) -> Pipeline:
    """The pipeline with the embedded models, or with others in their place.

    ``size`` names the embedded models, of which there is "small". ``quotations`` and ``stance`` are
    sizes, folders or hub names that take the place of one: there is a larger ``stance="base"``.
    ``device`` is "auto" or a torch device; ``engine`` is "openvino", "torch", or "auto", the faster
    of those that this machine has; ``abstain_below`` and ``marks_only`` are those of
    :class:`Pipeline`. Raises ModelError where a model cannot be loaded, ValueError for a device
    that is not there or an engine that cannot be used, ImportError for an engine that is not
    installed.
    """
    return Pipeline(
        QuotationExtractor.from_pretrained(quotations or size, device, engine),
        StanceClassifier.from_pretrained(stance or size, device, engine),
        abstain_below=abstain_below,
        marks_only=marks_only,
    )


@overload
def evaluate(model: Pipeline, gold: Sequence[Document], *, resamples: int = 1000) -> Report: ...
@overload
def evaluate(
    model: Pipeline | Labeller, gold: Sequence[StanceItem], *, resamples: int = 1000
) -> Report: ...
def evaluate(
    model: Pipeline | Labeller,
    gold: Sequence[Document] | Sequence[StanceItem],
    *,
    resamples: int = 1000,
) -> Report:
    """Scores of a model on gold documents or stance items, with 95 % intervals.

    Documents need a Pipeline, else it raises TypeError; stance items take its classifier, a
    StanceClassifier, or a baseline. The intervals rest on ``resamples`` resampled documents or
    items.
    """
    items = [item for item in gold if isinstance(item, StanceItem)]
    if items:
        classifier = model.classifier if isinstance(model, Pipeline) else model
        expected = [item.stance or Stance.from_labels([]) for item in items]
        return evaluate_stances(
            expected,
            predict_items(classifier, items),
            multi_label=getattr(classifier, "multi_label", None),
            resamples=resamples,
        )
    if not isinstance(model, Pipeline):
        raise TypeError("documents with quotations need a Pipeline: quotestance.load()")
    documents = [item for item in gold if isinstance(item, Document)]
    predicted = list(model.pipe(documents))
    return evaluate_documents(documents, predicted, resamples=resamples)
