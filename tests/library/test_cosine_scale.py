"""Embedders that find everything alike: floors mean for them what they mean for the one in the package."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest

from pinakes.core.files import MediaType
from pinakes.library.adapters.disk_blobs import DiskBlobs
from pinakes.library.adapters.edge_index import EdgeIndex
from pinakes.library.adapters.sql import SqlCatalog
from pinakes.library.cosine_scale import ANSWERING, AS_IT_IS, OTHERS, CosineScale, means, measured
from pinakes.library.library import Library
from pinakes.models.bm25 import Bm25Encoder
from pinakes.models.minilm import MiniLmEmbedder
from pinakes.testing.fakes import HashEmbedder
from pinakes.testing.samples import reading

LIKE_ALL = 1.6
"""Length of a part that all vectors share: texts with nothing in common have cosines around 0.7, as with some models."""

TEXTS = [
    "The broken machinery was moved to the yard behind hall 2.",
    "The canteen opens at noon and serves soup.",
    "Pump P-104 was serviced on 3 March.",
]
ABSENT = ["Who is the president of France?", "medieval castles on the Rhine", "recipe for apple pie"]


class AlikeEmbedder:
    name = "alike@1"
    dimensions = 385
    local = True
    queries = 0

    def __init__(self) -> None:
        self._model = MiniLmEmbedder(1)

    async def aembed_documents(self, texts: list[str]) -> list[list[float]]:
        length = math.hypot(1, LIKE_ALL)
        vectors = await self._model.aembed_documents(texts)
        return [[*(v / length for v in vector), LIKE_ALL / length] for vector in vectors]

    async def aembed_query(self, text: str) -> list[float]:
        type(self).queries += 1
        return (await self.aembed_documents([text]))[0]


async def test_the_scale_is_that_of_the_embedder_in_the_package() -> None:
    near, far = await means(MiniLmEmbedder(1))
    assert (near, far) == (pytest.approx(ANSWERING, abs=0.01), pytest.approx(OTHERS, abs=0.01))


async def test_what_all_texts_share_is_taken_out() -> None:
    near, far = await means(AlikeEmbedder())
    assert far > 0.7
    scale = await measured(AlikeEmbedder())
    assert scale(near) == pytest.approx(ANSWERING) and scale(far) == pytest.approx(OTHERS)
    assert scale(1.0) == pytest.approx(1.0, abs=0.05)


async def test_an_embedder_that_tells_nothing_apart_is_left_alone() -> None:
    class Same(HashEmbedder):
        def _vector(self, text: str) -> list[float]:
            return super()._vector("same")

    assert await measured(Same()) == AS_IT_IS
    assert AS_IT_IS(0.3) == 0.3
    assert CosineScale(stretch=2)(0.9) == 1.0


async def opened(folder: Path, catalog: Path, embedder: Any) -> Library:
    index = await EdgeIndex.open(folder / "index" / embedder.name, embedder.dimensions)
    given = None if type(embedder) is MiniLmEmbedder else embedder
    return Library(
        "a",
        await SqlCatalog.open(catalog, "a"),
        DiskBlobs(folder / "blobs"),
        index,
        MiniLmEmbedder(1),
        Bm25Encoder(),
        index_embedder=given,
    )


async def test_floors_hold_for_another_embedder(catalog_path: Path, tmp_path: Path) -> None:
    kind: dict[str, Any] = {"content_type": "text/plain", "media_type": MediaType.DOCUMENT}
    asked = ["damaged equipment", "when is lunch served?", *ABSENT]
    library = await opened(tmp_path, catalog_path, MiniLmEmbedder(1))
    for number, text in enumerate(TEXTS):
        record = await library.accept_bytes(text.encode(), f"{number}.txt", **kind)
        await library.store_reading(record.id, reading(record.id, text))
    expected = {query: await library.search(query) for query in asked}
    await library.aclose()

    library = await opened(tmp_path, catalog_path, AlikeEmbedder())
    for query in asked:
        hits = await library.search(query)
        assert [hit.chunk.text for hit in hits][:1] == [hit.chunk.text for hit in expected[query]][:1]
        # A quantised model rounds by what else is in the batch: some 0.02 in the cosine.
        assert hits[0].score == pytest.approx(expected[query][0].score, abs=0.12)
        assert (query in ABSENT) == (hits[0].score < 0.35)
    measured_with = AlikeEmbedder.queries
    library._cosines = AS_IT_IS
    assert (await library.search(ABSENT[0]))[0].score > 0.7  # what it would be without
    await library.aclose()

    library = await opened(tmp_path, catalog_path, AlikeEmbedder())
    assert (await library.search(ABSENT[0]))[0].score < 0.35
    assert AlikeEmbedder.queries == measured_with + 2  # the scale is kept
    await library.aclose()
