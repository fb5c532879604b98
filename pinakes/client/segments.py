"""A turn as this process runs it: from its question, or from a decision, to the next event that closes."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any

from langchain_core.messages import AnyMessage, HumanMessage
from langchain_core.runnables import RunnableConfig
from langgraph.types import Command

from pinakes.client.turn_log import TurnLog
from pinakes.core.approvals import Approval, HitlResponse
from pinakes.core.errors import ChatError, PinakesError
from pinakes.core.events import Cancelled, Envelope, Event, Failed
from pinakes.core.options import TurnOptions
from pinakes.core.tracing import span
from pinakes.graph.build import ChatGraph
from pinakes.graph.meeting import DECISION
from pinakes.graph.state import ChatInput
from pinakes.graph.stream import STREAM_MODES, TurnTranslator

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Answered:
    """A decision that a segment goes on with."""

    approval: Approval
    response: HitlResponse


@dataclass
class Segment:
    """What is run of a turn now: `pump` is the work, which can be stopped; `task` sees to its end."""

    id: str
    session_id: str
    question: str
    log: TurnLog
    answered: Answered | None = None
    missing: Sequence[AnyMessage] = ()
    options: TurnOptions | None = None
    translator: TurnTranslator = field(init=False)
    pump: asyncio.Task[None] | None = None
    task: asyncio.Task[None] | None = None
    stopped_by: PinakesError | None = None
    started: float = field(default_factory=perf_counter)

    def __post_init__(self) -> None:
        self.translator = TurnTranslator(self.id, self.question)

    def begin(self, graph: ChatGraph) -> None:
        """Start the work."""
        self.pump = asyncio.create_task(self._pump(graph))

    def stop(self, reason: PinakesError | None = None) -> None:
        """End the run; without a reason that is a cancellation."""
        if self.pump is not None and not self.pump.done():
            self.stopped_by = reason
            self.pump.cancel()

    async def closing(self) -> Event:
        """Wait for the work to end and return the event that closes the segment.

        Where the event loop ends first, which cancels all tasks at once, that ends the work; the rest is seen to.
        """
        if self.pump is not None:
            try:
                await asyncio.wait([self.pump])
            except asyncio.CancelledError:
                self.stop()
                await asyncio.wait([self.pump])
        if self.pump is None or self.pump.cancelled():
            if self.stopped_by is not None:
                return _failed(self.stopped_by)
            return Cancelled(message_id=self.translator.message_id, content=self.translator.accumulated)
        error = self.pump.exception()
        if isinstance(error, Exception):
            return _failed(error)
        elapsed_ms = round((perf_counter() - self.started) * 1000)
        return self.translator.closing(elapsed_ms)

    def remember(self, seen: Sequence[Envelope]) -> None:
        """Take what the closing event needs from the segments before."""
        for envelope in seen:
            self.translator.remember(envelope.event)

    async def _pump(self, graph: ChatGraph) -> None:
        configurable: dict[str, Any] = {"thread_id": self.session_id}
        given = await self._input(graph, configurable)
        config: RunnableConfig = {"configurable": configurable}
        parts = graph.astream(
            given,
            config,
            context=self.options,
            stream_mode=STREAM_MODES,
            durability="exit",
            version="v2",
        )
        with span(
            "invoke_agent", "pinakes", agent__name="pinakes", conversation__id=self.session_id
        ) as watched:
            async for part in parts:
                self.log.append(self.translator.translate(part))
            watched.set("pinakes.turn_id", self.id)

    async def _input(self, graph: ChatGraph, configurable: dict[str, Any]) -> ChatInput | Command[str]:
        """Return what the graph is run with.

        A decision resumes the interrupt that waits for it. Where a later message has taken that away, or the
        checkpoint is lost, it is brought along instead: `prepare` goes on from the catalog's approval.
        """
        if self.answered is None:
            asked = HumanMessage(content=self.question, id=self.id)
            return ChatInput(messages=[*self.missing, asked])
        answered, thread = self.answered, dict(configurable)
        response = answered.response.model_dump(mode="json")
        by_message = answered.approval.turn_id != self.id
        if not self.missing and not by_message:
            state = await graph.aget_state({"configurable": thread})
            for interrupt in state.interrupts:
                if interrupt.value.get("plan_id") == answered.approval.plan_id:
                    return Command(resume={interrupt.id: response})
        plan_id = answered.approval.plan_id
        configurable[DECISION] = {"plan_id": plan_id, "turn_id": self.id, "response": response}
        messages: list[AnyMessage] = list(self.missing)
        if by_message and self.id not in {message.id for message in messages}:
            messages.append(HumanMessage(content=self.question, id=self.id))
        return ChatInput(messages=messages)


def _failed(error: Exception) -> Failed:
    if isinstance(error, PinakesError):
        return Failed(
            code=error.code, message=error.message, details=error.details, retryable=error.retryable
        )
    _log.exception("a turn failed", exc_info=error)
    return Failed(code=ChatError.code, message="The turn stopped on an internal error; see the log.")
