"""Putting the state machine together."""

from __future__ import annotations

from typing import Any

from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph
from langgraph.types import Checkpointer

from pinakes.core.options import TurnOptions
from pinakes.graph.nodes import apply, approve, prepare, propose
from pinakes.graph.nodes.agent import agent_node, retry_policy
from pinakes.graph.nodes.apply import apply_node
from pinakes.graph.nodes.approve import approve_node
from pinakes.graph.nodes.dispatch import dispatch, dispatch_plan
from pinakes.graph.nodes.gather import gather_node
from pinakes.graph.nodes.plan import plan_node
from pinakes.graph.nodes.prepare import prepare_node
from pinakes.graph.nodes.propose import propose_node
from pinakes.graph.nodes.write import write_node
from pinakes.graph.resources import Resources
from pinakes.graph.state import ChatInput, ChatOutput, StepInput, TurnState

ChatGraph = CompiledStateGraph[TurnState, TurnOptions, ChatInput, ChatOutput]


def build_graph(resources: Resources, *, checkpointer: Checkpointer = None) -> ChatGraph:
    """Return the compiled state machine, an ordinary chat graph: messages in, an `AIMessage` last.

    Args:
        resources: The library, planner, writer and agents, bound for good.
        checkpointer: Where conversations are kept; None for none, or for the caller's when used as a subgraph.
    """
    names = [spec.card.name for spec in resources.agents]
    builder = StateGraph(
        TurnState, context_schema=TurnOptions, input_schema=ChatInput, output_schema=ChatOutput
    )
    builder.add_node("prepare", prepare_node(resources), destinations=prepare.WAYS)
    builder.add_node("plan", plan_node(resources))
    _add_agents(builder, resources)
    builder.add_node("gather", gather_node(resources))
    builder.add_node("propose", propose_node(resources), destinations=propose.WAYS)
    builder.add_node("approve", approve_node(resources), destinations=approve.WAYS)
    builder.add_node("apply", apply_node(resources), destinations=apply.WAYS)
    builder.add_node("write", write_node(resources))
    builder.add_edge(START, "prepare")
    builder.add_conditional_edges("plan", dispatch_plan, [*names, "propose", "write"])
    builder.add_conditional_edges("gather", dispatch, [*names, "propose", "write"])
    builder.add_edge("write", END)
    compiled = builder.compile(checkpointer=checkpointer, name="pinakes")
    return compiled.with_config(max_concurrency=resources.limits.parallel_steps)


def _add_agents(builder: StateGraph[Any, Any, Any, Any], resources: Resources) -> None:
    retry = retry_policy(resources.limits)
    for spec in resources.agents:
        name = spec.card.name
        node = agent_node(spec, resources)
        builder.add_node(name, node, input_schema=StepInput, retry_policy=retry)
        builder.add_edge(name, "gather")
