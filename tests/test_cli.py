"""The commands with tiny models: formats, exit statuses, messages, whole outputs."""

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from quotestance import read_corpus
from quotestance.cli import main
from quotestance.document import LABELS, Document, Quotation, Span, Speaker, Stance
from quotestance.tables import table

TEXT = "“We want talks,” Ana Ruiz said.\n"


@pytest.fixture
def models(model_folders):
    quotations, stance = model_folders
    return ["--quotations", str(quotations), "--stance", str(stance), "--device", "cpu"]


@pytest.fixture
def article(tmp_path):
    path = tmp_path / "article.txt"
    path.write_text(TEXT, "utf-8")
    return str(path)


def write_jsonl(path, *lines):
    path.write_text("".join(f"{line}\n" for line in lines), "utf-8")
    return str(path)


def test_table_is_what_a_text_file_gives(article, models, capsys):
    assert main(["analyze", article, *models]) == 0
    assert article in capsys.readouterr().out


def test_jsonl_of_a_text_file(article, models, capsys):
    assert main(["analyze", article, "--format", "jsonl", *models]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    assert Document.from_json(line).text == TEXT


def test_csv_has_one_header(article, models, tmp_path, capsys):
    second = tmp_path / "b.txt"
    second.write_text(TEXT, "utf-8")
    assert main(["analyze", article, str(second), "--format", "csv", *models]) == 0
    rows = list(csv.reader(io.StringIO(capsys.readouterr().out)))
    assert sum(row[0] == "document" for row in rows) == 1


def test_folder_and_jsonl_keep_fields(models, tmp_path, capsys):
    write_jsonl(tmp_path / "in.jsonl", json.dumps({"id": "x", "text": TEXT, "title": "T"}))
    (tmp_path / "notes.pdf").write_bytes(b"%PDF")
    assert main(["analyze", str(tmp_path), "--format", "jsonl", *models]) == 0
    (record,) = map(json.loads, capsys.readouterr().out.splitlines())
    assert (record["id"], record["title"]) == ("x", "T")


def test_jsonl_in_gives_jsonl_out(models, tmp_path):
    source = write_jsonl(tmp_path / "in.jsonl", json.dumps({"id": 1, "text": TEXT}))
    target = tmp_path / "out.jsonl"
    assert main(["analyze", source, "--output", str(target), *models]) == 0
    assert json.loads(target.read_text("utf-8"))["id"] == 1
    assert not (tmp_path / "out.jsonl.partial").exists()


def test_standard_input(models, monkeypatch, capsys):
    stdin = io.TextIOWrapper(io.BytesIO(TEXT.encode()))
    monkeypatch.setattr(sys, "stdin", stdin)
    assert main(["analyze", "-", "--format", "jsonl", *models]) == 0
    assert json.loads(capsys.readouterr().out)["text"] == TEXT


def test_empty_file_has_no_quotations(models, tmp_path, capsys):
    (tmp_path / "empty.txt").write_bytes(b"")
    assert main(["analyze", str(tmp_path / "empty.txt"), *models]) == 0
    assert "no quotations" in capsys.readouterr().out


def test_binary_file(models, tmp_path, capsys):
    (tmp_path / "b.txt").write_bytes(b"\x00\x01PNG\x00")
    assert main(["analyze", str(tmp_path / "b.txt"), *models]) == 2
    assert "binary" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("raw", "text", "guess"),
    [
        ("“Nein,” sagte Jörg.".encode("cp1252"), "“Nein,” sagte Jörg.", "Windows-1252"),
        ("“Né” ".encode() + b"\xff!", "“Né” �!", "damaged"),
    ],
)
def test_bytes_that_are_no_utf8(models, tmp_path, capsys, raw, text, guess):
    (tmp_path / "b.txt").write_bytes(raw)
    assert main(["analyze", str(tmp_path / "b.txt"), "--format", "jsonl", *models]) == 0
    output = capsys.readouterr()
    assert json.loads(output.out)["text"] == text
    assert "warning" in output.err
    assert guess in output.err


