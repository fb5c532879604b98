"""How far each of the index's collections follows the catalog: one embedder, one collection, never mixed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pydantic import TypeAdapter

from pinakes.core.value import Value
from pinakes.ports.catalog import Catalog

_KEY = "collections"
_OLD_KEY = "index"  # held what the only collection was made by


class CollectionState(Value):
    """How far one collection is.

    Attributes:
        made_by: Whose vectors they are, and in which format.
        cursor: Completed files whose id is not above this one are in it; None means all.
        behind: Files below the cursor that have changed and that this collection has not followed.
        without: Files in it that have no point because none can be made of them.
    """

    made_by: str
    cursor: str | None = ""
    behind: tuple[str, ...] = ()
    without: tuple[str, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether every file went in, as far as is known here."""
        return self.cursor is None and not self.behind

    def missed(self, file_ids: Iterable[str]) -> CollectionState:
        """Return the state after files changed that this collection has not followed."""
        below = [i for i in file_ids if self.cursor is None or i <= self.cursor]
        return self.model_copy(update={"behind": tuple(dict.fromkeys([*self.behind, *below]))})

    def took(self, file_ids: Iterable[str], without: Iterable[str] = ()) -> CollectionState:
        """Return the state after the next files went in: some that were behind, else those above the cursor."""
        taken = set(file_ids)
        now = {"without": (*(i for i in self.without if i not in taken), *without)}
        if self.behind:
            left = tuple(i for i in self.behind if i not in taken)
            return self.model_copy(update={"behind": left, **now})
        return self.model_copy(update={"cursor": max(taken), **now})


_STATES = TypeAdapter(dict[str, CollectionState])


@dataclass(frozen=True)
class CollectionStates:
    """The states of all collections that a tenant's vectors were put into, kept in the catalog."""

    catalog: Catalog

    async def read(self, collection: str, made_by: str) -> dict[str, CollectionState] | None:
        """Return the states by collection, None for a library that was never indexed.

        Args:
            collection, made_by: The one in use; a library from before there were several holds only that.
        """
        written = await self.catalog.get_value(_KEY)
        if written is not None:
            return _STATES.validate_json(written)
        old = await self.catalog.get_value(_OLD_KEY)
        if old is None:
            return None
        if old != made_by:
            return {}
        states = {collection: CollectionState(made_by=made_by, cursor=None)}
        await self.write(states)
        return states

    async def write(self, states: Mapping[str, CollectionState]) -> None:
        """Keep the states."""
        await self.catalog.set_value(_KEY, _STATES.dump_json(dict(states)).decode())
