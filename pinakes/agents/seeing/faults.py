"""Telling that a model did not do what was wanted of it."""

from __future__ import annotations

import logging

from pinakes.core.errors import PinakesError
from pinakes.core.events import Warned
from pinakes.core.usage import current_calls

_log = logging.getLogger(__name__)


def warn(message: str, error: PinakesError) -> None:
    """Tell the turn, or outside of one the log."""
    calls = current_calls()
    if calls is None:
        _log.warning("%s", message)
    else:
        calls.tell(Warned(message=message, details=error.to_dict()))
