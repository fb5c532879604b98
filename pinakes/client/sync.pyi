"""Types of sync.py; made by scripts/write_sync_types.py."""

import builtins
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from pinakes.agents.reporting.claims import ReportCheck
from pinakes.agents.spec import AgentSpec
from pinakes.client.client import Pinakes
from pinakes.client.client_resources import Graph
from pinakes.client.describe_results import DescribeEstimate, DescribeProgress, DescribeReport
from pinakes.client.describing import OnDescribed
from pinakes.client.descriptions import Image
from pinakes.client.error_names import ErrorNames
from pinakes.client.model_roles import GivenModel
from pinakes.client.pipelines import Dependencies
from pinakes.client.reindexing import OnReindexed, ReindexEstimate, ReindexReport
from pinakes.client.settings import Settings
from pinakes.client.sources import Source
from pinakes.client.transport import Transport
from pinakes.core.agent_results import (
    DocumentAnalysisResult,
    DocumentSearchAgentResult,
    ImageSearchAgentResult,
    OrganizeResult,
    SynthesizeResult,
    VideoSearchAgentResult,
)
from pinakes.core.approvals import PlanActionResponse
from pinakes.core.batches import StorageTarget, UploadBatch
from pinakes.core.callbacks import (
    DescriptionFailedEvent,
    DescriptionProgressEvent,
    DocumentFileCompleteEvent,
    DocumentProcessingFailedEvent,
    DocumentProcessingProgressEvent,
    DocumentUploadProgressEvent,
    FileCompleteEvent,
    UploadProgressEvent,
)
from pinakes.core.changes import ChangeSet, JournalEntry
from pinakes.core.chat import ChatMessage, ChatResponse, ChatToken, ImageReference
from pinakes.core.colors import (
    BatchColorExtractionResult,
    ColorExtractionResult,
    ColorFamilyInfo,
    ColorSearchResponse,
    ColorSearchResult,
)
from pinakes.core.descriptions import DescriptionResult
from pinakes.core.documents import (
    BatchDocumentUploadResults,
    DocumentBatchConfirmResult,
    DocumentBatchDeleteResponse,
    DocumentBatchPrepareResult,
    DocumentBatchStatusResult,
    DocumentChunksResponse,
    DocumentConfirmResult,
    DocumentDetails,
    DocumentItem,
    DocumentList,
    DocumentPresignedUploadResult,
    DocumentQuotaCheck,
    DocumentSearchResponse,
    DocumentStatusResult,
    DocumentUploadResult,
    ProcessingStatus,
)
from pinakes.core.findings import ReportRef
from pinakes.core.folders import (
    DeleteFolderResult,
    Folder,
    FolderBreadcrumbs,
    FolderContents,
    FolderTree,
    MoveFilesResult,
)
from pinakes.core.links import (
    CreateLinkResult,
    LinkDeleteResult,
    LinkDetails,
    LinkItem,
    LinkList,
    LinkUpdateResult,
    RecrawlLinkResult,
)
from pinakes.core.options import Budget, TurnOptions
from pinakes.core.pipelines import PipelineResult, PipelineStep
from pinakes.core.plans import Plan
from pinakes.core.sessions import (
    ChatImageList,
    ChatSession,
    ChatSessionDetail,
    SessionList,
    TurnSummary,
)
from pinakes.core.uploads import BatchUploadResults, DescriptionStatus, LibraryStatus, QuotaInfo, UploadResult
from pinakes.core.user_files import (
    BatchDeleteFilesResponse,
    DeleteFileResult,
    FileList,
    RestoreFilesResult,
    UpdateFileResult,
    UserFile,
    UserFileDetails,
)
from pinakes.core.videos import (
    BatchVideoUploadSession,
    ChunkConfirmResult,
    ChunkRetryResult,
    VideoAbortResult,
    VideoAnalysisJobStatus,
    VideoAnalysisProgressEvent,
    VideoAnalysisQueueResult,
    VideoAnalysisRetryResult,
    VideoChunkProgressEvent,
    VideoSceneList,
    VideoUploadCompleteEvent,
    VideoUploadProgress,
    VideoUploadResult,
    VideoUploadSession,
)
from pinakes.ingestion.progress import IngestEvent
from pinakes.ports.embedder import Embedder
from pinakes.ports.image_embedder import ImageEmbedder
from pinakes.ports.planner import Planner
from pinakes.ports.reranker import Reranker
from pinakes.ports.writer import Writer

class SyncAgentOperationsResource:
    def analyze_documents(self, intent: str, document_ids: Sequence[str]) -> DocumentAnalysisResult: ...
    def organize(
        self,
        intent: str,
        *,
        image_ids: Sequence[str] | None = None,
        document_ids: Sequence[str] | None = None,
        parent_folder_id: str | None = None,
        dry_run: bool = False,
    ) -> OrganizeResult: ...
    def synthesize(
        self,
        intent: str,
        *,
        image_ids: Sequence[str] | None = None,
        document_ids: Sequence[str] | None = None,
        auto_save: bool = False,
    ) -> SynthesizeResult: ...

