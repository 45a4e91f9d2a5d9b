"""Tokens, windows, decoding and training of the quotation model, on a tiny one."""

import re
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotestance.document import Document, LayoutError, Span
from quotestance.kinds import kind_of
from quotestance.quotations.dataset import IGNORED, WindowDataset, collate
from quotestance.quotations.decoding import decode
from quotestance.quotations.extractor import QuotationExtractor
from quotestance.quotations.links import LINKS, PLACES, link_places
from quotestance.quotations.model import QuotationModel
from quotestance.quotations.scores import NAMES, TAGS, Link, Scores, best_path
from quotestance.quotations.tokens import tokenize, windows
from quotestance.quotations.training import fine_tune_quotations

TEXT = "“We want talks,” Ana Ruiz said.\n\n“No war,” said the minister."


@given(st.integers(0, 3000), st.integers(8, 400), st.integers(0, 7))
def test_windows_cover_everything(length, size, overlap):
    found = windows(length, size, overlap)
    assert all(0 < end - start <= size for start, end in found)
    covered = np.zeros(length, dtype=bool)
    for start, end in found:
        covered[start:end] = True
    assert covered.all()
    assert all(after[0] <= before[1] for before, after in pairwise(found))


def test_tokens_carry_what_an_uncased_encoder_loses(tokenizer):
    (tokens,) = tokenize(["“He said NATO”\n\nno 12"], tokenizer)
    words = ["“He said NATO”\n\nno 12"[a:b] for a, b in tokens.offsets]
    place = dict(zip(words, tokens.features["mark_places"], strict=True))
    shape = dict(zip(words, tokens.features["case_shapes"], strict=True))
    breaks = dict(zip(words, tokens.features["breaks"], strict=True))
    assert (place["“"], place["said"], place["”"], place["n"]) == (1, 2, 3, 0)
    assert (shape["He"], shape["said"], shape["N"], shape["1"]) == (2, 1, 3, 5)
    assert (breaks["said"], breaks["n"]) == (0, 2)


@given(st.text(max_size=120))
def test_tokens_within_are_those_that_overlap(tokenizer, text):
    (tokens,) = tokenize([text], tokenizer)
    for index, (start, end) in enumerate(tokens.offsets):
        if end > start:
            first, last = tokens.within(int(start), int(end))
            assert first <= index < last


def test_inside_tag_never_follows_another_kind():
    random = np.random.default_rng(0)
    for _ in range(50):
        path = best_path(random.dirichlet(np.ones(len(TAGS)), 30).astype(np.float32))
        before = "O"
        for tag in (TAGS[index] for index in path):
            if tag.startswith("I-"):
                assert before[2:] == tag[2:]
            before = tag


