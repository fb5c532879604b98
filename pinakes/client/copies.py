"""Files beside the library that can be made again: smaller pictures, and copies to hand out."""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from pinakes.core.errors import PathError, ResourceNotFoundError, ValidationError
from pinakes.core.files import FileRecord, MediaType
from pinakes.library.library import Library

SIDES = {"tiny_64": 64, "small_256": 256, "medium_750": 750, "large_1024": 1024}
"""Variants and their longer sides in pixels; "original" is the file as it came."""
_HANDED_OUT_SECONDS = 3600.0
_VARIANTS_SECONDS = 30 * 24 * 3600.0
_LONGEST_NAME = 200  # bytes, below what file systems take


class Copies:
    """Variants and handed-out copies of one library's files, in a folder of their own."""

    def __init__(self, library: Library, folder: Path) -> None:
        self._library = library
        self._variants = folder / "variants"
        self._exports = folder / "exports"

    async def variant(self, record: FileRecord, variant_type: str) -> Path:
        """Return where a variant is, making it at first use.

        Raises:
            ValidationError: There is no variant of that name.
            ResourceNotFoundError: The file is no picture and has none of its own, such as a video's first frame.
        """
        if variant_type == "original":
            return await self._library.blobs.local_path(record.sha256)
        if variant_type not in SIDES:
            known = ", ".join((*SIDES, "original"))
            raise ValidationError(f"Variants are {known}.", variant_type=variant_type)
        path = self._path(record, variant_type)
        if not await asyncio.to_thread(path.is_file):
            content = await self._made(record, SIDES[variant_type])
            await asyncio.to_thread(_write, path, content)
        return path

    async def made(self, record: FileRecord) -> dict[str, Path]:
        """Return the variants of a file that are there."""
        paths = {name: self._path(record, name) for name in SIDES}
        return await asyncio.to_thread(lambda: {name: p for name, p in paths.items() if p.is_file()})

    async def handed_out(self, record: FileRecord) -> Path:
        """Return a copy of a file under its own name, which is kept for an hour."""
        source = await self._library.blobs.local_path(record.sha256)
        target = self._exports / record.id / _safe(record.filename)
        await asyncio.to_thread(self._hand_out, source, target)
        return target

    async def _made(self, record: FileRecord, side: int) -> bytes:
        from pinakes.ingestion.pictures import variants  # pillow and numpy: only when pictures are made

        if record.media_type is MediaType.IMAGE:
            path = await self._library.blobs.local_path(record.sha256)
            return await asyncio.to_thread(variants.variant, path, side)
        thumbnail = await self._library.thumbnail(record.id)
        if thumbnail is None:
            raise ResourceNotFoundError("The file has no picture to make a variant of.", file_id=record.id)
        return await asyncio.to_thread(variants.smaller, thumbnail, side)

    def _path(self, record: FileRecord, variant_type: str) -> Path:
        return self._variants / record.sha256[:2] / f"{record.sha256}-{variant_type}.jpg"

    def sweep(self) -> None:
        """Remove copies handed out over an hour ago and variants made over 30 days ago; both are made again at need."""
        for old in _older(self._exports.glob("*"), _HANDED_OUT_SECONDS):
            shutil.rmtree(old, ignore_errors=True)
        for old in _older(self._variants.glob("*/*"), _VARIANTS_SECONDS):
            with suppress(OSError):
                old.unlink(missing_ok=True)
        for old in _older(self._variants.glob("*/*.part"), _HANDED_OUT_SECONDS):
            with suppress(OSError):
                old.unlink(missing_ok=True)

    def _hand_out(self, source: Path, target: Path) -> None:
        for old in _older(self._exports.glob("*"), _HANDED_OUT_SECONDS):
            shutil.rmtree(old, ignore_errors=True)
        shutil.rmtree(
            target.parent, ignore_errors=True
        )  # an older copy may have another name, or been edited
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)


async def save_copy(source: Path, target: Path, filename: str) -> Path:
    """Copy a file to a path, into a folder under its own name, and return where it is. Raises PathError."""

    def copy() -> Path:
        wanted = target.expanduser()
        place = wanted / _safe(filename) if wanted.is_dir() else wanted
        shutil.copyfile(source, place)
        return place

    try:
        return await asyncio.to_thread(copy)
    except OSError as error:
        raise PathError(
            f"{target} cannot be written: {error.strerror or error}.", path=str(target)
        ) from error


def _older(paths: Iterable[Path], seconds: float) -> Iterator[Path]:
    """Yield what was last written so long ago; what is gone meanwhile is left out."""
    for path in list(paths):
        with suppress(OSError):
            if time.time() - path.lstat().st_mtime > seconds:
                yield path


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".part", delete=False) as part:
        part.write(content)
    os.replace(part.name, path)  # noqa: PTH105 - whole or not at all, also where two make it at once


def _safe(filename: str) -> str:
    name = "".join("_" if c in '/\\:*?"<>|' or not c.isprintable() else c for c in filename).strip(" .")
    if len(name.encode()) <= _LONGEST_NAME:
        return name or "file"
    ending = Path(name).suffix[:20]
    return name.encode()[: _LONGEST_NAME - len(ending.encode())].decode(errors="ignore") + ending
