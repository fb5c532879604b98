"""Bytes, addressed by their SHA-256."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol, runtime_checkable


@runtime_checkable
class BlobStore(Protocol):
    """Content-addressed storage; writing the same bytes twice is one blob."""

    async def put(self, content: bytes) -> str:
        """Store bytes and return their SHA-256 in hex."""
        ...

    async def put_file(self, path: Path) -> tuple[str, int]:
        """Stream a file in and return its SHA-256 in hex and its size in bytes."""
        ...

    async def get(self, sha256: str) -> bytes:
        """Return a blob. Raises ResourceNotFoundError."""
        ...

    async def local_path(self, sha256: str) -> Path:
        """Return a path on this machine where the blob can be read. Raises ResourceNotFoundError."""
        ...

    async def exists(self, sha256: str) -> bool:
        """Return whether the blob is there."""
        ...

    async def delete(self, sha256: str) -> None:
        """Remove a blob; a missing one is no error."""
        ...
