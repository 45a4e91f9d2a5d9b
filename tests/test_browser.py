"""The pages in Chromium: keyboard, script and no script, narrow and dark, and hostile texts."""

import csv
import shutil
from pathlib import Path

import pytest
from test_corpus_report import article, page
from test_pages import ARTICLE, NASTY, article_page

pytestmark = pytest.mark.browser

_QUIET = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()


@pytest.fixture(scope="module")
def chromium():
    driver = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    found = filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome")))
    path = next(found, None)
    if path is None:
        pytest.skip("no Chromium on this machine")
    with driver.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=_QUIET)
        yield browser
        browser.close()


@pytest.fixture
def shown(chromium, tmp_path):
    """Opens HTML in a page; what the browser complains of fails the test."""
    complaints = []

    def show(html, **settings):
        file = tmp_path / "page.html"
        file.write_text(html, "utf-8")
        context = chromium.new_context(**settings)
        opened = context.new_page()
        opened.on("console", lambda message: complaints.append(message.text))
        opened.on("pageerror", lambda error: complaints.append(str(error)))
        opened.goto(file.as_uri())
        return opened

    yield show
    for context in chromium.contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def report():
    return page(
        article(
            number,
            ["pressure", "dialogue", "none"][number % 3],
            ["Ilse Varga", "Tomas Reke", None][number % 3],
            date=f"2031-01-{number % 28 + 1:02}",
            title=f"Article {number}",
        )
        for number in range(120)
    )


def first_cells(opened, column):
    return opened.locator(f"#table tbody td.{column}").all_inner_texts()


def test_sorting_by_keyboard(shown, report):
    opened = shown(report)
    head = opened.locator('#table th[data-column="title"]')
    button = head.get_by_role("button")
    button.focus()
    opened.keyboard.press("Enter")
    assert head.get_attribute("aria-sort") == "ascending"
    assert first_cells(opened, "title")[:3] == ["Article 0", "Article 1", "Article 2"]
    opened.keyboard.press("Space")
    assert head.get_attribute("aria-sort") == "descending"
    assert first_cells(opened, "title")[:2] == ["Article 119", "Article 118"]


def test_unknown_values_are_last_in_either_order(shown, report):
    opened = shown(report)
    button = opened.locator('#table th[data-column="speaker"]').get_by_role("button")
    for first in ("Ilse Varga", "Tomas Reke"):
        button.click()
        assert first_cells(opened, "speaker")[0] == first


def test_search_stance_and_paging(shown, report):
    opened = shown(report)
    status = opened.get_by_role("status")
    assert status.inner_text() == "1–50 of 120"
    opened.get_by_role("button", name="Next").click()
    assert status.inner_text() == "51–100 of 120"
    opened.get_by_label("Search").fill("VARGA article")
    assert status.inner_text() == "1–40 of 40"
    opened.get_by_label("Stance", exact=True).select_option("dialogue")
    assert status.inner_text() == "No quotation matches."
    assert opened.get_by_role("button", name="Next").is_disabled()


def test_name_in_the_counts_shows_its_quotations(shown, report):
    opened = shown(report)
    opened.locator("#speakers").get_by_role("button", name="Tomas Reke").click()
    assert opened.get_by_role("status").inner_text() == "1–40 of 40"


def test_quotation_leads_to_its_place_in_the_article(shown, report):
    opened = shown(report)
    opened.locator("#table tbody tr:nth-child(5) .text a").click()
    opened.wait_for_function("document.getElementById('d4-q0').getBoundingClientRect().top < 300")
    assert opened.locator("#d4 mark").inner_text() == "“Words 4,”"
    assert opened.locator(":target + mark").is_visible()
    opened.goto(opened.url.replace("d4", "d7"))
    opened.wait_for_function("document.getElementById('d7-q0')?.getBoundingClientRect().top < 300")


def test_article_is_unfolded_by_keyboard(shown, report):
    opened = shown(report)
    opened.locator("#d3 summary").focus()
    opened.keyboard.press("Enter")
    assert opened.locator("#d3 mark").inner_text() == "“Words 3,”"


