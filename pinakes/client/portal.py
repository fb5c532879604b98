"""A thread with an event loop, through which callers without one run coroutines."""

from __future__ import annotations

import asyncio
import atexit
import concurrent.futures.thread  # its exit hook must be there before ours, which then runs first
import contextvars
import threading
import weakref
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, Generic, TypeVar

from pinakes.core.errors import ConfigurationError

T = TypeVar("T")

UNWIND_S = 10.0
"""How long an interrupted caller waits for its call to have ended."""

_CLOSED = "This client is closed; make another one."


class Portal:
    """Runs coroutines on a loop of its own thread; many threads may call at once.

    The thread starts with the first call. `close` ends it; what still runs then is cancelled.

    Args:
        name: The thread's.
        last: Runs in the loop right before it ends, also when the interpreter exits without `close`.
    """

    def __init__(self, name: str, last: Callable[[], Awaitable[Any]]) -> None:
        self._name = name
        self._last = last
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop = asyncio.Event()
        self._tasks: set[asyncio.Task[Any]] = set()
        self._closed = False

    @property
    def closed(self) -> bool:
        """Whether nothing can be called any more."""
        return self._closed

    def call(self, make: Callable[[], Awaitable[T]]) -> T:
        """Run what `make` returns, in the caller's context, and return its result.

        An exception in the waiting thread, such as KeyboardInterrupt, cancels the call.

        Raises:
            ConfigurationError: The portal is closed, or the caller is a callback within it, which would wait for ever.
        """
        if threading.current_thread() is self._thread:
            raise ConfigurationError(
                "This runs in a callback of the client, where it cannot wait: collect what you need and call later."
            )
        call = self._submit(make)
        try:
            return call.result()
        except asyncio.CancelledError as error:
            if self._closed:
                raise ConfigurationError("The client was closed during the call.") from error
            raise

    def close(self) -> None:
        """End the loop and its thread; does nothing the second time."""
        with self._lock:
            loop, closed, self._closed = self._loop, self._closed, True
            if loop is not None and not closed:
                loop.call_soon_threadsafe(self._stop.set)
        _OPEN.discard(self)
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join()

    def _submit(self, make: Callable[[], Awaitable[T]]) -> _Call[T]:
        with self._lock:  # what is submitted comes before the loop's end, so that no waiter is forgotten
            if self._closed:
                raise ConfigurationError(_CLOSED)
            if self._loop is None:
                self._loop = self._start()
            return _Call(self._loop, make, self._tasks)

    def _start(self) -> asyncio.AbstractEventLoop:
        started: concurrent.futures.Future[asyncio.AbstractEventLoop] = concurrent.futures.Future()
        # A daemon, so that a forgotten client never keeps the interpreter: the exit hook closes it before.
        self._thread = threading.Thread(target=self._work, args=(started,), name=self._name, daemon=True)
        self._thread.start()
        _OPEN.add(self)
        return started.result()

    def _work(self, started: concurrent.futures.Future[asyncio.AbstractEventLoop]) -> None:
        with asyncio.Runner() as runner:
            runner.run(self._serve(started))

    async def _serve(self, started: concurrent.futures.Future[asyncio.AbstractEventLoop]) -> None:
        started.set_result(asyncio.get_running_loop())
        await self._stop.wait()
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks)
        await self._last()


class _Call(Generic[T]):
    """One coroutine on its way; its waiter can be interrupted."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        make: Callable[[], Awaitable[T]],
        tasks: set[asyncio.Task[Any]],
    ) -> None:
        self._loop = loop
        self._tasks = tasks
        self._make = make
        self._ended = threading.Event()
        self._task: asyncio.Task[T] | None = None
        self._interrupted = False
        loop.call_soon_threadsafe(self._begin, context=contextvars.copy_context())

    def result(self) -> T:
        try:
            self._ended.wait()
        except BaseException:
            self._interrupted = True
            self._loop.call_soon_threadsafe(self._cancel)
            self._ended.wait(UNWIND_S)
            raise
        assert self._task is not None
        return self._task.result()

    def _begin(self) -> None:
        self._task = self._loop.create_task(self._run())
        self._tasks.add(self._task)
        self._task.add_done_callback(self._end)
        if self._interrupted:
            self._task.cancel()

    async def _run(self) -> T:
        return await self._make()

    def _cancel(self) -> None:
        if self._task is not None:
            self._task.cancel()

    def _end(self, task: asyncio.Task[T]) -> None:
        if self._interrupted and not task.cancelled():
            task.exception()  # seen: its waiter has another one to raise
        self._tasks.discard(task)
        self._ended.set()


_OPEN: weakref.WeakSet[Portal] = weakref.WeakSet()


def _close_all() -> None:
    for portal in list(_OPEN):
        with suppress(Exception):
            portal.close()


# Not `atexit` where it can be helped: by then the executors that closing needs take no more work.
getattr(threading, "_register_atexit", atexit.register)(_close_all)
