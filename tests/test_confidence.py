import json

import pytest

from quotestance.document import Quotation, Span
from quotestance.speakers import evidence
from quotestance.speakers.attribution import Attribution
from quotestance.speakers.confidence import Confidence, calibrate, features, released
from quotestance.speakers.names import Entity

TEXT = "“We will see,” she said."
QUOTATION = Quotation("direct", (Span.of(TEXT, 0, 14),), (Span.of(TEXT, 15, 18),))
LIND = Entity("Ada Lind", "person")


def attribution(name=evidence.PRONOUN, source=evidence.CUE, **changes):
    fields = {"link": 0.9, "weight": 0.8, "margin": 0.5, "distance": 1, **changes}
    return Attribution(QUOTATION, LIND, source, name, **fields)


@pytest.mark.parametrize("name", evidence.NAMES)
@pytest.mark.parametrize("source", evidence.SOURCES)
@pytest.mark.parametrize("value", [0.0, 1.0])
def test_probability_is_one(name, source, value):
    found = attribution(name, source, link=value, weight=value, margin=value)
    assert 0 < released().probability(found) < 1


@pytest.mark.parametrize("field", ["link", "weight", "margin"])
def test_more_evidence_is_more_likely_right(field):
    weak, strong = (released().probability(attribution(**{field: v})) for v in (0.3, 0.95))
    assert strong > weak


def test_name_is_surer_than_a_pronoun_and_a_cue_than_none():
    def probability(*args):
        return released().probability(attribution(*args))

    assert probability(evidence.NAME) > probability(evidence.PRONOUN)
    assert probability(evidence.NAME, evidence.CUE) > probability(evidence.NAME, evidence.FOLLOW_ON)


def test_weight_counts_only_where_something_was_weighed():
    assert "weight" in features(attribution(evidence.PRONOUN))
    assert "weight" not in features(attribution(evidence.NAME))


def test_calibration_finds_what_tells_right_from_wrong():
    named, guessed = attribution(evidence.NAME), attribution(evidence.PRONOUN, weight=0.3)
    fitted = calibrate(
        [named] * 40 + [guessed] * 40, [True] * 38 + [False] * 2 + [True, False] * 20
    )
    assert fitted.probability(named) == pytest.approx(0.95, abs=0.1)
    assert fitted.probability(guessed) == pytest.approx(0.5, abs=0.1)


def test_weights_of_examples_count():
    one, other = (
        calibrate([attribution()] * 2, [True, False], weights) for weights in ([9, 1], [1, 9])
    )
    assert one.probability(attribution()) > 0.5 > other.probability(attribution())


def test_calibration_needs_right_and_wrong():
    with pytest.raises(ValueError, match="right and some that are wrong"):
        calibrate([attribution()] * 3, [True] * 3)


def test_model_survives_json():
    data = json.loads(released().to_json())
    assert Confidence(data["intercept"], data["weights"]) == released()
