"""A conversation as a file to keep: JSON, Markdown, plain text, or one HTML page that loads nothing."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence

from pinakes.client.export_html import page
from pinakes.core.chat import ChatMessage, MessageRole
from pinakes.core.display import place
from pinakes.core.errors import ValidationError
from pinakes.core.sessions import ChatSession

SPEAKERS = {MessageRole.USER: "You", MessageRole.ASSISTANT: "Pinakes", MessageRole.SYSTEM: "System"}
HTML = "html"
_TAG = re.compile(r"<(?=[A-Za-z/!?])")
_MARKUP = re.compile(r"([\\`*_\[\]<>|])")


def export(
    session: ChatSession,
    messages: Sequence[ChatMessage],
    format: str,
    include_metadata: bool,
    thumbnails: Mapping[str, str] | None = None,
) -> bytes:
    """Return the conversation in UTF-8; marks are kept in JSON and made readable elsewhere.

    Args:
        include_metadata: Add times, models and sources; in JSON, all that is known of an answer.
        thumbnails: Pictures as data URLs by file, for HTML.

    Raises:
        ValidationError: The format is none of html, json, markdown, text.
    """
    if format == HTML:
        return page(session, messages, SPEAKERS, thumbnails or {}, include_metadata).encode()
    write = _FORMATS.get(format)
    if write is None:
        known = ", ".join(sorted((*_FORMATS, HTML)))
        raise ValidationError(f"There is no export format '{format}'; use one of {known}.", format=format)
    return write(session, messages, include_metadata).encode()


def _json(session: ChatSession, messages: Sequence[ChatMessage], include_metadata: bool) -> str:
    left_out = set() if include_metadata else {"metadata", "image_context", "token_count"}
    said = [message.model_dump(mode="json", exclude=left_out) for message in messages]
    return json.dumps(
        {"session": session.model_dump(mode="json"), "messages": said}, ensure_ascii=False, indent=2
    )


def _markdown(session: ChatSession, messages: Sequence[ChatMessage], include_metadata: bool) -> str:
    blocks = [f"# {_inert(session.title) or 'Conversation'}"]
    for message in messages:
        blocks.append(f"## {SPEAKERS[message.role]}{_when(message, include_metadata)}")
        blocks.append(_TAG.sub("&lt;", message.resolved_content))
        if include_metadata:
            blocks += [*_pictures(message), *_sources(message)]
    return "\n\n".join(blocks) + "\n"


def _text(session: ChatSession, messages: Sequence[ChatMessage], include_metadata: bool) -> str:
    said = (
        f"{SPEAKERS[message.role]}{_when(message, include_metadata)}:\n{message.resolved_content}"
        for message in messages
    )
    return "\n\n".join((session.title or "Conversation", *said)) + "\n"


def _when(message: ChatMessage, include_metadata: bool) -> str:
    return f" ({message.created_at:%Y-%m-%d %H:%M} UTC)" if include_metadata and message.created_at else ""


def _pictures(message: ChatMessage) -> list[str]:
    names = [f"- {_inert(image.filename)}" for image in message.image_context or ()]
    return ["\n".join(["Pictures:", "", *names])] if names else []


def _sources(message: ChatMessage) -> list[str]:
    lines = [
        f"- {_inert(piece.filename)}{place(piece.locator)}{f': “{_inert(piece.quote)}”' if piece.quote else ''}"
        for piece in (citation.evidence for citation in message.citations)
    ]
    return ["\n".join(["Sources:", "", *dict.fromkeys(lines)])] if lines else []


def _inert(text: str) -> str:
    """Return words from outside as Markdown shows them, and nothing else."""
    return _MARKUP.sub(r"\\\1", " ".join(text.split()))


_FORMATS: dict[str, Callable[[ChatSession, Sequence[ChatMessage], bool], str]] = {
    "json": _json,
    "markdown": _markdown,
    "text": _text,
}
