"""A turn as its caller sees it: tokens while it runs, or the whole answer."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from types import TracebackType
from typing import Any, Self

from pinakes.client.turns import TurnRunner
from pinakes.core.chat import ChatResponse, ChatToken, ImageReference
from pinakes.core.errors import TurnCancelledError, error_class
from pinakes.core.events import CLOSING, Complete, Envelope, Event, Failed, PlanPendingApproval

_ITEMS_NAMES = {
    "image_results": "images",
    "document_results": "documents",
    "link_results": "links",
    "video_results": "videos",
}
_NO_IMAGE: dict[str, Any] = dict.fromkeys(ImageReference.model_fields)
"""Every name that a picture has, as readers of a stream look them up."""
_LOGGED_ONLY = frozenset({"user_input", "usage"})


class ChatStream:
    """The tokens of one turn, in order, from its beginning or from a sequence number on.

    Iterate it once with `async for`; as a context manager it starts at entry, so that `id` can be kept for
    `events` before the first token. Leaving it early does not stop the turn; `cancel()` does.

    Args:
        start: Starts or finds the turn when the first token is asked for, and returns its id.
        after: The sequence number after which it begins.

    After a `plan_pending_approval` token it goes on if the plan has been decided when the next token is asked for,
    by whomever, and ends otherwise; the proposal then stays open, for days, also for other processes.
    """

    def __init__(
        self, runner: TurnRunner, turn_id: str, start: Callable[[], Awaitable[str]] | None, after: int = 0
    ) -> None:
        self.id = turn_id
        self._runner = runner
        self._start = start
        self._after = after
        self._tokens: AsyncIterator[ChatToken] | None = None

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> ChatToken:
        if self._tokens is None:
            await self._begin()
            self._tokens = self._read()
        return await anext(self._tokens)

    async def __aenter__(self) -> Self:
        await self._begin()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def cancel(self) -> bool:
        """Stop the turn; the stream ends with a `cancelled` token. False if it had ended."""
        return await self._runner.cancel(self.id)

    async def aclose(self) -> None:
        """Stop reading; the turn goes on."""
        self._tokens = _nothing()

    async def _begin(self) -> None:
        start, self._start = self._start, None
        if start is not None:
            self.id = await start()

    async def _read(self) -> AsyncIterator[ChatToken]:
        async for envelope in self._runner.events(self.id, after=self._after):
            if envelope.event.type not in _LOGGED_ONLY:
                yield to_token(envelope)


def to_token(envelope: Envelope) -> ChatToken:
    """Return an event as callers of the SDK see it."""
    event = envelope.event
    data = event.model_dump(mode="json", exclude={"type"})
    if event.type in _ITEMS_NAMES:
        data[_ITEMS_NAMES[event.type]] = data.pop("items")
    for name in ("images", "image_context"):
        if name in data:
            data[name] = [_NO_IMAGE | image for image in data[name]]
    return ChatToken.from_sse_event(event.type, data).model_copy(update={"seq": envelope.seq})


async def whole_answer(runner: TurnRunner, session_id: str, turn_id: str, *, after: int = 0) -> ChatResponse:
    """Wait until a turn ends or stops for an approval and return its answer, or what it proposes.

    Raises what the turn failed with, TurnCancelledError.
    """
    async for envelope in runner.events(turn_id, after=after):
        if envelope.event.type in CLOSING:
            return _response(session_id, envelope.event)
    raise TurnCancelledError("The turn's log ended without an answer; ask again.", turn_id=turn_id)


def _response(session_id: str, event: Event) -> ChatResponse:
    if isinstance(event, Failed):
        raise error_class(event.code)(event.message, **event.details)
    if isinstance(event, PlanPendingApproval):
        return _proposal(session_id, event)
    if not isinstance(event, Complete):
        raise TurnCancelledError("The turn was cancelled before its answer was complete; ask again.")
    images = tuple(ImageReference.model_validate(image) for image in event.image_context)
    writer = str(event.metadata.get("writer", ""))
    return ChatResponse(
        message_id=event.message_id,
        session_id=session_id,
        content=event.content,
        token_count=event.token_count,
        provider=writer.partition(":")[0],
        model=writer,
        processing_time_ms=event.processing_time_ms,
        images=images or None,
        metadata=event.metadata,
    )


def _proposal(session_id: str, event: PlanPendingApproval) -> ChatResponse:
    asked = event.model_dump(mode="json", exclude={"type", "plan"})
    return ChatResponse(
        message_id=event.plan_id,
        session_id=session_id,
        content=event.description,
        metadata={"pending_approval": asked},
    )


async def _nothing() -> AsyncIterator[ChatToken]:
    nothing: tuple[ChatToken, ...] = ()
    for token in nothing:
        yield token
