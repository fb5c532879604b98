"""A chat model that follows a script, and fails a test that asks more or less of it than it says.

```python
model = ScriptedModel({"steps": []}, "It is greased [E1] every 500 hours.", by_task={"describe": ["A crane."]})
role = ChatRole(model)
...
model.assert_used_up()
```
"""

from __future__ import annotations

import asyncio
import inspect
import json
import re
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any, TypeAlias

from langchain_core.callbacks import AsyncCallbackManagerForLLMRun, CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel, LanguageModelInput
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.messages.ai import UsageMetadata
from langchain_core.output_parsers import JsonOutputParser, PydanticOutputParser
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from langchain_core.runnables import (
    Runnable,
    RunnableConfig,
    RunnableLambda,
    RunnableMap,
    RunnablePassthrough,
    ensure_config,
)
from langchain_core.utils.function_calling import convert_to_openai_tool
from pydantic import BaseModel, Field


class Pieces:
    """A reply that comes as these pieces: texts, seconds to wait, and perhaps an exception at the end."""

    def __init__(self, *pieces: str | float | Exception) -> None:
        self.pieces = pieces


Reply: TypeAlias = (
    str
    | Mapping[str, Any]
    | BaseModel
    | AIMessage
    | Exception
    | type[Exception]
    | Pieces
    | Callable[[list[BaseMessage]], Any]
)
"""What a model may reply: text; a mapping or form, sent as JSON or as a tool call, whichever was asked for; a whole
message; an error to raise; pieces; or a function of the messages that gives one of those, perhaps awaitably."""

_TASK = "pinakes_task"
_WORDS = re.compile(r"\S+\s*|^\s+")


