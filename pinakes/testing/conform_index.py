"""What every vector index must do.

Subclass the suite in a test module and give it a fixture `index`, an empty `VectorIndex` for vectors of size
`DIMENSIONS`::

    class TestMyIndex(ConformIndex):
        @pytest.fixture
        async def index(self):
            index = await MyIndex.open(..., dimensions=DIMENSIONS)
            yield index
            await index.aclose()

pytest (with `asyncio_mode = "auto"`) runs the inherited tests. Call
`pytest.register_assert_rewrite("pinakes.testing")` in your conftest for readable failures.
"""

from __future__ import annotations

import math
import random

from pinakes.core.errors import PinakesError
from pinakes.core.ids import derived_id
from pinakes.ports.embedder import SparseVector
from pinakes.ports.index import IndexFilter, IndexHit, IndexPoint, VectorIndex

DIMENSIONS = 8
MANY_FILES = 10_000
ANY = IndexFilter()


def point(
    name: str,
    *,
    file: str = "file",
    media_type: str = "document",
    dense: tuple[float, ...] | None = None,
    terms: dict[int, float] | None = None,
) -> IndexPoint:
    """Return a point whose id belongs to its name; without `dense`, its vector belongs to the name too."""
    weights = terms or {1: 1.0}
    return IndexPoint(
        id=derived_id(name),
        file_id=derived_id(file),
        media_type=media_type,
        dense=dense or direction(name),
        terms=SparseVector(indices=tuple(weights), values=tuple(weights.values())),
    )


def direction(name: str) -> tuple[float, ...]:
    """Return a unit vector that belongs to a name."""
    numbers = random.Random(name)
    values = [numbers.gauss(0, 1) for _ in range(DIMENSIONS)]
    length = math.hypot(*values)
    return tuple(value / length for value in values)


def axis(number: int, other: float = 0.0) -> tuple[float, ...]:
    """Return a vector along one axis, leaning towards the next one."""
    values = [0.0] * DIMENSIONS
    values[number], values[(number + 1) % DIMENSIONS] = 1.0, other
    length = math.hypot(*values)
    return tuple(value / length for value in values)


def _ids(hits: list[IndexHit]) -> list[str]:
    return [hit.id for hit in hits]


def _query(*terms: int) -> SparseVector:
    return SparseVector(indices=terms, values=(1.0,) * len(terms))


