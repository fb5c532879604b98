"""Files as listings and details show them. Names and fields follow the hosted SDK; ours come last."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import Field

from pinakes.core.display import bundle, gallery_html, table_html
from pinakes.core.files import Crawl, FileRecord, FileStatus, LinkFacts, MediaType
from pinakes.core.links import crawl_status
from pinakes.core.listing import Listing
from pinakes.core.uploads import described, seen_text
from pinakes.core.value import Value


class FullDescription(Value):
    """What a model says of a picture, or heard and saw in a video."""

    id: str
    description: str
    visible_text: str | None = None
    confidence_score: float | None = None
    processing_time_ms: int | None = None
    created_at: datetime | None = None
    model: str | None = None
    title: str | None = None
    tags: list[str] | None = None


class ProcessingHistory(Value):
    """How reading a file went; the last time alone is kept."""

    id: str
    status: str
    created_at: datetime | None = None
    completed_at: datetime | None = None
    error_message: str | None = None


class UserFile(Value):
    """One file in a listing."""

    id: str
    size_bytes: int
    has_full_description: bool = False
    title: str | None = None
    filename: str | None = None
    thumbnail_url: str | None = None
    upload_description: str | None = None
    visible_text: str | None = None
    tags: list[str] | None = None
    created_at: datetime | None = None
    content_created_at: datetime | None = None
    dimensions: dict[str, int] | None = None
    format: str | None = None
    variant_status: str | None = None
    variant_count: int | None = None
    medium_url: str | None = None
    full_url: str | None = None
    blur_hash: str | None = None
    description_status: str | None = None
    description_error: str | None = None
    content_type: str | None = None
    media_type: str | None = None
    video_metadata: dict[str, Any] | None = None
    video_analysis_status: str | None = None
    video_analysis_job_id: str | None = None
    scene_count: int | None = None
    has_audio_transcript: bool | None = None
    video_url: str | None = None
    document_type: str | None = None
    page_count: int | None = None
    text_extraction_status: str | None = None
    chunk_count: int | None = None
    source_url: str | None = None
    domain: str | None = None
    folder_id: str | None = None
    folder_path: str = ""
    project_id: str | None = None
    content_category: str | None = None
    storage_target: str = "default"

    @classmethod
    def of(cls, record: FileRecord) -> UserFile:
        """Return the listing entry of a catalog record."""
        return cls(**_listed(record))


class UserFileDetails(UserFile):
    """All that is known of one file; its addresses are `file://` ones, to be read and not written to."""

    object_key: str = ""
    hash: str = ""
    original_url: str | None = None
    description_generated_at: datetime | None = None
    full_descriptions: list[FullDescription] | None = None
    processing_history: list[ProcessingHistory] | None = None
    updated_at: datetime | None = None
    upload_method: str | None = None
    original_filename: str | None = None
    document_url: str | None = None
    og_metadata: dict[str, Any] | None = None
    favicon_url: str | None = None
    page_title: str | None = None
    crawl_status: str | None = None
    crawl_error: str | None = None
    crawled_at: datetime | None = None
    extracted_images: dict[str, Any] | None = None
    extracted_images_count: int | None = None
    language: str | None = None
    warnings: list[str] = Field(default_factory=list)
    facts: dict[str, Any] | None = None

    @classmethod
    def of(cls, record: FileRecord) -> UserFileDetails:
        """Return the details of a catalog record."""
        return cls(
            **_listed(record) | _of_link(record),
            object_key=record.sha256,
            hash=record.sha256,
            description_generated_at=record.description.at if record.description else None,
            full_descriptions=_descriptions(record),
            processing_history=(_history(record),),
            updated_at=record.updated_at,
            upload_method="streaming",
            original_filename=record.filename,
            language=record.language,
            warnings=record.warnings,
            facts=record.facts.model_dump(mode="json") if record.facts else None,
        )


class FileList(Listing):
    """A page of files."""

    files: list[UserFile]
    total_count: int
    has_more: bool = False

    @property
    def items(self) -> list[UserFile]:
        """The files."""
        return self.files

    @property
    def results(self) -> list[UserFile]:
        """The files."""
        return self.files

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        rows = [
            (f.filename, f.media_type, f.folder_path, f.page_count, f.description_status) for f in self.files
        ]
        pictures = [(f.filename or "", f.thumbnail_url, "") for f in self.files if f.thumbnail_url]
        html = table_html(("file", "kind", "folder", "pages", "status"), rows) + gallery_html(pictures)
        return bundle(f"{len(self.files)} of {self.total_count} files", html)


class UpdateFileResult(Value):
    """A file's title and tags as they are now."""

    id: str
    title: str | None = None
    tags: list[str] | None = None
    updated_at: datetime | None = None


