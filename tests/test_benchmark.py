"""The benchmark with tiny models: what is measured, how it is told, what goes wrong."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from quotestance.benchmark import articles, limit, quality, scaling, stance, start, tables
from quotestance.benchmark.machine import machine, versions
from quotestance.benchmark.measuring import (
    REFERENCE,
    in_fresh_process,
    peak_memory,
    rate,
    spread,
    take_turns,
)
from quotestance.benchmark.plan import Plan, Setting
from quotestance.benchmark.texts import articles as sample_articles
from quotestance.benchmark.texts import long_article, texts_of
from quotestance.cli import main

TEXT = "“We want talks,” Ana Ruiz said. “The war must end,” she said.\n"


@pytest.fixture(autouse=True)
def torch_in_fp32(monkeypatch):
    """The same engine on every machine."""
    monkeypatch.setattr("quotestance.benchmark.plan.engines", lambda *_: iter(["torch"]))
    monkeypatch.setattr("torch.cuda.is_available", lambda: False)
    monkeypatch.setattr("torch.cpu._is_avx512_bf16_supported", lambda: False)


@pytest.fixture
def plan(model_folders):
    quotations, stances = map(str, model_folders)
    return Plan("quick", quotations, stances, articles=(TEXT, TEXT + TEXT))


@pytest.fixture
def few(monkeypatch):
    """The smallest amounts that tell something."""
    monkeypatch.setattr(stance, "LENGTHS", {"quick": (16, 20)})
    monkeypatch.setattr(stance, "SECONDS", {"quick": 0})
    monkeypatch.setattr(scaling, "NUMBERS", {"quick": (2,)})
    monkeypatch.setattr(scaling, "WORDS", {"quick": (60,)})
    monkeypatch.setattr(limit, "_SQUARES", {"cpu": (64,)})
    monkeypatch.setattr(limit, "_LAYERS", ())


def positive(found):
    return 0 < found["low"] <= found["median"] <= found["high"]


def test_runs_take_turns():
    calls = []
    times = take_turns({"a": lambda: calls.append("a"), "b": lambda: calls.append("b")}, 2)
    assert calls == ["a", "b", "a", "b"]
    assert len(times["a"]) == len(times["b"]) == 2


def test_spread_has_median_and_ends():
    assert spread([3, 1, 2.00049]) == {"median": 2.0, "low": 1, "high": 3, "repeats": 3}


def test_rate_is_work_by_time():
    assert rate(10, [2, 5, 4])["median"] == 2.5


def test_peak_memory_is_not_that_of_the_parent():
    held = bytearray(300_000_000)
    code = "from quotestance.benchmark.measuring import peak_memory as p; print(p())"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert float(run.stdout) < 200 < len(held) / 1e6 < peak_memory()


def test_failed_process_says_why():
    with pytest.raises(ChildProcessError, match=r"scaling.*missing .* 'number'"):
        in_fresh_process("scaling", words=10)


def test_machine_names_no_host():
    found = machine()
    assert found["processor"]
    assert found["cores"] >= found["threads"] >= 1
    assert not {"node", "host", "user"} & found.keys()
    assert {"python", "torch", "transformers"} <= versions().keys()


def test_sample_articles_differ_in_names_only():
    first, second = (next(it) for it in [sample_articles()] * 2)
    assert first != second
    assert first == next(sample_articles())
    assert not re.search("Varga|Reke|Okonjo|Kestria|Ostmark", first + second)
    assert len(first.split("\n\n")) == len(second.split("\n\n"))


@pytest.mark.parametrize("words", [1, 100, 1000])
def test_long_articles_have_their_length(words):
    assert words <= len(long_article(words).split()) < words + 60


@pytest.mark.parametrize("tokens", [3, 16, 128])
def test_texts_have_exactly_their_tokens(tokens, tokenizer):
    texts = texts_of(tokens, 3, tokenizer)
    assert {len(tokenizer(text)["input_ids"]) for text in texts} == {tokens}


def test_stance_is_measured_beside_transformers(plan, few):
    rows = stance.measure(plan)
    assert {(row["what"], row["tokens"], row["batch"]) for row in rows} == {
        (what, tokens, batch)
        for what in ("quotestance torch-fp32 (CPU)", stance.PEER)
        for tokens in (16, 20)
        for batch in (1, 32)
    }
    assert all(positive(row["texts_per_s"]) for row in rows)


def test_articles_are_the_users(plan, monkeypatch):
    monkeypatch.setattr(articles, "peer_is_installed", lambda: False)
    (row, *_) = articles.measure(plan)
    assert (row["articles"], row["words"], row["raised"]) == (2, 36, 0)
    assert positive(row["words_per_s"])
    assert row["words_per_s"]["repeats"] == plan.repeats


def test_what_raises_is_counted(plan, monkeypatch):
    monkeypatch.setattr(articles, "peer_is_installed", lambda: True)
    monkeypatch.setattr(articles, "_peer", lambda: lambda texts: len(texts) - 1)
    assert articles.measure(plan)[-1]["raised"] == 1


def test_fresh_process_measures_scaling(model_folders):
    quotations, stances = map(str, model_folders)
    models = {"engine": "torch", "device": "cpu", "quotations": quotations, "stance": stances}
    found = in_fresh_process("scaling", number=3, words=10, repeats=2, budget=60, **models)
    assert found["words"] >= 30
    assert len(found["times"]) == 2
    assert 0 < found["loaded_mb"] <= found["peak_mb"]


def test_scaling_varies_number_and_length(plan, few, monkeypatch):
    fresh = {
        "times": [2.0, 1.0, 4.0],
        "words": 400,
        "loaded_mb": 1.0,
        "peak_mb": 2.0,
        "engine": "x",
    }
    monkeypatch.setattr(scaling, "in_fresh_process", lambda *_, **__: fresh)
    number, length = scaling.measure(plan)
    assert (number["varied"], number["articles"], number["words_each"]) == ("number", 2, 200)
    assert (length["varied"], length["articles"]) == ("length", 6)
    assert number["ms_per_article"]["median"] == 1000
    assert number["ms_per_1000_words"]["median"] == 5000


def test_operations_are_those_of_the_layers(plan, classifier):
    config, tokens = classifier.model.config, 20
    hidden, inner = config.hidden_size, config.intermediate_size
    layer = tokens * (8 * hidden**2 + 4 * hidden * inner) + 4 * tokens**2 * hidden
    head = 2 * hidden**2 + 2 * hidden * config.num_labels
    assert limit.operations_of(plan, tokens) == config.num_hidden_layers * layer + head


def test_share_is_of_the_measured_limit(plan, few, monkeypatch):
    monkeypatch.setattr(limit, "TOKENS", 20)
    (row,) = limit.measure(plan)
    reached = row["texts_per_s"]["median"] * row["gflop_per_text"]
    highest = row["limit_gflops"]["fp32"]
    assert row["share"] == pytest.approx(reached / highest["median"], rel=0.01)


def test_quality_agrees_with_itself_and_scores_gold(model_folders, tmp_path):
    gold = tmp_path / "gold.jsonl"
    gold.write_text('{"id": "a", "text": "War.", "labels": ["pressure"]}\n', "utf-8")
    plan = Plan("quick", *map(str, model_folders), articles=(TEXT,), gold=[gold])
    rows = quality.measure(plan)
    items = [row for row in rows if row["set"] == "gold.jsonl"]
    assert items[0]["what"] == REFERENCE
    assert all(row["agreement"]["accuracy"]["value"] == 1 for row in items)
    assert set(items[0]["gold"]) == {"macro_f1", "accuracy"}
    assert all("gold" not in row for row in rows if row["set"] == "articles")


def test_fresh_process_measures_the_start(model_folders):
    quotations, stances = map(str, model_folders)
    models = {"engine": "torch", "device": "cpu", "quotations": quotations, "stance": stances}
    found = in_fresh_process("start", text=TEXT, **models)
    parts = [found[part] for part in ("import_s", "load_s", "first_s")]
    assert min(parts) > 0
    assert sum(parts) < found["process_s"]


def test_first_cold_start_only_warms_up(plan, monkeypatch):
    times = iter([9.0, 1.0, 2.0, 3.0])

    def fresh(*_, **__):
        return {**dict.fromkeys((*start.PARTS, "peak_mb"), next(times)), "engine": "x"}

    monkeypatch.setattr(start, "in_fresh_process", fresh)
    (row,) = start.measure(plan)
    assert row["load_s"] == {"median": 2, "low": 1, "high": 3, "repeats": 3}


def test_every_setting_is_on_the_cpu_without_cuda():
    plan = Plan()
    assert {setting.device for setting in plan.settings()} == {"cpu"}
    assert "CUDA" in plan.not_measured([])


def test_cuda_is_measured_where_it_is(monkeypatch):
    monkeypatch.setattr("torch.cuda.is_available", lambda: True)
    assert Setting("torch", "cuda") in Plan().settings()
    assert "CUDA" not in Plan().not_measured([])


def benchmark(model_folders, *arguments):
    quotations, stances = map(str, model_folders)
    return main(["benchmark", "--quotations", quotations, "--stance", stances, *arguments])


def test_results_give_the_same_tables_again(model_folders, few, tmp_path, capsys):
    path = str(tmp_path / "results.json")
    assert benchmark(model_folders, "--quick", "--suite", "stance,limit", "--output", path) == 0
    told = capsys.readouterr().out
    assert main(["benchmark", "--tables", path]) == 0
    assert capsys.readouterr().out == told
    results = json.loads((tmp_path / "results.json").read_text("utf-8"))
    assert list(results["suites"]) == ["stance", "limit"]
    assert str(tmp_path) not in json.dumps(results)


def test_plots_are_written_from_results(tmp_path, capsys):
    pytest.importorskip("matplotlib")
    rate_ = {"median": 2, "low": 1, "high": 3, "repeats": 5}
    row = {"what": stance.PEER, "tokens": 16, "batch": 1, "texts_per_s": rate_}
    results = {**RESULTS, "suites": {"stance": [row]}}
    folder = tmp_path / "plots"
    (tmp_path / "r.json").write_text(json.dumps(results), "utf-8")
    assert main(["benchmark", "--tables", str(tmp_path / "r.json"), "--plots", str(folder)]) == 0
    assert [path.name for path in folder.iterdir()] == ["stance.svg"]


RESULTS = {
    "date": "2026-01-01",
    "machine": {**machine(), "load_before": None},
    "versions": {"python": "3.11"},
    "effort": "quick",
    "articles": "given",
    "not_measured": {"CUDA": "there is none here"},
    "suites": {},
}


def test_not_measured_is_told_in_the_tables():
    assert "Not measured: CUDA (there is none here)." in tables.head(RESULTS)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--articles", "/nowhere.txt"], "--articles: /nowhere.txt: no such file"),
        (["--gold", "/nowhere"], "--gold: no labelled data in /nowhere"),
        (["--output", "/nowhere/r.json"], "--output: the folder of /nowhere/r.json"),
        (["--tables", __file__], "is no JSON"),
    ],
)
def test_errors_name_the_option(arguments, message, capsys):
    assert main(["benchmark", *arguments]) == 2
    assert message in capsys.readouterr().err


def test_unknown_suite_is_named(capsys):
    with pytest.raises(SystemExit):
        main(["benchmark", "--suite", "stance,speed"])
    assert "'speed' is none of stance, articles" in capsys.readouterr().err


def test_committed_tables_are_those_of_the_committed_results():
    folder = Path(__file__).parent.parent / "benchmarks"
    results = json.loads((folder / "speed.json").read_text("utf-8"))
    assert (folder / "speed.md").read_text("utf-8") == tables.of(results) + "\n"
