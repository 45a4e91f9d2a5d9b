"""Errors told apart in worked cases, and a page that holds whatever the texts hold."""

from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotestance.document import Document, Quotation, Span, Speaker, Stance
from quotestance.errors import Fault, Kind, error_page, error_summary, find_errors
from quotestance.evaluation import count_quotations


def span(text, words, after=0):
    start = text.index(words, after)
    return Span.of(text, start, start + len(words))


def quotation(text, content, source=None, name="", cue=None, kind="direct", stance=None):
    """A quotation by its words; ``content`` may be several parts, ``name`` "" is no speaker."""
    parts = [content] if isinstance(content, str) else content
    return Quotation(
        kind,
        tuple(span(text, part) for part in parts),
        (span(text, source),) if source else (),
        (span(text, cue),) if cue else (),
        speaker=None if name == "" else Speaker(name),
        stance=None if stance is None else Stance.from_labels(stance),
    )


def errors(text, gold, predicted):
    return find_errors(Document(text, tuple(gold), "a"), Document(text, tuple(predicted), "a"))


def only(text, gold, predicted):
    (case,) = errors(text, [gold] if gold else [], [predicted] if predicted else [])
    return case


def test_a_right_prediction_has_no_errors():
    text = "“We want to talk,” Ilse Varga said."
    right = quotation(text, "“We want to talk,”", "Ilse Varga", "Ilse Varga", stance=["dialogue"])
    assert errors(text, [right], [right]) == []


def test_a_pronoun_given_to_somebody_else():
    text = "Ilse Varga met Tomas Reke. “We want to talk,” she said."
    gold = quotation(text, "“We want to talk,”", "she", "Ilse Varga")
    case = only(text, gold, replace(gold, speaker=Speaker("Tomas Reke")))
    assert (case.faults, case.kind) == ((Fault.SPEAKER,), Kind.PRONOUN)
    assert text[case.start : case.end] == "“We want to talk,”"


@pytest.mark.parametrize(
    ("source", "described"),
    [
        ("the minister", True),
        ("the Kestrian envoy to Ostmark", True),
        ("a spokesman for Tomas Reke", True),
        ("Minister Ilse Varga", False),
        ("Varga, a lawyer", False),
        ("the spokeswoman, Ilse Varga,", False),
        ("the Peace Council", False),
    ],
)
def test_a_description_is_no_name(source, described):
    text = f"“We want to talk,” said {source} in Kestria."
    gold = quotation(text, "“We want to talk,”", source, "Ilse Varga")
    case = only(text, gold, replace(gold, speaker=Speaker("Bo Lind")))
    assert (Kind.DESCRIPTION in case.kinds) is described


@pytest.mark.parametrize(
    "text",
    [
        "Ilse Varga left the hall at ten. “We want to talk to all of them.”",
        "Ilse Varga met the old minister. “We want to talk to all of them.”",
        "Ilse Varga left the hall\n\n“We want to talk to all of them.”",
        "Ilse Varga said “no. Never” twice. “We want to talk to all of them.”",
    ],
)
def test_a_source_in_an_earlier_sentence(text):
    gold = quotation(text, "“We want to talk to all of them.”", "Ilse Varga")
    assert only(text, gold, replace(gold, source=())).kind is Kind.FOLLOW_ON


@pytest.mark.parametrize(
    "text",
    [
        "Ilse Varga told the U.N. Council: “We want to talk to all of them.”",
        "Ilse Varga told Mr. Reke: “We want to talk to all of them.”",
        "Ilse Varga said “no. Never” and “We want to talk to all of them.”",
        "“We want to talk to all of them.” It was Ilse Varga. She left.",
    ],
)
def test_a_source_in_the_same_sentence_or_behind(text):
    gold = quotation(text, "“We want to talk to all of them.”", "Ilse Varga")
    assert Kind.FOLLOW_ON not in only(text, gold, replace(gold, source=())).kinds


def test_a_speaker_without_source_words_follows_on():
    text = "“We want to talk to all of them.”"
    gold = quotation(text, text, name="Ilse Varga")
    assert only(text, gold, None).kind is Kind.FOLLOW_ON


def test_another_source_stands_nearer():
    text = "Ilse Varga, whom Tomas Reke had asked, said: “We want to talk.”"
    gold = quotation(text, "“We want to talk.”", "Ilse Varga")
    case = only(text, gold, quotation(text, "“We want to talk.”", "Tomas Reke"))
    assert (case.fault, case.kind) == (Fault.SOURCE, Kind.TWO_CANDIDATES)


def test_the_speaker_named_again_is_no_second_candidate():
    text = "Ilse Varga, whom Varga’s staff had asked, said: “We want to talk.”"
    gold = quotation(text, "“We want to talk.”", "Ilse Varga", "Ilse Varga")
    predicted = quotation(text, "“We want to talk.”", "Varga’s", "Varga")
    assert Kind.TWO_CANDIDATES not in only(text, gold, predicted).kinds


