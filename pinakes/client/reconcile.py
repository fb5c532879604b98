"""Making log, turns and checkpoint tell one story again after a process died or a turn was cut short."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from langchain_core.messages import AIMessage, AnyMessage, HumanMessage

from pinakes.core.approvals import Approval, ApprovalStatus
from pinakes.core.chat import TurnRecord, TurnStatus
from pinakes.core.events import CLOSING, Complete, Envelope, Event, Failed, PlanPendingApproval, Token
from pinakes.graph.build import ChatGraph
from pinakes.graph.messages import answer_id
from pinakes.graph.stream import complete, pending
from pinakes.ports.catalog import Catalog

INTERRUPTED = "The program ended before the answer was complete; ask again."


@dataclass(frozen=True)
class Loose:
    """A turn whose decision was claimed, by whoever, and whose end nobody has seen to."""

    turn: TurnRecord
    approval: Approval


class Reconciler:
    """Sees to what became of a session's turns; use it with the session's lease held: then none can be running."""

    def __init__(
        self, catalog: Catalog, graph: ChatGraph, session_id: str, now: Callable[[], datetime]
    ) -> None:
        self._catalog = catalog
        self._graph = graph
        self._session_id = session_id
        self._now = now

    async def close(self) -> list[Loose]:
        """Close the turns whose process died, but for those that have a decision to follow: return these."""
        turns = await self._catalog.turns(self._session_id)
        unended = [turn for turn in turns if turn.status in (TurnStatus.RUNNING, TurnStatus.PENDING_APPROVAL)]
        if not unended:
            return []
        known = await self._checkpointed()
        waiting = {a.turn_id: a for a in await self._catalog.open_approvals(self._session_id)}
        decided, elsewhere = await self._decided(turns, waiting)
        loose = []
        for turn in unended:
            if turn.id in waiting:
                await self._pause(turn, waiting[turn.id])
            elif turn.id in elsewhere:
                continue
            elif (answer := _finished(known.get(answer_id(turn.id)))) or turn.id not in decided:
                await self._close(turn, answer)
            else:
                loose.append(Loose(turn, decided[turn.id]))
        return loose

    async def missing(self) -> list[AnyMessage]:
        """Return the messages that the checkpoint lacks, oldest first."""
        turns = await self._catalog.turns(self._session_id)
        return _missing(turns, await self._checkpointed()) if turns else []

    async def close_answered(self) -> None:
        """Close the turns whose proposals were decided by a message, in that message's turn."""
        turns = await self._catalog.turns(self._session_id)
        others = {turn.id for turn in turns}
        for turn in turns:
            if turn.status is not TurnStatus.PENDING_APPROVAL:
                continue
            approval = await self._asked_in(turn)
            if approval and approval.claim in others - {turn.id}:
                await settle_unfinished(self._catalog, approval)
                await self._end(turn, _answered_elsewhere(turn, approval))

    async def _decided(
        self, turns: Sequence[TurnRecord], waiting: Container[str]
    ) -> tuple[dict[str, Approval], set[str]]:
        """Return decided approvals by the turn that has to see to them, and the turns that others answer for."""
        ids, decided, elsewhere = {turn.id for turn in turns}, dict[str, Approval](), set[str]()
        for turn in turns:
            if turn.status is not TurnStatus.PENDING_APPROVAL or turn.id in waiting:
                continue
            approval = await self._asked_in(turn)
            if approval is not None:
                by = approval.claim if approval.claim in ids else None
                decided[by or turn.id] = approval
                elsewhere |= {turn.id} if by and by != turn.id else set()
        return decided, elsewhere

    async def _asked_in(self, turn: TurnRecord) -> Approval | None:
        plan_id = asked_for(turn)
        return await self._catalog.get_approval(plan_id) if plan_id else None

    async def _checkpointed(self) -> dict[str, AnyMessage]:
        state = await self._graph.aget_state({"configurable": {"thread_id": self._session_id}})
        return {message.id: message for message in state.values.get("messages", ())}

    async def _pause(self, turn: TurnRecord, approval: Approval) -> None:
        """Have a turn say what it waits for."""
        if asked_for(turn) == approval.plan_id:
            return
        logged = await self._catalog.events(turn.id)
        last = logged[-1].event if logged else None
        if not isinstance(last, PlanPendingApproval) or last.plan_id != approval.plan_id:
            await self._append(turn, len(logged), pending(approval))
        await end_turn(self._catalog, turn.id, pending(approval), "")

    async def _close(self, turn: TurnRecord, answer: AIMessage | None) -> None:
        """Give a turn that nobody runs any more its end: the one its log or checkpoint holds, else an interruption."""
        logged = await self._catalog.events(turn.id)
        last = logged[-1].event if logged else None
        if last is not None and last.type in CLOSING and not isinstance(last, PlanPendingApproval):
            await end_turn(self._catalog, turn.id, last, _written(logged))
        elif answer is not None:
            elapsed = round((self._now() - turn.started_at).total_seconds() * 1000)
            await self._end(turn, complete(answer, (), elapsed))
        else:
            failed = Failed(code="CHAT_ERROR", message=INTERRUPTED, retryable=True)
            await self._append(turn, len(logged), failed)
            await self._catalog.end_turn(turn.id, TurnStatus.INTERRUPTED, answer=_written(logged))

    async def _end(self, turn: TurnRecord, closing: Event) -> None:
        await self._append(turn, len(await self._catalog.events(turn.id)), closing)
        await end_turn(self._catalog, turn.id, closing, "")

    async def _append(self, turn: TurnRecord, after: int, event: Event) -> None:
        envelope = Envelope(seq=after + 1, turn_id=turn.id, at=self._now(), event=event)
        await self._catalog.append_events([envelope])


