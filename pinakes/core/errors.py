"""Every error that Pinakes raises.

The tree, checked by a test: name, code, and in brackets what else the error is:

    PinakesError                     PINAKES_ERROR
    ├── AuthenticationError          AUTHENTICATION_ERROR
    ├── PinakesPermissionError       PERMISSION_ERROR
    ├── RateLimitError               RATE_LIMIT_ERROR
    ├── QuotaExceededError           QUOTA_EXCEEDED
    ├── ServerError                  SERVER_ERROR
    ├── PinakesConnectionError       CONNECTION_ERROR
    │   └── SSEStreamError           STREAM_BROKEN
    ├── PinakesTimeoutError          TIMEOUT
    ├── ValidationError              VALIDATION_ERROR
    ├── ResourceNotFoundError        RESOURCE_NOT_FOUND
    ├── ConfigurationError           CONFIGURATION_ERROR
    ├── LibraryError                 LIBRARY_ERROR
    │   ├── LibraryLockedError       LIBRARY_LOCKED
    │   ├── LibraryVersionError      LIBRARY_VERSION
    │   └── ReindexNeededError       REINDEX_NEEDED
    ├── UploadError                  UPLOAD_ERROR
    │   └── PathError                PATH_UNREADABLE
    ├── BatchError                   BATCH_ERROR
    │   └── BatchLimitError          BATCH_LIMIT            (QuotaExceededError)
    ├── DocumentProcessingError      DOCUMENT_PROCESSING_ERROR
    │   ├── EncryptedFileError       ENCRYPTED_FILE
    │   ├── CorruptFileError         CORRUPT_FILE
    │   ├── UnsupportedFileError     UNSUPPORTED_FILE
    │   ├── EmptyFileError           EMPTY_FILE
    │   ├── FileTooLargeError        FILE_TOO_LARGE
    │   ├── ReadTimeoutError         READ_TIMEOUT           (PinakesTimeoutError)
    │   └── ReaderCrashedError       READER_CRASHED
    ├── DescriptionError             DESCRIPTION_ERROR
    ├── LinkError                    LINK_ERROR
    │   ├── LinkRefusedError         LINK_REFUSED
    │   ├── LinkUnreachableError     LINK_UNREACHABLE       (PinakesConnectionError)
    │   ├── LinkTimeoutError         LINK_TIMEOUT           (PinakesTimeoutError)
    │   └── LinkContentError         LINK_CONTENT
    ├── VideoUploadError             VIDEO_UPLOAD_ERROR
    ├── VideoAnalysisError           VIDEO_ANALYSIS_ERROR
    ├── ChatError                    CHAT_ERROR
    │   ├── SessionBusyError         SESSION_BUSY
    │   └── TurnCancelledError       TURN_CANCELLED
    ├── PlanError                    PLAN_ERROR
    ├── ChangeError                  CHANGE_ERROR
    │   └── LibraryMovedOnError      LIBRARY_MOVED_ON
    ├── ApprovalError                APPROVAL_ERROR
    │   ├── PlanDecidedError         PLAN_DECIDED
    │   └── PlanExpiredError         PLAN_EXPIRED
    ├── AgentError                   AGENT_ERROR
    └── ModelError                   MODEL_ERROR
        ├── ModelAccessError         MODEL_ACCESS           (AuthenticationError)
        ├── ModelRateLimitError      MODEL_RATE_LIMIT       (RateLimitError)
        ├── ModelTimeoutError        MODEL_TIMEOUT          (PinakesTimeoutError)
        ├── ModelUnavailableError    MODEL_UNAVAILABLE      (ServerError)
        ├── ContextTooLongError      CONTEXT_TOO_LONG
        ├── ContentFilteredError     CONTENT_FILTERED
        ├── ModelOutputError         MODEL_OUTPUT
        └── BudgetExceededError      BUDGET_EXCEEDED        (QuotaExceededError)
"""

from __future__ import annotations

from typing import Any, ClassVar


class PinakesError(Exception):
    """The root of all errors; `message` is one sentence that says what to do.

    Attributes:
        code: A stable machine-readable name.
        retryable: Whether the same call may succeed later.
        details: JSON-able facts about this occurrence.
    """

    code: ClassVar[str] = "PINAKES_ERROR"
    retryable: ClassVar[bool] = False

    def __init__(self, message: str, **details: Any) -> None:
        super().__init__(message)
        self.message = message
        self.details: dict[str, Any] = details

    def to_dict(self) -> dict[str, Any]:
        """Return code, message, details and retryable, as the wire carries them."""
        return {
            "code": self.code,
            "message": self.message,
            "details": self.details,
            "retryable": self.retryable,
        }


