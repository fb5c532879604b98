"""Catalogs written by earlier versions open, and keep what they hold."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from pinakes.core.changes import Change, ChangeAction, ChangeSet, FileState
from pinakes.core.files import AnalyticsQuery, FileFilter, Measure
from pinakes.library.adapters.sql import SqlCatalog, migrate
from pinakes.library.adapters.sql.file_tables import FILES
from pinakes.testing.samples import START

_FILE = {
    "tenant_id": "a",
    "id": "old",
    "filename": "old.txt",
    "filename_folded": "old.txt",
    "extension": "txt",
    "media_type": "document",
    "content_type": "text/plain",
    "size_bytes": 1,
    "sha256": "0" * 64,
    "folder_id": "in",
    "status": "completed",
    "warnings": "[]",
    "created_at": "2025-01-01 12:00:00.000000",
    "updated_at": "2025-01-01 12:00:00.000000",
    "chunk_count": 0,
}
_FOLDER = {
    "tenant_id": "a",
    "id": "in",
    "name": "In",
    "path": "In",
    "depth": 1,
    "created_at": "2025-01-01 12:00:00.000000",
}


def _catalog_at(path: Path, revision: str) -> None:
    """Make a catalog of an earlier version with one file in a folder."""
    engine = sa.create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        config = Config()
        config.set_main_option("script_location", str(migrate._MIGRATIONS))
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        for table, row in (("folders", _FOLDER), ("files", _FILE)):
            names = ", ".join(row)
            values = ", ".join(f":{name}" for name in row)
            connection.execute(sa.text(f"INSERT INTO {table} ({names}) VALUES ({values})"), row)
    engine.dispose()


async def test_a_catalog_of_the_first_version(tmp_path: Path) -> None:
    path = tmp_path / "catalog.sqlite"
    _catalog_at(path, "0001")
    catalog = await SqlCatalog.open(path, "a")
    record = await catalog.get_file("old")
    assert (record.folder_path, record.created_at) == ("In", START)
    before = FileState(folder_path="In", filename="old.txt")
    gone = Change(
        id="1",
        action=ChangeAction.DELETE,
        file_id="old",
        before=before,
        after=before.model_copy(update={"deleted": True}),
    )
    folder = Change(id="2", action=ChangeAction.DELETE_FOLDER, folder_before="In")
    await catalog.apply_changes(ChangeSet(plan_id="p", changes=(gone, folder)), session_id=None, at=START)
    assert (await catalog.get_file("old", deleted=True)).folder_path == "In"
    assert await catalog.open_approvals("s") == []
    await catalog.aclose()


async def test_durations_and_domains_are_taken_from_what_was_read(tmp_path: Path) -> None:
    path = tmp_path / "catalog.sqlite"
    _catalog_at(path, "0002")
    clip = '{"duration_s": 12.5, "width": 4, "height": 3, "format": "mp4", "codec": "h264"}'
    engine = sa.create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        for file_id, kind, facts in (
            ("clip", "video", clip),
            ("page", "link", '{"domain": "Example.org"}'),
            ("bare", "link", "{}"),
        ):
            row = _FILE | {"id": file_id, "media_type": kind, "facts": facts}
            connection.execute(sa.insert(FILES).values(**row | {"created_at": START, "updated_at": START}))
    engine.dispose()
    catalog = await SqlCatalog.open(path, "a")
    assert (await catalog.aggregate(AnalyticsQuery(measure=Measure.SUM_SECONDS))).total == 12.5
    found = await catalog.list_files(FileFilter(domain="example.org"))
    assert [item.id for item in found.items] == ["page"]
    assert (await catalog.get_file("bare")).link is not None
    await catalog.aclose()
