"""Where conversations are kept between turns: LangGraph's SQLite saver, set up for us."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import aiosqlite
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer
from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver

from pinakes.core.errors import LibraryError

BUSY_MS = 10_000
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_log = logging.getLogger(__name__)


@asynccontextmanager
async def open_checkpointer(path: Path) -> AsyncIterator[AsyncSqliteSaver]:
    """Open the checkpoint file, making it if needed, and close it again.

    Only messages and plain values are read back from it: nothing stored there can make Python import or call
    anything. A damaged file is put aside: the catalog's turns give back what was said.

    Raises:
        LibraryError: It cannot be used, for its rights or the disk's space.
    """
    async with AsyncExitStack() as stack:
        try:
            saver = await _entered(stack, path)
        except sqlite3.DatabaseError as error:
            if error.sqlite_errorcode & 0xFF not in _DAMAGED:
                raise LibraryError(
                    f"{path} cannot be used ({error}): check its rights and the disk's space.", path=str(path)
                ) from error
            _put_aside(path)
            saver = await _entered(stack, path)
        yield saver


async def _entered(stack: AsyncExitStack, path: Path) -> AsyncSqliteSaver:
    async with AsyncExitStack() as own:
        saver = await own.enter_async_context(_connected(path))
        stack.push_async_exit(own.pop_all())
    return saver


@asynccontextmanager
async def _connected(path: Path) -> AsyncIterator[AsyncSqliteSaver]:
    connecting = aiosqlite.connect(path)
    # As SQLAlchemy does for the catalog's: a loop that ends without closing must not keep the interpreter.
    thread: Any = getattr(connecting, "_thread", connecting)
    thread.daemon = True
    async with connecting as connection:
        saver = AsyncSqliteSaver(connection, serde=JsonPlusSerializer(allowed_msgpack_modules=None))
        await connection.execute(f"PRAGMA busy_timeout={BUSY_MS}")
        await saver.setup()
        # WAL keeps the file sound without an fsync per commit; what a power cut loses, the catalog's turns give back.
        await connection.execute("PRAGMA synchronous=NORMAL")
        yield saver


def _put_aside(path: Path) -> None:
    damaged = path.with_name(f"{path.name}.damaged")
    _log.warning("%s is damaged; it is kept as %s, and made again from the catalog", path, damaged.name)
    path.replace(damaged)
    for ending in ("-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)