class SyncAgentSearchResource:
    def documents(
        self,
        query: str,
        *,
        limit: int = 50,
        document_types: Sequence[str] | None = None,
        document_ids: Sequence[str] | None = None,
    ) -> DocumentSearchAgentResult: ...
    def images(
        self,
        query: str,
        *,
        limit: int = 50,
        folder_id: str | None = None,
        image_ids: Sequence[str] | None = None,
    ) -> ImageSearchAgentResult: ...
    def videos(
        self,
        query: str,
        *,
        limit: int = 50,
        folder_id: str | None = None,
        video_ids: Sequence[str] | None = None,
    ) -> VideoSearchAgentResult: ...

class SyncChatResource:
    def approve_plan(self, session_id: str, plan_id: str, *, wait: bool = True) -> PlanActionResponse: ...
    def branch_session(
        self, session_id: str, from_message_id: str, *, title: str | None = None
    ) -> ChatSession: ...
    def cancel(self, turn_id: str) -> bool: ...
    def cancel_plan(
        self, session_id: str, plan_id: str, reason: str | None = None, *, wait: bool = True
    ) -> PlanActionResponse: ...
    def cancel_session(self, session_id: str) -> bool: ...
    def close_session(self, session_id: str) -> dict[str, Any]: ...
    def create_session(
        self, *, title: str | None = None, image_ids: Sequence[str] | None = None, use_all_images: bool = True
    ) -> ChatSession: ...
    def edit_message(
        self, session_id: str, message_id: str, text: str, *, title: str | None = None
    ) -> ChatResponse: ...
    def edit_plan(
        self, session_id: str, plan_id: str, changes: ChangeSet | Mapping[str, Any], *, wait: bool = True
    ) -> PlanActionResponse: ...
    def events(self, turn_id: str, *, after: int = 0) -> SyncChatStream: ...
    def export_session(
        self, session_id: str, *, format: str = "markdown", include_metadata: bool = False
    ) -> bytes: ...
    def get_all_images(self, *, limit: int = 1000, offset: int = 0) -> ChatImageList: ...
    def get_messages(self, session_id: str, *, limit: int | None = None) -> list[ChatMessage]: ...
    def get_session(
        self, session_id: str, *, include_messages: bool = True, message_limit: int | None = None
    ) -> ChatSessionDetail: ...
    def history(self, session_id: str) -> list[TurnSummary]: ...
    def illustrate(self, response: ChatResponse) -> ChatResponse: ...
    def iter_all_images(self, *, page_size: int = 1000) -> Iterator[str]: ...
    def iter_sessions(
        self, *, page_size: int = 20, active_only: bool = False, search: str | None = None
    ) -> Iterator[ChatSession]: ...
    def list_sessions(
        self, *, limit: int = 20, offset: int = 0, active_only: bool = False, search: str | None = None
    ) -> SessionList: ...
    def rename_session(self, session_id: str, title: str) -> dict[str, Any]: ...
    def respond_plan(
        self, session_id: str, plan_id: str, message: str, *, wait: bool = True
    ) -> PlanActionResponse: ...
    def resume(self, session_id: str, turn_id: str | None = None, *, after: int = 0) -> SyncChatStream: ...
    def search_images(self, query: str, *, limit: int = 50, offset: int = 0) -> list[ImageReference]: ...
    def send(
        self,
        message: str,
        *,
        session_id: str,
        force_detailed_analysis: bool = False,
        expected_image_ids: Sequence[str] | None = None,
        options: TurnOptions | None = None,
    ) -> ChatResponse: ...
    def send_stream(
        self,
        message: str,
        *,
        session_id: str,
        force_detailed_analysis: bool = False,
        expected_image_ids: Sequence[str] | None = None,
        debug_reasoning: bool = False,
        options: TurnOptions | None = None,
    ) -> SyncChatStream: ...
    def session(
        self,
        *,
        title: str | None = None,
        image_ids: Sequence[str] | None = None,
        use_all_images: bool = True,
        auto_close: bool = True,
        session_id: str | None = None,
    ) -> SyncChatSession: ...
    def settle(self, session_id: str) -> None: ...
    def update_documents(self, session_id: str, document_ids: Sequence[str]) -> dict[str, Any]: ...
    def update_domain(self, session_id: str, domain: str) -> dict[str, Any]: ...
    def update_images(self, session_id: str, image_ids: Sequence[str]) -> dict[str, Any]: ...
    def update_mode(self, session_id: str, use_all_images: bool) -> dict[str, Any]: ...
    def update_videos(self, session_id: str, video_ids: Sequence[str]) -> dict[str, Any]: ...

