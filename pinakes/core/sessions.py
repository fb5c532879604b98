"""Conversations as callers see them: summaries, pages, what is selected. Names follow the hosted SDK."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from pydantic import Field

from pinakes.core.chat import ChatMessage, TurnStatus
from pinakes.core.file_collection import FileCollection
from pinakes.core.listing import Listing
from pinakes.core.value import Value

UNLIMITED = 2**31 - 1
"""What stands where the hosted service has a limit and a library of one's own has none."""


class ChatSessionConfig(Value):
    """What a conversation is entered with.

    Attributes:
        title: Taken from the first message when not given.
        use_all_images: False limits pictures to `image_ids`.
        auto_close: On leaving, mark the session as not active; sending to it makes it active again.
    """

    title: str | None = None
    image_ids: list[str] | None = None
    use_all_images: bool = True
    auto_close: bool = True


class ChatSession(Value):
    """A conversation's summary; it has no end, so what remains of it never gets less."""

    id: str
    title: str = ""
    total_messages: int = 0
    total_tokens: int = 0
    remaining_tokens: int = UNLIMITED
    remaining_messages: int = UNLIMITED
    is_active: bool = True
    use_all_images: bool = True
    selected_image_count: int = 0
    created_at: datetime | None = None
    updated_at: datetime | None = None
    last_message_at: datetime | None = None
    last_message_preview: str | None = None
    last_user_message: str | None = None


class ChatSessionDetail(Value):
    """A conversation with its messages and selections."""

    session: ChatSession
    messages: list[ChatMessage] = Field(default_factory=list)
    selected_image_ids: list[str] | None = None
    selected_document_ids: list[str] | None = None
    selected_video_ids: list[str] | None = None
    current_search_result_ids: list[str] | None = None

    def as_collection(self) -> FileCollection:
        """Return the files that the messages are about."""
        return FileCollection().merge(*(message.as_collection() for message in self.messages))


class SessionList(Value):
    """A page of conversations; counted, gone through and indexed like a list."""

    items: list[ChatSession]
    total: int
    has_more: bool = False

    def __len__(self) -> int:
        return len(self.items)

    def __iter__(self) -> Iterator[ChatSession]:  # type: ignore[override]
        return iter(self.items)

    def __getitem__(self, index: int) -> ChatSession:
        return self.items[index]


class ChatImageList(Listing):
    """A page of the pictures that chats can see."""

    image_ids: list[str]
    total_count: int
    has_more: bool = False

    @property
    def items(self) -> list[str]:
        """The pictures' ids."""
        return self.image_ids

    def as_collection(self) -> FileCollection:
        """Return the pictures as references."""
        return FileCollection.from_ids(self.image_ids, "image")


class TurnSummary(Value):
    """A question of a conversation and what came of it; `message_id` is the question's, `answer_id` the answer's."""

    message_id: str
    answer_id: str
    question: str
    answer_preview: str = ""
    status: TurnStatus
    asked_at: datetime
