"""Asking in a conversation, and following, taking up again or stopping what is answered."""

from __future__ import annotations

from collections.abc import Sequence

from pinakes.client.approvals import ApprovalResource
from pinakes.client.chat_stream import ChatStream, whole_answer
from pinakes.client.page_snippets import snippets
from pinakes.client.sessions import GIVEN_TITLE, check_selection, shorten, turn_options
from pinakes.client.thumbnails import illustrated
from pinakes.core.chat import ChatResponse, SessionRecord
from pinakes.core.errors import ResourceNotFoundError
from pinakes.core.ids import new_id
from pinakes.core.options import TurnOptions


class AskingResource(ApprovalResource):
    """The part of `client.chats` that runs turns."""

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

        While another message of the session is being answered, this one waits (`Settings.busy_wait_s`). A turn that
        stops for an approval returns what it proposes, with `metadata["pending_approval"]`: plan_id, description,
        changes, expires_at.

        Args:
            force_detailed_analysis: Look closer and answer at more length.
            expected_image_ids: The pictures that the caller takes to be selected; where others are, these become the
                session's selection.
            options: Replaces all that the session's settings say for this turn.

        Raises:
            ValidationError: The message is empty or longer than 10,000 characters, or too many pictures are expected.
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

        async def start() -> str:
            await self._start(
                session_id,
                message,
                turn_id,
                expected_image_ids,
                options,
                detailed=force_detailed_analysis,
                debug_reasoning=debug_reasoning,
            )
            return turn_id

        return ChatStream(self._runner, turn_id, start)

    def events(self, turn_id: str, *, after: int = 0) -> ChatStream:
        """Return the rest of a turn's tokens after a sequence number, also of one that another process runs."""
        return ChatStream(self._runner, turn_id, None, after)

    def resume(self, session_id: str, turn_id: str | None = None, *, after: int = 0) -> ChatStream:
        """Return the rest of a conversation's turn, by default its last one: exactly what came after `after`.

        Raises ResourceNotFoundError, at the first token or on entry, where there is no such turn in the session.
        """

        async def find() -> str:
            if turn_id is None:
                turns = await self._turns_of(session_id, limit=1)
                if not turns:
                    raise ResourceNotFoundError("Nothing has been asked in this session yet.", id=session_id)
                return turns[-1].id
            if (await self._catalog.get_turn(turn_id)).session_id != session_id:
                raise ResourceNotFoundError("There is no turn with this id in this session.", id=turn_id)
            return turn_id

        return ChatStream(self._runner, turn_id or "", find, after)

    async def cancel(self, turn_id: str) -> bool:
        """Stop a running turn; False if it has ended."""
        return await self._runner.cancel(turn_id)

    async def cancel_session(self, session_id: str) -> bool:
        """Stop what a conversation is answering; False if it answers nothing. A waiting message is answered next."""
        return await self._runner.cancel_in(session_id)

    async def illustrate(self, response: ChatResponse) -> ChatResponse:
        """Return an answer with pictures of the places in PDFs that it cites, marked, for notebooks to show."""
        drawn = await snippets(self._library, response.citations)
        return response.model_copy(update={"snippets": drawn or None})

    async def _start(
        self,
        session_id: str,
        message: str,
        turn_id: str,
        expected_image_ids: Sequence[str] | None,
        options: TurnOptions | None,
        **flags: bool,
    ) -> None:
        record = await self._healed(await self._catalog.get_session(session_id), expected_image_ids)
        await self._runner.start(
            session_id, message, options or turn_options(record, self._defaults, **flags), turn_id=turn_id
        )
        if not (record.title and record.is_active):
            await self._freshen(session_id, message)

    async def _healed(self, record: SessionRecord, expected: Sequence[str] | None) -> SessionRecord:
        """Return the session with the pictures selected that its caller sees selected."""
        if expected is None or set(expected) == set(record.image_ids):
            return record
        return await self._catalog.update_session(record.id, image_ids=check_selection("image_ids", expected))

    async def _freshen(self, session_id: str, message: str) -> None:
        """Open a closed session again, and name a nameless one after the message."""
        record = await self._catalog.get_session(session_id)
        title = record.title or shorten(message, GIVEN_TITLE)
        await self._catalog.update_session(session_id, is_active=True, title=title)
