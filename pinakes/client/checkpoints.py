"""Where conversations are kept between turns: LangGraph's SQLite saver, set up for us."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiosqlite
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer
from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver

BUSY_MS = 10_000


@asynccontextmanager
async def open_checkpointer(path: Path) -> AsyncIterator[AsyncSqliteSaver]:
    """Open the checkpoint file, making it if needed, and close it again.

    Only messages and plain values are read back from it: nothing stored there can make Python import or call
    anything.
    """
    async with aiosqlite.connect(path) as connection:
        saver = AsyncSqliteSaver(connection, serde=JsonPlusSerializer(allowed_msgpack_modules=None))
        await connection.execute(f"PRAGMA busy_timeout={BUSY_MS}")
        await saver.setup()
        # WAL keeps the file sound without an fsync per commit; what a power cut loses, the catalog's turns give back.
        await connection.execute("PRAGMA synchronous=NORMAL")
        yield saver
