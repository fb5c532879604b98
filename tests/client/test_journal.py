"""`client.undo`, `redo` and `history`: explicit calls, journaled, which delete only when told so."""

from __future__ import annotations

import pytest
from approval_stage import open_stage

from pinakes.client.journal import Journal
from pinakes.core.changes import ChangeKind, ChangeSet
from pinakes.core.errors import ChangeError, ValidationError
from pinakes.core.files import FileFilter


@pytest.fixture
async def stage(tmp_path):
    async with open_stage(tmp_path) as opened:
        await opened.fill()
        session_id = await opened.session()
        await opened.chats.send("Sort my files", session_id=session_id)
        await opened.chats.send("yes", session_id=session_id)
        yield opened


async def test_back_and_forth(stage):
    journal = Journal(stage.library)
    settings = {"dry_run": False, "allow_deletes": False}
    sorted_places = await stage.places()
    preview = await journal.undo(None, dry_run=True, allow_deletes=False)
    assert isinstance(preview, ChangeSet)
    assert await stage.places() == sorted_places
    undone = await journal.undo(None, **settings)
    assert undone.kind is ChangeKind.UNDO
    assert set((await stage.places()).values()) == {""}
    redone = await journal.redo(None, **settings)
    assert redone.kind is ChangeKind.REDO
    assert await stage.places() == sorted_places
    assert [e.kind for e in await journal.history(10, 0)] == ["redo", "undo", "apply"]
    assert len(await journal.history(1, 1)) == 1
    with pytest.raises(ValidationError):
        await journal.history(0, 0)


async def test_what_deletes_has_to_be_said(stage):
    journal = Journal(stage.library)
    ids = [record.id for record in (await stage.catalog.list_files(FileFilter())).items]
    await stage.library.delete(ids[:1])
    await stage.library.restore(ids[:1])
    with pytest.raises(ChangeError, match="would delete"):
        await journal.undo(None, dry_run=False, allow_deletes=False)
    entry = await journal.undo(None, dry_run=False, allow_deletes=True)
    assert entry.changes[0].deletes
