"""Palette, article page, notebook: colours that can be read, text that stays text."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotestance.cli import main
from quotestance.document import Document, Quotation, Span, Speaker, Stance
from quotestance.html import article as articles
from quotestance.html import data_element, page_start, pieces
from quotestance.html.article import marked_text
from quotestance.html.palette import COLOURS, STANCE_COLOURS, label_of, ordered, signs, style

TEXT = (
    "“We will close the strait,” Ilse Varga said. “Now.”\n\nTomas Reke called that “a threat”, "
    "and said he had offered talks."
)
NASTY = '</title></style></noscript></script><script>x()</script><i onclick="x()">"\' --> <!-- &lt;'


def quotation(text, *parts, name="Ilse Varga", label="pressure", source=None, **speaker):
    spans = [Span.of(text, text.index(part), text.index(part) + len(part)) for part in parts]
    sources = (
        [Span.of(text, text.index(source), text.index(source) + len(source))] if source else []
    )
    return Quotation(
        "direct",
        tuple(spans),
        tuple(sources),
        speaker=Speaker(name, **speaker),
        stance=Stance.from_labels([] if label == "none" else [label]),
    )


ARTICLE = Document(
    TEXT,
    (
        quotation(TEXT, "“We will close the strait,”", "“Now.”", source="Ilse Varga"),
        quotation(TEXT, "that “a threat”", name="Tomas Reke", label="none", source="Tomas Reke"),
        quotation(TEXT, "he had offered talks", name=None, label="dialogue"),
    ),
    "a",
    {"title": "Quarrel over a strait", "date": "2031-03-04"},
)


def article_page(*documents):
    return "".join(articles.article_page(documents))


class Page(HTMLParser):
    """Tags, attributes and links of a page, and the text in its marks and paragraphs."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.attributes, self.ids, self.links = [], set(), [], []
        self.open, self.words, self.marks = [], "", []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        self.tags.append(tag)
        self.attributes.update(found)
        self.ids += [found["id"]] if "id" in found else []
        self.links += [found["href"][1:]] if found.get("href", "").startswith("#") else []
        if tag not in ("meta", "input"):
            self.open.append((tag, found.get("class", "")))
        if tag == "mark":
            self.marks.append([found["class"], ""])

    def handle_endtag(self, tag):
        self.open.pop()

    def handle_data(self, text):
        if any("tag" in css.split() for _, css in self.open):
            return
        if any("words" in css.split() for _, css in self.open):
            self.words += text
        if any(tag == "mark" for tag, _ in self.open):
            self.marks[-1][1] += text


def test_page_shows_quotations_by_stance_and_their_speakers():
    page = Page(article_page(ARTICLE))
    assert page.marks == [
        ["pressure", "“We will close the strait,”"],
        ["pressure", "“Now.”"],
        ["none", "that “a threat”"],
        ["dialogue", "he had offered talks"],
    ]
    assert page.words.split() == TEXT.split()
    assert set(page.links) <= set(page.ids)
    assert len(set(page.ids)) == len(page.ids)
    html = article_page(ARTICLE)
    assert "<title>Quarrel over a strait</title>" in html
    assert re.search(r"</mark>,<a class=\"chip tag none\"", html)
    # Sign and name of each stance and its speaker stand in the text, whatever the colours are.
    assert re.search(r"▲</span> pressure <span class=\"by\"><bdi>Ilse Varga</bdi>", html)
    assert re.search(r"⇄</span> dialogue <span class=\"by\"><bdi>speaker unknown</bdi>", html)


def test_speakers_are_listed_once_with_role_and_reason():
    known = quotation(TEXT, "“Now.”", role="foreign minister", affiliation="Kestria")
    unknown = quotation(TEXT, "a threat", name=None, unknown_reason="no source found")
    html = article_page(replace(ARTICLE, quotations=(*ARTICLE.quotations[:1], unknown, known)))
    assert html.count("<h3><bdi>Ilse Varga</bdi></h3>") == 1
    assert "foreign minister, Kestria" in html
    assert "no source found" in html
    assert html.index("Ilse Varga</bdi></h3>") < html.index("Speaker unknown</bdi></h3>")


def test_quotation_inside_another_keeps_its_own_colour_and_place():
    outer = quotation(TEXT, TEXT[TEXT.index("Tomas") :], label="none")
    inner = quotation(TEXT, "he had offered talks", label="dialogue")
    page = Page(article_page(replace(ARTICLE, quotations=(outer, inner))))
    assert [css for css, _ in page.marks] == ["none", "dialogue", "none"]
    assert {"a0-q0", "a0-q1"} <= set(page.ids)


def test_further_labels_and_doubt_are_told():
    doubtful = Stance("pressure", ("pressure", "dialogue"), {"pressure": 0.6}, certain=False)
    html = article_page(
        replace(ARTICLE, quotations=(replace(ARTICLE.quotations[0], stance=doubtful),))
    )
    assert "pressure + dialogue?" in html
    assert "60% sure" in html


