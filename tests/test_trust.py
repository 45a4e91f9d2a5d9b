"""Coverage, reliability, confusions: worked by hand. Baselines, explanation, the page."""

import json
import warnings
from html.parser import HTMLParser

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotestance.cli import main
from quotestance.document import LABELS, LayoutError, Stance, StanceItem
from quotestance.evaluation import (
    Share,
    compare_stances,
    confusions,
    coverage_curve,
    evaluate_stances,
    reliability,
)
from quotestance.stance.baselines import KeywordBaseline, TfidfBaseline
from quotestance.stance.explanation import explain
from quotestance.stance.prediction import predict_items
from quotestance.stance_report import analyze_stances, stance_page
from quotestance.stance_report.analysis import confusion_table


def sure(label, probability):
    """A prediction of the project's labels: the rest of the probability is shared."""
    others = [name for name in (*LABELS, "none") if name != label]
    values = {label: probability, **dict.fromkeys(others, (1 - probability) / 3)}
    return Stance(label, () if label == "none" else (label,), values)


def gold(*labels):
    return [Stance.from_labels([] if label == "none" else [label]) for label in labels]


# Right at .95, .85 and .55, wrong at .85 and .55.
GOLD = gold("pressure", "dialogue", "none", "pressure", "none")
PREDICTED = [
    sure("pressure", 0.95),
    sure("dialogue", 0.85),
    sure("pressure", 0.85),
    sure("pressure", 0.55),
    sure("dialogue", 0.55),
]
ITEMS = [
    StanceItem(f"words {n}", "before", "behind", g, n, {"genre": "news"})
    for n, g in enumerate(GOLD)
]


def test_wilson_interval_of_a_textbook_case():
    # 8 of 10: (0.4902, 0.9433), e.g. Brown, Cai & DasGupta 2001.
    low, high = Share(8, 10).interval
    assert (round(low, 4), round(high, 4)) == (0.4902, 0.9433)


@given(st.integers(0, 60), st.integers(0, 60))
def test_interval_holds_the_share(hits, misses):
    share = Share(hits, hits + misses)
    low, high = share.interval
    assert 0 <= low <= share.value <= high <= 1


def test_coverage_falls_and_thresholds_are_those_of_abstaining():
    points = coverage_curve(GOLD, PREDICTED)
    assert [(p.threshold, p.coverage, p.accuracy) for p in points] == [
        (0.55, 1.0, 3 / 5),
        (0.85, 3 / 5, 2 / 3),
        (0.95, 1 / 5, 1.0),
    ]
    for point in points:
        left = [p.abstaining(point.threshold).certain for p in PREDICTED]
        assert sum(left) / len(left) == point.coverage


def told(label, *classes):
    probabilities = {name: 0.9 if name == label else 0.1 / (len(classes) - 1) for name in classes}
    return Stance(label, () if label == "none" else (label,), probabilities)


def test_a_model_that_knows_no_gold_label_is_refused():
    predicted = [told("x", "x", "none")] * 2
    with pytest.raises(ValueError, match=r"none of the gold labels \(a\), but none, x: "):
        evaluate_stances(gold("a", "none"), predicted, resamples=0)


def test_gold_labels_unknown_to_the_model_are_warned_of():
    with pytest.warns(UserWarning, match="does not know the gold labels b: .* it knows a, none"):
        evaluate_stances(gold("a", "b"), [told("a", "a", "none")] * 2, resamples=0)


def test_no_warning_where_the_model_knows_the_gold_labels():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        evaluate_stances(gold("a", "none"), [told("a", "a", "none")] * 2, resamples=0)


def test_reliability_by_hand():
    found = reliability(GOLD, PREDICTED)
    assert [(b.low, b.correct.hits, b.correct.size) for b in found.bins] == [
        (0.5, 1, 2),
        (0.8, 1, 2),
        (0.9, 1, 1),
    ]
    assert [round(b.confidence, 6) for b in found.bins] == [0.55, 0.85, 0.95]
    # (2·|.55 - .5| + 2·|.85 - .5| + |.95 - 1|) / 5
    assert found.ece == pytest.approx(0.17)
    assert evaluate_stances(GOLD, PREDICTED, resamples=0)["ece"].value == pytest.approx(0.17)


