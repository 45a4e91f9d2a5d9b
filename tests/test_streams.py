"""Long runs of analyze: broken off and gone on with, failures, files of other kinds."""

import csv
import datetime
import gzip
import json
import os
import random
import resource
import signal
import sys
import time

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from quotestance import compression, inputs, parquet, read_corpus
from quotestance.cli import main
from quotestance.commands import analyze, messages
from quotestance.document import Document, Quotation, Span, Speaker, Stance
from quotestance.journal import Journal
from quotestance.pipeline import Pipeline

STANCE = Stance("dialogue", ("dialogue",), {"dialogue": 0.75, "none": 0.25})


class Scripted:
    """A model whose one quotation is the first word, and which breaks where the text says so."""

    def __init__(self):
        self.seen = []
        self.at = {}

    def pipe(self, documents, batch_size):
        for document in documents:
            self.seen.append(document.id)
            self.at.get(document.id, lambda: None)()
            if "BREAK" in document.text:
                raise RuntimeError("too long a word\nand more")
            word = Span.of(document.text, 0, document.text.index(" "))
            quotation = Quotation("direct", (word,), speaker=Speaker("Ilse Varga"), stance=STANCE)
            yield Document(document.text, (quotation,), document.id, document.metadata)


@pytest.fixture
def model(monkeypatch):
    scripted = Scripted()
    monkeypatch.setattr(analyze, "pipeline", lambda _: scripted)
    return scripted


def records(number, broken=()):
    return [
        {"id": n, "text": f"Talks{' BREAK' * (n in broken)} in Kestria, day {n}.", "title": f"T{n}"}
        for n in range(number)
    ]


def written(path, given):
    path.write_text("".join(json.dumps(record) + "\n" for record in given), "utf-8")
    return path


def run(source, target, *options):
    return main(["analyze", str(source), "--output", str(target), "--batch-size", "4", *options])


def ids(path):
    return [json.loads(line)["id"] for line in path.read_text("utf-8").splitlines()]


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_failing_document_does_not_take_its_batch_with_it(model, tmp_path, capsys):
    source = written(tmp_path / "in.jsonl", records(6, broken=(1, 5)))
    target = tmp_path / "out.jsonl"
    assert run(source, target) == 1
    assert ids(target) == [0, 2, 3, 4]
    errors = capsys.readouterr().err
    assert f"error: {source}, line 2: RuntimeError: too long a word\n" in errors
    assert f"2 inputs failed: {target}.failed.jsonl says why\n" in errors
    failed = [json.loads(line) for line in (tmp_path / "out.jsonl.failed.jsonl").open()]
    assert failed[0] == {
        **records(6, broken=(1,))[1],
        "failed": {"file": str(source), "line": 2, "error": "RuntimeError: too long a word"},
    }


def test_what_failed_can_be_run_again(model, tmp_path):
    source = written(tmp_path / "in.jsonl", records(6, broken=(1, 5)))
    assert run(source, tmp_path / "out.jsonl") == 1
    failed = tmp_path / "out.jsonl.failed.jsonl"
    failed.write_text(failed.read_text("utf-8").replace(" BREAK", ""), "utf-8")
    assert run(failed, tmp_path / "again.jsonl") == 0
    assert ids(tmp_path / "again.jsonl") == [1, 5]
    assert "failed" not in (tmp_path / "again.jsonl").read_text("utf-8")


def test_lines_that_are_no_records_are_kept(model, tmp_path):
    source = tmp_path / "in.jsonl"
    source.write_text('{"id": 1, \n{"id": 2, "text": "\\ud800"}\n{"text": "A b"}\n', "utf-8")
    assert run(source, tmp_path / "out.jsonl") == 1
    lines = (tmp_path / "out.jsonl.failed.jsonl").read_text("utf-8").splitlines()
    first, second = map(json.loads, lines)
    assert first["raw"] == '{"id": 1, '
    assert (second["id"], second["text"], second["failed"]["line"]) == (2, "\ud800", 2)


def test_a_run_without_failures_leaves_no_file_of_an_earlier_one(model, tmp_path):
    source = written(tmp_path / "in.jsonl", records(3, broken=(1,)))
    assert run(source, tmp_path / "out.jsonl") == 1
    written(source, records(3))
    assert run(source, tmp_path / "out.jsonl") == 0
    assert names(tmp_path) == ["in.jsonl", "out.jsonl"]


def test_where_all_fail_they_are_kept(model, tmp_path):
    source = written(tmp_path / "in.jsonl", records(2, broken=(0, 1)))
    assert run(source, tmp_path / "out.jsonl") == 2
    assert names(tmp_path) == ["in.jsonl", "out.jsonl.failed.jsonl"]