class AuthenticationError(PinakesError):
    """A key is missing, wrong or expired."""

    code = "AUTHENTICATION_ERROR"


class PinakesPermissionError(PinakesError):
    """The key is known, but may not do this."""

    code = "PERMISSION_ERROR"


class RateLimitError(PinakesError):
    """Too many calls at once: come back later, after `details["retry_after"]` seconds where that is known."""

    code = "RATE_LIMIT_ERROR"
    retryable = True

    @property
    def retry_after(self) -> float | None:
        """The seconds to wait, where they are known."""
        return self.details.get("retry_after")


class QuotaExceededError(PinakesError):
    """A limit or a budget is used up."""

    code = "QUOTA_EXCEEDED"


class ServerError(PinakesError):
    """A server failed; the same call may succeed later."""

    code = "SERVER_ERROR"
    retryable = True


class PinakesConnectionError(PinakesError):
    """A server cannot be reached."""

    code = "CONNECTION_ERROR"
    retryable = True


class SSEStreamError(PinakesConnectionError):
    """A stream of events broke off; `events(turn_id, after=seq)` goes on with it."""

    code = "STREAM_BROKEN"


class PinakesTimeoutError(PinakesError):
    """An operation took longer than allowed."""

    code = "TIMEOUT"
    retryable = True


class ValidationError(PinakesError):
    """An argument is outside its documented limits."""

    code = "VALIDATION_ERROR"


class ResourceNotFoundError(PinakesError):
    """A file, folder, session or plan with that id does not exist."""

    code = "RESOURCE_NOT_FOUND"


class ConfigurationError(PinakesError):
    """A setting is missing or contradicts another one."""

    code = "CONFIGURATION_ERROR"


class LibraryError(PinakesError):
    """The library folder cannot be used as it is."""

    code = "LIBRARY_ERROR"


class LibraryLockedError(LibraryError):
    """Another process holds the library folder."""

    code = "LIBRARY_LOCKED"
    retryable = True


class LibraryVersionError(LibraryError):
    """The library was written by a newer Pinakes."""

    code = "LIBRARY_VERSION"


class ReindexNeededError(LibraryError):
    """The index lacks vectors of the embedder in use, and making them may cost money: run `pinakes reindex`."""

    code = "REINDEX_NEEDED"


class UploadError(PinakesError):
    """A file could not be accepted."""

    code = "UPLOAD_ERROR"


class PathError(UploadError):
    """A path is missing, unreadable or not a regular file."""

    code = "PATH_UNREADABLE"


class BatchError(PinakesError):
    """A batch of uploads cannot go on like this; it has expired, or its files are not those announced."""

    code = "BATCH_ERROR"


class BatchLimitError(BatchError, QuotaExceededError):
    """Too many batches are unfinished: wait for one of them, or for those that nobody fills to expire."""

    code = "BATCH_LIMIT"
    retryable = True


class DocumentProcessingError(PinakesError):
    """An accepted file could not be read."""

    code = "DOCUMENT_PROCESSING_ERROR"


class EncryptedFileError(DocumentProcessingError):
    """The file needs a password."""

    code = "ENCRYPTED_FILE"


class CorruptFileError(DocumentProcessingError):
    """The file is damaged or is not what its content claims."""

    code = "CORRUPT_FILE"


class UnsupportedFileError(DocumentProcessingError):
    """No reader exists for this kind of content."""

    code = "UNSUPPORTED_FILE"


class EmptyFileError(DocumentProcessingError):
    """The file holds nothing that could be read."""

    code = "EMPTY_FILE"


class FileTooLargeError(DocumentProcessingError):
    """The file is over a documented limit."""

    code = "FILE_TOO_LARGE"


class ReadTimeoutError(DocumentProcessingError, PinakesTimeoutError):
    """Reading took longer than the file's deadline."""

    code = "READ_TIMEOUT"
    retryable = True


class ReaderCrashedError(DocumentProcessingError):
    """The reader process died, for example out of memory."""

    code = "READER_CRASHED"
    retryable = True


