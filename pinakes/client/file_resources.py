"""Every resource about files, put together over one library."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Self

from pinakes.client.colors import ColorsResource
from pinakes.client.copies import Copies
from pinakes.client.documents import DocumentsResource
from pinakes.client.files import FilesResource
from pinakes.client.folders import FoldersResource
from pinakes.client.presigned import PreparedUploads
from pinakes.client.quota import Quota
from pinakes.client.uploading import Uploader
from pinakes.client.uploads import UploadResource
from pinakes.ingestion.ingestor import Ingestor
from pinakes.library.library import Library


@dataclass(frozen=True)
class FileResources:
    """Views of the same files."""

    files: FilesResource
    uploads: UploadResource
    documents: DocumentsResource
    folders: FoldersResource
    colors: ColorsResource

    @classmethod
    def of(cls, library: Library, ingestor: Ingestor, folder: Path) -> Self:
        """Return the resources of a library; what can be made again goes into folders of its own, and goes when old."""
        uploader, quota = Uploader(library, ingestor), Quota(library, folder)
        copies = Copies(library, folder / "cache")
        copies.sweep()
        prepared = PreparedUploads(library, ingestor, folder / "uploads")
        return cls(
            files=FilesResource(library, uploader, copies),
            uploads=UploadResource(library, uploader, quota),
            documents=DocumentsResource(library, uploader, prepared, quota, copies),
            folders=FoldersResource(library),
            colors=ColorsResource(library),
        )