@pytest.mark.parametrize("done", range(11))
def test_a_run_goes_on_behind_any_input(model, tmp_path, done):
    broken = {0, 3, 6, 7, 9}
    source = written(tmp_path / "in.jsonl", records(10, broken))
    target, failed = tmp_path / "out.jsonl", tmp_path / "out.jsonl.failed.jsonl"
    assert run(source, target) == 1
    whole, whole_failed = target.read_text("utf-8"), failed.read_text("utf-8")
    target.unlink()
    lost = sum(n in broken for n in range(done))
    half = "" if done == 10 else '{"id": 99, "text": "half a li'
    kept = whole.splitlines(keepends=True)[: done - lost]
    (tmp_path / "out.jsonl.partial").write_text("".join(kept) + half, "utf-8")
    failed.write_text("".join(whole_failed.splitlines(keepends=True)[:lost]) + half, "utf-8")
    model.seen.clear()
    assert run(source, target, "--resume") == 1
    assert set(model.seen) == set(range(done, 10))
    assert target.read_text("utf-8") == whole
    assert failed.read_text("utf-8") == whole_failed


def test_resuming_what_is_complete_does_nothing(model, tmp_path, capsys):
    source = written(tmp_path / "in.jsonl", records(3, broken=(1,)))
    assert run(source, tmp_path / "out.jsonl") == 1
    model.seen.clear()
    capsys.readouterr()
    assert run(source, tmp_path / "out.jsonl", "--resume") == 1
    assert "1 input failed: " in capsys.readouterr().err
    assert model.seen == []


def test_a_broken_off_run_that_is_to_replace_an_output_goes_on(model, tmp_path):
    source = written(tmp_path / "in.jsonl", records(3))
    target, partial = tmp_path / "out.jsonl", tmp_path / "out.jsonl.partial"
    assert run(source, target) == 0
    first = target.read_text("utf-8").splitlines(keepends=True)[0]
    target.write_text("of yesterday", "utf-8")
    partial.write_text(first, "utf-8")
    os.utime(target, (1, 1))
    assert run(source, target, "--resume") == 0
    assert ids(target) == [0, 1, 2]
    assert not partial.exists()


def test_a_partial_file_older_than_the_output_is_removed(model, tmp_path):
    source = written(tmp_path / "in.jsonl", records(3))
    target, partial = tmp_path / "out.jsonl", tmp_path / "out.jsonl.partial"
    assert run(source, target) == 0
    partial.write_text(target.read_text("utf-8")[:30], "utf-8")
    os.utime(partial, (1, 1))
    assert run(source, target, "--resume") == 0
    assert ids(target) == [0, 1, 2]
    assert not partial.exists()


@pytest.mark.parametrize(
    ("now", "message"),
    [
        (records(1), "2 inputs done, but only 1 there"),
        (records(4)[::-1], "its last result, of id 1, is not of the input number 2"),
        ([{**r, "text": "New " + r["text"]} for r in records(4)], "is of other inputs"),
    ],
)
def test_other_inputs_are_refused(model, tmp_path, capsys, now, message):
    source = written(tmp_path / "in.jsonl", records(4))
    target = tmp_path / "out.jsonl"
    assert run(source, target) == 0
    lines = target.read_text("utf-8").splitlines(keepends=True)
    target.unlink()
    (tmp_path / "out.jsonl.partial").write_text("".join(lines[:2]), "utf-8")
    written(source, now)
    assert run(source, target, "--resume") == 2
    assert message in capsys.readouterr().err
    assert (tmp_path / "out.jsonl.partial").read_text("utf-8") == "".join(lines[:2])


def test_an_output_in_the_folder_it_is_made_of(model, tmp_path):
    written(tmp_path / "b.jsonl", records(6, broken=(0,)))
    model.at[4] = lambda: os.kill(os.getpid(), signal.SIGTERM)
    assert run(tmp_path, tmp_path / "a.jsonl") == 130
    model.at.clear()
    assert run(tmp_path, tmp_path / "a.jsonl", "--resume") == 1
    assert ids(tmp_path / "a.jsonl") == [1, 2, 3, 4, 5]


