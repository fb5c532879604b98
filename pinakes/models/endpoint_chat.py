"""LangChain's `ChatOpenAI`, for endpoints that speak like OpenAI and for machines without a network."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from langchain_core.language_models import LanguageModelInput
from langchain_core.messages import BaseMessage
from langchain_core.outputs import ChatGenerationChunk, ChatResult
from langchain_core.tools import BaseTool
from langchain_openai import ChatOpenAI

from pinakes.models.tokens import count_tokens


class EndpointChat(ChatOpenAI):
    """`ChatOpenAI` that never downloads a tokenizer's tables, bounds answers as its endpoint understands it, and
    keeps refusals and shown thoughts (`additional_kwargs`: "refusal", "reasoning_content").

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

    def _convert_chunk_to_generation_chunk(
        self,
        chunk: dict[str, Any],
        default_chunk_class: type,
        base_generation_info: dict[str, Any] | None,
    ) -> ChatGenerationChunk | None:
        made = super()._convert_chunk_to_generation_chunk(chunk, default_chunk_class, base_generation_info)
        choices = chunk.get("choices") or chunk.get("chunk", {}).get("choices")
        if made is not None and choices:
            made.message.additional_kwargs.update(_unheard(choices[0].get("delta")))
        return made

    def _create_chat_result(self, response: Any, generation_info: dict[str, Any] | None = None) -> ChatResult:
        result = super()._create_chat_result(response, generation_info)
        for choice, generation in zip(_field(response, "choices") or (), result.generations, strict=False):
            generation.message.additional_kwargs.update(_unheard(_field(choice, "message")))
        return result


def _unheard(said: Any) -> dict[str, str]:
    """Return what LangChain's class passes over: refusals in streams, and the thoughts that vLLM and others show."""
    thoughts = _field(said, "reasoning_content") or _field(said, "reasoning")
    heard = {"refusal": _field(said, "refusal"), "reasoning_content": thoughts}
    return {name: text for name, text in heard.items() if isinstance(text, str) and text}


def _field(holder: Any, name: str) -> Any:
    # Whole answers are objects, whose odd fields are attributes too; pieces are dicts.
    return holder.get(name) if isinstance(holder, dict) else getattr(holder, name, None)