def test_csv_holds_what_is_shown_and_no_formula(shown):
    opened = shown(page([article(1, name="=1+1"), article(2, 'say "a, b"'), article(3)]))
    opened.get_by_label("Search").fill("words")
    with opened.expect_download() as download:
        opened.get_by_role("button", name="Download CSV").click()
    with Path(download.value.path()).open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["speaker"] for row in rows] == ["'=1+1", "Ilse Varga", "Ilse Varga"]
    assert rows[1]["stance"] == 'say "a, b"'
    assert rows[0]["text"] == "“Words 1,”"


def test_without_script_all_can_be_read(shown, report):
    opened = shown(report, java_script_enabled=False)
    assert opened.locator("#table tbody tr").count() == 100
    assert opened.locator("#controls").is_hidden()
    opened.locator("#d110 summary").click()
    assert opened.locator("#d110 mark").inner_text() == "“Words 110,”"


def test_hostile_texts_do_nothing(shown):
    nasty = f"{NASTY}<img src=x onerror=x()>"
    hostile = [article(n, nasty, nasty, affiliation=nasty, title=nasty) for n in range(2)]
    opened = shown(page(hostile, nasty).replace("<head>", "<head><!-- x is not defined -->"))
    opened.locator("#d1 summary").click()
    opened.get_by_label("Search").fill("onerror")
    assert opened.locator("script").count() == 2
    assert opened.locator("img").count() == 0
    assert opened.locator("#d1 bdi").first.inner_text().startswith("</title>")


@pytest.mark.parametrize("kind", ["article", "report"])
def test_a_phone_shows_the_whole_width(shown, report, kind):
    html = report if kind == "report" else article_page(ARTICLE)
    opened = shown(html, viewport={"width": 360, "height": 740})
    assert opened.evaluate("document.documentElement.scrollWidth") <= 360


@pytest.mark.parametrize("kind", ["article", "report"])
def test_focus_can_be_seen_wherever_it_goes(shown, report, kind):
    opened = shown(report if kind == "report" else article_page(ARTICLE))
    places = []
    for _ in range(12 if kind == "report" else 6):
        opened.keyboard.press("Tab")
        style, place = opened.evaluate(
            "(() => { const at = document.activeElement, box = at.getBoundingClientRect();"
            "return [getComputedStyle(at).outlineStyle, [box.top + scrollY, box.left]] })()"
        )
        assert style == "solid"
        places.append(place)
    if kind == "report":  # one column: from top to bottom
        assert places == sorted(places, key=lambda place: round(place[0] / 8))


def test_notebook_keeps_its_own_style(shown):
    notebook = (
        f"<body data-jp-theme-light=false><mark id=own class=chip>own</mark>"
        f"{ARTICLE._repr_html_()}</body>"
    )
    opened = shown(notebook)
    grounds = opened.locator("mark").evaluate_all(
        "marks => marks.map((mark) => getComputedStyle(mark).backgroundColor)"
    )
    assert grounds[:2] == ["rgb(255, 255, 0)", "rgb(74, 34, 25)"]


def test_dark_is_dark(shown):
    grounds = [
        shown(article_page(ARTICLE), color_scheme=scheme).evaluate(
            "getComputedStyle(document.body).backgroundColor"
        )
        for scheme in ("light", "dark")
    ]
    assert grounds == ["rgb(255, 255, 255)", "rgb(23, 24, 26)"]


def test_print_is_light_and_without_controls(shown, report):
    opened = shown(report, color_scheme="dark")
    opened.emulate_media(media="print")
    ground = opened.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == "rgb(255, 255, 255)"
    assert opened.locator("#controls").is_hidden()


def test_folded_articles_cost_the_browser_nothing(shown):
    html = page(article(number, date="2031-03-04") for number in range(1000))
    opened = shown(html)
    assert opened.locator("#articles details").count() == 1000
    assert opened.locator("mark").count() == 0
    assert opened.evaluate("document.getElementsByTagName('*').length") < 10_000