def test_two_runs_do_not_write_one_output(model, tmp_path, capsys):
    source = written(tmp_path / "in.jsonl", records(3))
    other = Journal(str(tmp_path / "out.jsonl"))
    assert run(source, tmp_path / "out.jsonl") == 2
    assert "another run is writing this file" in capsys.readouterr().err
    other.close()
    assert run(source, tmp_path / "out.jsonl", "--resume") == 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interrupted(model, tmp_path, capsys, number):
    source = written(tmp_path / "in.jsonl", records(10))
    target = tmp_path / "out.jsonl"
    model.at[6] = lambda: os.kill(os.getpid(), number)
    before = signal.getsignal(signal.SIGTERM)
    assert run(source, target) == 130
    assert signal.getsignal(signal.SIGTERM) is before
    assert "interrupted: 4 inputs are done; the same command with --resume" in (
        capsys.readouterr().err
    )
    assert ids(tmp_path / "out.jsonl.partial") == [0, 1, 2, 3]
    model.at.clear()
    assert run(source, target, "--resume") == 0
    assert ids(target) == list(range(10))


@pytest.mark.parametrize("broken", [(), range(10)], ids=["results", "failures"])
def test_full_disk(model, tmp_path, capsys, broken):
    """A file that may not grow further fails as on a full disk, in the middle of a line."""
    source = written(tmp_path / "in.jsonl", records(10, broken))
    target = tmp_path / "out.jsonl"
    whole = run(source, target)
    ending = ".failed.jsonl" if broken else ".partial"
    complete = target if not broken else tmp_path / "out.jsonl.failed.jsonl"
    expected = complete.read_text("utf-8")
    for name in ("out.jsonl", "out.jsonl.failed.jsonl"):
        (tmp_path / name).unlink(missing_ok=True)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(expected) // 2, limits[1]))
    try:
        status = run(source, target)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert status == 2
    assert f"error: {target}{ending}: file too large; " in capsys.readouterr().err
    kept = (tmp_path / f"out.jsonl{ending}").read_text("utf-8")
    assert expected.startswith(kept)
    assert kept.endswith("\n")
    assert run(source, target, "--resume") == whole
    assert complete.read_text("utf-8") == expected


def test_full_disk_while_the_output_is_made_of_the_results(model, tmp_path, capsys):
    source = written(tmp_path / "in.jsonl", records(2))
    target = tmp_path / "out.parquet"
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2000, limits[1]))
    try:
        status = run(source, target)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert status == 2
    errors = capsys.readouterr().err
    assert f"error: {target}: " in errors
    assert "2 inputs are done" in errors
    assert names(tmp_path) == ["in.jsonl", "out.parquet.partial"]
    assert run(source, target, "--resume") == 0
    assert pq.read_table(target).num_rows == 2


@pytest.mark.parametrize("ending", [".jsonl", ".jsonl.gz", ".jsonl.zst", ".parquet"])
def test_records_in_every_format(model, tmp_path, ending):
    source = tmp_path / f"in{ending}"
    if ending == ".parquet":
        pq.write_table(pa.Table.from_pylist(records(5)), source, row_group_size=2)
    else:
        with compression.open_write(source, source) as file:
            file.writelines(json.dumps(record).encode() + b"\n" for record in records(5))
    assert run(source, tmp_path / "out.jsonl") == 0
    found = [json.loads(line) for line in (tmp_path / "out.jsonl").open()]
    assert [{key: r[key] for key in ("id", "text", "title")} for r in found] == records(5)


@pytest.mark.parametrize("ending", [".jsonl", ".jsonl.gz", ".jsonl.zst"])
def test_results_in_every_compression(model, tmp_path, ending):
    source = written(tmp_path / "in.jsonl", records(5))
    target = tmp_path / f"out{ending}"
    assert run(source, target) == 0
    assert names(tmp_path) == sorted(["in.jsonl", target.name])
    with compression.open_read(target) as file:
        assert [Document.from_json(line.decode()).id for line in file] == list(range(5))


def test_gz_is_what_others_read(model, tmp_path):
    source = written(tmp_path / "in.jsonl", records(2))
    assert run(source, tmp_path / "out.csv.gz") == 0
    with gzip.open(tmp_path / "out.csv.gz", "rt", encoding="utf-8", newline="") as file:
        assert [row["text"] for row in csv.DictReader(file)] == ["Talks", "Talks"]


def test_parquet_holds_what_jsonl_holds(model, tmp_path):
    source = written(tmp_path / "in.jsonl", records(5))
    assert run(source, tmp_path / "out.jsonl") == 0
    assert run(source, tmp_path / "out.parquet") == 0
    assert names(tmp_path) == ["in.jsonl", "out.jsonl", "out.parquet"]
    found = [Document.from_dict(record) for record in parquet.read(tmp_path / "out.parquet")]
    told = [Document.from_json(line) for line in (tmp_path / "out.jsonl").open()]
    assert found == told


