"""`Pinakes`: the door to a library folder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from langgraph.graph.state import CompiledStateGraph

from pinakes.agents.planning.compile import compile_plan
from pinakes.agents.spec import AgentSpec
from pinakes.client import reindexing
from pinakes.client.agent_operations import AgentOperationsResource
from pinakes.client.agent_search import AgentSearchResource
from pinakes.client.chat_shortcuts import ChatShortcuts
from pinakes.client.chats import ChatResource
from pinakes.client.checkpoints import open_checkpointer
from pinakes.client.colors import ColorsResource
from pinakes.client.describe_shortcut import DescribeShortcut
from pinakes.client.describing import Describing
from pinakes.client.descriptions import DescribeResource
from pinakes.client.documents import DocumentsResource
from pinakes.client.error_names import ErrorNames
from pinakes.client.file_resources import FileResources
from pinakes.client.files import FilesResource
from pinakes.client.folders import FoldersResource
from pinakes.client.journal import Journal
from pinakes.client.links import LinksResource
from pinakes.client.model_roles import GivenModel, check_roles
from pinakes.client.pipelines import Pipeline
from pinakes.client.reindexing import OnReindexed, ReindexEstimate, ReindexReport
from pinakes.client.reports import ReportsResource
from pinakes.client.settings import Settings, read_settings
from pinakes.client.turns import TurnRunner
from pinakes.client.upload_shortcuts import UploadShortcuts
from pinakes.client.uploads import UploadResource
from pinakes.client.video_analysis import VideoAnalysisResource
from pinakes.client.video_scenes import VideoScenesResource
from pinakes.client.video_uploads import VideoUploadsResource
from pinakes.client.wiring import OpenLibrary, Parts, disk_usage, open_library
from pinakes.core.changes import ChangeSet, JournalEntry
from pinakes.core.errors import ConfigurationError, ValidationError
from pinakes.core.options import MAX_MESSAGE
from pinakes.core.plans import Plan, PlanRequest
from pinakes.core.uploads import LibraryStatus
from pinakes.graph.build import build_graph
from pinakes.library.library import Library
from pinakes.ports.embedder import Embedder
from pinakes.ports.image_embedder import ImageEmbedder
from pinakes.ports.planner import Planner
from pinakes.ports.reranker import Reranker
from pinakes.ports.writer import Writer

_OWNER = "folder"
"""One name for every process: the folder's lock lets only one in, so leases of a killed one are ours to take."""


