"""`client.agent_search`: what the search agents find, without a conversation."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath

from pinakes.client.checks import made, several
from pinakes.client.single_agents import SingleAgents, checked_limit, found
from pinakes.client.thumbnails import SHOWN, thumbnail_url
from pinakes.core.agent_results import (
    DocumentChunkResultItem,
    DocumentSearchAgentResult,
    ImageSearchAgentResult,
    ImageSearchResultItem,
    MatchedSceneItem,
    VideoSearchAgentResult,
    VideoSearchResultItem,
)
from pinakes.core.display import clock
from pinakes.core.evidence import Evidence
from pinakes.core.files import Chunk, FileRecord
from pinakes.core.options import TurnOptions


class AgentSearchResource(SingleAgents):
    """Searches by the agents that chats use, filters in the question included."""

    async def images(
        self,
        query: str,
        *,
        limit: int = 50,
        folder_id: str | None = None,
        image_ids: Sequence[str] | None = None,
    ) -> ImageSearchAgentResult:
        """Find pictures, in a folder or among some if given.

        Raises:
            ValidationError: The query has not 1 to 2,000 characters, or the limit is out of 1 to 500.
            ResourceNotFoundError: There is no such folder.
        """
        most = checked_limit(limit)
        options = made(
            TurnOptions,
            use_all_images=image_ids is None,
            image_ids=several("image_ids", image_ids or ()),
            folder_paths=await self._folders(folder_id),
        )
        result, fields = await self._run("image_search", query, options)
        best = _best_per_file(result.evidence, most)
        files = await self._files(best)
        items = [await self._picture(piece, files[piece.file_id], n) for n, piece in enumerate(best)]
        ids = [item.image_id for item in items]
        return ImageSearchAgentResult(results=items, **found("image", ids, query), **fields)

    async def documents(
        self,
        query: str,
        *,
        limit: int = 50,
        document_types: Sequence[str] | None = None,
        document_ids: Sequence[str] | None = None,
    ) -> DocumentSearchAgentResult:
        """Find passages, in documents of some types ("pdf", "docx") or among some if given. Raises as `images`."""
        most = checked_limit(limit)
        options = made(TurnOptions, document_ids=_ids("document_ids", document_ids))
        result, fields = await self._run("document_search", query, options)
        wanted = {kind.lower().lstrip(".") for kind in several("document_types", document_types or ())}
        passages = [piece for piece in result.evidence if piece.chunk_id and _is_of(piece.filename, wanted)][
            :most
        ]
        chunks = await self._chunks(passages)
        items = [
            _passage(piece, chunks[piece.chunk_id or ""]) for piece in passages if piece.chunk_id in chunks
        ]
        ids = list(dict.fromkeys(item.document_id for item in items))
        return DocumentSearchAgentResult(results=items, **found("document", ids, query), **fields)

    async def videos(
        self,
        query: str,
        *,
        limit: int = 50,
        folder_id: str | None = None,
        video_ids: Sequence[str] | None = None,
    ) -> VideoSearchAgentResult:
        """Find videos and the scenes in them, in a folder or among some if given. Raises as `images`."""
        most = checked_limit(limit)
        options = made(
            TurnOptions,
            video_ids=_ids("video_ids", video_ids),
            folder_paths=await self._folders(folder_id),
        )
        result, fields = await self._run("video_search", query, options)
        best = _best_per_file(result.evidence, most)
        chunks = await self._chunks(result.evidence)
        files = await self._files(best)
        items = [
            await self._video(files[piece.file_id], piece, _scenes(piece.file_id, result.evidence, chunks), n)
            for n, piece in enumerate(best)
        ]
        ids = [item.video_id for item in items]
        return VideoSearchAgentResult(results=items, **found("video", ids, query), **fields)

    async def _files(self, pieces: Iterable[Evidence]) -> dict[str, FileRecord]:
        records = await self._library.catalog.get_files([piece.file_id for piece in pieces])
        return {record.id: record for record in records}

    async def _chunks(self, pieces: Iterable[Evidence]) -> dict[str, Chunk]:
        ids = [piece.chunk_id for piece in pieces if piece.chunk_id]
        return {chunk.id: chunk for chunk in await self._library.catalog.get_chunks(ids)}

    async def _picture(self, piece: Evidence, file: FileRecord, place: int) -> ImageSearchResultItem:
        shown = await thumbnail_url(self._library.thumbnail(file.id)) if place < SHOWN else None
        return ImageSearchResultItem(
            image_id=file.id,
            score=piece.score,
            filename=file.filename,
            title=file.title,
            description=piece.why or None,
            folder_id=file.folder_id,
            thumbnail_url=shown,
        )

    async def _video(
        self, file: FileRecord, piece: Evidence, scenes: list[MatchedSceneItem], place: int
    ) -> VideoSearchResultItem:
        known = file.video
        return VideoSearchResultItem(
            video_id=file.id,
            video_filename=file.filename,
            score=piece.score,
            video_description=piece.why,
            duration_seconds=known.duration_s if known else None,
            resolution=f"{known.width}x{known.height}" if known else None,
            thumbnail_url=await thumbnail_url(self._library.thumbnail(file.id)) if place < SHOWN else None,
            matched_scenes=scenes or None,
        )


def _best_per_file(evidence: Iterable[Evidence], most: int) -> list[Evidence]:
    first: dict[str, Evidence] = {}
    for piece in evidence:
        first.setdefault(piece.file_id, piece)
    return list(first.values())[:most]


def _is_of(filename: str, wanted: set[str]) -> bool:
    return not wanted or PurePosixPath(filename).suffix.lower().lstrip(".") in wanted


def _passage(piece: Evidence, chunk: Chunk) -> DocumentChunkResultItem:
    pages: list[int] | None = None
    if chunk.page_start is not None:
        pages = list(range(chunk.page_start, (chunk.page_end or chunk.page_start) + 1))
    return DocumentChunkResultItem(
        chunk_id=chunk.id,
        document_id=piece.file_id,
        document_filename=piece.filename,
        text=chunk.text,
        score=piece.score,
        page_numbers=pages,
        chunk_index=chunk.ordinal,
    )


def _scenes(file_id: str, evidence: Iterable[Evidence], chunks: dict[str, Chunk]) -> list[MatchedSceneItem]:
    scenes = [piece for piece in evidence if piece.file_id == file_id and piece.locator.start_s is not None]
    return [_scene(piece, chunks.get(piece.chunk_id or ""), n) for n, piece in enumerate(scenes)]


def _scene(piece: Evidence, chunk: Chunk | None, place: int) -> MatchedSceneItem:
    start = piece.locator.start_s or 0.0
    end = piece.locator.end_s if piece.locator.end_s is not None else start
    return MatchedSceneItem(
        scene_id=piece.chunk_id or piece.id,
        scene_index=chunk.ordinal if chunk else place,
        start_time=start,
        end_time=end,
        time_range_formatted=f"{clock(start)}–{clock(end)}",
        description=piece.quote or piece.why,
        score=piece.score,
    )


def _ids(name: str, ids: Sequence[str] | None) -> tuple[str, ...]:
    """Return a selection; an empty list selects nothing, while no list selects everything."""
    return () if ids is None else several(name, ids) or ("none",)
