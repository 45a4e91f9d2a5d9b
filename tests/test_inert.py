"""Pages that the package writes run nothing of what texts, names, ids and titles hold."""

import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pytest

from quotestance.document import Document, Quotation, Span, Speaker, Stance, StanceItem
from quotestance.errors import error_page, find_errors
from quotestance.html import PAGE_END, page_start
from quotestance.labelling import tasks_of
from quotestance.stance.explanation import Explanation, WordWeight
from quotestance.stance_report import analyze_stances, stance_page

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--virtual-time-budget=3000",
)  # fmt: skip
RAN = "document.documentElement.setAttribute('data-ran','1')"
EVIL = (
    f"<script>{RAN}</script>", f'"><img src=x onerror="{RAN}">', f"'><svg onload={RAN}>",
    f"</style></title><script>{RAN}</script>", f"javascript:{RAN}",
    f'" onfocus="{RAN}" autofocus="',
    "<b>&lt;</b>", "</article></main><iframe src=//x.invalid>",
)  # fmt: skip


def errors():
    text = "\n".join(EVIL)
    content, source, cue = Span.of(text, 0, 30), Span.of(text, 31, 60), Span.of(text, 61, 70)
    speaker = Speaker(EVIL[0], EVIL[1], EVIL[2], EVIL[3], unknown_reason=EVIL[4])
    stance = Stance(EVIL[1], (EVIL[1],))
    gold = Quotation("direct", (content,), (source,), (cue,), (content,), speaker, stance)
    other = Quotation(
        "direct", (content,), (cue,), (), (content,), Speaker(EVIL[5]), Stance("none")
    )
    documents = Document(text, (gold,), EVIL[2]), Document(text, (other,), EVIL[2])
    return "".join(error_page(find_errors(*documents), title=EVIL[3]))


def stances():
    items = [
        StanceItem(
            evil, evil, evil, Stance.from_labels([label]), evil, {"genre": evil, "source": evil}
        )
        for evil in EVIL
        for label in EVIL[:2]
    ]
    predicted = [Stance(EVIL[0], (EVIL[0],), {EVIL[0]: 0.75, EVIL[1]: 0.25}) for _ in items]
    found = analyze_stances(items, predicted, others={EVIL[4]: predicted})
    return "".join(stance_page(found, EVIL[3]))


def explanation():
    words = tuple(WordWeight(evil, "text", 0, len(evil), 0.5) for evil in EVIL)
    stance = Stance(EVIL[0], (EVIL[0],), {EVIL[0]: 0.9, "none": 0.1})
    shown = Explanation(stance, EVIL[0], words)._repr_html_()
    return page_start("explanation") + shown + PAGE_END


def labelling():
    text = "\n".join(EVIL)
    quotation = Quotation("direct", (Span.of(text, 40, 90),), speaker=Speaker(EVIL[0]))
    (task,) = tasks_of([Document(text, (quotation,), EVIL[2])])
    return f"<html><body>{task.passage}</body></html>"


PAGES = {"errors": errors, "stances": stances, "explanation": explanation, "labelling": labelling}


class Elements(HTMLParser):
    def __init__(self, page):
        super().__init__()
        self.found = []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.found.append((tag, dict(attributes)))


@pytest.mark.parametrize("name", PAGES)
def test_no_element_comes_from_the_data(name):
    for tag, attributes in Elements(PAGES[name]()).found:
        assert tag not in ("script", "img", "iframe", "object", "embed", "link", "form", "base")
        assert not any(key.startswith("on") or key in ("src", "autofocus") for key in attributes)
        assert attributes.get("href", "#").startswith("#")


def shown_by_browser(page, folder):
    (folder / "page.html").write_text(page, "utf-8")
    command = [str(CHROMIUM), *FLAGS, f"--user-data-dir={folder / 'profile'}", "--dump-dom"]
    command.append((folder / "page.html").as_uri())
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    return done.stdout


@pytest.mark.slow
@pytest.mark.skipif(not CHROMIUM.exists(), reason="there is no /usr/bin/chromium")
@pytest.mark.parametrize("name", [*PAGES, "control"])
def test_nothing_runs_in_a_browser(name, tmp_path):
    page = f"<html><body>{EVIL[0]}</body></html>" if name == "control" else PAGES[name]()
    head = shown_by_browser(page, tmp_path).partition("<head>")[0]
    assert ('data-ran="1"' in head) == (name == "control")
