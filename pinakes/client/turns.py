"""Running turns: each in a task that the client owns, so that no reader's coming or going disturbs it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Self

from langchain_core.messages import AnyMessage

from pinakes.client.leases import Leases
from pinakes.client.proposals import Proposals, recorded
from pinakes.client.readers import Readers
from pinakes.client.reconcile import Reconciler, asked_for, end_turn, settle_unfinished
from pinakes.client.segments import Answered, Segment
from pinakes.client.turn_log import TurnLog, restore
from pinakes.core.approvals import Approval, Decision
from pinakes.core.chat import TurnStatus
from pinakes.core.errors import SessionBusyError
from pinakes.core.events import (
    Cancelled,
    Complete,
    Envelope,
    Event,
    Failed,
    Status,
)
from pinakes.core.failpoints import reach
from pinakes.core.ids import new_id
from pinakes.core.options import TurnOptions
from pinakes.graph.build import ChatGraph
from pinakes.graph.messages import check_question
from pinakes.library.library import Library

_log = logging.getLogger(__name__)


def _utc_now() -> datetime:
    return datetime.now(UTC)


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
        self._live: dict[str, Segment] = {}
        self._last_good: dict[str, str] = {}
        self._proposals = Proposals(library, now)
        self._readers = Readers(self._catalog, self._live, self._proposals, self.settle)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    @property
    def graph(self) -> ChatGraph:
        """The state machine."""
        return self._graph

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
        segment = self._segment(turn_id or new_id(), session_id, question)
        segment.options = options or TurnOptions()
        async with self._leased(segment):
            segment.missing = await self._catch_up(session_id)
            await self._catalog.add_turn(segment.id, session_id, question)
            segment.log.append(segment.translator.opening())
        return segment.id

    async def decide(self, session_id: str, plan_id: str, decision: Decision) -> tuple[str, int]:
        """Claim a decision on an open proposal and let its turn go on.

        Returns:
            The turn's id, and the sequence number after which its events are new.

        Raises:
            ResourceNotFoundError: There is no such proposal in this session.
            PlanDecidedError, PlanExpiredError: It can no longer be decided.
            ChangeError, PlanError: An edit cannot be used; the proposal stays open.
            SessionBusyError: Another turn still ran after `wait_seconds`.
        """
        approval = await self._proposals.undecided(session_id, plan_id)
        await self._proposals.check(approval, decision)
        turn = await self._catalog.get_turn(approval.turn_id)
        segment = self._segment(turn.id, session_id, turn.question)
        async with self._leased(segment):
            segment.missing = await self._catch_up(session_id)
            seen = await self._claim(segment, approval, decision)
        return segment.id, seen

    async def _claim(self, segment: Segment, approval: Approval, decision: Decision) -> int:
        """Claim the decision and make the segment go on with it; an expired proposal goes on to say so."""
        response = await self._proposals.claim(approval, decision)
        segment.answered = Answered(approval, response)
        return await self._go_on(segment)

    async def _go_on(self, segment: Segment) -> int:
        seen = restore(await self._catalog.events(segment.id))
        segment.log = self._log_of(segment.id, seen)
        segment.remember(seen)
        segment.log.append([Status(phase="deciding", message="Going on with the decision")])
        return len(seen)

    async def events(self, turn_id: str, *, after: int = 0) -> AsyncIterator[Envelope]:
        """Yield a turn's events after a sequence number, up to the closing one, whoever runs the turn.

        Raises:
            ResourceNotFoundError: There is no such turn.
        """
        async for envelope in self._readers.read(turn_id, after):
            yield envelope

    async def cancel(self, turn_id: str) -> bool:
        """Stop a turn of this process and wait until it has ended; False if it runs here no more."""
        live = self._live.get(turn_id)
        if live is None or live.task is None:
            return False
        live.stop()
        await asyncio.wait([live.task])
        return True

    async def cancel_in(self, session_id: str) -> bool:
        """Stop what this process answers in a session and wait until it has ended; False if that is nothing."""
        running = [live.id for live in self._live.values() if live.session_id == session_id]
        return any([await self.cancel(turn_id) for turn_id in running])

    async def settle(self, session_id: str) -> None:
        """See to the turns that a killed process left: close them, or follow the decision that was made in them.

        Does nothing while someone runs a turn in the session.
        """
        if not await self._is_unsettled(session_id):
            return
        try:
            await self._leases.take(session_id, wait_seconds=0, lost=lambda: None)
        except SessionBusyError:
            return
        try:
            await self._reconcile(session_id)
        finally:
            await self._leases.release(session_id)

    async def _is_unsettled(self, session_id: str) -> bool:
        turns = [turn for turn in await self._catalog.turns(session_id) if turn.id not in self._live]
        if any(turn.status is TurnStatus.RUNNING for turn in turns):
            return True
        waits = {asked_for(turn) for turn in turns if turn.status is TurnStatus.PENDING_APPROVAL}
        if not waits:
            return False
        return not waits <= {a.plan_id for a in await self._catalog.open_approvals(session_id)}

    async def _reconcile(self, session_id: str) -> list[AnyMessage]:
        """Make the session's turns whole, with its lease held, and return what its checkpoint lacks."""
        reconciler = Reconciler(self._catalog, self._graph, session_id, self._now)
        for loose in await reconciler.close():
            segment = self._segment(loose.turn.id, session_id, loose.turn.question)
            segment.answered = Answered(loose.approval, recorded(loose.approval))
            segment.missing = await reconciler.missing()
            await self._go_on(segment)
            self._live[segment.id] = segment
            segment.begin(self._graph)
            await self._finish(segment)
        await reconciler.close_answered()
        return await reconciler.missing()

    async def aclose(self) -> None:
        """Cancel what still runs and wait for its end."""
        tasks = [live.task for live in self._live.values() if live.task is not None]
        for live in list(self._live.values()):
            live.stop()
        if tasks:
            await asyncio.wait(tasks)

    @asynccontextmanager
    async def _leased(self, segment: Segment) -> AsyncIterator[None]:
        """Hold the session while a segment is made ready, then run it in a task of its own that gives it back."""
        session_id = segment.session_id
        await self._leases.take(
            session_id, wait_seconds=self._wait_seconds, lost=lambda: segment.stop(_taken_over())
        )
        try:
            yield
        except BaseException:
            await self._leases.release(session_id)
            raise
        self._live[segment.id] = segment
        segment.begin(self._graph)
        segment.task = asyncio.create_task(self._see_through(segment))

    def _segment(self, turn_id: str, session_id: str, question: str) -> Segment:
        return Segment(turn_id, session_id, question, self._log_of(turn_id))

    def _log_of(self, turn_id: str, seen: Sequence[Envelope] = ()) -> TurnLog:
        return TurnLog(turn_id, self._catalog, now=self._now, flush_seconds=self._flush_seconds, seen=seen)

    async def _catch_up(self, session_id: str) -> list[AnyMessage]:
        last = await self._catalog.turns(session_id, limit=1)
        if not last or (
            last[0].id == self._last_good.get(session_id) and last[0].status is TurnStatus.COMPLETE
        ):
            return []
        return await self._reconcile(session_id)

    async def _see_through(self, segment: Segment) -> None:
        try:
            await self._finish(segment, self._leases.release(segment.session_id))
        except Exception:
            _log.exception("the end of a turn could not be saved")

    async def _finish(self, segment: Segment, release: Coroutine[Any, Any, None] | None = None) -> None:
        """Wait for a segment's end, save it, and only then show it."""
        closing = await segment.closing()
        sealed = segment.log.seal(closing)
        try:
            await segment.log.save_all(sealed)
            await end_turn(self._catalog, segment.id, closing, segment.translator.accumulated)
            reach("turn.saved")
            await self._tidy(segment, closing)
            if closing.type == "complete":
                self._last_good[segment.session_id] = segment.id
        finally:
            if release is not None:
                await release
            del self._live[segment.id]
            segment.log.close(sealed)

    async def _tidy(self, segment: Segment, closing: Event) -> None:
        """See to the approval that this segment, or a message in it, has decided."""
        if segment.answered and isinstance(closing, Failed | Cancelled):
            await settle_unfinished(self._catalog, segment.answered.approval)
        if not isinstance(closing, Complete) or "changes" in closing.metadata:
            reconciler = Reconciler(self._catalog, self._graph, segment.session_id, self._now)
            await reconciler.close_answered()


def _taken_over() -> SessionBusyError:
    return SessionBusyError(
        "This process was too slow to keep its session; another one took it over. Ask again."
    )
