"""Stopping for a human's decision: the node does nothing but ask, since it runs again from the top when answered."""

from __future__ import annotations

from langgraph.runtime import Runtime
from langgraph.types import Command, interrupt

from pinakes.core.approvals import HitlResponse
from pinakes.core.failpoints import reach
from pinakes.core.options import TurnOptions
from pinakes.graph.asking import request_of, session_of
from pinakes.graph.deciding import Question, follow
from pinakes.graph.resources import Resources
from pinakes.graph.state import RoutingNode, TurnState, asked_of

WAYS = ("approve", "apply", "gather", "plan", "write")


def approve_node(resources: Resources) -> RoutingNode:
    """Return the node."""

    async def approve(state: TurnState, runtime: Runtime[TurnOptions]) -> Command[str]:
        approval = asked_of(state)
        if approval is None:
            return Command(goto="write")
        request = request_of(approval, state.get("problem", ""))
        response: HitlResponse = interrupt(request, response_schema=HitlResponse)
        reach("approve.resumed")
        goto, update = await follow(
            Question(resources, state, session_of(state, runtime), approval), response
        )
        return Command(goto=goto, update=update)

    return approve
