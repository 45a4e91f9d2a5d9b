"""Fits the confidence of speakers' names and measures its calibration.

    python benchmarks/confidence.py DATA            # prints calibration errors
    python benchmarks/confidence.py DATA --write    # and writes speakers/confidence.json

DATA is the folder with `news/dev.jsonl`, whose speakers are named, and `polnear/train.jsonl`, whose
speakers are read off the coreference chains that another system found (`silver`). Both weigh the
same in sum. The chains name persons only, so only attributions to somebody by name, pronoun or
description are taken from there. The error (10 bins of equal width) is that on news: of the fit,
and of fits that have not seen the article.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from quotestance import QuotationExtractor
from quotestance.corpora.jsonl import read_records
from quotestance.document import Document, Extraction, Span
from quotestance.evaluation import normalized_name
from quotestance.speakers import confidence, evidence
from quotestance.speakers.attribution import Attribution
from quotestance.speakers.gender import is_dependent
from quotestance.speakers.resolution import attributions
from quotestance.vocabulary import PLURAL_PRONOUNS, SUFFIXES, THING_PRONOUNS, TITLES, plain

ARTICLES = 150  # of PolNeAR
BINS = 10
OF_PERSONS = frozenset({evidence.NAME, evidence.SHORT_NAME, evidence.PRONOUN, evidence.DESCRIPTION})
NO_PERSONS = PLURAL_PRONOUNS | THING_PRONOUNS
PARTIES = frozenset("democrat republican democratic".split())


@dataclass(frozen=True)
class Example:
    """An attribution and whether its name is right."""

    document: Any
    attribution: Attribution
    right: bool


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    extractor = QuotationExtractor.from_pretrained("small")
    news = list(read_records(options.data / "news" / "dev.jsonl"))
    polnear = list(read_records(options.data / "polnear" / "train.jsonl"))[:ARTICLES]
    named = named_examples(news, extractor.extract([record["text"] for record in news]))
    silver = silver_examples(polnear, extractor.extract([record["text"] for record in polnear]))
    fitted = fit(named, silver)
    print(f"{len(named)} quoted passages of news, {len(silver)} attributions of PolNeAR")
    print(f"calibration error on news: {error(named, [fitted] * len(named)):.4f}")
    print(f"  articles left out in turn: {error(named, left_out(named, silver)):.4f}")
    if options.write:
        path = Path(confidence.__file__).with_name("confidence.json")
        path.write_text(fitted.to_json(), encoding="utf-8")


def fit(named: Sequence[Example], silver: Sequence[Example]) -> confidence.Confidence:
    """A fit in which both kinds of examples weigh the same in sum."""
    share = len(silver) / max(1, len(named))
    examples = [*named, *silver]
    weights = [share] * len(named) + [1.0] * len(silver)
    return confidence.calibrate(
        [example.attribution for example in examples],
        [example.right for example in examples],
        weights,
    )


def left_out(named: Sequence[Example], silver: Sequence[Example]) -> list[confidence.Confidence]:
    """For each example of news the fit on everything but its article."""
    documents = {example.document for example in named}
    fits = {
        document: fit([e for e in named if e.document != document], silver)
        for document in documents
    }
    return [fits[example.document] for example in named]


def error(examples: Sequence[Example], models: Sequence[confidence.Confidence]) -> float:
    """The expected calibration error of the names that are not left out."""
    gaps: Counter[int] = Counter()
    count = 0
    for example, model in zip(examples, models, strict=True):
        probability = model.probability(example.attribution)
        if probability >= confidence.THRESHOLD:
            gap = probability - example.right
            gaps[min(BINS - 1, int(probability * BINS))] += gap  # type: ignore[assignment]
            count += 1
    return sum(abs(gap) for gap in gaps.values()) / max(1, count)


def named_examples(
    records: Sequence[dict[str, Any]], extractions: Sequence[Extraction]
) -> list[Example]:
    """An example for each quoted passage of at least 3 words that is given to somebody."""
    examples = []
    for record, extraction in zip(records, extractions, strict=True):
        document = Document.from_dict(record)
        found = attributions(extraction)
        for quotation in document.quotations:
            names = set()
            if quotation.kind != "none" and quotation.speaker and quotation.speaker.name:
                all_names = (quotation.speaker.name, *quotation.speaker.alternatives)
                names = {normalized_name(name) for name in all_names}
            for span in quotation.content:
                guess = _covering(span, found)
                quoted = span.text[0] in '“"' and len(span.text.split()) >= 3
                if quoted and guess is not None and guess.entity is not None:
                    right = normalized_name(guess.entity.name) in names
                    examples.append(Example(document.id, guess, right))
    return examples


def silver_examples(
    records: Sequence[dict[str, Any]], extractions: Sequence[Extraction]
) -> list[Example]:
    """An example for each attribution whose source was found and has a name in its chain."""
    examples = []
    for record, extraction in zip(records, extractions, strict=True):
        found = attributions(extraction)
        document = Document.from_dict(record)
        for source, content, name in silver_names(record, document):
            guess = _covering(content, found)
            if guess is None or guess.entity is None or not guess.quotation.source:
                continue
            word = plain(guess.quotation.source[0].text)
            of_person = guess.name in OF_PERSONS and word not in NO_PERSONS
            if of_person and _overlap(guess.quotation.source[0], source):
                right = _same_person(guess.entity.name, name)
                examples.append(Example(document.id, guess, right))
    return examples


def silver_names(record: dict[str, Any], document: Document) -> Iterator[tuple[Span, Span, str]]:
    """Source, content and speaker of the attributions whose source a chain with a name has."""
    text, silver = document.text, record.get("silver")
    if not silver:
        return
    people = [Span.of(text, a, b) for a, b, kind in silver["entities"] if kind == "PERSON"]
    everywhere = Counter(_bare(span.text) for span in people)
    chains = [[Span.of(text, *pair) for pair in chain] for chain in silver["coreference"]]
    for quotation in document.quotations:
        if not quotation.source:
            continue
        source = quotation.source[0]
        fitting = [c for c in chains if any(_likeness(m, source) >= 0.6 for m in c)]
        chain = max(fitting, key=lambda c: max(_likeness(m, source) for m in c), default=[source])
        heads = Counter(
            _bare(name.text) for m in chain if (name := _head(text, m, people)) is not None
        )
        of_source = [span for span in people if _overlap(span, source)]
        if not heads or (of_source and _head(text, source, people) is None):
            continue
        surname = Counter(name.split()[-1] for name in heads.elements()).most_common(1)[0][0]
        full = [n for n in heads if n.split()[-1] == surname and " " in n] or [
            n for n in everywhere if n.split()[-1] == surname and " " in n
        ]
        if len({name.split()[0] for name in full}) < 2:
            longest = max(full, key=lambda n: (len(n.split()), everywhere[n]), default=surname)
            yield source, quotation.content[0], longest


def _head(text: str, mention: Span, people: Sequence[Span]) -> Span | None:
    """The person that a mention is the name of, not just a word of it."""
    inside = [p for p in people if mention.start <= p.start and p.end <= mention.end]
    if not inside or mention.end - mention.start > 60:
        return None
    after = text[inside[0].end : mention.end]
    goes_on = re.match(r"(?:['’]s?)? (?!who|and|of|in|from)\w", after)
    dependent = inside[0].start > mention.start and is_dependent(text, inside[0])
    return None if goes_on or dependent else inside[0]


def _bare(name: str) -> str:
    """A name in plain words without titles and suffixes."""
    words = normalized_name(name).split()
    while len(words) > 1 and (words[0] in TITLES or words[0] in PARTIES):
        words.pop(0)
    while len(words) > 1 and words[-1] in SUFFIXES:
        words.pop()
    return " ".join(words)


def _same_person(a: str, b: str) -> bool:
    """Are the names one but for middle names?"""
    first, second = _bare(a).split(), _bare(b).split()
    if min(len(first), len(second)) < 2:
        return first == second
    return (first[0], first[-1]) == (second[0], second[-1])


def _covering(span: Span, found: Sequence[Attribution]) -> Attribution | None:
    """The attribution whose content covers most of a span, at least half."""

    def covered(attribution: Attribution) -> int:
        return sum(_overlap(span, part) for part in attribution.quotation.content)

    best = max(found, key=covered, default=None)
    return best if best and covered(best) >= 0.5 * (span.end - span.start) else None


def _likeness(a: Span, b: Span) -> float:
    return _overlap(a, b) / max(a.end - a.start, b.end - b.start)


def _overlap(a: Span, b: Span) -> int:
    return max(0, min(a.end, b.end) - max(a.start, b.start))


if __name__ == "__main__":
    main()
