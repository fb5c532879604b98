"""The errors' names on the clients, so that `except Pinakes.RateLimitError` needs no other import."""

from __future__ import annotations

from pinakes.core import errors


class ErrorNames:
    """Every error class by its name; see the tree in `pinakes.core.errors`."""

    PinakesError = errors.PinakesError
    AuthenticationError = errors.AuthenticationError
    PinakesPermissionError = errors.PinakesPermissionError
    RateLimitError = errors.RateLimitError
    QuotaExceededError = errors.QuotaExceededError
    ServerError = errors.ServerError
    PinakesConnectionError = errors.PinakesConnectionError
    SSEStreamError = errors.SSEStreamError
    PinakesTimeoutError = errors.PinakesTimeoutError
    ValidationError = errors.ValidationError
    ResourceNotFoundError = errors.ResourceNotFoundError
    ConfigurationError = errors.ConfigurationError
    LibraryError = errors.LibraryError
    LibraryLockedError = errors.LibraryLockedError
    LibraryVersionError = errors.LibraryVersionError
    ReindexNeededError = errors.ReindexNeededError
    UploadError = errors.UploadError
    PathError = errors.PathError
    BatchError = errors.BatchError
    BatchLimitError = errors.BatchLimitError
    DocumentProcessingError = errors.DocumentProcessingError
    EncryptedFileError = errors.EncryptedFileError
    CorruptFileError = errors.CorruptFileError
    UnsupportedFileError = errors.UnsupportedFileError
    EmptyFileError = errors.EmptyFileError
    FileTooLargeError = errors.FileTooLargeError
    ReadTimeoutError = errors.ReadTimeoutError
    ReaderCrashedError = errors.ReaderCrashedError
    DescriptionError = errors.DescriptionError
    LinkError = errors.LinkError
    LinkRefusedError = errors.LinkRefusedError
    LinkUnreachableError = errors.LinkUnreachableError
    LinkTimeoutError = errors.LinkTimeoutError
    LinkContentError = errors.LinkContentError
    VideoUploadError = errors.VideoUploadError
    VideoAnalysisError = errors.VideoAnalysisError
    ChatError = errors.ChatError
    SessionBusyError = errors.SessionBusyError
    TurnCancelledError = errors.TurnCancelledError
    PlanError = errors.PlanError
    ChangeError = errors.ChangeError
    LibraryMovedOnError = errors.LibraryMovedOnError
    ApprovalError = errors.ApprovalError
    PlanDecidedError = errors.PlanDecidedError
    PlanExpiredError = errors.PlanExpiredError
    AgentError = errors.AgentError
    ModelError = errors.ModelError
    ModelAccessError = errors.ModelAccessError
    ModelRateLimitError = errors.ModelRateLimitError
    ModelTimeoutError = errors.ModelTimeoutError
    ModelUnavailableError = errors.ModelUnavailableError
    ContextTooLongError = errors.ContextTooLongError
    ContentFilteredError = errors.ContentFilteredError
    ModelOutputError = errors.ModelOutputError
    BudgetExceededError = errors.BudgetExceededError