def test_bad_lines_are_named_and_the_others_done(models, tmp_path, capsys):
    good = json.dumps({"id": 1, "text": TEXT})
    lines = [good, '{"text": ', '{"id": 2}', "[1]", '{"text": "\\ud800"}', good]
    source = write_jsonl(tmp_path / "in.jsonl", *lines)
    assert main(["analyze", source, "--output", str(tmp_path / "out.jsonl"), *models]) == 1
    errors = capsys.readouterr().err
    for number, reason in [
        (2, "no valid JSON"),
        (3, '"text" is missing'),
        (4, "list"),
        (5, "surrogate"),
    ]:
        assert f"{source}, line {number}: " in errors
        assert reason in errors
    assert len((tmp_path / "out.jsonl").read_text("utf-8").splitlines()) == 2


def test_missing_file_beside_a_good_one(article, models, capsys):
    assert main(["analyze", "missing.txt", article, *models]) == 1
    output = capsys.readouterr()
    assert "missing.txt: no such file" in output.err
    assert article in output.out


def test_nothing_could_be_done(models, tmp_path, capsys):
    target = tmp_path / "out.jsonl"
    assert (
        main(["analyze", "missing.txt", "--output", str(target), "--format", "jsonl", *models]) == 2
    )
    assert list(tmp_path.iterdir()) == []
    assert "missing.txt" in capsys.readouterr().err


def test_folder_that_is_no_model(article, tmp_path, capsys):
    assert main(["analyze", article, "--stance", str(tmp_path)]) == 2
    assert "no model folder" in capsys.readouterr().err


def test_output_that_cannot_be_written(article, models, capsys):
    assert main(["analyze", article, "--output", "/no/such/folder/out", *models]) == 2
    assert "/no/such/folder/out" in capsys.readouterr().err


def test_resume_goes_on_where_it_was_broken_off(models, tmp_path):
    records = [json.dumps({"id": n, "text": TEXT}) for n in range(5)]
    source = write_jsonl(tmp_path / "in.jsonl", *records)
    target = tmp_path / "out.jsonl"
    assert main(["analyze", source, "--output", str(target), *models]) == 0
    whole = target.read_text("utf-8")
    lines = whole.splitlines(keepends=True)
    target.unlink()
    (tmp_path / "out.jsonl.partial").write_text("".join(lines[:2]) + lines[2][:30], "utf-8")
    assert main(["analyze", source, "--output", str(target), "--resume", *models]) == 0
    assert target.read_text("utf-8") == whole
    before = target.stat().st_mtime_ns
    assert main(["analyze", source, "--output", str(target), "--resume", *models]) == 0
    assert target.stat().st_mtime_ns == before


def test_stance_command(models, tmp_path, capsys):
    source = write_jsonl(
        tmp_path / "in.jsonl",
        json.dumps({"id": "a", "text": "we will talk", "context": "He said", "after": "."}),
        json.dumps({"id": "b", "text": "no"}),
    )
    target = tmp_path / "out.jsonl"
    assert main(["stance", source, "--output", str(target), *models[2:]]) == 0
    records = [json.loads(line) for line in target.read_text("utf-8").splitlines()]
    assert [record["id"] for record in records] == ["a", "b"]
    assert records[0]["stance"]["label"] in (*LABELS, "none")


@pytest.mark.parametrize("ending", ["csv", "html"])
def test_stances_alone_make_no_table_or_page(ending, tmp_path, capsys):
    source = write_jsonl(tmp_path / "in.jsonl", '{"text": "no"}')
    assert main(["stance", source, "--output", str(tmp_path / f"out.{ending}")]) == 2
    error = capsys.readouterr().err
    assert f"ending in .{ending}: the endings are .jsonl, .ndjson, .parquet\n" in error


def test_output_of_an_unknown_ending_is_refused(article, tmp_path, capsys):
    target = tmp_path / "result.docx"
    assert main(["analyze", article, "--output", str(target)]) == 2
    error = capsys.readouterr().err
    assert "result.docx: nothing is written to files ending in .docx" in error
    assert ".jsonl, .ndjson, .csv, .parquet, .html, .txt, or name the format with --format" in error
    assert not target.exists()


def test_format_goes_before_the_ending(article, models, tmp_path):
    target = tmp_path / "result.docx"
    assert main(["analyze", article, "--output", str(target), "--format", "table", *models]) == 0
    assert target.read_text("utf-8").startswith(f"── {article}\n")


