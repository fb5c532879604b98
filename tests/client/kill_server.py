"""Forks a real process for each line of its input, which works in a library folder until it kills itself.

A line is JSON: folder, session_id, plan_id, way, and `kill_at`, the number of the failpoint to die at (0: none). The
answer is JSON too: how the process ended and which failpoints it reached. Forking saves importing everything each time.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from approval_stage import OWNER, Stage, open_stage

from pinakes.core.failpoints import set_hook

Way = Callable[[Stage, str, str], Awaitable[Any]]


async def approve(stage: Stage, session_id: str, plan_id: str) -> None:
    await stage.chats.approve_plan(session_id, plan_id)


async def edit(stage: Stage, session_id: str, plan_id: str) -> None:
    changes = (await stage.catalog.get_approval(plan_id)).changes
    assert changes is not None
    await stage.chats.edit_plan(session_id, plan_id, changes)


async def say_yes(stage: Stage, session_id: str, plan_id: str) -> None:
    await stage.chats.send("yes", session_id=session_id)


async def approve_after_talk(stage: Stage, session_id: str, plan_id: str) -> None:
    """Another message has taken the interrupt out of the checkpoint."""
    await stage.chats.send("Who are you?", session_id=session_id)
    await stage.chats.approve_plan(session_id, plan_id)


async def refine(stage: Stage, session_id: str, plan_id: str) -> None:
    response = await stage.chats.respond_plan(session_id, plan_id, "call it Sorted")
    assert response.pending_actions is not None
    await stage.chats.approve_plan(session_id, response.pending_actions[0]["plan_id"])


async def ask_twice(stage: Stage, session_id: str, plan_id: str) -> None:
    """A second proposal in the same session, and a yes to it."""
    await stage.chats.send("Sort my files again", session_id=session_id)
    await stage.chats.send("yes", session_id=session_id)


WAYS: dict[str, Way] = {
    way.__name__: way for way in (approve, edit, say_yes, approve_after_talk, refine, ask_twice)
}


def work(job: dict[str, Any], reached: Path) -> None:
    """Do the job, writing down every failpoint, and die at the one that was chosen."""
    count = 0
    with reached.open("a") as written:

        def hook(name: str) -> None:
            nonlocal count
            count += 1
            written.write(f"{name}\n")
            written.flush()
            if count == job["kill_at"]:
                os.kill(os.getpid(), signal.SIGKILL)

        async def run() -> None:
            async with open_stage(Path(job["folder"]), owner=OWNER) as stage:
                set_hook(hook)
                await WAYS[job["way"]](stage, job["session_id"], job["plan_id"])

        asyncio.run(run())


def main() -> None:
    for line in sys.stdin:
        job = json.loads(line)
        reached = Path(f"{job['folder']}.reached")
        child = os.fork()
        if child == 0:
            try:
                work(job, reached)
            except BaseException as error:
                reached.with_suffix(".error").write_text(repr(error))
                os._exit(1)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        names = reached.read_text().splitlines() if reached.exists() else []
        print(json.dumps({"ended": os.waitstatus_to_exitcode(status), "reached": names}), flush=True)


if __name__ == "__main__":
    main()