@pytest.mark.parametrize("measure", [reliability, coverage_curve])
def test_probabilities_are_needed(measure):
    with pytest.raises(ValueError, match="number 0 has no probabilities"):
        measure(GOLD, GOLD)


@pytest.mark.parametrize("measure", [reliability, coverage_curve])
def test_lengths_must_agree(measure):
    with pytest.raises(ValueError, match="5 gold stances but 4"):
        measure(GOLD, PREDICTED[1:])


def test_confusions_by_hand():
    found = confusions(GOLD, PREDICTED)
    assert found["none"] == {"pressure": 1, "dialogue": 1, "de-escalation": 0, "none": 0}
    assert found["pressure"]["pressure"] == 2
    table = confusion_table(found).splitlines()
    assert table[4].split() == ["none", "1", "1", "0", "0"]


def test_other_label_sets_are_scored_and_compared():
    own = gold("threat", "offer", "offer")
    other = gold("threat", "threat", "offer")
    assert evaluate_stances(own, other, resamples=0)["macro_f1"].value == pytest.approx(
        2 / 3, abs=1e-3
    )
    assert compare_stances(own, other, own, resamples=10)["accuracy"].value > 0
    assert set(confusions(own, other)) == {"threat", "offer"}


def test_certain_stances_keep_their_labels():
    stance = sure("dialogue", 0.55)
    assert stance.certain is None
    assert "certain" not in stance.to_dict()
    unsure = stance.abstaining(0.6)
    assert (unsure.certain, unsure.label, unsure.labels) == (False, "dialogue", ("dialogue",))
    assert Stance.from_dict(unsure.to_dict()) == unsure
    assert stance.abstaining(0.55).certain is True


def test_a_stance_without_probabilities_cannot_abstain():
    with pytest.raises(ValueError, match="without probabilities"):
        GOLD[0].abstaining(0.5)


def test_certain_must_be_a_truth_value():
    with pytest.raises(LayoutError, match=r"stance\.certain"):
        Stance.from_dict({"label": "none", "certain": "yes"})


def test_confidence_of_independent_labels_is_the_least_sure_decision():
    stance = Stance("threat", ("threat", "offer"), {"threat": 0.9, "offer": 0.7, "plea": 0.2})
    assert stance.independent
    assert stance.confidence == pytest.approx(0.7)


def test_scores_of_certain_stances():
    report = evaluate_stances(GOLD, [p.abstaining(0.8) for p in PREDICTED], resamples=0)
    assert (report["coverage"].value, report["coverage"].support) == (0.6, 5)
    assert (report["certain_accuracy"].value, report["certain_accuracy"].support) == (0.6667, 3)


def test_predict_abstains_without_changing_labels(classifier):
    texts = ["we will talk", "they must pay"]
    plain = classifier.predict(texts)
    asked = classifier.predict(texts, abstain_below=1.0)
    assert [s.certain for s in asked] == [False, False]
    assert [s.to_dict() for s in plain] == [
        {key: value for key, value in s.to_dict().items() if key != "certain"} for s in asked
    ]


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("We will impose sanctions unless they comply.", "pressure"),
        ("We are ready to negotiate.", "dialogue"),
        ("Both must agree to a ceasefire and a truce.", "de-escalation"),
        ("It rained.", "none"),
    ],
)
def test_keywords(text, label):
    (stance,) = KeywordBaseline().predict([text])
    assert stance.label == label


def test_tfidf_learns_and_has_probabilities():
    records = [
        {"text": f"{words} {n}", "labels": labels}
        for n in range(5)
        for words, labels in (("we offer talks", ["offer"]), ("they will pay", []))
    ]
    model = TfidfBaseline(records)
    (stance,) = model.predict(["we offer talks again"])
    assert (stance.label, stance.labels) == ("offer", ("offer",))
    assert sum(stance.probabilities.values()) == pytest.approx(1, abs=1e-4)
    assert model.predict([]) == []