def test_places_are_signed():
    features = {"breaks": np.array([0, 0, 2, 0, 0]), "mark_places": np.array([1, 3, 0, 1, 3])}
    tokens, breaks, marks = link_places(2, 2, features)
    assert tokens.shape == (5,)
    assert tokens[1] < tokens[2] < tokens[3]
    assert list(breaks - PLACES["breaks"] // 2) == [-1, -1, 0, 0, 0]
    assert list(marks - PLACES["marks"] // 2) == [0, 0, 0, 1, 1]


def scores_for(tokens, spans, links):
    """Scores as sure as they can be: spans of tags, and links between character ranges."""
    tags = np.full((len(tokens), len(TAGS)), 1e-6, dtype=np.float32)
    tags[:, 0] = 1
    for role, start, end in spans:
        first, last = tokens.within(start, end)
        for index in range(first, last):
            tags[index] = 1e-6
            tags[index, TAGS.index(("B-" if index == first else "I-") + role)] = 1
    names = np.zeros((len(tokens), len(NAMES)), dtype=np.float32)
    names[:, 0] = 1

    def link(kind, span):
        target = next((t for k, s, t in links if kind == k and tokens.within(*s) == span), None)
        weights = np.zeros(len(tokens), dtype=np.float32)
        if target is None:
            return Link(0, weights, 1.0)
        first, last = tokens.within(*target)
        weights[first:last] = 1 / (last - first)
        return Link(0, weights, 0.0)

    return Scores(tags, names, lambda kind, spans: [link(kind, span) for span in spans])


def test_decoding_moves_contents_to_the_marks(tokenizer):
    (tokens,) = tokenize([TEXT], tokenizer)
    spans = [("content", 4, 14), ("source", 17, 25), ("cue", 26, 30)]
    links = [("source", (0, 16), (17, 25)), ("cue", (0, 16), (26, 30))]
    found = decode(TEXT, tokens, scores_for(tokens, spans, links), 0.5)
    (quotation,) = found.quotations
    assert quotation.text == "“We want talks,”"
    assert [span.text for span in quotation.source] == ["Ana Ruiz"]
    assert [span.text for span in quotation.cue] == ["said"]
    assert quotation.kind == "direct"
    assert found.weights == pytest.approx((1.0,))


def test_words_of_another_paragraph_do_not_join_by_their_cue(tokenizer):
    text = "“It is a pause,” she said.\n\n“They came late.\n\n“The truce is dead.”"
    (tokens,) = tokenize([text], tokenizer)
    parts = [(0, 16), (28, 44), (46, len(text))]
    spans = [*(("content", *part) for part in parts), ("source", 17, 20), ("cue", 21, 25)]
    links = [("source", part, (17, 20)) for part in parts]
    links += [("cue", parts[0], (21, 25)), ("cue", parts[2], (21, 25))]
    found = decode(text, tokens, scores_for(tokens, spans, links), 0.5).quotations
    assert [len(quotation.content) for quotation in found] == [1, 2]


def test_signs_beside_the_marks_are_no_content(tokenizer):
    text = "*“We go,”* she said."
    (tokens,) = tokenize([text], tokenizer)
    spans, links = [("content", 0, 10), ("source", 11, 14)], [("source", (1, 9), (11, 14))]
    (quotation,) = decode(text, tokens, scores_for(tokens, spans, links), 0.5).quotations
    assert quotation.text == "“We go,”"


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("“One,” she said, “is two.”", 2),
        ("“One”, she said, “is two.”", 2),
        ("“One,” she said. “Is two.”", 1),
        ("“One.” Then she said, “Is two.”", 1),
    ],
)
def test_commas_around_a_source_join_what_it_splits(tokenizer, text, parts):
    (tokens,) = tokenize([text], tokenizer)
    first, last = (m.span() for m in re.finditer("“[^”]*”", text))
    source, cue = re.search("she", text).span(), re.search("said", text).span()
    spans = [("content", *first), ("content", *last), ("source", *source), ("cue", *cue)]
    links = [("source", first, source), ("source", last, source), ("cue", last, cue)]
    found = decode(text, tokens, scores_for(tokens, spans, links), 0.5).quotations
    assert [len(quotation.content) for quotation in found] == [parts] * (3 - parts)


def test_dateline_is_no_quotation(tokenizer):
    text = "PORT MELIN — Ana Ruiz warned on Monday of talks."
    (tokens,) = tokenize([text], tokenizer)
    assert decode(text, tokens, scores_for(tokens, [("content", 0, 10)], []), 0.5).quotations == ()


@pytest.mark.parametrize("text", ["“We made progress,”", "“No traps here.”"])
def test_a_short_clause_in_marks_is_direct(text):
    span = Span.of(text, 0, len(text))
    assert kind_of([span], [span]) == "direct"


@pytest.mark.parametrize("head", ["PORT ALDEN (Wire) - ", "REUTERS/Ann Lee\n\n"])
def test_source_loses_dateline_and_caption(tokenizer, head):
    text = f"{head}Ana Ruiz said “We want talks.”"
    (tokens,) = tokenize([text], tokenizer)
    source, content = (0, len(head) + 8), (len(head) + 14, len(text))
    spans = [("source", *source), ("content", *content)]
    links = [("source", content, source)]
    (quotation,) = decode(text, tokens, scores_for(tokens, spans, links), 0.5).quotations
    assert [span.text for span in quotation.source] == ["Ana Ruiz"]


def test_parts_with_one_cue_are_one_quotation(tokenizer):
    text = "“We want talks,” he said. “We want them now.”"
    (tokens,) = tokenize([text], tokenizer)
    spans = [("content", 0, 16), ("source", 17, 19), ("cue", 20, 24), ("content", 26, 45)]
    links = [
        (kind, part, target)
        for part in ((0, 16), (26, 45))
        for kind, target in (("source", (17, 19)), ("cue", (20, 24)))
    ]
    (quotation,) = decode(text, tokens, scores_for(tokens, spans, links), 0.5).quotations
    assert [span.text for span in quotation.content] == ["“We want talks,”", "“We want them now.”"]


