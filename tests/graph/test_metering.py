"""What model calls cost: counted by node, kept over turns, bounded by budgets."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from langchain_core.language_models import FakeMessagesListChatModel
from langchain_core.messages import AIMessage
from langgraph.checkpoint.memory import InMemorySaver

from pinakes.core.errors import BudgetExceededError
from pinakes.core.options import Budget, TurnOptions
from pinakes.core.plans import StepResult
from pinakes.core.usage import Meter, Spent, current_calls
from pinakes.graph.state import merge_usage
from pinakes.testing.scripted import ScriptedAgent, ScriptedPlanner, ScriptedWriter, found, steps


def calling(times: int, tokens: int = 10) -> Callable[..., Any]:
    """An agent's act that makes calls as a role does, as many as it may."""

    async def act(task: Any, context: Any) -> StepResult:
        calls = current_calls()
        assert calls is not None
        for _ in range(times):
            try:
                calls.meter.admit(tokens)
            except BudgetExceededError:
                break
            await asyncio.sleep(0)
            calls.meter.charge(calls.node, Spent(input_tokens=tokens, output_tokens=1, call_count=1))
        return found(text="Done.")

    return act


def test_a_meter_counts_by_node_and_in_all() -> None:
    meter = Meter()
    for node in ("plan", "write", "write"):
        meter.admit()
        meter.charge(node, Spent(input_tokens=5, cached_tokens=2, call_count=1))
    assert meter.by_node["write"].call_count == 2
    assert (meter.total.call_count, meter.total.total_tokens, meter.total.cached_tokens) == (3, 15, 6)


@pytest.mark.parametrize("turn, session", [(Budget(max_calls=2), Budget()), (Budget(), Budget(max_calls=4))])
def test_calls_past_a_budget_do_not_begin(turn: Budget, session: Budget) -> None:
    meter = Meter(turn, session, session_before=Spent(call_count=2))
    meter.admit()
    meter.admit()
    with pytest.raises(BudgetExceededError, match=r"budget of \d model calls"):
        meter.admit()
    assert meter.exhausted is not None


def test_tokens_and_seconds_are_budgets_too() -> None:
    meter = Meter(Budget(max_tokens=100))
    meter.admit(100)
    meter.charge("plan", Spent(input_tokens=60, call_count=1))
    with pytest.raises(BudgetExceededError):
        meter.admit(41)
    time = [1.0]
    meter = Meter(Budget(max_seconds=5), started=0.0, now=lambda: time[0])
    assert meter.seconds_left == 4
    meter.admit()
    time[0] = 6.0
    with pytest.raises(BudgetExceededError, match="5 seconds"):
        meter.admit()


@given(st.lists(st.integers(0, 5), min_size=1, max_size=6), st.randoms())
def test_snapshots_of_one_meter_join_in_any_order(calls: list[int], random: Any) -> None:
    meter, seen = Meter(), []
    for number, times in enumerate(calls):
        for _ in range(times):
            meter.admit()
            meter.charge(f"n{number % 2}", Spent(call_count=1))
        seen.append({node: {"call_count": spent.call_count} for node, spent in meter.by_node.items()})
    last = seen[-1]
    random.shuffle(seen)
    joined: dict[str, Any] = {}
    for snapshot in seen:
        joined = merge_usage(joined, snapshot)
    assert joined == last


async def test_parallel_steps_share_the_turns_budget(scene: Callable[..., Any]) -> None:
    agents = [ScriptedAgent(name, calling(5)) for name in ("image_search", "document_search")]
    plan = steps(("image_search", "a"), ("document_search", "b"))
    stage = scene(ScriptedPlanner(plan), ScriptedWriter("Found."), *agents)
    answer = await stage.ask(context=TurnOptions(budget=Budget(max_calls=7)))
    usage = answer.response_metadata["usage"]
    assert usage["call_count"] == 7
    assert sum(spent["call_count"] for spent in usage["nodes"].values()) == 7
    assert answer.response_metadata["partial"]
    assert answer.text.startswith("Found.\n\nThe turn's budget of 7 model calls is used up.")


async def test_a_sessions_budget_goes_on_over_turns(scene: Callable[..., Any]) -> None:
    agent = ScriptedAgent("image_search", calling(2), calling(2))
    plans = [steps(("image_search", "a"))] * 2
    stage = scene(
        ScriptedPlanner(*plans), ScriptedWriter("One.", "Two."), agent, checkpointer=InMemorySaver()
    )
    thread = {"configurable": {"thread_id": "t"}}
    options = TurnOptions(session_budget=Budget(max_calls=3))
    first = await stage.ask(config=thread, context=options)
    second = await stage.ask(config=thread, context=options)
    assert [m.response_metadata["usage"]["call_count"] for m in (first, second)] == [2, 1]
    assert "session's budget" in second.text and not first.response_metadata["partial"]


async def test_models_of_ones_own_agents_are_counted_with_their_node(scene: Callable[..., Any]) -> None:
    usage = {
        "input_tokens": 7,
        "output_tokens": 3,
        "total_tokens": 10,
        "input_token_details": {"cache_read": 4},
    }
    model = FakeMessagesListChatModel(responses=[AIMessage("thought", usage_metadata=usage)])

    async def act(task: Any, context: Any) -> StepResult:
        await model.ainvoke("think")
        await model.ainvoke("count yourself", {"metadata": {"pinakes_counted": True}})
        return found(text="Done.")

    stage = scene(
        ScriptedPlanner(steps(("analytics", "a"))), ScriptedWriter("Ok."), ScriptedAgent("analytics", act)
    )
    answer = await stage.ask()
    assert answer.response_metadata["usage"]["nodes"] == {
        "analytics": {"input_tokens": 7, "output_tokens": 3, "cached_tokens": 4, "call_count": 1}
    }


async def test_reasoning_is_told_when_asked_for(scene: Callable[..., Any]) -> None:
    async def thoughts(debug: bool) -> list[str]:
        agent = ScriptedAgent("image_search", found("f1", text="A tractor."))
        stage = scene(ScriptedPlanner(steps(("image_search", "tractor"))), ScriptedWriter("Ok."), agent)
        parts = stage.graph.astream(
            {"messages": [("user", "tractor?")]},
            context=TurnOptions(debug_reasoning=debug),
            stream_mode="custom",
        )
        return [part["message"] async for part in parts if part["type"] == "thinking_step"]

    assert await thoughts(False) == []
    assert await thoughts(True) == ["tractor: ok, 1 file"]
