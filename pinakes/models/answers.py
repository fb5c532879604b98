"""What a model said, gathered from a whole message or from the chunks of a stream."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from langchain_core.messages import AIMessage
from langchain_core.messages.ai import UsageMetadata, add_usage

from pinakes.core.errors import ContentFilteredError, ModelOutputError
from pinakes.core.usage import Spent
from pinakes.models.thoughts import ThoughtFilter
from pinakes.models.tokens import count_tokens

_LENGTH = {"length", "max_tokens", "model_length", "max_output_tokens"}
_FILTERED = {"content_filter", "content_filtered", "refusal", "safety", "prohibited_content", "blocklist"}


class Heard:
    """An answer so far.

    Attributes:
        text: What was said, thoughts left out.
        arguments: The arguments of tool calls: parsed or, where they are broken, as text.
        refusal: Why the model will not answer, in its words; "" otherwise.
        cut_off: Whether the answer ended at the longest length.
        filtered: Whether a content filter ended it.
    """

    def __init__(self) -> None:
        self.text = ""
        self.arguments: list[dict[str, Any] | str] = []
        self.refusal = ""
        self.cut_off = False
        self.filtered = False
        self._apart = ""
        self._filter = ThoughtFilter()
        self._usage: UsageMetadata | None = None

    @property
    def thoughts(self) -> str:
        """The reasoning that the endpoint showed."""
        return (self._apart + self._filter.thoughts).strip()

    @property
    def anything(self) -> bool:
        """Whether anything has come at all."""
        return bool(self.text or self.arguments or self.refusal or self.thoughts or self._usage)

    def take(self, message: AIMessage) -> str:
        """Add a message or chunk and return the text that is new."""
        if message.usage_metadata:
            self._usage = add_usage(self._usage, message.usage_metadata)
        self._apart += "".join(_reasoning(message))
        self.refusal += "".join(_refusal(message))
        self.arguments += [call["args"] for call in message.tool_calls]
        self.arguments += [call["args"] or "" for call in message.invalid_tool_calls]
        reason = _finish(message)
        self.cut_off = self.cut_off or reason in _LENGTH
        self.filtered = self.filtered or reason in _FILTERED
        return self._add(self._filter.feed(message.text))

    def end(self) -> str:
        """Return the text that was held back, since it might have become a thought."""
        return self._add(self._filter.end())

    def check(self, model: str) -> None:
        """Raise ContentFilteredError or ModelOutputError when the finished answer is none."""
        if self.refusal or self.filtered:
            raise ContentFilteredError(
                f"{model} refused to answer; put the question differently.",
                model=model,
                reason=self.refusal[:500],
            )
        if not self.text.strip() and not self.arguments:
            cut_off = " before its answer began" if self.cut_off else ""
            raise ModelOutputError(f"{model} ended{cut_off} without a word.", model=model, text="")

    def spent(self, prompt_tokens: int) -> Spent:
        """Return what the call cost: by the API's figures, else by our own guess, marked so."""
        if self._usage is None:
            said = [self.text, self.thoughts, *map(str, self.arguments)]
            output = sum(map(count_tokens, said))
            return Spent(input_tokens=prompt_tokens, output_tokens=output, call_count=1, estimated=True)
        return Spent(
            input_tokens=self._usage["input_tokens"],
            output_tokens=self._usage["output_tokens"],
            cached_tokens=self._usage.get("input_token_details", {}).get("cache_read") or 0,
            call_count=1,
        )

    def _add(self, new: str) -> str:
        self.text += new
        return new


def _finish(message: AIMessage) -> str:
    told = message.response_metadata
    reason = told.get("finish_reason") or told.get("stop_reason") or told.get("done_reason") or ""
    return str(reason).lower()


def _blocks(message: AIMessage) -> Iterator[dict[str, Any]]:
    if isinstance(message.content, list):
        yield from (block for block in message.content if isinstance(block, dict))


def _reasoning(message: AIMessage) -> Iterator[str]:
    said = message.additional_kwargs.get("reasoning_content")
    if isinstance(said, str):
        yield said
    for block in _blocks(message):
        if block.get("type") in {"reasoning", "thinking"}:
            yield str(block.get("reasoning") or block.get("thinking") or "")
            summary = block.get("summary")
            for part in summary if isinstance(summary, list) else ():
                yield str(part.get("text", "")) if isinstance(part, dict) else ""


def _refusal(message: AIMessage) -> Iterator[str]:
    yield str(message.additional_kwargs.get("refusal") or "")
    for block in _blocks(message):
        if block.get("type") == "refusal":
            yield str(block.get("refusal") or "")
