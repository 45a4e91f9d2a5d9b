"""Other libraries: spaCy, displaCy, datasets, Polars."""

import importlib
import inspect
import tomllib
from dataclasses import replace
from pathlib import Path

import datasets
import pytest
from test_pages import ARTICLE, NASTY, quotation

from quotestance import from_dataset, load, to_frame, to_jsonl
from quotestance.document import Document, LayoutError, Stance
from quotestance.integrations.displacy import to_displacy

TEXT = "“We want talks,” Ana Ruiz said. “The war must end,” she said.\n\nNobody answered."


@pytest.fixture(scope="module")
def nlp(model_folders):
    spacy = pytest.importorskip("spacy", reason="spaCy is not installed")
    import quotestance.integrations.spacy  # noqa: F401 (as the entry point does)

    quotations, stance = map(str, model_folders)
    found = spacy.blank("en")
    settings = {"quotations": quotations, "stance": stance, "device": "cpu"}
    found.add_pipe("quotestance", config=settings)
    return found


def test_spacy_doc_has_the_quotations_of_its_text(nlp):
    component = nlp.get_pipe("quotestance")
    expected = component.pipeline(TEXT).quotations
    doc = nlp(TEXT)
    assert expected
    assert doc._.quotations == expected
    parts = [(q.stance.label, n) for n, q in enumerate(expected) for _ in q.content]
    assert sorted((s.label_, s.id) for s in doc.spans["quotations"]) == sorted(parts)
    for span in doc.spans["quotations"]:
        assert any(part.text in span.text for part in doc._.quotations[span.id].content)


def test_spacy_finds_the_component_once_it_is_installed(nlp):
    from quotestance.integrations.spacy import make_component

    project = tomllib.loads(Path(__file__).parents[1].joinpath("pyproject.toml").read_text("utf-8"))
    name = project["project"]["entry-points"]["spacy_factories"]["quotestance"]
    module, _, function = name.partition(":")
    assert getattr(importlib.import_module(module), function) is make_component


def test_spacy_settings_are_those_of_load(nlp):
    settings = nlp.get_factory_meta("quotestance").default_config
    parameters = inspect.signature(load).parameters.values()
    assert settings == {parameter.name: parameter.default for parameter in parameters}


def test_spacy_pipe_keeps_the_order(nlp):
    texts = [TEXT, "Nothing is said.", TEXT[:31]] * 3
    docs = list(nlp.pipe(texts, batch_size=2))
    assert [doc.text for doc in docs] == texts
    assert [doc._.quotations for doc in docs] == [nlp(text)._.quotations for text in texts]


def test_spacy_docs_can_be_stored(nlp):
    from spacy.tokens import Doc, DocBin

    doc = nlp(TEXT)
    stored = DocBin(docs=[doc], store_user_data=True).to_bytes()
    (read,) = DocBin().from_bytes(stored).get_docs(nlp.vocab)
    assert read._.quotations == doc._.quotations
    assert len(Doc(nlp.vocab).from_bytes(doc.to_bytes()).spans["quotations"]) == len(
        doc.spans["quotations"]
    )


def test_spacy_pipeline_can_be_stored(nlp, tmp_path):
    import spacy

    nlp.to_disk(tmp_path / "nlp")
    assert spacy.load(tmp_path / "nlp")(TEXT)._.quotations == nlp(TEXT)._.quotations


def test_spacy_doc_that_was_not_read_has_none(nlp):
    assert nlp.make_doc(TEXT)._.quotations == ()


def test_displacy_draws_it():
    displacy = pytest.importorskip("spacy.displacy", reason="spaCy is not installed")
    html = displacy.render(to_displacy(ARTICLE), style="ent", manual=True, jupyter=False)
    assert html.count("<mark") == 4
    assert "Ilse Varga" in html


def test_displacy_entities_do_not_overlap_and_are_escaped():
    outer = quotation(ARTICLE.text, ARTICLE.text[60:], name=NASTY, label=NASTY)
    inner = quotation(ARTICLE.text, "he had offered talks")
    (entity,) = to_displacy(replace(ARTICLE, quotations=(inner, outer)))["ents"]
    assert (entity["start"], entity["end"]) == (60, len(ARTICLE.text))
    assert "<" not in entity["label"] + entity["kb_id"]


def test_documents_go_through_a_dataset(tmp_path):
    told = Stance("dialogue", ("dialogue",), {"dialogue": 0.75, "none": 0.25})
    quotations = (replace(ARTICLE.quotations[0], stance=told),)
    documents = [
        replace(ARTICLE, quotations=quotations),
        Document(TEXT, (), "b", {"outlet": "Wire"}),
    ]
    path = str(tmp_path / "out.jsonl")
    to_jsonl(documents, path)
    rows = datasets.load_dataset(
        "json", data_files=path, split="train", cache_dir=str(tmp_path / "cache")
    )
    assert list(from_dataset(rows)) == documents


def test_texts_of_a_dataset():
    rows = datasets.Dataset.from_dict({"body": [TEXT, "x"], "outlet": ["Wire", None]})
    found = list(from_dataset(rows.to_iterable_dataset(), text="body"))
    assert found == [Document(TEXT, metadata={"outlet": "Wire"}), Document("x")]


def test_dataset_without_the_column_names_those_there_are():
    rows = datasets.Dataset.from_dict({"body": ["x"]})
    with pytest.raises(LayoutError, match=r"row 0: column 'text' is missing .* 'body'"):
        list(from_dataset(rows))
    broken = [{"text": "x", "quotations": [{"kind": "direct", "content": [[0, 9]]}]}]
    with pytest.raises(LayoutError, match=r"row 0: quotations\[0\]: content"):
        list(from_dataset(broken))


def test_polars_takes_the_frame():
    polars = pytest.importorskip("polars", reason="Polars is not installed")
    frame = polars.from_pandas(to_frame([ARTICLE]))
    assert frame["speaker"].to_list() == ["Ilse Varga", "Tomas Reke", None]
