"""Whom descriptions mean; bodies, documents and groups."""

import pytest
from speaker_cases import extraction, names, speakers

from quotestance.speakers.resolution import resolve_speakers


def test_country_stays_as_written():
    text = "“We will see,” Ostmark said."
    assert names(text, ["Ostmark"], bodies=["Ostmark"]) == ["Ostmark"]


def test_body_loses_its_article_and_keeps_its_type():
    text = "“We will see,” the White House said."
    (quotation,) = resolve_speakers(extraction(text, ["the White House"], bodies=["White House"]))
    assert (quotation.speaker.name, quotation.speaker.type) == ("White House", "organization")


def test_abbreviation_takes_the_full_name():
    text = "The Sorrel Strait Agency (SSA) met. “We will see,” the SSA said."
    found = names(text, ["the SSA"], bodies=["Sorrel Strait Agency", "SSA"])
    assert found == ["Sorrel Strait Agency"]


def test_description_stays_where_there_is_no_name():
    text = "“We will see,” a senior official said."
    (quotation,) = resolve_speakers(extraction(text, ["a senior official"]))
    assert (quotation.speaker.name, quotation.speaker.type) == ("a senior official", "person")


def test_definite_description_takes_its_antecedent():
    text = "Ilse Varga spoke. “We will see,” the minister said."
    links = [("the minister", "Ilse Varga")]
    assert names(text, ["the minister"], ["Ilse Varga"], antecedents=links) == ["Ilse Varga"]


def test_statement_of_a_body_is_the_body():
    text = "“We will see,” said a statement from the Defence Ministry."
    found = names(text, ["a statement from the Defence Ministry"], bodies=["Defence Ministry"])
    assert found == ["Defence Ministry"]


@pytest.mark.parametrize(
    ("introduction", "description"),
    [
        ("Foreign Minister Ilse Varga", "the minister"),
        ("Prime Minister Ilse Varga", "the prime minister"),
        ("Kestrian President Ilse Varga", "the Kestrian president"),
        ("President Ilse Varga of Kestria", "the president"),
        ("Ilse Varga, the envoy of Kestria,", "the Kestrian envoy"),
        ("Kestria's permanent representative, Ilse Varga,", "the Kestrian diplomat"),
        ("Ilse Varga, 54,", "the 54-year-old"),
        ("Sen. Ilse Varga", "the senator"),
        ("navy spokeswoman Ilse Varga", "the spokeswoman"),
        ("Secretary of State Ilse Varga", "the top diplomat"),
    ],
)
def test_description_takes_the_name_it_fits(introduction, description):
    text = (
        f"Early on Friday {introduction} met Jon Ivers, a cook. “We will see,” {description} said."
    )
    found = names(text, [description], ["Ilse Varga", "Jon Ivers"], ["Kestria"])
    assert found == ["Ilse Varga"]


def test_description_of_another_country_is_not_the_one_named():
    text = (
        "Kestrian President Ilse Varga met Ostmark's president, Jon Ivers, on Friday. "
        "“We will see,” the Kestrian president said."
    )
    assert names(text, ["the Kestrian president"], ["Ilse Varga", "Jon Ivers"]) == ["Ilse Varga"]


def test_chairwoman_is_no_man():
    text = (
        "Ada Lind, the chair of the bank, met Mr. Bo Reke, the chair of the fund. "
        "“We will see,” the chairwoman said."
    )
    assert names(text, ["the chairwoman"], ["Ada Lind", "Bo Reke"]) == ["Ada Lind"]


def test_description_that_fits_two_alike_stays_as_described():
    text = (
        "Envoy Ada Lind and Envoy Bo Reke came. Much later in the evening, when all the lamps of "
        "the long hall had been lit and the guests had gone home, the doors were closed. "
        "“We will see,” the envoy said."
    )
    assert names(text, ["the envoy"], ["Ada Lind", "Bo Reke"]) == ["the envoy"]


def test_title_alone_is_whose_it_is():
    text = "Spokesperson Ilse Varga: “We will see.”\n\nSpokesperson: “It is late.”"
    sources = ["Spokesperson Ilse Varga", "Spokesperson"]
    assert names(text, sources, ["Ilse Varga"]) == ["Ilse Varga"] * 2


def test_indefinite_description_is_nobody_named():
    text = "Minister Ilse Varga left. “We will see,” a minister said."
    assert names(text, ["a minister"], ["Ilse Varga"]) == ["a minister"]


def test_description_with_a_name_behind_it():
    text = "“We will see,” said an envoy of Kestria, Ada Lind, on Friday."
    source = "an envoy of Kestria, Ada Lind,"
    assert names(text, [source], ["Ada Lind"], ["Kestria"]) == ["Ada Lind"]


def test_spokeswoman_of_a_body_speaks_herself():
    text = "“We will see,” the ministry's spokeswoman Ada Lind said."
    assert names(text, ["the ministry's spokeswoman Ada Lind"], ["Ada Lind"]) == ["Ada Lind"]


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("the foreign ministry", "organization"),
        ("the Varga campaign", "organization"),
        ("a report on the strait", "document"),
        ("both leaders", "group"),
        ("two fishermen", "group"),
        ("residents of Port Alden", "group"),
        ("a senior official", "person"),
        ("the head of the union", "person"),
    ],
)
def test_type_of_a_description(source, kind):
    (speaker,) = speakers(f"“We will see,” {source} said.", [source])
    assert (speaker.name, speaker.type) == (source, kind)


def test_body_takes_the_country_it_had_before():
    text = "The Kestrian military moved. Later the military said: “We will see.”"
    assert names(text, ["the military"]) == ["Kestrian military"]


def test_document_of_an_abbreviated_body():
    text = "The Sorrel Strait Agency (SSA) met. “We will see,” the SSA statement said."
    found = names(text, ["the SSA statement"], bodies=["Sorrel Strait Agency"])
    assert found == ["Sorrel Strait Agency"]


def test_group_named_by_its_size():
    text = "The Group of Nine met. “We will see,” the G9 said."
    assert names(text, ["the G9"], bodies=["Group of Nine", "G9"]) == ["Group of Nine"]


def test_place_of_a_speech_does_not_speak():
    text = "“We will see,” said a speech delivered at Alden University."
    found = names(text, ["a speech delivered at Alden University"], bodies=["Alden University"])
    assert found != ["Alden University"]


def test_two_people_together():
    text = "Ada Lind met Bo Reke. “We will see,” Lind and Reke said."
    (speaker,) = speakers(text, ["Lind and Reke"], ["Ada Lind", "Bo Reke", "Lind", "Reke"])
    assert (speaker.name, speaker.type) == ("Ada Lind and Bo Reke", "group")


def test_first_name_of_a_mention_is_its_head():
    text = "“We will see,” said Ada Lind, a critic of Bo Reke, on Friday."
    source = "Ada Lind, a critic of Bo Reke,"
    assert names(text, [source], ["Ada Lind", "Bo Reke"]) == ["Ada Lind"]


def test_group_led_by_somebody_is_the_group():
    text = "“We will see,” said Eight senators led by Ada Lind and Bo Reke."
    source = "Eight senators led by Ada Lind and Bo Reke"
    assert names(text, [source], ["Ada Lind", "Bo Reke"]) == ["Eight senators"]


def test_possessive_source_is_the_person():
    text = "Ada Lind came. By Lind’s account, as was said, “we will see.”"
    assert names(text, ["Lind’s"], ["Ada Lind", "Lind"]) == ["Ada Lind"]
