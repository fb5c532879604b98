"""What a model is given to write from: evidence and findings as quoted data, fitted to what it can take."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from pinakes.agents.prompts import prompt_text
from pinakes.agents.writing.dividing import Parts
from pinakes.agents.writing.questions import DETAILED_WORDS, word_budget
from pinakes.agents.writing.recalling import Recalled
from pinakes.agents.writing.sources import Sources, inert
from pinakes.core.chat import Passage, WriteRequest
from pinakes.core.files import Table
from pinakes.core.findings import Pair
from pinakes.core.plans import StepResult, StepStatus
from pinakes.core.prompts import Data, Prompt
from pinakes.ports.language_model import LanguageModel

MOST_PASSAGES = 16
MOST_DETAILED = 32

_LONGEST_PASSAGE = 6000
_LONGEST_FINDING = 8000
_MOST_ROWS = 40
_MOST_PAIRS = 20
_BLOCK_TOKENS = 30
"""What a data block costs beside its text."""

_LEAST_ROOM = 300
_CONVERSATION = 4
"""The conversation's share of the room: one part in so many."""


class Brief(NamedTuple):
    """A prompt, and how many passages it had no room for."""

    prompt: Prompt
    left_out: int


class Briefing:
    """Builds the prompt of one answer.

    Args:
        request: What is asked, and what was found.
        parts: What of it the model has to put into words, and what is shown beside that.
        model: Counts tokens and says how many it takes.
        guidance: What the question's domain asks of an answer.
        share: Which part of the model's room may be used; less than 1 after it was said to be too much.
    """

    def __init__(
        self,
        request: WriteRequest,
        parts: Parts,
        model: LanguageModel,
        guidance: str,
        share: float = 1.0,
    ) -> None:
        self._request = request
        self._open, self._told = parts.written, parts.told
        self._count = model.count_tokens
        detailed = DETAILED_WORDS if request.detailed else None
        self.words = word_budget(request.question, request.max_words or detailed)
        self._system = prompt_text("write", words=str(self.words), guidance=guidance)
        context = int(model.capabilities.context_tokens * share)
        answer = min(context // 3, 1000 + 4 * self.words)
        fixed = self._count(self._system) + self._count(request.question) + 200
        self._room = max(_LEAST_ROOM, context - answer - fixed)

    @property
    def conversation_room(self) -> int:
        """How many tokens the conversation may take."""
        return min(4000, self._room // _CONVERSATION)

    def brief(self, sources: Sources, recalled: Recalled) -> Brief:
        """Return the prompt: evidence and findings as data, best first, the question last."""
        room = self._room - sum(self._count(said.content) + 4 for said in recalled.history)
        parts: list[str | Data] = []
        if recalled.notes:
            notes = Data(id="conversation", text=recalled.notes, source="notes of the earlier conversation")
            parts.append(notes)
            room -= self._count(notes.text)
        findings, room = self._findings(sources, room)
        evidence, left_out = self._evidence(sources, max(_LEAST_ROOM, room))
        parts += [*evidence, *findings, *self._remarks(findings, left_out), f"Question: {self._asked()}"]
        prompt = Prompt(task="write", system=self._system, history=recalled.history, parts=tuple(parts))
        return Brief(prompt, left_out)

    def _asked(self) -> str:
        return self._request.question.strip() or "(nothing but white space)"

    def _evidence(self, sources: Sources, room: int) -> tuple[list[Data], int]:
        found = [(id, passage) for id, passage in sources.items() if passage.text.strip()]
        shown: list[Data] = []
        for id, passage in found[: MOST_DETAILED if self._request.detailed else MOST_PASSAGES]:
            data = _data(id, passage)
            cost = self._count(data.text) + self._count(data.source) + _BLOCK_TOKENS
            if cost > room and not shown:
                data = data.model_copy(update={"text": data.text[: max(200, len(data.text) * room // cost)]})
            elif cost > room:
                break
            room -= cost
            shown.append(data)
        return shown, len(found) - len(shown)

    def _findings(self, sources: Sources, room: int) -> tuple[list[Data], int]:
        """Return what agents say, in at most half of the room, and what room is left."""
        shown: list[Data] = []
        most = room // 2
        for number, result in enumerate([r for r in (*self._open, *self._told) if _says(r)], 1):
            data = Data(id=f"S{number}", text=_finding(result, sources), source=_agent(result))
            cost = self._count(data.text) + _BLOCK_TOKENS
            if cost > most:
                continue
            most, room = most - cost, room - cost
            shown.append(data)
        return shown, room

    def _remarks(self, findings: Sequence[Data], left_out: int) -> list[str]:
        """Return what the model has to know of the steps; in our own words and those of the plan."""
        remarks = [self._beside(findings)]
        empty = [r for r in self._request.results if r.status is StepStatus.EMPTY and not r.text and r.intent]
        remarks += [f"A search found nothing for: {result.intent[:500]}" for result in empty]
        if left_out:
            remarks.append(f"{left_out} more passages were found that there was no room for.")
        return ["\n".join(remark for remark in remarks if remark)] if any(remarks) else []

    def _beside(self, findings: Sequence[Data]) -> str:
        first = 1 + sum(map(_says, self._open))
        beside = {f"S{n}" for n in range(first, first + sum(map(_says, self._told)))}
        shown = [data.id for data in findings if data.id in beside]
        told = f"The person is shown {', '.join(shown)} beside your answer: do not repeat it, and count nothing anew."
        return told if shown else ""


def _data(id: str, passage: Passage) -> Data:
    return Data(id=id, text=inert(passage.text)[:_LONGEST_PASSAGE], source=_source(passage))


def _source(passage: Passage) -> str:
    evidence = passage.evidence
    place = f"page {evidence.locator.page}" if evidence.locator.page is not None else ""
    if evidence.locator.start_s is not None:
        place = f"second {evidence.locator.start_s:g}"
    lead = {"ocr": "text read off it", "description": "what it shows", "facts": "what is known of it"}
    told = (evidence.filename, place, passage.heading[:120], lead.get(passage.kind, ""))
    return inert(", ".join(part for part in told if part))


def _says(result: StepResult) -> bool:
    return bool(result.text or result.table or result.pairs)


def _agent(result: StepResult) -> str:
    return f"{result.agent}: {inert(result.intent)[:200]}"


def _finding(result: StepResult, sources: Sources) -> str:
    parts = [sources.labelled(result)]
    if result.table is not None:
        parts.append(_rows(result.table))
    if not result.text:
        parts += [_pair(pair) for pair in result.pairs[:_MOST_PAIRS]]
    return "\n\n".join(part for part in parts if part)[:_LONGEST_FINDING]


def _rows(table: Table) -> str:
    rows = [f"{row.label}: {row.value:g}" for row in table.rows[:_MOST_ROWS]]
    return inert("\n".join([f"{table.words.rstrip('.:')}: {table.total:g}", *rows]))


def _pair(pair: Pair) -> str:
    return inert(f"“{pair.left.quote}” {pair.verdict} “{pair.right.quote}”: {pair.why}")
