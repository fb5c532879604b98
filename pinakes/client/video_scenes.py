"""`client.video_scenes`: the scenes of videos and their pictures. Names follow the hosted SDK."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

from pinakes.client.thumbnails import SHOWN, data_url
from pinakes.client.video_results import video
from pinakes.core.display import clock
from pinakes.core.errors import CorruptFileError, ResourceNotFoundError
from pinakes.core.files import DESCRIBED_FROM, Chunk, FileRecord, FileStatus
from pinakes.core.ids import derived_id
from pinakes.core.videos import VideoScene, VideoSceneList
from pinakes.library.library import Library

THUMBNAIL_SIDE = 512
_SCENE = "scene"
_NEAR = 0.01  # seconds


class VideoScenesResource:
    """Scenes of the videos of one library."""

    def __init__(self, library: Library) -> None:
        self._library = library

    async def list(self, video_id: str) -> VideoSceneList:
        """Return a video's scenes in their order, the first twelve with their pictures; none before it is read.

        A scene's id is that of its first chunk, as searches give it.

        Raises ResourceNotFoundError.
        """
        record = await video(self._library, video_id)
        facts = record.video.scenes if record.video else ()
        chunks = await self._chunks(record)
        path = await self._library.blobs.local_path(record.sha256) if facts else Path()
        scenes = []
        for number, fact in enumerate(facts):
            picture = await _picture(path, fact.key_s) if number < SHOWN else None
            scenes.append(_scene(record, number, chunks, data_url(picture) if picture else None))
        return VideoSceneList(scenes=tuple(scenes), count=len(scenes), video_id=video_id)

    async def get_thumbnail(self, scene_id: str) -> bytes:
        """Return the key frame of a scene as JPEG, of at most 512 pixels. Raises ResourceNotFoundError."""
        record, number = await self._find(scene_id)
        assert record.video is not None
        path = await self._library.blobs.local_path(record.sha256)
        picture = await _picture(path, record.video.scenes[number].key_s)
        if picture is None:
            raise ResourceNotFoundError("This scene's frames are damaged.", scene_id=scene_id)
        return picture

    async def _find(self, scene_id: str) -> tuple[FileRecord, int]:
        """Return the video that a scene's id, or the id of any chunk of it, belongs to, and its number."""
        for chunk in await self._library.catalog.get_chunks([scene_id]):
            record = await self._library.catalog.get_file(chunk.file_id)
            scenes = record.video.scenes if record.video else ()
            for number, fact in enumerate(scenes):
                if chunk.kind == _SCENE and abs(_start(chunk) - fact.start_s) < _NEAR:
                    return record, number
        raise ResourceNotFoundError("There is no scene with this id.", scene_id=scene_id)

    async def _chunks(self, record: FileRecord) -> Sequence[Chunk]:
        if record.status is not FileStatus.COMPLETED:
            return ()
        found = await self._library.catalog.file_chunks(record.id)
        return [chunk for chunk in found if chunk.kind == _SCENE and chunk.ordinal < DESCRIBED_FROM]


def _scene(record: FileRecord, number: int, chunks: Sequence[Chunk], thumbnail: str | None) -> VideoScene:
    assert record.video is not None
    fact = record.video.scenes[number]
    own = next((chunk for chunk in chunks if abs(_start(chunk) - fact.start_s) < _NEAR), None)
    return VideoScene(
        scene_id=own.id if own else derived_id(record.id, _SCENE, str(number)),
        scene_index=number,
        start_time=fact.start_s,
        end_time=fact.end_s,
        time_range_formatted=f"{clock(fact.start_s)}–{clock(fact.end_s)}",
        description=own.text.partition("\n")[0] if own else None,
        tags=tuple(dict.fromkeys(colour.name for colour in fact.colours)),
        visible_text=fact.visible_text or None,
        embedding_status="completed" if own else None,
        thumbnail_url=thumbnail,
        created_at=record.updated_at,
        speech=fact.speech or None,
        key_time=fact.key_s,
    )


def _start(chunk: Chunk) -> float:
    start = chunk.spans[0].locator.start_s if chunk.spans else None
    return start if start is not None else -1.0


async def _picture(path: Path, second: float) -> bytes | None:
    return await asyncio.to_thread(_drawn, path, second)


def _drawn(path: Path, second: float) -> bytes | None:
    from pinakes.ingestion.videos.container import picture_at  # PyAV and Pillow: only when frames are shown

    try:
        picture = picture_at(path, second)[1]
    except CorruptFileError:
        return None
    picture.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
    buffer = BytesIO()
    picture.save(buffer, "JPEG", quality=82, optimize=True)
    return buffer.getvalue()
