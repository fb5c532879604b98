"""How often and how long to wait for an endpoint that fails."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable

from pinakes.core.errors import ModelError
from pinakes.models.counting import seconds_left

_FIRST_S, _LONGEST_BACKOFF_S = 0.5, 20.0


class Patience:
    """Waits between the attempts of one call: longer each time, or as long as the endpoint asks for.

    Args:
        retries: How many attempts may follow the first.
        longest_s: A longer wait than this is not worth it.
        sleep: What waits.
    """

    def __init__(self, retries: int, longest_s: float, sleep: Callable[[float], Awaitable[None]]) -> None:
        self._retries, self._longest_s, self._sleep = retries, longest_s, sleep
        self._failures = 0

    def seconds(self, error: ModelError) -> float | None:
        """Return how long to wait after this failure; None when there is no use in another attempt."""
        if not error.retryable or self._failures >= self._retries:
            return None
        asked = error.details.get("retry_after")
        backoff = min(_LONGEST_BACKOFF_S, _FIRST_S * 2**self._failures)
        # Calls that failed together must not all come back together.
        seconds = (
            float(asked) + random.uniform(0, 0.1) if asked is not None else random.uniform(0.5, 1) * backoff
        )
        left = seconds_left()
        return None if seconds > self._longest_s or (left is not None and seconds >= left) else seconds

    async def wait(self, seconds: float) -> None:
        """Wait, and count the failure that it was for."""
        self._failures += 1
        await self._sleep(seconds)
