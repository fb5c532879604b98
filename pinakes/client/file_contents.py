"""What is in files: their text, pieces, pages, pictures and bytes, and passages found in them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pinakes.client.copies import SIDES, Copies, save_copy
from pinakes.client.digitization import digitized, digitized_page, status_of
from pinakes.client.file_texts import chunk_dict, chunks_of, passages, text_of
from pinakes.client.uploading import Uploader
from pinakes.core.documents import DocumentSearchResponse, ProcessingStatus
from pinakes.core.errors import PinakesTimeoutError, ResourceNotFoundError
from pinakes.core.files import FileRecord
from pinakes.library.library import Library


class FileContents:
    """The reading half of `client.files`."""

    def __init__(self, library: Library, uploader: Uploader, copies: Copies) -> None:
        self._library = library
        self._uploader = uploader
        self._copies = copies

    async def get_processing_status(self, file_id: str) -> ProcessingStatus:
        """Return how far a file came. Raises ResourceNotFoundError."""
        return processing_status(await self._library.catalog.get_file(file_id))

    async def wait_for_processing(
        self, file_id: str, *, timeout: float | None = None, poll_interval: float | None = None
    ) -> ProcessingStatus:
        """Return when a file is searchable or has failed; nothing is polled, so `poll_interval` says nothing.

        Raises:
            ResourceNotFoundError: There is no such file.
            PinakesTimeoutError: It took longer than `timeout` seconds.
        """
        record = await self._library.catalog.get_file(file_id)
        status = processing_status(await self._uploader.settled(record, timeout))
        if status.is_processing:
            raise PinakesTimeoutError(
                f"The file is still being read after {timeout} seconds: wait longer.", file_id=file_id
            )
        return status

    async def get_text(self, file_id: str) -> dict[str, Any]:
        """Return a file's text: `{"text", "file_id", "document_id", "filename", "page_count", "char_count"}`.

        Raises ResourceNotFoundError.
        """
        record = await self._library.catalog.get_file(file_id)
        text = await text_of(self._library, record)
        return {
            "file_id": record.id,
            "document_id": record.id,
            "filename": record.filename,
            "text": text,
            "page_count": record.page_count,
            "char_count": len(text),
        }

    async def get_chunks(self, file_id: str, *, include_embeddings: bool = False) -> dict[str, Any]:
        """Return a file's pieces: `{"total_chunks", "chunks", "document_id"}`. Raises ResourceNotFoundError."""
        record = await self._library.catalog.get_file(file_id)
        chunks = await chunks_of(self._library, record, embeddings=include_embeddings)
        told = [chunk_dict(chunk, include_embeddings) for chunk in chunks]
        return {"document_id": record.id, "total_chunks": len(told), "chunks": told}

    async def get_digitization_status(self, file_id: str) -> dict[str, Any]:
        """Return how far reading a file came: `{"status", "page_count", …}`. Raises ResourceNotFoundError."""
        return status_of(await self._library.catalog.get_file(file_id))

    async def get_digitization(self, file_id: str) -> dict[str, Any]:
        """Return every page of a file with its elements.

        Each element has `type`, `content` and `bounding_box` [x0, y0, x1, y1] from 0 to 1, origin top left.

        Raises ResourceNotFoundError.
        """
        return await digitized(self._library, await self._library.catalog.get_file(file_id))

    async def get_digitization_page(self, file_id: str, page_number: int) -> dict[str, Any]:
        """Return one page, from 1, as `get_digitization` has it. Raises ResourceNotFoundError."""
        return await digitized_page(self._library, await self._library.catalog.get_file(file_id), page_number)

    async def search(
        self,
        query: str,
        *,
        limit: int = 20,
        similarity_threshold: float = 0.0,
        document_ids: Sequence[str] | None = None,
        media_types: Sequence[str] | None = None,
    ) -> DocumentSearchResponse:
        """Return the passages that fit a query by meaning and by words, best first.

        Args:
            similarity_threshold: Least score or likeness of meaning (cosine), 0 to 1.
            document_ids: Search in these files alone.

        Raises:
            ValidationError: The query is empty or over 2,000 characters, or the limit is outside 1–500.
        """
        return await passages(
            self._library,
            query,
            limit=limit,
            threshold=similarity_threshold,
            ids=document_ids,
            media_types=media_types,
        )

    async def get_variant(self, file_id: str, variant_type: str = "medium_750") -> str:
        """Return the `file://` address of a smaller copy of a picture, made at first use.

        Args:
            variant_type: "tiny_64", "small_256", "medium_750" or "large_1024" (longer side in pixels), or "original".

        Raises:
            ResourceNotFoundError: There is no such file, or it has no picture.
            ValidationError: There is no such variant.
        """
        record = await self._library.catalog.get_file(file_id)
        return (await self._copies.variant(record, variant_type)).as_uri()

    async def trigger_variant_generation(self, file_id: str) -> dict[str, Any]:
        """Make all smaller copies of a picture now and return where they are. Raises ResourceNotFoundError."""
        record = await self._library.catalog.get_file(file_id)
        made = {name: (await self._copies.variant(record, name)).as_uri() for name in SIDES}
        return {"image_id": file_id, "status": "completed", "variant_count": len(made), "variants": made}

    async def get_thumbnail(self, file_id: str) -> bytes:
        """Return a file's small picture as JPEG. Raises ResourceNotFoundError where it has none."""
        picture = await self._library.thumbnail(file_id)
        if picture is None:
            raise ResourceNotFoundError("The file has no thumbnail.", file_id=file_id)
        return picture

    async def download(self, file_id: str) -> bytes:
        """Return a file's bytes as they were uploaded. Raises ResourceNotFoundError."""
        return await self._library.content(file_id)

    async def download_to(self, file_id: str, path: str | Path) -> Path:
        """Write a file to a path, or into a folder under its own name, and return where it is.

        Raises ResourceNotFoundError, PathError.
        """
        record = await self._library.catalog.get_file(file_id)
        source = await self._library.blobs.local_path(record.sha256)
        return await save_copy(source, Path(path), record.filename)

    async def download_url(self, file_id: str) -> str:
        """Return the `file://` address of a copy under the file's own name, which is kept for an hour.

        Raises ResourceNotFoundError.
        """
        return (await self._copies.handed_out(await self._library.catalog.get_file(file_id))).as_uri()


def processing_status(record: FileRecord) -> ProcessingStatus:
    """Return how far a file came."""
    return ProcessingStatus(
        document_id=record.id,
        text_extraction_status=record.status.value,
        embedding_status=record.status.value,
        page_count=record.page_count,
        chunk_count=record.chunk_count,
        error_message=record.failure.message if record.failure else None,
        error_type=record.failure.code if record.failure else None,
    )
