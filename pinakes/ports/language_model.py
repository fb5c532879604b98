"""Language models, as planners, writers and analysts use them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Literal, Protocol, TypeVar, runtime_checkable

from pydantic import BaseModel

from pinakes.core.prompts import Prompt
from pinakes.core.value import Value

Form = TypeVar("Form", bound=BaseModel)


class Capabilities(Value):
    """What an endpoint can do.

    Attributes:
        structured: The best way to typed answers: a JSON schema that the endpoint enforces, a forced tool call, or
            plain JSON asked for in words.
        images: Whether pictures may be sent.
        parts: Whether a message may have several parts; otherwise they are joined.
        stream_usage: Whether a stream ends with its usage.
        context_tokens: How much fits into one call, prompt and answer.
    """

    structured: Literal["json_schema", "tools", "json"] = "json_schema"
    images: bool = False
    parts: bool = True
    stream_usage: bool = True
    context_tokens: int = 32_000


@runtime_checkable
class LanguageModel(Protocol):
    """A chat model behind one role: retried, timed, counted (`core.usage`), its faults typed (`ModelError`).

    `name` is shown to people.
    """

    @property
    def name(self) -> str: ...

    @property
    def capabilities(self) -> Capabilities: ...

    async def complete(self, prompt: Prompt) -> str:
        """Return the whole answer as text."""
        ...

    def stream(self, prompt: Prompt) -> AsyncIterator[str]:
        """Yield the answer piece by piece; a fault before the first piece is retried, a later one is raised."""
        ...

    async def fill(self, prompt: Prompt, form: type[Form]) -> Form:
        """Return the answer as a validated form. Raises ModelOutputError, whose details hold the text."""
        ...

    def count_tokens(self, text: str) -> int:
        """Return about how many tokens a text takes, without asking anybody."""
        ...


@runtime_checkable
class Transcriber(Protocol):
    """Speech to text."""

    @property
    def name(self) -> str: ...

    async def transcribe(self, audio: bytes, filename: str) -> tuple[Utterance, ...]:
        """Return what is said in a recording (wav, mp3, m4a …), in order. Raises ModelError."""
        ...


class Utterance(Value):
    """Words and when they are said, in seconds from the start."""

    text: str
    start: float
    end: float


@dataclass(frozen=True)
class Models:
    """The models at hand by role; None means that the local way is taken."""

    planner: LanguageModel | None = None
    writer: LanguageModel | None = None
    vision: LanguageModel | None = None
    analyst: LanguageModel | None = None
    transcriber: Transcriber | None = None
