"""Folders meant, groups made, and files judged by what they say: no library needed."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest

from pinakes.agents.organising.contents import Content
from pinakes.agents.organising.filing import file_by_content, likeness
from pinakes.agents.organising.grouping import group_files, same_month
from pinakes.agents.organising.phrases import names_of, repeated_names
from pinakes.agents.organising.request import Key
from pinakes.agents.organising.targets import find_target, new_folder_names
from pinakes.agents.organising.topic_names import named_groups
from pinakes.agents.organising.topics import group_by_names, topic_groups
from pinakes.agents.organising.vectors import word_vectors, words_of
from pinakes.core.files import FileRecord, Folder, GeoPoint, ImageFacts, MediaType
from pinakes.models.minilm import MiniLmEmbedder


@pytest.fixture(scope="module")
def embedder() -> MiniLmEmbedder:
    return MiniLmEmbedder(threads=1)


NOW = datetime(2025, 11, 21, tzinfo=UTC)


def folder(path: str) -> Folder:
    return Folder(id=path, name=path.rsplit("/", 1)[-1], path=path, depth=path.count("/") + 1, created_at=NOW)


def file(name: str, **fields: object) -> FileRecord:
    return FileRecord.model_validate(
        {
            "id": name,
            "filename": name,
            "media_type": MediaType.IMAGE,
            "content_type": "image/jpeg",
            "size_bytes": 1,
            "sha256": name,
            "created_at": NOW,
            "updated_at": NOW,
            **fields,
        }
    )


def picture(name: str, taken: datetime | None = None, **facts: object) -> FileRecord:
    made = ImageFacts.model_validate({"width": 4, "height": 3, "format": "jpeg", **facts})
    return file(name, content_created_at=taken, facts=made)


def content(text: str, heading: str = "", name: str = "x.txt") -> Content:
    return Content(file(name), heading, text)


FOLDERS = [
    folder(p) for p in ("Travel", "Travel/2024", "Receipts", "Photos", "Photos/Site", "Manuals", "Work/Site")
]


@pytest.mark.parametrize(
    ("words", "path", "exists"),
    [
        ("the folder Travel", "Travel", True),
        ("travel", "Travel", True),
        ("my receipt folder", "Receipts", True),
        ("Manauls", "Manuals", True),
        ("Travel/2024", "Travel/2024", True),
        ("Travel/2023", "Travel/2023", False),
        ("photos/Trips", "Photos/Trips", False),
        ("finance", "Finance", False),
        ('a new folder called "best of 2021"', "best of 2021", False),
        ("A / B", "A/B", False),
    ],
)
def test_folders_meant(words: str, path: str, exists: bool) -> None:
    target = find_target(words, FOLDERS)
    assert (target.path, target.exists, target.problem) == (path, exists, "")


def test_two_folders_of_a_name_are_not_guessed() -> None:
    assert "Photos/Site" in find_target("Site", FOLDERS).problem


def test_slips_are_no_other_year_and_no_new_folder() -> None:
    assert not find_target("2025", [folder("2024")]).exists
    assert find_target("Manauls", FOLDERS, new=True).path == "Manauls"


def test_too_deep_a_folder_is_refused() -> None:
    assert find_target("/".join("abcdefghijk"), FOLDERS).problem


def test_names_of_new_folders() -> None:
    assert new_folder_names("folders A, B and C") == ("A", "B", "C")
    assert new_folder_names("folder called Bed and Breakfast") == ("Bed and Breakfast",)
    assert new_folder_names("folder for taxes") == ("taxes",)


def test_groups_by_what_records_tell() -> None:
    files = [
        picture(
            "a", datetime(2023, 5, 1, tzinfo=UTC), camera_make="NIKON CORPORATION", camera_model="NIKON D90"
        ),
        picture("b", datetime(2023, 6, 1, tzinfo=UTC), camera_make="Apple", camera_model="iPhone 12"),
        picture("c"),
    ]
    assert set(group_files(files, Key.YEAR).folders) == {"2023"}
    assert set(group_files(files, Key.MONTH).folders) == {"2023-05", "2023-06"}
    assert set(group_files(files, Key.DATE).folders) == {"2023-05", "2023-06"}
    assert set(group_files(files, Key.CAMERA).folders) == {"NIKON D90", "Apple iPhone 12"}
    assert group_files(files, Key.YEAR).left == {"c": "no date is known"}


def test_many_pictures_of_a_year_are_parted_by_month() -> None:
    files = [picture(str(n), datetime(2023, 1 + n % 12, 1, tzinfo=UTC)) for n in range(80)]
    files.append(picture("other", datetime(2020, 1, 1, tzinfo=UTC)))
    folders = group_files(files, Key.DATE).folders
    assert "2023/2023-04" in folders
    assert "2020" in folders


def test_events_end_where_nothing_was_taken_for_long() -> None:
    days = [datetime(2024, 7, d, 12, tzinfo=UTC) for d in (1, 2, 3, 10)]
    folders = group_files([picture(str(n), d) for n, d in enumerate(days)], Key.EVENT).folders
    assert {name: len(members) for name, members in folders.items()} == {"2024-07-01 to 03": 3, "2024": 1}


def test_places_join_what_was_taken_close_by() -> None:
    points = [(43.46, 11.88), (43.47, 11.90), (60.4, 5.3)]
    files = [picture(str(n), gps=GeoPoint(latitude=a, longitude=b)) for n, (a, b) in enumerate(points)]
    assert sorted(map(len, group_files(files, Key.PLACE).folders.values())) == [1, 2]


@pytest.mark.parametrize("name", ["2025-03", "March 2025", "2025 March", "03.2025"])
def test_months_in_folder_names(name: str) -> None:
    assert same_month(name, 2025, 3)
    assert not same_month(name, 2025, 4)
    assert same_month("03 March", 2025, 3, "2025")
    assert not same_month("2025", 2025, 3)


_GARDEN = (
    "Water the tomatoes and roses, prune the hedge, and sow carrots in the beds of the garden in spring. "
)
_TAX = "The tax office expects the declaration; income, deductions and the assessment are due by summer. "
_BOAT = "The sails of the boat, the anchor, the rudder and the hull are checked in the harbour each year. "


def test_files_go_where_files_like_them_lie_and_strangers_stay() -> None:
    filed = [content(_GARDEN + f"Bed {n}.") for n in range(5)] + [
        content(_TAX + f"Form {n}.") for n in range(5)
    ]
    new = [content(_TAX + "Receipt."), content(_GARDEN + "Compost."), content(_BOAT)]
    rows = word_vectors([*filed, *new])
    judged = file_by_content(likeness(rows, rows), [0] * 5 + [1] * 5)
    assert [(j.place, j.sure) for j in judged[:2]] == [(1, True), (0, True)]
    assert not judged[2].sure


async def test_topics_are_named_by_shared_words(embedder: MiniLmEmbedder) -> None:
    texts = [_GARDEN, _TAX, _BOAT]
    contents = [content(texts[n % 3] + f"Number {n}.") for n in range(12)]
    rows = word_vectors(contents)
    meanings = np.array(await embedder.aembed_documents([c.beginning for c in contents]))
    groups = await named_groups(contents, topic_groups(likeness(rows, rows)), meanings, embedder)
    assert sorted(tuple(m) for m in groups.values()) == [(0, 3, 6, 9), (1, 4, 7, 10), (2, 5, 8, 11)]
    assert all(name.split()[0].lower() in " ".join(texts).lower() for name in groups)


_PUMP = (
    "The pump of the station stood at {n} bar; its seal was changed. This different bottom part of the pump held. "
    "After {n} hours the pump gave 6.{n} bar again, and the seal was dry."
)
_CRANE = "The crane at the quay lifts {n} t. This different bottom hook of the crane was oiled, and the crane stood."


async def test_topics_are_named_by_nouns_that_mean_them(embedder: MiniLmEmbedder) -> None:
    contents = [content((_PUMP if n % 2 else _CRANE).format(n=n)) for n in range(12)]
    rows = word_vectors(contents)
    meanings = np.array(await embedder.aembed_documents([c.beginning for c in contents]))
    named = await named_groups(contents, topic_groups(likeness(rows, rows)), meanings, embedder)
    assert {name.split()[0] for name in named} == {"Pump", "Crane"}


async def test_a_group_of_one_kind_of_paper_has_its_name_and_all_of_its_papers(
    embedder: MiniLmEmbedder,
) -> None:
    bills = [content(f"Garage bill {n}: tyres and brakes of the van", heading="Invoice") for n in range(4)]
    gardens = [content(_GARDEN + f"Bed {n}.") for n in range(4)]
    contents = [*bills, *gardens, content("Tomatoes and roses for the garden", heading="Invoice")]
    meanings = np.array(await embedder.aembed_documents([c.beginning for c in contents]))
    named = await named_groups(contents, [[0, 1, 2, 3], [4, 5, 6, 7, 8]], meanings, embedder)
    assert named["Invoices"] == [0, 1, 2, 3, 8]
    assert [4, 5, 6, 7] in named.values()


def test_dates_are_no_names() -> None:
    contents = [content(f"The work was done in March 2025 and was paid by {n} people.") for n in range(4)]
    contents += [content("Weather is fine today, as it was.") for _ in range(12)]
    assert repeated_names(contents) == {}


def test_names_that_texts_repeat() -> None:
    contents = [content(f"You open the Silver Plus Account online for {n} euros.") for n in range(4)]
    contents += [content(f"In year {n} everybody with a Gold Account pays nothing.") for n in range(4)]
    contents += [content("Anyone may call us about a credit card in the morning.")]
    contents += [content("Weather is fine today, as it was.") for _ in range(12)]
    known = repeated_names(contents)
    assert set(known.values()) == {"Silver Plus Account", "Gold Account"}
    assert names_of(contents, known)[8] is None
    groups = group_by_names(contents)
    assert groups == {"Silver Plus Account": [0, 1, 2, 3], "Gold Account": [4, 5, 6, 7]}


def test_words_written_small_elsewhere_are_no_names() -> None:
    contents = [
        content(f"Please use the Credit Card now, number {n}. A credit card is handy.") for n in range(5)
    ]
    contents += [content(f"Nothing to see in text {n} here at all.") for n in range(20)]
    assert repeated_names(contents) == {}


def test_words_of_writing_without_gaps() -> None:
    assert list(words_of("税务文件")) == ["税务", "务文", "文件"]
    assert list(words_of("Two Receipts")) == ["two", "receipt"]


def test_empty_contents_have_no_direction() -> None:
    rows = word_vectors([content(""), content("")])
    assert rows.shape[0] == 2
    assert np.isfinite(rows).all()