class ScriptedModel(BaseChatModel):
    """A real LangChain chat model with its replies decided, in order; streams word by word.

    Args:
        replies: One for each call. A call beyond them raises AssertionError.
        by_task: Replies for calls with that `pinakes_task` in their metadata, taken before `replies`: for graphs
            whose calls run at once.
        reports_usage: Whether replies carry usage, counted in words unless an AIMessage brings its own.
        model_name: What the model calls itself.

    Attributes:
        calls: The messages of each call.
        asked: The options of each call: tools, response_format, max_tokens ….
        tasks: The task named by each call, "" for none.
    """

    replies: list[Any] = Field(default_factory=list)
    by_task: dict[str, list[Any]] = Field(default_factory=dict)
    reports_usage: bool = True
    model_name: str = "scripted"
    calls: list[list[BaseMessage]] = Field(default_factory=list)
    asked: list[dict[str, Any]] = Field(default_factory=list)
    tasks: list[str] = Field(default_factory=list)
    # A list, since copies of the model share it: a call too many fails whichever copy it went to.
    overruns: list[str] = Field(default_factory=list)

    def __init__(
        self,
        *replies: Reply,
        by_task: Mapping[str, Sequence[Reply]] | None = None,
        reports_usage: bool = True,
        model_name: str = "scripted",
        **fields: Any,
    ) -> None:
        super().__init__(
            replies=list(fields.pop("replies", replies)),
            by_task={task: list(given) for task, given in (by_task or {}).items()},
            reports_usage=reports_usage,
            model_name=model_name,
            **fields,
        )

    @property
    def _llm_type(self) -> str:
        return "scripted"

    def assert_used_up(self) -> None:
        """Raise AssertionError when replies are left, or more were asked for, which a caller may have swallowed."""
        if self.overruns:
            raise AssertionError("the model was called more often than its script says")
        left = len(self.replies) + sum(map(len, self.by_task.values()))
        if left:
            raise AssertionError(f"the model was not called for {left} of its replies")

    def bind_tools(
        self, tools: Sequence[Any], *, tool_choice: str | None = None, **kwargs: Any
    ) -> Runnable[LanguageModelInput, AIMessage]:
        """Bind tools; a mapping or form among the replies then becomes a call of the first of them."""
        made = [convert_to_openai_tool(tool) for tool in tools]
        return self.bind(tools=made, tool_choice=tool_choice, **kwargs)

    def with_structured_output(
        self,
        schema: dict[str, Any] | type,
        *,
        include_raw: bool = False,
        method: str = "function_calling",
        strict: bool | None = None,
        **kwargs: Any,
    ) -> Runnable[LanguageModelInput, Any]:
        """Ask for a form: by a tool call, or with method "json_schema" as JSON text."""
        if method == "function_calling":
            return super().with_structured_output(schema, include_raw=include_raw)
        wanted = {"type": method, "json_schema": {"schema": schema, "strict": strict}}
        raw = self.bind(response_format=wanted)
        is_form = isinstance(schema, type) and issubclass(schema, BaseModel)
        parser: Any = PydanticOutputParser(pydantic_object=schema) if is_form else JsonOutputParser()
        if not include_raw:
            parsed: Runnable[Any, Any] = raw | parser
            return parsed
        read = RunnablePassthrough.assign(
            parsed=RunnableLambda(itemgetter("raw")) | parser, parsing_error=lambda _: None
        )
        unread = RunnablePassthrough.assign(parsed=lambda _: None)
        both: Runnable[Any, Any] = RunnableMap(raw=raw)
        return both | read.with_fallbacks([unread], exception_key="parsing_error")

    def invoke(
        self, input: LanguageModelInput, config: RunnableConfig | None = None, **kwargs: Any
    ) -> AIMessage:
        """Return the next reply."""
        return super().invoke(input, config, **{_TASK: _task(ensure_config(config)), **kwargs})

    async def ainvoke(
        self, input: LanguageModelInput, config: RunnableConfig | None = None, **kwargs: Any
    ) -> AIMessage:
        """Return the next reply."""
        return await super().ainvoke(input, config, **{_TASK: _task(ensure_config(config)), **kwargs})

    def stream(
        self, input: LanguageModelInput, config: RunnableConfig | None = None, **kwargs: Any
    ) -> Iterator[AIMessageChunk]:
        """Stream the next reply word by word."""
        return super().stream(input, config, **{_TASK: _task(ensure_config(config)), **kwargs})

    def astream(
        self, input: LanguageModelInput, config: RunnableConfig | None = None, **kwargs: Any
    ) -> AsyncIterator[AIMessageChunk]:
        """Stream the next reply word by word."""
        return super().astream(input, config, **{_TASK: _task(ensure_config(config)), **kwargs})

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        reply = self._next(messages, kwargs, run_manager)
        if isinstance(reply, Pieces):
            for piece in reply.pieces:
                if isinstance(piece, float | int):
                    time.sleep(piece)
        return self._result(messages, reply, kwargs)

    async def _agenerate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        reply = await self._anext(messages, kwargs, run_manager)
        if isinstance(reply, Pieces):
            for piece in reply.pieces:
                if isinstance(piece, float | int):
                    await asyncio.sleep(piece)
        return self._result(messages, reply, kwargs)

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        for piece in self._pieces(messages, self._next(messages, kwargs, run_manager), kwargs):
            if isinstance(piece, float):
                time.sleep(piece)
            else:
                if run_manager:
                    run_manager.on_llm_new_token(piece.text, chunk=piece)
                yield piece

    async def _astream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> AsyncIterator[ChatGenerationChunk]:
        for piece in self._pieces(messages, await self._anext(messages, kwargs, run_manager), kwargs):
            if isinstance(piece, float):
                await asyncio.sleep(piece)
            else:
                if run_manager:
                    await run_manager.on_llm_new_token(piece.text, chunk=piece)
                yield piece

    def _take(self, messages: list[BaseMessage], options: dict[str, Any], run_manager: Any) -> Any:
        # LangChain hands streams, and calls that it streams in secret, no run manager to read the metadata from.
        task = options.pop(_TASK, "") or _task({"metadata": run_manager.metadata if run_manager else {}})
        self.calls.append(list(messages))
        self.asked.append(dict(options))
        self.tasks.append(task)
        script = self.by_task.get(task) or self.replies
        if not script:
            self.overruns.append(task)
            raise AssertionError(f"the model was called more often than its script says: {task or 'no task'}")
        return script.pop(0)

    def _next(self, messages: list[BaseMessage], options: dict[str, Any], run_manager: Any) -> Any:
        reply = self._take(messages, options, run_manager)
        return _raised(reply(messages) if _is_function(reply) else reply)

    async def _anext(self, messages: list[BaseMessage], options: dict[str, Any], run_manager: Any) -> Any:
        reply = self._take(messages, options, run_manager)
        made = reply(messages) if _is_function(reply) else reply
        return _raised(await made if inspect.isawaitable(made) else made)

    def _result(self, messages: list[BaseMessage], reply: Any, options: Mapping[str, Any]) -> ChatResult:
        message = self._message(messages, reply, options)
        if isinstance(reply, Pieces):
            for piece in reply.pieces:
                _raised(piece)
        return ChatResult(generations=[ChatGeneration(message=message)])

    def _pieces(
        self, messages: list[BaseMessage], reply: Any, options: Mapping[str, Any]
    ) -> Iterator[ChatGenerationChunk | float]:
        message = self._message(messages, reply, options)
        for piece in reply.pieces if isinstance(reply, Pieces) else _WORDS.findall(message.text):
            if isinstance(piece, float | int):
                yield float(piece)
            else:
                yield ChatGenerationChunk(message=AIMessageChunk(content=_raised(piece)))
        yield ChatGenerationChunk(
            message=AIMessageChunk(
                content="" if isinstance(message.content, str) else [*_textless(message.content)],
                additional_kwargs=message.additional_kwargs,
                response_metadata=message.response_metadata,
                tool_calls=message.tool_calls,
                usage_metadata=message.usage_metadata,
                chunk_position="last",
            )
        )

    def _message(self, messages: list[BaseMessage], reply: Any, options: Mapping[str, Any]) -> AIMessage:
        message = _as_message(reply, options)
        if not message.response_metadata:
            reason = "tool_calls" if message.tool_calls else "stop"
            message.response_metadata = {"model_name": self.model_name, "finish_reason": reason}
        if self.reports_usage and message.usage_metadata is None:
            message.usage_metadata = _usage(messages, message)
        return message


