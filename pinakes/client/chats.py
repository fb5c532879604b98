"""Chat: sessions, messages and answers, with the names of the hosted SDK."""

from __future__ import annotations

from collections.abc import Sequence

from pinakes.client.branching import BranchingResource
from pinakes.client.chat_images import ChatImages
from pinakes.client.chat_session import ChatSessionContext
from pinakes.core.sessions import ChatSessionConfig


class ChatResource(BranchingResource, ChatImages):
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
        config = ChatSessionConfig(
            title=title,
            image_ids=None if image_ids is None else tuple(image_ids),
            use_all_images=use_all_images,
            auto_close=auto_close,
        )
        return ChatSessionContext(self, config, session_id)
