from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pinakes.agents.queries.filters import Known, read_filters, shown_in
from pinakes.agents.queries.nearness import named_place, points_in
from pinakes.core.files import FileStatus

KNOWN = Known(
    datetime(2025, 11, 21, 12),
    folders=("Photos", "Photos/2025", "Reports", "Site visits"),
    cameras=("Pebble Phone 8", "Halden Rugged H20", "Canon EOS 40D"),
    tags=("safety", "pump"),
)


@pytest.mark.parametrize(
    ("question", "fields", "topic"),
    [
        ("which photos are blurred?", {"blurred": True}, ""),
        ("photos that are not blurred", {"blurred": False}, ""),
        ("sharp pictures", {"blurred": False}, ""),
        ("photos that are too dark", {"dark": True}, ""),
        ("dark photos of the pump", {"dark": True}, "pump"),
        ("landscape photos taken with the Halden", {"orientation": "landscape", "camera": "Halden"}, ""),
        ("pictures in portrait format", {"orientation": "portrait"}, ""),
        ("photos taken with an iPhone", {"camera": "iPhone"}, ""),
        ("mostly blue photos", {"colour": "blue"}, ""),
        ("red photos", {"colour": "red"}, ""),
        ("a red car", {}, "red car"),
        ("photos with GPS data", {"has_gps": True}, ""),
        ("pictures without location", {"has_gps": False}, ""),
        ("photos with readable text", {"has_text": True}, ""),
        ("photos in the Reports folder", {"folder_path": "Reports"}, ""),
        ("what is in Site visits?", {"folder_path": "Site visits"}, ""),
        ("photos from 2025", {}, ""),
        ("png images", {"extension": "png"}, ""),
        ("all Word documents", {"extension": "docx"}, ""),
        ("text files", {"extension": "txt"}, ""),
        ("photos tagged safety", {"tags": ("safety",)}, ""),
        ("everything with the tag nowhere", {"tags": ("nowhere",)}, ""),
        ("files named pump", {"name_contains": "pump"}, ""),
        ("files larger than 2 MB", {"min_bytes": 2_000_000}, ""),
        ("documents with more than 10 pages", {"min_pages": 11}, ""),
        ("documents of at most 3 pages", {"max_pages": 3}, ""),
        ("which documents failed?", {"status": FileStatus.FAILED}, ""),
        ("photos of the failed pump", {}, "failed pump"),
        ("photos of broken windows", {}, "broken windows"),
        ("find images with a dog", {}, "dog"),
        ("pictures in the Foo folder", {"ids": ()}, ""),
        ("photos tagged safety and pump", {"tags": ("safety", "pump")}, ""),
        ("videos longer than 2 minutes", {"min_seconds": 120.0}, "videos"),
        ("clips of at most half a minute", {"max_seconds": 30.0}, "clips"),
        ("steps that take longer than 2 minutes", {}, "steps longer 2 minutes"),
        ("links from docs.example.org", {"domain": "docs.example.org"}, "links"),
        ("pages on report.pdf", {}, "report.pdf"),
    ],
)
def test_filters(question: str, fields: dict[str, object], topic: str) -> None:
    found = read_filters(question, KNOWN)
    said = {
        k: v
        for k, v in found.where.model_dump().items()
        if v is not None and not k.endswith(("_from", "_to"))
    }
    assert said == fields
    assert found.topic == topic


@pytest.mark.parametrize(
    ("question", "says"),
    [
        ('photos with text that says "NO ENTRY"', ("NO ENTRY",)),
        ("signs that say no smoking", ("no smoking",)),
        ("screenshots with the word exit", ("exit",)),
        ("photos of the exit", ()),
        ("what does the sign say", ()),
    ],
)
def test_literal_text(question: str, says: tuple[str, ...]) -> None:
    assert read_filters(question, KNOWN).says == says


def test_spellings_of_an_ending_are_alternatives() -> None:
    assert read_filters("jpegs", KNOWN).extensions == ("jpg", "jpeg")


def test_dates_limit_content_or_upload() -> None:
    taken = read_filters("photos from March 2025", KNOWN).where
    added = read_filters("photos added yesterday", KNOWN).where
    assert taken.taken_from and taken.taken_to and not taken.added_from
    assert added.added_from and added.added_to and not added.taken_from


def test_an_unknown_folder_is_told() -> None:
    found = read_filters("pictures in the Foo folder", KNOWN)
    assert found.unknown == ("There is no folder called “Foo”.",)


@given(st.text(max_size=120))
def test_any_text_can_be_read(text: str) -> None:
    read_filters(text, KNOWN)


def test_how_a_picture_came_about_is_not_what_it_shows() -> None:
    assert shown_in("scanned harbour pages") == "harbour"
    assert shown_in("scanned pages") == "scanned pages"


@pytest.mark.parametrize(
    ("question", "circle", "topic"),
    [
        ("photos within 5 km of 43.467, 11.885", (43.467, 11.885, 5), ""),
        ("red cars near 43.467 11.885", (43.467, 11.885, 2), "red cars"),
        ("photos taken less than 300 m from 33.86° S, 151.21° E", (-33.86, 151.21, 0.3), ""),
        ("pictures close to -33.86,151.21 with text", (-33.86, 151.21, 2), ""),
        ("near-duplicates", None, "near-duplicates"),
        ("photos near 3, 4", None, "near"),
        ("photos near 95.123, 11.885", None, "near"),
    ],
)
def test_near_coordinates(question: str, circle: tuple[float, ...] | None, topic: str) -> None:
    found = read_filters(question, KNOWN)
    near = found.where.near
    said = (near[0].latitude, near[0].longitude, near[0].radius_km) if near else None
    assert said == circle
    if near:
        assert found.topic == topic
        assert "within" in " ".join(found.words)


@pytest.mark.parametrize(
    ("question", "name", "radius"),
    [
        ("photos near the pump house", "pump house", 2),
        ("pictures within 500 m of the old mill taken in May", "old mill", 0.5),
        ("photos near Bergen, please", "Bergen", 2),
        ("near-duplicates of x.jpg", None, 0),
        ("near identical photos", None, 0),
        ("photos near 43.467, 11.885", None, 0),
        ("photos of the pump house", None, 0),
    ],
)
def test_places_that_are_named(question: str, name: str | None, radius: float) -> None:
    found = named_place(question)
    assert (found.name, found.radius_km) == (name, radius) if found else name is None


@given(st.text(max_size=120))
def test_any_text_can_be_looked_through_for_places(text: str) -> None:
    named_place(f"photos near {text}")
    points_in(text)


@pytest.mark.parametrize(
    "question, topic",
    [
        ("What objects appear in my images?", ""),
        ("Which things are visible in these photos?", ""),
        ("Which red objects appear in my images?", "red objects appear"),
        ("photos of flying objects", "flying objects"),
    ],
)
def test_words_that_ask_whatever_there_is_describe_nothing(question: str, topic: str) -> None:
    assert read_filters(question, KNOWN).topic == topic
