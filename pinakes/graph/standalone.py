"""Running a plan without a conversation: the same nodes and waves, up to the last step's result."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import aclosing
from dataclasses import replace
from typing import Any, NamedTuple

from langchain_core.messages import HumanMessage

from pinakes.core.ids import new_id
from pinakes.core.options import TurnOptions
from pinakes.core.plans import Plan, PlanRequest, StepResult
from pinakes.core.usage import Spent
from pinakes.graph.build import build_graph
from pinakes.graph.metering import read_usage
from pinakes.graph.progress import in_plan_order
from pinakes.graph.resources import Resources
from pinakes.graph.state import ChatInput, read_results


class GivenPlan:
    """A planner that answers every question with the plan it was made with."""

    name = "given"

    def __init__(self, plan: Plan) -> None:
        self._plan = plan

    async def plan(self, request: PlanRequest) -> Plan:
        """Return the plan."""
        return self._plan


class Ran(NamedTuple):
    """What came of a plan: the results in its order, and what model calls cost."""

    results: tuple[StepResult, ...]
    spent: Spent


async def run_steps(resources: Resources, plan: Plan, options: TurnOptions) -> Ran:
    """Run a compiled plan's steps; proposals stay proposals.

    The graph is left when the last result is there, so nothing is asked, changed or written. The selections of
    the options are what steps without inputs start from.
    """
    graph = build_graph(replace(resources, planner=GivenPlan(plan), fallback=None))
    question = HumanMessage(content=plan.steps[-1].intent, id=new_id())
    results: dict[str, StepResult] = {}
    usage: dict[str, Spent] = {}
    running: Any = graph.astream(ChatInput(messages=[question]), context=options, stream_mode="updates")
    async with aclosing(running) as updates:
        async for update in updates:
            for node_update in update.values():
                results |= _found(node_update)
                usage |= _spent(node_update)
            if len(results) == len(plan.steps):
                break
    return Ran(in_plan_order(plan, results), sum(usage.values(), Spent()))


def _spent(update: Mapping[str, Any] | None) -> dict[str, Spent]:
    usage = (update or {}).get("usage")
    return read_usage(usage) if isinstance(usage, Mapping) else {}


def _found(update: Mapping[str, Any] | None) -> dict[str, StepResult]:
    results = (update or {}).get("results")
    return read_results(results) if isinstance(results, Mapping) else {}
