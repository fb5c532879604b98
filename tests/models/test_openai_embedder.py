"""LangChain's real embeddings class behind our port."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Iterator
from typing import Any

import pytest

from pinakes.core.errors import (
    ConfigurationError,
    ContextTooLongError,
    ModelAccessError,
    ModelError,
    ModelOutputError,
    ModelRateLimitError,
    ModelTimeoutError,
    ModelUnavailableError,
)
from pinakes.core.options import Budget
from pinakes.core.usage import Calls, Meter, calls_counted
from pinakes.models import openai_embedder
from pinakes.models.openai_embedder import BATCH_TEXTS, OpenAIEmbedder
from pinakes.testing import ConformEmbedder, ModelServer
from pinakes.testing.model_replies import (
    Fault,
    Reply,
    context_too_long,
    rate_limited,
    reset,
    server_error,
    silence,
    unavailable,
    unsupported,
    wrong_key,
)
from pinakes.testing.model_wire import word_vector


@pytest.fixture(scope="module")
def words() -> Iterator[ModelServer]:
    with ModelServer(dimensions=128) as server:
        yield server


class TestOpenAIEmbedder(ConformEmbedder):
    @pytest.fixture
    def embedder(self, words: ModelServer) -> OpenAIEmbedder:
        return OpenAIEmbedder("hashed-words", 128, base_url=words.url)


def ready(server: ModelServer, dimensions: int = 64, **options: Any) -> OpenAIEmbedder:
    return OpenAIEmbedder("embedder", dimensions, base_url=server.url, **options)


async def test_it_asks_for_its_size_once() -> None:
    async with ModelServer(dimensions=48) as server:
        embedder = await OpenAIEmbedder.open("nomic-embed-text", base_url=server.url, api_key="sk-own")
        assert embedder.dimensions == 48
        assert embedder.name == "openai:nomic-embed-text@48"
        await embedder.aembed_query("pump")
        await embedder.aclose()
    assert len(server.requests) == 2
    assert "dimensions" not in server.requests[0].json
    assert {asked.key for asked in server.requests} == {"sk-own"}


async def test_vectors_can_be_shortened() -> None:
    async with ModelServer(dimensions=48) as server:
        embedder = await OpenAIEmbedder.open("text-embedding-3-small", dimensions=16, base_url=server.url)
        assert len(await embedder.aembed_query("pump")) == embedder.dimensions == 16
        assert {asked.json["dimensions"] for asked in server.requests} == {16}


async def test_a_model_of_one_size_may_have_it_named() -> None:
    refused = unsupported("dimensions", "Model does not support matryoshka representation.")
    async with ModelServer(dimensions=48, embeddings=[refused, None, None, refused]) as server:
        embedder = await OpenAIEmbedder.open("bge", dimensions=48, base_url=server.url)
        assert len(await embedder.aembed_query("pump")) == 48
        assert "dimensions" not in server.requests[-1].json
        with pytest.raises(ConfigurationError, match="48 numbers, not 16"):
            await OpenAIEmbedder.open("bge", dimensions=16, base_url=server.url)


@pytest.mark.parametrize(
    ("fault", "raised"), [(wrong_key(), ModelAccessError), (server_error(), ModelUnavailableError)]
)
async def test_an_endpoint_that_does_not_answer_is_not_opened(fault: Fault, raised: type[Exception]) -> None:
    for dimensions in (None, 48):
        async with ModelServer(embeddings=[fault]) as server:
            with pytest.raises(raised):
                await OpenAIEmbedder.open("bge", dimensions=dimensions, base_url=server.url, retries=0)
            assert len(server.requests) == 1


async def test_texts_go_as_texts_and_vectors_come_as_floats() -> None:
    async with ModelServer() as server:
        await ready(server).aembed_documents(["a pump", "二号泵"])
    [asked] = server.requests
    assert asked.json == {"model": "embedder", "input": ["a pump", "二号泵"], "encoding_format": "float"}


async def test_a_turn_counts_the_tokens_of_its_texts() -> None:
    meter = Meter(Budget(max_calls=0))
    with ModelServer() as server:
        embedder = ready(server)
        with calls_counted(Calls("search", meter, tell=lambda event: None)):
            await embedder.aembed_query("worst vibration allowed")
            await embedder.aembed_documents(["pump", "crane"])
        await embedder.aembed_query("outside of any turn")
        await embedder.aclose()
    spent = meter.by_node["embedding"]
    assert spent.input_tokens >= 5 and spent.estimated and not spent.call_count
    assert meter.total == spent and meter.exhausted is None


async def test_nothing_is_asked_where_there_is_nothing() -> None:
    async with ModelServer() as server:
        assert await ready(server).aembed_documents([]) == []
    assert server.requests == []


async def test_batches_are_bounded_by_number_and_length_and_keep_their_order() -> None:
    many = [f"item {n}" for n in range(3 * BATCH_TEXTS + 1)]
    long = [f"{n} " + "word " * 1_590 for n in range(30)]
    async with ModelServer() as server:
        vectors = await ready(server).aembed_documents(many)
        sizes = sorted(len(asked.json["input"]) for asked in server.requests)
        assert sizes == [1, BATCH_TEXTS, BATCH_TEXTS, BATCH_TEXTS]
        await ready(server).aembed_documents(long)
        lengths = [sum(map(len, asked.json["input"])) for asked in server.requests[4:]]
    assert max(lengths) <= 100_000
    assert sum(lengths) == sum(map(len, long))
    for text, vector in zip(many, vectors, strict=True):
        assert vector == pytest.approx([value / 2 for value in word_vector(text, 64)])


async def test_few_requests_are_under_way_at_once() -> None:
    under_way: list[int] = []

    def enough() -> bool:
        under_way.append(sum(asked.outcome == "open" for asked in server.requests))
        return len(server.requests) >= openai_embedder.AT_ONCE

    async with ModelServer(embeddings=[Reply(latency_s=0.05, waits_for=enough)] * 12) as server:
        embedder = ready(server)
        await asyncio.gather(*(embedder.aembed_documents(["x"] * BATCH_TEXTS * 3) for _ in range(4)))
    assert max(under_way) == openai_embedder.AT_ONCE and len(server.requests) == 12


async def test_what_endpoints_refuse_is_not_sent() -> None:
    async with ModelServer() as server:
        vectors = await ready(server, max_chars=10).aembed_documents(["", " \n", "a\x00b", "x" * 30])
    assert server.requests[0].json["input"] == [".", ".", "a b", "x" * 10]
    assert [round(math.hypot(*vector), 6) for vector in vectors] == [1, 1, 1, 1]


async def test_too_long_texts_are_cut_until_they_fit() -> None:
    async with ModelServer(embeddings=[context_too_long(), context_too_long()]) as server:
        embedder = ready(server, max_chars=4000)
        await embedder.aembed_documents(["x" * 9000, "short"])
        await embedder.aembed_query("y" * 9000)
    assert [[len(text) for text in asked.json["input"]] for asked in server.requests] == [
        [4000, 5],
        [2000, 5],
        [1000, 5],
        [1000],
    ]


async def test_cutting_ends() -> None:
    async with ModelServer(embeddings=[context_too_long()] * 20) as server:
        with pytest.raises(ContextTooLongError):
            await ready(server, max_chars=4000).aembed_query("x" * 9000)
    assert len(server.requests) < 8


@pytest.mark.parametrize("fault", [rate_limited(0), server_error(), unavailable(0), reset()])
async def test_passing_faults_are_passed_over(fault: Any) -> None:
    async with ModelServer(embeddings=[fault]) as server:
        assert len(await ready(server, retries=1).aembed_query("pump")) == 64
    assert len(server.requests) == 2


@pytest.mark.parametrize(
    ("fault", "raised", "requests"),
    [
        (rate_limited(0.01), ModelRateLimitError, 2),
        (rate_limited(3600), ModelRateLimitError, 1),
        (server_error(), ModelUnavailableError, 2),
        (reset(), ModelUnavailableError, 2),
        (silence(), ModelTimeoutError, 2),
        (wrong_key(), ModelAccessError, 1),
        (Fault(status=404, message="no such model", code="model_not_found"), ModelAccessError, 1),
        (unsupported("input"), ModelError, 1),
    ],
)
async def test_lasting_faults_have_a_type(fault: Any, raised: type[ModelError], requests: int) -> None:
    timeout_s = 1.0 if raised is ModelTimeoutError else 5
    async with ModelServer(embeddings=[fault] * 4) as server:
        with pytest.raises(ModelError) as caught:
            await ready(server, retries=1, timeout_s=timeout_s).aembed_documents(["pump"])
    assert type(caught.value) is raised
    assert caught.value.details["model"] == "embedder"
    assert len(server.requests) == requests
    if raised is ModelRateLimitError:
        assert caught.value.details["retry_after"] == float(fault.headers["Retry-After"])


async def test_a_failed_batch_ends_the_others() -> None:
    async with ModelServer(embeddings=[silence(), silence(), wrong_key()]) as server:
        with pytest.raises(ModelAccessError):
            await ready(server).aembed_documents(["x"] * BATCH_TEXTS * 3)
        await server.until(lambda s: [a.outcome for a in s.requests].count("abandoned") == 2)


async def test_vectors_of_another_size_are_not_mixed_in() -> None:
    async with ModelServer(dimensions=32) as server:
        with pytest.raises(ModelOutputError, match="still the same model"):
            await ready(server, dimensions=64).aembed_query("pump")


async def test_an_endpoint_that_is_not_there() -> None:
    async with ModelServer() as server:
        gone = server.url
    with pytest.raises(ModelUnavailableError):
        await OpenAIEmbedder("e", 8, base_url=gone, retries=0).aembed_query("pump")


async def test_cancelling_closes_the_connection() -> None:
    async with ModelServer(embeddings=[silence()]) as server:
        asking = asyncio.create_task(ready(server).aembed_query("pump"))
        await server.until(lambda s: len(s.requests) == 1)
        asking.cancel()
        await server.until(lambda s: s.requests[0].outcome == "abandoned")