def test_no_cue_where_others_have_one():
    text = "“We want to talk,” Ilse Varga said. Bo Lind: “We have no time now.”"
    first = quotation(text, "“We want to talk,”", "Ilse Varga", cue="said")
    second = quotation(text, "“We have no time now.”", "Bo Lind")
    (case,) = errors(text, [first, second], [first])
    assert (case.fault, case.kind) == (Fault.MISSED, Kind.NO_CUE)
    (case,) = errors(text, [replace(first, cue=()), second], [first])
    assert Kind.NO_CUE not in case.kinds


@pytest.mark.parametrize("marked", [True, False])
def test_a_scare_quote(marked):
    text = "The “very odd idea” of Ilse Varga won."
    gold = quotation(text, "“very odd idea”", kind="none") if marked else None
    case = only(text, gold, quotation(text, "“very odd idea”", "Ilse Varga"))
    assert (case.faults, case.kind, case.gold) == ((Fault.FALSE,), Kind.SCARE_QUOTE, None)


def test_a_false_quotation_beside_speech_is_no_scare_quote():
    text = "He said they “would all leave the old town by noon” as told."
    gold = quotation(text, "they “would all", "He", kind="indirect")
    predicted = quotation(text, "“would all leave the old town by noon”", "He")
    assert only(text, gold, predicted).kind is Kind.OTHER


@pytest.mark.parametrize(
    ("content", "odd"),
    [
        ("“We want to talk,”", False),
        ('"We want to talk,"', True),
        ('“We want to talk,"', True),
        ("“We want to talk,", True),
        ("“We want to ‘talk’ now,”", True),
        ("“We want to “talk” now,”", True),
    ],
)
def test_odd_marks(content, odd):
    text = f"{content} Varga said."
    gold = quotation(text, content, "Varga")
    assert (only(text, gold, None).kind is Kind.ODD_MARKS) is odd


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("“We want to,” Varga said, “talk.”", ["“We want to,”", "“talk.”"]),
        ("Varga said: “We want to\n\ntalk.”", ["“We want to\n\ntalk.”"]),
    ],
)
def test_a_split_quotation(text, parts):
    case = only(text, quotation(text, parts, "Varga"), None)
    assert (case.fault, case.kind) == (Fault.MISSED, Kind.SPLIT)


def test_a_fragment():
    text = "Varga called it “a very bad idea” again."
    gold = quotation(text, "“a very bad idea”", "Varga", kind="mixed")
    assert only(text, gold, None).kind is Kind.FRAGMENT


@pytest.mark.parametrize(
    ("right", "predicted", "variant"),
    [
        ("Ilse Varga", "Varga", True),
        ("Varga", "Minister Ilse Varga", True),
        ("Ilse Varga", "Tomas Varga", False),
        ("Ilse Varga", None, False),
    ],
)
def test_a_name_that_is_part_of_another(right, predicted, variant):
    text = "“We want to talk,” Varga said."
    gold = quotation(text, "“We want to talk,”", "Varga", right)
    case = only(text, gold, replace(gold, speaker=Speaker(predicted)))
    assert (case.kind is Kind.NAME_VARIANT) is variant


def test_a_wrong_stance_of_the_right_speaker():
    text = "“We want to talk,” Varga said."
    gold = quotation(text, "“We want to talk,”", "Varga", "Varga", stance=["dialogue"])
    case = only(text, gold, replace(gold, stance=Stance.from_labels(["pressure"])))
    assert (case.faults, case.kind) == ((Fault.STANCE,), Kind.OTHER)


def test_everything_wrong_is_told_in_order():
    text = "“We want to talk,” she said to Bo Lind."
    gold = quotation(text, "“We want to talk,”", "she", "Ilse Varga", stance=["dialogue"])
    predicted = quotation(text, "“We want to talk,”", "Bo Lind", "Bo Lind", stance=[])
    case = only(text, gold, predicted)
    assert case.faults == (Fault.SOURCE, Fault.SPEAKER, Fault.STANCE)
    assert case.kind is Kind.PRONOUN


def test_what_nobody_looked_for_is_no_error():
    text = "“We want to talk,” Varga said."
    full = quotation(text, "“We want to talk,”", "Varga", "Ilse Varga", stance=["dialogue"])
    bare = replace(full, speaker=None, stance=None)
    assert errors(text, [full], [bare]) == errors(text, [bare], [full]) == []


def test_texts_that_differ_are_refused():
    with pytest.raises(ValueError, match="not the gold text"):
        find_errors(Document("a", id=1), Document("b", id=1))


WORDS = "“One two three,” Ann said. “Four five six,” Bo said of a “seven eight nine” and Cy."
CONTENTS = ["“One two three,”", "“Four five six,”", "“seven eight nine”", "five six,” Bo"]


@st.composite
def documents(draw):
    return Document(
        WORDS,
        tuple(
            quotation(
                WORDS,
                draw(st.sampled_from(CONTENTS)),
                draw(st.sampled_from([None, "Ann", "Bo", "Cy"])),
                draw(st.sampled_from([None, "Ann Ro", "Bo"])),
                kind=draw(st.sampled_from(["direct", "mixed", "none"])),
            )
            for _ in range(draw(st.integers(0, 4)))
        ),
        "a",
    )


