"""Writing the answer."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Protocol, runtime_checkable

from pinakes.core.chat import Answer, Counted, WriteRequest


@runtime_checkable
class Writer(Protocol):
    """Turns evidence into a cited answer; `name` is shown to people ("local", or a model's name)."""

    @property
    def name(self) -> str: ...

    def write(self, request: WriteRequest) -> AsyncIterator[str | Counted | Answer]:
        """Yield pieces of text and last the finished Answer, whose content is their concatenation.

        A `Counted` before a piece gives the members behind the `[[ref:KEY]]` marks in it.
        """
        ...
