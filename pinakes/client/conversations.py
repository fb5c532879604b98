"""Conversations as records: making, listing, reading and changing them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from typing import Any

from pinakes.agents.domains.packs import Domains
from pinakes.client.export import HTML, export
from pinakes.client.sessions import (
    changed,
    check_selection,
    check_title,
    detail,
    messages_of,
    selected,
    summary,
)
from pinakes.client.thumbnails import thumbnails
from pinakes.client.turns import TurnRunner
from pinakes.core.chat import ChatMessage, SessionRecord, TurnRecord
from pinakes.core.errors import ValidationError
from pinakes.core.ids import new_id
from pinakes.core.options import TurnOptions
from pinakes.core.sessions import ChatSession, ChatSessionDetail, SessionList
from pinakes.library.library import Library

MAX_PAGE = 100


class SessionResource:
    """The half of `client.chats` that runs no turn."""

    def __init__(
        self,
        library: Library,
        turns: TurnRunner,
        defaults: TurnOptions | None = None,
        domains: Domains | None = None,
    ) -> None:
        self._library = library
        self._domains = domains or Domains()
        self._defaults = defaults or TurnOptions()
        self._catalog = library.catalog
        self._runner = turns

    async def create_session(
        self, *, title: str | None = None, image_ids: Sequence[str] | None = None, use_all_images: bool = True
    ) -> ChatSession:
        """Start a conversation. Raises ValidationError for a long title or too many images."""
        now = datetime.now(UTC)
        record = SessionRecord(
            id=new_id(),
            title=check_title(title),
            use_all_images=use_all_images,
            image_ids=check_selection("image_ids", image_ids),
            created_at=now,
            updated_at=now,
        )
        await self._catalog.add_session(record)
        return summary(record, ())

    async def get_session(
        self, session_id: str, *, include_messages: bool = True, message_limit: int | None = None
    ) -> ChatSessionDetail:
        """Return a conversation. Raises ResourceNotFoundError."""
        record = await self._catalog.get_session(session_id)
        messages = await self.get_messages(session_id, limit=message_limit) if include_messages else []
        return detail(record, await self._catalog.turns(session_id), messages)

    async def list_sessions(
        self, *, limit: int = 20, offset: int = 0, active_only: bool = False, search: str | None = None
    ) -> SessionList:
        """Return a page of conversations, last used first.

        Args:
            search: Only those where these words occur as they stand, in the title or a message, whatever their case.

        Raises:
            ValidationError: The limit is out of 1 to 100.
        """
        if not 1 <= limit <= MAX_PAGE or offset < 0:
            raise ValidationError(f"Ask for 1 to {MAX_PAGE} sessions from an offset of 0 or more.")
        records, total = await self._catalog.list_sessions(
            limit=limit, offset=offset, active_only=active_only, words=(search or "").strip() or None
        )
        items = [summary(record, await self._catalog.turns(record.id)) for record in records]
        return SessionList(items=tuple(items), total=total, has_more=offset + len(items) < total)

    async def iter_sessions(
        self, *, page_size: int = 20, active_only: bool = False, search: str | None = None
    ) -> AsyncIterator[ChatSession]:
        """Yield all conversations, last used first; with `search` those with these words."""
        offset, more = 0, True
        while more:
            page = await self.list_sessions(
                limit=page_size, offset=offset, active_only=active_only, search=search
            )
            for session in page.items:
                yield session
            offset, more = offset + len(page.items), page.has_more

    async def settle(self, session_id: str) -> None:
        """See to what a killed process left of a conversation: end its turns, finish what was approved."""
        await self._runner.settle(session_id)

    async def get_messages(self, session_id: str, *, limit: int | None = None) -> list[ChatMessage]:
        """Return a conversation's messages, oldest first; with a limit, the last ones.

        Raises:
            ResourceNotFoundError: There is no such session.
            ValidationError: The limit is below 1.
        """
        if limit is not None and limit < 1:
            raise ValidationError("Ask for at least one message, or leave the limit out.", limit=limit)
        await self._catalog.get_session(session_id)
        await self._runner.settle(session_id)
        turns = await self._catalog.turns(session_id, limit=limit)
        messages = [message for turn in turns for message in messages_of(turn)]
        return messages[-limit:] if limit else messages

    async def export_session(
        self, session_id: str, *, format: str = "markdown", include_metadata: bool = False
    ) -> bytes:
        """Return a conversation as a file: html, json, markdown or text.

        HTML is one page with thumbnails, tables and sources inside, which loads and runs nothing; metadata adds
        times, models, and to Markdown pictures and sources.

        Raises:
            ResourceNotFoundError: There is no such session.
            ValidationError: There is no such format.
        """
        messages = await self.get_messages(session_id)
        session = await self.get_session(session_id, include_messages=False)
        shown = [image for message in messages for image in message.image_context or ()]
        pictures = await thumbnails(self._library, shown) if format == HTML else {}
        return export(session.session, messages, format, include_metadata, pictures)

    async def rename_session(self, session_id: str, title: str) -> dict[str, Any]:
        """Give a conversation another title. Raises ValidationError, ResourceNotFoundError."""
        text = check_title(title)
        if not text:
            raise ValidationError("The title is empty; write 1 to 255 characters.")
        return changed(await self._catalog.update_session(session_id, title=text), title=text)

    async def close_session(self, session_id: str) -> dict[str, Any]:
        """Mark a conversation as not active; nothing is lost, and sending to it makes it active again."""
        record = await self._catalog.update_session(session_id, is_active=False)
        closed = summary(record, await self._turns_of(session_id))
        return changed(
            record,
            is_active=False,
            closed_at=record.updated_at.isoformat(),
            total_messages=closed.total_messages,
            total_tokens=closed.total_tokens,
        )

    async def update_images(self, session_id: str, image_ids: Sequence[str]) -> dict[str, Any]:
        """Select pictures. Raises ValidationError, ResourceNotFoundError."""
        return await self._select(session_id, "image_ids", image_ids)

    async def update_documents(self, session_id: str, document_ids: Sequence[str]) -> dict[str, Any]:
        """Select documents; none means all. Raises ValidationError, ResourceNotFoundError."""
        return await self._select(session_id, "document_ids", document_ids)

    async def update_videos(self, session_id: str, video_ids: Sequence[str]) -> dict[str, Any]:
        """Select videos; none means all. Raises ValidationError, ResourceNotFoundError."""
        return await self._select(session_id, "video_ids", video_ids)

    async def update_mode(self, session_id: str, use_all_images: bool) -> dict[str, Any]:
        """Talk about all pictures, or about the selected ones alone."""
        record = await self._catalog.update_session(session_id, use_all_images=use_all_images)
        return changed(record, use_all_images=use_all_images, selected_image_count=len(record.image_ids))

    async def update_domain(self, session_id: str, domain: str) -> dict[str, Any]:
        """Set the field of work that plans, searches and answers keep to.

        Raises:
            ValidationError: There is no such field; the message names those there are.
            ResourceNotFoundError: There is no such session.
        """
        known = self._domains.check(domain)
        return changed(await self._catalog.update_session(session_id, domain=known), domain=known)

    async def _turns_of(self, session_id: str, *, limit: int | None = None) -> list[TurnRecord]:
        await self._catalog.get_session(session_id)
        return await self._catalog.turns(session_id, limit=limit)

    async def _select(self, session_id: str, name: str, ids: Sequence[str]) -> dict[str, Any]:
        chosen = check_selection(name, ids)
        record = await self._catalog.update_session(session_id, **{name: chosen})
        return changed(record, **selected(record, name))
