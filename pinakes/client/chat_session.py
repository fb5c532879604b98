"""One conversation, as a context manager."""

from __future__ import annotations

from collections.abc import Sequence
from types import TracebackType
from typing import Any, Self

from pinakes.client.approvals import SessionApprovals
from pinakes.client.branching import BranchingResource
from pinakes.client.chat_stream import ChatStream
from pinakes.core.chat import ChatMessage, ChatResponse
from pinakes.core.errors import ChatError
from pinakes.core.options import TurnOptions
from pinakes.core.sessions import ChatSession, ChatSessionConfig, TurnSummary


class ChatSessionContext(SessionApprovals):
    """One conversation, entered with `async with`."""

    def __init__(
        self,
        chats: BranchingResource,
        config: ChatSessionConfig,
        session_id: str | None = None,
        session: ChatSession | None = None,
    ) -> None:
        super().__init__(chats)
        self._chats = chats
        self._config = config
        self._session_id = session_id
        self._session = session
        self._closed = False

    async def __aenter__(self) -> Self:
        config = self._config
        if self._session is not None:
            return self
        if self._session_id is None:
            self._session = await self._chats.create_session(
                title=config.title, image_ids=config.image_ids, use_all_images=config.use_all_images
            )
        else:
            await self._chats.settle(self._session_id)
            self._session = (await self._chats.get_session(self._session_id, include_messages=False)).session
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._config.auto_close:
            await self.close()

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
    def is_closed(self) -> bool:
        """Whether it was closed through this object; sending to it makes it active again."""
        return self._closed

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

    async def get_messages(self, limit: int | None = None) -> list[ChatMessage]:
        """Return the messages, oldest first; with a limit, the last ones."""
        return await self._chats.get_messages(self.session_id, limit=limit)

    async def update_mode(self, use_all_images: bool) -> dict[str, Any]:
        """Talk about all pictures, or about the selected ones alone."""
        return await self._chats.update_mode(self.session_id, use_all_images)

    async def update_domain(self, domain: str) -> dict[str, Any]:
        """Set the field of work that answers are meant for; see `ChatResource.update_domain`."""
        return await self._chats.update_domain(self.session_id, domain)

    async def rename(self, title: str) -> dict[str, Any]:
        """Give the conversation another title."""
        return await self._chats.rename_session(self.session_id, title)

    async def export(self, *, format: str = "markdown", include_metadata: bool = False) -> bytes:
        """Return the conversation as a file; see `ChatResource.export_session`."""
        return await self._chats.export_session(
            self.session_id, format=format, include_metadata=include_metadata
        )

    async def close(self) -> dict[str, Any]:
        """Mark the conversation as not active; sending to it makes it active again."""
        closed = await self._chats.close_session(self.session_id)
        self._closed = True
        return closed

    def resume(self, turn_id: str | None = None, *, after: int = 0) -> ChatStream:
        """Return what came after a sequence number in a turn, by default the last one."""
        return self._chats.resume(self.session_id, turn_id, after=after)

    async def cancel(self) -> bool:
        """Stop what is being answered; False if nothing is. The conversation goes on as usual."""
        return await self._chats.cancel_session(self.session_id)

    async def illustrate(self, response: ChatResponse) -> ChatResponse:
        """Return an answer with pictures of the places that it cites; see `ChatResource.illustrate`."""
        return await self._chats.illustrate(response)

    async def history(self) -> list[TurnSummary]:
        """Return what was asked and what came of it, oldest first."""
        return await self._chats.history(self.session_id)

    async def branch(self, from_message_id: str, title: str | None = None) -> ChatSessionContext:
        """Return a new conversation, ready to be used, that is this one up to a message and its answer.

        See `ChatResource.branch_session`.
        """
        session = await self._chats.branch_session(self.session_id, from_message_id, title=title)
        return ChatSessionContext(self._chats, self._config, session.id, session)

    async def edit(self, message_id: str, new_text: str) -> ChatResponse:
        """Ask an earlier question in other words, in a new conversation: the response's `session_id`."""
        return await self._chats.edit_message(self.session_id, message_id, new_text)
