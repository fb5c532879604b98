"""What a branch takes over from its conversation: turns, their logs, and what the graph knew."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from langchain_core.messages import AnyMessage
from langchain_core.runnables import RunnableConfig

from pinakes.core.chat import TurnRecord, TurnStatus
from pinakes.core.events import Complete, Envelope, Event, PlanPendingApproval
from pinakes.core.evidence import Citation
from pinakes.core.files import MediaType
from pinakes.core.ids import derived_id
from pinakes.core.plans import Focus
from pinakes.graph.build import ChatGraph
from pinakes.graph.messages import answer_id
from pinakes.graph.state import dump

_NOW_HERE = "It waits for a decision in the conversation that this one branched from."


def copied_turn(turn: TurnRecord, session_id: str, ordinal: int) -> TurnRecord:
    """Return a turn as the branch has it; what waits for a decision ends here with what it proposed."""
    origin = {"session_id": turn.session_id, "message_id": turn.id}
    metadata = {**turn.metadata, "branched_from": origin}
    if asked := metadata.pop("pending_approval", None):
        metadata["changes"] = {"status": "left_open", "plan_id": asked["plan_id"], "note": _NOW_HERE}
    waits = turn.status is TurnStatus.PENDING_APPROVAL
    changes = {
        "id": _copy_id(session_id, turn.id),
        "session_id": session_id,
        "ordinal": ordinal,
        "status": TurnStatus.COMPLETE if waits else turn.status,
        "metadata": metadata,
        "ended_at": turn.ended_at or turn.started_at,
    }
    return turn.model_copy(update=changes)


def copied_events(logged: Sequence[Envelope], turn: TurnRecord) -> Iterator[Envelope]:
    """Yield a turn's log as the log of its copy."""
    for place, envelope in enumerate(logged):
        event = _own(envelope.event, turn, last=place == len(logged) - 1)
        yield envelope.model_copy(update={"turn_id": turn.id, "event": event})


async def carry_over(graph: ChatGraph, turns: Sequence[TurnRecord], session_id: str) -> None:
    """Give a branch what the graph knew after these turns.

    From the last checkpoint that knows no later turn; where there is none any more, from the turns themselves.
    Messages that it lacks come with the branch's next turn, as in any conversation.
    """
    if not turns:
        return
    known = await _checkpoint(graph, turns)
    names = {turn.id: _copy_id(session_id, turn.id) for turn in turns}
    names |= {answer_id(old): answer_id(new) for old, new in names.items()}
    update: dict[str, Any] = {"focus": dump(_focus(turns))}
    if known is not None:
        messages: Sequence[AnyMessage] = known.get("messages", ())
        update = {name: known[name] for name in ("focus", "session_usage") if name in known}
        update["messages"] = [m.model_copy(update={"id": names[str(m.id)]}) for m in messages]
    await graph.aupdate_state(_thread(session_id), update, as_node="write")


async def _checkpoint(graph: ChatGraph, turns: Sequence[TurnRecord]) -> Mapping[str, Any] | None:
    """Return the newest state between turns that holds nothing beyond these turns."""
    ids = {name for turn in turns for name in (turn.id, answer_id(turn.id))}
    async for state in graph.aget_state_history(_thread(turns[-1].session_id)):
        messages = state.values.get("messages")
        if messages and not state.next and all(message.id in ids for message in messages):
            return dict(state.values)
    return None


def _focus(turns: Sequence[TurnRecord]) -> Focus:
    """Return what "those" points to, as the answers tell it."""
    for turn in reversed(turns):
        cited = [Citation.model_validate(one).evidence for one in turn.metadata.get("citations", ())]
        shown = dict.fromkeys(image["image_id"] for image in turn.metadata.get("image_context", ()))
        kinds = {piece.file_id: piece.media_type for piece in cited} | dict.fromkeys(shown, MediaType.IMAGE)
        if kinds:
            steps = turn.metadata.get("plan", {}).get("steps", ())
            return Focus(
                media_type=next(iter(kinds.values())) if len(set(kinds.values())) == 1 else None,
                file_ids=tuple(kinds),
                intent=steps[0].get("intent", "") if steps else turn.question,
                agents=tuple(turn.metadata.get("agents_used", ())),
            )
    return Focus()


def _own(event: Event, turn: TurnRecord, *, last: bool) -> Event:
    if last and isinstance(event, PlanPendingApproval):
        return Complete(
            message_id=answer_id(turn.id),
            content=turn.answer,
            resolved_content=turn.answer,
            metadata={"changes": turn.metadata.get("changes", {})},
        )
    if hasattr(event, "message_id"):
        return event.model_copy(update={"message_id": answer_id(turn.id)})
    return event


def _copy_id(session_id: str, turn_id: str) -> str:
    return derived_id(session_id, turn_id)


def _thread(session_id: str) -> RunnableConfig:
    return {"configurable": {"thread_id": session_id}}