def test_stance_has_no_option_for_a_quotation_model(capsys):
    with pytest.raises(SystemExit):
        main(["stance", "in.jsonl", "--quotations", "folder"])
    assert "unrecognized arguments: --quotations" in capsys.readouterr().err


def test_evaluate_with_predictions(tmp_path, capsys):
    span = Span.of(TEXT, 0, 16)
    document = Document(
        TEXT,
        (Quotation("direct", (span,), (Span.of(TEXT, 17, 25),), speaker=Speaker("Ana Ruiz")),),
        "a",
    )
    gold = write_jsonl(tmp_path / "gold.jsonl", document.to_json())
    assert main(["evaluate", gold, "--pred", gold, "--format", "json"]) == 0
    scores = json.loads(capsys.readouterr().out)["scores"]
    assert scores["speaker_f1"]["value"] == 1


def predictions(tmp_path):
    """Gold, right predictions and empty ones, as files."""
    right = Quotation(
        "direct",
        (Span.of(TEXT, 0, 16),),
        (Span.of(TEXT, 17, 25),),
        speaker=Speaker("Ana Ruiz"),
    )
    gold = write_jsonl(tmp_path / "gold.jsonl", Document(TEXT, (right,), "a").to_json())
    return gold, gold, write_jsonl(tmp_path / "empty.jsonl", Document(TEXT, (), "a").to_json())


def test_evaluate_against_a_baseline(tmp_path, capsys):
    gold, right, empty = predictions(tmp_path)
    arguments = ["evaluate", gold, "--pred", right, "--baseline", empty, "--format", "json"]
    assert main(arguments) == 0
    score = json.loads(capsys.readouterr().out)["scores"]["speaker_f1"]
    assert (score["a"], score["b"], score["difference"]) == (0, 1, 1)


@pytest.mark.parametrize("option", ["--pred", "--baseline"])
def test_predictions_of_other_documents_are_named(tmp_path, capsys, option):
    gold, _, _ = predictions(tmp_path)
    other = write_jsonl(tmp_path / "other.jsonl", Document(TEXT, (), "b").to_json())
    assert main(["evaluate", gold, "--pred", gold, option, other]) == 2
    assert f"{other}: predicted id 'b' is not among" in capsys.readouterr().err


def test_stances_against_a_baseline(tmp_path, capsys):
    gold = write_jsonl(tmp_path / "gold.jsonl", json.dumps({"id": 1, "text": "no", "labels": []}))
    right = write_jsonl(tmp_path / "right.jsonl", json.dumps({"id": 1, "stance": []}))
    wrong = write_jsonl(tmp_path / "wrong.jsonl", json.dumps({"id": 1, "stance": ["pressure"]}))
    arguments = ["evaluate", gold, "--pred", wrong, "--baseline", right, "--format", "json"]
    assert main(arguments) == 0
    scores = json.loads(capsys.readouterr().out)["scores"]
    assert scores["accuracy"]["difference"] == -1