def _task(config: RunnableConfig) -> str:
    return str((config.get("metadata") or {}).get(_TASK, ""))


def _is_function(reply: Any) -> bool:
    return callable(reply) and not isinstance(reply, type | BaseModel)


def _raised(reply: Any) -> Any:
    """Return a reply that is no exception."""
    if isinstance(reply, Exception) or (isinstance(reply, type) and issubclass(reply, Exception)):
        raise reply
    return reply


def _as_message(reply: Any, options: Mapping[str, Any]) -> AIMessage:
    if isinstance(reply, AIMessage):
        return reply.model_copy(deep=True)
    if isinstance(reply, str):
        return AIMessage(content=reply)
    if isinstance(reply, Pieces):
        return AIMessage(content="".join(piece for piece in reply.pieces if isinstance(piece, str)))
    filled = reply.model_dump(mode="json") if isinstance(reply, BaseModel) else dict(reply)
    if tools := options.get("tools"):
        name = tools[0]["function"]["name"]
        return AIMessage(content="", tool_calls=[{"name": name, "args": filled, "id": "call_1"}])
    return AIMessage(content=json.dumps(filled, ensure_ascii=False))


def _textless(content: Sequence[Any]) -> Iterator[Any]:
    """Yield the blocks of a message that are not streamed word by word."""
    for block in content:
        if isinstance(block, dict) and block.get("type") != "text":
            yield block


def _usage(messages: Sequence[BaseMessage], answer: AIMessage) -> UsageMetadata:
    """Return the words of question and answer as if they were tokens."""
    given = sum(len(message.text.split()) for message in messages)
    said = len(answer.text.split()) + sum(len(json.dumps(call["args"]).split()) for call in answer.tool_calls)
    return UsageMetadata(input_tokens=given, output_tokens=said, total_tokens=given + said)
