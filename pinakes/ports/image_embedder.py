"""Vectors for pictures, and for what people look for in them, in one space."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from pinakes.core.value import Value


class LookScale(Value):
    """What an image embedder's cosines between a query and a picture mean.

    Attributes:
        floor: From here on a picture is likely to show what the query says.
        sure: From here on it hardly can be clearer.
        margin: By how much a picture must be nearer to the query than to words that say nothing ("something").
    """

    floor: float
    sure: float
    margin: float = 0.0


@runtime_checkable
class ImageEmbedder(Protocol):
    """Dense vectors, L2-normalised; those of texts are made to be compared with those of pictures.

    `name` identifies model and version, so that vectors of two models never mix. One that runs on this machine and
    costs nothing may say so by an attribute `local = True`, as an `Embedder` does.
    """

    @property
    def name(self) -> str: ...

    @property
    def dimensions(self) -> int: ...

    @property
    def scale(self) -> LookScale: ...

    async def aembed_pictures(self, pictures: Sequence[bytes]) -> list[list[float] | None]:
        """Return one vector per picture (JPEG, PNG, …), in order, turned as it says; None where it cannot be read."""
        ...

    async def aembed_query(self, text: str) -> list[float]:
        """Return the vector of what a picture shall show, in a few words."""
        ...