@given(documents(), documents())
def test_the_errors_are_what_the_scores_lack(gold, predicted):
    cases, counts = find_errors(gold, predicted), count_quotations(gold, predicted)

    def lost(faults, has):
        return sum(bool(set(faults) & set(case.faults)) and has(case) for case in cases)

    def named(quotation_):
        return quotation_ is not None and quotation_.speaker.name is not None

    assert counts["quoted gold"] - counts["quoted hit"] == lost(
        [Fault.MISSED, Fault.SOURCE], lambda case: bool(case.gold and case.gold.source)
    )
    assert counts["quoted predicted"] - counts["quoted hit"] == lost(
        [Fault.FALSE, Fault.SOURCE], lambda case: bool(case.predicted and case.predicted.source)
    )
    assert counts["speaker gold"] - counts["speaker hit"] == lost(
        [Fault.MISSED, Fault.SPEAKER], lambda case: named(case.gold)
    )
    assert counts["speaker predicted"] - counts["speaker hit"] == lost(
        [Fault.FALSE, Fault.SPEAKER], lambda case: named(case.predicted)
    )


class Page(HTMLParser):
    """The tags, ids, links and text of a page."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.ids, self.links, self.attributes, self.texts = [], [], [], set(), []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.attributes.update(name for name, _ in attributes)
        self.ids += [value for name, value in attributes if name == "id"]
        self.links += [value for name, value in attributes if name == "href"]

    def handle_data(self, text):
        self.texts.append(text)


def page(cases, title="Errors"):
    return "".join(error_page(cases, title))


def missed(text, content, source="Varga", number=1):
    """Cases of a document where one quotation was missed, as often as wanted."""
    return errors(text, [quotation(text, content, source)], []) * number


SAMPLE = missed("Varga said: “We want to talk.”", "“We want to talk.”")


def test_page_groups_and_links():
    scare = "The “very odd idea” of Varga won."
    cases = [
        *SAMPLE * 2,
        only(scare, None, quotation(scare, "“very odd idea”", "Varga")),
    ]
    drawn = Page(page(cases))
    assert [text for text in drawn.texts if text in ("other (2)", "scare quote (1)")] == [
        "other (2)",
        "scare quote (1)",
    ]
    assert drawn.tags.count("article") == 3
    assert {link.removeprefix("#") for link in drawn.links} == set(drawn.ids)
    assert len(set(drawn.ids)) == len(drawn.ids)


def test_summary_in_a_line():
    assert error_summary([]) == "0 errors"
    assert error_summary(SAMPLE) == "1 error: 1 other"
    assert error_summary(SAMPLE * 2) == "2 errors: 2 other"


def test_page_without_errors():
    assert "No errors." in Page(page([])).texts


def test_gold_and_prediction_are_marked_apart():
    text = "Ilse Varga asked Bo Lind, who said: “We want to talk.”"
    gold = quotation(text, "“We want to talk.”", "Ilse Varga", "Ilse Varga")
    drawn = page([only(text, gold, quotation(text, "“We want to talk.”", "Bo Lind", "Bo Lind"))])
    assert 'title="gold source">Ilse Varga</mark>' in drawn
    assert 'title="predicted source">Bo Lind</mark>' in drawn
    assert 'title="gold content, predicted content">“We want to talk.”</mark>' in drawn


@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=20))
def test_hostile_text_stays_text(before, inside, name):
    text = f"{before}<script>x()</script> “a b c {inside}” --> </style> &lt; Varga"
    start = len(before)
    gold = Quotation(
        "direct",
        (Span.of(text, start, text.rindex("”") + 1),),
        (span(text, "Varga", text.rindex("”")),),
        speaker=Speaker(name or "x"),
    )
    gold = replace(gold, content=(span(text, "“a b c", start + 20), *gold.content))
    hostile = Document(text, (gold,), '"><img src=x onerror=y>')
    cases = find_errors(hostile, Document(text, id=hostile.id))
    drawn, plain = Page(page(cases, "</title><script>")), Page(page(SAMPLE))
    assert cases
    assert set(drawn.tags) == set(plain.tags)
    assert drawn.attributes == plain.attributes


def test_half_of_a_surrogate_pair_can_be_written():
    text = "Varga said: “We want \ud800 to talk.”"
    assert "“We want � to talk.”" in page(missed(text, text[12:])).encode().decode()


def test_a_long_text_is_cut_and_its_far_source_shown():
    quoted = "“" + "we want to talk " * 3000 + "now.”"
    text = "Varga began. " + "It rained. " * 5000 + quoted + " It rained." * 5000
    drawn = page(missed(text, quoted))
    assert len(drawn) < 20_000
    assert 'title="gold source">Varga</mark>' in drawn
    assert "now.”" in drawn


def test_page_fetches_nothing():
    drawn = Page(page(SAMPLE))
    assert not {"script", "img", "link", "iframe"} & set(drawn.tags)
    assert all(link.startswith("#") for link in drawn.links)
    assert "url(" not in page(SAMPLE)
