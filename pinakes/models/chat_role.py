"""A LangChain chat model in a role."""

from __future__ import annotations

from collections.abc import AsyncIterator

from langchain_core.language_models import BaseChatModel
from langchain_core.runnables import RunnableConfig

from pinakes.core.errors import ModelOutputError
from pinakes.core.prompts import Prompt
from pinakes.models.rendering import messages
from pinakes.models.tokens import count_tokens
from pinakes.ports.language_model import Capabilities, Form, LanguageModel


class ChatRole:
    """Any LangChain chat model as a `LanguageModel`."""

    def __init__(
        self,
        model: BaseChatModel,
        *,
        name: str | None = None,
        capabilities: Capabilities | None = None,
        retries: int = 2,
        timeout_s: float = 60.0,
        fallback: LanguageModel | None = None,
    ) -> None:
        self._model = model
        self._name = name or str(getattr(model, "model_name", "model"))
        self._capabilities = capabilities or Capabilities()

    @property
    def name(self) -> str:
        """The model's name, for people."""
        return self._name

    @property
    def capabilities(self) -> Capabilities:
        """What the endpoint can do."""
        return self._capabilities

    async def complete(self, prompt: Prompt) -> str:
        """Return the whole answer as text."""
        return (await self._model.ainvoke(messages(prompt), _config(prompt))).text

    async def stream(self, prompt: Prompt) -> AsyncIterator[str]:
        """Yield the answer piece by piece."""
        async for chunk in self._model.astream(messages(prompt), _config(prompt)):
            if chunk.text:
                yield chunk.text

    async def fill(self, prompt: Prompt, form: type[Form]) -> Form:
        """Return the answer as a validated form."""
        asked = self._model.with_structured_output(form, include_raw=True)
        answer = await asked.ainvoke(messages(prompt), _config(prompt))
        filled = answer["parsed"] if isinstance(answer, dict) else None
        if not isinstance(filled, form):
            text = answer["raw"].text if isinstance(answer, dict) else str(answer)
            raise ModelOutputError(f"{self.name} did not answer in the form asked for.", text=text)
        return filled

    def count_tokens(self, text: str) -> int:
        """Return about how many tokens a text takes."""
        return count_tokens(text)


def _config(prompt: Prompt) -> RunnableConfig:
    return {"metadata": {"pinakes_task": prompt.task, "pinakes_counted": True}, "tags": ["nostream"]}
