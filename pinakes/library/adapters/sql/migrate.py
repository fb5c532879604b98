"""Bringing the tables up to date when a catalog is opened.

A catalog at `HEAD` costs one small query. Alembic is imported only when there is something to do.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Column as SqlColumn
from sqlalchemy import Connection, MetaData, String, Table, inspect, select

from pinakes.core.errors import LibraryVersionError
from pinakes.library.adapters.sql.database import Database

HEAD = "0005"
KNOWN = frozenset({"0001", "0002", "0003", "0004", "0005"})
_MIGRATIONS = Path(__file__).parent / "migrations"
_VERSION = Table("alembic_version", MetaData(), SqlColumn("version_num", String(32), primary_key=True))


async def bring_up_to_date(database: Database) -> None:
    """Make or migrate the tables. Raises LibraryVersionError, LibraryError."""
    async with database.read() as connection:
        if await connection.run_sync(_is_current):
            return
    async with database.write() as connection:  # two processes may open a new catalog at once
        if not await connection.run_sync(_is_current):
            await connection.run_sync(_upgrade)


def _is_current(connection: Connection) -> bool:
    if not inspect(connection).has_table(_VERSION.name):
        return False
    revision = connection.execute(select(_VERSION.c.version_num)).scalar()
    if revision is not None and revision not in KNOWN:
        raise LibraryVersionError(
            "This library was written by a newer Pinakes: update Pinakes to open it.",
            revision=revision,
            known=HEAD,
        )
    return bool(revision == HEAD)


def _upgrade(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, HEAD)
