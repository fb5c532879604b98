"""A library's parts in memory, exact and small: the index's arithmetic without an engine."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np

from pinakes.core.files import Chunk, FileFilter, FilePage, FileRecord, FileStatus, MediaType
from pinakes.core.ids import derived_id
from pinakes.library.search_text import meaning_text, term_text
from pinakes.ports.embedder import SparseVector
from pinakes.ports.index import IndexFilter, IndexHit, IndexPoint

WHEN = datetime(2025, 3, 3, tzinfo=UTC)


class MemoryIndex:
    """VectorIndex for one tenant."""

    def __init__(self, points: Sequence[IndexPoint] = ()) -> None:
        self.points = list(points)
        self.dense = np.array([p.dense for p in points]) if points else np.zeros((0, 1))
        self.terms = [dict(zip(p.terms.indices, p.terms.values, strict=True)) for p in points]
        self.df: dict[int, int] = {}
        for held in self.terms:
            for term in held:
                self.df[term] = self.df.get(term, 0) + 1

    async def search_dense(self, tenant: str, vector, limit: int, where: IndexFilter) -> list[IndexHit]:
        return self._hits(self.dense @ np.array(vector), limit, where) if self.points else []

    async def search_terms(
        self, tenant: str, vector: SparseVector, limit: int, where: IndexFilter
    ) -> list[IndexHit]:
        n = len(self.points)
        idf = {
            t: math.log((n - self.df.get(t, 0) + 0.5) / (self.df.get(t, 0) + 0.5) + 1) for t in vector.indices
        }
        scores = np.array([sum(idf[t] * held[t] for t in idf if t in held) for held in self.terms])
        return [h for h in self._hits(scores, limit, where) if h.score > 0] if n else []

    async def count(self, tenant: str) -> int:
        return len(self.points)

    def _hits(self, scores, limit: int, where: IndexFilter) -> list[IndexHit]:
        order = [i for i in np.argsort(-scores) if _passes(self.points[i], where)]
        found = [(self.points[i], scores[i]) for i in order[:limit]]
        return [IndexHit(id=p.id, file_id=p.file_id, score=float(s)) for p, s in found]


class MemoryCatalog:
    """The calls of FileCatalog that searching makes."""

    def __init__(self, chunks: Sequence[Chunk], files: Sequence[FileRecord]) -> None:
        self.chunks = {c.id: c for c in chunks}
        self.files = {f.id: f for f in files}

    async def get_chunks(self, ids: Sequence[str]) -> list[Chunk]:
        return [self.chunks[i] for i in ids if i in self.chunks]

    async def get_files(self, ids: Sequence[str]) -> list[FileRecord]:
        return [self.files[i] for i in ids if i in self.files]

    async def list_files(
        self, where: FileFilter, *, limit: int = 50, offset: int = 0, order: str = ""
    ) -> FilePage:
        fitting = [f for f in self.files.values() if _fits(f, where)]
        return FilePage(items=tuple(fitting[offset : offset + limit]), total=len(fitting))

    async def matching_ids(self, where: FileFilter) -> list[str]:
        return [f.id for f in self.files.values() if _fits(f, where)]


def file_record(filename: str, *, media_type: MediaType = MediaType.DOCUMENT, **fields) -> FileRecord:
    known = {
        "id": derived_id(filename),
        "filename": filename,
        "media_type": media_type,
        "content_type": "text/plain",
        "size_bytes": 1,
        "sha256": "0" * 64,
        "status": FileStatus.COMPLETED,
        "created_at": WHEN,
        "updated_at": WHEN,
    }
    return FileRecord(**(known | fields))


def chunk(file: FileRecord, text: str, ordinal: int = 0, **fields) -> Chunk:
    return Chunk(id=derived_id(file.id, str(ordinal)), file_id=file.id, ordinal=ordinal, text=text, **fields)


async def point(chunk: Chunk, file: FileRecord, embedder, terms) -> IndexPoint:
    return (await points([(chunk, file)], embedder, terms))[0]


async def points(pairs, embedder, terms) -> list[IndexPoint]:
    vectors = await embedder.aembed_documents([meaning_text(c) for c, _ in pairs])
    sparse = terms.encode([term_text(c, f) for c, f in pairs])
    return [
        IndexPoint(id=c.id, file_id=f.id, media_type=str(f.media_type), dense=tuple(v), terms=s)
        for (c, f), v, s in zip(pairs, vectors, sparse, strict=True)
    ]


def _passes(p: IndexPoint, where: IndexFilter) -> bool:
    media = where.media_types is None or p.media_type in where.media_types
    return media and (where.file_ids is None or p.file_id in where.file_ids)


def _fits(file: FileRecord, where: FileFilter) -> bool:
    checks = [
        where.ids is None or file.id in where.ids,
        where.media_types is None or file.media_type in where.media_types,
        where.folder_path is None or file.folder_path.startswith(where.folder_path),
        where.name_contains is None or where.name_contains.casefold() in file.filename.casefold(),
    ]
    return all(checks)
