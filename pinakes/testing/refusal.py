"""Expecting an error without a test framework."""

from __future__ import annotations

from collections.abc import Awaitable


async def refused(call: Awaitable[object], error: type[Exception]) -> None:
    """Await a call that has to raise this error. Raises AssertionError when it does not."""
    try:
        await call
    except error:
        return
    raise AssertionError(f"{error.__name__} was not raised")
