"""kill -9 at every named moment of a decision: applied exactly once or not at all, and one story everywhere."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from approval_stage import NAMES, OWNER, Stage, open_stage

from pinakes.core.approvals import ApprovalStatus
from pinakes.core.chat import TurnRecord, TurnStatus
from pinakes.core.errors import PlanDecidedError
from pinakes.core.events import CLOSING
from pinakes.testing.library_copies import copied

SERVER = Path(__file__).parent / "kill_server.py"
SIGKILLED = -9
FEWEST = 40
MOMENTS = {
    "approval.opened", "approve.resumed", "decision.claimed", "apply.begin", "apply.changed", "apply.journaled",
    "apply.committed", "apply.indexed", "apply.done", "apply.settled", "write.done", "turn.saved",
}  # fmt: skip
OTHER_WAYS = ("edit", "say_yes", "approve_after_talk", "refine", "ask_twice")


@dataclass
class Killer:
    """A server that forks, and a library folder with a proposal waiting that every job works on a copy of."""

    process: asyncio.subprocess.Process
    folder: Path
    session_id: str
    plan_id: str
    jobs: int = 0

    async def run(self, way: str, kill_at: int) -> tuple[Path, int, list[str]]:
        """Return the folder that a killed process left, how it ended and the moments it reached."""
        self.jobs += 1
        folder = self.folder.with_name(f"job{self.jobs}")
        copied(self.folder, folder)
        job = {"folder": str(folder), "session_id": self.session_id, "plan_id": self.plan_id}
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(f"{json.dumps({**job, 'way': way, 'kill_at': kill_at})}\n".encode())
        answer = json.loads(await asyncio.wait_for(self.process.stdout.readline(), 600))
        return folder, answer["ended"], answer["reached"]


@pytest.fixture
async def killer(tmp_path: Path) -> Any:
    folder = tmp_path / "template"
    folder.mkdir()
    async with open_stage(folder, owner=OWNER) as stage:
        await stage.fill()
        session_id = await stage.session()
        answer = await stage.chats.send("Sort my files", session_id=session_id)
        plan_id = (answer.metadata or {})["pending_approval"]["plan_id"]
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(SERVER), stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": os.pathsep.join([str(SERVER.parent), *sys.path])},
    )  # fmt: skip
    yield Killer(process, folder, session_id, plan_id)
    assert process.stdin
    process.stdin.close()
    await process.wait()


async def killed_everywhere(killer: Killer, way: str) -> Counter[str]:
    """Kill at every moment that a whole run reaches, look at what is left each time, and count the moments."""
    _, ended, moments = await killer.run(way, 0)
    assert ended == 0, way
    for place, name in enumerate(moments, 1):
        folder, ended, reached = await killer.run(way, place)
        assert (ended, reached[-1]) == (SIGKILLED, name)
        try:
            async with open_stage(folder, owner=OWNER) as stage:
                await look(stage, killer.session_id)
        except AssertionError as error:
            raise AssertionError(f"{way}, killed at moment {place}, {name}: {error}") from error
        shutil.rmtree(folder)
    return Counter(moments)


async def look(stage: Stage, session_id: str) -> None:
    """Come back to the session: whatever was claimed is done, exactly once, and everything says the same."""
    async with stage.chats.session(session_id=session_id):
        await one_story(stage, session_id)
        for approval in await stage.catalog.open_approvals(session_id):
            await stage.chats.approve_plan(session_id, approval.plan_id)
        if await stage.journal() == 0:
            assert set((await stage.places()).values()) == {""}
            await stage.chats.send("Sort my files", session_id=session_id)
            await stage.chats.send("yes", session_id=session_id)
        await one_story(stage, session_id)
        assert await stage.journal() == 1
        assert await stage.places() == dict.fromkeys(NAMES, "Sorted")
        answer = await stage.chats.send("Who are you?", session_id=session_id)
        assert answer.content == "Hello."


async def one_story(stage: Stage, session_id: str) -> None:
    applied = await stage.catalog.history()
    assert len(applied) <= 1, "applied twice"
    places = set((await stage.places()).values())
    assert places == ({"Sorted"} if applied else {""}), "catalog and journal differ"
    assert await stage.catalog.outbox() == [], "the index has not followed"
    for name in NAMES:
        [hit, *_] = await stage.library.search(f"text of {name}")
        found = await stage.catalog.get_file(hit.chunk.file_id)
        assert found.folder_path in places
    turns = await stage.catalog.turns(session_id)
    for turn in turns:
        await turn_story(stage, turn)
    state = await stage.graph.aget_state({"configurable": {"thread_id": session_id}})
    known = {message.id: message.text for message in state.values.get("messages", ())}
    said = {m.id: m.content for m in await stage.chats.get_messages(session_id)}
    lost = {turn.id for turn in turns if turn.status is TurnStatus.INTERRUPTED}
    for message_id, text in said.items():
        assert message_id in lost or known.get(message_id, text) == text, "checkpoint and turns differ"


async def turn_story(stage: Stage, turn: TurnRecord) -> None:
    events = await stage.all_events(turn.id)
    assert [e.seq for e in events] == list(range(1, len(events) + 1)), "the log has holes"
    last = events[-1].event
    assert last.type in CLOSING
    endings = {
        TurnStatus.COMPLETE: "complete",
        TurnStatus.PENDING_APPROVAL: "plan_pending_approval",
        TurnStatus.INTERRUPTED: "error",
    }
    assert endings[turn.status] == last.type, f"turn {turn.status}, log {last.type}"
    if turn.status is TurnStatus.COMPLETE:
        assert last.model_dump()["content"] == turn.answer, "log and turn differ"
    asked = [e.event.plan_id for e in events if e.event.type == "plan_pending_approval"]
    statuses = [(await stage.catalog.get_approval(plan_id)).status for plan_id in asked]
    assert statuses.count(ApprovalStatus.DECIDED) == 0, "a decision was left half done"
    open_still = statuses.count(ApprovalStatus.OPEN)
    assert open_still == int(turn.status is TurnStatus.PENDING_APPROVAL), "open approvals and turn differ"
    if turn.status is TurnStatus.COMPLETE and asked and statuses[-1] is ApprovalStatus.APPLIED:
        with pytest.raises(PlanDecidedError):
            await stage.chats.approve_plan(turn.session_id, asked[-1])


async def test_killed_while_a_yes_is_followed(killer: Killer) -> None:
    moments = await killed_everywhere(killer, "approve")
    assert set(moments) == MOMENTS - {"approval.opened"}


@pytest.mark.kill
async def test_killed_on_every_way_at_every_moment(killer: Killer) -> None:
    kills: Counter[str] = Counter()
    for way in OTHER_WAYS:
        kills += await killed_everywhere(killer, way)
    assert set(kills) == MOMENTS
    assert kills.total() >= FEWEST
    print(f"{kills.total()} kills: {dict(kills)}")
