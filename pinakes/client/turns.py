"""Running turns: each in a task that the client owns, so that no reader's coming or going disturbs it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from time import perf_counter
from types import TracebackType
from typing import Self

from langchain_core.messages import AnyMessage, HumanMessage

from pinakes.client.leases import Leases
from pinakes.client.reconcile import end_turn, reconcile
from pinakes.client.turn_log import TurnLog, restore
from pinakes.client.usage import UsageCounter
from pinakes.core.chat import TurnStatus
from pinakes.core.errors import ChatError, PinakesError, SessionBusyError
from pinakes.core.events import CLOSING, Cancelled, Envelope, Event, Failed
from pinakes.core.ids import new_id
from pinakes.core.options import TurnOptions
from pinakes.graph.build import ChatGraph
from pinakes.graph.messages import check_question
from pinakes.graph.state import ChatInput
from pinakes.graph.stream import STREAM_MODES, TurnTranslator
from pinakes.library.library import Library

_log = logging.getLogger(__name__)

POLL_S = 0.25


def _utc_now() -> datetime:
    return datetime.now(UTC)


class _LiveTurn:
    """A turn that this process runs: `pump` is the work, which can be stopped; `task` sees to its end."""

    def __init__(self, turn_id: str, session_id: str, question: str, log: TurnLog) -> None:
        self.id = turn_id
        self.session_id = session_id
        self.question = question
        self.log = log
        self.translator = TurnTranslator(turn_id, question)
        self.usage = UsageCounter()
        self.pump: asyncio.Task[None] | None = None
        self.task: asyncio.Task[None] | None = None
        self.stopped_by: PinakesError | None = None

    def stop(self, reason: PinakesError | None = None) -> None:
        """End the run; without a reason that is a cancellation."""
        if self.pump is not None and not self.pump.done():
            self.stopped_by = reason
            self.pump.cancel()

    def closing(self, elapsed_ms: int) -> Event:
        """Return the event that the finished pump ends the turn with."""
        if self.pump is None or self.pump.cancelled():
            if self.stopped_by is not None:
                return _failed(self.stopped_by)
            return Cancelled(message_id=self.translator.message_id, content=self.translator.accumulated)
        error = self.pump.exception()
        if isinstance(error, Exception):
            return _failed(error)
        return self.translator.closing(elapsed_ms, self.usage.total)


class TurnRunner:
    """Runs turns, one at a time per session, and lets anyone follow them by their log.

    Args:
        graph: The state machine, with a checkpointer.
        library: Its catalog keeps questions, answers, logs and leases.
        owner: See `Leases`.
        wait_seconds: How long a second message in a session waits for the first one's turn; 0 refuses it at once.
        lease_seconds: How long a killed process's session stays locked for others.
        flush_seconds: How long events wait to be saved together.
    """

    def __init__(
        self,
        graph: ChatGraph,
        library: Library,
        *,
        owner: str | None = None,
        wait_seconds: float = 60.0,
        lease_seconds: float = 15.0,
        flush_seconds: float = 0.05,
        now: Callable[[], datetime] = _utc_now,
    ) -> None:
        self._catalog = library.catalog
        self._graph = graph
        self._leases = Leases(self._catalog, owner or new_id(), lease_seconds)
        self._wait_seconds = wait_seconds
        self._flush_seconds = flush_seconds
        self._now = now
        self._live: dict[str, _LiveTurn] = {}
        self._last_good: dict[str, str] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def start(
        self,
        session_id: str,
        question: str,
        options: TurnOptions | None = None,
        *,
        turn_id: str | None = None,
    ) -> str:
        """Accept a question, start its turn and return the turn's id; the question is saved before anything runs.

        Raises:
            ValidationError: The question is empty or too long.
            ResourceNotFoundError: There is no such session.
            SessionBusyError: An earlier turn still ran after `wait_seconds`.
        """
        check_question(question)
        await self._catalog.get_session(session_id)
        log_id = turn_id or new_id()
        log = TurnLog(log_id, self._catalog, now=self._now, flush_seconds=self._flush_seconds)
        turn = _LiveTurn(log_id, session_id, question, log)
        await self._leases.take(
            session_id, wait_seconds=self._wait_seconds, lost=lambda: turn.stop(_taken_over())
        )
        try:
            missing = await self._catch_up(session_id)
            await self._catalog.add_turn(turn.id, session_id, question)
        except BaseException:
            await self._leases.release(session_id)
            raise
        self._live[turn.id] = turn
        turn.log.append(turn.translator.opening())
        turn.pump = asyncio.create_task(self._pump(turn, missing, options or TurnOptions()))
        turn.task = asyncio.create_task(self._see_through(turn))
        return turn.id

    async def events(self, turn_id: str, *, after: int = 0) -> AsyncIterator[Envelope]:
        """Yield a turn's events after a sequence number, up to the closing one, whoever runs the turn.

        Raises:
            ResourceNotFoundError: There is no such turn.
        """
        live = self._live.get(turn_id)
        source = live.log.follow(after) if live else self._read(turn_id, after)
        async for envelope in source:
            yield envelope

    async def cancel(self, turn_id: str) -> bool:
        """Stop a turn of this process and wait until it has ended; False if it runs here no more."""
        live = self._live.get(turn_id)
        if live is None or live.task is None:
            return False
        live.stop()
        await asyncio.wait([live.task])
        return True

    async def settle(self, session_id: str) -> None:
        """Close turns that a killed process left running; does nothing while someone runs one."""
        last = await self._catalog.turns(session_id, limit=1)
        if not last or last[0].status is not TurnStatus.RUNNING or last[0].id in self._live:
            return
        try:
            await self._leases.take(session_id, wait_seconds=0, lost=lambda: None)
        except SessionBusyError:
            return
        try:
            await reconcile(self._catalog, self._graph, session_id, self._now)
        finally:
            await self._leases.release(session_id)

    async def aclose(self) -> None:
        """Cancel what still runs and wait for its end."""
        tasks = [live.task for live in self._live.values() if live.task is not None]
        for live in list(self._live.values()):
            live.stop()
        if tasks:
            await asyncio.wait(tasks)

    async def _catch_up(self, session_id: str) -> list[AnyMessage]:
        last = await self._catalog.turns(session_id, limit=1)
        if not last or last[0].id == self._last_good.get(session_id):
            return []
        return await reconcile(self._catalog, self._graph, session_id, self._now)

    async def _see_through(self, turn: _LiveTurn) -> None:
        started = perf_counter()
        if turn.pump is not None:
            await asyncio.wait([turn.pump])
        closing = turn.closing(round((perf_counter() - started) * 1000))
        sealed = turn.log.seal(closing)
        try:
            await turn.log.save_all(sealed)
            await end_turn(self._catalog, turn.id, closing, turn.translator.accumulated)
            if closing.type == "complete":
                self._last_good[turn.session_id] = turn.id
        except Exception:
            _log.exception("the end of a turn could not be saved")
        finally:
            await self._leases.release(turn.session_id)
            del self._live[turn.id]
            turn.log.close(sealed)

    async def _pump(self, turn: _LiveTurn, missing: list[AnyMessage], options: TurnOptions) -> None:
        messages: list[AnyMessage] = [*missing, HumanMessage(content=turn.question, id=turn.id)]
        parts = self._graph.astream(
            ChatInput(messages=messages),
            {"configurable": {"thread_id": turn.session_id}, "callbacks": [turn.usage]},
            context=options,
            stream_mode=STREAM_MODES,
            durability="exit",
            version="v2",
        )
        async for part in parts:
            turn.log.append(turn.translator.translate(part))

    async def _read(self, turn_id: str, after: int) -> AsyncIterator[Envelope]:
        """Follow a turn by what is saved of it, until it ends or its process turns out to be dead."""
        turn = await self._catalog.get_turn(turn_id)
        while True:
            seen = restore(await self._catalog.events(turn_id))
            for envelope in seen[after:]:
                yield envelope
            after = max(after, len(seen))
            if seen and seen[-1].event.type in CLOSING:
                return
            await self.settle(turn.session_id)
            await asyncio.sleep(POLL_S)


def _failed(error: Exception) -> Failed:
    if isinstance(error, PinakesError):
        return Failed(
            code=error.code, message=error.message, details=error.details, retryable=error.retryable
        )
    _log.exception("a turn failed", exc_info=error)
    return Failed(code=ChatError.code, message="The turn stopped on an internal error; see the log.")


def _taken_over() -> SessionBusyError:
    return SessionBusyError(
        "This process was too slow to keep its session; another one took it over. Ask again."
    )
