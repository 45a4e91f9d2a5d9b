import json
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotestance.document import (
    Document,
    LayoutError,
    Quotation,
    Span,
    Speaker,
    Stance,
    StanceItem,
)

TEXT = "“We will talk,” Ana Ruiz said."


def make(**changes):
    fields = {
        "kind": "direct",
        "content": (Span.of(TEXT, 0, 15),),
        "source": (Span.of(TEXT, 16, 24),),
        "cue": (Span.of(TEXT, 25, 29),),
        "quoted": (Span.of(TEXT, 0, 15),),
        "speaker": Speaker(
            "Ana Ruiz",
            "person",
            mentions=(Span.of(TEXT, 16, 24),),
            confidence=0.9,
            evidence="cue+name",
        ),
        "stance": Stance("dialogue", ("dialogue",), {"dialogue": 0.8, "none": 0.2}),
    }
    return Quotation(**{**fields, **changes})


@st.composite
def documents(draw):
    text = draw(st.text(min_size=4, max_size=80))

    def span():
        start = draw(st.integers(0, len(text) - 1))
        return Span.of(text, start, draw(st.integers(start + 1, len(text))))

    quotations = tuple(
        Quotation(
            draw(st.sampled_from(["direct", "mixed", "indirect"])),
            (span(),),
            source=(span(),) if draw(st.booleans()) else (),
            speaker=draw(st.sampled_from([None, Speaker(None, unknown_reason="no"), Speaker("X")])),
            stance=draw(st.sampled_from([None, Stance("none"), Stance.from_labels(["pressure"])])),
        )
        for _ in range(draw(st.integers(0, 3)))
    )
    return Document(text, quotations, draw(st.text(max_size=5)), {"title": draw(st.text())})


@given(documents())
def test_document_survives_json(document):
    assert Document.from_json(document.to_json()) == document


@given(documents())
def test_every_span_stands_in_the_text(document):
    again = Document.from_json(document.to_json())
    for quotation in again.quotations:
        for _, span in quotation.spans():
            assert again.text[span.start : span.end] == span.text


def test_full_quotation_survives_json():
    document = Document(TEXT, (make(),), "a")
    assert Document.from_json(document.to_json()) == document


def test_prediction_layout():
    record = Document(TEXT, (make(),), "a").to_dict()["quotations"][0]
    assert record["speaker"] == "Ana Ruiz"
    assert record["content"] == [[0, 15]]
    assert record["speaker_details"]["mentions"] == [[16, 24]]
    assert record["stance"]["label"] == "dialogue"
    assert record["confidence"] == 0.9
    assert record["speaker_details"]["evidence"] == "cue+name"


def test_gold_stance_is_a_list_of_labels():
    assert Stance.from_labels(["pressure", "dialogue"]).to_dict() == ["pressure", "dialogue"]
    assert Stance.from_labels([]).label == "none"


def test_other_fields_pass_through():
    record = {"id": 7, "text": "x", "title": "T", "tags": [1, {"a": None}]}
    assert Document.from_dict(record).to_dict() == {**record, "quotations": []}


def test_span_that_does_not_stand_in_the_text_is_refused():
    with pytest.raises(LayoutError, match=r"quotations\[0\].content"):
        Document("other text", (make(),))


@pytest.mark.parametrize(
    ("record", "message"),
    [
        ({"quotations": []}, '"text" is missing'),
        ({"text": "ab", "quotations": [{"kind": "direct"}]}, "content is empty"),
        ({"text": "ab", "quotations": [{"kind": "x", "content": [[0, 1]]}]}, "kind 'x'"),
        ({"text": "ab", "quotations": [{"kind": "direct", "content": [[0, 9]]}]}, "outside"),
        ({"text": "ab", "quotations": [{"kind": "direct", "content": [[1, 1]]}]}, "empty"),
        ({"text": "ab", "quotations": [{"kind": "direct", "content": [["a", 1]]}]}, "pair"),
        ({"text": "ab", "quotations": {}}, "must be a list"),
        (
            {
                "text": "ab",
                "quotations": [
                    {"kind": "direct", "content": [[0, 1]], "speaker": "X", "confidence": "high"}
                ],
            },
            "confidence must be a number or null",
        ),
        ([], "must be a JSON object"),
    ],
)
def test_bad_record_is_named(record, message):
    with pytest.raises(LayoutError, match=message):
        Document.from_dict(record)


def test_bad_json_is_named():
    with pytest.raises(LayoutError, match="no valid JSON"):
        Document.from_json('{"text": ')


def test_documents_are_immutable_and_travel_between_processes():
    document = Document(TEXT, (make(),), "a", {"title": "T"})
    with pytest.raises(AttributeError):
        document.text = "other"
    with pytest.raises(TypeError):
        document.metadata["title"] = "U"
    assert pickle.loads(pickle.dumps(document)) == document
    assert hash(document.quotations[0].stance) == hash(make().stance)


def test_parts_of_a_quotation_are_joined():
    parts = (Span.of(TEXT, 0, 8), Span.of(TEXT, 9, 15))
    assert make(content=parts).text == "“We will talk,”"


def test_stance_item_survives_its_record():
    record = {"id": "a", "text": "t", "context": "c", "after": "", "labels": ["dialogue"], "doc": 1}
    assert StanceItem.from_dict(json.loads(json.dumps(record))).to_dict() == record


def test_stance_item_with_bad_labels_is_refused():
    with pytest.raises(LayoutError, match='"labels": label 3 is no name'):
        StanceItem.from_dict({"text": "t", "labels": [3]})


@pytest.mark.parametrize(
    ("given", "labels"),
    [
        ({"label": "dialogue"}, ("dialogue",)),
        ({"label": "none"}, ()),
        ({"labels": ["pressure", "dialogue"]}, ("pressure", "dialogue")),
        ({"labels": "pressure, dialogue"}, ("pressure", "dialogue")),
        ({"labels": []}, ()),
        ({"label": None, "labels": ["x"]}, ("x",)),
    ],
)
def test_stance_items_take_one_label_or_several(given, labels):
    assert StanceItem.from_dict({"text": "t", **given}) == StanceItem(
        "t", stance=Stance.from_labels(labels)
    )
