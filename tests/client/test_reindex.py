"""Another embedder for a library, through the client and the command line, against an endpoint on loopback."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from pinakes import Pinakes, Settings
from pinakes.cli.app import app
from pinakes.client.reindexing import ReindexProgress
from pinakes.core.errors import ReindexNeededError
from pinakes.testing import ModelServer


@pytest.fixture
async def library(settings: Settings) -> Path:
    async with Pinakes(settings=settings) as client:
        for n in range(3):
            await client.files.upload(
                f"Pump number {n} is greased every {n} days.".encode(), filename=f"{n}.txt"
            )
        assert (await client.files.search("greased every 2 days")).items
    return settings.folder


def at(server: ModelServer, settings: Settings) -> Settings:
    return settings.model_copy(update={"embedding_model": "embed-1", "model_base_url": server.url})


def embedded(server: ModelServer) -> int:
    """Return how many texts the endpoint embedded, its size being asked for apart."""
    texts = [asked.json["input"] for asked in server.requests if asked.path.endswith("/embeddings")]
    return sum(len(given) for given in texts if given != ["size"])


async def test_an_endpoint_is_never_asked_unasked(library: Path, settings: Settings) -> None:
    async with ModelServer() as server, Pinakes(settings=at(server, settings)) as client:
        with pytest.raises(ReindexNeededError, match="pinakes reindex"):
            await client.files.search("pump")
        estimate = await client.reindex_estimate()
        assert (estimate.files, estimate.texts, estimate.calls, estimate.local) == (3, 3, 1, False)
        assert 20 < estimate.tokens < 60
        await client.files.upload(b"Valves leak in spring.", filename="new.txt")
        assert embedded(server) == 0
        told: list[ReindexProgress] = []
        report = await client.reindex(progress=told.append)
        assert report.files == embedded(server) == told[-1].done == told[-1].total == 4
        assert (await client.files.search("pump number 2")).items
        assert (await client.reindex_estimate()).files == (await client.reindex()).files == 0
    async with Pinakes(settings=settings) as client:  # back: free, so it is made again by itself
        assert (await client.files.search("valves in spring")).items
        assert (await client.reindex_estimate(fresh=True)).tokens == 0
    folders = {folder.name for folder in (library / "index").iterdir()}
    assert len(folders) == 2  # what was paid for is kept


async def test_the_command_asks_first(
    library: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PINAKES_LIBRARY", str(library))
    monkeypatch.setenv("PINAKES_OCR", "none")

    def run(*words: str, stdin: str | None = None) -> Any:
        return asyncio.to_thread(CliRunner().invoke, app, ["reindex", *words], input=stdin)

    complete = await run()
    assert complete.exit_code == 0 and "Nothing to do" in complete.output
    async with ModelServer() as server:
        monkeypatch.setenv("PINAKES_EMBEDDING_MODEL", "embed-1")
        monkeypatch.setenv("PINAKES_MODEL_BASE_URL", server.url)
        shown = await run("--dry-run", "--json")
        assert json.loads(shown.output)["texts"] == 3
        refused = await run("--json")
        assert refused.exit_code == 1 and "--yes" in refused.output
        declined = await run(stdin="n\n")
        assert declined.exit_code == 0 and "3 texts of 3 files" in declined.output
        assert embedded(server) == 0
        done = await run("--yes")
        assert done.exit_code == 0 and "3 files are indexed" in done.output, done.output
        assert embedded(server) == 3
