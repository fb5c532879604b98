"""Holding a library folder open for a client: from entering it, or from its first call, until it is closed."""

from __future__ import annotations

import asyncio
import atexit
import threading
import weakref
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from typing import Any

from pinakes.client.checkpoints import open_checkpointer
from pinakes.client.client_resources import Graph, resources_of
from pinakes.client.lines import Stream
from pinakes.client.operations import Operation
from pinakes.client.settings import Settings
from pinakes.client.turns import TurnRunner
from pinakes.client.wiring import OpenLibrary, Parts, open_library
from pinakes.core.errors import ConfigurationError
from pinakes.graph.build import build_graph

_OWNER = "folder"
"""One name for every process: the folder's lock lets only one in, so leases of a killed one are ours to take."""

CLOSED = "This client is closed: make another one, or enter it again."


@dataclass(frozen=True)
class Held:
    """A library that is open, and all that a client does with it."""

    opened: OpenLibrary
    graph: Graph
    resources: dict[str, Any]


class Holder:
    """Opens a library once and closes it once, however many ask at the same time.

    What is open is kept by a task, which closes it when it is cancelled: by `aclose`, by the end of the event loop,
    or, where nobody entered the client, when the client is forgotten.
    """

    def __init__(self, settings: Settings, parts: Parts) -> None:
        self._settings = settings
        self._parts = parts
        self._opening = asyncio.Lock()
        self._keeper: asyncio.Task[None] | None = None
        self.held: Held | None = None
        self.closed = False

    async def open(self, *, keep: bool = False) -> Held:
        """Return what is open, opened if need be.

        Args:
            keep: Until it is closed, even if the client is forgotten.

        Raises:
            ConfigurationError: It has been closed.
            LibraryError: The folder cannot be used.
        """
        async with self._opening:
            if self.closed:
                raise ConfigurationError(CLOSED)
            if self.held is None:
                await _forgotten_ones()
                stack = AsyncExitStack()
                try:
                    self.held = await _opened(self._settings, self._parts, stack)
                except BaseException:
                    await stack.aclose()
                    raise
                await self._keep(stack, keep)
            return self.held

    async def aclose(self) -> None:
        """Close what is open; does nothing the second time."""
        self.closed = True
        keeper, self._keeper, self.held = self._keeper, None, None
        if keeper is not None:
            await _ended(keeper)

    async def _keep(self, stack: AsyncExitStack, keep: bool) -> None:
        begun = asyncio.Event()
        self._keeper = asyncio.create_task(_kept(stack, begun), name="library held open")
        _KEEPERS.add(self._keeper)
        this = weakref.ref(self)
        self._keeper.add_done_callback(lambda keeper: _forget(this(), keeper))
        if not keep:
            weakref.finalize(self, _let_go, self._keeper).atexit = False
        await begun.wait()  # a task that is cancelled before its first step would close nothing


class OpensFirst:
    """Runs operations on the library, which the first of them opens; a `Line`."""

    def __init__(self, holder: Holder) -> None:
        self._holder = holder

    async def call(self, operation: Operation, arguments: dict[str, Any]) -> Any:
        """Run an operation and return its result."""
        return await (await self._method(operation))(**arguments)

    async def stream(self, operation: Operation, arguments: dict[str, Any]) -> Stream | AsyncIterator[Any]:
        """Return the pieces of an operation that streams."""
        pieces: AsyncIterator[Any] = (await self._method(operation))(**arguments)
        return pieces

    async def _method(self, operation: Operation) -> Any:
        resource, _, method = operation.name.partition(".")
        return getattr((await self._holder.open()).resources[resource], method)


async def _opened(settings: Settings, parts: Parts, stack: AsyncExitStack) -> Held:
    opened = await stack.enter_async_context(open_library(settings, parts))
    checkpointer = await stack.enter_async_context(
        open_checkpointer(opened.settings.folder / "checkpoints.sqlite")
    )
    graph = build_graph(opened.resources, checkpointer=checkpointer)
    turns = TurnRunner(graph, opened.library, owner=_OWNER, wait_seconds=settings.busy_wait_s)
    await stack.enter_async_context(turns)
    return Held(opened, graph, resources_of(opened, turns))


async def _kept(stack: AsyncExitStack, begun: asyncio.Event) -> None:
    try:
        begun.set()
        await asyncio.get_running_loop().create_future()
    finally:
        await stack.aclose()


async def _ended(keeper: asyncio.Task[None]) -> None:
    """Wait until a library is closed; who stops waiting does not stop that."""
    keeper.cancel()
    if keeper.get_loop() is asyncio.get_running_loop():
        await asyncio.wait([keeper])
        if not keeper.cancelled() and (error := keeper.exception()) is not None:
            raise error


def _forget(holder: Holder | None, keeper: asyncio.Task[None]) -> None:
    """Note that a library was closed with its loop, so that a call in another one opens it again."""
    _KEEPERS.discard(keeper)
    if holder is not None and holder._keeper is keeper:
        holder._keeper = holder.held = None
        holder._opening = asyncio.Lock()


_KEEPERS: set[asyncio.Task[None]] = set()
_LET_GO: weakref.WeakSet[asyncio.Task[None]] = weakref.WeakSet()


def _let_go(keeper: asyncio.Task[None]) -> None:
    if not keeper.done():
        _LET_GO.add(keeper)
        with suppress(RuntimeError):  # the loop is closed
            keeper.get_loop().call_soon_threadsafe(keeper.cancel)


async def _forgotten_ones() -> None:
    """Wait for libraries whose clients were forgotten, as by a notebook's cell that runs again."""
    loop = asyncio.get_running_loop()
    if leaving := [keeper for keeper in _LET_GO if keeper.get_loop() is loop and not keeper.done()]:
        await asyncio.wait(leaving)


def _close_all() -> None:
    """Close what is open still when the interpreter exits, where its loop can be run once more."""
    for keeper in list(_KEEPERS):
        loop = keeper.get_loop()
        if not loop.is_closed() and not loop.is_running():
            with suppress(Exception):
                keeper.cancel()
                loop.run_until_complete(asyncio.wait([keeper]))


# Not `atexit` where it can be helped: by then the executors that closing needs take no more work.
getattr(threading, "_register_atexit", atexit.register)(_close_all)
