"""Hybrid search over a tenant's chunks: meaning and words, one embedding a query, one calibrated score."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence

from pinakes.core.files import ChunkHit, FileFilter
from pinakes.library.cosine_scale import AS_IT_IS, CosineScale
from pinakes.library.languages import trust_in
from pinakes.library.ranking import Candidate, QueryTerms, rank, solve_idf, term_weights, unseen_idf
from pinakes.library.requests import asked_about
from pinakes.library.reranking import reranked
from pinakes.ports.catalog import Catalog
from pinakes.ports.embedder import Embedder, SparseVector, TermEncoder
from pinakes.ports.index import IndexFilter, IndexHit, VectorIndex
from pinakes.ports.reranker import Reranker

_DEPTH = 50
"""Chunks that each of the two searches brings in."""

_COSINES = 200
"""How far down cosines are looked up for chunks that only the words found."""

_MANY_FILES = 5
"""A word that occurs in more file names than this names none of them."""


async def search_chunks(
    query: str,
    *,
    tenant: str,
    catalog: Catalog,
    index: VectorIndex,
    embedder: Embedder,
    terms: TermEncoder,
    limit: int = 20,
    where: FileFilter | None = None,
    threshold: float = 0.0,
    reranker: Reranker | None = None,
    cosines: CosineScale = AS_IT_IS,
) -> list[ChunkHit]:
    """Return the chunks that bear on a query, best first.

    Args:
        query: A question or keywords in any language; meaning is understood in English, words in all.
        tenant: Whose library.
        catalog, index, embedder, terms: The library's parts.
        limit: The most hits to return.
        where: Which files may be found.
        threshold: Calibrated score (0 to 1) under which nothing is returned.
        cosines: Brings the embedder's cosines to the scale that scores were fitted to.
        reranker: Has a say in which of the best hits come first, none in how many pass a threshold.

    Raises:
        ModelError: When the embedder or the encoder cannot be loaded.
    """
    candidates, known = await find_candidates(
        query,
        tenant=tenant,
        catalog=catalog,
        index=index,
        embedder=embedder,
        terms=terms,
        limit=limit,
        where=where,
        cosines=cosines,
    )
    hits = await asyncio.to_thread(rank, candidates, known, terms)
    if reranker is not None:
        hits = await reranked(query, hits, reranker)
    return [hit for hit in hits[:limit] if hit.score >= threshold]


async def find_candidates(
    query: str,
    *,
    tenant: str,
    catalog: Catalog,
    index: VectorIndex,
    embedder: Embedder,
    terms: TermEncoder,
    limit: int = 20,
    where: FileFilter | None = None,
    cosines: CosineScale = AS_IT_IS,
) -> tuple[list[Candidate], QueryTerms]:
    """Return what both searches bring in, unranked, and what the query's terms weigh in this library."""
    scope = await scope_of(catalog, where or FileFilter())
    if not query.strip() or scope.file_ids == ():
        return [], QueryTerms({}, {}, 0.0)
    topic = asked_about(query)
    vector = await embedder.aembed_query(topic)
    searches = _Searches(tenant, index, scope, vector, terms.encode_query(topic))
    named = await _named_files(catalog, query, scope)
    depth = max(_DEPTH, limit)
    near, said = await searches.run(depth, named)
    near = [hit.model_copy(update={"score": cosines(hit.score)}) for hit in near]
    candidates = await _candidates(catalog, near, said, depth, named, terms)
    idf = await searches.idf(said[:depth], candidates)
    return candidates, QueryTerms(terms.words(topic), *idf, trust_in(query))


