"""A reranker orders hits; whether there are any is none of its business."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pinakes.core.errors import ModelError
from pinakes.core.files import ChunkHit, MediaType
from pinakes.library.reranking import TOP, WEIGHT, blended, reranked
from pinakes.library.search import search_chunks
from pinakes.library.search_weights import IDENTIFIER_MISSING
from tests.library.memory_parts import MemoryCatalog, MemoryIndex, chunk, file_record, points

FLOORS = [0.12, 0.35, 0.5, 0.7]


class ScriptedReranker:
    name = "scripted"

    def __init__(self, mark: Callable[[str], float]) -> None:
        self.mark = mark
        self.asked: list[tuple[str, list[str]]] = []

    async def rerank(self, query: str, texts: Sequence[str]) -> list[float]:
        self.asked.append((query, list(texts)))
        return [self.mark(text) for text in texts]


def hit(
    text: str, score: float, *, said: bool = True, media: MediaType = MediaType.DOCUMENT, kind: str = "text"
) -> ChunkHit:
    file = file_record(f"{text}.txt", media_type=media)
    terms = ("word",) if said else ()
    return ChunkHit(chunk=chunk(file, text, kind=kind), file=file, score=score, matched_terms=terms)


def scores(hits: Sequence[ChunkHit]) -> dict[str, float]:
    return {h.chunk.text: h.score for h in hits}


def test_a_clear_verdict_changes_the_order() -> None:
    assert scores(blended([hit("a", 0.8), hit("b", 0.7), hit("c", 0.2)], [-4, 9, -11])) == {
        "a": 0.7,
        "b": 0.8,
        "c": 0.2,
    }


def test_what_is_far_behind_stays_there() -> None:
    assert scores(blended([hit("a", 0.95), hit("b", 0.3)], [0, 1])) == {"a": 0.95, "b": 0.3}
    assert 2 * WEIGHT < IDENTIFIER_MISSING


@pytest.mark.parametrize("marks", [[1, 1], [float("nan"), 1], [float("inf"), 1]])
def test_marks_that_tell_nothing(marks: list[float]) -> None:
    hits = [hit("a", 0.5), hit("b", 0.4)]
    assert blended(hits, marks) == hits


def test_scores_are_exchanged_among_their_kind_alone() -> None:
    hits = [
        hit("said", 0.6),
        hit("unsaid", 0.5, said=False),
        hit("picture", 0.55, media=MediaType.IMAGE),
        hit("facts", 0.52, kind="facts"),
    ]
    assert blended(hits, [0, 9, 8, 7]) == hits


_HITS = st.lists(
    st.builds(
        hit,
        st.uuids().map(str),
        st.floats(0, 1).map(lambda x: round(x, 4)),
        said=st.booleans(),
        media=st.sampled_from([MediaType.DOCUMENT, MediaType.IMAGE]),
    ),
    min_size=2,
    max_size=40,
)


@given(_HITS, st.randoms(use_true_random=False))
async def test_every_floor_lets_through_as_many_of_each_kind(hits: list[ChunkHit], random: object) -> None:
    reranker = ScriptedReranker(lambda text: random.uniform(-11, 11))  # type: ignore[attr-defined]
    hits = sorted(hits, key=lambda h: -h.score)
    after = await reranked("?", hits, reranker)
    assert sorted(scores(after)) == sorted(scores(hits))
    assert [h.score for h in after] == [h.score for h in hits]
    for floor in FLOORS:
        for media in (MediaType.DOCUMENT, MediaType.IMAGE):
            for said in (True, False):
                kept = [
                    sum(
                        h.score >= floor
                        for h in some
                        if h.file.media_type == media and bool(h.matched_terms) == said
                    )
                    for some in (hits, after)
                ]
                assert kept[0] == kept[1]


async def test_only_the_best_are_judged() -> None:
    hits = [hit(f"t{n:02}", 0.9 - n / 100) for n in range(TOP + 5)]
    reranker = ScriptedReranker(lambda text: float(text[1:]))
    after = await reranked("why?", hits, reranker)
    assert reranker.asked == [("why?", [f"t{n:02}" for n in range(TOP)])]
    assert after[TOP:] == hits[TOP:]
    assert after[0].chunk.text != "t00"


async def test_one_hit_is_not_judged() -> None:
    reranker = ScriptedReranker(len)
    assert len(await reranked("?", [hit("a", 0.4)], reranker)) == 1
    assert reranker.asked == []


async def test_a_reranker_that_fails_is_done_without() -> None:
    def broken(text: str) -> float:
        raise ModelError("Gone.")

    hits = [hit("a", 0.5), hit("b", 0.4)]
    assert await reranked("?", hits, ScriptedReranker(broken)) == hits


TEXTS = {
    "a.txt": "The pump on deck two was painted blue.",
    "b.txt": "The pump on deck two was greased in May.",
    "c.txt": "The canteen serves soup at noon.",
}


async def test_in_a_search() -> None:
    from pinakes.models.bm25 import Bm25Encoder
    from pinakes.models.minilm import MiniLmEmbedder

    embedder, terms = MiniLmEmbedder(threads=1), Bm25Encoder()
    files = {name: file_record(name) for name in TEXTS}
    pairs = [(chunk(files[name], text), files[name]) for name, text in TEXTS.items()]
    parts = {
        "tenant": "t",
        "catalog": MemoryCatalog([c for c, _ in pairs], list(files.values())),
        "index": MemoryIndex(await points(pairs, embedder, terms)),
        "embedder": embedder,
        "terms": terms,
    }
    for best in ("painted", "greased"):
        reranker = ScriptedReranker(lambda text, best=best: 5.0 if best in text else -5.0)  # type: ignore[misc]
        hits = await search_chunks("pump on deck two", **parts, reranker=reranker)
        assert best in hits[0].chunk.text
    eager = ScriptedReranker(lambda text: 11.0 if "soup" in text else 10.0)
    for absent in ("Who is the president of France?", "castle", "tax return for 1998"):
        assert await search_chunks(absent, **parts, reranker=eager, threshold=0.35) == []
