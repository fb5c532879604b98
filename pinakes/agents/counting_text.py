"""Which files a topic means when they are counted: by folder name, file name, or their text."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pinakes.agents.queries.filters import Filters
from pinakes.agents.queries.lexicon import MENTIONING
from pinakes.agents.queries.names import stem
from pinakes.agents.spec import AgentContext
from pinakes.core.files import ChunkHit, FileFilter, FileRecord
from pinakes.tools.scope import files_of, narrowed

_REACH = 400
"""Passages looked through for a topic."""


@dataclass(frozen=True)
class Matching:
    """The files that a topic means (None: all, the topic says nothing), and in words what it was taken to be."""

    ids: tuple[str, ...] | None
    words: tuple[str, ...] = ()


async def files_matching(ctx: AgentContext, where: FileFilter, filters: Filters) -> Matching:
    """Return the files that a counted topic means, and say how it was understood."""
    words = _words(" ".join(filters.says) or filters.topic)
    if not words:
        return Matching(None)
    topic = " ".join(filters.says) or filters.topic
    for folder in await ctx.library.catalog.folders():
        if _words(folder.name) == words:
            inside = await files_of(ctx.library, narrowed(where, FileFilter(folder_path=folder.path)))
            return Matching(tuple(f.id for f in inside), (f"in the folder {folder.path}",))
    named = [f for f in await files_of(ctx.library, where) if set(words) <= set(_words(_name(f)))]
    hits = await ctx.library.search(topic, limit=_REACH, where=where)
    saying = {h.file.id: h.file for h in hits if _says(h, words)}
    found = dict.fromkeys([f.id for f in named] + list(saying))
    return Matching(tuple(found), (f"with “{topic}” in name or text",))


def _says(hit: ChunkHit, words: list[str]) -> bool:
    return set(words) <= set(_words(f"{hit.chunk.heading} {hit.chunk.text}"))


def _name(file: FileRecord) -> str:
    return f"{re.sub(r'[.][A-Za-z0-9]{1,5}$', '', file.filename)} {file.title or ''}"


def _words(text: str) -> list[str]:
    found = [w.casefold() for w in re.findall(r"[^\W_]+", text)]
    return [stem(w) for w in found if w not in MENTIONING]
