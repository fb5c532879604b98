"""Image vectors of a tenant's pictures, in a collection of their own beside that of the chunks.

They are made of the thumbnails, which a reader process has decoded, turned upright and scaled to 512 pixels: more than
models look at. What has its vector already keeps it, so that moves, tags and titles cost none.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pinakes.core.errors import ResourceNotFoundError
from pinakes.core.failpoints import reach
from pinakes.core.files import FileFilter, FileRecord, FileStatus, MediaType
from pinakes.core.ids import derived_id
from pinakes.library.filling import Filler
from pinakes.ports.blobs import BlobStore
from pinakes.ports.embedder import SparseVector
from pinakes.ports.image_embedder import ImageEmbedder
from pinakes.ports.index import IndexFilter, IndexPoint, VectorIndex

_FORMAT = 1  # raise when other pixels are embedded
_BATCH = 8  # thumbnails in memory at once
_NO_TERMS = SparseVector(indices=(), values=())


@dataclass(frozen=True)
class PictureVectors:
    """What makes vectors of pictures, and the collection that holds them."""

    embedder: ImageEmbedder
    index: VectorIndex


@dataclass(frozen=True)
class PictureIndexer(Filler):
    """Keeps one vector of every picture in their collection; who follows the outbox tells it what changed."""

    blobs: BlobStore
    embedder: ImageEmbedder

    @property
    def model(self) -> str:
        """The image embedder's name."""
        return self.embedder.name

    @property
    def local(self) -> bool:
        """Whether embedding costs nothing but time."""
        return bool(getattr(self.embedder, "local", False))

    @property
    def made_by(self) -> str:
        """Image embedder and format."""
        parts = {"images": self.embedder.name, "dimensions": self.embedder.dimensions, "format": _FORMAT}
        return json.dumps(parts, sort_keys=True)

    def weight(self, file: FileRecord) -> int:
        """Return 1 for a picture, 0 for anything else."""
        return int(_is_picture(file))

    async def total(self) -> int:
        """Return how many pictures there are."""
        pictures = FileFilter(media_types=(MediaType.IMAGE,), status=FileStatus.COMPLETED)
        return (await self.catalog.list_files(pictures, limit=1)).total

    async def take_in(self, file_ids: Sequence[str], on_progress: Callable[[int], None] | None) -> list[str]:
        """Make the collection hold the vectors of these pictures, and return those that cannot be looked at."""
        files = [file for file in await self.catalog.get_files(file_ids) if _is_picture(file)]
        wanted = {point: file for file in files if (point := _point_id(file))}
        there = await self._there(file_ids)
        kept = {file_id for point, file_id in there.items() if point in wanted}
        gone = [file_id for file_id in file_ids if file_id not in kept]
        await self.index.delete_files(self.tenant, gone)
        blind = [file.id for file in files if _point_id(file) is None]
        missing = [file for point, file in wanted.items() if point not in there]
        for start in range(0, len(missing), _BATCH):
            blind += await self._look(missing[start : start + _BATCH])
            reach("reindex.pictures")
            if on_progress is not None:
                on_progress(len(missing[start : start + _BATCH]))
        if on_progress is not None and len(files) > len(missing):
            on_progress(len(files) - len(missing))
        return blind

    async def _there(self, file_ids: Sequence[str]) -> dict[str, str]:
        """Return the points that these files have, and whose each is."""
        anywhere = [1.0, *[0.0] * (self.embedder.dimensions - 1)]
        where = IndexFilter(file_ids=tuple(file_ids))
        hits = await self.index.search_dense(self.tenant, anywhere, 2 * len(file_ids), where)
        return {hit.id: hit.file_id for hit in hits}

    async def _look(self, files: Sequence[FileRecord]) -> list[str]:
        """Put the vectors of pictures into the collection and return the ids of those that have none."""
        thumbnails = await asyncio.gather(*(self._thumbnail(file) for file in files))
        vectors = await self.embedder.aembed_pictures(thumbnails)
        points = [
            IndexPoint(
                id=_point_id(file) or file.id,
                file_id=file.id,
                media_type=str(file.media_type),
                dense=tuple(vector),
                terms=_NO_TERMS,
            )
            for file, vector in zip(files, vectors, strict=True)
            if vector is not None
        ]
        await self.index.upsert(self.tenant, points)
        return [file.id for file, vector in zip(files, vectors, strict=True) if vector is None]

    async def _thumbnail(self, file: FileRecord) -> bytes:
        try:
            return await self.blobs.get(file.thumbnail_sha256 or "")
        except ResourceNotFoundError:  # swept meanwhile, or lost: no picture
            return b""


def _is_picture(file: FileRecord) -> bool:
    return file.media_type is MediaType.IMAGE and file.status is FileStatus.COMPLETED


def _point_id(file: FileRecord) -> str | None:
    """Return the id of a picture's point, which another content would not have."""
    return derived_id(file.id, file.thumbnail_sha256) if file.thumbnail_sha256 else None
