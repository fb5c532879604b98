"""A conversation as a file to keep: JSON, Markdown or plain text."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence

from pinakes.core.chat import ChatMessage, MessageRole
from pinakes.core.errors import ValidationError
from pinakes.core.sessions import ChatSession

_SPEAKERS = {MessageRole.USER: "You", MessageRole.ASSISTANT: "Pinakes", MessageRole.SYSTEM: "System"}


def export(
    session: ChatSession, messages: Sequence[ChatMessage], format: str, include_metadata: bool
) -> bytes:
    """Return the conversation in UTF-8; marks are kept in JSON and made readable elsewhere.

    Raises:
        ValidationError: The format is none of json, markdown, text.
    """
    write = _FORMATS.get(format)
    if write is None:
        raise ValidationError(
            f"There is no export format '{format}'; use json, markdown or text.", format=format
        )
    return write(session, messages, include_metadata).encode()


def _json(session: ChatSession, messages: Sequence[ChatMessage], include_metadata: bool) -> str:
    left_out = set() if include_metadata else {"metadata", "image_context", "token_count"}
    said = [message.model_dump(mode="json", exclude=left_out) for message in messages]
    return json.dumps(
        {"session": session.model_dump(mode="json"), "messages": said}, ensure_ascii=False, indent=2
    )


def _markdown(session: ChatSession, messages: Sequence[ChatMessage], include_metadata: bool) -> str:
    blocks = [f"# {session.title or 'Conversation'}"]
    for message in messages:
        blocks.append(f"## {_SPEAKERS[message.role]}{_when(message, include_metadata)}")
        blocks.append(message.resolved_content)
        if include_metadata:
            blocks += _sources(message)
    return "\n\n".join(blocks) + "\n"


def _text(session: ChatSession, messages: Sequence[ChatMessage], include_metadata: bool) -> str:
    said = (
        f"{_SPEAKERS[message.role]}{_when(message, include_metadata)}:\n{message.resolved_content}"
        for message in messages
    )
    return "\n\n".join((session.title or "Conversation", *said)) + "\n"


def _when(message: ChatMessage, include_metadata: bool) -> str:
    return f" ({message.created_at:%Y-%m-%d %H:%M} UTC)" if include_metadata and message.created_at else ""


def _sources(message: ChatMessage) -> list[str]:
    pieces = [citation.evidence for citation in message.citations]
    places = [f", p. {piece.locator.page}" if piece.locator.page else "" for piece in pieces]
    lines = [
        f"- {piece.filename}{place}: “{piece.quote}”" for piece, place in zip(pieces, places, strict=True)
    ]
    return ["\n".join(["Sources:", "", *lines])] if lines else []


_FORMATS: dict[str, Callable[[ChatSession, Sequence[ChatMessage], bool], str]] = {
    "json": _json,
    "markdown": _markdown,
    "text": _text,
}
