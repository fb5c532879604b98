"""What single agents give when they are called without a conversation. Names follow the hosted SDK."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from pinakes.core.changes import ChangeSet
from pinakes.core.errors import ValidationError
from pinakes.core.evidence import resolve_marks
from pinakes.core.file_collection import FileCollection, FileRef
from pinakes.core.findings import ReportRef
from pinakes.core.listing import Listing
from pinakes.core.value import Value


class ResultRefData(Value):
    """The members behind a count."""

    count: int
    ids: list[str] = Field(default_factory=list)
    image_ids: list[str] = Field(default_factory=list)
    id_type: str = ""
    label: str = ""


class AgentResult(Value):
    """What every agent's result has; `summary_raw` carries citation marks, `summary` reads without them."""

    success: bool
    summary_raw: str = ""
    result_refs: dict[str, ResultRefData] = Field(default_factory=dict)
    execution_time_ms: int = 0
    iterations: int = 1
    search_strategy: dict[str, Any] | None = None
    token_usage: dict[str, int] | None = None

    @property
    def summary(self) -> str:
        """The summary with its marks replaced by readable words."""
        return resolve_marks(self.summary_raw, {k: r.model_dump() for k, r in self.result_refs.items()})


class SearchAgentResult(AgentResult, Listing):
    """What the results of searches share."""

    results: list[Any] = Field(default_factory=list)

    @property
    def items(self) -> list[Any]:
        """What was found."""
        return self.results

    def as_collection(self) -> FileCollection:
        """Return the files that were found, each once, best first."""
        return FileCollection.of(self.results, "search")


class ImageSearchResultItem(Value):
    """A picture that was found; `description` says why."""

    image_id: str
    score: float
    filename: str | None = None
    title: str | None = None
    description: str | None = None
    folder_id: str | None = None
    thumbnail_url: str | None = None
    features: list[dict[str, Any]] | None = None


class ImageSearchAgentResult(SearchAgentResult):
    """Pictures, best first."""

    results: list[ImageSearchResultItem] = Field(default_factory=list)

    @property
    def count(self) -> int:
        """How many pictures there are."""
        return len(self.results)

    @property
    def result_ids(self) -> list[str]:
        """Their ids, best first."""
        return [item.image_id for item in self.results]


class DocumentChunkResultItem(Value):
    """A passage that was found."""

    chunk_id: str
    document_id: str
    document_filename: str
    text: str
    score: float
    page_numbers: list[int] | None = None
    chunk_index: int | None = None


class DocumentSearchAgentResult(SearchAgentResult):
    """Passages, best first."""

    results: list[DocumentChunkResultItem] = Field(default_factory=list)
    search_mode: str = "hybrid"

    @property
    def count(self) -> int:
        """How many passages there are."""
        return len(self.results)

    @property
    def chunk_ids(self) -> list[str]:
        """The passages' ids, best first."""
        return [item.chunk_id for item in self.results]

    @property
    def document_ids(self) -> list[str]:
        """The documents they stand in, each once, best first."""
        return list(dict.fromkeys(item.document_id for item in self.results))

    def as_collection(self, by: str = "document") -> FileCollection:
        """Return the documents that were found, or with `by="chunk"` the passages. Raises ValidationError."""
        if by == "document":
            return super().as_collection()
        if by != "chunk":
            raise ValidationError("A collection is by document or by chunk.", by=by)
        refs = (
            FileRef(
                id=item.chunk_id,
                media_type="document",
                filename=item.document_filename,
                metadata={"document_id": item.document_id},
            )
            for item in self.results
        )
        return FileCollection(refs, source_capability="search")


class MatchedSceneItem(Value):
    """A stretch of a video, in seconds."""

    scene_id: str
    scene_index: int
    start_time: float
    end_time: float
    time_range_formatted: str
    description: str
    score: float
    tags: list[str] | None = None
    thumbnail_url: str | None = None


class VideoSearchResultItem(Value):
    """A video that was found, with the scenes that matched."""

    video_id: str
    video_filename: str
    score: float
    video_description: str = ""
    duration_seconds: float | None = None
    resolution: str | None = None
    thumbnail_url: str | None = None
    matched_scenes: list[MatchedSceneItem] | None = None


class VideoSearchAgentResult(SearchAgentResult):
    """Videos, best first."""

    results: list[VideoSearchResultItem] = Field(default_factory=list)
    search_mode: str = "hybrid"

    @property
    def count(self) -> int:
        """How many videos there are."""
        return len(self.results)

    @property
    def video_ids(self) -> list[str]:
        """Their ids, best first."""
        return [item.video_id for item in self.results]


class ChunkReference(Value):
    """A passage that an analysis stands on."""

    chunk_id: str
    document_id: str
    document_filename: str | None = None
    page_numbers: list[int] | None = None


class SynthesizeResult(AgentResult):
    """A report that was written; `report` is its Markdown."""

    report: str = ""
    image_count: int = 0
    document_count: int = 0
    saved_document_id: str | None = None
    reference: ReportRef | None = None


class DocumentAnalysisResult(AgentResult):
    """What an analysis of documents says, and the passages it stands on."""

    analysis: str = ""
    document_count: int = 0
    categorization: dict[str, Any] | None = None
    chunk_references: list[ChunkReference] = Field(default_factory=list)


class FolderActionDetail(Value):
    """One thing that was done to a folder."""

    action: str
    folder_id: str | None = None
    folder_name: str | None = None
    file_count: int | None = None


class OrganizeResult(AgentResult):
    """What was changed, or with `dry_run` would be; `entry_id` names it for `client.undo`."""

    actions: list[FolderActionDetail] = Field(default_factory=list)
    folders_created: int = 0
    files_moved: int = 0
    changes: ChangeSet | None = None
    entry_id: str | None = None
