"""Counting what model calls cost, whoever makes them inside a turn."""

from __future__ import annotations

from typing import Any

from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.messages import AIMessage
from langchain_core.outputs import ChatGeneration, LLMResult

from pinakes.core.events import Usage


class UsageCounter(BaseCallbackHandler):
    """Adds up the calls and tokens of every LangChain model called in one turn; parts without models add nothing."""

    ignore_chain = True
    run_inline = True

    def __init__(self) -> None:
        self.total = Usage()

    def on_llm_end(self, response: LLMResult, **kwargs: Any) -> None:
        """Count one call and the tokens that its provider reports."""
        spent = [_spent(generation) for batch in response.generations for generation in batch]
        self.total = Usage(
            input_tokens=self.total.input_tokens + sum(tokens for tokens, _ in spent),
            output_tokens=self.total.output_tokens + sum(tokens for _, tokens in spent),
            call_count=self.total.call_count + 1,
        )


def _spent(generation: Any) -> tuple[int, int]:
    message = generation.message if isinstance(generation, ChatGeneration) else None
    usage = message.usage_metadata if isinstance(message, AIMessage) else None
    return (usage["input_tokens"], usage["output_tokens"]) if usage else (0, 0)
