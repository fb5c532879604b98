"""Connections: one engine, readers beside one writer at a time, vendor errors translated."""

from __future__ import annotations

import asyncio
import json
import math
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Self

from sqlalchemy import (
    JSON,
    URL,
    ColumnElement,
    Connection,
    Insert,
    Table,
    Text,
    cast,
    event,
    func,
    literal,
    make_url,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, NoSuchModuleError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool

from pinakes.core.errors import ConfigurationError, LibraryError, ValidationError
from pinakes.library.names import folded

BUSY_SECONDS = 30
_SQLITE = "sqlite+aiosqlite"
_PRAGMAS = (
    f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}",  # first: the next one may have to wait
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = NORMAL",
    "PRAGMA foreign_keys = ON",
)


class Database:
    """An engine with its readers and its writer.

    Writers of this process queue on a lock and begin at once as writers (BEGIN IMMEDIATE on SQLite), so that a
    reader never has to become one, which is what "database is locked" comes from.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._reading = engine.execution_options(postgresql_readonly=True)
        self._writing = engine.execution_options(pinakes_writes=True)
        self._turn = asyncio.Lock()
        self._closed = False

    @classmethod
    def connect(cls, where: str | Path) -> Self:
        """Return a database for a path or an SQLAlchemy URL; nothing is opened yet. Raises ConfigurationError."""
        try:
            url = URL.create(_SQLITE, database=str(where)) if isinstance(where, Path) else make_url(where)
            engine = create_async_engine(url, **_engine_options(url))
        except (ArgumentError, NoSuchModuleError, ImportError) as error:
            raise ConfigurationError(f"{where!r} is no usable catalog URL: {error}.") from error
        if engine.dialect.name == "sqlite":
            event.listen(engine.sync_engine, "connect", _prepare_sqlite)
            event.listen(engine.sync_engine, "begin", _begin_sqlite)
        return cls(engine)

    @property
    def dialect(self) -> str:
        """The database's name, for example "sqlite"."""
        return self._engine.dialect.name

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """Give a connection that sees one state of the database and cannot write. Raises LibraryError."""
        self._check_open()
        with _Translated():
            async with self._reading.connect() as connection:
                yield connection

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """Give a transaction that is committed at the end, or rolled back on an error. Raises LibraryError."""
        self._check_open()
        with _Translated():
            async with self._turn, self._writing.begin() as connection:
                yield connection

    async def close(self) -> None:
        """Close all connections for good: the engine alone would open new ones, with the folder's lock gone."""
        self._closed = True
        await self._engine.dispose()

    def _check_open(self) -> None:
        if self._closed:
            raise LibraryError("The library is closed: open it again.")

    def member_of(self, column: ColumnElement[Any], values: Sequence[str]) -> ColumnElement[bool]:
        """Return "column is one of these"; the list travels as one parameter, however long it is."""
        packed = literal(json.dumps(list(values)), Text)
        if self.dialect == "sqlite":
            return column.in_(select(func.json_each(packed).table_valued("value").c.value))
        return column.in_(select(func.json_array_elements_text(cast(packed, JSON)).column_valued("value")))

    def folded(self, column: ColumnElement[Any]) -> ColumnElement[Any]:
        """Return a text column in the form in which case makes no difference."""
        return func.pinakes_folded(column) if self.dialect == "sqlite" else func.lower(column)

    def insert_new(self, table: Table) -> Insert:
        """Return an insert that leaves rows alone that are there already."""
        return self._insert(table).on_conflict_do_nothing()

    def _insert(self, table: Table) -> sqlite.Insert:
        # The two dialects' inserts have the same methods, but no common type.
        make: Any = sqlite.insert if self.dialect == "sqlite" else postgresql.insert
        insert: sqlite.Insert = make(table)
        return insert

    def upsert(self, table: Table, *replaced: str) -> Insert:
        """Return an insert that overwrites these columns where the row is there already."""
        statement = self._insert(table)
        return statement.on_conflict_do_update(
            index_elements=list(table.primary_key.columns),
            set_={name: statement.excluded[name] for name in replaced},
        )


class _Translated:
    """Turns the driver's errors into ours; broken constraints are the caller's to explain."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if isinstance(error, DBAPIError) and not isinstance(error, IntegrityError):
            raise LibraryError(
                f"The catalog cannot be used ({error.orig}); check that its file is whole, writable and its "
                "disk not full."
            ) from error
        if isinstance(error, UnicodeEncodeError):
            raise ValidationError(
                "A text holds halves of characters, which cannot be stored: write it anew."
            ) from error


def _engine_options(url: URL) -> dict[str, Any]:
    if url.get_backend_name() != "sqlite":
        return {"pool_pre_ping": True}
    options: dict[str, Any] = {"poolclass": AsyncAdaptedQueuePool}
    if url.database in (None, "", ":memory:"):
        options |= {"pool_size": 1, "max_overflow": 0}  # a second connection would be another database
    return options


def _prepare_sqlite(connection: Any, record: Any) -> None:
    # We begin transactions ourselves: the driver would begin them late and as readers.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(pragma)
    connection.create_function("pinakes_folded", 1, _folded, deterministic=True)
    cursor.execute("SELECT sqlite_compileoption_used('ENABLE_MATH_FUNCTIONS')")
    if not cursor.fetchone()[0]:
        for name, function in _MATH.items():
            connection.create_function(name, 1, _of_number(function), deterministic=True)
    cursor.close()


def _folded(text: str | None) -> str | None:
    return None if text is None else folded(text)


_MATH: dict[str, Callable[[float], float]] = {"sin": math.sin, "cos": math.cos, "radians": math.radians}


def _of_number(function: Callable[[float], float]) -> Callable[[float | None], float | None]:
    return lambda value: None if value is None else function(value)


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("pinakes_writes", False)
    connection.exec_driver_sql(f"PRAGMA query_only = {'OFF' if writes else 'ON'}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
