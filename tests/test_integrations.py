"""Tables of articles: by pyarrow, datasets and Ray Data, with tiny models."""

import os
import signal
import threading
import time

import datasets
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from quotestance.document import Document
from quotestance.integrations.arrow import TableAnalyzer
from quotestance.pipeline import Pipeline


@pytest.fixture
def model(extractor, classifier):
    return Pipeline(extractor, classifier)


def texts(number):
    return [f"“We want talks {n},” Ilse Varga said. “The war is over {n}.”" for n in range(number)]


def expected(model, given):
    return [document.to_dict()["quotations"] for document in model.pipe(given)]


def without_nulls(value):
    if isinstance(value, dict):
        return {key: without_nulls(v) for key, v in value.items() if v is not None}
    return [without_nulls(v) for v in value] if isinstance(value, list) else value


def test_a_table_gets_quotations(model):
    table = pa.table({"day": list(range(5)), "text": texts(5), "error": ["old"] * 5})
    found = TableAnalyzer(model)(table).to_pydict()
    assert found["day"] == list(range(5))
    assert found["error"] == [None] * 5
    assert without_nulls(found["quotations"]) == without_nulls(expected(model, texts(5)))
    assert any(found["quotations"])
    for text, quotations in zip(texts(5), found["quotations"], strict=True):
        Document.from_dict({"text": text, "quotations": quotations})


def test_a_row_that_cannot_be_analysed_has_an_error(model):
    found = TableAnalyzer(model, "body")(pa.table({"body": ["A b.", None]})).to_pydict()
    assert found["error"] == [None, "TypeError: a text must be a string, not NoneType"]
    assert found["quotations"] == [[], None]


def test_an_empty_table_has_the_same_columns(model):
    analyzer = TableAnalyzer(model)
    empty = analyzer(pa.table({"text": pa.array([], pa.string())}))
    assert empty.schema == analyzer(pa.table({"text": texts(1)})).schema


def test_a_table_without_texts_is_refused(model):
    with pytest.raises(ValueError, match="no column 'text', but body"):
        TableAnalyzer(model)(pa.table({"body": ["A b."]}))


def test_datasets_map(model):
    given = datasets.Dataset.from_dict({"text": [*["nothing"] * 5, *texts(4)]})
    found = given.with_format("arrow").map(TableAnalyzer(model), batched=True, batch_size=3)
    rows = found.with_format(None)[:]
    assert without_nulls(rows["quotations"]) == without_nulls(expected(model, given["text"]))


@pytest.mark.slow
def test_ray_goes_on_without_a_killed_worker(model_folders, model, tmp_path, monkeypatch):
    """Two workers write Parquet; one of them is killed after the first file is there."""
    pytest.importorskip("ray", reason="needs the extra ray")
    import psutil
    import ray

    from quotestance.integrations.ray import analyze

    monkeypatch.setenv("RAY_worker_niceness", "0")  # the default waits for all other programs
    given = texts(240)
    for part in range(12):
        rows = {"id": list(range(part * 20, part * 20 + 20)), "text": given[part * 20 :][:20]}
        (tmp_path / "in").mkdir(exist_ok=True)
        pq.write_table(pa.table(rows), tmp_path / "in" / f"{part:02}.parquet")
    out = tmp_path / "out"
    ray.init(
        num_cpus=3, object_store_memory=100_000_000, include_dashboard=False, log_to_driver=False
    )
    try:
        found = analyze(
            ray.data.read_parquet(str(tmp_path / "in")).repartition(12),
            workers=2,
            batch_size=5,
            quotations=str(model_folders[0]),
            stance=str(model_folders[1]),
            device="cpu",
        )
        writing = threading.Thread(target=found.write_parquet, args=(str(out),), daemon=True)
        writing.start()
        deadline = time.monotonic() + 500
        while writing.is_alive() and not any(out.rglob("*.parquet")):
            assert time.monotonic() < deadline
            time.sleep(0.02)
        workers = [
            process
            for process in psutil.Process().children(recursive=True)
            if "ray::" in process.name() and "_Worker" in " ".join(process.cmdline())
        ]
        assert len(workers) == 2
        os.kill(workers[0].pid, signal.SIGKILL)
        assert writing.is_alive()
        writing.join(500)
        assert not writing.is_alive()
    finally:
        ray.shutdown()
    table = pq.read_table(out).sort_by("id")
    assert table.column("id").to_pylist() == list(range(240))
    assert table.column("error").null_count == 240
    found = table.column("quotations").to_pylist()
    assert without_nulls(found) == without_nulls(expected(model, given))
