"""One attempt at a call: sent, timed, counted, its answer heard and its faults typed."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Sequence
from contextlib import AbstractContextManager, aclosing, contextmanager
from dataclasses import dataclass, field
from typing import Any, cast

from langchain_core.messages import AIMessageChunk, BaseMessage
from langchain_core.runnables import Runnable, RunnableConfig

from pinakes.models.answers import Heard
from pinakes.models.counting import counted, seconds_left
from pinakes.models.faults import typed
from pinakes.models.structured import as_message


@dataclass(frozen=True)
class Attempt:
    """One request to a model.

    Attributes:
        target: The model, or what asks it for a form.
        prompt_tokens: About how many it takes.
        timeout_s: How long a whole answer may take, or the beginning of a streamed one.
        between_s: How long a streamed answer may stop.
        options: Further arguments for the model.
    """

    target: Runnable[Any, Any]
    name: str
    task: str
    messages: Sequence[BaseMessage]
    prompt_tokens: int
    timeout_s: float
    between_s: float
    options: dict[str, Any] = field(default_factory=dict)

    async def whole(self) -> Heard:
        """Return the whole answer. Raises ModelError."""
        heard = Heard()
        with self._counted(heard), _faults_typed(self.name):
            async with asyncio.timeout(_bounded(self.timeout_s)):
                answer = await self.target.ainvoke(list(self.messages), self._config, **self.options)
            heard.take(as_message(answer))
            heard.end()
            heard.check(self.name)
        return heard

    async def pieces(self) -> AsyncIterator[str]:
        """Yield the answer's text as it comes. Raises ModelError, perhaps after some pieces."""
        heard = Heard()
        with self._counted(heard), _faults_typed(self.name):
            async with aclosing(self._chunks(heard)) as chunks:
                async for chunk in chunks:
                    if piece := heard.take(chunk):
                        yield piece
            if piece := heard.end():
                yield piece
            heard.check(self.name)

    async def _chunks(self, heard: Heard) -> AsyncGenerator[AIMessageChunk, None]:
        sent = self.target.astream(list(self.messages), self._config, **self.options)
        begins_by = time.monotonic() + self.timeout_s
        cancelled_before = _times_cancelled()
        async with aclosing(cast("AsyncGenerator[AIMessageChunk, None]", sent)) as chunks:
            while True:
                limit = self.between_s if heard.anything else begins_by - time.monotonic()
                try:
                    async with asyncio.timeout(_bounded(limit)):
                        chunk = await anext(chunks)
                except StopAsyncIteration:
                    return
                if _times_cancelled() > cancelled_before:
                    # Before Python 3.12 `wait_for`, which ChatOpenAI uses, swallows a cancellation that meets a chunk.
                    raise asyncio.CancelledError
                yield chunk

    def _counted(self, heard: Heard) -> AbstractContextManager[None]:
        return counted(self.name, self.task, self.prompt_tokens, heard)

    @property
    def _config(self) -> RunnableConfig:
        # The graph streams what its writer yields and counts by the meter: its own handlers must not do so again.
        return {"metadata": {"pinakes_task": self.task, "pinakes_counted": True}, "tags": ["nostream"]}


@contextmanager
def _faults_typed(model: str) -> Iterator[None]:
    try:
        yield
    except AssertionError:  # a test's own
        raise
    except Exception as error:
        raise typed(error, model) from error


def _times_cancelled() -> int:
    task = asyncio.current_task()
    return task.cancelling() if task else 0


def _bounded(seconds: float) -> float:
    left = seconds_left()
    return max(0.0, seconds if left is None else min(seconds, left))
