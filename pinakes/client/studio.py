"""`make_graph`: the zero-argument factory that langgraph.json names."""

from __future__ import annotations

from contextlib import AsyncExitStack
from typing import Any

from langgraph.graph.state import CompiledStateGraph

from pinakes.client.settings import Settings
from pinakes.client.wiring import Parts, open_library
from pinakes.graph.build import build_graph

_held = AsyncExitStack()
_graphs: list[CompiledStateGraph[Any, Any, Any, Any]] = []


async def make_graph() -> CompiledStateGraph[Any, Any, Any, Any]:
    """Return the graph over the library that `PINAKES_*` names; the server brings its own checkpointer.

    The library stays open as long as the process lives: servers call this more than once.
    """
    if not _graphs:
        opened = await _held.enter_async_context(open_library(Settings(), Parts()))
        _graphs.append(build_graph(opened.resources))
    return _graphs[0]