@pytest.mark.parametrize("form", ["csv", "table"])
def test_other_formats_resume_too(model, tmp_path, form):
    source = written(tmp_path / "in.jsonl", records(10))
    whole, target = tmp_path / "whole", tmp_path / "out"
    assert run(source, whole, "--format", form) == 0
    model.at[6] = lambda: os.kill(os.getpid(), signal.SIGTERM)
    assert run(source, target, "--format", form) == 130
    model.at.clear()
    assert run(source, target, "--format", form, "--resume") == 0
    assert target.read_text("utf-8") == whole.read_text("utf-8")


@pytest.mark.parametrize("ending", [".jsonl.gz", ".jsonl.zst", ".parquet", ".txt.gz"])
@pytest.mark.parametrize("keep", [0, 0.6], ids=["rubbish", "cut"])
def test_damaged_files_are_named(model, tmp_path, capsys, ending, keep):
    source = tmp_path / f"in{ending}"
    if ending == ".parquet":
        pq.write_table(pa.Table.from_pylist(records(500)), source)
    else:
        with compression.open_write(source, source) as file:
            file.writelines(json.dumps(record).encode() + b"\n" for record in records(500))
    raw = source.read_bytes()
    source.write_bytes(raw[: int(len(raw) * keep)] or b"no such format")
    good = written(tmp_path / "good.jsonl", records(2))
    arguments = ["analyze", str(source), str(good), "--output", str(tmp_path / "out.jsonl")]
    assert main(arguments) == 1
    assert f"error: {source}: " in capsys.readouterr().err
    assert ids(tmp_path / "out.jsonl")[-2:] == [0, 1]


def test_several_compressed_parts_in_one_file(model, tmp_path):
    parts = [json.dumps(record).encode() + b"\n" for record in records(3)]
    (tmp_path / "in.jsonl.gz").write_bytes(b"".join(map(gzip.compress, parts)))
    assert run(tmp_path / "in.jsonl.gz", tmp_path / "out.jsonl") == 0
    assert ids(tmp_path / "out.jsonl") == [0, 1, 2]


def test_dates_of_parquet_pass_through_as_texts(model, tmp_path):
    row = {"text": "A b", "date": datetime.date(2031, 5, 4), "at": datetime.datetime(2031, 5, 4, 6)}
    pq.write_table(pa.Table.from_pylist([row]), tmp_path / "in.parquet")
    assert run(tmp_path / "in.parquet", tmp_path / "out.jsonl") == 0
    found = json.loads((tmp_path / "out.jsonl").read_text("utf-8"))
    assert (found["date"], found["at"]) == ("2031-05-04", "2031-05-04T06:00:00")


def test_rows_without_text_are_named(model, tmp_path, capsys):
    pq.write_table(pa.Table.from_pylist([{"text": "A b"}, {"text": None}]), tmp_path / "in.parquet")
    assert run(tmp_path / "in.parquet", tmp_path / "out.jsonl") == 1
    assert f'{tmp_path / "in.parquet"}, row 2: field "text" is missing' in capsys.readouterr().err


def test_parquet_columns_of_mixed_values_become_json(tmp_path):
    rows = [{"id": 1, "a": {}, "b": [1]}, {"id": "x", "a": {}, "b": "y"}, {"id": None, "c": 1.5}]
    parquet.write(lambda: rows, tmp_path / "out.parquet")
    assert pq.read_table(tmp_path / "out.parquet").to_pylist() == [
        {"id": "1", "a": "{}", "b": "[1]", "c": None},
        {"id": "x", "a": "{}", "b": "y", "c": None},
        {"id": None, "a": None, "b": None, "c": 1.5},
    ]


def test_parquet_types_do_not_depend_on_the_rows(tmp_path):
    empty = Document("A b").to_dict()
    parquet.write(lambda: [empty], tmp_path / "a.parquet")
    quotation = Quotation("direct", (Span.of("A b", 0, 1),), speaker=Speaker("Ilse Varga"))
    parquet.write(lambda: [Document("A b", (quotation,)).to_dict()], tmp_path / "b.parquet")
    assert pq.read_schema(tmp_path / "a.parquet") == pq.read_schema(tmp_path / "b.parquet")


def test_parquet_goes_to_files_only(model, tmp_path, capsys):
    source = written(tmp_path / "in.jsonl", records(1))
    assert main(["analyze", str(source), "--format", "parquet"]) == 2
    assert run(source, tmp_path / "out.parquet.gz") == 2
    errors = capsys.readouterr().err
    assert "--format parquet needs --output" in errors
    assert "leave out the last ending" in errors


def test_formulas_and_line_breaks_in_csv(model, tmp_path):
    source = written(tmp_path / "in.jsonl", [{"id": "a\rb", "text": "=1+1 is"}])
    assert run(source, tmp_path / "out.csv") == 0
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["document"], row["text"]) == ("a\rb", "'=1+1")


