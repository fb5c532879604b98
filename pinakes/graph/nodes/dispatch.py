"""Where a turn goes next: every ready step to its agent's node, then to a proposal or to the answer."""

from __future__ import annotations

from langgraph.types import Send

from pinakes.core.options import Approval
from pinakes.core.plans import Plan, Task
from pinakes.graph.progress import inputs_of, ready_steps
from pinakes.graph.state import TurnState, dump, focus_of, options_of, plan_of, results_of, turn_of

_TALK = "chat"


def dispatch(state: TurnState) -> list[Send] | str:
    """Return a `Send` for each ready step, or the name of the node that comes after the last one."""
    results = results_of(state)
    ready = ready_steps(plan_of(state), results)
    if not ready:
        return "propose" if any(result.changes for result in results.values()) else "write"
    question, options, focus = turn_of(state).question, options_of(state), focus_of(state)
    refinements = tuple(state.get("refinements") or ())
    tasks = [
        Task(
            step=step,
            question=question,
            options=options,
            focus=focus,
            inputs=inputs_of(step, results),
            refinements=refinements,
        )
        for step in ready
    ]
    shared = {
        "turn_id": turn_of(state).id,
        "started": state["started"],
        "usage": state.get("usage") or {},
        "session_usage": state.get("session_usage") or {},
    }
    return [Send(task.step.agent, {"task": dump(task), **shared}) for task in tasks]


def dispatch_plan(state: TurnState) -> list[Send] | str:
    """Return what `dispatch` does, but where the plan itself has to be approved, the node that asks."""
    if options_of(state).approval is Approval.PLAN and _is_work(plan_of(state)):
        return "propose"
    return dispatch(state)


def _is_work(plan: Plan) -> bool:
    return any(step.agent != _TALK for step in plan.steps)
