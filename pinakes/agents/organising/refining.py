"""A user's later words on a proposal, applied to the files and folders that it is about."""

from __future__ import annotations

from collections.abc import Sequence

from pinakes.agents.organising.draft import Draft
from pinakes.agents.organising.excepting import select
from pinakes.agents.organising.reading import unquoted
from pinakes.agents.organising.targets import folder_words, same_name
from pinakes.core.files import FileRecord
from pinakes.core.plans import Focus

Placed = list[tuple[FileRecord, str]]
"""Files and the folders they go to, in order."""


async def refined_files(draft: Draft, files: Sequence[FileRecord]) -> list[FileRecord]:
    """Return the files that the later words leave."""
    wishes, kept = draft.wishes, list(files)
    for words in wishes.without:
        gone = await _meant(words, draft, kept)
        draft.left("as you asked", gone)
        kept = [f for f in kept if f not in gone]
    if wishes.only:
        kept = await _meant(wishes.only, draft, kept)
    if wishes.first:
        kept = kept[: wishes.first] if wishes.first > 0 else kept[wishes.first :]
    return kept


async def refined_places(draft: Draft, placed: Placed) -> Placed:
    """Return where files go when the later words are heeded: folders left out, set apart, named otherwise."""
    placed = _folders_left(draft, placed)
    for words in draft.wishes.apart:
        apart = {f.id for f in await _meant(words, draft, [f for f, _ in placed])}
        name = folder_words(words)
        placed = [
            (f, _below(path, name[0].upper() + name[1:]) if f.id in apart else path) for f, path in placed
        ]
    return [(f, _renamed(draft, path, [p for _, p in placed])) for f, path in placed]


def _folders_left(draft: Draft, placed: Placed) -> Placed:
    """Leave out, or keep alone, the folders of the proposal that the words name."""
    for words in draft.wishes.without:
        placed = [(f, path) for f, path in placed if not _names(words, path)]
    only = draft.wishes.only
    if only and any(_names(only, path) for _, path in placed):
        placed = [(f, path) for f, path in placed if _names(only, path)]
    return placed


async def _meant(words: str, draft: Draft, files: Sequence[FileRecord]) -> list[FileRecord]:
    """Return which of some files words mean."""
    task = draft.task.model_copy(update={"inputs": (), "focus": Focus(file_ids=tuple(f.id for f in files))})
    found = {f.id for f in (await select(words, task, draft.ctx)).files}
    return [f for f in files if f.id in found]


def _names(words: str, path: str) -> bool:
    name = folder_words(words)
    return bool(path) and (same_name(name, path) or same_name(name, path.rsplit("/", 1)[-1]))


def _renamed(draft: Draft, path: str, paths: Sequence[str]) -> str:
    for old, new in draft.wishes.renamed:
        if old and _names(old, path):
            return _below(path.rpartition("/")[0], unquoted(new)) if "/" in path else unquoted(new)
        if not old and len(set(paths)) == 1:
            return _below(path.rpartition("/")[0], folder_words(new))
    return path


def _below(parent: str, name: str) -> str:
    return f"{parent}/{name}" if parent else name
