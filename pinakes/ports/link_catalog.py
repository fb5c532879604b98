"""What a catalog knows of links."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from pinakes.core.files import FileRecord, LinkFacts
from pinakes.core.value import Value


class PageContent(Value):
    """The bytes of a page, where they are and what they are."""

    sha256: str
    size_bytes: int
    content_type: str


@runtime_checkable
class LinkCatalog(Protocol):
    """Links and the pages that they stand for."""

    async def find_link(self, url: str) -> FileRecord | None:
        """Return the oldest link with exactly this address, if any."""
        ...

    async def store_page(
        self, file_id: str, facts: LinkFacts, page: PageContent | None = None
    ) -> tuple[str, ...]:
        """Keep what is known of a link, and with `page` its new content; its text stays until it is read anew.

        Returns:
            The blobs that nothing refers to any longer.

        Raises ResourceNotFoundError.
        """
        ...
