"""What a classifier must beat: bag-of-words regression and a list of keywords."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from quotestance.document import LABELS, NO_STANCE, LayoutError, Stance
from quotestance.stance.prediction import listed

# Beginnings of words, of whole words where they end in a space.
_KEYWORDS = {
    "pressure": "sanction|embargo|ultimatum|threat|condemn|denounc|retaliat|punish|consequence|"
    "demand|must |violat|accus|unacceptable|will not accept|pay a price|force |deadline|expel",
    "dialogue": "dialog|talk|negotiat|discuss|meet |meeting|consult|mediat|diplomacy|diplomatic|"
    "cooperat|agreement|engage|sit down|summit|table ",
    "de-escalation": "ceasefire|cease-fire|truce|restraint|de-escalat|deescalat|calm|peace|"
    "withdraw|step back|end the |cessation|hostilities|stop |halt |disengage|tension",
}
_PATTERNS = {
    label: re.compile(
        "|".join(
            rf"\b{stem[:-1]}\b" if stem[-1] == " " else rf"\b{stem}" for stem in stems.split("|")
        ),
        re.IGNORECASE,
    )
    for label, stems in _KEYWORDS.items()
}


class TfidfBaseline:
    """Logistic regression on TF-IDF of the quotation's words and word pairs, classes balanced.

    Reads the quotation alone.
    """

    def __init__(self, records: Iterable[Mapping[str, Any]]) -> None:
        """Fits records with ``text`` and ``labels``; LayoutError where nothing can be learnt."""
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.linear_model import LogisticRegression
        from sklearn.pipeline import make_pipeline

        records = list(records)
        labels = [(record["labels"] or [NO_STANCE])[0] for record in records]
        if len(set(labels)) < 2:
            raise LayoutError("a baseline needs training items of two classes at least")
        self._model = make_pipeline(
            # Of a few items hardly any word would be left that stands in two.
            TfidfVectorizer(
                ngram_range=(1, 2), sublinear_tf=True, min_df=min(2, len(records) // 50 + 1)
            ),
            LogisticRegression(C=10, class_weight="balanced", max_iter=2000),
        )
        try:
            self._model.fit([record["text"] for record in records], labels)
        except ValueError:
            raise LayoutError("a baseline finds no words to learn in its training items") from None
        self.classes_: tuple[str, ...] = tuple(map(str, self._model.classes_))

    def predict(
        self,
        texts: Sequence[str] | str,
        contexts: Sequence[str] | str = (),
        afters: Sequence[str] | str = (),
    ) -> list[Stance]:
        """A stance for each text; what stands around it is not read."""
        found = []
        for row in self._model.predict_proba(listed(texts)) if texts else ():
            values = {c: round(float(p), 6) for c, p in zip(self.classes_, row, strict=True)}
            label = max(values, key=values.__getitem__)
            found.append(Stance(label, () if label == NO_STANCE else (label,), values))
        return found


class KeywordBaseline:
    """The project's stance whose keywords occur most often in the quotation, or none.

    Of stances with as many keywords the one that comes first in the text is the label.
    """

    classes_ = (*LABELS, NO_STANCE)

    def predict(
        self,
        texts: Sequence[str] | str,
        contexts: Sequence[str] | str = (),
        afters: Sequence[str] | str = (),
    ) -> list[Stance]:
        """A stance without probabilities for each text; what stands around it is not read."""
        return [_by_keywords(text) for text in listed(texts)]


def _by_keywords(text: str) -> Stance:
    places = {
        label: [match.start() for match in pattern.finditer(text)]
        for label, pattern in _PATTERNS.items()
    }
    found = [label for label in LABELS if places[label]]
    found.sort(key=lambda label: (-len(places[label]), places[label][0]))
    return Stance.from_labels(found[:1])
