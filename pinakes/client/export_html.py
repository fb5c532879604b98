"""A conversation as one HTML page: all text is escaped, pictures are inside, and nothing is loaded or run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape

from pinakes.core.chat import ChatMessage, MessageRole
from pinakes.core.display import answer_html, gallery_html, tables_html
from pinakes.core.sessions import ChatSession

_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;color:#1b1b1b}"
    "section{margin:1rem 0;padding:.25rem 1rem;border-left:3px solid #b9c7d8}section.user{border-color:#ddd;color:#444}"
    "h2{font-size:.85rem;margin:.4rem 0;color:#666;font-weight:600}small{color:#777;font-weight:400}"
    "table{border-collapse:collapse;margin:.5rem 0}td,th{border:1px solid #ddd;padding:.15rem .5rem}"
)


def page(
    session: ChatSession,
    messages: Sequence[ChatMessage],
    speakers: Mapping[MessageRole, str],
    thumbnails: Mapping[str, str],
    include_metadata: bool,
) -> str:
    """Return the page.

    Args:
        thumbnails: Pictures as data URLs by file; other pictures are named.
        include_metadata: Add times, models and counts.
    """
    title = escape(session.title or "Conversation")
    head = (
        f'<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}</title>'
        f"<style>{_STYLE}</style>"
    )
    said = "\n".join(
        _section(message, speakers[message.role], thumbnails, include_metadata) for message in messages
    )
    return (
        f'<!doctype html>\n<html lang="und"><head>{head}</head>\n<body>\n<h1 dir="auto">{title}</h1>\n'
        f"{said}\n</body></html>\n"
    )


def _section(
    message: ChatMessage, speaker: str, thumbnails: Mapping[str, str], include_metadata: bool
) -> str:
    told = f" <small>{escape(' · '.join(_known(message)))}</small>" if include_metadata else ""
    shown = [
        (image.filename, thumbnails.get(image.image_id), image.description or "")
        for image in message.image_context or ()
    ]
    tables = tables_html((message.metadata or {}).get("tables", ()))
    body = answer_html(message.content, message.citations, message.result_refs)
    kind = escape(str(message.role), quote=True)
    return (
        f'<section class="{kind}" dir="auto"><h2>{escape(speaker)}{told}</h2>{body}{tables}'
        f"{gallery_html(shown)}</section>"
    )


def _known(message: ChatMessage) -> Iterator[str]:
    metadata = message.metadata or {}
    if message.created_at:
        yield f"{message.created_at:%Y-%m-%d %H:%M} UTC"
    if metadata.get("writer"):
        yield f"written by {metadata['writer']}"
    if agents := metadata.get("agents_used"):
        yield ", ".join(map(str, agents))
    if message.token_count:
        yield f"{message.token_count} tokens"
