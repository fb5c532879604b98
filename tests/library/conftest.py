from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from pinakes.library.adapters.disk_blobs import DiskBlobs
from pinakes.library.adapters.edge_index import EdgeIndex
from pinakes.library.adapters.sql import SqlCatalog
from pinakes.library.library import Library
from pinakes.ports.embedder import Embedder
from pinakes.testing.fakes import HashEmbedder, HashTerms

OpenLibrary = Callable[..., Awaitable[Library]]


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty catalog that every test copies: migrating costs more than most tests."""
    path = tmp_path_factory.mktemp("catalog") / "empty.sqlite"

    async def make() -> None:
        await (await SqlCatalog.open(path, "a")).aclose()

    asyncio.run(make())
    return path


@pytest.fixture
def catalog_path(migrated: Path, tmp_path: Path) -> Path:
    return shutil.copy(migrated, tmp_path / "catalog.sqlite")


@pytest.fixture
async def open_library(catalog_path: Path, tmp_path: Path) -> AsyncIterator[OpenLibrary]:
    """Open a library in the test's folder, with fake models; all are closed at the end."""
    opened: list[Library] = []

    async def open_one(embedder: Embedder | None = None) -> Library:
        embedder = embedder or HashEmbedder()
        library = Library(
            "a",
            await SqlCatalog.open(catalog_path, "a"),
            DiskBlobs(tmp_path / "blobs"),
            await EdgeIndex.open(tmp_path / "index", embedder.dimensions),
            embedder,
            HashTerms(),
        )
        opened.append(library)
        return library

    yield open_one
    for library in opened:
        await library.aclose()


@pytest.fixture
async def library(open_library: OpenLibrary) -> Library:
    return await open_library()
