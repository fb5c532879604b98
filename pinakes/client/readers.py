"""Reading a turn's events, whoever runs it: from the log at hand, else by what is saved of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping

from pinakes.client.proposals import Proposals
from pinakes.client.segments import Segment
from pinakes.client.turn_log import restore
from pinakes.core.events import CLOSING, Envelope, PlanPendingApproval
from pinakes.ports.catalog import Catalog

POLL_S = 0.25


class Readers:
    """Follows turns.

    Args:
        live: The segments that this process runs, by turn.
        settle: Sees to what a killed process left of a session.
    """

    def __init__(
        self,
        catalog: Catalog,
        live: Mapping[str, Segment],
        proposals: Proposals,
        settle: Callable[[str], Awaitable[None]],
    ) -> None:
        self._catalog = catalog
        self._live = live
        self._proposals = proposals
        self._settle = settle

    async def read(self, turn_id: str, after: int) -> AsyncIterator[Envelope]:
        """Yield a turn's events after a sequence number, up to the one that closes it for now.

        Raises ResourceNotFoundError.
        """
        position = after
        while True:
            live = self._live.get(turn_id)
            source = live.log.follow(position) if live else self._saved(turn_id, position)
            before = position
            async for envelope in source:
                position = envelope.seq
                yield envelope
            if not await self._goes_on(turn_id, position):
                return
            if position == before:
                await asyncio.sleep(POLL_S)

    async def _goes_on(self, turn_id: str, position: int) -> bool:
        """Whether more follows on what was read up to its closing event: only after a proposal that was decided."""
        if turn_id in self._live:
            return self._live[turn_id].log.length > position or not self._live[turn_id].log.closed
        saved = await self._catalog.events(turn_id, after=max(position - 1, 0))
        if not saved or saved[-1].seq > position:
            return bool(saved)
        last = saved[-1].event
        if not isinstance(last, PlanPendingApproval) or not await self._proposals.is_decided(last.plan_id):
            return False
        await self._settle((await self._catalog.get_turn(turn_id)).session_id)
        return True

    async def _saved(self, turn_id: str, after: int) -> AsyncIterator[Envelope]:
        """Follow a turn by what is saved of it, until it ends or its process turns out to be dead."""
        turn = await self._catalog.get_turn(turn_id)
        while True:
            seen = restore(await self._catalog.events(turn_id))
            for envelope in seen[after:]:
                yield envelope
            after = max(after, len(seen))
            if seen and seen[-1].event.type in CLOSING:
                return
            await self._settle(turn.session_id)
            await asyncio.sleep(POLL_S)
