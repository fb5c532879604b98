"""Chat: sessions, messages and answers, with the names of the hosted SDK."""

from __future__ import annotations

from collections.abc import Sequence
from types import TracebackType
from typing import Any, Self

from pinakes.client.approvals import ApprovalResource, SessionApprovals
from pinakes.client.chat_stream import ChatStream, whole_answer
from pinakes.client.sessions import GIVEN_TITLE, shorten, turn_options
from pinakes.client.thumbnails import illustrated
from pinakes.core.chat import ChatMessage, ChatResponse, ChatSession
from pinakes.core.errors import ChatError, ValidationError
from pinakes.core.ids import new_id
from pinakes.core.options import TurnOptions


class ChatResource(ApprovalResource):
    """Everything about conversations; reached as `client.chats`."""

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

        A turn that stops for an approval returns what it proposes, with `metadata["pending_approval"]`: plan_id,
        description, changes, expires_at.

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
        try:
            await self._start(
                session_id, message, turn_id, expected_image_ids, options, detailed=force_detailed_analysis
            )
            answer = await whole_answer(self._runner, session_id, turn_id)
            return await illustrated(self._library, answer)
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
            await self._start(
                session_id,
                message,
                turn_id,
                expected_image_ids,
                options,
                detailed=force_detailed_analysis,
                debug_reasoning=debug_reasoning,
            )

        return ChatStream(self._runner, turn_id, start)

    def events(self, turn_id: str, *, after: int = 0) -> ChatStream:
        """Return the rest of a turn's tokens after a sequence number, also of one that another process runs."""
        return ChatStream(self._runner, turn_id, None, after)

    async def cancel(self, turn_id: str) -> bool:
        """Stop a running turn; False if it has ended."""
        return await self._runner.cancel(turn_id)

    async def _start(
        self,
        session_id: str,
        message: str,
        turn_id: str,
        expected_image_ids: Sequence[str] | None,
        options: TurnOptions | None,
        **flags: bool,
    ) -> None:
        record = await self._catalog.get_session(session_id)
        if expected_image_ids is not None and set(expected_image_ids) != set(record.image_ids):
            raise ValidationError(
                "Other images are selected in this session than expected; call update_images first.",
                selected=list(record.image_ids),
            )
        await self._runner.start(
            session_id, message, options or turn_options(record, self._defaults, **flags), turn_id=turn_id
        )
        if not (record.title and record.is_active):
            await self._freshen(session_id, message)

    async def _freshen(self, session_id: str, message: str) -> None:
        """Open a closed session again, and name a nameless one after the message."""
        record = await self._catalog.get_session(session_id)
        title = record.title or shorten(message, GIVEN_TITLE)
        await self._catalog.update_session(session_id, is_active=True, title=title)


class ChatSessionContext(SessionApprovals):
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
        super().__init__(chats)
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
            await self._chats.settle(self._session_id)
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