class DescriptionError(PinakesError):
    """A picture could not be described."""

    code = "DESCRIPTION_ERROR"


class LinkError(PinakesError):
    """The page of a link could not be fetched."""

    code = "LINK_ERROR"


class LinkRefusedError(LinkError):
    """The address, or one that it leads to, is not on the public web: it is never connected to."""

    code = "LINK_REFUSED"


class LinkUnreachableError(LinkError, PinakesConnectionError):
    """There is no answer at the address, or the answer is a fault; `details["status"]` is the one of HTTP."""

    code = "LINK_UNREACHABLE"
    retryable = True


class LinkTimeoutError(LinkError, PinakesTimeoutError):
    """The page did not come in time."""

    code = "LINK_TIMEOUT"
    retryable = True


class LinkContentError(LinkError):
    """What the address leads to is no page, or too large a one."""

    code = "LINK_CONTENT"


class VideoUploadError(PinakesError):
    """An upload of a video cannot go on like this: parts are missing or others than announced, or it has ended."""

    code = "VIDEO_UPLOAD_ERROR"


class VideoAnalysisError(PinakesError):
    """The analysis of a video cannot be asked for like this."""

    code = "VIDEO_ANALYSIS_ERROR"


class ChatError(PinakesError):
    """A turn could not be run."""

    code = "CHAT_ERROR"


class SessionBusyError(ChatError):
    """Another turn is running in this session."""

    code = "SESSION_BUSY"
    retryable = True


class TurnCancelledError(ChatError):
    """The turn was cancelled before its answer was complete."""

    code = "TURN_CANCELLED"


class PlanError(PinakesError):
    """A plan does not compile: unknown agent, circle, missing input or too many steps."""

    code = "PLAN_ERROR"


class ChangeError(PinakesError):
    """A set of changes cannot be applied as it is; `details["problems"]` names each change and why."""

    code = "CHANGE_ERROR"


class LibraryMovedOnError(ChangeError):
    """The library is no longer as a set of changes assumes it; the set has to be made and asked for again."""

    code = "LIBRARY_MOVED_ON"


class ApprovalError(PinakesError):
    """A plan cannot be decided like this."""

    code = "APPROVAL_ERROR"


class PlanDecidedError(ApprovalError):
    """The plan has been decided before; nothing is applied a second time."""

    code = "PLAN_DECIDED"


class PlanExpiredError(ApprovalError):
    """The plan waited too long for its decision; ask for it again."""

    code = "PLAN_EXPIRED"


class AgentError(PinakesError):
    """A specialised agent failed."""

    code = "AGENT_ERROR"


class ModelError(PinakesError):
    """A model could not be loaded or called."""

    code = "MODEL_ERROR"


class ModelAccessError(ModelError, AuthenticationError):
    """The endpoint refuses the key, or the key may not use the model."""

    code = "MODEL_ACCESS"


class ModelRateLimitError(ModelError, RateLimitError):
    """The endpoint asks to come back later; `details["retry_after"]` says after how many seconds, where it did."""

    code = "MODEL_RATE_LIMIT"
    retryable = True


class ModelTimeoutError(ModelError, PinakesTimeoutError):
    """The model did not answer, or did not go on, in time."""

    code = "MODEL_TIMEOUT"
    retryable = True


class ModelUnavailableError(ModelError, ServerError):
    """The endpoint cannot be reached, broke the connection or failed."""

    code = "MODEL_UNAVAILABLE"
    retryable = True


class ContextTooLongError(ModelError):
    """The prompt is longer than the model takes."""

    code = "CONTEXT_TOO_LONG"


class ContentFilteredError(ModelError):
    """The endpoint's content filter, or the model itself, refused to answer."""

    code = "CONTENT_FILTERED"


class ModelOutputError(ModelError):
    """The model's answer cannot be used: not in the form asked for."""

    code = "MODEL_OUTPUT"


class BudgetExceededError(ModelError, QuotaExceededError):
    """Another model call would go past the turn's or the session's budget."""

    code = "BUDGET_EXCEEDED"


def error_class(code: str) -> type[PinakesError]:
    """Return the class whose `code` this is; unknown codes give `PinakesError`."""
    pending: list[type[PinakesError]] = [PinakesError]
    while pending:
        candidate = pending.pop()
        if candidate.code == code:
            return candidate
        pending.extend(candidate.__subclasses__())
    return PinakesError
