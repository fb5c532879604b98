"""Chat: sessions, messages and answers, with the names of the hosted SDK."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Self

from pinakes.client.chat_stream import ChatStream, whole_answer
from pinakes.client.sessions import (
    GIVEN_TITLE,
    changed,
    check_selection,
    check_title,
    detail,
    messages_of,
    shorten,
    summary,
    turn_options,
)
from pinakes.client.turns import TurnRunner
from pinakes.core.chat import (
    ChatMessage,
    ChatResponse,
    ChatSession,
    ChatSessionDetail,
    SessionList,
    SessionRecord,
)
from pinakes.core.errors import ChatError, ValidationError
from pinakes.core.ids import new_id
from pinakes.core.options import TurnOptions
from pinakes.library.library import Library

MAX_PAGE = 100


class ChatResource:
    """Everything about conversations; reached as `client.chats`."""

    def __init__(self, library: Library, turns: TurnRunner) -> None:
        self._catalog = library.catalog
        self._runner = turns

    def session(
        self,
        *,
        title: str | None = None,
        image_ids: Sequence[str] | None = None,
        use_all_images: bool = True,
        auto_close: bool = True,
        session_id: str | None = None,
    ) -> ChatSessionContext:
        """Return a conversation to enter with `async with`: a new one, or with `session_id` an old one.

        Args:
            title: Taken from the first message when not given.
            image_ids: Pictures to talk about; with `use_all_images=False` only these.
            auto_close: On leaving, mark the session as not active; sending to it makes it active again.
            session_id: The session to come back to; the other arguments but `auto_close` then do not count.
        """
        return ChatSessionContext(self, title, image_ids, use_all_images, auto_close, session_id)

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
        self, *, limit: int = 20, offset: int = 0, active_only: bool = False
    ) -> SessionList:
        """Return a page of conversations, last used first. Raises ValidationError for a limit out of 1 to 100."""
        if not 1 <= limit <= MAX_PAGE or offset < 0:
            raise ValidationError(f"Ask for 1 to {MAX_PAGE} sessions from an offset of 0 or more.")
        records, total = await self._catalog.list_sessions(
            limit=limit, offset=offset, active_only=active_only
        )
        items = [summary(record, await self._catalog.turns(record.id)) for record in records]
        return SessionList(items=tuple(items), total=total, has_more=offset + len(items) < total)

    async def iter_sessions(
        self, *, page_size: int = 20, active_only: bool = False
    ) -> AsyncIterator[ChatSession]:
        """Yield all conversations, last used first."""
        offset, more = 0, True
        while more:
            page = await self.list_sessions(limit=page_size, offset=offset, active_only=active_only)
            for session in page.items:
                yield session
            offset, more = offset + len(page.items), page.has_more

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

    async def send(
        self,
        message: str,
        *,
        session_id: str,
        force_detailed_analysis: bool = False,
        expected_image_ids: Sequence[str] | None = None,
        options: TurnOptions | None = None,
    ) -> ChatResponse:
        """Ask and wait for the whole answer; if the caller is cancelled, so is the turn.

        Args:
            force_detailed_analysis: Look closer and answer at more length.
            expected_image_ids: Refuse unless exactly these pictures are selected in the session.
            options: Replaces all that the session's settings say for this turn.

        Raises:
            ValidationError: The message is empty or longer than 10,000 characters, or other pictures are selected.
            ResourceNotFoundError: There is no such session.
            SessionBusyError: The session's earlier turn took too long.
            TurnCancelledError: Someone cancelled the turn.
        """
        turn_id = new_id()
        chosen = await self._options(session_id, expected_image_ids, options, force_detailed_analysis)
        try:
            await self._open(session_id, message, chosen, turn_id)
            return await whole_answer(self._runner, session_id, turn_id)
        except BaseException:
            await self._runner.cancel(turn_id)
            raise

    def send_stream(
        self,
        message: str,
        *,
        session_id: str,
        force_detailed_analysis: bool = False,
        expected_image_ids: Sequence[str] | None = None,
        debug_reasoning: bool = False,
        options: TurnOptions | None = None,
    ) -> ChatStream:
        """Ask and follow the answer as it is made: `async for token in chats.send_stream(...)`.

        Raises, at the first token or on entry, what `send` raises before a turn starts; what goes wrong later comes
        as an `error` token.
        """
        turn_id = new_id()

        async def start() -> None:
            chosen = await self._options(
                session_id, expected_image_ids, options, force_detailed_analysis, debug_reasoning
            )
            await self._open(session_id, message, chosen, turn_id)

        return ChatStream(self._runner, turn_id, start)

    def events(self, turn_id: str, *, after: int = 0) -> ChatStream:
        """Return the rest of a turn's tokens after a sequence number, also of one that another process runs."""
        return ChatStream(self._runner, turn_id, None, after)

    async def cancel(self, turn_id: str) -> bool:
        """Stop a running turn; False if it has ended."""
        return await self._runner.cancel(turn_id)

    async def rename_session(self, session_id: str, title: str) -> dict[str, Any]:
        """Give a conversation another title. Raises ValidationError, ResourceNotFoundError."""
        text = check_title(title)
        if not text:
            raise ValidationError("The title is empty; write 1 to 255 characters.")
        return changed(await self._catalog.update_session(session_id, title=text), title=text)

    async def close_session(self, session_id: str) -> dict[str, Any]:
        """Mark a conversation as not active; nothing is lost, and sending to it makes it active again."""
        return changed(await self._catalog.update_session(session_id, is_active=False), is_active=False)

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
        return changed(record, use_all_images=use_all_images)

    async def update_domain(self, session_id: str, domain: str) -> dict[str, Any]:
        """Set the field of work that answers are meant for."""
        return changed(await self._catalog.update_session(session_id, domain=domain), domain=domain)

    async def _select(self, session_id: str, name: str, ids: Sequence[str]) -> dict[str, Any]:
        chosen = check_selection(name, ids)
        record = await self._catalog.update_session(session_id, **{name: chosen})
        return changed(record, **{name: list(chosen), "count": len(chosen)})

    async def _options(
        self,
        session_id: str,
        expected_image_ids: Sequence[str] | None,
        options: TurnOptions | None,
        detailed: bool,
        debug_reasoning: bool = False,
    ) -> TurnOptions:
        record = await self._catalog.get_session(session_id)
        if expected_image_ids is not None and set(expected_image_ids) != set(record.image_ids):
            raise ValidationError(
                "Other images are selected in this session than expected; call update_images first.",
                selected=list(record.image_ids),
            )
        return options or turn_options(record, detailed=detailed, debug_reasoning=debug_reasoning)

    async def _open(self, session_id: str, message: str, options: TurnOptions, turn_id: str) -> None:
        await self._runner.start(session_id, message, options, turn_id=turn_id)
        record = await self._catalog.get_session(session_id)
        wanted: dict[str, Any] = {} if record.is_active else {"is_active": True}
        if not record.title:
            wanted["title"] = shorten(message, GIVEN_TITLE)
        if wanted:
            await self._catalog.update_session(session_id, **wanted)


