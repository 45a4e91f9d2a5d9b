"""Extractions written by hand and whom their quotations are given to."""

import re

from quotestance.document import Extraction, Name, Quotation, Span
from quotestance.speakers.resolution import resolve_speakers


def extraction(text, sources, people=(), bodies=(), antecedents=()):
    """An extraction of a text: one quotation for each stretch in “”, sources in their order.

    A source is a string (its occurrence nearest to the quotation's end is taken), or None.
    ``people`` and ``bodies`` are names, all their occurrences count; ``antecedents`` are pairs
    of strings: a mention and the earlier mention it stands for.
    """

    def occurrences(words):
        return [Span.of(text, *m.span()) for m in re.finditer(rf"(?<!\w){re.escape(words)}", text)]

    quotations = []
    stretches = [Span.of(text, *m.span()) for m in re.finditer("“[^”]*”", text)]
    for stretch, source in zip(stretches, sources, strict=True):
        spans = ()
        if source is not None:
            spans = (min(occurrences(source), key=lambda s: abs(s.start - stretch.end)),)
        said = occurrences("said") if spans else []
        cue = sorted(said, key=lambda s: abs(s.start - stretch.end))[:1]
        quotations.append(Quotation("direct", (stretch,), spans, tuple(cue), quoted=(stretch,)))
    names = [Name(span, "person") for name in people for span in occurrences(name)]
    names += [Name(span, "organization") for name in bodies for span in occurrences(name)]
    longest = [
        n
        for n in names
        if not any(
            o.span != n.span and o.span.start <= n.span.start and n.span.end <= o.span.end
            for o in names
        )
    ]
    links = {}
    for mention, target in antecedents:
        for span in occurrences(mention):
            earlier = [o for o in occurrences(target) if o.end <= span.start]
            if earlier:
                links[span] = ((earlier[-1], 0.9),)
    return Extraction(text, tuple(quotations), (1.0,) * len(quotations), tuple(longest), links)


def names(*args, **kwargs):
    return [q.speaker.name for q in resolve_speakers(extraction(*args, **kwargs))]


def speakers(*args, **kwargs):
    return [q.speaker for q in resolve_speakers(extraction(*args, **kwargs))]


def names_of(found):
    return [q.speaker.name for q in resolve_speakers(found)]
