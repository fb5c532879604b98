"""One call: admitted before it begins, charged when it has ended, told of where somebody listens."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from pinakes.core.errors import (
    ContextTooLongError,
    ModelAccessError,
    ModelError,
    ModelRateLimitError,
    ModelUnavailableError,
)
from pinakes.core.events import Thinking, Warned
from pinakes.core.tracing import span
from pinakes.core.usage import Calls, Spent, current_calls
from pinakes.models.answers import Heard
from pinakes.models.tokens import count_tokens

_LOG = logging.getLogger("pinakes.models")
EMBEDDING = "embedding"
"""Under which the tokens of embedded texts are counted, whichever node had them embedded."""
_UNREAD = (ModelAccessError, ModelRateLimitError, ModelUnavailableError, ContextTooLongError)


@contextmanager
def counted(model: str, task: str, prompt_tokens: int, heard: Heard) -> Iterator[None]:
    """Count and trace what is done in this context as one call, also when it fails or is cancelled.

    Raises:
        BudgetExceededError: The call is not allowed; nothing was done.
    """
    calls = current_calls()
    if calls is not None:
        calls.meter.admit(prompt_tokens)
    with span("chat", model, request__model=model) as watched:
        spent: Spent | None = None
        answered_by: str | None = None
        try:
            yield
            answered_by = model
        except ModelError as error:
            if not heard.anything and _is_unread(error):
                spent = Spent(call_count=1)
            raise
        finally:
            spent = spent or heard.spent(prompt_tokens)
            watched.set("pinakes.task", task)
            watched.set("gen_ai.usage.input_tokens", spent.input_tokens)
            watched.set("gen_ai.usage.output_tokens", spent.output_tokens)
            if calls is not None:
                _charge(calls, spent, heard, answered_by)


def count_texts(texts: Sequence[str]) -> None:
    """Count texts that were embedded: their tokens, by our own guess; they are no calls of a model that answers."""
    calls = current_calls()
    if calls is not None:
        spent = Spent(input_tokens=sum(map(count_tokens, texts)), estimated=True)
        calls.meter.charge(EMBEDDING, spent, admitted=False)


def _charge(calls: Calls, spent: Spent, heard: Heard, answered_by: str | None) -> None:
    calls.meter.charge(calls.node, spent, answered_by=answered_by)
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


def _is_unread(error: ModelError) -> bool:
    """Return whether the endpoint refused without having read the prompt."""
    status = error.details.get("status")
    return isinstance(error, _UNREAD) or (isinstance(status, int) and 400 <= status < 500)
