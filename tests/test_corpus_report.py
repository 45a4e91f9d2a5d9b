"""The report on a corpus: dates, counts, page and command."""

import json
import re
from collections import Counter
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_pages import NASTY, Page

from quotestance.cli import main
from quotestance.corpus_report import counting, report_page
from quotestance.corpus_report.dates import read_dates
from quotestance.document import Document, Quotation, Span, Speaker, Stance


def article(number, label="pressure", name="Ilse Varga", **metadata):
    text = f"“Words {number},” she said."
    span = Span.of(text, 0, text.index("”") + 1)
    speaker = Speaker(name, affiliation=metadata.pop("affiliation", None))
    stance = None if label is None else Stance.from_labels([] if label == "none" else [label])
    found = Quotation("direct", (span,), (), speaker=speaker, stance=stance)
    return Document(text, (found,), f"doc-{number}", metadata)


def page(documents, title="Report"):
    return "".join(report_page(documents, title))


@pytest.mark.parametrize(
    "written",
    [
        "2031-03-04", "2031-03-04T22:10:00Z", "20310304", "4 March 2031", "March 4, 2031",
        "Mar 4, 2031 10:12 p.m. EST", "Tuesday, 4 March 2031", "4.3.2031", "3/4/2031",
        date(2031, 3, 4), datetime(2031, 3, 4, 22, 10),
    ],
)  # fmt: skip
def test_dates_as_people_write_them(written):
    assert read_dates([written]) == [date(2031, 3, 4)]


def test_month_without_a_day_is_its_first():
    assert read_dates(["March 2031", "2031-03"]) == [date(2031, 3, 1)] * 2


@pytest.mark.parametrize(
    "written", ["", "Tuesday", "4 March", "2031", "soon", None, 7, ["x"], "9" * 50]
)
def test_what_tells_no_year_and_month_is_no_date(written):
    assert read_dates([written]) == [None]


def test_one_date_with_the_day_first_tells_how_all_are_written():
    assert read_dates(["3/4/2031", "25/4/2031"]) == [date(2031, 4, 3), date(2031, 4, 25)]


@given(st.text(max_size=30))
def test_no_text_breaks_the_reading_of_dates(text):
    read_dates([text])


def test_counts_by_speaker_put_the_unknown_last():
    documents = [article(1), article(2, name=None), article(3, name=None), article(4, "none")]
    assert counting.by_speaker(documents) == {
        "Ilse Varga": Counter({"pressure": 1, "none": 1}),
        "speaker unknown": Counter({"pressure": 2}),
    }
    assert list(counting.by_speaker(documents))[-1] == "speaker unknown"


def test_counts_by_affiliation_leave_out_who_has_none():
    documents = [article(1, affiliation="Kestria"), article(2)]
    assert counting.by_affiliation(documents) == {"Kestria": Counter({"pressure": 1})}


@pytest.mark.parametrize(
    ("last", "unit", "periods"),
    [
        ("2031-01-09", "day", 9),
        ("2031-04-09", "week", 15),
        ("2033-01-09", "month", 25),
        ("2039-01-09", "quarter", 33),
        ("2061-01-09", "year", 31),
        ("2131-01-09", "year", 101),
    ],
)
def test_time_is_cut_so_that_it_can_be_seen(last, unit, periods):
    documents = [article(1, date="2031-01-01"), article(2, date=last), article(3)]
    found, counts = counting.over_time(documents)
    assert (found, len(counts)) == (unit, periods)
    assert sum(count.total() for count in counts.values()) == 2


def test_what_is_no_speech_is_left_out():
    quiet = Document("“So”", (Quotation("none", (Span(0, 4, "“So”"),)),))
    assert counting.speech([quiet])[0].quotations == ()


def test_page_has_counts_quotations_and_articles():
    documents = [
        article(1, date="4 March 2031", title="Strait closed", affiliation="Kestria"),
        article(2, "dialogue", "Tomas Reke"),
    ]
    html = page(documents)
    drawn = Page(html)
    assert "2 articles · 2 quotations · 2 speakers · 2031-03-04" in html
    assert {"speakers", "affiliations", "time", "quotations", "articles"} <= set(drawn.ids)
    assert set(drawn.links) <= set(drawn.ids)
    assert len(set(drawn.ids)) == len(drawn.ids)
    assert "1 article without a date left out" in html
    assert [text for _, text in drawn.marks] == ["“Words 1,”", "“Words 2,”"]


def test_page_without_dates_affiliations_stances_or_quotations():
    html = page([article(1, None)])
    assert not {"affiliations", "time"} & set(Page(html).ids)
    assert "not labelled" in html
    assert "No quotations." in page([Document("Nothing.")])


def test_every_quotation_has_all_columns_for_the_csv():
    html = page([article(1, date="4 March 2031"), article(2, date="in spring")])
    data = json.loads(re.search(r'id="data">(.*?)</script>', html)[1])
    first, second = (dict(zip(data["columns"], row, strict=True)) for row in data["rows"])
    assert first["document"] == "doc-1"
    assert first["text"] == "“Words 1,”"
    assert (first["date"], second["date"]) == ("2031-03-04", "in spring")
    assert data["places"] == [[0, 0], [1, 0]]


def test_without_script_the_first_quotations_can_be_read():
    html = page([article(number) for number in range(150)])
    table = html[
        html.index('<table id="table">') : html.index("</table>", html.index('id="table"'))
    ]
    assert table.count("<tr>") == 101
    assert "These are the first 100 quotations" in html


@given(st.text(max_size=40))
def test_hostile_text_stays_text(text):
    def hostile(nasty):
        found = article(1, nasty, nasty, affiliation=nasty, title=nasty, date=nasty)
        return Document(f"{found.text} {nasty}", found.quotations, nasty, found.metadata)

    nasty, plain = Page(page([hostile(text + NASTY)], NASTY)), Page(page([hostile("x")]))
    assert set(nasty.tags) == set(plain.tags)
    assert nasty.attributes == plain.attributes
    assert nasty.ids == plain.ids


def write(path, *records):
    path.write_text("".join(json.dumps(record) + "\n" for record in records), "utf-8")
    return str(path)


def test_command_writes_the_page(tmp_path):
    path = write(tmp_path / "<b>.jsonl", article(1).to_dict())
    output = tmp_path / "report.html"
    assert main(["report", path, "--output", str(output)]) == 0
    assert "<title>Quotations in &lt;b&gt;.jsonl</title>" in output.read_text("utf-8")


def test_command_says_what_it_needs(tmp_path, capsys):
    assert main(["report", write(tmp_path / "a.jsonl", {"text": "Nothing."})]) == 2
    assert "run `quotestance analyze` on it first" in capsys.readouterr().err
    assert main(["report", write(tmp_path / "b.jsonl", {"text": "We.", "labels": []})]) == 2
    assert "holds stance items" in capsys.readouterr().err
