"""What every blob store must do.

Subclass the suite in a test module and give it a fixture `blobs`, an empty `BlobStore`::

    class TestMyBlobs(ConformBlobs):
        @pytest.fixture
        async def blobs(self, tmp_path):
            return MyBlobs(tmp_path / "blobs")

pytest (with `asyncio_mode = "auto"`) runs the inherited tests; `tmp_path` is its own fixture.
"""

from __future__ import annotations

import asyncio
import hashlib
from pathlib import Path

from pinakes.core.errors import PathError, ResourceNotFoundError
from pinakes.ports.blobs import BlobStore
from pinakes.testing.refusal import refused

_UNKNOWN = hashlib.sha256(b"never stored").hexdigest()


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


class ConformBlobs:
    """The suite; `blobs` is the adapter's fixture."""

    async def test_put_and_get(self, blobs: BlobStore) -> None:
        """What was put comes back under its SHA-256, also nothing at all."""
        for content in (b"hello", b"", bytes(range(256)) * 5000):
            sha256 = await blobs.put(content)
            assert sha256 == _sha256(content)
            assert await blobs.exists(sha256)
            assert await blobs.get(sha256) == content

    async def test_put_file(self, blobs: BlobStore, tmp_path: Path) -> None:
        """A file is streamed in, and stays where it is."""
        source = tmp_path / "source.bin"
        content = b"0123456789" * 300_000
        source.write_bytes(content)
        assert await blobs.put_file(source) == (_sha256(content), len(content))
        assert await blobs.get(_sha256(content)) == content
        assert source.read_bytes() == content

    async def test_local_path(self, blobs: BlobStore) -> None:
        """A blob can be read as a file."""
        sha256 = await blobs.put(b"readable")
        assert (await blobs.local_path(sha256)).read_bytes() == b"readable"

    async def test_same_content_is_one_blob(self, blobs: BlobStore) -> None:
        """Writing twice is no error; deleting once removes it."""
        assert await blobs.put(b"twice") == await blobs.put(b"twice")
        await blobs.delete(_sha256(b"twice"))
        assert not await blobs.exists(_sha256(b"twice"))

    async def test_missing(self, blobs: BlobStore) -> None:
        """A missing blob raises ResourceNotFoundError; deleting it is no error."""
        assert not await blobs.exists(_UNKNOWN)
        await blobs.delete(_UNKNOWN)
        for call in (blobs.get, blobs.local_path):
            await refused(call(_UNKNOWN), ResourceNotFoundError)

    async def test_names_are_no_paths(self, blobs: BlobStore) -> None:
        """Nothing but a SHA-256 names a blob."""
        for name in ("", "../../etc/passwd", "A" * 64, "a" * 63):
            assert not await blobs.exists(name)
            await blobs.delete(name)
            await refused(blobs.get(name), ResourceNotFoundError)

    async def test_unreadable_file(self, blobs: BlobStore, tmp_path: Path) -> None:
        """A missing file and a folder raise PathError."""
        for path in (tmp_path / "missing", tmp_path):
            await refused(blobs.put_file(path), PathError)

    async def test_many_at_once(self, blobs: BlobStore) -> None:
        """Concurrent writers, of the same content too, do not disturb each other."""
        contents = [str(n % 10).encode() * 1000 for n in range(60)]
        names = await asyncio.gather(*(blobs.put(content) for content in contents))
        assert names == [_sha256(content) for content in contents]
        for content in contents:
            assert await blobs.get(_sha256(content)) == content