def asked_for(turn: TurnRecord) -> str | None:
    """Return the id of the plan that a turn says it waits for."""
    asked = turn.metadata.get("pending_approval")
    return str(asked["plan_id"]) if asked else None


async def settle_unfinished(catalog: Catalog, approval: Approval) -> None:
    """Say what came of a claimed approval whose run was cut short for good: the journal knows."""
    known = await catalog.get_approval(approval.plan_id)
    if known.status is not ApprovalStatus.DECIDED:
        return
    applied = await catalog.find_entry(approval.plan_id, approval.change_no)
    status = ApprovalStatus.APPLIED if applied else ApprovalStatus.REJECTED
    await catalog.settle_approval(approval.plan_id, approval.change_no, status)


async def end_turn(catalog: Catalog, turn_id: str, closing: Event, written: str) -> None:
    """Record a turn's end, or what it waits for, as its closing event says; `written` is the answer so far."""
    if isinstance(closing, PlanPendingApproval):
        asked = {"pending_approval": closing.model_dump(mode="json", exclude={"type", "plan"})}
        await catalog.end_turn(
            turn_id, TurnStatus.PENDING_APPROVAL, answer=closing.description, metadata=asked
        )
        return
    if isinstance(closing, Complete):
        details = {
            **closing.metadata,
            "processing_time_ms": closing.processing_time_ms,
            "token_count": closing.token_count,
        }
        details["image_context"] = list(closing.image_context)
        await catalog.end_turn(turn_id, TurnStatus.COMPLETE, answer=closing.content, metadata=details)
        return
    details = {} if not isinstance(closing, Failed) else {"error": closing.model_dump(exclude={"type"})}
    status = TurnStatus.ERROR if isinstance(closing, Failed) else TurnStatus.CANCELLED
    await catalog.end_turn(turn_id, status, answer=written, metadata=details)


def _finished(message: AnyMessage | None) -> AIMessage | None:
    """Return a turn's answer, but not what stands in its place while it waits."""
    if not isinstance(message, AIMessage) or "pending_approval" in message.response_metadata:
        return None
    return message


def _answered_elsewhere(turn: TurnRecord, approval: Approval) -> Complete:
    told = {"status": str(approval.status), "plan_id": approval.plan_id, "answered_in": approval.claim}
    return Complete(
        message_id=answer_id(turn.id),
        content=turn.answer,
        resolved_content=turn.answer,
        metadata={"changes": told},
    )


def _written(logged: list[Envelope]) -> str:
    return "".join(envelope.event.content for envelope in logged if isinstance(envelope.event, Token))


def _missing(turns: list[TurnRecord], known: Mapping[str, Any]) -> list[AnyMessage]:
    missing: list[AnyMessage] = []
    for turn in reversed(turns):
        if turn.id in known:
            break
        if turn.status in (TurnStatus.COMPLETE, TurnStatus.PENDING_APPROVAL):
            missing.append(AIMessage(content=turn.answer, id=answer_id(turn.id)))
        missing.append(HumanMessage(content=turn.question, id=turn.id))
    return missing[::-1]
