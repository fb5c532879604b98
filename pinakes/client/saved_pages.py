"""Web pages that were saved as HTML, taken in as links; nothing is fetched."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pinakes.core.errors import ValidationError, error_class
from pinakes.core.uploads import UploadResult, upload_result
from pinakes.ingestion.admission import address
from pinakes.ingestion.ingestor import Ingestor
from pinakes.ingestion.readers.page_facts import LONGEST_URL

MOST_TAGS = 40


class SavedPages:
    """The part of `client.links` that takes pages from disk."""

    def __init__(self, ingestor: Ingestor) -> None:
        self._ingestor = ingestor

    async def add_saved(
        self,
        page: str | Path | bytes,
        *,
        url: str | None = None,
        filename: str | None = None,
        folder_path: str = "",
        title: str | None = None,
        tags: Sequence[str] = (),
        skip_duplicates: bool = True,
        wait: bool = True,
    ) -> UploadResult:
        """Take in a web page that was saved as HTML, as a link; nothing is fetched.

        Args:
            page: The saved page: its path, or its bytes.
            url: Where it was saved from; without it the page's own word counts (its canonical link, Open Graph, or
                the comment that browsers write when they save).
            filename: Its name in the library; for bytes "page.html" by default.

        Raises:
            ValidationError: The url is no web address or too long, or there are too many tags.
            PathError, UnsupportedFileError, EmptyFileError, FileTooLargeError: Nothing was taken in.
            DocumentProcessingError: It was taken in but could not be read.
        """
        _check(url, tags)
        known = {
            "folder_path": folder_path,
            "tags": tags,
            "title": title,
            "skip_duplicates": skip_duplicates,
            "link": True,
            "url": url,
        }
        if isinstance(page, bytes):
            record = await self._ingestor.add_bytes(page, filename or "page.html", **known)  # type: ignore[arg-type]
        else:
            record = await self._ingestor.add_path(_path(page), filename=filename, **known)  # type: ignore[arg-type]
        if wait:
            deduplicated = record.deduplicated
            record = (await self._ingestor.wait([record.id]))[0]
            record = record.model_copy(update={"deduplicated": deduplicated})
        result = upload_result(record)
        if result.is_failed:
            raise error_class(str(result.description_error_type))(
                str(result.description_error), file_id=result.image_id, filename=result.filename
            )
        return result


def _path(page: str | Path) -> Path:
    return Path(page).expanduser()


def _check(url: str | None, tags: Sequence[str]) -> None:
    if url is not None and (not address(url) or len(url) > LONGEST_URL):
        raise ValidationError(
            f"A link's url begins with http:// or https:// and has up to {LONGEST_URL:,} characters.", url=url
        )
    check_tags(tags)


def check_tags(tags: Sequence[str]) -> None:
    """Check how many tags a link gets. Raises ValidationError."""
    if len(tags) > MOST_TAGS:
        raise ValidationError(f"A link has up to {MOST_TAGS} tags.", count=len(tags))
