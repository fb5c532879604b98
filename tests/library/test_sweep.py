"""Deleted files are forgotten for good after their time, and nothing else is."""

from __future__ import annotations

import asyncio
import base64
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from pinakes.core.approvals import Approval
from pinakes.core.changes import Change, ChangeAction, FileState, NewContent
from pinakes.core.errors import ChangeError, ResourceNotFoundError
from pinakes.core.files import FileFilter, FileRecord, MediaType
from pinakes.library.library import Library
from pinakes.testing.conform_changes import changed, plan
from pinakes.testing.samples import reading

_TEXT: dict[str, Any] = {"content_type": "text/plain", "media_type": MediaType.DOCUMENT}
_NOW = datetime.now(UTC)
_LONG_AGO = _NOW - timedelta(days=40)
_LATER = _NOW + timedelta(days=1)


async def _add(library: Library, name: str, *, content: str = "", **fields: Any) -> FileRecord:
    text = (content or name).encode()
    record = await library.accept_bytes(text, name, skip_duplicates=False, **_TEXT, **fields)
    thumbnail = base64.b64encode(f"picture of {name}".encode()).decode()
    await library.store_reading(record.id, reading(record.id, f"about {name}", thumbnail=thumbnail))
    return await library.catalog.get_file(record.id)


async def _there(library: Library, *hashes: str | None) -> list[bool]:
    return [await library.blobs.exists(sha256 or "") for sha256 in hashes]


async def test_forgotten_from_all_stores(library: Library) -> None:
    gone, stays, recent = [await _add(library, name, tags=("t",)) for name in ("gone", "stays", "recent")]
    await library.catalog.soft_delete([gone.id], _LONG_AGO)
    await library.catalog.soft_delete([recent.id], _NOW)
    assert await library.sweep(_NOW - timedelta(days=30)) == 1
    with pytest.raises(ResourceNotFoundError):
        await library.catalog.get_file(gone.id, deleted=True)
    assert await _there(library, gone.sha256, gone.thumbnail_sha256) == [False, False]
    assert await _there(library, stays.sha256, recent.sha256, recent.thumbnail_sha256) == [True] * 3
    assert await library.index.count("a") == await library.catalog.chunk_total() == 1
    assert await library.catalog.outbox() == []
    assert await library.restore([recent.id]) == 1
    with pytest.raises(ChangeError, match="no longer"):
        await library.restore([gone.id])
    assert await library.sweep(_NOW) == 0


async def test_shared_content_stays(library: Library) -> None:
    one = await _add(library, "one", content="same")
    two = await _add(library, "two", content="same")
    await library.catalog.soft_delete([one.id], _LONG_AGO)
    assert await library.sweep(_NOW) == 1
    assert await library.content(two.id) == b"same"


async def test_content_of_other_tenants_stays(library: Library) -> None:
    mine = await _add(library, "mine", content="same")
    theirs = library.catalog.for_tenant("b")  # type: ignore[attr-defined]
    await theirs.add_file(mine)
    await library.catalog.soft_delete([mine.id], _LONG_AGO)
    await theirs.soft_delete([mine.id], _LONG_AGO)
    assert await library.sweep(_NOW) == 1
    assert (await theirs.get_file(mine.id, deleted=True)).sha256 == mine.sha256
    assert await _there(library, mine.sha256) == [True]


async def test_what_can_be_taken_back_stays(library: Library) -> None:
    record = await _add(library, "a")
    delete = changed(record, ChangeAction.DELETE, deleted=True)
    await library.catalog.apply_changes(plan(delete), session_id=None, at=_LONG_AGO)
    await library.apply_changes(await library.undo_changes(plan_id="u"))
    await library.catalog.soft_delete([record.id], _LONG_AGO)
    assert await library.sweep(_NOW - timedelta(days=30)) == 0
    assert await library.sweep(_LATER) == 1
    with pytest.raises(ChangeError):
        await library.redo_changes(plan_id="r")


async def test_what_waits_for_a_decision_stays(library: Library) -> None:
    record = await _add(library, "a")
    await library.delete([record.id])
    record = await library.catalog.get_file(record.id, deleted=True)
    restore = plan(changed(record, ChangeAction.RESTORE, deleted=False))
    asked = Approval(plan_id="p", change_no=1, session_id="s", turn_id="t", changes=restore, created_at=_NOW)
    await library.catalog.add_approval(asked)
    assert await library.sweep(_LATER) == 0


async def test_content_that_a_change_added_stays(library: Library) -> None:
    sha256 = await library.blobs.put(b"report")
    add = Change(
        id="1",
        action=ChangeAction.ADD,
        file_id="report",
        after=FileState(filename="r.md"),
        content=NewContent(sha256=sha256, size_bytes=6, **_TEXT),
    )
    await library.catalog.apply_changes(plan(add), session_id=None, at=_LONG_AGO)
    await library.catalog.soft_delete(["report"], _LONG_AGO)
    assert await library.sweep(_NOW) == 1
    assert await _there(library, sha256) == [True]


async def test_uploads_at_the_same_time_lose_nothing(library: Library) -> None:
    for n in range(10):
        old = await _add(library, f"old {n}", content="same")
        await library.catalog.soft_delete([old.id], _LONG_AGO)
        new, _ = await asyncio.gather(
            library.accept_bytes(b"same", "new", **_TEXT), library.sweep(_NOW - timedelta(days=30))
        )
        assert await library.content(new.id) == b"same"
        await library.catalog.soft_delete([new.id], _LONG_AGO)
    assert (await library.catalog.list_files(FileFilter())).total == 0