class SyncChatSession:
    def approve_plan(self, plan_id: str, *, wait: bool = True) -> PlanActionResponse: ...
    def branch(self, from_message_id: str, title: str | None = None) -> SyncChatSession: ...
    def cancel(self) -> bool: ...
    def cancel_plan(
        self, plan_id: str, reason: str | None = None, *, wait: bool = True
    ) -> PlanActionResponse: ...
    def close(self) -> dict[str, Any]: ...
    def edit(self, message_id: str, new_text: str) -> ChatResponse: ...
    def edit_plan(
        self, plan_id: str, changes: ChangeSet | Mapping[str, Any], *, wait: bool = True
    ) -> PlanActionResponse: ...
    def export(self, *, format: str = "markdown", include_metadata: bool = False) -> bytes: ...
    def get_messages(self, limit: int | None = None) -> list[ChatMessage]: ...
    def history(self) -> list[TurnSummary]: ...
    @property
    def id(self) -> str: ...
    def illustrate(self, response: ChatResponse) -> ChatResponse: ...
    @property
    def is_closed(self) -> bool: ...
    def rename(self, title: str) -> dict[str, Any]: ...
    def respond_plan(self, plan_id: str, message: str, *, wait: bool = True) -> PlanActionResponse: ...
    def resume(self, turn_id: str | None = None, *, after: int = 0) -> SyncChatStream: ...
    def send(
        self,
        message: str,
        *,
        force_detailed_analysis: bool = False,
        expected_image_ids: Sequence[str] | None = None,
        options: TurnOptions | None = None,
    ) -> ChatResponse: ...
    def send_stream(
        self,
        message: str,
        *,
        force_detailed_analysis: bool = False,
        expected_image_ids: Sequence[str] | None = None,
        debug_reasoning: bool = False,
        options: TurnOptions | None = None,
    ) -> SyncChatStream: ...
    @property
    def session(self) -> ChatSession: ...
    @property
    def session_id(self) -> str: ...
    def update_documents(self, document_ids: Sequence[str]) -> dict[str, Any]: ...
    def update_domain(self, domain: str) -> dict[str, Any]: ...
    def update_images(self, image_ids: Sequence[str]) -> dict[str, Any]: ...
    def update_mode(self, use_all_images: bool) -> dict[str, Any]: ...
    def update_videos(self, video_ids: Sequence[str]) -> dict[str, Any]: ...
    def __enter__(self) -> Self: ...
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

class SyncChatStream:
    id: str
    def cancel(self) -> bool: ...
    def __iter__(self) -> Iterator[ChatToken]: ...
    def __next__(self) -> ChatToken: ...
    def close(self) -> None: ...
    def __enter__(self) -> Self: ...
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

class SyncColorsResource:
    def batch_extract(
        self, image_ids: Sequence[str], *, force: bool = False, n_colors: int = 16
    ) -> BatchColorExtractionResult: ...
    def extract(self, image_id: str, *, force: bool = False, n_colors: int = 16) -> ColorExtractionResult: ...
    def get(self, image_id: str) -> ColorExtractionResult: ...
    def list_families(self) -> list[ColorFamilyInfo]: ...
    def search(
        self,
        *,
        hex_code: str | None = None,
        color_name: str | None = None,
        color_family: str | None = None,
        delta_e_threshold: float = 15.0,
        min_percentage: float = 5.0,
        limit: int = 50,
        offset: int = 0,
    ) -> ColorSearchResponse: ...
    def search_all(
        self,
        *,
        hex_code: str | None = None,
        color_name: str | None = None,
        color_family: str | None = None,
        delta_e_threshold: float = 15.0,
        min_percentage: float = 5.0,
        page_size: int = 50,
    ) -> Iterator[ColorSearchResult]: ...

class SyncDescribeResource:
    def describe(
        self,
        image: Image | Sequence[Image] | None = None,
        *,
        object_key: str | None = None,
        object_keys: Sequence[str] | None = None,
        include_metadata: bool = True,
        include_tags: bool = True,
        providers: Sequence[str] | None = None,
        prompt: str | None = None,
        rule_set_id: str | None = None,
        rules: Sequence[Mapping[str, Any]] | None = None,
        max_parallel: int = 5,
        timeout_per_item: int = 30,
        on_progress: Callable[[DescribeProgress], None] | None = None,
    ) -> DescriptionResult | list[DescriptionResult]: ...

class SyncDescribing:
    def check(self) -> None: ...
    def drain(self) -> None: ...
    def estimate(
        self,
        *,
        file_ids: Sequence[str] | None = None,
        limit: int | None = None,
        retry_failed: bool = False,
        price_in: float | None = None,
        price_out: float | None = None,
    ) -> DescribeEstimate: ...
    def on_event(self, event: IngestEvent) -> None: ...
    def run(
        self,
        *,
        file_ids: Sequence[str] | None = None,
        limit: int | None = None,
        retry_failed: bool = False,
        budget: Budget = ...,
        on_progress: OnDescribed | None = None,
    ) -> DescribeReport: ...

