"""Going back in a conversation: what was asked, and going on from an earlier place without touching what followed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from pinakes.client.asking import AskingResource
from pinakes.client.branched_turns import carry_over, copied_events, copied_turn
from pinakes.client.sessions import MAX_TITLE, check_title, summary, turn_summary
from pinakes.core.chat import ChatResponse, TurnRecord, TurnStatus
from pinakes.core.errors import ResourceNotFoundError, SessionBusyError
from pinakes.core.ids import new_id
from pinakes.core.sessions import ChatSession, TurnSummary
from pinakes.graph.messages import answer_id, check_question

_SUFFIX = " (branch)"


class BranchingResource(AskingResource):
    """The part of `client.chats` that goes back; a conversation itself never changes by it."""

    async def history(self, session_id: str) -> list[TurnSummary]:
        """Return what was asked and what came of it, oldest first. Raises ResourceNotFoundError."""
        await self._catalog.get_session(session_id)
        await self._runner.settle(session_id)
        return [turn_summary(turn) for turn in await self._catalog.turns(session_id)]

    async def branch_session(
        self, session_id: str, from_message_id: str, *, title: str | None = None
    ) -> ChatSession:
        """Return a new conversation that is this one up to a message, with the answer where it is a question.

        Messages, selections, mode, domain and what "those" points to are as they were then. A proposal that waits
        for its decision stays with the original.

        Raises:
            ResourceNotFoundError: There is no such session, or no such message in it.
            SessionBusyError: The message is still being answered.
            ValidationError: The title is too long.
        """
        turns = await self._ended_turns(session_id)
        place = _place(turns, from_message_id)
        return await self._branch(session_id, turns[: place + 1], title)

    async def edit_message(
        self, session_id: str, message_id: str, text: str, *, title: str | None = None
    ) -> ChatResponse:
        """Ask an earlier question in other words, in a new conversation that is this one before that question.

        The response's `session_id` is the new conversation's. Raises what `branch_session` and `send` raise.
        """
        check_question(text)
        turns = await self._ended_turns(session_id)
        branch = await self._branch(session_id, turns[: _place(turns, message_id)], title)
        return await self.send(text, session_id=branch.id)

    async def _ended_turns(self, session_id: str) -> list[TurnRecord]:
        await self._catalog.get_session(session_id)
        await self._runner.settle(session_id)
        return await self._catalog.turns(session_id)

    async def _branch(self, session_id: str, turns: Sequence[TurnRecord], title: str | None) -> ChatSession:
        if any(turn.status is TurnStatus.RUNNING for turn in turns):
            raise SessionBusyError(
                "That message is still being answered; wait for the answer or cancel it.",
                session_id=session_id,
            )
        origin, now = await self._catalog.get_session(session_id), datetime.now(UTC)
        given = (
            check_title(title) or f"{origin.title.removesuffix(_SUFFIX)[: MAX_TITLE - len(_SUFFIX)]}{_SUFFIX}"
        )
        changes = {"id": new_id(), "title": given, "is_active": True, "created_at": now, "updated_at": now}
        record = origin.model_copy(update=changes)
        copies = [copied_turn(turn, record.id, number) for number, turn in enumerate(turns, 1)]
        logs = [
            envelope
            for turn, copy in zip(turns, copies, strict=True)
            for envelope in copied_events(await self._catalog.events(turn.id), copy)
        ]
        await self._catalog.add_branch(record, copies, logs)
        await carry_over(self._runner.graph, turns, record.id)
        return summary(record, copies)


def _place(turns: Sequence[TurnRecord], message_id: str) -> int:
    for place, turn in enumerate(turns):
        if message_id in (turn.id, answer_id(turn.id)):
            return place
    raise ResourceNotFoundError("There is no message with this id in this session.", id=message_id)
