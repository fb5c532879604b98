"""Calls of an analyst: several at once, and the way down told where they fail."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar

from pinakes.core.errors import ContentFilteredError, ContextTooLongError, ModelError, ModelOutputError
from pinakes.core.events import Warned
from pinakes.core.options import TurnOptions
from pinakes.core.usage import current_calls

AT_ONCE = 4
"""Calls of one step that run at the same time."""

_ABOUT_ONE = (ContentFilteredError, ContextTooLongError, ModelOutputError)
"""Faults of one call's content: others may do better."""

_FIELD = re.compile(r"[^\W_][\w /&-]{0,39}")
_LOG = logging.getLogger(__name__)
Reply = TypeVar("Reply")


def warn(message: str, details: dict[str, Any]) -> None:
    """Tell something in the turn's events; outside a turn it is logged."""
    calls = current_calls()
    if calls is None:
        _LOG.warning(message)
    else:
        calls.tell(Warned(message=message, details=details))


def tell_way_down(what: str, error: ModelError) -> None:
    """Tell that something is done without the model, and why."""
    warn(f"{what} without the model: {error.message}", error.to_dict())


def tell_dropped(dropped: Sequence[str], *, model: str) -> None:
    """Tell how much of what a model said was left out, and why."""
    if dropped:
        noun = "finding" if len(dropped) == 1 else "findings"
        warn(
            f"{len(dropped)} {noun} of {model} left out: the sources do not bear them out.",
            {"reasons": sorted(set(dropped))},
        )


def field_words(options: TurnOptions) -> str:
    """Return a sentence on the reader's field where one is set in plain words, else ""."""
    field = options.domain.strip()
    known = field and field != "general" and _FIELD.fullmatch(field)
    return f"The reader works in this field: {field}." if known else ""


async def together(calls: Sequence[Callable[[], Awaitable[Reply]]]) -> list[Reply | ModelError]:
    """Return the replies of calls, a few at once, in their order; the error in place of one that failed.

    After a fault that others would meet too (the budget, the key, the network) no further call begins.
    """
    gate = asyncio.Semaphore(AT_ONCE)
    stopped: list[ModelError] = []

    async def made(call: Callable[[], Awaitable[Reply]]) -> Reply | ModelError:
        async with gate:
            if stopped:
                return stopped[0]
            try:
                return await call()
            except ModelError as error:
                if not isinstance(error, _ABOUT_ONE):
                    stopped.append(error)
                return error

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(made(call)) for call in calls]
    return [task.result() for task in tasks]
