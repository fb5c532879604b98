"""`client.chat_session`, `client.chat` and `client.chat_stream`: `client.chats` in one word less."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from pinakes.client.chat_session import ChatSessionContext
from pinakes.client.chat_stream import ChatStream
from pinakes.client.chats import ChatResource
from pinakes.core.chat import ChatResponse


class _Chatting(Protocol):
    @property
    def chats(self) -> ChatResource: ...


class ChatShortcuts:
    """What a client with `chats` has besides."""

    def chat_session(
        self: _Chatting,
        *,
        title: str | None = None,
        image_ids: Sequence[str] | None = None,
        use_all_images: bool = True,
        auto_close: bool = True,
        session_id: str | None = None,
    ) -> ChatSessionContext:
        """Return a session as an async context manager; `session_id` comes back to one."""
        return self.chats.session(
            title=title,
            image_ids=image_ids,
            use_all_images=use_all_images,
            auto_close=auto_close,
            session_id=session_id,
        )

    async def chat(
        self: _Chatting, message: str, *, session_id: str, force_detailed_analysis: bool = False
    ) -> ChatResponse:
        """Ask in a session and wait for the whole answer; see `chats.send`."""
        return await self.chats.send(
            message, session_id=session_id, force_detailed_analysis=force_detailed_analysis
        )

    def chat_stream(
        self: _Chatting, message: str, *, session_id: str, force_detailed_analysis: bool = False
    ) -> ChatStream:
        """Ask in a session and follow the answer as it is made; see `chats.send_stream`."""
        return self.chats.send_stream(
            message, session_id=session_id, force_detailed_analysis=force_detailed_analysis
        )
