"""Vectors from an OpenAI-compatible endpoint."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Sequence
from itertools import chain
from typing import TYPE_CHECKING

from pinakes.core.errors import (
    ConfigurationError,
    ContextTooLongError,
    ModelAccessError,
    ModelError,
    ModelOutputError,
)
from pinakes.models.counting import count_texts
from pinakes.models.openai_endpoint import Endpoint, persistently

if TYPE_CHECKING:
    from langchain_openai import OpenAIEmbeddings

BATCH_TEXTS = 64
"""Texts of one request; some servers take no more."""
AT_ONCE = 4
"""Requests that are under way together."""
_BATCH_CHARS = 100_000
_SHORTEST_CUT = 200
# Endpoints refuse empty texts.
_NOTHING = "."


class OpenAIEmbedder:
    """An `Embedder` on top of LangChain's `OpenAIEmbeddings`: texts go as texts, vectors come as floats.

    Make it with `OpenAIEmbedder.open`, which asks the endpoint for its size, unless the size is known.

    Args:
        model: As the endpoint names it.
        dimensions: The size of its vectors.
        base_url: The endpoint, including its "/v1"; None is OpenAI.
        api_key: May be missing where the endpoint is not OpenAI.
        shorten: Ask for vectors of that size, of models that can give several.
        max_chars: Longer texts are cut there; halved when the endpoint finds them too long.
    """

    def __init__(
        self,
        model: str,
        dimensions: int,
        *,
        base_url: str | None = None,
        api_key: str | None = None,
        timeout_s: float = 60.0,
        retries: int = 2,
        shorten: bool = False,
        max_chars: int = 8_000,
    ) -> None:
        self._model, self._dimensions = model, dimensions
        self._retries, self._max_chars = retries, max_chars
        self._embeddings = _embeddings(
            model, Endpoint.of(base_url, api_key), timeout_s, dimensions if shorten else None
        )
        self._at_once = asyncio.Semaphore(AT_ONCE)

    @classmethod
    async def open(
        cls,
        model: str,
        *,
        dimensions: int | None = None,
        base_url: str | None = None,
        api_key: str | None = None,
        timeout_s: float = 60.0,
        retries: int = 2,
    ) -> OpenAIEmbedder:
        """Return an embedder whose size is known: asked for once, or shortened to `dimensions`.

        Raises:
            ConfigurationError: The model has vectors of another size and cannot shorten them.
            ModelError: The endpoint does not answer.
        """
        made = cls(
            model,
            dimensions or 0,
            base_url=base_url,
            api_key=api_key,
            timeout_s=timeout_s,
            retries=retries,
            shorten=dimensions is not None,
        )
        try:
            size = await made._size()
        except ModelError as error:
            if dimensions is None or error.retryable or isinstance(error, ModelAccessError):
                raise
            made._embeddings.dimensions = None  # a model of one size alone refuses to be asked for any
            size = await made._size()
        if dimensions not in {None, size}:
            raise ConfigurationError(
                f"{model} gives vectors of {size} numbers, not {dimensions}; leave the size out.", model=model
            )
        made._dimensions = size
        return made

    @property
    def name(self) -> str:
        """Model and size."""
        return f"openai:{self._model}@{self._dimensions}"

    @property
    def dimensions(self) -> int:
        """The size of the vectors."""
        return self._dimensions

    async def aembed_documents(self, texts: list[str]) -> list[list[float]]:
        """Return one vector per text, in order, of shape [len(texts), dimensions]. Raises ModelError."""
        batches = [asyncio.ensure_future(self._batch(batch)) for batch in _batches(texts, self._max_chars)]
        try:
            return list(chain.from_iterable(await asyncio.gather(*batches)))
        finally:
            for batch in batches:
                batch.cancel()

    async def aembed_query(self, text: str) -> list[float]:
        """Return the vector of a search query. Raises ModelError."""
        [vector] = await self._batch([text])
        return vector

    async def aclose(self) -> None:
        """Close the connections."""
        client = self._embeddings.http_async_client
        if client is not None:
            await client.aclose()

    async def _size(self) -> int:
        [vector] = await self._asked(["size"])
        return len(vector)

    async def _batch(self, texts: Sequence[str]) -> list[list[float]]:
        async with self._at_once:
            vectors = await self._asked(texts)
        if len(vectors) != len(texts) or any(len(vector) != self._dimensions for vector in vectors):
            raise ModelOutputError(
                f"{self._model} gave other vectors than were asked for; is it still the same model?",
                model=self._model,
                wanted=[len(texts), self._dimensions],
            )
        return [self._normalised(vector) for vector in vectors]

    async def _asked(self, texts: Sequence[str]) -> list[list[float]]:
        while True:
            limit = self._max_chars
            cut = [text.replace("\x00", " ")[:limit] for text in texts]
            sent = [text if text.strip() else _NOTHING for text in cut]
            try:
                vectors = await persistently(
                    lambda sent=sent: self._embeddings.aembed_documents(sent),  # type: ignore[misc]
                    self._model,
                    self._retries,
                )
                count_texts(sent)
                return vectors
            except ContextTooLongError:
                if limit // 2 < _SHORTEST_CUT:
                    raise
                self._max_chars = min(self._max_chars, limit // 2)

    def _normalised(self, vector: Sequence[float]) -> list[float]:
        try:
            length = math.hypot(*vector)
        except TypeError:
            length = math.nan
        if not math.isfinite(length):
            raise ModelOutputError(f"{self._model} gave vectors that are no numbers.", model=self._model)
        if not length:
            return [1 / math.sqrt(len(vector))] * len(vector)
        return [value / length for value in vector]


def _embeddings(model: str, endpoint: Endpoint, timeout_s: float, dimensions: int | None) -> OpenAIEmbeddings:
    from langchain_openai import OpenAIEmbeddings

    made = OpenAIEmbeddings(
        model=model,
        dimensions=dimensions,
        chunk_size=BATCH_TEXTS,
        check_embedding_ctx_length=False,
        model_kwargs={"encoding_format": "float"},
        **endpoint.settings(timeout_s),
    )
    endpoint.anonymous(made.client._client, made.async_client._client)
    return made


def _batches(texts: Sequence[str], max_chars: int) -> list[list[str]]:
    """Return the texts in groups bounded by number and length."""
    batches: list[list[str]] = []
    room = 0
    for text in texts:
        size = min(len(text), max_chars)
        if not batches or len(batches[-1]) == BATCH_TEXTS or size > room:
            batches.append([])
            room = _BATCH_CHARS
        batches[-1].append(text)
        room -= size
    return batches
