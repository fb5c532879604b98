"""What 200 turns of one conversation cost on disk, and how long coming back to it takes.

The real graph and saver with instant agents: 25 references found a turn, five of them cited, answers of 800
characters. The peer keeps the same messages in LangGraph's plain channel, saved after every step, with three nodes
and none of the references.

    python benchmarks/bench_checkpoints.py [--turns 200] [--peer]
"""

from __future__ import annotations

import argparse
import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from langchain_core.messages import AIMessage
from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver
from langgraph.graph import START, MessagesState, StateGraph

from pinakes.agents.cards import CARDS
from pinakes.agents.spec import AgentContext, AgentSpec
from pinakes.client.checkpoints import open_checkpointer
from pinakes.core.chat import Answer, Passage, WriteRequest
from pinakes.core.evidence import Citation, Evidence
from pinakes.core.files import Inventory, Locator, MediaType
from pinakes.core.ids import derived_id
from pinakes.core.plans import Plan, PlanRequest, StepResult, Task
from pinakes.graph.build import build_graph
from pinakes.graph.resources import Resources
from pinakes.testing.scripted import steps

QUESTION = (
    "Which of the pumps in hall two were serviced after the spring inspection, and what was found? Turn "
)
ANSWER = (
    "The drive-end bearing of pump P-104 was greased with thirty grams after 2,000 hours of running. " * 9
)
REFERENCES, CITED = 25, 5


class Shelf:
    async def inventory(self) -> Inventory:
        return Inventory()


class ShelfLibrary:
    catalog = Shelf()

    async def passages(self, evidence: Sequence[Evidence]) -> list[Passage]:
        return [Passage(evidence=piece, text=piece.quote) for piece in evidence]


class TwoSearches:
    async def plan(self, request: PlanRequest) -> Plan:
        plan = steps(("document_search", request.question), ("image_search", request.question))
        return plan.model_copy(update={"id": ""})


class LongWriter:
    name = "bench"

    async def write(self, request: WriteRequest) -> AsyncIterator[str | Answer]:
        text = ANSWER[:800]
        found = [passage.evidence for passage in request.passages]
        citations = tuple(
            Citation(mark=f"[[doc:{e.file_id[:8]}|{e.filename}|p:3]]", evidence=e) for e in found
        )
        yield text
        file_ids = tuple(e.file_id for e in found)
        refs = {"found": {"count": len(file_ids), "ids": list(file_ids)}}
        yield Answer(content=text, citations=citations[:CITED], result_refs=refs, file_ids=file_ids)


async def search(task: Task, context: AgentContext) -> StepResult:
    number = REFERENCES // 2 + (task.step.agent == "image_search")
    evidence = tuple(_piece(task, rank) for rank in range(number))
    return StepResult(step_id="", agent="", evidence=evidence, file_ids=tuple(e.file_id for e in evidence))


def _piece(task: Task, rank: int) -> Evidence:
    file_id = derived_id(task.question, task.step.agent, str(rank))
    return Evidence(
        id=f"{task.step.id}.{rank}",
        media_type=MediaType.DOCUMENT,
        file_id=file_id,
        filename=f"service-report-{rank}.pdf",
        chunk_id=derived_id(file_id, "3"),
        quote=ANSWER[:200],
        locator=Locator(page=3, box=(0.12, 0.31, 0.87, 0.36)),
        score=0.71,
        why="pump, bearing, grease",
    )


def real_graph(checkpointer: Any) -> Any:
    library: Any = ShelfLibrary()
    agents = tuple(AgentSpec(card, search if card.name.endswith("_search") else None) for card in CARDS)
    resources = Resources(library=library, planner=TwoSearches(), writer=LongWriter(), agents=agents)
    return build_graph(resources, checkpointer=checkpointer)


def plain_graph(checkpointer: AsyncSqliteSaver) -> Any:
    async def nothing(state: MessagesState) -> dict[str, Any]:
        return {}

    async def write(state: MessagesState) -> dict[str, Any]:
        return {"messages": [AIMessage(ANSWER[:800])]}

    builder = StateGraph(MessagesState)
    builder.add_sequence([("prepare", nothing), ("plan", nothing), ("write", write)])
    builder.add_edge(START, "prepare")
    return builder.compile(checkpointer=checkpointer)


def bytes_in(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.iterdir())


async def measure(name: str, make: Any, turns: int, durability: str) -> None:
    with TemporaryDirectory() as folder:
        path, config = Path(folder) / "checkpoints.sqlite", {"configurable": {"thread_id": "bench"}}
        async with open_checkpointer(path) as saver:
            graph, started = make(saver), time.perf_counter()
            for turn in range(turns):
                asked = {"messages": [("user", f"{QUESTION}{turn}")]}
                await graph.ainvoke(asked, config, durability=durability)
            ran = time.perf_counter() - started
        size = bytes_in(Path(folder))
        async with open_checkpointer(path) as saver:
            graph, started = make(saver), time.perf_counter()
            kept = len((await graph.aget_state(config)).values["messages"])
            back = time.perf_counter() - started
    print(f"{name:34} {size / 1e6:8.2f} MB {ran / turns * 1000:8.1f} ms {back * 1000:8.1f} ms {kept:9}")


async def main(turns: int, peer: bool) -> None:
    print(f"{turns} turns{'':25} {'on disk':>11} {'a turn':>11} {'come back':>11} {'messages':>9}")
    await measure("pinakes (delta messages, exit)", real_graph, turns, "exit")
    if peer:
        await measure("plain messages, async durability", plain_graph, turns, "async")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--turns", type=int, default=200)
    parser.add_argument("--peer", action="store_true", help="measure the plain channel too")
    options = parser.parse_args()
    asyncio.run(main(options.turns, options.peer))
