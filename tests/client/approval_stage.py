"""A turn runner over a real library folder, whose folder agent moves what lies loose to a folder."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pinakes.agents.cards import CARDS
from pinakes.agents.spec import AgentContext, AgentSpec
from pinakes.client.chats import ChatResource
from pinakes.client.checkpoints import open_checkpointer
from pinakes.client.turns import TurnRunner
from pinakes.core.changes import Change, ChangeAction, FileState
from pinakes.core.chat import Answer, WriteRequest
from pinakes.core.events import Envelope
from pinakes.core.files import Chunk, FileFilter, MediaType, Reading
from pinakes.core.plans import Plan, PlanRequest, StepResult, Task
from pinakes.graph.build import ChatGraph, build_graph
from pinakes.graph.resources import Limits, Resources
from pinakes.library.adapters.disk_blobs import DiskBlobs
from pinakes.library.adapters.edge_index import EdgeIndex
from pinakes.library.adapters.sql import SqlCatalog
from pinakes.library.library import Library
from pinakes.testing.fakes import HashEmbedder, HashTerms
from pinakes.testing.scripted import steps

OWNER = "the process that has the library open"
NAMES = ("a.txt", "b.txt", "c.txt")


class WordPlanner:
    """Questions with "sort" go to the folder agent, others to chat."""

    name = "words"

    async def plan(self, request: PlanRequest) -> Plan:
        agent = "folder_management" if "sort" in request.question.lower() else "chat"
        return steps((agent, request.question)).model_copy(update={"id": ""})


class TellingWriter:
    """Says what the steps say."""

    name = "telling"

    async def write(self, request: WriteRequest) -> AsyncIterator[str | Answer]:
        text = "\n\n".join(r.text or (r.error.message if r.error else "-") for r in request.results)
        for word in text.split(" "):
            yield f"{word} "
        yield Answer(content=text, writer=self.name)


async def sort(task: Task, context: AgentContext) -> StepResult:
    """Move loose files to Sorted, or to the folder that a refinement ends with."""
    target = task.refinements[-1].rsplit(" ", 1)[-1] if task.refinements else "Sorted"
    page = await context.library.catalog.list_files(FileFilter(), order="filename")
    loose = [record for record in page.items if record.folder_path == ""]
    changes = tuple(_move(record.id, record.filename, record.tags, target) for record in loose)
    return StepResult(step_id=task.step.id, agent=task.step.agent, text="Sorting.", changes=changes)


def _move(file_id: str, filename: str, tags: tuple[str, ...], target: str) -> Change:
    before = FileState(filename=filename, tags=tags)
    return Change(
        id=f"m-{filename}",
        action=ChangeAction.MOVE,
        file_id=file_id,
        before=before,
        after=before.model_copy(update={"folder_path": target, "filename": f"sorted-{filename}"}),
    )


async def talk(task: Task, context: AgentContext) -> StepResult:
    return StepResult(step_id=task.step.id, agent=task.step.agent, text="Hello.")


@dataclass
class Stage:
    library: Library
    catalog: SqlCatalog
    graph: ChatGraph
    runner: TurnRunner
    chats: ChatResource

    async def fill(self) -> dict[str, str]:
        ids = {}
        for name in NAMES:
            known: Any = {"content_type": "text/plain", "media_type": MediaType.DOCUMENT}
            record = await self.library.accept_bytes(name.encode(), name, **known)
            chunk = Chunk(id=f"{record.id}.0", file_id=record.id, ordinal=0, text=f"text of {name}")
            await self.library.store_reading(record.id, Reading(chunks=(chunk,)))
            ids[name] = record.id
        return ids

    async def session(self) -> str:
        return (await self.chats.create_session()).id

    async def all_events(self, turn_id: str, after: int = 0) -> list[Envelope]:
        return [envelope async for envelope in self.runner.events(turn_id, after=after)]

    async def places(self) -> dict[str, str]:
        page = await self.catalog.list_files(FileFilter(), order="filename")
        return {record.filename.removeprefix("sorted-"): record.folder_path for record in page.items}

    async def journal(self) -> int:
        return len(await self.catalog.history())


@asynccontextmanager
async def open_stage(folder: Path, **settings: Any) -> AsyncIterator[Stage]:
    catalog = await SqlCatalog.open(f"sqlite+aiosqlite:///{folder / 'catalog.sqlite'}", "t")
    embedder = HashEmbedder()
    index = await EdgeIndex.open(folder / "index", embedder.dimensions)
    library = Library("t", catalog, DiskBlobs(folder / "blobs"), index, embedder, HashTerms())
    runs = {"folder_management": settings.pop("sort", sort), "chat": talk}
    agents = tuple(AgentSpec(card, runs.get(card.name)) for card in CARDS)
    limits = Limits(**settings.pop("limits", {}))
    resources = Resources(
        library=library, planner=WordPlanner(), writer=TellingWriter(), agents=agents, limits=limits
    )
    try:
        async with open_checkpointer(folder / "checkpoints.sqlite") as checkpointer:
            graph = build_graph(resources, checkpointer=checkpointer)
            async with TurnRunner(graph, library, **settings) as runner:
                yield Stage(library, catalog, graph, runner, ChatResource(library, runner))
    finally:
        await library.aclose()
