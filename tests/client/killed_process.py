"""Starts a turn in the folder given, says so once part of the answer is saved, and waits to be killed."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from turn_stage import open_stage


async def main(folder: Path) -> None:
    async with open_stage(folder, owner="the process that has the library open") as stage:
        stage.writer.gate.clear()
        session_id = await stage.session()
        turn_id = await stage.runner.start(session_id, "What was here?")
        while sum(saved.event.type == "token" for saved in await stage.catalog.events(turn_id)) < 3:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        print(session_id, turn_id, flush=True)
        await asyncio.sleep(600)


asyncio.run(main(Path(sys.argv[1])))
