"""Quotations to label: out to files and back, settled, and how well annotators agree."""

import csv
import io
import json
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quotestance.cells import escaped, unescaped
from quotestance.cli import main
from quotestance.corpora import tables
from quotestance.document import LABELS, Document, LayoutError, Quotation, Span, Speaker, Stance
from quotestance.labelling import (
    Task,
    agreement,
    read_labelled,
    select,
    settle,
    split,
    tasks_of,
    write_tasks,
)
from quotestance.labelling.label_studio import labelling_config, to_label_studio
from quotestance.labelling.spreadsheet import to_csv

TEXT = "On Monday “We <will> talk,” Ilse Varga said, “or we leave.” Nobody answered her."


def stance(*probabilities):
    values = dict(zip((*LABELS, "none"), probabilities, strict=True))
    label = max(values, key=values.get)
    return Stance(label, () if label == "none" else (label,), values)


def document(name="a", *stances, text=TEXT):
    spans = tuple(Span.of(text, *pair) for pair in ((10, 27), (45, 59)))
    source = (Span.of(text, 28, 38),)
    quotations = tuple(
        Quotation("direct", spans, source, speaker=Speaker("Ilse Varga"), stance=found)
        for found in stances or [stance(0.1, 0.6, 0.1, 0.2)]
    )
    return Document(text, quotations, name)


def labelled_csv(path, tasks, **columns):
    """The exported table as annotators fill it in: a list of labels for each of them."""
    text = to_csv(tasks, list(columns)).removeprefix("\ufeff")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    for name, cells in columns.items():
        for row, cell in zip(rows, cells, strict=True):
            row[f"labels: {name}"] = cell
    return save_rows(path, rows)


def save_rows(path, rows):
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def annotation(labels, annotator, **fields):
    groups = {"stance": labels[:1], "also": labels[1:]}
    result = [
        {"from_name": name, "to_name": "passage", "type": "choices", "value": {"choices": found}}
        for name, found in groups.items()
        if found
    ]
    return {"completed_by": annotator, "was_cancelled": False, "result": result, **fields}


def labelled_json(path, tasks, *annotations):
    records = [
        {"id": n, "data": task["data"], "annotations": list(found)}
        for n, (task, found) in enumerate(zip(to_label_studio(tasks), annotations, strict=True), 1)
    ]
    path.write_text(json.dumps(records), "utf-8")
    return path


def passes(readings):
    return [dict(reading.passes) for reading in readings]


def problem(paths):
    with pytest.raises(LayoutError) as caught:
        read_labelled(paths)
    return str(caught.value)


def test_task_has_what_stands_around_and_where():
    (task,) = tasks_of([document()])
    assert (task.id, task.document, task.content) == ("a#0", "a", ((10, 27), (45, 59)))
    assert (task.context, task.after) == ("On Monday", "Nobody answered her.")
    assert (task.speaker, task.source, task.stance.label) == (
        "Ilse Varga",
        "Ilse Varga",
        "dialogue",
    )
    assert task.passage == (
        "<p>Speaker: Ilse Varga</p><p>On Monday <b>“We &lt;will&gt; talk,”</b> Ilse Varga said, "
        "<b>“or we leave.”</b> Nobody answered her.</p>"
    )


def test_choices_are_the_labels_of_an_own_model():
    own = Stance("threat", ("threat",), {"threat": 0.7, "none": 0.1, "offer": 0.2})
    assert tasks_of([document("a", own)])[0].choices == ("threat", "offer", "none")


def test_documents_with_one_id_are_refused():
    with pytest.raises(LayoutError, match="two documents have the id 'a'"):
        tasks_of([document(), document()])


texts = st.text(max_size=30) | st.text(alphabet="=+-@'\"\r\n\t,;x“’", max_size=8)
words = texts.filter(str.strip)


