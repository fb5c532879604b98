"""A planner over the shipped embedder, shared by the module's tests."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from pinakes.agents.cards import CARDS
from pinakes.agents.planning.compile import compile_plan
from pinakes.agents.planning.local import LocalPlanner
from pinakes.core.plans import Plan, PlanRequest
from pinakes.models.minilm import MiniLmEmbedder

DATA = Path(__file__).parent / "data"
PlanIt = Callable[..., Awaitable[Plan]]


@pytest.fixture(scope="session")
def planner() -> LocalPlanner:
    return LocalPlanner(MiniLmEmbedder(threads=1))


@pytest.fixture
def plan(planner: LocalPlanner) -> PlanIt:
    async def plan_it(question: str, *history: str, **fields: Any) -> Plan:
        request = PlanRequest(question=question, history=history, **fields)
        return compile_plan(await planner.plan(request), CARDS)

    return plan_it


def rows(name: str) -> list[dict[str, Any]]:
    """Return a labelled set."""
    return [json.loads(line) for line in (DATA / name).read_text(encoding="utf-8").splitlines()]


def behind(plan: Plan, agent: str) -> set[str]:
    """Return the agents whose results an agent's steps wait for, however far up."""
    by_id = {step.id: step for step in plan.steps}
    waiting = [name for step in plan.steps if step.agent == agent for name in step.depends_on]
    names: set[str] = set()
    while waiting:
        names.add(name := waiting.pop())
        waiting += by_id[name].depends_on
    return {by_id[name].agent for name in names}


def agents(plan: Plan) -> list[str]:
    """Return the agents of a plan's steps, in order."""
    return [step.agent for step in plan.steps]
