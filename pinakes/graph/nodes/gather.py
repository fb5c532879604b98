"""The join after a wave of agents: settles the steps that can no longer run."""

from __future__ import annotations

from typing import Any

from langgraph.runtime import Runtime

from pinakes.core.options import TurnOptions
from pinakes.graph.progress import abandoned_steps, skipped_steps
from pinakes.graph.resources import Resources
from pinakes.graph.state import TurnNode, TurnState, options_of, plan_of, results_of, write_results


def gather_node(resources: Resources) -> TurnNode:
    """Return the node."""
    cards = {card.name: card for card in resources.cards}

    async def gather(state: TurnState, runtime: Runtime[TurnOptions]) -> dict[str, Any]:
        plan, results = plan_of(state), results_of(state)
        if _out_of_time(state, resources):
            return {"results": write_results(abandoned_steps(plan, results, "The turn's time was up."))}
        return {"results": write_results(skipped_steps(plan, results, cards))}

    return gather


def _out_of_time(state: TurnState, resources: Resources) -> bool:
    limit = options_of(state).budget.max_seconds
    return limit is not None and resources.now().timestamp() - state["started"] > limit
