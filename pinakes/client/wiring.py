"""The composition root: the only place that picks adapters and puts the parts together."""

from __future__ import annotations

import asyncio
import importlib.util
import shutil
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from pinakes.agents.domains.packs import Domains
from pinakes.agents.domains.wordings import wordings
from pinakes.agents.planning.local import LocalPlanner
from pinakes.agents.seeing.describer import ModelDescriber
from pinakes.agents.shipped import SHIPPED
from pinakes.agents.spec import AgentSpec
from pinakes.agents.writing.local import LocalWriter
from pinakes.client.describing import Describing
from pinakes.client.model_roles import (
    GivenModel,
    close_models,
    embedder_for,
    image_embedder_for,
    models_for,
    planner_for,
    reranker_for,
    writer_for,
)
from pinakes.client.settings import Settings
from pinakes.client.telemetry import trace_with_opentelemetry
from pinakes.core.errors import LibraryError
from pinakes.graph.resources import Resources
from pinakes.ingestion.crawling import Crawler
from pinakes.ingestion.ingestor import Ingestor
from pinakes.ingestion.options import ReadOptions
from pinakes.ingestion.pool import WorkerPool
from pinakes.library.adapters.disk_blobs import DiskBlobs
from pinakes.library.adapters.edge_index import EdgeIndex
from pinakes.library.adapters.layered_blobs import LayeredBlobs
from pinakes.library.adapters.sql import SqlCatalog
from pinakes.library.library import Library
from pinakes.library.lock import FolderLock
from pinakes.library.picture_indexing import PictureVectors
from pinakes.models.bm25 import Bm25Encoder
from pinakes.models.httpx_fetcher import HttpxFetcher
from pinakes.models.minilm import MiniLmEmbedder
from pinakes.ports.blobs import BlobStore
from pinakes.ports.embedder import Embedder
from pinakes.ports.image_embedder import ImageEmbedder
from pinakes.ports.index import VectorIndex
from pinakes.ports.planner import Planner
from pinakes.ports.reranker import Reranker
from pinakes.ports.writer import Writer

OCR = {
    "rapidocr": "pinakes.models.rapid_ocr:RapidOcr",
    "tesseract": "pinakes.models.tesseract_ocr:TesseractOcr",
}


KEPT = timedelta(days=30)
"""How long deleted files can be brought back; after that they go for good when the library is opened."""


@dataclass(frozen=True)
class Parts:
    """What a caller may bring instead of the local defaults; `models` by role, "default" for the others."""

    embedder: Embedder | None = None
    planner: Planner | None = None
    writer: Writer | None = None
    reranker: Reranker | None = None
    image_embedder: ImageEmbedder | None = None
    agents: Sequence[AgentSpec] = ()
    models: Mapping[str, GivenModel] = field(default_factory=dict)


@dataclass(frozen=True)
class OpenLibrary:
    """A library folder that this process holds, with everything that works on it."""

    settings: Settings
    library: Library
    ingestor: Ingestor
    resources: Resources
    ocr: str | None
    describing: Describing
    crawler: Crawler


@asynccontextmanager
async def open_library(settings: Settings, parts: Parts) -> AsyncIterator[OpenLibrary]:
    """Hold a library folder while the context lasts.

    Raises:
        LibraryLockedError: Another process holds it.
        LibraryVersionError: A newer Pinakes wrote it.
        LibraryError: The folder cannot be made or written.
    """
    trace_with_opentelemetry()
    async with AsyncExitStack() as stack:
        lock = FolderLock(settings.folder)
        stack.callback(lock.release)
        await _acquired(lock)
        library = await _library(settings, settings.folder, parts, stack)
        spec = await asyncio.to_thread(ocr_spec, settings)
        pool = await asyncio.to_thread(WorkerPool, settings.workers, read_options(settings, spec))
        resources = await asyncio.to_thread(resources_for, library, parts, settings)
        stack.push_async_callback(close_models, resources.models, parts.models.values())
        vision = resources.models.vision
        describing = Describing(library, ModelDescriber(vision) if vision is not None else None)
        stack.push_async_callback(describing.aclose)
        told = describing.on_event if settings.describe else None
        fetcher = HttpxFetcher(settings.link_allowed_hosts)
        stack.push_async_callback(fetcher.aclose)
        crawler = Crawler(library, fetcher)
        ingestor = Ingestor(library, pool, concurrency=settings.workers, on_event=told, crawler=crawler)
        stack.push_async_callback(ingestor.aclose)
        await ingestor.resume()
        await library.sweep(datetime.now(UTC) - KEPT)
        resources = replace(resources, ingest=partial(_ingest, ingestor))
        yield OpenLibrary(settings, library, ingestor, resources, spec, describing, crawler)


async def _acquired(lock: FolderLock) -> None:
    """Acquire a lock; who gives up waiting waits until it is known whether it was, so that it can be released."""
    acquiring = asyncio.ensure_future(asyncio.to_thread(lock.acquire))
    try:
        await asyncio.shield(acquiring)
    except asyncio.CancelledError:
        await asyncio.wait([acquiring])
        raise


async def _ingest(ingestor: Ingestor, file_ids: Sequence[str]) -> None:
    """Have files read that are in the library already, but only as bytes."""
    await ingestor.wait(file_ids)