def test_errors_page(tmp_path, capsys):
    gold, _, empty = predictions(tmp_path)
    target = tmp_path / "errors.html"
    assert main(["evaluate", gold, "--pred", empty, "--errors", str(target)]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == f"1 error: 1 other; see {target}"
    assert "Ana Ruiz" in target.read_text("utf-8")
    assert not (tmp_path / "errors.html.partial").exists()


def test_errors_page_leaves_json_alone(tmp_path, capsys):
    gold, _, empty = predictions(tmp_path)
    target = str(tmp_path / "errors.html")
    arguments = ["evaluate", gold, "--pred", empty, "--errors", target, "--format", "json"]
    assert main(arguments) == 0
    output = capsys.readouterr()
    assert json.loads(output.out)["size"] == 1
    assert "1 error" in output.err


def test_errors_of_a_model(models, tmp_path, capsys):
    gold, _, _ = predictions(tmp_path)
    target = tmp_path / "errors.html"
    assert main(["evaluate", gold, "--errors", str(target), *models]) == 0
    assert "Errors of the model" in target.read_text("utf-8")


def test_errors_of_stance_items_are_refused(tmp_path, capsys):
    gold = write_jsonl(tmp_path / "gold.jsonl", json.dumps({"id": 1, "text": "no", "labels": []}))
    assert main(["evaluate", gold, "--errors", str(tmp_path / "e.html")]) == 2
    assert "needs documents" in capsys.readouterr().err


def test_errors_in_a_missing_folder_are_refused_before_the_work(tmp_path, capsys):
    gold, _, empty = predictions(tmp_path)
    target = str(tmp_path / "none" / "errors.html")
    assert main(["evaluate", gold, "--pred", empty, "--errors", target]) == 2
    output = capsys.readouterr()
    assert "does not exist" in output.err
    assert output.out == ""


def test_evaluate_stances_with_a_model(models, tmp_path, capsys):
    gold = write_jsonl(tmp_path / "gold.jsonl", json.dumps({"id": 1, "text": "no", "labels": []}))
    assert main(["evaluate", gold, *models]) == 0
    assert "macro_f1" in capsys.readouterr().out


def test_evaluating_unlabelled_records_is_refused(tmp_path, capsys):
    gold = write_jsonl(tmp_path / "gold.jsonl", json.dumps({"id": 1, "text": "no"}))
    assert main(["evaluate", gold]) == 2
    assert "neither quotations nor items with labels" in capsys.readouterr().err


def test_bad_gold_line_is_named(tmp_path, capsys):
    gold = write_jsonl(tmp_path / "gold.jsonl", '{"text": "a"}', "{")
    assert main(["evaluate", gold]) == 2
    assert f"{gold}, line 2: no valid JSON" in capsys.readouterr().err


SAMPLES = Path(__file__).parent / "samples"


def test_evaluate_another_format(tmp_path, capsys):
    gold, predicted = str(SAMPLES / "polnear"), str(tmp_path / "predicted.jsonl")
    assert main(["convert", gold, "--from", "polnear", "--output", predicted]) == 0
    arguments = ["evaluate", gold, "--from", "polnear", "--pred", predicted, "--format", "json"]
    assert main(arguments) == 0
    assert json.loads(capsys.readouterr().out)["scores"]["quoted_f1"]["value"] == 1


def test_evaluate_needs_the_format_of_ambiguous_files(capsys):
    assert main(["evaluate", str(SAMPLES / "litbank")]) == 2
    assert "may be polnear or litbank: name the format" in capsys.readouterr().err


def test_convert_writes_the_layout(tmp_path):
    target = tmp_path / "out.jsonl"
    arguments = [str(SAMPLES / "polnear"), "--from", "polnear", "--output", str(target)]
    assert main(["convert", *arguments]) == 0
    assert read_corpus(target) == read_corpus(SAMPLES / "polnear", "polnear")


def test_convert_to_standard_output_by_the_name(capsys):
    assert main(["convert", str(SAMPLES / "citron" / "lindau.json")]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    assert json.loads(line)["quotations"][0]["speaker"] == "Tomas Reke"


def test_convert_keeps_stance_items(tmp_path, capsys):
    source = write_jsonl(tmp_path / "a.jsonl", json.dumps({"text": "no", "labels": ["pressure"]}))
    assert main(["convert", source]) == 0
    assert json.loads(capsys.readouterr().out)["labels"] == ["pressure"]


def test_convert_maps_columns(tmp_path, capsys):
    (tmp_path / "t.csv").write_text("Text,Das = Zitat\nShe said no.,no\n", "utf-8")
    arguments = ["convert", str(tmp_path / "t.csv"), "--columns", "Das = Zitat=quotation"]
    assert main(arguments) == 0
    assert json.loads(capsys.readouterr().out)["quotations"][0]["content"] == [[9, 11]]


def test_convert_broken_input_leaves_no_output(tmp_path, capsys):
    (tmp_path / "t.csv").write_text("text,quotation\nShe said no.,yes\n", "utf-8")
    target = tmp_path / "out.jsonl"
    assert main(["convert", str(tmp_path / "t.csv"), "--output", str(target)]) == 2
    assert "t.csv, row 2: quotation 'yes' does not occur" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["t.csv"]


def test_convert_missing_input(tmp_path, capsys):
    assert main(["convert", str(tmp_path / "none.csv")]) == 2
    assert "none.csv: no such file" in capsys.readouterr().err


def test_bad_column_option(capsys):
    with pytest.raises(SystemExit):
        main(["convert", "t.csv", "--columns", "Zitat"])
    assert "'Zitat' is no COLUMN=NAME: the table's own name" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["train", "convert"])
def test_examples_of_columns_are_those_of_the_command(command, capsys):
    with pytest.raises(SystemExit):
        main([command, "--help"])
    told = " ".join(capsys.readouterr().out.split())
    assert "Artikel=text Zitat=quotation" in told
    assert ("stance Zitat=text Haltung=label" in told) == (command == "train")


def test_columns_may_be_given_one_by_one(tmp_path, capsys):
    (tmp_path / "t.csv").write_text("Rede,Haltung\nNo.,pressure\n", "utf-8")
    arguments = ["--columns", "Rede=text", "--columns", "Haltung=label"]
    assert main(["convert", str(tmp_path / "t.csv"), *arguments]) == 0
    assert json.loads(capsys.readouterr().out)["labels"] == ["pressure"]


@pytest.mark.parametrize("header", ["Zitat,topic", "text,stance"])
def test_training_on_a_table_without_labels_says_what_it_needs(tmp_path, capsys, header):
    (tmp_path / "t.csv").write_text(f"{header}\nNo.,war\n", "utf-8")
    data = str(tmp_path / "t.csv")
    arguments = ["train", "stance", "--train", data, "--eval", data]
    assert main([*arguments, "--output", str(tmp_path / "run")]) == 2
    error = capsys.readouterr().err
    name = "label" if header.startswith("text") else "text"
    assert f"t.csv: no column '{name}' among {header.replace(',', ', ')}: " in error
    assert "need text and label (or labels, several parted by commas)" in error
    assert f"--columns COLUMN={name}" in error


def test_train_on_a_table_without_stances_is_refused(tmp_path, capsys):
    (tmp_path / "t.csv").write_text("text,quotation\nShe said no.,no\n", "utf-8")
    data = str(tmp_path / "t.csv")
    arguments = ["train", "stance", "--train", data, "--eval", data]
    assert main([*arguments, "--output", str(tmp_path / "run")]) == 2
    assert "t.csv holds no quotation with a stance" in capsys.readouterr().err


@pytest.mark.slow
@pytest.mark.parametrize("step", ["quotations", "stance"])
def test_train_on_other_formats(step, tmp_path, encoder_folder):
    data = str(SAMPLES / "tables" / "quotations.csv")
    held_out = tmp_path / "other.csv"
    held_out.write_text(
        "text,quotation,stance\n“Let us talk.”,Let us talk.,dialogue\n“Rain.”,Rain.,none\n", "utf-8"
    )
    run = tmp_path / "run"
    arguments = [
        "train",
        step,
        "--train",
        data,
        "--eval",
        data if step == "quotations" else str(held_out),
        "--epochs",
        "1",
    ]
    arguments += ["--base", str(encoder_folder), "--output", str(run), "--device", "cpu"]
    assert main(arguments) == 0
    assert (run / "model.safetensors").is_file()


@pytest.mark.slow
def test_train_command(tmp_path, encoder_folder, capsys):
    rows = ["we talk,a", "we pay,b", "we rest,c"]
    (tmp_path / "train.csv").write_text("\n".join(["Zitat,Haltung", *rows, *rows[:2]]), "utf-8")
    (tmp_path / "dev.csv").write_text("Zitat,Haltung\nall talk,a\nall pay,b\n", "utf-8")
    data = write_jsonl(tmp_path / "dev.jsonl", json.dumps({"text": "all talk", "labels": ["a"]}))
    arguments = ["train", "stance", "--train", str(tmp_path / "train.csv"), "--epochs", "1"]
    arguments += ["--eval", str(tmp_path / "dev.csv"), "--columns", "Zitat=text", "Haltung=label"]
    arguments += [
        "--base",
        str(encoder_folder),
        "--output",
        str(tmp_path / "run"),
        "--device",
        "cpu",
    ]
    assert main(arguments) == 0
    assert "warning: label 'c' occurs once only" in capsys.readouterr().err
    assert main(["evaluate", data, "--stance", str(tmp_path / "run"), "--device", "cpu"]) == 0


def test_no_traceback_and_no_noise_from_the_shell(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "quotestance.cli", "analyze", "missing.txt"],
        capture_output=True, text=True, cwd=tmp_path, env={**os.environ}, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert done.stderr == "quotestance: error: missing.txt: no such file or directory\n"


@pytest.mark.parametrize("width", [40, 60, 100, 200])
def test_table_never_cuts_or_wraps_labels(width):
    text = "“" + "We want an end of hostilities " * 9 + "now,” said somebody."
    quotation = Quotation(
        "direct",
        (Span.of(text, 0, text.index("”") + 1),),
        speaker=Speaker("The Extraordinarily Long-Named Commission for Peace and Security"),
        stance=Stance.from_labels(["de-escalation"]),
    )
    drawn = table(Document(text, (quotation,)), width)
    assert drawn.count("de-escalation") == 1
    assert " ".join(quotation.text.split()) == " ".join(
        line[41:].strip() for line in drawn.splitlines()[1:] if line[41:].strip()
    )


def test_columns_are_refused_for_quotations_in_jsonl(tmp_path, capsys):
    data = write_jsonl(tmp_path / "a.jsonl", '{"text": "a", "quotations": []}')
    arguments = ["train", "quotations", "--train", data, "--eval", data, "--columns", "a=text"]
    assert main([*arguments, "--output", str(tmp_path)]) == 2
    assert f"is for tables, and {data} is read as jsonl" in capsys.readouterr().err


def test_training_quotations_needs_evaluation_data(tmp_path, capsys):
    assert main(["train", "quotations", "--train", "a", "--output", str(tmp_path)]) == 2
    assert "`train quotations` needs --eval" in capsys.readouterr().err


@pytest.mark.slow
def test_train_on_one_table(tmp_path, encoder_folder, capsys):
    rows = [f"{label} talk {n},{label}" for n in range(10) for label in ("open", "closed", "none")]
    (tmp_path / "t.csv").write_text("\n".join(["text,label", *rows]), "utf-8")
    arguments = ["train", "stance", "--train", str(tmp_path / "t.csv"), "--epochs", "1"]
    arguments += ["--base", str(encoder_folder), "--output", str(tmp_path / "run")]
    assert main([*arguments, "--device", "cpu"]) == 0
    first, second, third = capsys.readouterr().out.splitlines()
    assert first.startswith("no evaluation data: 6 of 30 items are held out")
    assert second.startswith("epoch 1 of 1: loss ")
    assert third == f"saved to {tmp_path / 'run'}"


def test_a_model_without_the_gold_labels_is_refused(models, tmp_path, capsys):
    gold = write_jsonl(tmp_path / "gold.jsonl", json.dumps({"text": "no", "label": "open"}))
    assert main(["evaluate", gold, *models]) == 2
    error = capsys.readouterr().err
    assert "the model knows none of the gold labels (open), but de-escalation, dialogue" in error


def test_gold_labels_that_the_model_lacks_are_told(models, tmp_path, capsys):
    lines = [json.dumps({"text": "no", "label": label}) for label in ("open", "pressure")]
    assert main(["evaluate", write_jsonl(tmp_path / "gold.jsonl", *lines), *models]) == 0
    error = capsys.readouterr().err
    assert error.startswith("quotestance: warning: the model does not know the gold labels open: ")


def test_multi_label_is_refused_for_quotations(tmp_path, capsys):
    arguments = ["train", "quotations", "--train", "a", "--eval", "b", "--output", str(tmp_path)]
    assert main([*arguments, "--multi-label"]) == 2
    assert "--multi-label is for `train stance` only" in capsys.readouterr().err


def test_options_of_the_quotation_model_are_refused_for_stance(tmp_path, capsys):
    arguments = ["train", "stance", "--train", "a", "--eval", "b", "--output", str(tmp_path)]
    assert main([*arguments, "--layers", "3"]) == 2
    assert "--layers is for `train quotations` only" in capsys.readouterr().err