class SyncDocumentsResource:
    def batch_confirm(
        self, batch_id: str, confirmations: Sequence[Mapping[str, Any]]
    ) -> DocumentBatchConfirmResult: ...
    def batch_delete(self, document_ids: Sequence[str]) -> DocumentBatchDeleteResponse: ...
    def batch_prepare(self, files: Sequence[Mapping[str, Any]]) -> DocumentBatchPrepareResult: ...
    def batch_status(self, batch_id: str) -> DocumentBatchStatusResult: ...
    def confirm_upload(
        self, object_key: str, size_bytes: int, content_type: str, *, checksum: str | None = None
    ) -> DocumentConfirmResult: ...
    def delete(self, document_id: str) -> None: ...
    def download(self, document_id: str) -> str: ...
    def get(self, document_id: str) -> DocumentDetails: ...
    def get_chunks(self, document_id: str, *, include_embeddings: bool = False) -> DocumentChunksResponse: ...
    def get_status(self, document_id: str) -> DocumentStatusResult: ...
    def get_text(self, document_id: str) -> str: ...
    def list(
        self, *, page: int = 1, page_size: int = 20, status_filter: str | None = None
    ) -> DocumentList: ...
    def list_all(
        self, *, page_size: int = 50, status_filter: str | None = None
    ) -> Iterator[DocumentItem]: ...
    def quota_check(self, file_count: int = 1) -> DocumentQuotaCheck: ...
    def request_upload(
        self, filename: str, content_type: str, size_bytes: int, *, storage_target: str = "default"
    ) -> DocumentPresignedUploadResult: ...
    def search(
        self,
        query: str,
        *,
        limit: int = 20,
        similarity_threshold: float = 0.3,
        document_ids: Sequence[str] | None = None,
    ) -> DocumentSearchResponse: ...
    def upload(
        self,
        files: Source | Sequence[Source],
        *,
        filename: str | None = None,
        filenames: Sequence[str] | None = None,
        recursive: bool = True,
        include_hidden: bool = False,
        wait_for_processing: bool = True,
        raise_on_failure: bool = True,
        processing_timeout: float | None = None,
        on_progress: Callable[[DocumentUploadProgressEvent], None] | None = None,
        on_file_complete: Callable[[DocumentFileCompleteEvent], None] | None = None,
        on_processing_progress: Callable[[DocumentProcessingProgressEvent], None] | None = None,
        on_processing_failed: Callable[[DocumentProcessingFailedEvent], None] | None = None,
        storage_target: StorageTarget | str = "default",
    ) -> BatchDocumentUploadResults: ...
    def upload_one(
        self,
        file: Source,
        *,
        filename: str | None = None,
        wait_for_processing: bool = True,
        raise_on_failure: bool = True,
        processing_timeout: float | None = None,
        storage_target: StorageTarget | str = "default",
    ) -> DocumentUploadResult: ...
    def wait_for_processing(
        self, document_id: str, *, timeout: float | None = None, poll_interval: float | None = None
    ) -> DocumentStatusResult: ...