class ConformIndex:
    """The suite; `index` is the adapter's fixture."""

    async def test_empty_index_finds_nothing(self, index: VectorIndex) -> None:
        """An index without points answers, with nothing."""
        assert await index.search_dense("a", axis(0), 5, ANY) == []
        assert await index.search_terms("a", _query(1), 5, ANY) == []
        assert await index.count("a") == 0
        await index.upsert("a", [])
        await index.delete_files("a", [derived_id("unknown")])
        await index.clear("a")

    async def test_dense_order_is_by_cosine(self, index: VectorIndex) -> None:
        """Scores are cosines, best first, also for vectors that are not of length 1 in the query."""
        leaning = {"near": 0.1, "middle": 0.5, "far": 2.0}
        await index.upsert("a", [point(name, dense=axis(0, other)) for name, other in leaning.items()])
        hits = await index.search_dense("a", [3 * value for value in axis(0)], 5, ANY)
        assert _ids(hits) == [derived_id(name) for name in leaning]
        for hit, other in zip(hits, leaning.values(), strict=True):
            assert math.isclose(hit.score, 1 / math.hypot(1, other), abs_tol=1e-3)
        assert {hit.file_id for hit in hits} == {derived_id("file")}

    async def test_points_without_words(self, index: VectorIndex) -> None:
        """A point may have no terms, as a picture's has none: it is found by its vector alone."""
        wordless = point("one").model_copy(update={"terms": SparseVector(indices=(), values=())})
        await index.upsert("a", [wordless, point("two", terms={7: 1.0})])
        assert set(_ids(await index.search_dense("a", axis(0), 5, ANY))) == {wordless.id, derived_id("two")}
        assert _ids(await index.search_terms("a", _query(7), 5, ANY)) == [derived_id("two")]
        assert await index.count("a") == 2

    async def test_limit(self, index: VectorIndex) -> None:
        """Never more hits than asked for."""
        await index.upsert("a", [point(str(n)) for n in range(30)])
        assert len(await index.search_dense("a", axis(0), 7, ANY)) == 7
        assert len(await index.search_terms("a", _query(1), 7, ANY)) == 7
        assert await index.search_dense("a", axis(0), 0, ANY) == []

    async def test_terms_order_is_by_weight_times_idf(self, index: VectorIndex) -> None:
        """A rare word counts more than a common one; a heavier weight more than a lighter one."""
        common, rare = 10, 20
        filler = [point(f"common {n}", terms={common: 1.0}) for n in range(20)]
        heavy, light = point("heavy", terms={rare: 2.0}), point("light", terms={rare: 1.0})
        await index.upsert("a", [*filler, light, heavy])
        hits = await index.search_terms("a", _query(common, rare), 30, ANY)
        assert _ids(hits)[:2] == [heavy.id, light.id]
        assert len(hits) == 22
        assert all(hit.score > 0 for hit in hits)
        idf = math.log((22 - 2 + 0.5) / (2 + 0.5) + 1)
        assert math.isclose(hits[1].score, idf, rel_tol=1e-3)

    async def test_terms_without_words_or_matches(self, index: VectorIndex) -> None:
        """No terms, or terms that nothing has, find nothing."""
        await index.upsert("a", [point("one", terms={1: 1.0})])
        assert await index.search_terms("a", SparseVector(indices=(), values=()), 5, ANY) == []
        assert await index.search_terms("a", _query(99), 5, ANY) == []

    async def test_point_without_terms(self, index: VectorIndex) -> None:
        """A chunk of stop words alone has no terms and is found by its vector."""
        bare = point("bare").model_copy(update={"terms": SparseVector(indices=(), values=())})
        await index.upsert("a", [bare])
        assert _ids(await index.search_dense("a", direction("bare"), 1, ANY)) == [bare.id]

    async def test_filter_by_media_type(self, index: VectorIndex) -> None:
        """Only points of the wanted kinds are found, by either search."""
        kinds = ("image", "document", "video")
        await index.upsert("a", [point(kind, media_type=kind) for kind in kinds])
        where = IndexFilter(media_types=("image", "video"))
        wanted = {derived_id("image"), derived_id("video")}
        assert set(_ids(await index.search_dense("a", axis(0), 9, where))) == wanted
        assert set(_ids(await index.search_terms("a", _query(1), 9, where))) == wanted

    async def test_filter_by_files_and_media_type(self, index: VectorIndex) -> None:
        """Both limits must hold."""
        await index.upsert(
            "a",
            [
                point("1", file="x", media_type="image"),
                point("2", file="x", media_type="document"),
                point("3", file="y", media_type="image"),
            ],
        )
        where = IndexFilter(media_types=("image",), file_ids=(derived_id("x"),))
        assert _ids(await index.search_dense("a", axis(0), 9, where)) == [derived_id("1")]
        assert _ids(await index.search_terms("a", _query(1), 9, where)) == [derived_id("1")]

    async def test_empty_filters_match_nothing(self, index: VectorIndex) -> None:
        """An empty tuple is a limit that nothing passes; None is no limit."""
        await index.upsert("a", [point("one")])
        for where in (IndexFilter(file_ids=()), IndexFilter(media_types=())):
            assert await index.search_dense("a", axis(0), 5, where) == []
            assert await index.search_terms("a", _query(1), 5, where) == []
        assert len(await index.search_dense("a", axis(0), 5, ANY)) == 1

    async def test_many_file_ids(self, index: VectorIndex) -> None:
        """A filter may name ten thousand files."""
        await index.upsert("a", [point(f"p{n}", file=f"f{n}") for n in range(20)])
        others = [derived_id(f"other {n}") for n in range(MANY_FILES - 2)]
        where = IndexFilter(file_ids=(*others, derived_id("f3"), derived_id("f7")))
        wanted = {derived_id("p3"), derived_id("p7")}
        assert set(_ids(await index.search_dense("a", axis(0), 9, where))) == wanted
        assert set(_ids(await index.search_terms("a", _query(1), 9, where))) == wanted

    async def test_upsert_replaces(self, index: VectorIndex) -> None:
        """The same id is one point: the new vector, terms and fields hold and the old ones are gone."""
        old = point("one", file="old", media_type="image", dense=axis(0), terms={1: 1.0})
        new = point("one", file="new", media_type="document", dense=axis(3), terms={2: 1.0})
        await index.upsert("a", [old])
        await index.upsert("a", [new])
        assert await index.count("a") == 1
        hits = await index.search_dense("a", axis(3), 5, ANY)
        assert [(hit.id, hit.file_id) for hit in hits] == [(new.id, new.file_id)]
        assert math.isclose(hits[0].score, 1, abs_tol=1e-3)
        assert await index.search_terms("a", _query(1), 5, ANY) == []
        assert await index.search_dense("a", axis(0), 5, IndexFilter(file_ids=(old.file_id,))) == []

    async def test_many_points_at_once(self, index: VectorIndex) -> None:
        """One call may carry a large file."""
        await index.upsert("a", [point(str(n)) for n in range(1500)])
        assert await index.count("a") == 1500

    async def test_delete_files(self, index: VectorIndex) -> None:
        """All points of the named files go, no other ones; deleting twice is no error."""
        await index.upsert("a", [point(f"{f}{n}", file=f) for f in "xyz" for n in range(3)])
        for _ in range(2):
            await index.delete_files("a", [derived_id("x"), derived_id("z")])
        assert await index.count("a") == 3
        hits = await index.search_dense("a", axis(0), 20, ANY)
        assert {hit.file_id for hit in hits} == {derived_id("y")}
        await index.delete_files("a", [])
        assert await index.count("a") == 3

    async def test_clear(self, index: VectorIndex) -> None:
        """Clearing removes one tenant's points and leaves the index usable."""
        await index.upsert("a", [point("one")])
        await index.upsert("b", [point("two")])
        await index.clear("a")
        assert (await index.count("a"), await index.count("b")) == (0, 1)
        await index.upsert("a", [point("three")])
        assert await index.count("a") == 1

    async def test_other_collections(self, index: VectorIndex) -> None:
        """A collection has a name; forgetting one that is not there is no error and touches no other."""
        assert index.collection
        await index.upsert("a", [point("one")])
        await index.forget("a", index.collection + "-gone")
        assert await index.count("a") == 1

    async def test_tenants_never_see_each_other(self, index: VectorIndex) -> None:
        """Neither search, nor filters, nor counts, nor deletes cross tenants."""
        await index.upsert("a", [point("mine", file="f", dense=axis(0))])
        await index.upsert("b", [point("theirs", file="g", dense=axis(0))])
        mine, theirs = derived_id("mine"), derived_id("theirs")
        assert _ids(await index.search_dense("a", axis(0), 9, ANY)) == [mine]
        assert _ids(await index.search_terms("b", _query(1), 9, ANY)) == [theirs]
        assert await index.search_dense("a", axis(0), 9, IndexFilter(file_ids=(derived_id("g"),))) == []
        assert await index.search_dense("c", axis(0), 9, ANY) == []
        assert await index.count("c") == 0
        await index.delete_files("a", [derived_id("g")])
        assert await index.count("b") == 1

    async def test_same_ids_in_two_tenants(self, index: VectorIndex) -> None:
        """Ids of one tenant neither overwrite nor delete those of another one."""
        await index.upsert("a", [point("same", file="f", dense=axis(0))])
        await index.upsert("b", [point("same", file="f", dense=axis(4))])
        assert (await index.count("a"), await index.count("b")) == (1, 1)
        hits = await index.search_dense("a", axis(0), 9, ANY)
        assert _ids(hits) == [derived_id("same")]
        assert math.isclose(hits[0].score, 1, abs_tol=1e-3)
        await index.delete_files("a", [derived_id("f")])
        assert (await index.count("a"), await index.count("b")) == (0, 1)

    async def test_other_tenants_do_not_move_scores(self, index: VectorIndex) -> None:
        """How rare a word is for a tenant does not tell what others write about."""
        await index.upsert("a", [point("1", terms={1: 1.0}), point("2", terms={2: 1.0})])
        alone = await index.search_terms("a", _query(1), 5, ANY)
        await index.upsert("b", [point(f"b{n}", terms={1: 1.0}) for n in range(50)])
        beside = await index.search_terms("a", _query(1), 5, ANY)
        assert _ids(beside) == _ids(alone)
        assert math.isclose(beside[0].score, alone[0].score, rel_tol=1e-4)

    async def test_filter_does_not_move_scores(self, index: VectorIndex) -> None:
        """A filter chooses among hits and leaves their scores as they are."""
        await index.upsert("a", [point(str(n), file=str(n % 3), terms={n % 2: 1.0}) for n in range(12)])
        everything = {hit.id: hit.score for hit in await index.search_terms("a", _query(0, 1), 20, ANY)}
        where = IndexFilter(file_ids=(derived_id("1"),))
        for hit in await index.search_terms("a", _query(0, 1), 20, where):
            assert math.isclose(hit.score, everything[hit.id], rel_tol=1e-4)

    async def test_closed_index_refuses(self, index: VectorIndex) -> None:
        """After `aclose` calls raise an error of ours; closing twice is none."""
        await index.aclose()
        await index.aclose()
        try:
            await index.count("a")
        except PinakesError:
            return
        raise AssertionError("a closed index answered")
