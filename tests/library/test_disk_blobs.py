from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from pinakes.core.errors import LibraryError
from pinakes.library.adapters import disk_blobs
from pinakes.library.adapters.disk_blobs import DiskBlobs
from pinakes.library.adapters.layered_blobs import LayeredBlobs
from pinakes.testing.conform_blobs import ConformBlobs


class TestDiskBlobs(ConformBlobs):
    @pytest.fixture
    def blobs(self, tmp_path: Path) -> DiskBlobs:
        return DiskBlobs(tmp_path / "blobs")


class TestLayeredBlobs(ConformBlobs):
    @pytest.fixture
    def blobs(self, tmp_path: Path) -> LayeredBlobs:
        return LayeredBlobs(DiskBlobs(tmp_path / "first"), DiskBlobs(tmp_path / "second"))


async def test_a_failed_write_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    blobs = DiskBlobs(tmp_path / "blobs")
    monkeypatch.setattr(disk_blobs.os, "fsync", full)
    with pytest.raises(LibraryError, match="No space left"):
        await blobs.put(b"content")
    assert _files(tmp_path) == []


async def test_fan_out_and_nothing_beside(tmp_path: Path) -> None:
    blobs = DiskBlobs(tmp_path)
    sha256 = await blobs.put(b"content")
    assert _files(tmp_path) == [Path(sha256[:2], sha256[2:4], sha256)]


def _files(folder: Path) -> list[Path]:
    return [path.relative_to(folder) for path in folder.rglob("*") if path.is_file()]


async def test_sweeps_what_a_killed_process_left(tmp_path: Path) -> None:
    incoming = tmp_path / "incoming"
    incoming.mkdir()
    old, fresh = incoming / "old.part", incoming / "fresh.part"
    old.write_bytes(b"half")
    fresh.write_bytes(b"half")
    yesterday = time.time() - 2 * 24 * 3600
    os.utime(old, (yesterday, yesterday))
    DiskBlobs(tmp_path)
    assert (old.exists(), fresh.exists()) == (False, True)
