"""Bytes in a folder, named by their SHA-256: `ab/cd/abcd…`, written beside and renamed, so never half there."""

from __future__ import annotations

import asyncio
import hashlib
import os
import re
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO

from pinakes.core.errors import LibraryError, PathError, ResourceNotFoundError

_PART = 1 << 20
_LEFT_OVER_SECONDS = 24 * 3600
_SHA256 = re.compile(r"[0-9a-f]{64}")


class DiskBlobs:
    """Content-addressed storage on disk; implements `pinakes.ports.blobs.BlobStore`.

    Args:
        folder: Where; made when first written to. What a killed process left in its `incoming` is swept a day later.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._incoming = folder / "incoming"
        self._sweep()

    async def put(self, content: bytes) -> str:
        """Store bytes and return their SHA-256 in hex. Raises LibraryError."""
        return (await asyncio.to_thread(self._write, (content,)))[0]

    async def put_file(self, path: Path) -> tuple[str, int]:
        """Stream a file in and return its SHA-256 in hex and its size. Raises PathError, LibraryError."""
        return await asyncio.to_thread(self._write, _read(path))

    async def get(self, sha256: str) -> bytes:
        """Return a blob. Raises ResourceNotFoundError."""
        return await asyncio.to_thread((await self.local_path(sha256)).read_bytes)

    async def local_path(self, sha256: str) -> Path:
        """Return where the blob can be read. Raises ResourceNotFoundError."""
        path = self._path(sha256)
        if not await asyncio.to_thread(path.is_file):
            raise ResourceNotFoundError("The library has no such blob.", sha256=sha256)
        return path

    async def exists(self, sha256: str) -> bool:
        """Return whether the blob is there."""
        return _SHA256.fullmatch(sha256) is not None and await asyncio.to_thread(self._path(sha256).is_file)

    async def delete(self, sha256: str) -> None:
        """Remove a blob; a missing one is no error."""
        if _SHA256.fullmatch(sha256):
            await asyncio.to_thread(self._path(sha256).unlink, missing_ok=True)

    def _sweep(self) -> None:
        for leftover in self._incoming.glob("*.part"):
            with suppress(OSError):
                if time.time() - leftover.stat().st_mtime > _LEFT_OVER_SECONDS:
                    leftover.unlink()

    def _path(self, sha256: str) -> Path:
        if not _SHA256.fullmatch(sha256):
            raise ResourceNotFoundError("A blob is named by 64 hex digits.", sha256=sha256)
        return self._folder / sha256[:2] / sha256[2:4] / sha256

    def _write(self, parts: Iterable[bytes]) -> tuple[str, int]:
        """Write beside, then rename: a reader sees the whole blob or none, also after a crash."""
        try:
            self._incoming.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=self._incoming, suffix=".part", delete=False) as incoming:
                part = Path(incoming.name)
                try:
                    sha256, size = _pour(parts, incoming)
                    self._keep(part, sha256)
                finally:
                    part.unlink(missing_ok=True)
        except OSError as error:
            raise LibraryError(
                f"The library folder cannot be written ({error.strerror}): check its rights and the disk's space.",
                folder=str(self._folder),
            ) from error
        return sha256, size

    def _keep(self, part: Path, sha256: str) -> None:
        path = self._path(sha256)
        if path.is_file():
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        part.replace(path)
        _sync_folder(path.parent)


def _pour(parts: Iterable[bytes], target: IO[bytes]) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    for part in parts:
        digest.update(part)
        size += target.write(part)
    target.flush()
    os.fsync(target.fileno())
    return digest.hexdigest(), size


def _read(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as source:
            while part := source.read(_PART):
                yield part
    except OSError as error:
        raise PathError(
            f"{path.name} cannot be read ({error.strerror}): check that it is a file and its rights.",
            path=str(path),
        ) from error


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":  # folders cannot be opened there
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