class DeleteFileResult(Value):
    """That a file was deleted; it can be restored for 30 days."""

    id: str
    deleted_at: datetime | None = None
    message: str = ""


class BatchDeleteFileResult(Value):
    """What became of one file of several to delete."""

    id: str
    status: str
    message: str | None = None
    deleted_at: datetime | None = None


class BatchDeleteFilesResponse(Value):
    """What became of several files to delete; those skipped were not there."""

    deleted: list[BatchDeleteFileResult] = Field(default_factory=list)
    skipped: list[BatchDeleteFileResult] = Field(default_factory=list)
    failed: list[BatchDeleteFileResult] = Field(default_factory=list)
    summary: dict[str, int] = Field(default_factory=dict)


class RestoreFilesResult(Value):
    """How many deleted files came back."""

    restored: int
    total_requested: int


def document_type(record: FileRecord) -> str | None:
    """Return what kind of document a file is, by its name's ending; None for other files."""
    if record.media_type != MediaType.DOCUMENT:
        return None
    name = record.filename.rsplit(".", 1)
    return name[1].lower() if len(name) == 2 else "text"


def _listed(record: FileRecord) -> dict[str, Any]:
    facts = record.facts or record.video
    return {
        "id": record.id,
        "size_bytes": record.size_bytes,
        "has_full_description": bool(record.description and record.description.text),
        "title": record.title,
        "filename": record.filename,
        "upload_description": described(record),
        "visible_text": seen_text(record),
        "tags": record.tags or None,
        "created_at": record.created_at,
        "content_created_at": record.content_created_at,
        "dimensions": {"width": facts.width, "height": facts.height} if facts else None,
        "format": facts.format if facts else None,
        "description_status": record.status.value,
        "description_error": record.failure.message if record.failure else None,
        "content_type": record.content_type,
        "media_type": record.media_type.value,
        "document_type": document_type(record),
        "page_count": record.page_count,
        "text_extraction_status": record.status.value,
        "chunk_count": record.chunk_count,
        "source_url": record.source,
        "domain": record.link.domain if record.link else None,
        "folder_id": record.folder_id,
        "folder_path": record.folder_path,
        "project_id": record.project_id,
        "content_category": record.content_category,
        "storage_target": record.storage,
        **_of_video(record),
    }


def _of_video(record: FileRecord) -> dict[str, Any]:
    video = record.video
    if record.media_type is not MediaType.VIDEO or video is None:
        return {}
    heard = record.transcript is not None or any(scene.speech for scene in video.scenes)
    return {
        "video_metadata": video.model_dump(mode="json", exclude={"scenes"}, exclude_none=True),
        "video_analysis_status": record.status.value,
        "video_analysis_job_id": record.id,
        "scene_count": len(video.scenes),
        "has_audio_transcript": heard,
    }


def _open_graph(link: LinkFacts) -> dict[str, str]:
    """Return what a page says of itself by the names of the hosted service that are not ours."""
    named = {"site_name": link.site, "image": link.picture, "image_url": link.picture, "type": link.kind}
    return {name: value for name, value in named.items() if value is not None}


def _of_link(record: FileRecord) -> dict[str, Any]:
    if record.media_type is not MediaType.LINK:
        return {}
    link = record.link or LinkFacts()
    crawl = link.crawl or Crawl(
        fetched_at=record.updated_at if record.status is FileStatus.COMPLETED else None
    )
    pictures = [picture.model_dump() for picture in link.pictures]
    said = link.model_dump(mode="json", exclude_none=True, exclude={"crawl", "pictures", "icon"})
    return {
        "og_metadata": said | _open_graph(link) if said else None,
        "favicon_url": link.icon,
        "page_title": link.title or record.title,
        "crawl_status": crawl_status(record).value,
        "crawl_error": record.failure.message if record.failure else crawl.error,
        "crawled_at": crawl.fetched_at,
        "extracted_images": {"images": pictures} if pictures else None,
        "extracted_images_count": len(pictures),
    }


def _descriptions(record: FileRecord) -> tuple[FullDescription, ...]:
    said = record.description
    if said is None or not said.text:
        return ()
    one = FullDescription(
        id=record.id,
        description=said.text,
        visible_text=said.visible_text or None,
        created_at=said.at,
        model=said.model,
        title=said.title or None,
        tags=said.tags or None,
    )
    return (one,)


def _history(record: FileRecord) -> ProcessingHistory:
    settled = record.status in (FileStatus.COMPLETED, FileStatus.FAILED)
    return ProcessingHistory(
        id=record.id,
        status=record.status.value,
        created_at=record.created_at,
        completed_at=record.updated_at if settled else None,
        error_message=record.failure.message if record.failure else None,
    )
