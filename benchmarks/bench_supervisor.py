"""The same tasks through langgraph-supervisor, one `create_agent` with all tools, and Pinakes.

Their tools take a query and return the same short results. All talk to one server on loopback that takes 300 ms for an
answer and plays an ideal model: it hands over, calls tools and writes without a detour, and its texts are of the same
length for all. Counted are the prompts as they arrive (messages, tools, schemas), by one tokenizer, and wall time.

    pip install langchain langgraph-supervisor && python benchmarks/bench_supervisor.py
"""

from __future__ import annotations

import asyncio
import json
import logging
import tempfile
import time
import warnings
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from langchain_core.tools import BaseTool, StructuredTool
from tokenizers import Tokenizer

from pinakes import Pinakes, Settings
from pinakes.agents.cards import CARDS
from pinakes.library.library import Library
from pinakes.models.openai_chat import chat_model
from pinakes.testing import ModelServer
from pinakes.testing.model_replies import Reply, ToolCall
from pinakes.testing.model_requests import Asked
from pinakes.tools.toolkit import library_tools

ROOT = Path(__file__).resolve().parents[1]
LATENCY_S = 0.3
TOOL_OF = {
    "image_search": "search_images",
    "document_search": "search_documents",
    "document_analysis": "search_documents",
    "analytics": "count_files",
    "visual_analysis": "search_images",
}
FINDING = (
    "The manual of the pump asks for 85 Nm at its coupling bolts, and for a check of the torque after 50 hours; the "
    "incident report says that the pump ran on for six days after the seal had failed, at 4.2 bar, which cost 2,110.50 "
    "euros for parts, freight and cleaning."
)


@dataclass(frozen=True)
class Job:
    """A question, and what an ideal model makes of it: which agent, what it is asked, and what it waits for."""

    question: str
    parts: tuple[tuple[str, str, tuple[int, ...]], ...]


JOBS = (
    Job(
        "What torque do the coupling bolts of the HX-250 need?",
        (("document_search", "torque of the coupling bolts of the HX-250", ()),),
    ),
    Job(
        "Show me the photo of the discharge gauge and tell me how long P-104 went on running.",
        (
            ("image_search", "photo of the discharge gauge of P-104", ()),
            ("document_search", "how long P-104 went on running", ()),
        ),
    ),
    Job(
        "How many photos were taken in 2025, what did the failed seal cost, and which nameplates are there?",
        (
            ("analytics", "number of photos taken in 2025", ()),
            ("document_search", "what the failed seal of P-104 cost", ()),
            ("image_search", "photos of nameplates", ()),
        ),
    ),
    Job(
        "What do manual and incident report say of P-104, which photos show it, and how many files are there a year?",
        (
            ("document_search", "P-104 in the incident report", ()),
            ("document_search", "coupling bolts in the manual of the HX-250", ()),
            ("image_search", "photos of P-104", ()),
            ("analytics", "number of files in each year", ()),
        ),
    ),
)


@dataclass
class Cost:
    """What a run took."""

    calls: int = 0
    tokens: int = 0
    seconds: float = 0.0


def job_of(asked: Asked) -> Job:
    text = json.dumps(asked.json["messages"], ensure_ascii=False)
    return max(JOBS, key=lambda job: (job.question in text) * len(job.question))


def arguments(tool: str, intent: str) -> str:
    return json.dumps({"query": intent})


def tool_names(asked: Asked) -> list[str]:
    return [tool["function"]["name"] for tool in asked.json.get("tools", ())]


def called(asked: Asked) -> list[str]:
    messages = asked.json["messages"]
    return [call["function"]["name"] for m in messages for call in m.get("tool_calls") or ()]


def as_supervisor(asked: Asked) -> Reply:
    job, names = job_of(asked), tool_names(asked)
    if any(name.startswith("transfer_to_") for name in names):
        done = sum(name.startswith("transfer_to_") for name in called(asked))
        if done == len(job.parts):
            return Reply(text=FINDING)
        return Reply(tool_calls=[ToolCall(f"transfer_to_{job.parts[done][0]}", "{}", id=f"t{done}")])
    number = sum(name.startswith("transfer_to_") for name in called(asked)) - 1
    if asked.json["messages"][-1]["role"] == "tool" and names[0] in called(asked)[-1:]:
        return Reply(text=FINDING)
    agent, intent, _ = job.parts[max(number, 0)]
    tool = TOOL_OF[agent]
    return Reply(tool_calls=[ToolCall(tool, arguments(tool, intent), id=f"c{number}")])


def as_one_agent(asked: Asked) -> Reply:
    """Call all tools at once, then write: the best that a loop can do."""
    if asked.json["messages"][-1]["role"] == "tool":
        return Reply(text=FINDING)
    calls = [
        ToolCall(TOOL_OF[agent], arguments(TOOL_OF[agent], intent), id=f"c{n}")
        for n, (agent, intent, _) in enumerate(job_of(asked).parts)
    ]
    return Reply(tool_calls=calls)


