"""The conversation so far, as much of it as fits, and notes of what does not."""

from __future__ import annotations

import hashlib
import logging
import re
from collections import OrderedDict
from collections.abc import Sequence
from typing import NamedTuple

from pinakes.agents.prompts import prompt_text
from pinakes.agents.writing.sources import inert
from pinakes.core.chat import Exchange
from pinakes.core.errors import ModelError
from pinakes.core.evidence import MARK
from pinakes.core.prompts import Data, Prompt, Said
from pinakes.ports.language_model import LanguageModel

LONG = 1500
"""Tokens of older turns from which on notes of them are worth a call."""

_BLOCK = 4
"""Turns that leave the conversation together, so that the same notes serve for a while."""

_LONGEST_SAID = 4000
_LONGEST_NOTED = 1200
_NOTES_WORDS = 150
_KEPT = 64
_log = logging.getLogger(__name__)


class Recalled(NamedTuple):
    """The last turns as they were, oldest first, and notes of the older ones."""

    history: tuple[Said, ...] = ()
    notes: str = ""


class Memory:
    """Trims conversations to what fits; notes of older turns are kept by their content.

    Args:
        model: Counts tokens, and takes the notes.
    """

    def __init__(self, model: LanguageModel) -> None:
        self._model = model
        self._notes: OrderedDict[str, str] = OrderedDict()

    async def recall(self, conversation: Sequence[Exchange], room: int) -> Recalled:
        """Return a conversation in at most about `room` tokens."""
        kept, cost = len(conversation), 0
        while kept and (cost := cost + self._cost(conversation[kept - 1])) <= room:
            kept -= 1
        if kept:
            kept = min(len(conversation), -(-kept // _BLOCK) * _BLOCK)
        history = tuple(said for exchange in conversation[kept:] for said in _said(exchange))
        return Recalled(history, await self._noted(conversation[:kept], room))

    async def _noted(self, older: Sequence[Exchange], room: int) -> str:
        if not older:
            return ""
        if sum(map(self._cost, older)) <= LONG:
            return _questions(older)
        text = self._clipped(older, max(room, LONG) * 2)
        key = hashlib.sha256(text.encode()).hexdigest()
        if key not in self._notes:
            try:
                notes = await self._model.complete(_prompt(text))
            except ModelError as error:
                _log.info("older turns are recalled by their questions alone: %s", error.code)
                return _questions(older)
            self._notes[key] = inert(notes.strip())[:_LONGEST_SAID]
            while len(self._notes) > _KEPT:
                self._notes.popitem(last=False)
        self._notes.move_to_end(key)
        return self._notes[key]

    def _cost(self, exchange: Exchange) -> int:
        return sum(self._model.count_tokens(said.content) + 4 for said in _said(exchange))

    def _clipped(self, older: Sequence[Exchange], room: int) -> str:
        """Return older turns as text, the latest of them that fit."""
        turns: list[str] = []
        for exchange in reversed(older):
            turn = f"Asked: {exchange.question[:_LONGEST_NOTED]}\nAnswered: {_plain(exchange.answer)[:_LONGEST_NOTED]}"
            room -= self._model.count_tokens(turn)
            if room < 0 and turns:
                break
            turns.append(turn)
        return "\n\n".join(reversed(turns))


def _prompt(text: str) -> Prompt:
    system = prompt_text("summarise_history", words=str(_NOTES_WORDS))
    ask = "Take notes of this conversation."
    return Prompt(task="summarise_history", system=system, parts=(Data(id="conversation", text=text), ask))


def _said(exchange: Exchange) -> tuple[Said, ...]:
    answer = _plain(exchange.answer)[:_LONGEST_SAID]
    asked = Said(role="user", content=exchange.question[:_LONGEST_SAID])
    return (asked, Said(role="assistant", content=answer)) if answer else (asked,)


def _questions(older: Sequence[Exchange]) -> str:
    return "Asked before: " + " / ".join(exchange.question[:200] for exchange in older[-12:])


def _plain(answer: str) -> str:
    """Return an answer without its marks, which a model would imitate."""
    return re.sub(r" +(?=[.,;:!?])", "", MARK.sub("", answer)).strip()