def test_tfidf_needs_two_classes():
    with pytest.raises(LayoutError, match="two classes"):
        TfidfBaseline([{"text": "a", "labels": []}])


def test_tfidf_needs_words():
    with pytest.raises(LayoutError, match="no words"):
        TfidfBaseline([{"text": "?", "labels": []}, {"text": "!", "labels": ["offer"]}])


class Additive:
    """Says pressure the more, the more of its words there are: "must" .4, "pay" .2."""

    classes_ = ("pressure", "none")

    def predict_proba(self, texts, contexts, afters):
        read = [f"{c} {t} {a}".split() for t, c, a in zip(texts, contexts, afters, strict=True)]
        pressure = [0.1 + 0.4 * ("must" in words) + 0.2 * ("pay" in words) for words in read]
        return np.array([[p, 1 - p] for p in pressure])

    def stance(self, row):
        return Stance("pressure", ("pressure",), dict(zip(self.classes_, row, strict=True)))


def test_weights_of_words_that_add_up():
    found = explain(Additive(), "they must pay", "he said", "now", readings=10)
    assert [(w.part, w.text, round(w.weight, 6)) for w in found.words] == [
        ("context", "he", 0), ("context", "said", 0),
        ("text", "they", 0), ("text", "must", 0.4), ("text", "pay", 0.2), ("after", "now", 0),
    ]  # fmt: skip
    assert [word.text for word in found.top()] == ["must", "pay"]


def test_a_word_said_twice_shares_its_weight():
    found = explain(Additive(), "must must pay")
    assert [round(w.weight, 6) for w in found.words] == [0.2, 0.2, 0.2]


def test_weights_sum_to_what_the_words_change(classifier):
    found = explain(classifier, "we will talk", "he said", "now")
    whole, nothing = classifier.predict_proba(["we will talk", ""], ["he said", ""], ["now", ""])
    change = float((whole - nothing)[classifier.classes_.index(found.label)])
    assert sum(w.weight for w in found.words) == pytest.approx(change, abs=1e-2)
    assert found.label == found.stance.label


def test_explanation_offsets_are_those_of_the_words(classifier):
    text = "  we   will talk"
    found = explain(classifier, text)
    assert all(text[w.start : w.end] == w.text for w in found.words)


def test_explanation_of_another_label(classifier):
    assert explain(classifier, "talk", label="dialogue").label == "dialogue"
    with pytest.raises(ValueError, match="label 'peace' is not one of"):
        explain(classifier, "talk", label="peace")


def test_explanation_as_html_is_escaped(classifier):
    drawn = explain(classifier, "<script>x</script> talk")._repr_html_()
    assert "<script>" not in drawn
    assert "&lt;script&gt;" in drawn


class Page(HTMLParser):
    def __init__(self, page):
        super().__init__()
        self.tags, self.attributes, self.texts = [], set(), []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.attributes.update(name for name, _ in attributes)

    def handle_data(self, text):
        self.texts.append(text)


def page(items, predicted, title="Stances", **others):
    return "".join(stance_page(analyze_stances(items, predicted, resamples=5, **others), title))


def test_page_shows_the_wrong_items_of_highest_confidence_first():
    drawn = page(ITEMS, PREDICTED)
    wrong = drawn[drawn.index("Wrong with the highest") :]
    assert wrong.count("<article>") == 2
    assert wrong.index("words 2") < wrong.index("words 4")
    assert Page(drawn).tags.count("svg") == 2


def test_page_without_probabilities_and_errors():
    drawn = page(ITEMS, GOLD)
    assert "have no probabilities" in drawn
    assert "No item is wrong" in drawn


@given(st.text(max_size=40), st.text(max_size=20))
def test_hostile_text_stays_text(text, label):
    nasty = f"{text}<script>x()</script>\"' --> </style> &lt;"
    item = StanceItem(
        nasty, nasty, nasty, Stance.from_labels([nasty]), nasty, {"genre": f"{label}<b>"}
    )
    other = Stance(f"{label}<i>", (f"{label}<i>",), {f"{label}<i>": 0.9, nasty: 0.1})
    plain_items = [StanceItem("a", "b", "c", gold("x")[0], "d", {"genre": "g"})] * 5
    plain = Page(page(plain_items, [Stance("y", ("y",), {"y": 0.9, "x": 0.1})] * 5))
    drawn = Page(page([item] * 5, [other] * 5, title=nasty, others={nasty: [other] * 5}))
    assert set(drawn.tags) == set(plain.tags)
    assert drawn.attributes == plain.attributes


