from __future__ import annotations

import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.dialects import postgresql

from pinakes.core.errors import (
    ConfigurationError,
    LibraryError,
    LibraryVersionError,
    ValidationError,
)
from pinakes.core.files import AnalyticsQuery, FileFilter, GroupBy
from pinakes.library.adapters.sql import SqlCatalog, migrate
from pinakes.library.adapters.sql.database import Database
from pinakes.library.adapters.sql.file_tables import FILES
from pinakes.testing.conform_catalog import ConformCatalog
from pinakes.testing.samples import file, reading


def _url(folder: Path) -> str:
    return f"sqlite+aiosqlite:///{folder / 'catalog.sqlite'}"


@pytest.fixture
async def catalog(catalog_path: Path) -> AsyncIterator[SqlCatalog]:
    catalog = await SqlCatalog.open(catalog_path, "a")
    yield catalog
    await catalog.aclose()


class TestSqlCatalog(ConformCatalog):
    @pytest.fixture
    def other(self, catalog: SqlCatalog) -> SqlCatalog:
        return catalog.for_tenant("b")


async def test_reopens_with_its_files(tmp_path: Path) -> None:
    first = await SqlCatalog.open(_url(tmp_path), "a")
    added = await first.add_file(file("a"))
    await first.aclose()
    again = await SqlCatalog.open(_url(tmp_path), "a")
    assert await again.get_file(added.id) == added
    await again.aclose()


async def test_any_path_will_do(tmp_path: Path) -> None:
    path = tmp_path / "100% #1? ü.sqlite"
    await (await SqlCatalog.open(path, "a")).aclose()
    assert path.is_file()


async def test_memory_catalog() -> None:
    catalog = await SqlCatalog.open("sqlite+aiosqlite:///:memory:", "a")
    await catalog.add_file(file("a"))
    assert (await catalog.list_files(FileFilter())).total == 1
    await catalog.aclose()


_OPEN = """
import asyncio, sys
from pinakes.library.adapters.sql import SqlCatalog

async def main():
    await (await SqlCatalog.open(sys.argv[1], "a")).aclose()

asyncio.run(main())
sys.exit(3 if "alembic" in sys.modules else 0)
"""


async def test_opening_at_head_does_not_import_alembic(catalog: SqlCatalog, tmp_path: Path) -> None:
    assert subprocess.call([sys.executable, "-c", _OPEN, _url(tmp_path)]) == 0  # noqa: ASYNC221


def _file_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'catalog.sqlite'}"


async def test_newer_catalog_is_refused(catalog: SqlCatalog, tmp_path: Path) -> None:
    engine = sa.create_engine(_file_url(tmp_path))
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    with pytest.raises(LibraryVersionError, match="update Pinakes"):
        await SqlCatalog.open(_url(tmp_path), "a")


async def test_migrations_make_the_tables_that_the_code_knows(catalog: SqlCatalog, tmp_path: Path) -> None:
    engine = sa.create_engine(_file_url(tmp_path))
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, FILES.metadata) == []
    engine.dispose()


def test_head_is_the_last_revision() -> None:
    scripts = ScriptDirectory(str(migrate._MIGRATIONS))
    assert scripts.get_current_head() == migrate.HEAD
    assert {script.revision for script in scripts.walk_revisions()} == migrate.KNOWN


def test_two_open_a_new_catalog_at_once(tmp_path: Path) -> None:
    command = [sys.executable, "-c", _OPEN, _url(tmp_path)]
    both = [subprocess.Popen(command) for _ in range(2)]
    assert {process.wait() for process in both} <= {0, 3}  # 3: it had to migrate
    assert _tables(tmp_path) == set(FILES.metadata.tables) | {"alembic_version"}


def _tables(folder: Path) -> set[str]:
    engine = sa.create_engine(_file_url(folder))
    names = set(sa.inspect(engine).get_table_names()) - {"sqlite_sequence"}
    engine.dispose()
    return names


@pytest.mark.parametrize("url", ["nonsense", "nodatabase://x", "sqlite+nodriver:///x"])
async def test_unusable_urls(url: str) -> None:
    with pytest.raises(ConfigurationError):
        await SqlCatalog.open(url, "a")


async def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "catalog.sqlite").write_bytes(b"this is a text, not a database" * 100)
    with pytest.raises(LibraryError):
        await SqlCatalog.open(_url(tmp_path), "a")


@pytest.mark.parametrize("tenant", ["", "x" * 201])
async def test_tenant_names(tmp_path: Path, tenant: str) -> None:
    with pytest.raises(ValidationError):
        await SqlCatalog.open(_url(tmp_path), tenant)


async def test_pragmas(catalog: SqlCatalog) -> None:
    async with catalog._database.read() as connection:
        found = [
            (await connection.exec_driver_sql(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        ]
    assert found == ["wal", 1, 1, 30_000]


async def test_aggregates_only_read(catalog: SqlCatalog) -> None:
    record = await catalog.add_file(file("a"))
    await catalog.store_reading(record.id, reading(record.id, "x"), None)
    statements: list[str] = []
    engine = catalog._database._engine.sync_engine
    sa.event.listen(engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    for by in (None, *GroupBy):
        await catalog.aggregate(
            AnalyticsQuery(group_by=by, filter=FileFilter(name_contains="'; DROP TABLE files"))
        )
    verbs = {statement.split(None, 1)[0].upper() for statement in statements}
    assert verbs == {"SELECT", "BEGIN", "PRAGMA"}
    assert {s for s in statements if s.startswith("PRAGMA")} == {"PRAGMA query_only = ON"}


def test_statements_compile_for_postgres() -> None:
    database = Database.connect("sqlite+aiosqlite://")
    assert "json_each" in str(database.member_of(FILES.c.id, ["a"]))
    other = _Postgres.connect("sqlite+aiosqlite://")
    statement = sa.select(FILES.c.id).where(other.member_of(FILES.c.id, ["a"]))
    sql = str(statement.compile(dialect=postgresql.dialect()))
    assert "json_array_elements_text(CAST(" in sql
    upsert = str(other.upsert(FILES, "title").compile(dialect=postgresql.dialect()))
    assert "ON CONFLICT (tenant_id, id) DO UPDATE SET title = excluded.title" in upsert


class _Postgres(Database):
    @property
    def dialect(self) -> str:
        return "postgresql"