class _Searches:
    """The index calls of one query."""

    def __init__(
        self, tenant: str, index: VectorIndex, scope: IndexFilter, vector: list[float], sparse: SparseVector
    ) -> None:
        self.tenant, self.index, self.scope = tenant, index, scope
        self.vector, self.sparse = vector, sparse

    async def run(self, depth: int, named: Sequence[str]) -> tuple[list[IndexHit], list[IndexHit]]:
        """Return what is near in meaning and what says the words; chunks of named files come in any case."""
        calls = [self._near(max(_COSINES, depth), self.scope), self._said(depth, self.scope)]
        if named:
            only = IndexFilter(media_types=self.scope.media_types, file_ids=tuple(named))
            calls += [self._near(depth, only), self._said(depth, only)]
        found = await asyncio.gather(*calls)
        near, said = found[0], found[1]
        if named:
            near, said = [*found[2], *near], [*said, *found[3]]
        return near, said

    async def idf(
        self, said: Sequence[IndexHit], candidates: Sequence[Candidate]
    ) -> tuple[dict[int, float], float]:
        """Return the query terms' inverse document frequencies and the ceiling."""
        ceiling = unseen_idf(await self.index.count(self.tenant))
        weights = {c.chunk.id: c.terms for c in candidates}
        scored = [(weights[hit.id], hit.score) for hit in said if hit.id in weights]
        known = solve_idf(self.sparse, scored, ceiling)
        open_terms = [t for t in self.sparse.indices if t not in known]
        common = await asyncio.gather(*(self._occurs(t) for t in open_terms))
        for term, occurs in zip(open_terms, common, strict=True):
            known[term] = min(known.values(), default=1.0) if occurs else ceiling
        return known, ceiling

    async def _occurs(self, term: int) -> bool:
        probe = SparseVector(indices=(term,), values=(1.0,))
        return bool(await self.index.search_terms(self.tenant, probe, 1, IndexFilter()))

    async def _near(self, limit: int, where: IndexFilter) -> list[IndexHit]:
        return await self.index.search_dense(self.tenant, self.vector, limit, where)

    async def _said(self, limit: int, where: IndexFilter) -> list[IndexHit]:
        if not self.sparse.indices:
            return []
        return await self.index.search_terms(self.tenant, self.sparse, limit, where)


async def scope_of(catalog: Catalog, where: FileFilter) -> IndexFilter:
    """Return what the index can filter by of a file filter."""
    rest = where.model_copy(update={"media_types": None, "ids": None})
    media = tuple(str(m.value) for m in where.media_types) if where.media_types is not None else None
    if rest == FileFilter():
        return IndexFilter(media_types=media, file_ids=where.ids)
    found = await catalog.matching_ids(where)
    return IndexFilter(media_types=media, file_ids=None if found is None else tuple(found))


async def _named_files(catalog: Catalog, query: str, scope: IndexFilter) -> list[str]:
    """Return the few files whose name holds a file name or a code that the query spells out."""
    named: list[str] = []
    for word in _spelled_names(query):
        page = await catalog.list_files(FileFilter(name_contains=word), limit=_MANY_FILES + 1)
        if page.total <= _MANY_FILES:
            named += [file.id for file in page.items]
    return [i for i in dict.fromkeys(named) if scope.file_ids is None or i in scope.file_ids]


_FILENAME = re.compile(r"[\w()+-]+(?:\.[\w()+-]+)*\.[A-Za-z][A-Za-z0-9]{1,4}\b")
_CODE = re.compile(r"(?=[\w-]*\d)(?=[\w-]*[A-Za-z_-])[\w-]*\w")


def _spelled_names(query: str) -> list[str]:
    names = _FILENAME.findall(query)
    codes = [code for code in _CODE.findall(query) if len(code) > 3 and not any(code in n for n in names)]
    return (names + codes)[:3]


async def _candidates(
    catalog: Catalog,
    near: Sequence[IndexHit],
    said: Sequence[IndexHit],
    depth: int,
    named: Sequence[str],
    terms: TermEncoder,
) -> list[Candidate]:
    """Fetch what was found from the catalog, which also drops what is gone."""
    ids = dict.fromkeys(hit.id for hit in [*near[:depth], *said])
    chunks = await catalog.get_chunks(list(ids))
    files = {f.id: f for f in await catalog.get_files(list(dict.fromkeys(c.file_id for c in chunks)))}
    pairs = [(chunk, files[chunk.file_id]) for chunk in chunks if chunk.file_id in files]
    weights = await asyncio.to_thread(term_weights, pairs, terms)
    cosines = {hit.id: hit.score for hit in near}
    floor = min(cosines.values(), default=0.0)
    return [
        Candidate(chunk, file, cosines.get(chunk.id, floor), held, file.id in named)
        for (chunk, file), held in zip(pairs, weights, strict=True)
    ]