class SyncFilesResource:
    def batch_delete(self, file_ids: Sequence[str]) -> BatchDeleteFilesResponse: ...
    def cancel_batch(self, batch_id: str) -> UploadBatch: ...
    def delete(self, file_id: str) -> DeleteFileResult: ...
    def download(self, file_id: str) -> bytes: ...
    def download_to(self, file_id: str, path: str | Path) -> Path: ...
    def download_url(self, file_id: str) -> str: ...
    def get(self, file_id: str) -> UserFileDetails: ...
    def get_batch(self, batch_id: str) -> UploadBatch: ...
    def get_chunks(self, file_id: str, *, include_embeddings: bool = False) -> dict[str, Any]: ...
    def get_digitization(self, file_id: str) -> dict[str, Any]: ...
    def get_digitization_page(self, file_id: str, page_number: int) -> dict[str, Any]: ...
    def get_digitization_status(self, file_id: str) -> dict[str, Any]: ...
    def get_processing_status(self, file_id: str) -> ProcessingStatus: ...
    def get_text(self, file_id: str) -> dict[str, Any]: ...
    def get_thumbnail(self, file_id: str) -> bytes: ...
    def get_variant(self, file_id: str, variant_type: str = "medium_750") -> str: ...
    def list(
        self,
        *,
        search: str | None = None,
        search_mode: str = "all",
        tags: Sequence[str] | None = None,
        date_from: datetime | None = None,
        date_to: datetime | None = None,
        has_description: bool | None = None,
        ids: Sequence[str] | None = None,
        media_types: Sequence[str] | None = None,
        folder_id: str | None = None,
        folder_path: str | None = None,
        project_id: str | None = None,
        content_category: str | None = None,
        limit: int = 20,
        offset: int = 0,
        sort_by: str = "content_created_at",
        sort_order: str = "desc",
    ) -> FileList: ...
    def list_all(
        self,
        *,
        search: str | None = None,
        search_mode: str = "all",
        tags: Sequence[str] | None = None,
        date_from: datetime | None = None,
        date_to: datetime | None = None,
        has_description: bool | None = None,
        media_types: Sequence[str] | None = None,
        sort_by: str = "content_created_at",
        sort_order: str = "desc",
        page_size: int = 50,
        **more: Any,
    ) -> Iterator[UserFile]: ...
    def list_batches(self, *, limit: int = 20, offset: int = 0) -> builtins.list[UploadBatch]: ...
    def restore(self, file_ids: str | Sequence[str]) -> RestoreFilesResult: ...
    def search(
        self,
        query: str,
        *,
        limit: int = 20,
        similarity_threshold: float = 0.0,
        document_ids: Sequence[str] | None = None,
        media_types: Sequence[str] | None = None,
    ) -> DocumentSearchResponse: ...
    def trigger_variant_generation(self, file_id: str) -> dict[str, Any]: ...
    def update(
        self, file_id: str, *, title: str | None = None, tags: Sequence[str] | None = None
    ) -> UpdateFileResult: ...
    def upload(
        self,
        file: Source,
        *,
        filename: str | None = None,
        folder_id: str | None = None,
        folder_path: str = "",
        project_id: str | None = None,
        storage_target: StorageTarget | str = "default",
        title: str | None = None,
        tags: Sequence[str] = (),
        skip_duplicates: bool = True,
        content_category: str | None = None,
        wait: bool = True,
        raise_on_failure: bool = True,
        timeout: float | None = None,
    ) -> UploadResult: ...
    def upload_batch(
        self,
        files: Source | Sequence[Source],
        *,
        filenames: Sequence[str] | None = None,
        recursive: bool = True,
        include_hidden: bool = False,
        folder_id: str | None = None,
        folder_path: str | None = None,
        project_id: str | None = None,
        storage_target: StorageTarget | str = "default",
        tags: Sequence[str] = (),
        skip_duplicates: bool = True,
        content_category: str | None = None,
        wait: bool = True,
        timeout: float | None = None,
        on_progress: Callable[[UploadProgressEvent], None] | None = None,
        on_file_complete: Callable[[FileCompleteEvent], None] | None = None,
    ) -> BatchUploadResults: ...
    def wait_for_processing(
        self, file_id: str, *, timeout: float | None = None, poll_interval: float | None = None
    ) -> ProcessingStatus: ...

class SyncFoldersResource:
    def create(self, name: str, *, parent_id: str | None = None) -> Folder: ...
    def delete(self, folder_id: str, *, mode: str = "move_to_parent") -> DeleteFolderResult: ...
    def get(self, folder_id: str, *, limit: int = 50, offset: int = 0) -> FolderContents: ...
    def get_breadcrumbs(self, folder_id: str) -> FolderBreadcrumbs: ...
    def move(self, folder_id: str, *, new_parent_id: str | None = None) -> Folder: ...
    def move_files(self, file_ids: Sequence[str], *, folder_id: str | None = None) -> MoveFilesResult: ...
    def rename(self, folder_id: str, name: str) -> Folder: ...
    def tree(self) -> FolderTree: ...

class SyncLinksResource:
    def add_saved(
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
    ) -> UploadResult: ...
    def batch_delete(self, link_ids: Sequence[str]) -> BatchDeleteFilesResponse: ...
    def create(
        self,
        url: str,
        *,
        title: str | None = None,
        tags: Sequence[str] | None = None,
        folder_id: str | None = None,
        auto_crawl: bool = True,
    ) -> CreateLinkResult: ...
    def create_and_wait(
        self,
        url: str,
        *,
        title: str | None = None,
        tags: Sequence[str] | None = None,
        folder_id: str | None = None,
        timeout: float | None = None,
    ) -> LinkDetails: ...
    def delete(self, link_id: str) -> LinkDeleteResult: ...
    def get(self, link_id: str) -> LinkDetails: ...
    def list(
        self,
        *,
        search: str | None = None,
        tags: Sequence[str] | None = None,
        folder_id: str | None = None,
        crawl_status: str | None = None,
        date_from: datetime | None = None,
        date_to: datetime | None = None,
        limit: int = 20,
        offset: int = 0,
        sort_by: str = "created_at",
        sort_order: str = "desc",
    ) -> LinkList: ...
    def list_all(
        self,
        *,
        search: str | None = None,
        tags: Sequence[str] | None = None,
        folder_id: str | None = None,
        crawl_status: str | None = None,
        date_from: datetime | None = None,
        date_to: datetime | None = None,
        sort_by: str = "created_at",
        sort_order: str = "desc",
        page_size: int = 50,
    ) -> Iterator[LinkItem]: ...
    def recrawl(self, link_id: str) -> RecrawlLinkResult: ...
    def update(
        self, link_id: str, *, title: str | None = None, tags: Sequence[str] | None = None
    ) -> LinkUpdateResult: ...
    def wait_for_crawl(
        self, link_id: str, *, timeout: float | None = None, poll_interval: float | None = None
    ) -> LinkDetails: ...

