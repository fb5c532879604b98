"""Pictures that are the same or nearly so, by content hash and by 64-bit difference hash."""

from __future__ import annotations

from collections.abc import Sequence

from pinakes.core.files import FileFilter, FileRecord, MediaType
from pinakes.core.value import Value
from pinakes.library.library import Library
from pinakes.tools.scope import files_of, narrowed

NEAR = 10
"""Bits of 64 that may differ in near-duplicates: more admits different views of one scene."""


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
    return group_alike(await files_of(library, pictures, order="created_at"), near=near)


def group_alike(files: Sequence[FileRecord], *, near: int = NEAR) -> list[DuplicateGroup]:
    """Return the groups of files that are alike, each file linked to at least one other of its group."""
    leaders = list(range(len(files)))
    closest = dict.fromkeys(range(len(files)), 65)
    hashes = [_hash(f) for f in files]
    for i in range(len(files)):
        for j in range(i):
            distance = _distance(files[i], files[j], hashes[i], hashes[j])
            if distance <= near:
                closest[i], closest[j] = min(closest[i], distance), min(closest[j], distance)
                _join(leaders, i, j)
    groups: dict[int, list[int]] = {}
    for i in range(len(files)):
        groups.setdefault(_leader(leaders, i), []).append(i)
    alike = [_group(files, members, closest) for members in groups.values() if len(members) > 1]
    return sorted(alike, key=lambda g: (-len(g.files), g.distance))


def picture_distance(first: FileRecord, second: FileRecord) -> int | None:
    """Return how many of 64 bits differ between two pictures, 0 for identical files, None when unknown."""
    distance = _distance(first, second, _hash(first), _hash(second))
    return None if distance > 64 else distance


def _group(files: Sequence[FileRecord], members: list[int], closest: dict[int, int]) -> DuplicateGroup:
    ordered = sorted((files[i] for i in members), key=_size, reverse=True)
    exact = len({f.sha256 for f in ordered}) == 1
    return DuplicateGroup(files=tuple(ordered), exact=exact, distance=max(closest[i] for i in members))


def _size(file: FileRecord) -> tuple[int, int]:
    area = file.facts.width * file.facts.height if file.facts else 0
    return area, file.size_bytes


def _hash(file: FileRecord) -> int | None:
    try:
        return int(file.facts.phash, 16) if file.facts and file.facts.phash else None
    except ValueError:
        return None


def _distance(first: FileRecord, second: FileRecord, a: int | None, b: int | None) -> int:
    if first.sha256 == second.sha256:
        return 0
    # A picture without any gradient hashes to all zeros: two such are not alike for that.
    if a is None or b is None or not a or not b:
        return 65
    return (a ^ b).bit_count()


def _leader(leaders: list[int], i: int) -> int:
    while leaders[i] != i:
        leaders[i] = i = leaders[leaders[i]]
    return i


def _join(leaders: list[int], i: int, j: int) -> None:
    leaders[_leader(leaders, i)] = _leader(leaders, j)
