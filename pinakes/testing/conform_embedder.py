"""What every embedder must do.

Subclass the suite in a test module and give it a fixture `embedder`, an `Embedder`::

    class TestMyEmbedder(ConformEmbedder):
        @pytest.fixture
        def embedder(self):
            return MyEmbedder()

pytest (with `asyncio_mode = "auto"`) runs the inherited tests.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Sequence

from pinakes.ports.embedder import Embedder

_ODD = ["", " ", "…", "👍", "\x00", "a" * 20_000, "word " * 4_000, "泵坏了", "насос сломан", "ポンプ\n\n故障"]
_SUBJECTS = {
    "the leaking pump in the cellar": "The pump in the cellar was leaking, so the seal was replaced.",
    "rent of the flat": "The rent of the flat is due on the first day of each month.",
    "birds at the lake in winter": "In winter many birds rest at the lake.",
}


def _cosine(one: Sequence[float], other: Sequence[float]) -> float:
    return sum(a * b for a, b in zip(one, other, strict=True))


def _close(one: Sequence[float], other: Sequence[float]) -> bool:
    return _cosine(one, other) > 0.98  # a quantised model rounds by what else is in the batch


class ConformEmbedder:
    """The suite; `embedder` is the adapter's fixture."""

    async def test_name_and_size(self, embedder: Embedder) -> None:
        """An embedder tells its name and size, and keeps to them."""
        assert isinstance(embedder, Embedder)
        assert embedder.name
        assert embedder.dimensions > 0
        assert len(await embedder.aembed_query("pump")) == embedder.dimensions

    async def test_one_vector_per_text_in_order(self, embedder: Embedder) -> None:
        """A batch gives the vectors its texts would get alone, and leaves the list as it was."""
        texts = list(_SUBJECTS.values())
        together = await embedder.aembed_documents(texts)
        assert texts == list(_SUBJECTS.values())
        assert [len(vector) for vector in together] == [embedder.dimensions] * len(texts)
        for text, vector in zip(texts, together, strict=True):
            [alone] = await embedder.aembed_documents([text])
            assert _close(alone, vector)

    async def test_nothing_to_embed(self, embedder: Embedder) -> None:
        """No texts, no vectors."""
        assert await embedder.aembed_documents([]) == []

    async def test_any_text_has_a_vector_of_length_one(self, embedder: Embedder) -> None:
        """Empty, endless and foreign texts too, as documents and as queries."""
        vectors = await embedder.aembed_documents(_ODD)
        vectors += [await embedder.aembed_query(text) for text in _ODD]
        for vector in vectors:
            assert len(vector) == embedder.dimensions
            assert math.isclose(math.hypot(*vector), 1, abs_tol=1e-3)

    async def test_the_same_text_has_the_same_vector(self, embedder: Embedder) -> None:
        """Vectors are kept for years: today's must be tomorrow's."""
        [first], [second] = [await embedder.aembed_documents(["rusty bolt"]) for _ in range(2)]
        assert _close(first, second)
        assert _close(await embedder.aembed_query("rusty bolt"), await embedder.aembed_query("rusty bolt"))

    async def test_a_query_is_nearest_to_what_it_is_about(self, embedder: Embedder) -> None:
        """A query and the text on its subject are nearer than the query and other texts."""
        vectors = await embedder.aembed_documents(list(_SUBJECTS.values()))
        for at, query in enumerate(_SUBJECTS):
            asked = await embedder.aembed_query(query)
            near = [_cosine(asked, vector) for vector in vectors]
            assert near.index(max(near)) == at

    async def test_large_batches(self, embedder: Embedder) -> None:
        """A file's chunks may come in one call."""
        texts = [f"item {n} of the parts list" for n in range(150)]
        vectors = await embedder.aembed_documents(texts)
        assert len(vectors) == len(texts)
        [alone] = await embedder.aembed_documents(texts[-1:])
        assert _close(vectors[-1], alone)

    async def test_many_at_once(self, embedder: Embedder) -> None:
        """Concurrent calls each get their own vectors."""
        texts = [f"shelf {n}" for n in range(8)]
        alone = [await embedder.aembed_query(text) for text in texts]
        together = await asyncio.gather(*(embedder.aembed_query(text) for text in texts))
        assert all(_close(one, other) for one, other in zip(alone, together, strict=True))