class ChatSessionContext:
    """One conversation, entered with `async with`."""

    def __init__(
        self,
        chats: ChatResource,
        title: str | None,
        image_ids: Sequence[str] | None,
        use_all_images: bool,
        auto_close: bool,
        session_id: str | None,
    ) -> None:
        self._chats = chats
        self._title = title
        self._image_ids = image_ids
        self._use_all_images = use_all_images
        self._auto_close = auto_close
        self._session_id = session_id
        self._session: ChatSession | None = None

    async def __aenter__(self) -> Self:
        if self._session_id is None:
            self._session = await self._chats.create_session(
                title=self._title, image_ids=self._image_ids, use_all_images=self._use_all_images
            )
        else:
            self._session = (await self._chats.get_session(self._session_id, include_messages=False)).session
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._auto_close:
            await self._chats.close_session(self.session_id)

    @property
    def session(self) -> ChatSession:
        """The conversation as it was when entered."""
        if self._session is None:
            raise ChatError("The session is not open; use it inside `async with`.")
        return self._session

    @property
    def session_id(self) -> str:
        """The conversation's id."""
        return self.session.id

    @property
    def id(self) -> str:
        """The conversation's id."""
        return self.session.id

    async def send(
        self,
        message: str,
        *,
        force_detailed_analysis: bool = False,
        expected_image_ids: Sequence[str] | None = None,
        options: TurnOptions | None = None,
    ) -> ChatResponse:
        """Ask and wait for the whole answer; see `ChatResource.send`."""
        return await self._chats.send(
            message,
            session_id=self.session_id,
            force_detailed_analysis=force_detailed_analysis,
            expected_image_ids=expected_image_ids,
            options=options,
        )

    def send_stream(
        self,
        message: str,
        *,
        force_detailed_analysis: bool = False,
        expected_image_ids: Sequence[str] | None = None,
        debug_reasoning: bool = False,
        options: TurnOptions | None = None,
    ) -> ChatStream:
        """Ask and follow the answer as it is made; see `ChatResource.send_stream`."""
        return self._chats.send_stream(
            message,
            session_id=self.session_id,
            force_detailed_analysis=force_detailed_analysis,
            expected_image_ids=expected_image_ids,
            debug_reasoning=debug_reasoning,
            options=options,
        )

    async def update_images(self, image_ids: Sequence[str]) -> dict[str, Any]:
        """Select pictures."""
        return await self._chats.update_images(self.session_id, image_ids)

    async def update_documents(self, document_ids: Sequence[str]) -> dict[str, Any]:
        """Select documents; none means all."""
        return await self._chats.update_documents(self.session_id, document_ids)

    async def update_videos(self, video_ids: Sequence[str]) -> dict[str, Any]:
        """Select videos; none means all."""
        return await self._chats.update_videos(self.session_id, video_ids)

    async def get_messages(self, *, limit: int | None = None) -> list[ChatMessage]:
        """Return the messages, oldest first; with a limit, the last ones."""
        return await self._chats.get_messages(self.session_id, limit=limit)
