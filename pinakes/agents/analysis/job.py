"""One step's documents, read as sentences at first use, and what it cites of them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from pinakes.agents.analysis.centrality import central_units
from pinakes.agents.analysis.figures import counted, noun_of
from pinakes.agents.analysis.units import Unit, cite_unit, shown, thinned, units_of
from pinakes.agents.analysis.vocabulary import content_stems
from pinakes.agents.citing import Citations, name_of
from pinakes.agents.finding_documents import Chosen
from pinakes.agents.queries.orders import Wish
from pinakes.agents.spec import AgentContext
from pinakes.core.files import Chunk, FileFilter, FileRecord
from pinakes.core.plans import Task

_KINDS_OF_TEXT = frozenset(
    content_stems(
        "guide manual report document paper article handbook booklet rules policy book text file pdf notes"
    )
)
_NEAR = 8
_MOST_CHUNKS = 400
"""Chunks from which a document is summed up for a question; of longer ones an even sample."""


class Job:
    """What is to be done with which documents, and the evidence and notes gathered on the way."""

    def __init__(self, task: Task, ctx: AgentContext, chosen: Chosen, wish: Wish) -> None:
        self.task, self.ctx, self.chosen, self.wish = task, ctx, chosen, wish
        self.cited = Citations(task)
        self.notes: list[str] = []
        self._units: dict[str, list[Unit]] = {}

    @property
    def files(self) -> list[FileRecord]:
        """The documents in question."""
        return self.chosen.files

    async def chunks(self, file: FileRecord) -> list[Chunk]:
        """Return a document's chunks in order."""
        return await self.ctx.library.catalog.file_chunks(file.id)

    async def units(self, file: FileRecord) -> list[Unit]:
        """Return a document's sentences and rows in order."""
        if file.id not in self._units:
            self._units[file.id] = await asyncio.to_thread(units_of, file, await self.chunks(file))
        return self._units[file.id]

    async def central(self, file: FileRecord, count: int) -> list[Unit]:
        """Return the sentences that stand for a document, or for what was asked about it."""
        library, focus = self.ctx.library, self.focus(file)
        near = {}
        if focus:
            hits = await library.search(focus, limit=_NEAR, where=FileFilter(ids=(file.id,)))
            near = {hit.chunk.id: hit.score for hit in hits}
        chunks = thinned(await self.chunks(file), _MOST_CHUNKS, near)
        units = await asyncio.to_thread(units_of, file, chunks)
        return await central_units(units, count, library.embedder, focus=focus, near=near)

    def focus(self, file: FileRecord) -> str:
        """Return what is asked about within a file; empty where the words only name it."""
        named = set(content_stems(f"{file.title or ''} {file.filename}")) | _KINDS_OF_TEXT
        return self.chosen.focus if set(content_stems(self.chosen.focus)) - named else ""

    def line(self, unit: Unit, why: str, around: str = "", most: int = 300) -> str:
        """Return a sentence as shown, with its mark."""
        evidence = cite_unit(self.cited, unit, why)
        return f"{shown(unit.text, around, most)}{self.cited.mark(evidence)}"


def titled(file: FileRecord) -> str:
    """Return a document's title, name and length."""
    if file.link is not None:
        return f"{name_of(file)} ({file.link.domain})" if file.link.domain else name_of(file)
    name = f"{file.title} ({file.filename})" if file.title and file.title != file.filename else file.filename
    return f"{name}, {counted(file.page_count, 'page')}" if file.page_count and file.page_count > 1 else name


def names_of(files: Sequence[FileRecord]) -> str:
    """Return what to call these documents."""
    if len(files) == 1:
        return name_of(files[0])
    return counted(len(files), noun_of([files[0].media_type]))
