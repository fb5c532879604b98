"""`Pinakes`: the door to a library folder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from pinakes.agents.spec import AgentSpec
from pinakes.client.chat_shortcuts import ChatShortcuts
from pinakes.client.client_resources import Graph
from pinakes.client.describe_shortcut import DescribeShortcut
from pinakes.client.error_names import ErrorNames
from pinakes.client.holding import CLOSED, Held, Holder, OpensFirst
from pinakes.client.library_shortcuts import LibraryShortcuts
from pinakes.client.lines import Line, through
from pinakes.client.model_roles import GivenModel, check_roles
from pinakes.client.remote import OverTransport
from pinakes.client.resource_names import Resource, ResourceNames
from pinakes.client.settings import Settings, read_settings
from pinakes.client.transport import Transport
from pinakes.client.upload_shortcuts import UploadShortcuts
from pinakes.client.wiring import Parts
from pinakes.core.errors import ConfigurationError
from pinakes.library.library import Library
from pinakes.ports.embedder import Embedder
from pinakes.ports.image_embedder import ImageEmbedder
from pinakes.ports.planner import Planner
from pinakes.ports.reranker import Reranker
from pinakes.ports.writer import Writer


class Pinakes(ResourceNames, LibraryShortcuts, UploadShortcuts, ChatShortcuts, DescribeShortcut, ErrorNames):
    """A library folder and the conversations about it.

    Use it as an async context manager; or call it as it is, which opens the library, and `close` it at the end.

    Args:
        library: The folder; default `PINAKES_LIBRARY`, else `~/pinakes-library`. Made at first use.
        tenant: Whose files inside it are meant.
        settings: Everything else that can be set, instead of the environment's.
        agents: Agents of your own; one with a shipped agent's name replaces it.
        model: What plans, writes, looks and reads: a model's name, a LangChain `BaseChatModel`, or a `LanguageModel`;
            default `PINAKES_MODEL`, else none.
        models: Other ones for single roles: planner, writer, vision, analyst, fallback, transcriber.
        embedder, planner, writer: Parts of your own instead of the local ones.
        reranker, image_embedder: Parts of your own where without them there are none.
        api_key, base_url: Of a server with this library. There is none yet: a folder needs no key, and passes over it.
        timeout, max_retries: Seconds that a model may take, and how often it is asked again; see the settings
            `model_timeout_s` and `model_retries`.
        transport: Carries every call to a library elsewhere, instead of the folder; the client closes it.

    Raises:
        ConfigurationError: There is a `base_url`.
        LibraryLockedError, LibraryVersionError, LibraryError: On entering or at the first call, where the folder
            cannot be used.
    """

    def __init__(
        self,
        library: str | Path | None = None,
        *,
        tenant: str | None = None,
        settings: Settings | None = None,
        agents: Sequence[AgentSpec] = (),
        model: GivenModel = None,
        models: Mapping[str, GivenModel] | None = None,
        embedder: Embedder | None = None,
        planner: Planner | None = None,
        writer: Writer | None = None,
        reranker: Reranker | None = None,
        image_embedder: ImageEmbedder | None = None,
        api_key: str | None = None,
        base_url: str | None = None,
        timeout: float | None = None,
        max_retries: int | None = None,
        transport: Transport | None = None,
    ) -> None:
        if base_url is not None:
            raise ConfigurationError(
                "Servers cannot be talked to yet: leave out base_url and name a library folder.",
                base_url=base_url,
            )
        chosen: dict[str, Any] = {
            "library": library,
            "tenant": tenant,
            "model_timeout_s": timeout,
            "model_retries": max_retries,
        }
        given = {name: value for name, value in chosen.items() if value is not None}
        self.settings = settings.model_copy(update=given) if settings else read_settings(**given)
        by_role = {**({"default": model} if model is not None else {}), **(models or {})}
        check_roles(by_role)
        self._entered = False
        parts = Parts(
            embedder=embedder,
            planner=planner,
            writer=writer,
            reranker=reranker,
            image_embedder=image_embedder,
            agents=tuple(agents),
            models=by_role,
        )
        self._holder = Holder(self.settings, parts)
        self._line: Line = OpensFirst(self._holder) if transport is None else OverTransport(transport)
        self._transport = transport

    async def __aenter__(self) -> Self:
        if self._transport is None:
            self._holder.closed = False
            await self._holder.open(keep=True)
        self._entered = True
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Let the library go; running turns are cancelled. Entering opens it again; closing twice is no error."""
        self._entered = False
        await self._holder.aclose()
        if self._transport is not None:
            await self._transport.aclose()

    aclose = close

    @classmethod
    def from_env(cls) -> Self:
        """Return a client set up by `PINAKES_*` variables alone."""
        return cls()

    @property
    def graph(self) -> Graph:
        """The compiled LangGraph graph that answers, with this library's checkpointer."""
        return self._held().graph

    @property
    def library(self) -> Library:
        """The tenant's library itself, for tools, retrievers and agents of your own."""
        return self._held().opened.library

    def _resource(self, name: str, kind: type[Resource]) -> Resource:
        if self._holder.closed:
            raise ConfigurationError(CLOSED)
        if self._entered and self._transport is None:
            found: Resource = self._held().resources[name]
            return found
        return through(self._line, name, kind)

    def _held(self) -> Held:
        if self._holder.closed:
            raise ConfigurationError(CLOSED)
        if self._holder.held is None:
            raise ConfigurationError("Enter the client first: async with Pinakes(...) as client.")
        return self._holder.held
