"""LangChain's `ChatOpenAI`, for endpoints that speak like OpenAI and for machines without a network."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from langchain_core.language_models import LanguageModelInput
from langchain_core.messages import BaseMessage
from langchain_core.tools import BaseTool
from langchain_openai import ChatOpenAI

from pinakes.models.tokens import count_tokens


class EndpointChat(ChatOpenAI):
    """`ChatOpenAI` that never downloads a tokenizer's tables and bounds answers as its endpoint understands it.

    Attributes:
        plain_max_tokens: Send `max_tokens`, which all compatible endpoints know, not `max_completion_tokens`.
    """

    plain_max_tokens: bool = False

    def get_num_tokens(self, text: str) -> int:
        """Return about how many tokens a text takes."""
        return count_tokens(text)

    def get_num_tokens_from_messages(
        self,
        messages: Sequence[BaseMessage],
        tools: Sequence[dict[str, Any] | type | Callable[..., Any] | BaseTool] | None = None,
        **kwargs: Any,
    ) -> int:
        """Return about how many tokens messages take; pictures and tools are not counted."""
        return sum(count_tokens(message.text) for message in messages)

    async def aclose(self) -> None:
        """Close the connections."""
        await self.root_async_client.close()
        self.root_client.close()

    def _get_request_payload(
        self, input_: LanguageModelInput, *, stop: list[str] | None = None, **kwargs: Any
    ) -> dict[str, Any]:
        payload: dict[str, Any] = super()._get_request_payload(input_, stop=stop, **kwargs)
        if self.plain_max_tokens and "max_completion_tokens" in payload:
            payload["max_tokens"] = payload.pop("max_completion_tokens")
        return payload
