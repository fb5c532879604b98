"""The right to run a turn in a session: one turn at a time, over all processes."""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

from pinakes.core.errors import SessionBusyError
from pinakes.ports.catalog import SessionCatalog

_log = logging.getLogger(__name__)

POLL_S = 0.05


@dataclass
class _Holding:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    waiting: int = 0
    given_back: asyncio.Event = field(default_factory=asyncio.Event)
    renewing: asyncio.Task[None] | None = None


class Leases:
    """Takes, renews and gives back the leases of one process.

    Args:
        owner: This process's name. Where only one process can have the library open, a name that stays the same
            lets a restart take over at once what a killed process held.
        seconds: How long a lease outlives a process that dies; it is renewed at a third of that.
    """

    def __init__(self, catalog: SessionCatalog, owner: str, seconds: float) -> None:
        self._catalog = catalog
        self._owner = owner
        self._seconds = seconds
        self._held: defaultdict[str, _Holding] = defaultdict(_Holding)

    async def take(self, session_id: str, *, wait_seconds: float, lost: Callable[[], None]) -> None:
        """Take the lease, waiting for it if need be; `lost` is called if another process takes it over.

        Raises:
            SessionBusyError: Another turn still ran after `wait_seconds`.
        """
        holding = self._held[session_id]
        holding.waiting += 1
        try:
            await self._take(session_id, holding, asyncio.get_running_loop().time() + wait_seconds)
        finally:
            holding.waiting -= 1
            self._forget(session_id)
        holding.given_back.clear()
        holding.renewing = asyncio.create_task(self._renew(session_id, holding.given_back, lost))

    async def release(self, session_id: str) -> None:
        """Give the lease back and let the next one in."""
        holding = self._held[session_id]
        try:
            if holding.renewing is not None:
                holding.given_back.set()
                await asyncio.wait([holding.renewing])
            await self._catalog.release_lease(session_id, self._owner)
        finally:
            holding.lock.release()
            self._forget(session_id)

    async def _take(self, session_id: str, holding: _Holding, deadline: float) -> None:
        await _lock(holding.lock, session_id, deadline)
        try:
            while not await self._catalog.take_lease(session_id, self._owner, self._seconds):
                if asyncio.get_running_loop().time() >= deadline:
                    raise _busy(session_id)
                await asyncio.sleep(POLL_S)
        except BaseException:
            holding.lock.release()
            raise

    async def _renew(self, session_id: str, given_back: asyncio.Event, lost: Callable[[], None]) -> None:
        while not await _set_within(given_back, self._seconds / 3):
            try:
                kept = await self._catalog.take_lease(session_id, self._owner, self._seconds)
            except Exception:
                _log.exception("a lease could not be renewed; trying again")
                continue
            if not kept:
                lost()
                return

    def _forget(self, session_id: str) -> None:
        holding = self._held[session_id]
        if not holding.waiting and not holding.lock.locked():
            del self._held[session_id]


async def _lock(lock: asyncio.Lock, session_id: str, deadline: float) -> None:
    if not lock.locked():
        await lock.acquire()
        return
    try:
        async with asyncio.timeout_at(deadline):
            await lock.acquire()
    except TimeoutError as error:
        raise _busy(session_id) from error


async def _set_within(event: asyncio.Event, seconds: float) -> bool:
    try:
        async with asyncio.timeout(seconds):
            return await event.wait()
    except TimeoutError:
        return False


def _busy(session_id: str) -> SessionBusyError:
    return SessionBusyError(
        "Another turn is running in this session; wait for its answer or cancel it.", session_id=session_id
    )
