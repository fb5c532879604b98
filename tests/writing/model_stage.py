"""A language model whose pieces and faults are decided, and answers written with it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

from pinakes.agents.writing import LocalWriter, ModelWriter
from pinakes.core.chat import Answer, Counted, WriteRequest
from pinakes.core.events import Event
from pinakes.core.options import Budget
from pinakes.core.prompts import Data, Prompt
from pinakes.core.usage import Calls, Meter, calls_counted
from pinakes.ports.language_model import Capabilities, Form

Script = str | Sequence[str | BaseException] | Exception


class FakeModel:
    """Streams its scripts, one a call; a piece that is an exception is raised."""

    name = "fake"

    def __init__(self, *scripts: Script, context_tokens: int = 32_000, notes: Script = "Notes.") -> None:
        self.capabilities = Capabilities(context_tokens=context_tokens)
        self._scripts = list(scripts)
        self._notes = notes
        self.prompts: list[Prompt] = []
        self.noted: list[Prompt] = []

    async def complete(self, prompt: Prompt) -> str:
        self.noted.append(prompt)
        if isinstance(self._notes, Exception):
            raise self._notes
        return "".join(str(piece) for piece in self._notes)

    async def stream(self, prompt: Prompt) -> AsyncIterator[str]:
        self.prompts.append(prompt)
        script = self._scripts.pop(0)
        for piece in [script] if isinstance(script, str | Exception) else script:
            if isinstance(piece, BaseException):
                raise piece
            yield piece

    async def fill(self, prompt: Prompt, form: type[Form]) -> Form:
        raise AssertionError("a writer fills no forms")

    def count_tokens(self, text: str) -> int:
        return len(text) // 4 + 1


class Stage:
    """A writer with a model, and what came of its last answer."""

    def __init__(self, local: LocalWriter, *scripts: Script, **settings) -> None:
        guidance = settings.pop("guidance", None)
        self.model = FakeModel(*scripts, **settings)
        self.writer = ModelWriter(self.model, local, guidance)
        self.pieces: list[str | Counted] = []
        self.events: list[Event] = []

    async def write(self, request: WriteRequest, **budget) -> Answer:
        calls = Calls(node="write", meter=Meter(Budget(**budget)), tell=self.events.append)
        with calls_counted(calls):
            pieces = [piece async for piece in self.writer.write(request)]
        answer = pieces.pop()
        assert isinstance(answer, Answer)
        self.pieces = [piece for piece in pieces if not isinstance(piece, Answer)]
        assert "".join(piece for piece in self.pieces if isinstance(piece, str)) == answer.content
        told = [key for piece in self.pieces if isinstance(piece, Counted) for key in piece.result_refs]
        assert sorted(told) == sorted(answer.result_refs)
        return answer

    @property
    def data(self) -> dict[str, Data]:
        return {part.id: part for part in self.model.prompts[-1].parts if isinstance(part, Data)}

    @property
    def words(self) -> list[str]:
        return [part for part in self.model.prompts[-1].parts if isinstance(part, str)]


def letters(text: str) -> list[str]:
    return list(text)