@st.composite
def any_task(draw):
    return Task(
        id=draw(words) + "#0",
        text=draw(words),
        context=draw(texts),
        after=draw(texts),
        speaker=draw(texts),
        source=draw(texts),
        document=draw(texts),
        content=tuple(draw(st.lists(st.tuples(st.integers(0), st.integers(0)), max_size=3))),
        stance=draw(st.none() | st.builds(Stance.from_labels, st.permutations(LABELS))),
    )


@settings(max_examples=60)
@given(any_task(), st.sampled_from(["csv", "label-studio"]))
def test_any_task_comes_back_from_a_file(tmp_path_factory, task, form):
    path = tmp_path_factory.mktemp("tasks") / f"t.{'csv' if form == 'csv' else 'json'}"
    write_tasks([task], path, form)
    (reading,) = read_labelled([path])
    assert reading.task == task
    assert reading.passes == {}


@given(texts)
def test_no_cell_is_a_formula_and_all_come_back(cell):
    assert not escaped(cell).startswith(("=", "+", "-", "@", "\t", "\r"))
    assert unescaped(escaped(cell)) == cell


def test_csv_opens_in_excel(tmp_path):
    (path,) = write_tasks(tasks_of([document()]), tmp_path / "t.csv", "csv", ["Ana", "Ben"])
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    ((_, row),) = tables.rows(path)
    assert (row["labels: Ana"], row["labels: Ben"], row["predicted"]) == ("", "", "dialogue")


def test_label_studio_gets_the_prediction_and_the_choices():
    task = tasks_of([document("a", replace(stance(0.1, 0.6, 0.2, 0.1), labels=LABELS[1:]))])[0]
    ((prediction,),) = [entry["predictions"] for entry in to_label_studio([task])]
    assert prediction["model_version"].startswith("quotestance ")
    assert prediction["score"] == 0.6
    found = {r["from_name"]: r["value"]["choices"] for r in prediction["result"]}
    assert found == {"stance": ["dialogue"], "also": ["de-escalation"]}
    config = ElementTree.fromstring(labelling_config(task.choices))
    groups = {group.get("name"): group for group in config.iter("Choices")}
    assert [choice.get("value") for choice in groups["stance"]] == [*LABELS, "none"]
    assert [choice.get("value") for choice in groups["also"]] == [*LABELS]
    names = {tag.get("value", "").removeprefix("$") for tag in config.iter("HyperText")}
    assert names <= to_label_studio([task])[0]["data"].keys()


def test_uncertain_ones_first():
    found = [stance(0.9, 0.05, 0.03, 0.02), stance(0.4, 0.35, 0.2, 0.05)]
    tasks = select(tasks_of([document("a", *found)]), "uncertain", 1)
    assert [(task.id, task.number, task.total) for task in tasks] == [("a#1", 1, 1)]


def test_random_sample_is_that_of_its_seed():
    tasks = tasks_of([document("a", *[stance(1, 0, 0, 0)] * 20)])
    one, same, other = (select(tasks, "random", 5, seed=seed) for seed in (1, 1, 2))
    assert one == same != other
    assert len({task.id for task in one}) == 5


def test_balanced_takes_the_labels_in_turn():
    found = [stance(1, 0, 0, 0)] * 3 + [stance(0, 1, 0, 0)]
    tasks = select(tasks_of([document("a", *found)]), number=3, balanced=True)
    assert [task.stance.label for task in tasks] == ["pressure", "dialogue", "pressure"]


def test_selection_by_predictions_needs_them():
    (task,) = tasks_of([document()])
    bare = replace(task, stance=None)
    for settings_ in ({"order": "uncertain"}, {"balanced": True}):
        with pytest.raises(LayoutError, match="run analyze"):
            select([bare], **settings_)


def test_orders_and_formats_that_are_none(tmp_path):
    tasks = tasks_of([document()])
    with pytest.raises(ValueError, match="'best' is not one of text, random, uncertain"):
        select(tasks, "best")
    with pytest.raises(ValueError, match="'xlsx' is not one of label-studio, csv"):
        write_tasks(tasks, tmp_path / "t.xlsx", "xlsx")


