"""A real library with a few files, and graphs over it whose folder agent follows a script."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from langgraph.checkpoint.memory import InMemorySaver
from langgraph.types import Command

from pinakes.agents.cards import CARDS
from pinakes.agents.spec import AgentSpec
from pinakes.core.changes import Change, ChangeAction, FileState
from pinakes.core.files import MediaType, Reading
from pinakes.core.options import TurnOptions
from pinakes.core.plans import StepResult
from pinakes.graph.build import ChatGraph, build_graph
from pinakes.graph.resources import Limits, Resources
from pinakes.library.adapters.disk_blobs import DiskBlobs
from pinakes.library.adapters.edge_index import EdgeIndex
from pinakes.library.adapters.sql import SqlCatalog
from pinakes.library.library import Library
from pinakes.testing.fakes import HashEmbedder, HashTerms
from pinakes.testing.scripted import ScriptedAgent, ScriptedPlanner, ScriptedWriter, steps

NAMES = ("a.txt", "b.txt", "c.txt")


@asynccontextmanager
async def open_shelf(folder: Path) -> AsyncIterator[Library]:
    catalog = await SqlCatalog.open(f"sqlite+aiosqlite:///{folder / 'catalog.sqlite'}", "t")
    embedder = HashEmbedder()
    index = await EdgeIndex.open(folder / "index", embedder.dimensions)
    library = Library("t", catalog, DiskBlobs(folder / "blobs"), index, embedder, HashTerms())
    try:
        yield library
    finally:
        await library.aclose()


async def fill(library: Library) -> dict[str, str]:
    """Add the files and return their ids by name."""
    ids = {}
    for name in NAMES:
        known = {"content_type": "text/plain", "media_type": MediaType.DOCUMENT}
        record = await library.accept_bytes(name.encode(), name, **known)
        await library.catalog.store_reading(record.id, Reading(), None)
        ids[name] = record.id
    return ids


def move(file_id: str, name: str, target: str, before: str = "") -> Change:
    return Change(
        id=f"m-{name}",
        action=ChangeAction.MOVE,
        file_id=file_id,
        before=FileState(filename=name, folder_path=before),
        after=FileState(filename=name, folder_path=target),
        why="they belong together",
    )


def delete(file_id: str, name: str) -> Change:
    before = FileState(filename=name)
    after = before.model_copy(update={"deleted": True})
    return Change(id=f"d-{name}", action=ChangeAction.DELETE, file_id=file_id, before=before, after=after)


def proposal(*changes: Change, **fields: Any) -> StepResult:
    return StepResult(step_id="", agent="", text="I would do it so.", changes=changes, **fields)


def say_all(request: Any) -> str:
    """A writer's words: what every result says, or how it ended."""
    said = [r.text or (r.error.message if r.error else str(r.status)) for r in request.results]
    return "\n\n".join(said) or "nothing"


PLAN = steps(("folder_management", "sort my files"))


@dataclass
class Show:
    """A graph over a shelf, with one thread."""

    library: Library
    ids: dict[str, str]
    graph: ChatGraph
    agent: ScriptedAgent
    planner: ScriptedPlanner
    writer: ScriptedWriter
    resources: Resources
    clock: list[datetime] = field(default_factory=list)
    thread: dict[str, Any] = field(default_factory=lambda: {"configurable": {"thread_id": "thread"}})

    async def send(self, text: str, **settings: Any) -> Any:
        message = {"messages": [{"role": "user", "content": text, "id": f"q:{text}"}]}
        return await self.graph.ainvoke(message, self.thread, durability="exit", **settings)

    async def resume(self, **decision: Any) -> Any:
        state = await self.graph.aget_state(self.thread)
        [interrupt] = state.interrupts
        answer = {"decisions": [decision]}
        return await self.graph.ainvoke(
            Command(resume={interrupt.id: answer}), self.thread, durability="exit"
        )

    async def asked(self) -> dict[str, Any]:
        state = await self.graph.aget_state(self.thread)
        [interrupt] = state.interrupts
        return interrupt.value

    async def places(self) -> dict[str, str]:
        records = [await self.library.catalog.get_file(i, deleted=True) for i in self.ids.values()]
        return {r.filename: "deleted" if r.deleted_at else r.folder_path for r in records}

    async def journal(self) -> int:
        return len(await self.library.catalog.history())


@asynccontextmanager
async def open_show(
    folder: Path,
    *replies: Any,
    plans: Sequence[Any] = (),
    answers: int = 3,
    others: Sequence[ScriptedAgent] = (),
    **settings: Any,
) -> AsyncIterator[Show]:
    """Replies of the folder agent are made with the ids of the files."""
    async with open_shelf(folder) as library:
        ids = await fill(library)
        made = [reply(ids) if isinstance(reply, Callable) else reply for reply in replies]  # type: ignore[arg-type]
        agent = ScriptedAgent("folder_management", *made)
        planner, writer = ScriptedPlanner(*(plans or [PLAN])), ScriptedWriter(*([say_all] * answers))
        known = {scripted.card.name: scripted.spec for scripted in (agent, *others)}
        clock = [datetime.now(UTC)]
        resources = Resources(
            library=library,
            planner=planner,
            writer=writer,
            agents=tuple(known.get(card.name, AgentSpec(card)) for card in CARDS),
            limits=Limits(retry_after_s=0.001),
            now=lambda: clock[0],
            **settings,
        )
        graph = build_graph(resources, checkpointer=InMemorySaver())
        yield Show(library, ids, graph, agent, planner, writer, resources, clock)


def to_trips(*names: str) -> Callable[[dict[str, str]], StepResult]:
    return lambda ids: proposal(*(move(ids[name], name, "Trips") for name in names))


ASK_PLAN = TurnOptions.model_validate({"approval": "plan"})
NEVER_ASK = TurnOptions.model_validate({"approval": "never"})
