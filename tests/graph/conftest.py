"""A library without files, and graphs over it whose planner, agents and writer follow scripts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from pinakes.agents.cards import CARDS
from pinakes.agents.spec import AgentSpec
from pinakes.core.chat import Passage
from pinakes.core.evidence import Evidence
from pinakes.core.files import FilePage, Inventory
from pinakes.graph.build import ChatGraph, build_graph
from pinakes.graph.resources import Limits, Resources
from pinakes.testing.scripted import ScriptedAgent, ScriptedPlanner, ScriptedWriter


class EmptyCatalog:
    async def inventory(self) -> Inventory:
        return Inventory()

    async def list_files(self, *_: Any, **__: Any) -> FilePage:
        return FilePage(items=(), total=0)

    async def open_approvals(self, session_id: str) -> list[Any]:
        return []


class EmptyLibrary:
    """The calls of `Library` that the graph itself makes."""

    def __init__(self) -> None:
        self.catalog = EmptyCatalog()

    async def passages(self, evidence: Sequence[Evidence]) -> list[Passage]:
        return [Passage(evidence=piece, text=piece.quote) for piece in evidence]


@dataclass
class Scene:
    """A graph and the parts it was made of."""

    graph: ChatGraph
    planner: ScriptedPlanner
    writer: ScriptedWriter
    agents: Sequence[ScriptedAgent]

    async def ask(self, text: Any = "What is there?", **settings: Any) -> Any:
        """Run one turn and return its last message."""
        state = await self.graph.ainvoke({"messages": [("user", text)]}, **settings)
        return state["messages"][-1]

    def assert_used_up(self) -> None:
        for script in (self.planner, self.writer, *self.agents):
            script.assert_used_up()


def all_agents(*scripted: ScriptedAgent) -> tuple[AgentSpec, ...]:
    """The thirteen shipped cards, not available but for the scripted ones."""
    known = {agent.card.name: agent.spec for agent in scripted}
    return tuple(known.get(card.name, AgentSpec(card)) for card in CARDS)


@pytest.fixture
def scene() -> Callable[..., Scene]:
    def make(
        planner: ScriptedPlanner,
        writer: ScriptedWriter,
        *agents: ScriptedAgent,
        checkpointer: Any = None,
        **settings: Any,
    ) -> Scene:
        limits = Limits(**{"retry_after_s": 0.001, **settings.pop("limits", {})})
        resources = Resources(
            library=EmptyLibrary(),
            planner=planner,
            writer=writer,
            agents=all_agents(*agents),
            limits=limits,
            **settings,
        )
        return Scene(build_graph(resources, checkpointer=checkpointer), planner, writer, agents)

    return make
