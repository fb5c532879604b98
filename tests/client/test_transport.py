"""One scenario through the async client, the sync client, and a transport that lets nothing but JSON pass."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from contract import pairs
from pictures import picture
from scenario import scenario, sync_scenario

import pinakes
from pinakes import Pinakes, Settings, SyncPinakes
from pinakes.client.operations import can_travel, operations, resources
from pinakes.client.transport import LocalTransport, Told
from pinakes.core import errors
from pinakes.core.errors import (
    ConfigurationError,
    ModelRateLimitError,
    ResourceNotFoundError,
    ValidationError,
)
from pinakes.testing.conform_transport import ConformTransport

HERE = {"reports.get"}
"""What gives objects that work on the library itself; a server will hand out files instead."""


class Watched(LocalTransport):
    """A transport that counts what passes."""

    def __init__(self, client: Pinakes) -> None:
        super().__init__(client)
        self.asked: set[str] = set()
        self.closed = 0

    async def call(self, operation: str, arguments: Mapping[str, Any], told: Told) -> Any:
        self.asked.add(operation)
        return await super().call(operation, arguments, told)

    def stream(self, operation: str, arguments: Mapping[str, Any]) -> AsyncIterator[Any]:
        self.asked.add(operation)
        return super().stream(operation, arguments)

    async def aclose(self) -> None:
        self.closed += 1


def far(client: Pinakes) -> tuple[Pinakes, Watched]:
    watched = Watched(client)
    return Pinakes(transport=watched), watched


@pytest.fixture
def shown(papers: Path) -> Path:
    (papers / "red.png").write_bytes(picture(("red", 60), ("white", 40), size=(200, 100)))
    return papers


async def test_the_scenario_is_the_same_through_all(tmp_path: Path, shown: Path) -> None:
    def at(name: str) -> Settings:
        return Settings(library=tmp_path / name, ocr="none", workers=1, embed_threads=1)

    async with Pinakes(settings=at("async")) as client:
        expected = await scenario(client, shown)
    with SyncPinakes(settings=at("sync")) as sync_client:
        assert await asyncio.to_thread(sync_scenario(), sync_client, shown) == expected
    async with Pinakes(settings=at("far")) as client:
        distant, watched = far(client)
        async with distant:
            assert await scenario(distant, shown) == expected
        assert watched.closed == 1
    assert {"files.upload", "uploads.upload", "chats.send_stream", "colors.extract"} <= watched.asked
    assert {"pipelines.run", "whole_library.undo", "whole_library.status"} <= watched.asked
    assert expected[-1][0] == "ResourceNotFoundError" and len(expected) > 20


def test_every_operation_can_travel() -> None:
    table = {name: operations(name, kind) for name, kind in resources(Pinakes).items()}
    all_of_them = [operation for methods in table.values() for operation in methods.values()]
    assert {operation.name for operation in all_of_them if not can_travel(operation)} == HERE
    assert {"chats", "files", "folders", "links", "uploads", "documents", "colors"} <= table.keys()
    assert table["chats"]["send_stream"].streams and "on_progress" in table["uploads"]["upload"].listeners


class TestLocalTransport(ConformTransport):
    @pytest.fixture
    def transport(self, client: Pinakes) -> LocalTransport:
        return LocalTransport(client)


async def test_what_goes_wrong_far_away_is_raised_here(client: Pinakes, papers: Path) -> None:
    distant, watched = far(client)
    with pytest.raises(ValidationError, match="single files"):
        await distant.files.upload(papers)
    with pytest.raises(ResourceNotFoundError):
        await anext(distant.chats.send_stream("Hello", session_id="nothing"))
    with pytest.raises(ResourceNotFoundError, match="no operation"):
        await watched.call("files._uploader", {}, lambda name, event: None)
    with pytest.raises(TypeError):
        await distant.files.get()  # type: ignore[call-arg]
    with pytest.raises(ConfigurationError, match="of this process"):
        distant.pipeline().search_documents("pump").plan()
    with pytest.raises(ConfigurationError):
        _ = distant.library


def test_every_type_of_the_surface_is_exported() -> None:
    types = {pair.ours.__name__ for pair in pairs() if pair.module.startswith("types/")}
    assert types <= set(pinakes.__all__)


def test_a_server_is_refused_in_words() -> None:
    with pytest.raises(ConfigurationError, match="library folder"):
        Pinakes(base_url="https://pinakes.example", api_key="key")


def test_the_hosted_constructors_arguments(tmp_path: Path) -> None:
    client = Pinakes(tmp_path, api_key="key", timeout=5, max_retries=1, tenant="ada")
    assert (client.settings.model_timeout_s, client.settings.model_retries) == (5, 1)
    assert client.settings.tenant == "ada" and client.settings.model_api_key is None


def test_errors_by_name() -> None:
    every = {
        name
        for name, cls in vars(errors).items()
        if inspect.isclass(cls) and issubclass(cls, errors.PinakesError)
    }
    assert {name for name in every if getattr(Pinakes, name, None) is not getattr(errors, name)} == set()
    assert every <= set(pinakes.__all__)
    assert issubclass(ModelRateLimitError, Pinakes.RateLimitError)
    error = ModelRateLimitError("Come back later.", retry_after=2.0)
    assert error.retry_after == 2.0 and error.retryable
    for cls in (Pinakes, SyncPinakes):
        assert issubclass(cls.BudgetExceededError, cls.QuotaExceededError)
        assert issubclass(cls.ModelAccessError, cls.AuthenticationError)
        assert issubclass(cls.LinkTimeoutError, cls.PinakesTimeoutError)
