"""Where a turn goes next: every ready step to its agent's node, then to the answer."""

from __future__ import annotations

from langgraph.types import Send

from pinakes.core.plans import Task
from pinakes.graph.messages import question_of
from pinakes.graph.progress import inputs_of, ready_steps
from pinakes.graph.state import TurnState, dump, focus_of, options_of, plan_of, results_of


def dispatch(state: TurnState) -> list[Send] | str:
    """Return a `Send` for each ready step, or the name of the node that ends the turn."""
    results = results_of(state)
    ready = ready_steps(plan_of(state), results)
    if not ready:
        return "write"
    question, options, focus = question_of(state["messages"]), options_of(state), focus_of(state)
    tasks = [
        Task(step=step, question=question, options=options, focus=focus, inputs=inputs_of(step, results))
        for step in ready
    ]
    return [Send(task.step.agent, {"task": dump(task), "started": state["started"]}) for task in tasks]
