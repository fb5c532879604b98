"""What a turn costs besides its agents' work: instant planner, agents and writer, no models.

Wall and processor time a turn, the middle of all turns, each in a session of its own. The bare graph has three nodes
that do nothing; the last row adds the turn runner: catalog, lease, event log.

    python benchmarks/bench_overhead.py [--turns 200]
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench_checkpoints import QUESTION, ShelfLibrary, plain_graph, real_graph
from langgraph.checkpoint.memory import InMemorySaver

from pinakes.client.chats import ChatResource
from pinakes.client.checkpoints import open_checkpointer
from pinakes.client.turns import TurnRunner
from pinakes.library.adapters.sql import SqlCatalog

Turn = Callable[[int], Awaitable[Any]]


async def report(name: str, turns: int, run: Turn) -> None:
    walls, used = [], []
    for number in range(turns):
        wall, processor = time.perf_counter(), time.process_time()
        await run(number)
        walls.append((time.perf_counter() - wall) * 1000)
        used.append((time.process_time() - processor) * 1000)
    print(f"{name:52} {statistics.median(walls):8.1f} {statistics.median(used):8.1f}")


def on(graph: Any, durability: str | None = None) -> Turn:
    async def run(number: int) -> None:
        config = {"configurable": {"thread_id": str(number)}}
        await graph.ainvoke({"messages": [("user", QUESTION)]}, config, durability=durability)

    return run


async def through_the_client(folder: Path, saver: Any) -> tuple[Turn, TurnRunner, SqlCatalog]:
    catalog = await SqlCatalog.open(f"sqlite+aiosqlite:///{folder / 'catalog.sqlite'}", "bench")
    library: Any = ShelfLibrary()
    library.catalog = catalog
    runner = TurnRunner(real_graph(saver), library)
    chats = ChatResource(library, runner)

    async def run(number: int) -> None:
        session = await chats.create_session(title="bench")
        await chats.send(QUESTION, session_id=session.id)

    return run, runner, catalog


async def main(turns: int) -> None:
    print(f"{turns} turns, ms a turn{'':31} {'wall':>8} {'cpu':>8}")
    await report("bare 3 nodes", turns, on(plain_graph(None)))
    await report("bare 3 nodes, memory", turns, on(plain_graph(InMemorySaver())))
    await report("pinakes: plan, two agents at once, answer", turns, on(real_graph(None)))
    await report("pinakes, memory", turns, on(real_graph(InMemorySaver()), "exit"))
    with TemporaryDirectory() as name:
        folder = Path(name)
        async with open_checkpointer(folder / "checkpoints.sqlite") as saver:
            await report("bare 3 nodes, SQLite, async", turns, on(plain_graph(saver), "async"))
        async with open_checkpointer(folder / "own.sqlite") as saver:
            await report("pinakes, SQLite", turns, on(real_graph(saver), "exit"))
        async with open_checkpointer(folder / "client.sqlite") as saver:
            run, runner, catalog = await through_the_client(folder, saver)
            async with runner:
                await report("pinakes, SQLite, through client.chats.send", turns, run)
            await catalog.aclose()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--turns", type=int, default=200)
    asyncio.run(main(parser.parse_args().turns))