def test_stretch_that_is_no_content_and_has_no_source_is_left_out(tokenizer):
    (tokens,) = tokenize([TEXT], tokenizer)
    assert decode(TEXT, tokens, scores_for(tokens, [], []), 0.5).quotations == ()


def test_content_without_a_letter_is_left_out(tokenizer):
    text = "He said … and left."
    (tokens,) = tokenize([text], tokenizer)
    assert decode(text, tokens, scores_for(tokens, [("content", 8, 9)], []), 0.5).quotations == ()


def test_source_the_tags_passed_over_is_found_by_its_link(tokenizer):
    (tokens,) = tokenize([TEXT], tokenizer)
    links = [("source", (0, 16), (17, 25))]
    (quotation,) = decode(
        TEXT, tokens, scores_for(tokens, [("content", 0, 16)], links), 0.5
    ).quotations
    assert [span.text for span in quotation.source] == ["Ana Ruiz"]


@pytest.mark.parametrize(
    ("content", "quoted", "kind"),
    [
        ([(0, 10)], [], "indirect"),
        ([(0, 30)], [(0, 30)], "direct"),
        ([(0, 30)], [(3, 9)], "mixed"),
        ([(0, 7)], [(0, 7)], "mixed"),
    ],
)
def test_kind_by_the_share_between_marks(content, quoted, kind):
    text = "a b c d e f g h i j k l m n o p q r"
    spans = [[Span.of(text, *pair) for pair in pairs] for pairs in (content, quoted)]
    assert kind_of(*spans) == kind


@given(st.text(alphabet='“”" \nab.,é中', max_size=300))
def test_any_text_is_read(extractor, text):
    (found,) = extractor.extract([text])
    Document(text, found.quotations)  # raises where a span does not stand in the text


def test_long_text_is_read_to_its_end(extractor):
    text = "“We want talks,” Ana said.\n\n" * 60
    (found,) = extractor.extract([text])
    assert len(found.weights) == len(found.quotations)
    (tokens,) = tokenize([text], extractor.tokenizer)
    (scores,) = extractor._scores([tokens])
    assert scores.tags.shape == (len(tokens), len(TAGS))
    assert np.allclose(scores.tags.sum(axis=1), 1, atol=1e-3)


def test_batching_changes_nothing(extractor):
    texts = [TEXT, "“Talks now,” he said. " * 9, "No quotation here."]
    together = extractor.extract(texts)
    alone = [extractor.extract([text])[0] for text in texts]
    turned = extractor.extract(texts[::-1])[::-1]
    assert [e.quotations for e in together] == [e.quotations for e in alone]
    assert [e.quotations for e in turned] == [e.quotations for e in alone]


def test_save_and_load_give_the_same_scores(extractor, model_folders):
    again = QuotationExtractor.from_pretrained(model_folders[0], "cpu")
    (tokens,) = tokenize([TEXT], extractor.tokenizer)
    assert np.allclose(
        extractor._scores([tokens])[0].tags, again._scores([tokens])[0].tags, atol=1e-3
    )


RECORD = {
    "id": "a",
    "text": TEXT,
    "quotations": [
        {"kind": "direct", "content": [[0, 16]], "source": [[17, 25]], "cue": [[26, 30]]},
        {"kind": "direct", "content": [[33, 42]], "source": [[48, 60]], "cue": [[43, 47]]},
    ],
    "silver": {"entities": [[17, 25, "PERSON"]], "coreference": [[[17, 25], [48, 60]]]},
}


def test_labels_stand_where_the_annotation_says(tokenizer):
    dataset = WindowDataset([RECORD], tokenizer, 64, dresses=0)
    window = dataset[0]
    (tokens,) = tokenize([TEXT], tokenizer)
    tagged = {TAGS[t][2:]: [] for t in window["tags"] if t}
    for tag, (start, end) in zip(window["tags"], tokens.offsets, strict=True):
        if tag:
            tagged[TAGS[tag][2:]].append(TEXT[start:end])
    assert "".join(tagged["source"]) == "AnaRuiztheminister"
    assert "".join(tagged["cue"]) == "saidsaid"
    assert {NAMES[n] for n in window["names"]} == {"O", "B-person", "I-person"}


