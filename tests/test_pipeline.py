"""The embedded models end to end, on texts written for this project."""

import json
from collections import Counter
from pathlib import Path

import pytest

import quotestance
from quotestance.document import Document, StanceItem
from quotestance.evaluation import normalized_name

SAMPLE = Path(quotestance.__file__).parent / "samples" / "article.txt"


@pytest.fixture(scope="module")
def sample(pipeline):
    return pipeline(SAMPLE.read_text("utf-8"))


def test_sample_has_all_three_stances(sample):
    labels = {quotation.stance.label for quotation in sample.quotations}
    assert {"pressure", "dialogue", "de-escalation"} <= labels


def test_every_quotation_in_marks_is_found(sample):
    found = " ".join(quotation.text for quotation in sample.quotations)
    for words in (
        "withdraw its warships",
        "sit down with our neighbours",
        "A single miscalculation",
    ):
        assert words in found


@pytest.mark.parametrize(
    ("words", "speaker"),
    [
        ("withdraw its warships", "Ilse Varga"),
        ("any further violation", "Ilse Varga"),
        ("sit down with our neighbours", "Tomas Reke"),
        ("A single miscalculation", "Adaeze Okonjo"),
    ],
)
def test_speakers_have_their_full_names(sample, words, speaker):
    (quotation,) = [q for q in sample.quotations if words in q.text]
    assert quotation.speaker.name == speaker


def test_spans_stand_in_the_text(sample):
    assert Document.from_json(sample.to_json()) == sample


def test_pipe_keeps_order_ids_and_metadata(pipeline):
    texts = [
        Document(f"“We will talk {n} times,” Ana Ruiz said.", id=n, metadata={"n": n})
        for n in range(5)
    ]
    found = list(pipeline.pipe(iter(texts), batch_size=2))
    assert [d.id for d in found] == [0, 1, 2, 3, 4]
    assert [d.metadata["n"] for d in found] == [0, 1, 2, 3, 4]
    assert [d.text for d in found] == [d.text for d in texts]


def test_pipe_reads_no_further_than_it_must(pipeline):
    def endless():
        yield from iter(lambda: "“No,” he said.", None)

    stream = pipeline.pipe(endless(), batch_size=3)
    assert next(stream).text == "“No,” he said."


@pytest.mark.parametrize("text", ["", " \n ", "No quotation.", "“”", "\ufeff", "😀 " * 50])
def test_texts_without_quotations(pipeline, text):
    document = pipeline(text)
    assert document.text == text
    assert all(q.speaker is not None and q.stance is not None for q in document.quotations)


def test_bad_batch_size(pipeline):
    with pytest.raises(ValueError, match="at least 1"):
        next(pipeline.pipe(["a"], batch_size=0))


@pytest.mark.parametrize("text", ["“No,” he said.", Document("“No,” he said.")])
def test_a_single_text_is_no_iterable_of_texts(pipeline, text):
    with pytest.raises(TypeError, match=r"pass a list, pipe\(\[text\]\)"):
        pipeline.pipe(text)
    with pytest.raises(TypeError, match=r"pass a list, extract\(\[text\]\)"):
        pipeline.extractor.extract("“No,” he said.")


@pytest.mark.parametrize("text", [None, 5, b"x"])
def test_what_is_no_text_is_refused(pipeline, text):
    with pytest.raises(TypeError, match="expected a text or a Document"):
        pipeline(text)


def test_stance_of_clear_cases(pipeline):
    stances = pipeline.classifier.predict(
        [
            "We will impose sanctions if they do not withdraw.",
            "We are ready to sit down for negotiations without preconditions.",
            "We urge both sides to show restraint and to stop the fighting.",
            "The delegation arrived at nine and visited the museum.",
        ]
    )
    assert [s.label for s in stances] == ["pressure", "dialogue", "de-escalation", "none"]


def test_evaluate_documents_and_items(pipeline, sample):
    report = quotestance.evaluate(pipeline, [sample], resamples=10)
    assert report["speaker_f1"].value == 1
    items = [StanceItem("We will impose sanctions.", stance=sample.quotations[0].stance)]
    assert quotestance.evaluate(pipeline, items, resamples=10).size == 1


def test_documents_need_a_pipeline(pipeline, sample):
    with pytest.raises(TypeError, match="Pipeline"):
        quotestance.evaluate(pipeline.classifier, [sample])


def test_frame_has_one_row_a_quotation(sample):
    frame = quotestance.to_frame([sample])
    assert len(frame) == len(sample.quotations)
    assert list(frame["speaker"]) == [q.speaker.name for q in sample.quotations]
    assert {"pressure", "dialogue", "de-escalation"} <= set(frame["stance"])


def test_dataset_and_jsonl(sample, tmp_path):
    assert quotestance.to_dataset([sample]).num_rows == len(sample.quotations)
    quotestance.to_jsonl([sample], tmp_path / "out.jsonl")
    assert quotestance.read_corpus(tmp_path / "out.jsonl") == [sample]


def test_empty_frame_has_the_columns():
    frame = quotestance.to_frame([])
    assert list(frame.columns)[:3] == ["document", "start", "end"]


@pytest.mark.data
def test_seed_article(pipeline, data):
    gold = quotestance.read_corpus(data / "seed" / "article.gold.jsonl")
    text = (data / "seed" / "article.txt").read_text("utf-8")
    found = pipeline(Document(text, id=gold[0].id))
    report = quotestance.evaluate(pipeline, gold, resamples=0)
    assert report["segments_found"].value == 1
    assert report["speaker_f1"].value >= 0.85
    stances = 0
    for expected in gold[0].quotations:
        if expected.kind == "indirect":
            continue
        middle = (expected.start + expected.end) // 2
        near = [q for q in found.quotations if any(s.start <= middle < s.end for s in q.content)]
        stances += bool(near) and near[0].stance.label == expected.stance.label
    assert stances >= 5
    indirect = {q.speaker.name for q in found.quotations if q.kind == "indirect"}
    assert any("White House" in (name or "") for name in indirect)
    assert "Antonio Guterres" in indirect


@pytest.mark.data
@pytest.mark.slow
def test_released_scores_hold(pipeline, data):
    gold = quotestance.read_corpus(data / "news" / "dev.jsonl")
    report = quotestance.evaluate(pipeline, gold, resamples=0)
    assert report["quoted_f1"].value >= 0.88
    assert report["speaker_f1"].value >= 0.9
    assert report["speaker_p"].value >= 0.9
    json.dumps(report.to_dict())


@pytest.mark.data
@pytest.mark.slow
def test_confidence_of_speakers_is_calibrated(pipeline, data):
    gaps = Counter()
    for gold in quotestance.read_corpus(data / "news" / "dev.jsonl"):
        found = pipeline(Document(gold.text))
        for expected in gold.quotations:
            middle = (expected.start + expected.end) // 2
            near = [
                q for q in found.quotations if any(s.start <= middle < s.end for s in q.content)
            ]
            if not near or near[0].speaker.name is None:
                continue
            names = set()
            if expected.kind != "none":
                names = {expected.speaker.name, *expected.speaker.alternatives}
            named = {normalized_name(name) for name in names}
            right = normalized_name(near[0].speaker.name) in named
            gaps[int(near[0].speaker.confidence * 10)] += near[0].speaker.confidence - right
            gaps["all"] += 1
    count = gaps.pop("all")
    assert count > 100
    assert sum(map(abs, gaps.values())) / count <= 0.05
