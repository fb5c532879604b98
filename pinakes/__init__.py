"""Agentic chat over your own images, documents, links and videos.

    async with Pinakes("./library") as client:
        await client.files.upload("manual.pdf")
        async with client.chat_session() as session:
            print((await session.send("When is the pump due?")).content)

Names are loaded at first use, so that importing the package costs next to nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from pinakes.exports import HOMES
from pinakes.version import __version__

if TYPE_CHECKING:
    from pinakes.agents.spec import AgentContext, AgentSpec
    from pinakes.client.chat_session import ChatSessionContext
    from pinakes.client.chat_stream import ChatStream
    from pinakes.client.client import Pinakes
    from pinakes.client.describe_results import DescribeEstimate, DescribeReport
    from pinakes.client.pipelines import Pipeline
    from pinakes.client.settings import Settings
    from pinakes.client.sync import SyncChatSession, SyncPinakes
    from pinakes.core.agent_results import (
        ChunkReference,
        DocumentAnalysisResult,
        DocumentChunkResultItem,
        DocumentSearchAgentResult,
        FolderActionDetail,
        ImageSearchAgentResult,
        ImageSearchResultItem,
        MatchedSceneItem,
        OrganizeResult,
        ResultRefData,
        SynthesizeResult,
        VideoSearchAgentResult,
        VideoSearchResultItem,
    )
    from pinakes.core.approvals import PlanActionResponse
    from pinakes.core.batches import StorageTarget
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
    from pinakes.core.changes import Change, ChangeAction, ChangeSet, JournalEntry
    from pinakes.core.chat import (
        Answer,
        ChatMessage,
        ChatResponse,
        ChatToken,
        ChatTokenType,
        ImageReference,
        MessageRole,
    )
    from pinakes.core.descriptions import DescriptionResult
    from pinakes.core.document_failures import DocumentProcessingErrorType, DocumentProcessingFailure
    from pinakes.core.documents import (
        BatchDocumentUploadResults,
        DocumentBatchConfirmItem,
        DocumentBatchConfirmResult,
        DocumentBatchDeleteResponse,
        DocumentBatchFileInfo,
        DocumentBatchPrepareResult,
        DocumentBatchStatusItem,
        DocumentBatchStatusResult,
        DocumentChunk,
        DocumentChunksResponse,
        DocumentConfirmResult,
        DocumentDeleteResult,
        DocumentDetails,
        DocumentItem,
        DocumentList,
        DocumentPresignedUploadResult,
        DocumentProcessingStatus,
        DocumentQuotaCheck,
        DocumentSearchResponse,
        DocumentSearchResult,
        DocumentStatusResult,
        DocumentUploadResult,
    )
    from pinakes.core.errors import (
        AgentError,
        ApprovalError,
        AuthenticationError,
        BatchError,
        BatchLimitError,
        BudgetExceededError,
        ChangeError,
        ChatError,
        ConfigurationError,
        ContentFilteredError,
        ContextTooLongError,
        CorruptFileError,
        DescriptionError,
        DocumentProcessingError,
        EmptyFileError,
        EncryptedFileError,
        FileTooLargeError,
        LibraryError,
        LibraryLockedError,
        LibraryMovedOnError,
        LibraryVersionError,
        LinkContentError,
        LinkError,
        LinkRefusedError,
        LinkTimeoutError,
        LinkUnreachableError,
        ModelAccessError,
        ModelError,
        ModelOutputError,
        ModelRateLimitError,
        ModelTimeoutError,
        ModelUnavailableError,
        PathError,
        PinakesConnectionError,
        PinakesError,
        PinakesPermissionError,
        PinakesTimeoutError,
        PlanDecidedError,
        PlanError,
        PlanExpiredError,
        QuotaExceededError,
        RateLimitError,
        ReaderCrashedError,
        ReadTimeoutError,
        ReindexNeededError,
        ResourceNotFoundError,
        ServerError,
        SessionBusyError,
        SSEStreamError,
        TurnCancelledError,
        UnsupportedFileError,
        UploadError,
        ValidationError,
        VideoAnalysisError,
        VideoUploadError,
    )
    from pinakes.core.evidence import Citation, DocumentRef, Evidence, ImageRef, LinkRef, ParsedReferences
    from pinakes.core.file_collection import FileCollection, FileRef
    from pinakes.core.files import FileFilter, FileRecord, MediaType
    from pinakes.core.folders import (
        DeleteFolderResult,
        Folder,
        FolderBreadcrumb,
        FolderBreadcrumbs,
        FolderContents,
        FolderTree,
        MoveFilesResult,
    )
    from pinakes.core.links import (
        CreateLinkResult,
        LinkCrawlStatus,
        LinkDeleteResult,
        LinkDetails,
        LinkItem,
        LinkList,
        LinkOGMetadata,
        LinkUpdateResult,
        RecrawlLinkResult,
    )
    from pinakes.core.options import Approval, Budget, TurnOptions
    from pinakes.core.pipelines import PipelineResult, PipelineStep, PipelineStepResult
    from pinakes.core.plans import AgentCard, Plan, Step, StepResult, StepStatus, Task
    from pinakes.core.sessions import (
        ChatImageList,
        ChatSession,
        ChatSessionConfig,
        ChatSessionDetail,
        SessionList,
    )
    from pinakes.core.uploads import (
        BatchUploadResults,
        DescriptionStatus,
        LibraryStatus,
        QuotaInfo,
        UploadResult,
    )
    from pinakes.core.user_files import (
        BatchDeleteFileResult,
        BatchDeleteFilesResponse,
        DeleteFileResult,
        FileList,
        FullDescription,
        ProcessingHistory,
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
        VideoAnalysisStatus,
        VideoChunkInfo,
        VideoChunkProgressEvent,
        VideoMetadata,
        VideoScene,
        VideoSceneList,
        VideoUploadCompleteEvent,
        VideoUploadProgress,
        VideoUploadResult,
        VideoUploadSession,
        VideoUploadStatus,
    )
    from pinakes.graph.build import build_graph
    from pinakes.graph.resources import Resources
    from pinakes.library.library import Library
    from pinakes.tools.toolkit import library_tools

_HOME_OF = {name: home for home, names in HOMES.items() for name in names}

# fmt: off
__all__ = [
    "AgentCard", "AgentContext", "AgentError", "AgentSpec", "Answer", "Approval", "ApprovalError",
    "AuthenticationError", "BatchDeleteFileResult", "BatchDeleteFilesResponse",
    "BatchDocumentUploadResults", "BatchError", "BatchLimitError", "BatchUploadResults",
    "BatchVideoUploadSession", "Budget", "BudgetExceededError", "Change", "ChangeAction", "ChangeError",
    "ChangeSet", "ChatError", "ChatImageList", "ChatMessage", "ChatResponse", "ChatSession",
    "ChatSessionConfig", "ChatSessionContext", "ChatSessionDetail", "ChatStream", "ChatToken", "ChatTokenType",
    "ChunkConfirmResult", "ChunkReference", "ChunkRetryResult", "Citation", "ConfigurationError",
    "ContentFilteredError", "ContextTooLongError", "CorruptFileError", "CreateLinkResult",
    "DeleteFileResult", "DeleteFolderResult", "DescribeEstimate", "DescribeReport", "DescriptionError",
    "DescriptionFailedEvent", "DescriptionProgressEvent", "DescriptionResult", "DescriptionStatus",
    "DocumentAnalysisResult", "DocumentBatchConfirmItem", "DocumentBatchConfirmResult",
    "DocumentBatchDeleteResponse", "DocumentBatchFileInfo", "DocumentBatchPrepareResult",
    "DocumentBatchStatusItem", "DocumentBatchStatusResult", "DocumentChunk", "DocumentChunkResultItem",
    "DocumentChunksResponse", "DocumentConfirmResult", "DocumentDeleteResult", "DocumentDetails",
    "DocumentFileCompleteEvent", "DocumentItem", "DocumentList", "DocumentPresignedUploadResult",
    "DocumentProcessingError", "DocumentProcessingErrorType", "DocumentProcessingFailedEvent",
    "DocumentProcessingFailure", "DocumentProcessingProgressEvent", "DocumentProcessingStatus",
    "DocumentQuotaCheck", "DocumentRef", "DocumentSearchAgentResult", "DocumentSearchResponse",
    "DocumentSearchResult", "DocumentStatusResult", "DocumentUploadProgressEvent", "DocumentUploadResult",
    "EmptyFileError", "EncryptedFileError", "Evidence", "FileCollection", "FileCompleteEvent",
    "FileFilter", "FileList", "FileRecord", "FileRef", "FileTooLargeError", "Folder",
    "FolderActionDetail", "FolderBreadcrumb", "FolderBreadcrumbs", "FolderContents", "FolderTree",
    "FullDescription", "ImageRef", "ImageReference", "ImageSearchAgentResult", "ImageSearchResultItem",
    "JournalEntry", "Library", "LibraryError", "LibraryLockedError", "LibraryMovedOnError",
    "LibraryStatus", "LibraryVersionError", "LinkContentError", "LinkCrawlStatus", "LinkDeleteResult",
    "LinkDetails", "LinkError", "LinkItem", "LinkList", "LinkOGMetadata", "LinkRef", "LinkRefusedError",
    "LinkTimeoutError", "LinkUnreachableError", "LinkUpdateResult", "MatchedSceneItem", "MediaType",
    "MessageRole", "ModelAccessError", "ModelError", "ModelOutputError", "ModelRateLimitError",
    "ModelTimeoutError", "ModelUnavailableError", "MoveFilesResult", "OrganizeResult", "ParsedReferences",
    "PathError", "Pinakes", "PinakesConnectionError", "PinakesError", "PinakesPermissionError",
    "PinakesTimeoutError", "Pipeline", "PipelineResult", "PipelineStep", "PipelineStepResult", "Plan",
    "PlanActionResponse", "PlanDecidedError", "PlanError", "PlanExpiredError", "ProcessingHistory",
    "QuotaExceededError", "QuotaInfo", "RateLimitError", "ReadTimeoutError", "ReaderCrashedError",
    "RecrawlLinkResult", "ReindexNeededError", "ResourceNotFoundError", "Resources", "ResultRefData",
    "SSEStreamError", "ServerError", "SessionBusyError", "SessionList", "Settings", "Step", "StepResult",
    "StepStatus", "StorageTarget", "SyncChatSession", "SyncPinakes", "SynthesizeResult", "Task",
    "TurnCancelledError",
    "TurnOptions", "UnsupportedFileError", "UpdateFileResult", "UploadError", "UploadProgressEvent",
    "UploadResult", "UserFile", "UserFileDetails", "ValidationError", "VideoAbortResult",
    "VideoAnalysisError", "VideoAnalysisJobStatus", "VideoAnalysisProgressEvent",
    "VideoAnalysisQueueResult", "VideoAnalysisRetryResult", "VideoAnalysisStatus", "VideoChunkInfo",
    "VideoChunkProgressEvent", "VideoMetadata", "VideoScene", "VideoSceneList", "VideoSearchAgentResult",
    "VideoSearchResultItem", "VideoUploadCompleteEvent", "VideoUploadError", "VideoUploadProgress",
    "VideoUploadResult", "VideoUploadSession", "VideoUploadStatus", "__version__", "build_graph",
    "library_tools",
]
# fmt: on


def __getattr__(name: str) -> Any:
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(_HOME_OF[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
