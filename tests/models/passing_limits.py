"""Time limits of model calls that pass when a test says so, however slow or fast the machine is."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any
from unittest.mock import patch

from pinakes.models import calling


class PassingLimits:
    """What `pinakes.models.calling` has for `asyncio`: each condition, once true, ends the limit then running.

    `asked` keeps the seconds of every limit.
    """

    def __init__(self, *conditions: Callable[[], bool]) -> None:
        self._conditions = list(conditions)
        self.asked: list[float] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(asyncio, name)

    @asynccontextmanager
    async def timeout(self, seconds: float) -> AsyncIterator[None]:
        """Limit what is done within, as `asyncio.timeout` does."""
        self.asked.append(seconds)
        async with asyncio.timeout(None) as limit:
            watching = asyncio.create_task(self._end(limit))
            try:
                yield
            finally:
                watching.cancel()

    async def _end(self, limit: asyncio.Timeout) -> None:
        while not (self._conditions and self._conditions[0]()):  # noqa: ASYNC110 - any condition
            await asyncio.sleep(0.005)
        del self._conditions[0]
        limit.reschedule(0)


@contextmanager
def limits_pass(*conditions: Callable[[], bool]) -> Iterator[PassingLimits]:
    """Let the limits of calls pass when these conditions, one after the other, are true, and never otherwise."""
    limits = PassingLimits(*conditions)
    with patch.object(calling, "asyncio", limits):
        yield limits