class SyncPipeline:
    def add(self, agent: str, intent: str, *, depends_on: Dependencies = None) -> Self: ...
    def analyze(self, intent: str, *, depends_on: Dependencies = None) -> Self: ...
    def analyze_documents(self, intent: str, *, depends_on: Dependencies = None) -> Self: ...
    def analyze_links(self, intent: str, *, depends_on: Dependencies = None) -> Self: ...
    def analyze_videos(self, intent: str, *, depends_on: Dependencies = None) -> Self: ...
    def cross_reference(self, intent: str, *, depends_on: Dependencies = None) -> Self: ...
    def organize(self, intent: str, *, depends_on: Dependencies = None) -> Self: ...
    def plan(self) -> Plan: ...
    def run(self, *, dry_run: bool = False) -> PipelineResult: ...
    def search_documents(self, query: str) -> Self: ...
    def search_images(self, query: str) -> Self: ...
    def search_links(self, query: str) -> Self: ...
    def search_videos(self, query: str) -> Self: ...
    @property
    def steps(self) -> tuple[PipelineStep, ...]: ...
    def synthesize(self, intent: str, *, depends_on: Dependencies = None) -> Self: ...
    def with_documents(self, document_ids: Sequence[str]) -> Self: ...
    def with_images(self, image_ids: Sequence[str]) -> Self: ...

class SyncPipelineRuns:
    def planned(self, steps: Sequence[PipelineStep]) -> Plan: ...
    def run(
        self, steps: Sequence[PipelineStep], *, options: TurnOptions | None = None, dry_run: bool = False
    ) -> PipelineResult: ...

class SyncReport:
    ref: ReportRef
    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]: ...
    def bytes(self, format: str = "md") -> builtins.bytes: ...
    def check(self) -> ReportCheck: ...
    @property
    def formats(self) -> tuple[str, ...]: ...
    def save_to(self, path: str | Path) -> Path: ...
    @property
    def title(self) -> str: ...

class SyncReportsResource:
    def get(self, report: str | ReportRef) -> SyncReport: ...

class SyncUploadResource:
    def check_quota(self, file_count: int = 1) -> QuotaInfo: ...
    def upload(
        self,
        files: Source | Sequence[Source],
        *,
        filename: str | None = None,
        filenames: Sequence[str] | None = None,
        recursive: bool = True,
        include_hidden: bool = False,
        wait_for_descriptions: bool = True,
        raise_on_failure: bool = True,
        description_timeout: float | None = None,
        on_progress: Callable[[UploadProgressEvent], None] | None = None,
        on_file_complete: Callable[[FileCompleteEvent], None] | None = None,
        on_description_progress: Callable[[DescriptionProgressEvent], None] | None = None,
        on_description_failed: Callable[[DescriptionFailedEvent], None] | None = None,
        storage_target: StorageTarget | str = StorageTarget.DEFAULT,
    ) -> BatchUploadResults: ...
    def upload_batch(
        self,
        files: Source | Sequence[Source],
        *,
        filenames: Sequence[str] | None = None,
        recursive: bool = True,
        include_hidden: bool = False,
        wait_for_descriptions: bool = True,
        raise_on_failure: bool = True,
        description_timeout: float | None = None,
        on_progress: Callable[[UploadProgressEvent], None] | None = None,
        on_file_complete: Callable[[FileCompleteEvent], None] | None = None,
        on_description_progress: Callable[[DescriptionProgressEvent], None] | None = None,
        on_description_failed: Callable[[DescriptionFailedEvent], None] | None = None,
        storage_target: StorageTarget | str = "default",
    ) -> BatchUploadResults: ...
    def upload_one(
        self,
        file: Source,
        *,
        filename: str | None = None,
        wait_for_descriptions: bool = True,
        raise_on_failure: bool = True,
        description_timeout: float | None = None,
        storage_target: StorageTarget | str = StorageTarget.DEFAULT,
    ) -> UploadResult: ...
    def wait_for_description(
        self, image_id: str, *, timeout: float | None = None, poll_interval: float | None = None
    ) -> DescriptionStatus: ...