def test_columns_and_files_are_annotators(tmp_path):
    tasks = tasks_of([document()])
    one = labelled_csv(tmp_path / "one.csv", tasks, Ana=["Dialogue; pressure"], Ben=[""])
    two = tmp_path / "two.csv"
    two.write_text(one.read_text("utf-8-sig").replace("labels: Ben", "labels"), "utf-8")
    rows = [dict(row) | {"labels": "none", "labels: Ana": ""} for _, row in tables.rows(two)]
    save_rows(two, rows)
    assert passes(read_labelled([one, two])) == [{"Ana": ["dialogue", "pressure"], str(two): []}]


def test_label_studio_json_with_skipped_tasks(tmp_path):
    tasks = tasks_of([document("a", *[stance(1, 0, 0, 0)] * 2)])
    path = labelled_json(
        tmp_path / "x.json",
        tasks,
        [
            annotation(["dialogue", "pressure"], 1),
            annotation(["none"], {"id": 2, "email": "ben@kestria.example"}),
            annotation([], 3, was_cancelled=True),
        ],
        [],
    )
    first, second = passes(read_labelled([path]))
    assert first == {f"{path}:1": ["dialogue", "pressure"], "ben@kestria.example": []}
    assert second == {}


def test_label_studio_json_min(tmp_path):
    (task,) = to_label_studio(tasks_of([document()]))
    one = {**task["data"], "id": 7, "annotator": 1, "stance": "dialogue", "also": "pressure"}
    two = {**one, "annotator": 2, "also": {"choices": ["pressure", "de-escalation"]}}
    path = tmp_path / "min.json"
    path.write_text(json.dumps([one, two]), "utf-8")
    assert passes(read_labelled([path])) == [
        {
            f"{path}:1": ["dialogue", "pressure"],
            f"{path}:2": ["dialogue", "pressure", "de-escalation"],
        }
    ]


def test_all_bad_rows_are_told_at_once(tmp_path):
    tasks = tasks_of([document("a", *[stance(1, 0, 0, 0)] * 4)])
    path = labelled_csv(tmp_path / "t.csv", tasks, Ana=["presure", "none, dialogue", "", ""])
    rows = [dict(row) for _, row in tables.rows(path)]
    rows[2]["quotation_id"] = "b#2"
    rows[3]["text"] = "Other words"
    message = problem([save_rows(path, rows)]).splitlines()
    assert message[0] == (
        f"{path}, row 2: labels: Ana: 'presure' is not one of pressure, dialogue, de-escalation, "
        "none"
    )
    assert "row 3: labels: Ana: 'none' beside dialogue" in message[1]
    assert "row 4: quotation_id or text: changed" in message[2]
    assert "row 5: quotation_id or text: changed" in message[3]


def test_white_space_that_a_spreadsheet_changed_is_no_other_text(tmp_path):
    text = TEXT.replace("talk,", "talk\r\n,")
    words = Span.of(text, 10, 29)
    tasks = tasks_of([Document(text, (Quotation("direct", (words,)),), "a")])
    path = labelled_csv(tmp_path / "t.csv", tasks, Ana=["none"])
    rows = [dict(row) for _, row in tables.rows(path)]
    rows[0]["text"] = rows[0]["text"].replace("\r\n", "\n")
    assert passes(read_labelled([save_rows(path, rows)])) == [{"Ana": []}]


def test_labels_given_twice_are_refused(tmp_path):
    tasks = tasks_of([document()])
    one = labelled_csv(tmp_path / "one.csv", tasks, Ana=["dialogue"])
    two = labelled_csv(tmp_path / "two.csv", tasks, Ana=["none"])
    assert f"{two}, row 2: Ana has labelled 'a#0' already ({one}, row 2)" in problem([one, two])
    path = labelled_json(tmp_path / "x.json", tasks, [annotation(["none"], 1)] * 2)
    assert f"{path}, task 1: annotations: annotator 1 labelled it twice" in problem([path])


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("[", "line 1: no valid JSON"),
        ("{}", "no list of tasks"),
        ("[1]", "task 1: must be a JSON object"),
        ('[{"id": 1, "data": {"text": "a"}}]', "task 1: choices: missing"),
    ],
)
def test_files_that_are_no_exports(tmp_path, content, reason):
    path = tmp_path / "x.json"
    path.write_text(content, "utf-8")
    assert reason in problem([path])


