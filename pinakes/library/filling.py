"""Filling a collection with what the catalog's files give, file by file: resumable, with bounded memory.

A collection is filled in the order of the files' ids, and remembers how far it is after every round. What changes in
files below that is noted for it (`CollectionState.behind`) when the outbox is followed.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from pinakes.core.failpoints import reach
from pinakes.core.files import FileRecord
from pinakes.library.collection_states import CollectionState, CollectionStates
from pinakes.ports.catalog import Catalog, OutboxEntry
from pinakes.ports.index import VectorIndex

_ROUND = 32  # files taken in at once
_ROUND_WEIGHT = 512  # what a killed rebuild does again, and pays again, at most (but for a larger file)
_PAGE = 500  # files looked through at once


@dataclass(frozen=True)
class Filler(ABC):
    """Fills one collection of a tenant's; one call at a time is the caller's business."""

    tenant: str
    catalog: Catalog
    index: VectorIndex

    @property
    @abstractmethod
    def model(self) -> str:
        """The name of the model whose vectors these are."""

    @property
    @abstractmethod
    def local(self) -> bool:
        """Whether making them costs nothing but time."""

    @property
    @abstractmethod
    def made_by(self) -> str:
        """Everything that, being another one, makes the collection useless."""

    @abstractmethod
    def weight(self, file: FileRecord) -> int:
        """Return how many things of a file are embedded."""

    @abstractmethod
    async def total(self) -> int:
        """Return how many points all files have together."""

    @abstractmethod
    async def take_in(self, file_ids: Sequence[str], on_progress: Callable[[int], None] | None) -> list[str]:
        """Make the collection hold these files as they are now, and return those that can have no points."""

    async def queued(self) -> list[OutboxEntry]:
        """Return the outbox entries that taking files in also follows; none where another one follows the outbox."""
        return []

    async def followed(self, entries: Sequence[OutboxEntry]) -> None:  # noqa: B027 - most have nothing to do
        """Forget those outbox entries."""

    async def ready(self) -> bool:
        """Return whether the collection holds everything, but for what is in the outbox."""
        state = (await self.states() or {}).get(self.index.collection)
        return bool(state and state.made_by == self.made_by and state.whole and await self.complete())

    async def filled(self) -> bool:
        """Return whether every file has been in the collection, so that only changes may be missing."""
        state = (await self.states() or {}).get(self.index.collection)
        known = state is not None and state.made_by == self.made_by and state.cursor is None
        return bool(state and known and (state.behind or await self.complete()))

    async def complete(self) -> bool:
        """Return whether no points are missing; surplus ones, of files that are gone, do no harm."""
        if await self.catalog.outbox(1):
            return True  # it will be, once it has followed
        without = len((await self._own()).without)
        return await self.index.count(self.tenant) + without >= await self.total()

    async def begin(self, *, fresh: bool = False) -> None:
        """Get ready to `step`: go on where an earlier rebuild ended, or empty the collection where that is no use."""
        if fresh or not await self._goes_on():
            await self._start_over()

    async def step(self, on_progress: Callable[[int], None] | None = None) -> int:
        """Take in the next files and return how many; none are left at 0.

        Args:
            on_progress: Called with the weight of every batch.

        Raises:
            ModelError, LibraryError: What earlier steps did is kept.
        """
        queued = await self.queued()
        state = await self._own()
        files = await self._next(state)
        if not files:
            await self._keep(state.model_copy(update={"cursor": None, "behind": ()}))
            return 0
        reach("reindex.round")
        without = await self.take_in(files, on_progress)
        reach("reindex.indexed")
        await self._keep(state.took(files, without))
        reach("reindex.kept")
        await self.followed([entry for entry in queued if entry.op == "index" and entry.file_id in files])
        return len(files)

    async def pending(self, *, fresh: bool = False) -> AsyncIterator[FileRecord]:
        """Yield the files that a rebuild has yet to take in."""
        goes_on = not fresh and await self._goes_on()
        state = await self._own() if goes_on else CollectionState(made_by=self.made_by)
        for start in range(0, len(state.behind), _PAGE):
            for file in await self.catalog.get_files(state.behind[start : start + _PAGE]):
                yield file
        after = state.cursor
        while after is not None and (ids := await self.catalog.completed_files(after, _PAGE)):
            for file in await self.catalog.get_files(ids):
                yield file
            after = ids[-1]

    async def states(self) -> dict[str, CollectionState] | None:
        """Return the states of all the tenant's collections, None for a library that was never indexed."""
        return await self.all.read(self.index.collection, self.made_by)

    @cached_property
    def all(self) -> CollectionStates:
        """The states of all the tenant's collections, as they are kept."""
        return CollectionStates(self.catalog)

    async def _own(self) -> CollectionState:
        return (await self.states() or {})[self.index.collection]

    async def _keep(self, state: CollectionState) -> None:
        await self.all.write({**(await self.states() or {}), self.index.collection: state})

    async def _start_over(self) -> None:
        await self.index.clear(self.tenant)
        await self._keep(CollectionState(made_by=self.made_by))  # last: a crash before it starts over again

    async def _goes_on(self) -> bool:
        state = (await self.states() or {}).get(self.index.collection)
        if state is None or state.made_by != self.made_by:
            return False
        return not state.whole or await self.complete()

    async def _next(self, state: CollectionState) -> list[str]:
        """Return the ids of the next files, few enough that doing them again costs little."""
        if state.behind:
            ids: Sequence[str] = state.behind[:_ROUND]
        elif state.cursor is not None:
            ids = await self.catalog.completed_files(state.cursor, _ROUND)
        else:
            return []
        weights = {file.id: self.weight(file) for file in await self.catalog.get_files(ids)}
        chosen: list[str] = []
        room = _ROUND_WEIGHT
        for file_id in ids:
            room -= weights.get(file_id, 0)
            if chosen and room < 0:
                break
            chosen.append(file_id)
        return chosen