class SyncVideoAnalysisResource:
    def get_status(self, analysis_job_id: str) -> VideoAnalysisJobStatus: ...
    def get_status_by_media(self, media_id: str) -> VideoAnalysisJobStatus: ...
    def queue(
        self, media_id: str, *, analysis_type: str = "full_vlm", priority: str = "normal"
    ) -> VideoAnalysisQueueResult: ...
    def retry(
        self, analysis_job_id: str, media_id: str, *, reason: str | None = None
    ) -> VideoAnalysisRetryResult: ...
    def wait_for_completion(
        self,
        analysis_job_id: str,
        *,
        timeout: float | None = None,
        on_progress: Callable[[VideoAnalysisJobStatus], None] | None = None,
    ) -> VideoAnalysisJobStatus: ...

class SyncVideoScenesResource:
    def get_thumbnail(self, scene_id: str) -> bytes: ...
    def list(self, video_id: str) -> VideoSceneList: ...

class SyncVideoUploadsResource:
    def abort(self, media_id: str, upload_id: str, *, reason: str | None = None) -> VideoAbortResult: ...
    def batch_initiate(
        self,
        videos: Sequence[Mapping[str, Any]],
        *,
        auto_process: bool = True,
        processing_priority: str = "normal",
    ) -> BatchVideoUploadSession: ...
    def complete(
        self,
        media_id: str,
        upload_id: str,
        *,
        duration_seconds: float | None = None,
        duration_extraction_failed: bool | None = None,
        auto_analyze: bool = True,
        analysis_type: str = "full_vlm",
        title: str | None = None,
        tags: Sequence[str] | None = None,
        metadata: Mapping[str, Any] | None = None,
    ) -> VideoUploadResult: ...
    def confirm_chunk(
        self, media_id: str, upload_id: str, chunk_number: int, etag: str, size_bytes: int
    ) -> ChunkConfirmResult: ...
    def get_progress(self, media_id: str) -> VideoUploadProgress: ...
    def initiate(
        self,
        filename: str,
        content_type: str,
        size_bytes: int,
        *,
        title: str | None = None,
        tags: Sequence[str] | None = None,
        metadata: Mapping[str, Any] | None = None,
    ) -> VideoUploadSession: ...
    def retry_chunk(self, media_id: str, upload_id: str, chunk_number: int) -> ChunkRetryResult: ...
    def upload(
        self,
        files: str | Path | Sequence[str | Path],
        *,
        title: str | None = None,
        tags: Sequence[str] | None = None,
        auto_analyze: bool = True,
        wait_for_analysis: bool = False,
        analysis_timeout: float | None = None,
        analysis_type: str = "full_vlm",
        max_chunk_concurrency: int | None = None,
        max_chunk_retries: int = 3,
        on_chunk_progress: Callable[[VideoChunkProgressEvent], None] | None = None,
        on_upload_complete: Callable[[VideoUploadCompleteEvent], None] | None = None,
        on_analysis_progress: Callable[[VideoAnalysisProgressEvent], None] | None = None,
    ) -> list[VideoUploadResult]: ...
    def upload_chunk(self, media_id: str, upload_id: str, chunk_number: int, content: bytes) -> str: ...
    def upload_one(
        self,
        file: str | Path,
        *,
        title: str | None = None,
        tags: Sequence[str] | None = None,
        auto_analyze: bool = True,
        wait_for_analysis: bool = False,
        analysis_timeout: float | None = None,
        analysis_type: str = "full_vlm",
        max_chunk_concurrency: int | None = None,
        max_chunk_retries: int = 3,
        on_chunk_progress: Callable[[VideoChunkProgressEvent], None] | None = None,
        on_upload_complete: Callable[[VideoUploadCompleteEvent], None] | None = None,
        on_analysis_progress: Callable[[VideoAnalysisProgressEvent], None] | None = None,
        resume: str | None = None,
    ) -> VideoUploadResult: ...

class SyncWholeLibrary:
    def history(self, limit: int = 20, offset: int = 0) -> list[JournalEntry]: ...
    def plan(self, question: str, *, history: Sequence[str] = ()) -> Plan: ...
    def redo(
        self, entry_id: str | None = None, *, dry_run: bool = False, allow_deletes: bool = False
    ) -> JournalEntry | ChangeSet: ...
    def reindex(self, *, fresh: bool = False, progress: OnReindexed | None = None) -> ReindexReport: ...
    def reindex_estimate(self, *, fresh: bool = False) -> ReindexEstimate: ...
    def status(self) -> LibraryStatus: ...
    def undo(
        self, entry_id: str | None = None, *, dry_run: bool = False, allow_deletes: bool = False
    ) -> JournalEntry | ChangeSet: ...

