"""A turn runner over a real catalog and real checkpoints, whose planner, agents and writer are scripted."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pinakes.agents.cards import CARDS
from pinakes.agents.spec import AgentContext, AgentSpec
from pinakes.client.chats import ChatResource
from pinakes.client.checkpoints import open_checkpointer
from pinakes.client.turns import TurnRunner
from pinakes.core.chat import Answer, Passage, SessionRecord, WriteRequest
from pinakes.core.events import Envelope
from pinakes.core.evidence import Evidence
from pinakes.core.files import MediaType
from pinakes.core.plans import Plan, PlanRequest, StepResult, Task
from pinakes.graph.build import ChatGraph, build_graph
from pinakes.graph.resources import Resources
from pinakes.library.adapters.sql import SqlCatalog
from pinakes.testing.scripted import steps

WORDS = "The red tractor stands in the barn by the river."


class ShelfLibrary:
    """The calls of `Library` that graph and client make in a turn."""

    def __init__(self, catalog: SqlCatalog) -> None:
        self.catalog = catalog

    async def thumbnail(self, file_id: str) -> bytes | None:
        return None

    async def passages(self, evidence: Sequence[Evidence]) -> list[Passage]:
        return [Passage(evidence=piece, text=piece.quote) for piece in evidence]


class OneSearchPlanner:
    """Every question is one search for pictures."""

    def __init__(self) -> None:
        self.requests: list[PlanRequest] = []

    async def plan(self, request: PlanRequest) -> Plan:
        self.requests.append(request)
        return steps(("image_search", request.question)).model_copy(update={"id": ""})


class WordWriter:
    """Streams `text` word by word; waits for `gate` before the word at `stop_at`, or the last."""

    name = "words"

    def __init__(self, text: str = WORDS) -> None:
        self.text = text
        self.gate = asyncio.Event()
        self.gate.set()
        self.stop_at = 3
        self.requests: list[WriteRequest] = []
        self.error: Exception | None = None

    async def write(self, request: WriteRequest) -> AsyncIterator[str | Answer]:
        self.requests.append(request)
        words = self.text.split(" ")
        for number, word in enumerate(words):
            if number == min(self.stop_at, len(words) - 1):
                await self.gate.wait()
                if self.error:
                    raise self.error
            yield word if number == 0 else f" {word}"
        yield Answer(content=self.text, file_ids=("f1",), writer=self.name)


async def search(task: Task, context: AgentContext) -> StepResult:
    context.report("Looking")
    piece = Evidence(
        id=f"{task.step.id}.1",
        media_type=MediaType.IMAGE,
        file_id="f1",
        filename="a.jpg",
        why="red",
        score=0.9,
    )
    return StepResult(step_id=task.step.id, agent=task.step.agent, evidence=(piece,), file_ids=("f1",))


@dataclass
class Stage:
    catalog: SqlCatalog
    graph: ChatGraph
    runner: TurnRunner
    chats: ChatResource
    planner: OneSearchPlanner
    writer: WordWriter

    async def session(self) -> str:
        return (await self.chats.create_session()).id

    async def all_events(self, turn_id: str, after: int = 0) -> list[Envelope]:
        return [envelope async for envelope in self.runner.events(turn_id, after=after)]


@asynccontextmanager
async def open_stage(folder: Path, **settings: Any) -> AsyncIterator[Stage]:
    writer, planner = settings.pop("writer", None) or WordWriter(), OneSearchPlanner()
    catalog = await SqlCatalog.open(f"sqlite+aiosqlite:///{folder / 'catalog.sqlite'}", "t")
    library: Any = ShelfLibrary(catalog)
    agents = tuple(AgentSpec(card, search if card.name == "image_search" else None) for card in CARDS)
    resources = Resources(library=library, planner=planner, writer=writer, agents=agents)
    try:
        async with open_checkpointer(folder / "checkpoints.sqlite") as checkpointer:
            graph = build_graph(resources, checkpointer=checkpointer)
            async with TurnRunner(graph, library, **settings) as runner:
                yield Stage(catalog, graph, runner, ChatResource(library, runner), planner, writer)
    finally:
        await catalog.aclose()


def record(session_id: str) -> SessionRecord:
    now = datetime.now(UTC)
    return SessionRecord(id=session_id, created_at=now, updated_at=now)


async def until(condition: Callable[[], Any], seconds: float = 60.0) -> None:
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0.005)
