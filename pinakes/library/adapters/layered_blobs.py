"""Two stores seen as one: everything is read from where it is, and written to the first."""

from __future__ import annotations

from pathlib import Path

from pinakes.ports.blobs import BlobStore


class LayeredBlobs:
    """Implements `pinakes.ports.blobs.BlobStore` over two others.

    Args:
        first: Written to, and asked first.
        second: Read from where the first has no such blob; deleting deletes from both.
    """

    def __init__(self, first: BlobStore, second: BlobStore) -> None:
        self._first = first
        self._second = second

    async def put(self, content: bytes) -> str:
        """Store bytes in the first store and return their SHA-256 in hex."""
        return await self._first.put(content)

    async def put_file(self, path: Path) -> tuple[str, int]:
        """Stream a file into the first store and return its SHA-256 in hex and its size."""
        return await self._first.put_file(path)

    async def get(self, sha256: str) -> bytes:
        """Return a blob. Raises ResourceNotFoundError."""
        return await (await self._holder(sha256)).get(sha256)

    async def local_path(self, sha256: str) -> Path:
        """Return where the blob can be read. Raises ResourceNotFoundError."""
        return await (await self._holder(sha256)).local_path(sha256)

    async def exists(self, sha256: str) -> bool:
        """Return whether either store has the blob."""
        return await self._first.exists(sha256) or await self._second.exists(sha256)

    async def delete(self, sha256: str) -> None:
        """Remove a blob from both; a missing one is no error."""
        await self._first.delete(sha256)
        await self._second.delete(sha256)

    async def _holder(self, sha256: str) -> BlobStore:
        return self._first if await self._first.exists(sha256) else self._second
