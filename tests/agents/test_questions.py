from __future__ import annotations

import pytest

from pinakes.agents.choosing import refers_back
from pinakes.agents.queries.aspects import Aspect, aspects_of
from pinakes.agents.queries.measures import clauses, read_measure
from pinakes.agents.queries.orders import Order, Wanted, facets_of, read_wish
from pinakes.core.files import GroupBy, Measure, MediaType


@pytest.mark.parametrize(
    ("question", "measure", "group_by"),
    [
        ("How many photos do I have?", Measure.COUNT, None),
        ("How much space do my files take up?", Measure.SUM_BYTES, None),
        ("total size of pdfs", Measure.SUM_BYTES, None),
        ("Number of documents per month", Measure.COUNT, GroupBy.MONTH),
        ("documents by folder", Measure.COUNT, GroupBy.FOLDER),
        ("Which camera took the most photos?", Measure.COUNT, GroupBy.CAMERA),
        ("With which camera were they taken?", Measure.COUNT, GroupBy.CAMERA),
        ("Break the library down by file type", Measure.COUNT, GroupBy.EXTENSION),
        ("Which is the largest file?", Measure.MAX_BYTES, GroupBy.FILE),
        ("What is the smallest picture?", Measure.MIN_BYTES, GroupBy.FILE),
        ("the longest document", Measure.MAX_PAGES, GroupBy.FILE),
        ("average number of pages", Measure.AVG_PAGES, None),
        ("What is the average size of the pictures?", Measure.AVG_BYTES, None),
        ("how many pages do the documents have in total", Measure.SUM_PAGES, None),
        ("which folder takes up the most space?", Measure.SUM_BYTES, GroupBy.FOLDER),
        ("Wie viele Fotos gibt es?", Measure.COUNT, None),
    ],
)
def test_measures(question: str, measure: Measure, group_by: GroupBy | None) -> None:
    asked = read_measure(question)
    assert (asked.measure, asked.group_by, asked.counting) == (measure, group_by, True)


def test_details_of_a_measure() -> None:
    assert read_measure("which year has the fewest photos").descending is False
    assert read_measure("list the five largest photos").limit == 5
    assert read_measure("the largest file").limit == 1
    assert read_measure("list all docx files").counting is False
    assert read_measure("the oldest and newest photos").extreme == "oldest newest"
    assert read_measure("What share of the pictures has GPS data?").share
    assert read_measure("Which months have no photos?").absent
    assert not read_measure("Which photos have no place?").absent
    assert read_measure("how many pictures and documents").kinds == (MediaType.IMAGE, MediaType.DOCUMENT)


def test_a_sentence_can_hold_two_questions() -> None:
    assert clauses("How many PDFs are there, and which has the most pages?") == [
        "How many PDFs are there",
        "which has the most pages?",
    ]


@pytest.mark.parametrize(
    ("question", "aspect"),
    [
        ("Which of these photos are blurred?", Aspect.BLURRED),
        ("Which shot is the sharpest?", Aspect.SHARP),
        ("Which pictures are too dark?", Aspect.DARK),
        ("Are these two photos near-duplicates?", Aspect.DUPLICATES),
        ("Compare the two pictures", Aspect.COMPARISON),
        ("Read the text on the sign", Aspect.TEXT),
        ("What colour is the car?", Aspect.COLOURS),
        ("When was it taken?", Aspect.TIME),
        ("Where was this taken?", Aspect.PLACE),
        ("With which lens was it made?", Aspect.CAMERA),
        ("Describe this picture", Aspect.DESCRIPTION),
        ("How many people are in the photo?", Aspect.SEEING),
        ("Is there any damage visible?", Aspect.SEEING),
    ],
)
def test_aspects(question: str, aspect: Aspect) -> None:
    assert aspect in aspects_of(question)


@pytest.mark.parametrize(
    ("question", "order"),
    [
        ("Summarise the annual report", Order.SUMMARY),
        ("What are the main points of the study?", Order.SUMMARY),
        ("Compare the two contracts", Order.COMPARISON),
        ("What is the difference between the old and the new policy?", Order.COMPARISON),
        ("What sections are in the manual?", Order.OUTLINE),
        ("key terms of the handbook", Order.TERMS),
        ("How long is the manual?", Order.LENGTH),
        ("Extract all deadlines from the tender", Order.EXTRACTION),
        ("which risks does it name", Order.SUMMARY),
    ],
)
def test_orders(question: str, order: Order) -> None:
    assert read_wish(question).orders[0] is order


def test_details_of_an_order() -> None:
    wish = read_wish("Summarise the article on wear in three sentences")
    assert (wish.count, wish.sentences) == (3, True)
    assert read_wish("Extract all deadlines and amounts").wanted == (Wanted.DEADLINES, Wanted.AMOUNTS)
    assert facets_of("Compare the offers: price, term and warranty.") == ["price", "term", "warranty"]


@pytest.mark.parametrize(
    ("intent", "back"),
    [
        ("which of those are blurred", True),
        ("describe them", True),
        ("the second one", True),
        ("which photos have no place stored in them", False),
        ("compare the two pictures of the sign", False),
        ("photos of the forklift", False),
    ],
)
def test_references_to_what_was_shown(intent: str, back: bool) -> None:
    assert refers_back(intent) is back


def test_the_second_of_them_and_which_of_the_plates_point_to_what_was_shown() -> None:
    assert refers_back("What does the second of the photos of buoys read?")
    assert refers_back("Which of the plates is the heaviest?", shown="Find the plates of all boats.")
    assert not refers_back("Which of the plates is the heaviest?", shown="Find ropes.")
    assert not refers_back("What happened on the second of March?")
