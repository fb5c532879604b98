"""Writing the answer."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Protocol, runtime_checkable

from pinakes.core.chat import Answer, WriteRequest


@runtime_checkable
class Writer(Protocol):
    """Turns evidence into a cited answer; `name` is shown to people ("local", or a model's name)."""

    @property
    def name(self) -> str: ...

    def write(self, request: WriteRequest) -> AsyncIterator[str | Answer]:
        """Yield pieces of text and last the finished Answer, whose content is their concatenation."""
        ...
