"""The planning node: question and conversation in, a compiled plan out, whatever the planner does."""

from __future__ import annotations

import logging
from typing import Any

from langgraph.runtime import Runtime

from pinakes.agents.planning.compile import MAX_INTENT, compile_plan
from pinakes.core.errors import PinakesError
from pinakes.core.events import Status, Warned
from pinakes.core.ids import derived_id
from pinakes.core.options import MAX_MESSAGE, TurnOptions
from pinakes.core.plans import Plan, PlanRequest, Step
from pinakes.graph.messages import earlier_questions
from pinakes.graph.metering import counted, write_usage
from pinakes.graph.resources import Resources
from pinakes.graph.seen import seen_inventory
from pinakes.graph.state import TurnNode, TurnState, dump, focus_of, options_of, turn_of
from pinakes.graph.stream import announce

_log = logging.getLogger(__name__)


def plan_node(resources: Resources) -> TurnNode:
    """Return the node."""

    async def plan(state: TurnState, runtime: Runtime[TurnOptions]) -> dict[str, Any]:
        announce(runtime, Status(phase="planning", message="Planning the answer"))
        request = await _request(state, resources)
        options = options_of(state)
        meter = resources.meters.of(turn_of(state).id, state, options)
        with counted("plan", meter, runtime, debug=options.debug_reasoning):
            made, broken = await _make(request, resources)
        if broken is not None:
            message = "The planner failed, so a simpler plan was used."
            announce(runtime, Warned(message=message, details=broken.to_dict()))
        plan_id = derived_id(turn_of(state).id, "plan")
        plan_made = dump(made.model_copy(update={"id": made.id or plan_id}))
        return {"plan": plan_made, "usage": write_usage(meter)}

    return plan


async def _request(state: TurnState, resources: Resources) -> PlanRequest:
    turn, options = turn_of(state), options_of(state)
    return PlanRequest(
        question=". ".join((turn.question, *state.get("refinements", ())))[:MAX_MESSAGE],
        history=earlier_questions(state["messages"], turn.id),
        focus=focus_of(state),
        inventory=await seen_inventory(resources.library, options),
        cards=resources.cards,
        options=options,
    )


async def _make(request: PlanRequest, resources: Resources) -> tuple[Plan, PinakesError | None]:
    """Return the first plan that compiles and the first error on the way to it."""
    broken: PinakesError | None = None
    for planner in (resources.planner, resources.fallback):
        if planner is None:
            continue
        try:
            return compile_plan(await planner.plan(request), resources.cards), broken
        except PinakesError as error:
            _log.warning("a plan was refused: %s", error.code)
            broken = broken or error
    return compile_plan(_chat_plan(request), resources.cards), broken


def _chat_plan(request: PlanRequest) -> Plan:
    step = Step(id="s1", agent="chat", intent=request.question[:MAX_INTENT])
    return Plan(id="", steps=(step,), source="fallback", confidence=0.0, reason="No planner gave a plan.")