class Pinakes(UploadShortcuts, ChatShortcuts, DescribeShortcut, ErrorNames):
    """A library folder and the conversations about it; use it as an async context manager.

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

    Raises:
        ConfigurationError: There is a `base_url`.
        LibraryLockedError, LibraryVersionError, LibraryError: On entering, where the folder cannot be used.
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
        self._parts = Parts(
            embedder=embedder,
            planner=planner,
            writer=writer,
            reranker=reranker,
            image_embedder=image_embedder,
            agents=tuple(agents),
            models=by_role,
        )
        self._stack = AsyncExitStack()
        self._opened: OpenLibrary | None = None

    async def __aenter__(self) -> Self:
        try:
            await self._open()
        except BaseException:
            await self._stack.aclose()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._opened = None
        await self._stack.aclose()

    @classmethod
    def from_env(cls) -> Self:
        """Return a client set up by `PINAKES_*` variables alone."""
        return cls()

    @property
    def graph(self) -> CompiledStateGraph[Any, Any, Any, Any]:
        """The compiled LangGraph graph that answers, with this library's checkpointer."""
        self._held()
        return self._graph

    @property
    def library(self) -> Library:
        """The tenant's library itself, for tools, retrievers and agents of your own."""
        return self._held().library

    @property
    def files(self) -> FilesResource:
        """Uploading, listing and searching files."""
        self._held()
        return self._file_resources.files

    @property
    def uploads(self) -> UploadResource:
        """Uploading with callbacks for every step."""
        self._held()
        return self._file_resources.uploads

    @property
    def documents(self) -> DocumentsResource:
        """The same files, seen as documents alone."""
        self._held()
        return self._file_resources.documents

    @property
    def folders(self) -> FoldersResource:
        """The library's folders."""
        self._held()
        return self._file_resources.folders

    @property
    def colors(self) -> ColorsResource:
        """The colours of pictures, and pictures by colour."""
        self._held()
        return self._file_resources.colors

    @property
    def descriptions(self) -> DescribeResource:
        """Pictures in a model's words, one by one."""
        opened = self._held()
        return DescribeResource(opened.resources, opened.describing, self._file_resources.uploads)

    @property
    def describing(self) -> Describing:
        """Having pictures described by a model, so that they are found by what they show."""
        return self._held().describing

    @property
    def links(self) -> LinksResource:
        """Web pages by their address, fetched or saved."""
        opened = self._held()
        return LinksResource(opened.library, opened.ingestor, opened.crawler)

    @property
    def video_uploads(self) -> VideoUploadsResource:
        """Uploading videos whole, or part by part."""
        self._held()
        return self._video_uploads

    @property
    def video_analysis(self) -> VideoAnalysisResource:
        """Having videos read, and how far that came."""
        opened = self._held()
        return VideoAnalysisResource(opened.library, opened.ingestor)

    @property
    def video_scenes(self) -> VideoScenesResource:
        """The scenes of videos and their pictures."""
        return VideoScenesResource(self._held().library)

    @property
    def chats(self) -> ChatResource:
        """Sessions and messages."""
        self._held()
        return self._chats

    @property
    def agent_search(self) -> AgentSearchResource:
        """Single searches by the agents, without a conversation."""
        return AgentSearchResource(self._held().resources)

    @property
    def agent_operations(self) -> AgentOperationsResource:
        """Reports, analyses and tidying up, without a conversation."""
        return AgentOperationsResource(self._held().resources)

    @property
    def reports(self) -> ReportsResource:
        """Reports that were written: their files, and whether they still hold."""
        return ReportsResource(self._held().library)

    def pipeline(self) -> Pipeline:
        """Return an empty pipeline: chain steps, then `run` it."""
        return Pipeline(self._held().resources)

    async def plan(self, question: str, *, history: Sequence[str] = ()) -> Plan:
        """Return the compiled plan for a question without running it.

        Args:
            history: Earlier user turns, oldest first.

        Raises:
            ValidationError: The question is empty or over 10,000 characters.
        """
        opened = self._held()
        if not question.strip() or len(question) > MAX_MESSAGE:
            raise ValidationError(f"Ask a question of 1 to {MAX_MESSAGE:,} characters.", length=len(question))
        cards = opened.resources.cards
        inventory = await opened.library.catalog.inventory()
        request = PlanRequest(question=question, history=tuple(history), inventory=inventory, cards=cards)
        return compile_plan(await opened.resources.planner.plan(request), cards)

    async def history(self, limit: int = 20, offset: int = 0) -> list[JournalEntry]:
        """Return what was changed, newest first. Raises ValidationError for a limit out of 1 to 500."""
        return await self._journal.history(limit, offset)

    async def undo(
        self, entry_id: str | None = None, *, dry_run: bool = False, allow_deletes: bool = False
    ) -> JournalEntry | ChangeSet:
        """Take applied changes back: those of an entry, else the newest that hold.

        Args:
            dry_run: Return the set of changes that would do it, and do nothing.
            allow_deletes: Also where files would be deleted, softly, because they were added then.

        Returns:
            The new journal entry, which `redo` takes back; with `dry_run` the `ChangeSet`.

        Raises:
            ChangeError: There is nothing to take back, something later has to be taken back first, or files would
                be deleted without `allow_deletes`.
        """
        return await self._journal.undo(entry_id, dry_run=dry_run, allow_deletes=allow_deletes)

    async def redo(
        self, entry_id: str | None = None, *, dry_run: bool = False, allow_deletes: bool = False
    ) -> JournalEntry | ChangeSet:
        """Do again what was taken back: an entry, else the one taken back last; see `undo`."""
        return await self._journal.redo(entry_id, dry_run=dry_run, allow_deletes=allow_deletes)

    async def reindex_estimate(self, *, fresh: bool = False) -> ReindexEstimate:
        """Return what `reindex` would take: texts, and calls and tokens where the embedder is not a local one."""
        return await reindexing.estimate(self._held().library, fresh=fresh)

    async def reindex(self, *, fresh: bool = False, progress: OnReindexed | None = None) -> ReindexReport:
        """Put what the index of the embedder in use lacks into it, as after a change of the embedder.

        What is done is kept: after a fault or a killed process another call goes on. Until all is done, the index of
        the embedder before stays as it is; then it is deleted.

        Args:
            fresh: Also what the index has already.
            progress: Called after every batch.

        Raises:
            ModelError, LibraryError: Another call goes on from there.
        """
        return await reindexing.reindex(self._held().library, fresh=fresh, progress=progress)

    async def status(self) -> LibraryStatus:
        """Return the library at a glance."""
        opened = self._held()
        library, settings, models = opened.library, opened.settings, opened.resources.models
        inventory = await library.catalog.inventory()
        _, sessions = await library.catalog.list_sessions(limit=1)
        return LibraryStatus(
            library=str(settings.folder),
            tenant=settings.tenant,
            counts=inventory.counts,
            failed=inventory.failed,
            pending=inventory.pending,
            folders=len(await library.catalog.folders()),
            chunks=await library.index.count(settings.tenant),
            bytes_on_disk=await disk_usage(settings.folder),
            index=settings.index_url or "embedded",
            embedder=library.index_embedder.name,
            image_embedder=library.looks.name if library.looks else None,
            ocr=opened.ocr,
            writer=opened.resources.writer.name,
            vision=models.vision.name if models.vision else None,
            sessions=sessions,
        )

    async def _open(self) -> None:
        opened = await self._stack.enter_async_context(open_library(self.settings, self._parts))
        checkpointer = await self._stack.enter_async_context(
            open_checkpointer(self.settings.folder / "checkpoints.sqlite")
        )
        self._graph = build_graph(opened.resources, checkpointer=checkpointer)
        turns = TurnRunner(
            self._graph,
            opened.library,
            owner=_OWNER,
            wait_seconds=self.settings.busy_wait_s,
        )
        await self._stack.enter_async_context(turns)
        self._file_resources = FileResources.of(opened.library, opened.ingestor, self.settings.folder)
        self._video_uploads = VideoUploadsResource(
            opened.library,
            opened.ingestor,
            self.settings.folder / "video-uploads",
            VideoAnalysisResource(opened.library, opened.ingestor),
        )
        self._chats = ChatResource(opened.library, turns, opened.resources.defaults, opened.resources.domains)
        self._journaled = Journal(opened.library)
        self._opened = opened

    @property
    def _journal(self) -> Journal:
        self._held()
        return self._journaled

    def _held(self) -> OpenLibrary:
        if self._opened is None:
            raise ConfigurationError("Enter the client first: async with Pinakes(...) as client.")
        return self._opened
