"""Counting what a turn's model calls cost, node by node, also those of agents that bring models of their own."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
from typing import Any
from uuid import UUID

from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.messages import AIMessage
from langchain_core.outputs import ChatGeneration, LLMResult
from langchain_core.tracers.context import register_configure_hook
from langgraph.runtime import Runtime

from pinakes.core.events import Usage
from pinakes.core.options import TurnOptions
from pinakes.core.usage import Calls, Meter, Spent, calls_counted
from pinakes.graph.stream import announce

COUNTED = "pinakes_counted"
"""Metadata of calls that count themselves."""

_KEPT = 1000


class Meters:
    """The meters of the turns that this process runs."""

    def __init__(self) -> None:
        self._by_turn: OrderedDict[str, Meter] = OrderedDict()

    def of(self, turn_id: str, state: Mapping[str, Any], options: TurnOptions) -> Meter:
        """Return a turn's meter; where another process began the turn, one that goes on from its state."""
        if turn_id not in self._by_turn:
            self._by_turn[turn_id] = Meter(
                options.budget,
                options.session_budget,
                before=read_usage(state.get("usage") or {}),
                session_before=Spent.model_validate(state.get("session_usage") or {}),
                started=state.get("started"),
            )
            while len(self._by_turn) > _KEPT:  # turns that were cancelled leave theirs behind
                self._by_turn.popitem(last=False)
        return self._by_turn[turn_id]

    def end(self, turn_id: str) -> None:
        """Forget a turn that has its answer."""
        self._by_turn.pop(turn_id, None)


def read_usage(dumps: Mapping[str, Any]) -> dict[str, Spent]:
    """Return what nodes spent from its dumps."""
    return {node: Spent.model_validate(spent) for node, spent in dumps.items()}


def write_usage(meter: Meter) -> dict[str, Any]:
    """Return what nodes spent as dumps, as the channel `usage` takes it."""
    return {
        node: spent.model_dump(mode="json", exclude_defaults=True) for node, spent in meter.by_node.items()
    }


@contextmanager
def counted(node: str, meter: Meter, runtime: Runtime[TurnOptions], *, debug: bool = False) -> Iterator[None]:
    """Count the model calls made in this context for a node, and tell of the sum when there were any."""
    before = meter.total
    counter = _COUNTER.set(ForeignCalls(node, meter))
    try:
        with calls_counted(Calls(node, meter, partial(announce, runtime), debug)):
            yield
    finally:
        _COUNTER.reset(counter)
        if meter.total != before:
            announce(runtime, usage_event(meter))


def usage_event(meter: Meter) -> Usage:
    """Return the event that tells what a turn has spent so far."""
    total = meter.total
    return Usage(
        input_tokens=total.input_tokens,
        output_tokens=total.output_tokens,
        cached_tokens=total.cached_tokens,
        call_count=total.call_count,
        estimated=total.estimated,
        nodes=write_usage(meter),
    )


class ForeignCalls(BaseCallbackHandler):
    """Counts LangChain models that do not count themselves: those of agents, planners and writers from outside."""

    ignore_chain = True
    run_inline = True

    def __init__(self, node: str, meter: Meter) -> None:
        self._node = node
        self._meter = meter
        self._known: set[UUID] = set()

    def on_chat_model_start(
        self,
        serialized: dict[str, Any],
        messages: list[list[Any]],
        *,
        run_id: UUID,
        metadata: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        """Note the calls that are counted elsewhere."""
        if (metadata or {}).get(COUNTED):
            self._known.add(run_id)

    def on_llm_end(self, response: LLMResult, *, run_id: UUID, **kwargs: Any) -> None:
        """Count one call and the tokens that its provider reports."""
        if run_id in self._known:
            self._known.discard(run_id)
            return
        spent = [_spent(generation) for batch in response.generations for generation in batch]
        total = sum(spent, Spent())
        self._meter.charge(self._node, total.model_copy(update={"call_count": 1}), admitted=False)


_COUNTER: ContextVar[ForeignCalls | None] = ContextVar("pinakes_foreign_calls", default=None)
register_configure_hook(_COUNTER, inheritable=True)


def _spent(generation: Any) -> Spent:
    message = generation.message if isinstance(generation, ChatGeneration) else None
    usage = message.usage_metadata if isinstance(message, AIMessage) else None
    if not usage:
        return Spent(estimated=True)
    cached = (usage.get("input_token_details") or {}).get("cache_read", 0)
    return Spent(
        input_tokens=usage["input_tokens"], output_tokens=usage["output_tokens"], cached_tokens=cached
    )