def test_page_fetches_and_runs_nothing():
    drawn = page(ITEMS, PREDICTED)
    assert not {"script", "img", "link", "iframe", "a"} & set(Page(drawn).tags)
    assert "url(" not in drawn
    assert "default-src 'none'" in drawn


def test_analysis_as_data_and_groups():
    data = analyze_stances(ITEMS, PREDICTED, others={"gold": GOLD}, resamples=5).to_dict()
    json.dumps(data)
    assert data["groups"]["genre"]["news"]["accuracy"] == 0.6
    assert data["beside"]["gold"]["scores"]["accuracy"]["difference"] == pytest.approx(-0.4)
    assert data["size"] == 5


def write(path, records):
    path.write_text("".join(json.dumps(record) + "\n" for record in records), "utf-8")
    return str(path)


@pytest.fixture
def files(tmp_path):
    """Gold items and predictions of them."""
    predicted = [{"id": n, "stance": p.to_dict()} for n, p in enumerate(PREDICTED)]
    return (
        write(tmp_path / "gold.jsonl", [item.to_dict() for item in ITEMS]),
        write(tmp_path / "pred.jsonl", predicted),
    )


def test_evaluate_prints_tables_and_writes_a_report(files, tmp_path, capsys):
    target = tmp_path / "report.html"
    train = write(
        tmp_path / "train.jsonl",
        [{"text": "they must pay", "labels": ["pressure"]}, {"text": "it rained", "labels": []}],
    )
    arguments = ["--pred", files[1], "--train", train, "--report", str(target)]
    assert main(["evaluate", files[0], *arguments]) == 0
    output = capsys.readouterr().out
    for told in ("gold \\ predicted", "abstain below", "TF-IDF", "keywords", f"see {target}"):
        assert told in output
    assert "Reliability diagram" in target.read_text("utf-8")


def test_evaluate_with_a_threshold(files, capsys):
    arguments = ["--pred", files[1], "--abstain-below", "0.8", "--format", "json"]
    assert main(["evaluate", files[0], *arguments]) == 0
    assert json.loads(capsys.readouterr().out)["scores"]["coverage"]["value"] == 0.6


def test_stance_command_marks_what_is_not_certain(model_folders, tmp_path, capsys):
    source = write(tmp_path / "in.jsonl", [{"id": 1, "text": "we talk"}])
    arguments = ["stance", source, "--stance", str(model_folders[1]), "--abstain-below", "1"]
    assert main([*arguments, "--device", "cpu"]) == 0
    assert json.loads(capsys.readouterr().out)["stance"]["certain"] is False


def test_stability_of_predictions_is_refused(files, capsys):
    assert main(["evaluate", files[0], "--pred", files[1], "--stability"]) == 2
    assert "leave out --pred" in capsys.readouterr().err


def test_reports_of_documents_are_refused(tmp_path, capsys):
    quotation = {"kind": "direct", "content": [[0, 4]], "source": [], "cue": []}
    path = write(tmp_path / "d.jsonl", [{"id": "a", "text": "“No”", "quotations": [quotation]}])
    assert main(["evaluate", path, "--report", str(tmp_path / "r.html")]) == 2
    assert "--report needs stance items" in capsys.readouterr().err


def test_training_data_without_labels_is_named(files, tmp_path, capsys):
    train = write(tmp_path / "train.jsonl", [{"text": "a"}])
    assert main(["evaluate", files[0], "--pred", files[1], "--train", train]) == 2
    assert "no column 'label'" in capsys.readouterr().err


def test_baselines_predict_items():
    assert len(predict_items(KeywordBaseline(), ITEMS)) == len(ITEMS)
