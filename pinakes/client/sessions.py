"""Conversations as callers see them, from what the catalog keeps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pinakes.core.chat import (
    ChatMessage,
    ImageReference,
    MessageRole,
    SessionRecord,
    TurnRecord,
    TurnStatus,
)
from pinakes.core.errors import ValidationError
from pinakes.core.evidence import resolve_marks
from pinakes.core.options import TurnOptions
from pinakes.core.sessions import ChatSession, ChatSessionDetail, TurnSummary
from pinakes.graph.messages import answer_id

MAX_TITLE = 255
GIVEN_TITLE = 60
PREVIEW = 120
SELECTION_LIMITS = {"image_ids": 1000, "document_ids": 100, "video_ids": 100}


def summary(record: SessionRecord, turns: Sequence[TurnRecord]) -> ChatSession:
    """Return a session with what its turns say about it."""
    messages = [message for turn in turns for message in messages_of(turn)]
    return ChatSession(
        id=record.id,
        title=record.title,
        total_messages=len(messages),
        total_tokens=sum(turn.token_count for turn in turns),
        is_active=record.is_active,
        use_all_images=record.use_all_images,
        selected_image_count=len(record.image_ids),
        created_at=record.created_at,
        updated_at=record.updated_at,
        last_message_at=messages[-1].created_at if messages else None,
        last_message_preview=shorten(messages[-1].resolved_content, PREVIEW) if messages else None,
        last_user_message=turns[-1].question if turns else None,
    )


def detail(
    record: SessionRecord, turns: Sequence[TurnRecord], messages: Sequence[ChatMessage]
) -> ChatSessionDetail:
    """Return a session with messages and selections."""
    shown = turns[-1].metadata.get("image_context", ()) if turns else ()
    return ChatSessionDetail(
        session=summary(record, turns),
        messages=list(messages),
        selected_image_ids=list(record.image_ids) or None,
        selected_document_ids=list(record.document_ids) or None,
        selected_video_ids=list(record.video_ids) or None,
        current_search_result_ids=[image["image_id"] for image in shown] or None,
    )


def messages_of(turn: TurnRecord) -> list[ChatMessage]:
    """Return a turn's question and, as far as it came, its answer."""
    question = ChatMessage(
        id=turn.id, role=MessageRole.USER, content=turn.question, created_at=turn.started_at
    )
    if turn.status is not TurnStatus.COMPLETE and not turn.answer:
        return [question]
    images = tuple(ImageReference.model_validate(image) for image in turn.metadata.get("image_context", ()))
    answer = ChatMessage(
        id=answer_id(turn.id),
        role=MessageRole.ASSISTANT,
        content=turn.answer,
        created_at=turn.ended_at,
        token_count=turn.token_count,
        image_context=images or None,
        metadata={**turn.metadata, "status": str(turn.status)},
    )
    return [question, answer]


def turn_summary(turn: TurnRecord) -> TurnSummary:
    """Return a turn at a glance."""
    return TurnSummary(
        message_id=turn.id,
        answer_id=answer_id(turn.id),
        question=turn.question,
        answer_preview=shorten(resolve_marks(turn.answer, turn.metadata.get("result_refs")), PREVIEW),
        status=turn.status,
        asked_at=turn.started_at,
    )


def turn_options(
    record: SessionRecord, defaults: TurnOptions, *, detailed: bool = False, debug_reasoning: bool = False
) -> TurnOptions:
    """Return what a session's settings mean for its next turn."""
    return defaults.model_copy(
        update={
            "use_all_images": record.use_all_images,
            "image_ids": record.image_ids,
            "document_ids": record.document_ids,
            "video_ids": record.video_ids,
            "domain": record.domain,
            "detailed_analysis": detailed,
            "debug_reasoning": debug_reasoning,
        }
    )


def check_selection(name: str, ids: Sequence[str] | None) -> tuple[str, ...]:
    """Return the ids without repetitions. Raises ValidationError when there are too many or one is not text."""
    chosen = tuple(dict.fromkeys(ids or ()))
    limit = SELECTION_LIMITS[name]
    if len(chosen) > limit:
        raise ValidationError(f"{name} holds {len(chosen)} ids; select at most {limit}.", limit=limit)
    if not all(file_id and isinstance(file_id, str) for file_id in chosen):
        raise ValidationError(f"{name} must hold file ids as non-empty text.")
    return chosen


def check_title(title: str | None) -> str:
    """Return the title without surrounding white space. Raises ValidationError when it is too long."""
    text = (title or "").strip()
    if len(text) > MAX_TITLE:
        raise ValidationError(
            f"The title has {len(text)} characters; use at most {MAX_TITLE}.", limit=MAX_TITLE
        )
    return text


def shorten(text: str, size: int) -> str:
    """Return the text on one line, cut after a word if it is longer."""
    line = " ".join(text.split())
    if len(line) <= size:
        return line
    return f"{line[: size - 1].rsplit(' ', 1)[0]}…"


def changed(record: SessionRecord, **fields: Any) -> dict[str, Any]:
    """Return the answer of an update as the hosted SDK gives it: JSON, with what the session has now."""
    return {"success": True, "session_id": record.id, "updated_at": record.updated_at.isoformat(), **fields}


def selected(record: SessionRecord, name: str) -> dict[str, Any]:
    """Return what a session selects of a kind, and all names that the hosted service has for it."""
    chosen: dict[str, list[str]] = {kind: list(getattr(record, kind)) for kind in SELECTION_LIMITS}
    told = {name: chosen[name], "count": len(chosen[name]), f"selected_{name}": chosen[name]}
    if name == "image_ids":
        return told | {
            "selected_video_ids": chosen["video_ids"],
            "context_summary": None,
            "estimated_tokens": 0,
        }
    return told | {f"{name.removesuffix('_ids')}_count": len(chosen[name])}