def resources_for(library: Library, parts: Parts, settings: Settings) -> Resources:
    """Return what a graph works with: the caller's parts, else those of the models at hand, else the local ones."""
    models = models_for(settings, parts.models)
    domains = Domains(settings.domains_folder)
    local = LocalPlanner(library.embedder)
    local_writer = LocalWriter(
        library.embedder, library.terms, wordings=lambda name, text: wordings(domains.get(name), text)
    )
    return Resources(
        library=library,
        domains=domains,
        planner=parts.planner or planner_for(settings, models, local, domains),
        fallback=local,
        writer=parts.writer or writer_for(models, local_writer, domains),
        agents=merged_agents(parts.agents),
        models=models,
        defaults=settings.turn_options,
    )


def merged_agents(own: Sequence[AgentSpec]) -> tuple[AgentSpec, ...]:
    """Return the shipped agents and the caller's; one of the same name replaces the shipped one."""
    by_name = {agent.card.name: agent for agent in (*SHIPPED, *own)}
    return tuple(by_name.values())


def ocr_spec(settings: Settings) -> str | None:
    """Return the import string of the OCR to use, None for none."""
    if settings.ocr == "none":
        return None
    if settings.ocr != "auto":
        return OCR[settings.ocr]
    if importlib.util.find_spec("rapidocr"):
        return OCR["rapidocr"]
    return OCR["tesseract"] if shutil.which("tesseract") else None


def read_options(settings: Settings, ocr: str | None) -> ReadOptions:
    """Return the limits under which files are read."""
    return ReadOptions(ocr=ocr, deadline_s=settings.read_deadline_s, memory_mb=settings.worker_memory_mb)


async def _library(settings: Settings, folder: Path, parts: Parts, stack: AsyncExitStack) -> Library:
    named = await embedder_for(settings) if parts.embedder is None else None
    if (close := getattr(named, "aclose", None)) is not None:
        stack.push_async_callback(close)
    embedder = parts.embedder or MiniLmEmbedder(settings.embed_threads)
    await asyncio.to_thread(_expect_catalog, folder)
    catalog = await SqlCatalog.open(folder / "catalog.sqlite", settings.tenant)
    stack.push_async_callback(catalog.aclose)
    indexed = named or embedder
    index = await _index(settings, folder, _collection(indexed.name), indexed.dimensions)
    stack.push_async_callback(index.aclose)
    pictures = await _pictures(settings, folder, parts, stack)
    blobs, custom = await asyncio.to_thread(_stores, settings)
    reranker = parts.reranker or await reranker_for(settings)
    terms = Bm25Encoder()
    return Library(
        settings.tenant, catalog, blobs, index, embedder, terms, custom, reranker, named, pictures=pictures
    )


def _expect_catalog(folder: Path) -> None:
    """Refuse files without their catalog, which would open as an empty library. Raises LibraryError."""
    path = folder / "catalog.sqlite"
    if path.is_file() and path.stat().st_size:
        return
    if any(blob.is_file() for blob in (folder / "blobs").glob("[0-9a-f]*/**/*")):
        raise LibraryError(
            "The library's files are there but its catalog is not. Put catalog.sqlite back from a backup, or move "
            "the folder away and add the files anew.",
            folder=str(folder),
        )


async def _pictures(
    settings: Settings, folder: Path, parts: Parts, stack: AsyncExitStack
) -> PictureVectors | None:
    """Return what finds pictures by their looks, with a collection of its own beside that of the chunks."""
    embedder = parts.image_embedder or await image_embedder_for(settings)
    if embedder is None:
        return None
    index = await _index(settings, folder, _collection(f"pictures {embedder.name}"), embedder.dimensions)
    stack.push_async_callback(index.aclose)
    return PictureVectors(embedder, index)


def _stores(settings: Settings) -> tuple[BlobStore, BlobStore | None]:
    """Return the store that everything is read from, and the second one where there is one."""
    blobs = DiskBlobs(settings.folder / "blobs")
    if settings.custom_storage is None:
        return blobs, None
    custom = DiskBlobs(settings.custom_storage.expanduser().absolute())
    return LayeredBlobs(blobs, custom), custom


async def _index(settings: Settings, folder: Path, collection: str, dimensions: int) -> VectorIndex:
    if settings.index_url:
        # qdrant-client takes over a second to import, which the embedded index need not pay.
        from pinakes.library.adapters.qdrant_index import QdrantIndex

        return await QdrantIndex.open(settings.index_url, collection, dimensions)
    return await EdgeIndex.open(folder / "index" / collection, dimensions)


def _collection(model: str) -> str:
    """Return the collection of this model: models are never mixed in one."""
    return "pinakes-" + "".join(c if c.isalnum() else "-" for c in model.lower())


async def disk_usage(folder: Path) -> int:
    """Return the bytes that a library folder takes; holes in the index's files take none."""
    return await asyncio.to_thread(lambda: sum(map(_taken, folder.rglob("*"))))


def _taken(path: Path) -> int:
    try:
        found = path.lstat()
    except FileNotFoundError:  # the index replaces its files while we look
        return 0
    return min(found.st_size, getattr(found, "st_blocks", found.st_size) * 512)
