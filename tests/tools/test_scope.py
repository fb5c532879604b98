from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pinakes.core.files import FileFilter, MediaType
from pinakes.core.options import TurnOptions
from pinakes.library.library import Library
from pinakes.tools.scope import NOTHING, files_of, ids_of, inside, narrowed, open_files, scope_filter

DAY = datetime(2025, 3, 1, tzinfo=UTC)
LATER = datetime(2025, 6, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("ours", "theirs", "both"),
    [
        (FileFilter(ids=("a", "b")), FileFilter(ids=("b", "c")), FileFilter(ids=("b",))),
        (FileFilter(ids=("a",)), FileFilter(ids=("b",)), NOTHING),
        (FileFilter(folder_path="A"), FileFilter(folder_path="A/B"), FileFilter(folder_path="A/B")),
        (FileFilter(folder_path="A/B"), FileFilter(folder_path="A"), FileFilter(folder_path="A/B")),
        (FileFilter(folder_path="A"), FileFilter(folder_path="AB"), NOTHING),
        (FileFilter(taken_from=DAY), FileFilter(taken_from=LATER), FileFilter(taken_from=LATER)),
        (FileFilter(max_pages=3), FileFilter(max_pages=9), FileFilter(max_pages=3)),
        (FileFilter(blurred=True), FileFilter(blurred=False), NOTHING),
        (FileFilter(tags=("a",)), FileFilter(tags=("b",)), FileFilter(tags=("a", "b"))),
        (FileFilter(camera="x"), FileFilter(), FileFilter(camera="x")),
    ],
)
def test_narrowing(ours: FileFilter, theirs: FileFilter, both: FileFilter) -> None:
    assert narrowed(ours, theirs) == both


IDS = st.none() | st.lists(st.sampled_from("abcde"), unique=True).map(tuple)


@given(IDS, IDS, IDS)
def test_narrowing_never_widens(a, b, c) -> None:
    one, two, three = (FileFilter(ids=ids) for ids in (a, b, c))
    whole = set("abcde")

    def members(where: FileFilter) -> set[str]:
        return whole if where.ids is None else set(where.ids)

    assert members(narrowed(one, two)) == members(one) & members(two)
    assert members(narrowed(narrowed(one, two), three)) == members(narrowed(one, narrowed(two, three)))


async def test_scope_of_a_turn(library: Library) -> None:
    options = TurnOptions(folder_paths=("Photos/Office", "Notes"))
    where = await open_files(library, options)
    assert {f.filename for f in await files_of(library, where)} == {"receipt.jpg", "minutes-2025-02.md"}
    nothing = await scope_filter(library, TurnOptions(use_all_images=False), MediaType.IMAGE)
    assert await ids_of(library, nothing) == ()


async def test_files_inside_keep_their_order(library: Library) -> None:
    ids = await ids_of(library, FileFilter(media_types=(MediaType.IMAGE,)))
    asked = [ids[2], "unknown", ids[0], ids[2]]
    assert [f.id for f in await inside(library, FileFilter(), asked)] == [ids[2], ids[0]]