def test_labels_of_others_have_signs_of_their_own():
    found = signs(["support", "pressure", "oppose", "none"])
    assert len({sign.icon for sign in found.values()}) == 4
    assert found["pressure"].css == "pressure"
    assert found["support"].css == "other-1"
    assert ordered(["none", "zeal", "dialogue", "not labelled", "anger"]) == [
        "dialogue", "anger", "zeal", "none", "not labelled",
    ]  # fmt: skip


def test_without_quotations():
    assert "No quotations were found." in article_page(Document("Nothing is said here."))


@given(st.text(max_size=60), st.lists(st.tuples(st.integers(0, 59), st.integers(1, 20))))
def test_pieces_join_to_the_text(text, places):
    parts = [
        (Span(start, min(start + size, len(text)), ""), number)
        for number, (start, size) in enumerate(places)
        if start < len(text)
    ]
    found = list(pieces(0, len(text), parts))
    assert "".join(text[start:end] for start, end, _ in found) == text
    for start, end, covering in found:
        inside = {n for s, n in parts if s.start <= start and end <= s.end}
        assert {number for _, number in covering} == inside


@given(st.text(max_size=80), st.text(max_size=30))
def test_hostile_text_stays_text(text, label):
    def hostile(nasty):
        words = f"“{nasty}” said"
        span = Span.of(words, 0, len(words) - 5)
        speaker = Speaker(nasty, role=nasty, affiliation=nasty, unknown_reason=nasty)
        stance = Stance(label + nasty, (label + nasty,), {"x": 0.5})
        found = Quotation("direct", (span,), (span,), speaker=speaker, stance=stance)
        return Document(words, (found,), nasty, {"title": nasty, "date": nasty, "source": nasty})

    document = hostile(text.replace("\n", "") + NASTY)
    plain = hostile("x")
    for draw in (article_page, Document._repr_html_):
        assert set(Page(draw(document)).tags) == set(Page(draw(plain)).tags)
        assert Page(draw(document)).attributes == Page(draw(plain)).attributes


def test_half_a_surrogate_pair_can_be_written():
    article_page(Document("\ud800 said", (), "\ud800", {"title": "\ud800"})).encode()
    Document("\ud800 said")._repr_html_().encode()


def test_data_for_scripts_cannot_end_their_element():
    assert data_element("data", NASTY).count("<") == 2


def test_policy_lets_nothing_in():
    start = page_start("T", "p { color: red; }", "x()")
    policy = re.search(r'Policy" content="([^"]*)"', start)[1]
    assert "unsafe" not in policy
    assert policy.startswith("default-src 'none'; base-uri 'none'; form-action 'none'")
    assert policy.count("'sha256-") == 2


def test_notebook_shows_the_article_and_leaves_the_notebook_alone():
    html = ARTICLE._repr_html_()
    assert "<mark" in html
    assert ":root" not in html
    other = replace(ARTICLE, id="b")._repr_html_()
    assert not set(Page(html).ids) & set(Page(other).ids)


def luminance(colour):
    """Relative luminance (https://www.w3.org/TR/WCAG22/#dfn-relative-luminance)."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one, other):
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("mode", [0, 1], ids=["light", "dark"])
def test_contrast_reaches_wcag_aa(mode):
    plain = {name: pair[mode] for name, pair in COLOURS.items()}
    for ground in (plain["ground"], plain["raised"]):
        for name in ("text", "faint", "link", "wrong", "gold", "predicted"):
            assert contrast(plain[name], ground) >= 4.5, name
        assert contrast(plain["border"], ground) >= 3
    for name, modes in STANCE_COLOURS.items():
        strong, tint = modes[mode]
        assert contrast(strong, tint) >= 4.5, name
        assert contrast(plain["text"], tint) >= 4.5, name
        assert contrast(plain["ground"], strong) >= 4.5, name


def test_every_colour_has_a_variable_and_every_variable_a_colour():
    css = style()
    for name in (*COLOURS, *STANCE_COLOURS):
        assert f"--{name}: light-dark(" in css
    for name in set(re.findall(r"var\(--([\w-]+)\)", article_page(ARTICLE))):
        assert f"--{name}:" in css


def test_command_writes_one_page_of_all_articles(model_folders, tmp_path):
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text("“We want talks,” Ana Ruiz said.\n", "utf-8")
    output = tmp_path / "page.html"
    quotations, stance = model_folders
    command = ["analyze", str(tmp_path), "--format", "html", "--output", str(output)]
    models = ["--quotations", str(quotations), "--stance", str(stance), "--device", "cpu"]
    assert main([*command, *models]) == 0
    page = output.read_text("utf-8")
    assert page.count("<!DOCTYPE html>") == 1
    assert page.count("<h1") == 2
    assert len(set(Page(page).ids)) == len(Page(page).ids)


def test_marked_text_without_links():
    drawn = signs(map(label_of, ARTICLE.quotations))
    assert "<a " not in marked_text(ARTICLE, drawn, "d0-")