def test_record_without_quotations_trains_no_tags(tokenizer):
    record = {"text": TEXT, "entities": [{"type": "person", "mentions": [[17, 25], [48, 60]]}]}
    window = WindowDataset([record], tokenizer, 64, dresses=0)[0]
    assert (window["tags"] == IGNORED).all()
    assert {kind for kind, *_ in window["queries"]} == {LINKS.index("antecedent")}


def test_every_dress_is_labelled(tokenizer):
    dataset = WindowDataset([RECORD], tokenizer, 64, dresses=8, seed=1)
    variants = dataset.examples[0]
    assert len({tuple(example.tokens.ids) for example in variants}) > 1
    for example in variants:
        assert {TAGS[t] for t in example.tags} >= {"B-source", "B-content"}
        assert {NAMES[n] for n in example.names} >= {"B-person"}


def test_targets_of_links_are_the_source_tokens(tokenizer):
    batch = collate([WindowDataset([RECORD], tokenizer, 64, dresses=0)[0]], tokenizer)
    assert batch["link_targets"].any(dim=1).all()
    assert not (batch["link_targets"] & ~batch["link_allowed"]).any()


@pytest.mark.slow
def test_training_learns_resumes_and_saves(tmp_path, encoder_folder, monkeypatch, capsys):
    def killed(*_):
        raise KeyboardInterrupt

    settings = {"epochs": 2, "learning_rate": 1e-3, "batch_size": 2, "device": "cpu"}
    with monkeypatch.context() as patch:
        patch.setattr(QuotationExtractor, "save_pretrained", killed)
        with pytest.raises(KeyboardInterrupt):
            fine_tune_quotations(str(encoder_folder), [RECORD] * 4, [RECORD], tmp_path, **settings)
    assert len(list(tmp_path.glob("checkpoints/checkpoint-*"))) == 2
    capsys.readouterr()
    settings["epochs"] = 3
    tuned = fine_tune_quotations(str(encoder_folder), [RECORD] * 4, [RECORD], tmp_path, **settings)
    assert capsys.readouterr().out.startswith("epoch 3 of 3: loss ")
    again = QuotationExtractor.from_pretrained(tmp_path, "cpu")
    assert again.extract([TEXT])[0].quotations == tuned.extract([TEXT])[0].quotations
    assert not list(tmp_path.glob("checkpoints*"))


def test_layers_keeps_the_first_layers_of_an_encoder(encoder_folder):
    assert (
        QuotationModel.from_encoder(str(encoder_folder), layers=1).config.encoder[
            "num_hidden_layers"
        ]
        == 1
    )
    with pytest.raises(ValueError, match="layers must be 1 to 1"):
        QuotationModel.from_encoder(str(encoder_folder), layers=2)


def test_some_mentions_of_a_window_are_learned_at_a_time(tokenizer):
    mentions = [[17, 20], [21, 25], [48, 51], [52, 60]] * 10
    record = {**RECORD, "silver": {"entities": [], "coreference": [mentions]}}
    window = WindowDataset([record], tokenizer, 64, dresses=0)[0]
    kinds = [LINKS[kind] for kind, *_ in window["queries"]]
    assert kinds.count("antecedent") == 16
    assert kinds.count("source") == kinds.count("cue") == 2


def test_evaluation_data_without_quotations_are_refused(tmp_path, encoder_folder):
    with pytest.raises(LayoutError, match="no quotation to score"):
        fine_tune_quotations(str(encoder_folder), [RECORD], [{"text": TEXT}], tmp_path)


@pytest.mark.parametrize(
    ("train", "eval_data", "message"),
    [
        ([], [RECORD], "train: no records"),
        ([RECORD], [3], "eval_data: expected records, documents or files, not int"),
    ],
)
def test_training_names_the_data_that_are_wrong(
    encoder_folder, tmp_path, train, eval_data, message
):
    with pytest.raises(LayoutError, match=message):
        fine_tune_quotations(str(encoder_folder), train, eval_data, tmp_path)
