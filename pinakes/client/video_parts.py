"""Uploads of videos in parts, in a folder of the library: nothing of them is in memory, so that all outlives a restart.

Each upload has a folder named by its media id, with `upload.json` and the parts that came; when it has become a file,
only `upload.json` stays, until it expires.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self

from pydantic import Field

from pinakes.core.batches import MAX_OPEN_BATCHES
from pinakes.core.errors import BatchLimitError, ResourceNotFoundError, VideoUploadError
from pinakes.core.ids import new_id
from pinakes.core.value import Value
from pinakes.core.videos import VideoChunkInfo, VideoUploadSession, VideoUploadStatus

CHUNK_BYTES = 16 << 20
MAX_RETRIES = 10
_VALID_FOR = timedelta(days=1)
_ID = re.compile(r"[0-9a-f-]{36}")
_COPY_BYTES = 1 << 20


class VideoUpload(Value):
    """What is known of an upload.

    Attributes:
        done: The parts that were confirmed.
        retries: How often a part was asked for again.
        file_id: Once it is in the library.
    """

    media_id: str
    upload_id: str
    filename: str
    content_type: str
    size_bytes: int
    chunk_bytes: int = CHUNK_BYTES
    title: str | None = None
    tags: tuple[str, ...] = ()
    metadata: dict[str, Any] = Field(default_factory=dict)
    created_at: datetime
    expires_at: datetime
    status: VideoUploadStatus = VideoUploadStatus.UPLOADING
    done: tuple[int, ...] = ()
    retries: dict[int, int] = Field(default_factory=dict)
    file_id: str | None = None

    @property
    def total(self) -> int:
        """How many parts it has."""
        return -(-self.size_bytes // self.chunk_bytes)

    @property
    def missing(self) -> tuple[int, ...]:
        """The parts that have yet to come."""
        return tuple(n for n in range(1, self.total + 1) if n not in self.done)

    @property
    def bytes_done(self) -> int:
        """How many bytes of it have come."""
        return sum(self.size_of(number) for number in self.done)

    def size_of(self, number: int) -> int:
        """Return how many bytes a part has. Raises VideoUploadError where there is none of that number."""
        if not 1 <= number <= self.total:
            raise VideoUploadError(
                f"This upload has the parts 1 to {self.total}.", media_id=self.media_id, chunk_number=number
            )
        return min(self.chunk_bytes, self.size_bytes - (number - 1) * self.chunk_bytes)

    def with_(self, **changes: Any) -> Self:
        """Return it changed."""
        return self.model_copy(update=changes)


class VideoParts:
    """The uploads of one library; what is called here reads and writes files, in a thread of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def begin(
        self,
        filename: str,
        content_type: str,
        size_bytes: int,
        *,
        title: str | None,
        tags: tuple[str, ...],
        metadata: dict[str, Any],
    ) -> VideoUpload:
        """Return a new upload. Raises BatchLimitError where 200 are unfinished."""
        self._sweep()
        if sum(1 for known in self._all() if known.status is VideoUploadStatus.UPLOADING) >= MAX_OPEN_BATCHES:
            raise BatchLimitError(
                f"{MAX_OPEN_BATCHES} uploads of videos are unfinished: complete or abort one of them.",
                limit=MAX_OPEN_BATCHES,
            )
        now = datetime.now(UTC)
        upload = VideoUpload(
            media_id=new_id(),
            upload_id=new_id(),
            filename=filename,
            content_type=content_type,
            size_bytes=size_bytes,
            chunk_bytes=CHUNK_BYTES,
            title=title,
            tags=tags,
            metadata=metadata,
            created_at=now,
            expires_at=now + _VALID_FOR,
        )
        self._place(upload.media_id).mkdir(parents=True, exist_ok=True)
        self.write(upload)
        return upload

    def find(self, media_id: str) -> VideoUpload:
        """Return an upload. Raises ResourceNotFoundError."""
        found = self._read(self._place(media_id) / "upload.json") if _ID.fullmatch(media_id) else None
        if found is None:
            raise ResourceNotFoundError("There is no upload of a video with this id.", media_id=media_id)
        return found

    def open(self, media_id: str, upload_id: str) -> VideoUpload:
        """Return an upload that still takes parts. Raises ResourceNotFoundError, VideoUploadError."""
        upload = self.find(media_id)
        if upload.upload_id != upload_id:
            raise ResourceNotFoundError("This upload has another upload_id.", media_id=media_id)
        if upload.status is not VideoUploadStatus.UPLOADING:
            raise VideoUploadError(f"This upload is {upload.status}: begin another one.", media_id=media_id)
        if datetime.now(UTC) >= upload.expires_at:
            raise VideoUploadError("This upload has expired: begin another one.", media_id=media_id)
        return upload

    def session(self, upload: VideoUpload) -> VideoUploadSession:
        """Return an upload as callers see it, with a place for every part."""
        return VideoUploadSession(
            media_id=upload.media_id,
            upload_id=upload.upload_id,
            chunks=tuple(
                VideoChunkInfo(
                    chunk_number=number,
                    size_bytes=upload.size_of(number),
                    upload_url=self.part(upload, number).as_uri(),
                    expires_at=upload.expires_at,
                )
                for number in range(1, upload.total + 1)
            ),
            total_chunks=upload.total,
            chunk_size_bytes=upload.chunk_bytes,
            expires_at=upload.expires_at,
            storage_path=str(self._place(upload.media_id)),
        )

    def part(self, upload: VideoUpload, number: int) -> Path:
        """Return where a part is to be written. Raises VideoUploadError."""
        upload.size_of(number)
        return self._place(upload.media_id) / f"part-{number:05}"

    def put(self, upload: VideoUpload, number: int, content: bytes) -> str:
        """Write a part and return its etag. Raises VideoUploadError."""
        if len(content) != upload.size_of(number):
            raise VideoUploadError(
                f"Part {number} has {upload.size_of(number):,} bytes, not {len(content):,}.",
                media_id=upload.media_id,
                chunk_number=number,
            )
        _replace(self.part(upload, number), content)
        return _etag(content)

    def confirm(self, media_id: str, upload_id: str, number: int, etag: str, size_bytes: int) -> VideoUpload:
        """Note that a part has come whole. Raises ResourceNotFoundError, VideoUploadError."""
        upload = self.open(media_id, upload_id)
        self._check(upload, number, etag, size_bytes)
        upload = upload.with_(done=tuple(sorted({*upload.done, number})))
        self.write(upload)
        return upload

    def again(self, media_id: str, upload_id: str, number: int) -> VideoUpload:
        """Note that a part is to be written once more. Raises ResourceNotFoundError, VideoUploadError."""
        upload = self.open(media_id, upload_id)
        path, tried = self.part(upload, number), upload.retries.get(number, 0) + 1
        if tried > MAX_RETRIES:
            raise VideoUploadError(
                f"Part {number} was tried {MAX_RETRIES} times: abort this upload and begin another one.",
                media_id=media_id,
                chunk_number=number,
            )
        path.unlink(missing_ok=True)
        done = tuple(n for n in upload.done if n != number)
        upload = upload.with_(done=done, retries={**upload.retries, number: tried})
        self.write(upload)
        return upload

    def whole(self, upload: VideoUpload) -> Path:
        """Return the path of all parts put together. Raises VideoUploadError where some are missing."""
        if upload.missing:
            raise VideoUploadError(
                f"{len(upload.missing)} of {upload.total} parts are missing: write and confirm them first.",
                media_id=upload.media_id,
                missing_chunks=list(upload.missing[:100]),
            )
        if upload.total == 1:
            return self.part(upload, 1)
        target = self._place(upload.media_id) / "whole"
        with target.open("wb") as together:
            for number in range(1, upload.total + 1):
                with self.part(upload, number).open("rb") as part:
                    shutil.copyfileobj(part, together, _COPY_BYTES)
        return target

    def end(self, upload: VideoUpload) -> int:
        """Keep only what is known of an upload, and return how many parts were removed."""
        parts = list(self._place(upload.media_id).glob("part-*"))
        for path in (*parts, self._place(upload.media_id) / "whole"):
            path.unlink(missing_ok=True)
        self.write(upload)
        return len(parts)

    def write(self, upload: VideoUpload) -> None:
        """Keep what is known of an upload, whole or not at all."""
        _replace(self._place(upload.media_id) / "upload.json", upload.model_dump_json().encode())

    def _check(self, upload: VideoUpload, number: int, etag: str, size_bytes: int) -> None:
        path = self.part(upload, number)
        written = path.stat().st_size if path.is_file() else 0
        if written != upload.size_of(number) or size_bytes != written:
            raise VideoUploadError(
                f"Part {number} has {upload.size_of(number):,} bytes, and {written:,} were written: write it again.",
                media_id=upload.media_id,
                chunk_number=number,
            )
        if etag.strip(' "').lower() not in _digests(path):
            raise VideoUploadError(
                f"Part {number} is not what its etag says, an MD5 or SHA-256 in hex: write it again.",
                media_id=upload.media_id,
                chunk_number=number,
            )

    def _place(self, media_id: str) -> Path:
        return self._folder / media_id

    def _all(self) -> Iterator[VideoUpload]:
        yield from filter(None, map(self._read, self._folder.glob("*/upload.json")))

    def _read(self, path: Path) -> VideoUpload | None:
        try:
            return VideoUpload.model_validate_json(path.read_bytes())
        except (OSError, ValueError):  # gone meanwhile, or no upload of ours
            return None

    def _sweep(self) -> None:
        """Forget uploads that expired long ago."""
        now = datetime.now(UTC)
        for upload in self._all():
            if now >= upload.expires_at + _VALID_FOR:
                shutil.rmtree(self._place(upload.media_id), ignore_errors=True)


def _etag(content: bytes) -> str:
    return hashlib.md5(content, usedforsecurity=False).hexdigest()


def _digests(path: Path) -> tuple[str, str]:
    with path.open("rb") as part:
        quick = hashlib.file_digest(part, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()
        part.seek(0)
        return quick, hashlib.file_digest(part, "sha256").hexdigest()


def _replace(path: Path, content: bytes) -> None:
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as part:
        part.write(content)
    os.replace(part.name, path)  # noqa: PTH105 - whole or not at all
