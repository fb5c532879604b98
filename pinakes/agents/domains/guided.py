"""Models that know the field of work: its lines follow whatever they are asked to do."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

from pinakes.agents.domains.packs import Domain
from pinakes.core.prompts import Prompt
from pinakes.ports.language_model import Capabilities, Form, LanguageModel, Models


class GuidedModel:
    """A language model whose prompts end with the lines of a field of work; implements `ports.LanguageModel`."""

    def __init__(self, model: LanguageModel, lines: str) -> None:
        self._model = model
        self._lines = lines

    @property
    def name(self) -> str:
        """The model's name."""
        return self._model.name

    @property
    def capabilities(self) -> Capabilities:
        """What the model can do."""
        return self._model.capabilities

    async def complete(self, prompt: Prompt) -> str:
        """Return the whole answer as text."""
        return await self._model.complete(self._guided(prompt))

    def stream(self, prompt: Prompt) -> AsyncIterator[str]:
        """Yield the answer piece by piece."""
        return self._model.stream(self._guided(prompt))

    async def fill(self, prompt: Prompt, form: type[Form]) -> Form:
        """Return the answer as a validated form."""
        return await self._model.fill(self._guided(prompt), form)

    def count_tokens(self, text: str) -> int:
        """Return about how many tokens a text takes."""
        return self._model.count_tokens(text)

    def _guided(self, prompt: Prompt) -> Prompt:
        return prompt.model_copy(update={"system": f"{prompt.system}\n\n{self._lines}".strip()})


def guided(models: Models, domain: Domain) -> Models:
    """Return the agents' models with a field's lines: who looks at pictures is told other ones than who reads."""
    return replace(
        models,
        vision=_guided(models.vision, domain.looking()),
        analyst=_guided(models.analyst, domain.writing()),
    )


def _guided(model: LanguageModel | None, lines: str) -> LanguageModel | None:
    return GuidedModel(model, lines) if model is not None and lines else model