def as_planner_and_writer(asked: Asked) -> Reply:
    if "json_schema" in str(asked.json.get("response_format")):
        steps = [
            {"agent": agent, "intent": intent, "after": list(needs)}
            for agent, intent, needs in job_of(asked).parts
        ]
        return Reply(form={"reason": "Each part has its agent.", "steps": steps})
    return Reply(text=FINDING.replace(";", " [E1];"))


def lean_tools(library: Library) -> dict[str, BaseTool]:
    """Return the library's tools without their filters, whose schemas are long: a query in, passages out."""

    def lean(tool: BaseTool) -> BaseTool:
        async def call(query: str) -> Any:
            given = {"measure": "count"} if tool.name == "count_files" else {"query": query, "limit": 5}
            return await tool.ainvoke(given)

        return StructuredTool.from_function(coroutine=call, name=tool.name, description=tool.description)

    return {tool.name: lean(tool) for tool in library_tools(library) if tool.name in TOOL_OF.values()}


async def supervised(client: Pinakes, model: Any) -> Callable[[str], Awaitable[Any]]:
    from langchain.agents import create_agent
    from langgraph_supervisor import create_supervisor

    tools = lean_tools(client.library)
    purposes = {card.name: card.purpose for card in CARDS}
    agents = [
        create_agent(model, [tools[tool]], name=name, system_prompt=f"You are {name}. {purposes[name]}")
        for name, tool in TOOL_OF.items()
    ]
    listed = "\n".join(f"- {name}: {purposes[name]}" for name in TOOL_OF)
    prompt = (
        f"You manage agents that work on a library of files. Hand over, then answer with sources.\n{listed}"
    )
    graph = create_supervisor(agents, model=model, prompt=prompt).compile()
    return lambda question: graph.ainvoke({"messages": [("user", question)]})


async def one_agent(client: Pinakes, model: Any) -> Callable[[str], Awaitable[Any]]:
    from langchain.agents import create_agent

    tools = list(lean_tools(client.library).values())
    graph = create_agent(model, tools, system_prompt="You answer from a library of files, with sources.")
    return lambda question: graph.ainvoke({"messages": [("user", question)]})


async def ours(client: Pinakes, model: Any) -> Callable[[str], Awaitable[Any]]:
    async def ask(question: str) -> Any:
        async with client.chat_session() as session:
            return await session.send(question)

    return ask


async def measure(
    folder: Path, respond: Callable[[Asked], Reply], make: Callable[..., Awaitable[Any]], planner: str
) -> list[Cost]:
    tokenizer = Tokenizer.from_file(str(ROOT / "pinakes" / "models" / "minilm" / "tokenizer.json"))
    tokenizer.no_truncation()
    costs = []
    async with ModelServer(respond=respond, latency_s=LATENCY_S) as server:
        settings = Settings(
            library=folder, model="test-model", model_base_url=server.url, planner=planner, ocr="none"
        )
        async with Pinakes(settings=settings) as client:
            model = chat_model("test-model", base_url=server.url, api_key="none", timeout_s=60)
            ask = await make(client, model)
            await ask(JOBS[0].question)  # imports, models and connections are not counted
            for job in JOBS:
                before, started = len(server.chats), time.perf_counter()
                await ask(job.question)
                arrived = server.chats[before:]
                spent = time.perf_counter() - started
                tokens = sum(len(tokenizer.encode(sent(asked)).ids) for asked in arrived)
                costs.append(Cost(len(arrived), tokens, spent))
    return costs


def sent(asked: Asked) -> str:
    """Return the prompt as it arrived: messages, tools, schema."""
    parts = {key: asked.json[key] for key in ("messages", "tools", "response_format") if key in asked.json}
    return json.dumps(parts, ensure_ascii=False)


def show(title: str, costs: Sequence[Cost], base: Sequence[Cost]) -> None:
    for number, (cost, peer) in enumerate(zip(costs, base, strict=True), 1):
        agents = len(JOBS[number - 1].parts)
        print(
            f"{title:24} {agents} agents  {cost.calls:3} calls  {cost.tokens:7,} prompt tokens "
            f"({cost.tokens / peer.tokens:5.2f})  {cost.seconds:6.2f} s ({cost.seconds / peer.seconds:4.2f})"
        )


async def main() -> None:
    warnings.filterwarnings("ignore")
    logging.disable(logging.WARNING)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        async with Pinakes(settings=Settings(library=folder, ocr="none")) as client:
            await client.files.upload_batch([ROOT / "examples" / "library"])
        base = await measure(folder, as_supervisor, supervised, "model")
        show("langgraph-supervisor", base, base)
        show("create_agent, all tools", await measure(folder, as_one_agent, one_agent, "model"), base)
        show("Pinakes, model plans", await measure(folder, as_planner_and_writer, ours, "model"), base)
        show("Pinakes, auto", await measure(folder, as_planner_and_writer, ours, "auto"), base)


if __name__ == "__main__":
    asyncio.run(main())