def test_documents_without_ids_are_numbered_in_csv(model, tmp_path):
    source = written(tmp_path / "in.jsonl", [{"text": "A b"}, {"text": "C d"}])
    assert run(source, tmp_path / "out.csv") == 0
    rows = list(csv.DictReader((tmp_path / "out.csv").open(encoding="utf-8")))
    assert [row["document"] for row in rows] == ["0", "1"]


def test_progress_on_a_terminal(model, tmp_path, monkeypatch, capsys):
    source = written(tmp_path / "in.jsonl", records(10, broken=(3,)))
    monkeypatch.setattr(messages, "_PROGRESS_AFTER", 0)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    assert run(source, tmp_path / "out.jsonl") == 1
    assert "10/10 [" in capsys.readouterr().err


def test_inputs_are_counted(tmp_path):
    written(tmp_path / "a.jsonl", records(3))
    (tmp_path / "b.txt").write_text("A b", "utf-8")
    pq.write_table(pa.Table.from_pylist(records(4)), tmp_path / "c.parquet")
    (tmp_path / "d.jsonl.gz").write_bytes(b"rubbish")
    assert inputs.count([str(tmp_path)]) == 8


def test_a_run_that_did_nothing_leaves_nothing(tmp_path):
    source = written(tmp_path / "in.jsonl", records(2))
    assert run(source, tmp_path / "out.jsonl", "--stance", str(tmp_path)) == 2
    assert names(tmp_path) == ["in.jsonl"]


def test_no_inputs_give_an_empty_output(model, tmp_path):
    source = written(tmp_path / "in.jsonl", [])
    assert run(source, tmp_path / "out.jsonl") == 0
    assert (tmp_path / "out.jsonl").read_bytes() == b""


def test_stances_in_parquet(model_folders, tmp_path):
    source = written(tmp_path / "in.jsonl", [{"id": "a", "text": "we talk", "after": "."}])
    arguments = ["--stance", str(model_folders[1]), "--device", "cpu"]
    for name in ("out.jsonl", "out.parquet"):
        assert main(["stance", str(source), "--output", str(tmp_path / name), *arguments]) == 0
    (found,) = parquet.read(tmp_path / "out.parquet")
    assert found == json.loads((tmp_path / "out.jsonl").read_text("utf-8"))


def test_corpora_may_be_compressed(tmp_path):
    with compression.open_write(tmp_path / "a.jsonl.zst", "a.zst") as file:
        file.write(json.dumps(records(1)[0]).encode())
    assert read_corpus(tmp_path / "a.jsonl.zst")[0].text == records(1)[0]["text"]


KILLS = int(os.environ.get("QUOTESTANCE_KILLS", "20"))


@pytest.mark.slow
@pytest.mark.parametrize("name", ["out.jsonl", "out.parquet"])
def test_killed_again_and_again(extractor, classifier, tmp_path, monkeypatch, name):
    """Twenty times killed at random moments: the same file as of an undisturbed run."""
    tiny = Pipeline(extractor, classifier)

    class Breaking:
        def pipe(self, documents, batch_size):
            if any("BREAK" in document.text for document in documents):
                raise RuntimeError("no")
            return tiny.pipe(documents, batch_size)

    monkeypatch.setattr(analyze, "pipeline", lambda _: Breaking())
    given = records(120, broken=range(7, 120, 30))
    for record in given:
        record["text"] = f"“We want talks {record['id']},” Ilse Varga said. " + record["text"]
    source = written(tmp_path / "in.jsonl", given)
    (tmp_path / "whole").mkdir()
    whole, target = tmp_path / "whole" / name, tmp_path / name
    start = time.monotonic()
    assert run(source, whole) == 1
    takes = time.monotonic() - start
    moments = random.Random(7)
    landed = 0
    for _ in range(KILLS):
        child = os.fork()
        if not child:
            os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
            run(source, target, "--resume")
            os._exit(0)
        time.sleep(moments.uniform(0, takes / KILLS * 1.5))
        os.kill(child, signal.SIGKILL)
        landed += os.WIFSIGNALED(os.waitpid(child, 0)[1])
    assert landed >= KILLS / 2
    assert run(source, target, "--resume") == 1
    assert target.read_bytes() == whole.read_bytes()
    failed = [path.with_name(f"{name}.failed.jsonl").read_text("utf-8") for path in (whole, target)]
    assert failed[0] == failed[1]
    assert names(tmp_path) == sorted(["in.jsonl", name, f"{name}.failed.jsonl", "whole"])
