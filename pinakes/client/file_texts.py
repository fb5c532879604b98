"""The words of files: whole, in pieces, and passages found."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from pinakes.client.checks import made, media_kinds, several, spoken, within
from pinakes.core.documents import DocumentChunk, DocumentSearchResponse, DocumentSearchResult
from pinakes.core.files import Chunk, ChunkHit, FileFilter, FileRecord
from pinakes.library.library import Library

_UNDER_HEADS = frozenset({"Header", "Footer"})


async def text_of(library: Library, record: FileRecord) -> str:
    """Return a file's text in reading order, without running heads; of pictures and videos what is seen and said."""
    elements = await library.catalog.page_elements(record.id)
    body = [element.text for element in elements if element.type not in _UNDER_HEADS]
    if body:
        return "\n\n".join(text for text in body if text.strip())
    chunks = await library.catalog.file_chunks(record.id)
    return "\n\n".join(chunk.text for chunk in chunks if chunk.kind != "facts" and chunk.text.strip())


async def chunks_of(library: Library, record: FileRecord, *, embeddings: bool) -> list[DocumentChunk]:
    """Return a file's pieces in order, with the vectors they are found by if asked for."""
    from pinakes.library.search_text import meaning_text

    chunks = await library.catalog.file_chunks(record.id)
    vectors: list[list[float] | None] = [None] * len(chunks)
    if embeddings and chunks:
        vectors = list(
            await library.index_embedder.aembed_documents([meaning_text(chunk) for chunk in chunks])
        )
    return [_piece(chunk, vector) for chunk, vector in zip(chunks, vectors, strict=True)]


async def passages(
    library: Library,
    query: str,
    *,
    limit: int,
    threshold: float,
    ids: Sequence[str] | None,
    media_types: Sequence[str] | None,
) -> DocumentSearchResponse:
    """Return the passages that fit a query, best first. Raises ValidationError."""
    spoken(query)
    within("limit", limit, 1, 500)
    within("similarity_threshold", threshold, 0, 1)
    started = time.perf_counter()
    chosen = several("document_ids", ids) if ids is not None else None
    where = made(FileFilter, ids=chosen, media_types=media_kinds(media_types))
    hits = await library.search(query, limit=limit, where=where)
    # A score is how likely a passage answers; a likeness of meaning is what thresholds are commonly set for.
    hits = [hit for hit in hits if max(hit.score, hit.dense) >= threshold]
    return DocumentSearchResponse(
        results=tuple(map(_found, hits)),
        total_count=len(hits),
        search_time_ms=round((time.perf_counter() - started) * 1000),
        query=query,
    )


def chunk_dict(chunk: DocumentChunk, embeddings: bool) -> dict[str, Any]:
    """Return a piece as a dict, without the vector where it was not asked for."""
    return chunk.model_dump(mode="json", exclude=None if embeddings else {"embedding"})


def _piece(chunk: Chunk, vector: list[float] | None) -> DocumentChunk:
    return DocumentChunk(
        id=chunk.id,
        document_id=chunk.file_id,
        content=chunk.text,
        chunk_index=chunk.ordinal,
        page_numbers=_pages(chunk),
        token_count=max(1, round(len(chunk.text) / 4)),  # as models count in most languages
        embedding=tuple(vector) if vector is not None else None,
    )


def _found(hit: ChunkHit) -> DocumentSearchResult:
    return DocumentSearchResult(
        chunk_id=hit.chunk.id,
        document_id=hit.file.id,
        document_filename=hit.file.filename,
        content=hit.chunk.text,
        score=hit.score,
        similarity=round(hit.dense, 4),
        page_numbers=_pages(hit.chunk),
        chunk_index=hit.chunk.ordinal,
        media_type=hit.file.media_type.value,
        matched_terms=hit.matched_terms,
    )


def _pages(chunk: Chunk) -> tuple[int, ...] | None:
    first = chunk.page_start
    return tuple(range(first, (chunk.page_end or first) + 1)) if first else None
