"""`make_graph`: the zero-argument factory that langgraph.json names."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from typing import Any

from langgraph.graph.state import CompiledStateGraph

from pinakes.client.settings import read_settings
from pinakes.client.wiring import Parts, open_library
from pinakes.graph.build import build_graph
from pinakes.library.library import Library

_held = AsyncExitStack()
_graphs: list[CompiledStateGraph[Any, Any, Any, Any]] = []


async def make_graph() -> CompiledStateGraph[Any, Any, Any, Any]:
    """Return the graph over the library that `PINAKES_*` names; the server brings its own checkpointer.

    The library stays open as long as the process lives: servers call this more than once.
    """
    if not _graphs:
        opened = await _held.enter_async_context(open_library(read_settings(), Parts()))
        await _warm(opened.library)
        _graphs.append(build_graph(opened.resources))
    return _graphs[0]


async def _warm(library: Library) -> None:
    """Load models in threads now: the server refuses blocking calls, lazy imports included, while a graph runs."""
    await asyncio.to_thread(library.terms.words, "warm")
    await library.embedder.aembed_query("warm")