def test_column_that_is_missing(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("text,labels\nWords,none\n", "utf-8")
    assert f"{path}: no column 'number'" in problem([path])


@pytest.mark.parametrize(
    ("given_labels", "labels"),
    [
        ([["dialogue"]], ["dialogue"]),
        ([["dialogue", "pressure"], ["dialogue"], ["pressure"]], ["dialogue", "pressure"]),
        ([[], [], ["pressure"]], []),
        ([["dialogue"], ["pressure"]], None),
        ([["dialogue"], ["pressure"], []], None),
    ],
)
def test_majority_settles(tmp_path, given_labels, labels):
    tasks = tasks_of([document()])
    annotations = [annotation(found or ["none"], n) for n, found in enumerate(given_labels)]
    path = labelled_json(tmp_path / "x.json", tasks, annotations)
    settled = settle(read_labelled([path]))
    if labels is None:
        assert [reading.task.id for reading in settled.tied] == ["a#0"]
        assert not settled.items
    else:
        (item,) = (item.to_dict() for item in settled.items)
        assert (item["labels"], item["passes"]) == (labels, given_labels)
        assert (item["doc"], item["content"]) == ("a", [[10, 27], [45, 59]])


def test_documents_are_held_out_whole():
    tasks = tasks_of([document(name, *[stance(1, 0, 0, 0)] * 3) for name in "abcdefghij"])
    settled = settle([_read(task, ["pressure"]) for task in tasks])
    train, held_out = split(settled.items)
    names = [{item.metadata["doc"] for item in part} for part in (train, held_out)]
    assert not names[0] & names[1]
    assert (len(train), len(held_out)) == (24, 6)


def _read(task, labels):
    from quotestance.labelling.readings import Reading

    return Reading("x", task, {"Ana": labels})


def coded(*rows):
    """Passes from a table of annotators' values, "." where one left an item out."""
    return [[[value] for value in unit if value != "."] for unit in zip(*rows, strict=True)]


@pytest.mark.parametrize(
    ("rows", "alpha"),
    [
        (["0100000000", "1110010100"], 0.095),
        (["aabbdcccedda", "babbbccceddd"], 0.692),
        (["123321412...", "1233224125.3", ".3332342251.", "12332441251."], 0.743),
    ],
)
def test_alpha_is_that_of_krippendorffs_examples(rows, alpha):
    assert agreement(coded(*rows), resamples=0).alpha.value == pytest.approx(alpha, abs=5e-4)


def test_agreement_tells_its_interval_and_what_was_confused():
    found = agreement(coded("aabbccab" * 5, "aabbccba" * 5))
    assert found.percent.value == 0.75
    assert found.percent.low < 0.75 < found.percent.high
    assert found.alpha.low < found.alpha.value < found.alpha.high
    assert (found.items, found.confused) == (40, ((("a", "b"), 10),))
    assert "a / b: 10" in str(found)


def test_agreement_where_only_one_label_was_given():
    assert "undefined" in str(agreement(coded("aaa", "aaa")))


def test_agreement_needs_two():
    with pytest.raises(ValueError, match="two annotators"):
        agreement([[["a"]], []])


def test_missing_rows_are_told(tmp_path, capsys):
    tasks = tasks_of([document("a", *[stance(1, 0, 0, 0)] * 3)])
    path = labelled_csv(tmp_path / "t.csv", tasks, Ana=["none"] * 3)
    rows = [dict(row) for _, row in tables.rows(path)]
    save_rows(path, [rows[0], rows[2]])
    assert main(["import", str(path), "--output", str(tmp_path / "out.jsonl")]) == 1
    assert "number 2 of 3: put the rows back" in capsys.readouterr().err
    assert len((tmp_path / "out.jsonl").read_text("utf-8").splitlines()) == 2


def test_blind_tasks_show_no_prediction(tmp_path, capsys):
    source = tmp_path / "in.jsonl"
    source.write_text(document().to_json() + "\n", "utf-8")
    target = tmp_path / "t.json"
    assert main(["export", str(source), "--to", "label-studio", "--output", str(target)]) == 0
    assert f"1 quotations to label in {target} and {tmp_path / 't.xml'}" in capsys.readouterr().out
    (seen,) = json.loads(target.read_text("utf-8"))
    assert seen["predictions"][0]["result"]
    command = ["export", str(source), "--to", "label-studio", "--output", str(target)]
    assert main([*command, "--order", "uncertain", "--blind"]) == 0
    (blind,) = json.loads(target.read_text("utf-8"))
    assert blind["predictions"] == []
    assert blind["data"]["predicted"] == ""


def test_export_without_quotations(tmp_path, capsys):
    source = tmp_path / "in.jsonl"
    source.write_text(json.dumps({"id": "a", "text": TEXT}) + "\n", "utf-8")
    command = ["export", str(source), "--to", "csv", "--output", str(tmp_path / "t.csv")]
    assert main(command) == 2
    assert "run analyze first" in capsys.readouterr().err


@pytest.mark.slow
def test_from_articles_to_a_model(model_folders, encoder_folder, tmp_path, monkeypatch, capsys):
    """Every command of the path, with tiny models and annotators who go by a word."""
    monkeypatch.chdir(tmp_path)
    quotations, stances = map(str, model_folders)
    news = tmp_path / "news"
    news.mkdir()
    acts = ["We want talks", "They must pay", "Stop the war", "It rained"]
    for n, words_ in enumerate(f"{act} {day}" for day in ("today", "now", "then") for act in acts):
        (news / f"{n:02}.txt").write_text(f"“{words_},” Ana Ruiz said.\n", "utf-8")
    models = ["--quotations", quotations, "--stance", stances, "--device", "cpu"]
    assert main(["analyze", "news", "--format", "jsonl", "--output", "out.jsonl", *models]) == 0
    # The tiny quotation model has learned nothing: what it should have found is put in its place.
    found = []
    for line in (tmp_path / "out.jsonl").read_text("utf-8").splitlines():
        text = Document.from_json(line).text
        end = text.index("”") + 1
        said = Quotation("direct", (Span.of(text, 0, end),), stance=stance(0.4, 0.3, 0.2, 0.1))
        found.append(replace(Document.from_json(line), quotations=(said,)).to_json() + "\n")
    (tmp_path / "out.jsonl").write_text("".join(found), "utf-8")
    export = ["export", "out.jsonl", "--to", "csv", "--output", "tasks.csv", "--order", "random"]
    assert main([*export, "--blind", "--annotators", "Ana", "Ben", "Cem"]) == 0

    rows = [dict(row) for _, row in tables.rows(tmp_path / "tasks.csv")]
    by_word = {"talks": "dialogue", "pay": "pressure", "war": "de-escalation", "rained": "none"}
    for number, row in enumerate(rows):
        label = next(label for word, label in by_word.items() if word in row["text"])
        row["labels: Ana"] = row["labels: Ben"] = label
        row["labels: Cem"] = "none" if number % 5 == 0 else label
    save_rows(tmp_path / "labelled.csv", rows)

    files = ["--output", "train.jsonl", "--eval", "dev.jsonl"]
    assert main(["import", "labelled.csv", *files]) == 0
    output = capsys.readouterr().out
    assert "settled: 12 quotations" in output
    assert "Krippendorff's alpha" in output
    train = ["train", "stance", "--base", str(encoder_folder), "--epochs", "1", "--device", "cpu"]
    assert main([*train, "--train", "train.jsonl", "--eval", "dev.jsonl", "--output", "mine"]) == 0
    assert main(["evaluate", "dev.jsonl", "--stance", "mine", "--device", "cpu"]) == 0
    assert "macro_f1" in capsys.readouterr().out
