"""An HTTP server on this machine that speaks OpenAI's API, answers by a script and breaks on demand.

```python
async with ModelServer("Hello.", rate_limited(retry_after=0.2), {"steps": []}) as server:
    model = openai_chat("test-model", base_url=server.url)
    ...
    assert "Which pump leaks?" in server.chats[0].prompt
    server.assert_used_up()
```
"""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable, Collection
from pathlib import Path
from types import TracebackType

from pinakes.testing.model_endpoint import CHAT, Endpoint, Lack
from pinakes.testing.model_replies import Answer, Fault, Reply, Respond
from pinakes.testing.model_requests import Asked, Incoming, next_request
from pinakes.testing.model_sending import BrokenOffError, break_off, send, send_fault, stream


class ModelServer:
    """Speaks chat completions, embeddings, transcriptions and the list of models on 127.0.0.1.

    It has a thread and an event loop of its own: `with` and `async with` both do, and nobody's loop is held up.

    Args:
        script: The answers to chat completions in order, or functions from the request (`Asked`) to its answer.
        respond: Answers when the script has ended; without it one request too many gets a 400.
        embeddings: Faults, or None for vectors, for the first requests for embeddings; later ones get vectors.
        transcripts: Answers to transcriptions in order; later recordings hold no words.
        key: The only key that is let in; None lets everybody in.
        models: The names it knows, others get a 404; empty knows every name.
        lacks: What it cannot do: it refuses such requests with a 400 (without "usage" it just never tells it).
        latency_s: How long it waits before each chat answer, beside what the answer itself says.
        dimensions: The size of its vectors where a request does not say.
        log: A file that gets one JSON line per request: path, body, outcome.

    Attributes:
        requests: Every request that came, in order.
    """

    def __init__(
        self,
        *script: Answer | Respond,
        respond: Respond | None = None,
        embeddings: Collection[Fault | Reply | None] = (),
        transcripts: Collection[Answer] = (),
        key: str | None = None,
        models: Collection[str] = (),
        lacks: Collection[Lack] = (),
        latency_s: float = 0,
        dimensions: int = 64,
        log: Path | None = None,
    ) -> None:
        self._endpoint = Endpoint(
            script=list(script),
            respond=respond,
            embeddings=list(embeddings),
            transcripts=list(transcripts),
            key=key,
            models=tuple(models),
            lacks=frozenset(lacks),
            dimensions=dimensions,
        )
        self._latency_s, self._log = latency_s, log
        self._connections = 0
        self._errors: list[Exception] = []
        self.requests: list[Asked] = []

    @property
    def url(self) -> str:
        """The base URL for clients."""
        return f"http://127.0.0.1:{self._port}/v1"

    @property
    def chats(self) -> list[Asked]:
        """The requests for chat completions."""
        return [asked for asked in self.requests if asked.path == CHAT]

    def then(self, *script: Answer | Respond) -> None:
        """Add answers to the script."""
        self._endpoint.script.extend(script)

    async def until(self, condition: Callable[[ModelServer], bool], timeout_s: float = 60) -> None:
        """Wait until the server has seen something, for example that a client left. Raises TimeoutError."""
        async with asyncio.timeout(timeout_s):
            while not condition(self):  # noqa: ASYNC110 - the server lives in another thread
                await asyncio.sleep(0.01)

    def assert_used_up(self) -> None:
        """Raise AssertionError when answers are left or one was missing, or what a function of the script raised."""
        if self._errors:
            raise self._errors[0]
        if self._endpoint.overused:
            raise AssertionError("the server was asked more often than its script says")
        if left := len(self._endpoint.script):
            raise AssertionError(f"the server was not asked for {left} of its answers")

    def __enter__(self) -> ModelServer:
        ready = threading.Event()
        self._thread = threading.Thread(target=asyncio.run, args=(self._serve(ready),), name="model-server")
        self._thread.start()
        ready.wait()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    async def __aenter__(self) -> ModelServer:
        return self.__enter__()

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await asyncio.to_thread(self.__exit__, kind, error, trace)

    async def _serve(self, ready: threading.Event) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        served: set[asyncio.Task[None]] = set()

        def protocol() -> asyncio.StreamReaderProtocol:
            incoming = Incoming()

            def connected(_: asyncio.StreamReader, outgoing: asyncio.StreamWriter) -> None:
                task = self._loop.create_task(self._converse(incoming, outgoing))
                served.add(task)
                task.add_done_callback(served.discard)

            return asyncio.StreamReaderProtocol(incoming, connected)

        listener = await self._loop.create_server(protocol, "127.0.0.1", 0)
        self._port = int(listener.sockets[0].getsockname()[1])
        ready.set()
        await self._stop.wait()
        listener.close()
        for task in served:
            task.cancel()
        await asyncio.gather(*served, return_exceptions=True)

    async def _converse(self, incoming: Incoming, outgoing: asyncio.StreamWriter) -> None:
        """Answer one connection's requests until it ends."""
        self._connections += 1
        number = self._connections
        try:
            while (asked := await next_request(incoming)) is not None:
                asked.connection = number
                self.requests.append(asked)
                try:
                    await self._answer_while_there(asked, incoming, outgoing)
                finally:
                    self._note(asked)
                if asked.outcome != "answered":
                    break
        finally:
            outgoing.close()

    async def _answer_while_there(
        self, asked: Asked, incoming: Incoming, outgoing: asyncio.StreamWriter
    ) -> None:
        answering = asyncio.create_task(self._answer(asked, outgoing))
        leaving = asyncio.create_task(incoming.gone.wait())
        try:
            await asyncio.wait({answering, leaving}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            answering.cancel()
            leaving.cancel()
            [how, _] = await asyncio.gather(answering, leaving, return_exceptions=True)
        if asked.outcome == "answered" or how is None:
            return
        if isinstance(how, BrokenOffError):
            asked.outcome = "broken"
        elif isinstance(how, asyncio.CancelledError | ConnectionError):
            asked.outcome = "abandoned"
        else:
            raise how

    async def _answer(self, asked: Asked, outgoing: asyncio.StreamWriter) -> None:
        reply = self._reply(asked)
        await asyncio.sleep(reply.latency_s + (self._latency_s if asked.path == CHAT else 0))
        while isinstance(reply, Reply) and not reply.waits_for():  # noqa: ASYNC110 - any condition
            await asyncio.sleep(0.005)
        if isinstance(reply, Fault):
            await send_fault(outgoing, asked, reply)
        elif reply.breaks and reply.breaks_after is None:
            await break_off(outgoing, reply)
        elif asked.streamed:
            await stream(outgoing, asked, reply)
        else:
            await send(outgoing, asked, reply, self._endpoint.body(asked, reply))

    def _reply(self, asked: Asked) -> Reply | Fault:
        try:
            return self._endpoint.reply(asked)
        except Exception as error:  # a function of the script: its errors are its test's business
            self._errors.append(error)
            return Fault(status=400, message=f"The script failed: {error!r}", code="script_failed")

    def _note(self, asked: Asked) -> None:
        if self._log is None:
            return
        line = {"path": asked.path, "json": asked.json, "outcome": asked.outcome}
        with self._log.open("a", encoding="utf8") as file:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