class SyncPinakes(ErrorNames):
    def __init__(
        self,
        library: str | Path | None = None,
        *,
        tenant: str | None = None,
        settings: Settings | None = None,
        agents: Sequence[AgentSpec] = (),
        model: GivenModel = None,
        models: Mapping[str, GivenModel] | None = None,
        embedder: Embedder | None = None,
        planner: Planner | None = None,
        writer: Writer | None = None,
        reranker: Reranker | None = None,
        image_embedder: ImageEmbedder | None = None,
        api_key: str | None = None,
        base_url: str | None = None,
        timeout: float | None = None,
        max_retries: int | None = None,
        transport: Transport | None = None,
    ) -> None: ...
    @property
    def async_client(self) -> Pinakes: ...
    def close(self) -> None: ...
    def close_session(self, session_id: str) -> dict[str, Any]: ...
    @classmethod
    def from_env(cls, **options: Any) -> Self: ...
    @property
    def settings(self) -> Settings: ...
    @property
    def agent_operations(self) -> SyncAgentOperationsResource: ...
    @property
    def agent_search(self) -> SyncAgentSearchResource: ...
    def chat(
        self, message: str, *, session_id: str, force_detailed_analysis: bool = False
    ) -> ChatResponse: ...
    def chat_session(
        self,
        *,
        title: str | None = None,
        image_ids: Sequence[str] | None = None,
        use_all_images: bool = True,
        auto_close: bool = True,
        session_id: str | None = None,
    ) -> SyncChatSession: ...
    def chat_stream(
        self, message: str, *, session_id: str, force_detailed_analysis: bool = False
    ) -> SyncChatStream: ...
    @property
    def chats(self) -> SyncChatResource: ...
    @property
    def colors(self) -> SyncColorsResource: ...
    def describe(
        self,
        image: Image | Sequence[Image] | None = None,
        *,
        object_key: str | None = None,
        object_keys: Sequence[str] | None = None,
        include_metadata: bool = True,
        include_tags: bool = True,
        providers: Sequence[str] | None = None,
        prompt: str | None = None,
        rule_set_id: str | None = None,
        rules: Sequence[Mapping[str, Any]] | None = None,
        max_parallel: int = 5,
        timeout_per_item: int = 30,
        on_progress: Callable[[DescribeProgress], None] | None = None,
    ) -> DescriptionResult | list[DescriptionResult]: ...
    @property
    def describing(self) -> SyncDescribing: ...
    @property
    def descriptions(self) -> SyncDescribeResource: ...
    @property
    def documents(self) -> SyncDocumentsResource: ...
    @property
    def files(self) -> SyncFilesResource: ...
    @property
    def folders(self) -> SyncFoldersResource: ...
    @property
    def graph(self) -> Graph: ...
    def history(self, limit: int = 20, offset: int = 0) -> list[JournalEntry]: ...
    @property
    def library(self) -> Any: ...
    @property
    def links(self) -> SyncLinksResource: ...
    def pipeline(self) -> SyncPipeline: ...
    @property
    def pipelines(self) -> SyncPipelineRuns: ...
    def plan(self, question: str, *, history: Sequence[str] = ()) -> Plan: ...
    def redo(
        self, entry_id: str | None = None, *, dry_run: bool = False, allow_deletes: bool = False
    ) -> JournalEntry | ChangeSet: ...
    def reindex(self, *, fresh: bool = False, progress: OnReindexed | None = None) -> ReindexReport: ...
    def reindex_estimate(self, *, fresh: bool = False) -> ReindexEstimate: ...
    @property
    def reports(self) -> SyncReportsResource: ...
    def status(self) -> LibraryStatus: ...
    def undo(
        self, entry_id: str | None = None, *, dry_run: bool = False, allow_deletes: bool = False
    ) -> JournalEntry | ChangeSet: ...
    def upload(
        self,
        files: Source | Sequence[Source],
        *,
        filename: str | None = None,
        filenames: Sequence[str] | None = None,
        recursive: bool = True,
        include_hidden: bool = False,
        wait_for_descriptions: bool = True,
        raise_on_failure: bool = True,
        description_timeout: float | None = None,
        on_progress: Callable[[UploadProgressEvent], None] | None = None,
        on_file_complete: Callable[[FileCompleteEvent], None] | None = None,
        on_description_progress: Callable[[DescriptionProgressEvent], None] | None = None,
        on_description_failed: Callable[[DescriptionFailedEvent], None] | None = None,
        storage_target: StorageTarget | str = StorageTarget.DEFAULT,
    ) -> BatchUploadResults: ...
    def upload_one(
        self,
        file: Source,
        *,
        filename: str | None = None,
        wait_for_descriptions: bool = True,
        raise_on_failure: bool = True,
        description_timeout: float | None = None,
        storage_target: StorageTarget | str = StorageTarget.DEFAULT,
    ) -> UploadResult: ...
    @property
    def uploads(self) -> SyncUploadResource: ...
    @property
    def video_analysis(self) -> SyncVideoAnalysisResource: ...
    @property
    def video_scenes(self) -> SyncVideoScenesResource: ...
    @property
    def video_uploads(self) -> SyncVideoUploadsResource: ...
    @property
    def whole_library(self) -> SyncWholeLibrary: ...
    def __enter__(self) -> Self: ...
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...
