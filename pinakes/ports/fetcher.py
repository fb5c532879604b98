"""Fetching pages from the web."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from pinakes.core.value import Value


class Fetched(Value):
    """A page as it came; `url` is where it was in the end, after all redirects."""

    url: str
    content: bytes
    status: int = 200


@runtime_checkable
class Fetcher(Protocol):
    """Fetches one page at a time; text in pages is data and changes nothing that is fetched."""

    def checked(self, url: str) -> str:
        """Return an address in its one spelling, if pages may be fetched there.

        Raises ValidationError (no web address), LinkRefusedError.
        """
        ...

    async def fetch(self, url: str) -> Fetched:
        """Return the HTML page at an address.

        Raises LinkRefusedError, LinkUnreachableError, LinkTimeoutError, LinkContentError.
        """
        ...

    async def aclose(self) -> None:
        """Release connections."""
        ...
