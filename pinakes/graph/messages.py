"""The conversation inside the graph: how message writes fold into it, and what turns read from it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from langchain_core.messages import (
    AIMessage,
    AnyMessage,
    BaseMessage,
    BaseMessageChunk,
    HumanMessage,
    RemoveMessage,
    convert_to_messages,
    message_chunk_to_message,
)
from langgraph.graph.message import REMOVE_ALL_MESSAGES

from pinakes.core.chat import Exchange
from pinakes.core.errors import ValidationError
from pinakes.core.ids import derived_id
from pinakes.core.options import MAX_MESSAGE


def merge_messages(state: list[AnyMessage], writes: Sequence[Any]) -> list[AnyMessage]:
    """Fold message writes into a conversation, one message after the other.

    A message with a known id replaces the old one in its place, others are appended, a `RemoveMessage` removes
    (an unknown id is ignored). Pure, and the same however the writes are grouped, as `DeltaChannel` asks: it
    replays them later in other batches. A missing id is derived from place and content, so that a replay gives
    the same one.
    """
    kept: dict[str, Any] = {}
    for write in (list(state), *writes):
        for message in _as_messages(write):
            _fold(kept, message)
    return list(kept.values())


def check_question(text: Any) -> str:
    """Return the question without surrounding white space. Raises ValidationError if empty or too long."""
    question = text.strip() if isinstance(text, str) else ""
    if not question:
        raise ValidationError("The message is empty; write a question of 1 to 10,000 characters.")
    if len(text) > MAX_MESSAGE:
        raise ValidationError(
            f"The message has {len(text):,} characters; shorten it to {MAX_MESSAGE:,} or fewer.",
            length=len(text),
            limit=MAX_MESSAGE,
        )
    return question


def question_of(messages: Sequence[AnyMessage]) -> str:
    """Return the text of the last human message, also of content blocks. Raises ValidationError."""
    return check_question(_last_human(messages).text)


def answer_id(turn_id: str) -> str:
    """Return the id of the answer to the human message with this id: always the same, so reruns replace it."""
    return derived_id(turn_id, "answer")


def turn_id_of(messages: Sequence[AnyMessage]) -> str:
    """Return the id of the turn: its human message's."""
    return str(_last_human(messages).id)


def earlier_questions(messages: Sequence[AnyMessage], turn_id: str, limit: int = 20) -> tuple[str, ...]:
    """Return the user's turns before this one, oldest first."""
    humans = [message for message in messages if isinstance(message, HumanMessage)]
    places = [place for place, message in enumerate(humans) if message.id == turn_id]
    earlier = humans[: places[0]] if places else humans
    return tuple(message.text for message in earlier[-limit:])


def earlier_exchanges(messages: Sequence[AnyMessage], turn_id: str, limit: int = 50) -> tuple[Exchange, ...]:
    """Return the questions before this turn with the answers that followed them, oldest first."""
    exchanges: list[Exchange] = []
    for message in messages:
        if message.id == turn_id:
            break
        if isinstance(message, HumanMessage):
            exchanges.append(Exchange(question=message.text))
        elif isinstance(message, AIMessage) and exchanges and message.text:
            exchanges[-1] = Exchange(question=exchanges[-1].question, answer=message.text)
    return tuple(exchanges[-limit:])


def _last_human(messages: Sequence[AnyMessage]) -> HumanMessage:
    for message in reversed(messages):
        if isinstance(message, HumanMessage):
            return message
    raise ValidationError("There is no question; send at least one human message.")


def _as_messages(write: Any) -> Iterable[BaseMessage]:
    for message in convert_to_messages(write if isinstance(write, list) else [write]):
        yield message_chunk_to_message(message) if isinstance(message, BaseMessageChunk) else message


def _fold(kept: dict[str, Any], message: BaseMessage) -> None:
    if isinstance(message, RemoveMessage):
        if message.id == REMOVE_ALL_MESSAGES:
            kept.clear()
        kept.pop(str(message.id), None)
        return
    if message.id is None:
        message = message.model_copy(update={"id": _free_id(kept, message)})
    kept[str(message.id)] = message


def _free_id(kept: dict[str, Any], message: BaseMessage) -> str:
    for attempt in range(len(kept) + 1):
        candidate = derived_id(str(len(kept)), message.type, str(message.content), str(attempt))
        if candidate not in kept:
            return candidate
    raise AssertionError("more ids taken than messages kept")
