"""Pictures that are the same or nearly so, by content hash and by 64-bit difference hash."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence

from pinakes.core.files import FileFilter, FileRecord, MediaType
from pinakes.core.value import Value
from pinakes.library.library import Library
from pinakes.tools.scope import files_of, narrowed

NEAR = 10
"""Bits of 64 that may differ in near-duplicates: more admits different views of one scene."""


_FAR = 65


class DuplicateGroup(Value):
    """Pictures that look alike, the largest first; `distance` is the greatest to its nearest other, in bits."""

    files: tuple[FileRecord, ...]
    exact: bool
    distance: int


async def find_duplicates(
    library: Library, *, where: FileFilter | None = None, near: int = NEAR
) -> list[DuplicateGroup]:
    """Return groups of pictures that are identical or nearly so, the largest groups first."""
    pictures = narrowed(FileFilter(media_types=(MediaType.IMAGE,)), where or FileFilter())
    files = await files_of(library, pictures, order="created_at")
    return await asyncio.to_thread(group_alike, files, near=near)


def group_alike(files: Sequence[FileRecord], *, near: int = NEAR) -> list[DuplicateGroup]:
    """Return the groups of files that are alike, each file linked to at least one other of its group."""
    leaders = list(range(len(files)))
    closest = dict.fromkeys(range(len(files)), _FAR)
    for i, j, distance in _close_pairs(files, near):
        closest[i], closest[j] = min(closest[i], distance), min(closest[j], distance)
        leaders[_leader(leaders, i)] = _leader(leaders, j)
    groups: dict[int, list[int]] = {}
    for i in range(len(files)):
        groups.setdefault(_leader(leaders, i), []).append(i)
    alike = [_group(files, members, closest) for members in groups.values() if len(members) > 1]
    return sorted(alike, key=lambda g: (-len(g.files), g.distance))


def _close_pairs(files: Sequence[FileRecord], near: int) -> Iterator[tuple[int, int, int]]:
    """Yield the places of two files that are alike, with their distance; quadratic, a row at a time."""
    import numpy as np

    first: dict[str, int] = {}
    for place, file in enumerate(files):
        if file.sha256 in first:
            yield first[file.sha256], place, 0
        first.setdefault(file.sha256, place)
    hashed = [(place, value) for place, file in enumerate(files) if (value := _hash(file))]
    values = np.array([value for _, value in hashed], dtype=np.uint64)
    ones = np.array([n.bit_count() for n in range(256)], dtype=np.uint8)
    for row in range(1, len(hashed)):
        differing = (values[:row] ^ values[row]).view(np.uint8).reshape(-1, 8)
        distances = ones[differing].sum(axis=1)
        for other in np.flatnonzero(distances <= near):
            yield hashed[int(other)][0], hashed[row][0], int(distances[other])


def picture_distance(first: FileRecord, second: FileRecord) -> int | None:
    """Return how many of 64 bits differ between two pictures, 0 for identical files, None when unknown."""
    if first.sha256 == second.sha256:
        return 0
    a, b = _hash(first), _hash(second)
    return (a ^ b).bit_count() if a and b else None


def _group(files: Sequence[FileRecord], members: list[int], closest: dict[int, int]) -> DuplicateGroup:
    ordered = sorted((files[i] for i in members), key=_size, reverse=True)
    exact = len({f.sha256 for f in ordered}) == 1
    return DuplicateGroup(files=tuple(ordered), exact=exact, distance=max(closest[i] for i in members))


def _size(file: FileRecord) -> tuple[int, int]:
    area = file.facts.width * file.facts.height if file.facts else 0
    return area, file.size_bytes


def _hash(file: FileRecord) -> int | None:
    """Return the difference hash; a picture without any gradient hashes to zero, which is like nothing."""
    try:
        return int(file.facts.phash, 16) or None if file.facts and file.facts.phash else None
    except ValueError:
        return None


def _leader(leaders: list[int], i: int) -> int:
    while leaders[i] != i:
        leaders[i] = i = leaders[leaders[i]]
    return i
