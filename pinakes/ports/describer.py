"""Describing pictures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from pinakes.core.files import Description
from pinakes.core.prompts import Data, Picture


@runtime_checkable
class Describer(Protocol):
    """Says what a picture shows; `name` is that of the model, and is kept with its words.

    `side` is the longer side, in pixels, of the pictures it wants.
    """

    @property
    def name(self) -> str: ...

    @property
    def side(self) -> int: ...

    async def describe(self, picture: Picture, known: Sequence[Data] = ()) -> Description:
        """Return a description of one picture, of which something is known already. Raises ModelError."""
        ...

    def expected_tokens(self, width: int, height: int) -> tuple[int, int]:
        """Return about how many tokens a picture of this original size takes: in, out."""
        ...
