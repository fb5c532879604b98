"""One call: admitted before it begins, charged when it has ended, told of where somebody listens."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from pinakes.core.errors import (
    ContextTooLongError,
    ModelAccessError,
    ModelError,
    ModelRateLimitError,
    ModelUnavailableError,
)
from pinakes.core.events import Thinking, Warned
from pinakes.core.usage import Spent, current_calls
from pinakes.models.answers import Heard

_LOG = logging.getLogger("pinakes.models")
# An endpoint that refuses like this has not read the prompt.
_UNREAD = (ModelAccessError, ModelRateLimitError, ModelUnavailableError, ContextTooLongError)


@contextmanager
def counted(prompt_tokens: int, heard: Heard) -> Iterator[None]:
    """Count what is done in this context as one call, also when it fails or is cancelled.

    Raises:
        BudgetExceededError: The call is not allowed; nothing was done.
    """
    calls = current_calls()
    if calls is not None:
        calls.meter.admit(prompt_tokens)
    spent: Spent | None = None
    try:
        yield
    except ModelError as error:
        if not heard.anything and (isinstance(error, _UNREAD) or _is_refused(error)):
            spent = Spent(call_count=1)
        raise
    finally:
        if calls is not None:
            calls.meter.charge(calls.node, spent or heard.spent(prompt_tokens))
            if calls.debug and heard.thoughts:
                calls.tell(Thinking(content=heard.thoughts))


def warn(message: str, error: ModelError) -> None:
    """Tell the turn, or outside one the log, of something that the user should know."""
    calls = current_calls()
    if calls is None:
        _LOG.warning("%s (%s)", message, error.code)
    else:
        calls.tell(Warned(message=message, details=error.to_dict()))


def seconds_left() -> float | None:
    """Return how long the turn may still take; None without a limit."""
    calls = current_calls()
    return None if calls is None else calls.meter.seconds_left


def check_time() -> None:
    """Raise BudgetExceededError when the turn's time is up."""
    calls = current_calls()
    if calls is not None and calls.meter.seconds_left == 0:
        calls.meter.admit()


def _is_refused(error: ModelError) -> bool:
    status = error.details.get("status")
    return isinstance(status, int) and 400 <= status < 500
