"""Making log, turns and checkpoint tell one story again after a process died or a turn was cut short."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from langchain_core.messages import AIMessage, AnyMessage, HumanMessage

from pinakes.core.chat import TurnRecord, TurnStatus
from pinakes.core.events import CLOSING, Complete, Envelope, Event, Failed, Token, Usage
from pinakes.graph.build import ChatGraph
from pinakes.graph.messages import answer_id
from pinakes.graph.stream import complete
from pinakes.ports.catalog import SessionCatalog

INTERRUPTED = "The program ended before the answer was complete; ask again."


async def reconcile(
    catalog: SessionCatalog, graph: ChatGraph, session_id: str, now: Callable[[], datetime]
) -> list[AnyMessage]:
    """Close the turns whose process died and return the messages that the checkpoint lacks, oldest first.

    Call it with the session's lease held: then no turn can be running.
    """
    turns = await catalog.turns(session_id)
    if not turns:
        return []
    known = await _checkpointed(graph, session_id)
    for turn in turns:
        if turn.status is TurnStatus.RUNNING:
            await _close(catalog, turn, known.get(answer_id(turn.id)), now)
    return _missing(await catalog.turns(session_id), known)


async def end_turn(catalog: SessionCatalog, turn_id: str, closing: Event, written: str) -> None:
    """Record a turn's end as its closing event says; `written` is the answer as far as it came."""
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


async def _checkpointed(graph: ChatGraph, session_id: str) -> dict[str, AnyMessage]:
    state = await graph.aget_state({"configurable": {"thread_id": session_id}})
    return {message.id: message for message in state.values.get("messages", ())}


async def _close(
    catalog: SessionCatalog, turn: TurnRecord, answer: AnyMessage | None, now: Callable[[], datetime]
) -> None:
    """Give a turn that nobody runs any more its end: the one its log or checkpoint holds, else an interruption."""
    logged = await catalog.events(turn.id)
    last = logged[-1].event if logged else None
    if last is not None and last.type in CLOSING:
        await end_turn(catalog, turn.id, last, _written(logged))
        return
    seq, at = len(logged) + 1, now()
    if isinstance(answer, AIMessage):
        elapsed = round((at - turn.started_at).total_seconds() * 1000)
        closing = complete(answer, (), elapsed, Usage())
        await catalog.append_events([Envelope(seq=seq, turn_id=turn.id, at=at, event=closing)])
        await end_turn(catalog, turn.id, closing, "")
        return
    failed = Failed(code="CHAT_ERROR", message=INTERRUPTED, retryable=True)
    await catalog.append_events([Envelope(seq=seq, turn_id=turn.id, at=at, event=failed)])
    await catalog.end_turn(turn.id, TurnStatus.INTERRUPTED, answer=_written(logged))


def _written(logged: list[Envelope]) -> str:
    return "".join(envelope.event.content for envelope in logged if isinstance(envelope.event, Token))


def _missing(turns: list[TurnRecord], known: Mapping[str, Any]) -> list[AnyMessage]:
    missing: list[AnyMessage] = []
    for turn in reversed(turns):
        if turn.id in known:
            break
        if turn.status is TurnStatus.COMPLETE:
            missing.append(AIMessage(content=turn.answer, id=answer_id(turn.id)))
        missing.append(HumanMessage(content=turn.question, id=turn.id))
    return missing[::-1]
