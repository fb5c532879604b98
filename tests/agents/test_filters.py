from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pinakes.agents.queries.filters import Known, read_filters, shown_in
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
