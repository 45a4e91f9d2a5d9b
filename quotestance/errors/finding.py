"""Errors of a prediction: every gold segment that costs it a point in the evaluation."""

from __future__ import annotations

from dataclasses import dataclass

from quotestance.document import Document, Quotation
from quotestance.errors.kinds import Fault, Kind, Surroundings, kinds_of
from quotestance.evaluation import Match, match_segments


@dataclass(frozen=True, slots=True)
class ErrorCase:
    """A quoted stretch, characters ``start`` to ``end``, where a prediction is wrong.

    ``document`` is the gold one; ``gold`` is ``None`` where the stretch is no attributed
    speech, ``predicted`` where it was missed. ``faults`` say what is wrong and ``kinds`` what
    makes the stretch hard: all that hold, the one it is counted under first.
    """

    document: Document
    start: int
    end: int
    faults: tuple[Fault, ...]
    kinds: tuple[Kind, ...]
    gold: Quotation | None
    predicted: Quotation | None

    @property
    def fault(self) -> Fault:
        return self.faults[0]

    @property
    def kind(self) -> Kind:
        return self.kinds[0]


def find_errors(gold: Document, predicted: Document) -> list[ErrorCase]:
    """The errors of a ``predicted`` document against its ``gold`` one, in the order of the text.

    Segments and quotations are matched as in :mod:`quotestance.evaluation`. Speakers and
    stances that are ``None`` on either side, so that nobody has looked for them, are no errors.
    Raises ValueError where the texts differ.
    """
    if gold.text != predicted.text:
        raise ValueError(f"document {gold.id!r}: the predicted text is not the gold text")
    around = Surroundings.of(gold, predicted)
    cases = []
    for match in match_segments(gold, predicted):
        if faults := _faults(match):
            kinds = kinds_of(match, faults[0], around)
            cases.append(
                ErrorCase(gold, *match.segment, faults, kinds, match.gold, match.predicted)
            )
    return cases


def _faults(match: Match) -> tuple[Fault, ...]:
    true, guess = match.gold, match.predicted
    if true is None:
        told = guess is not None and (guess.source or match.predicted_name)
        return (Fault.FALSE,) if told else ()
    if guess is None:
        return (Fault.MISSED,) if true.source or match.gold_name else ()
    faults = []
    if (true.source or guess.source) and not match.same_source:
        faults.append(Fault.SOURCE)
    named = match.gold_name or match.predicted_name
    if true.speaker and guess.speaker and named and not match.same_name:
        faults.append(Fault.SPEAKER)
    if match.gold_name and true.stance and guess.stance and not match.same_stance:
        faults.append(Fault.STANCE)
    return tuple(faults)
