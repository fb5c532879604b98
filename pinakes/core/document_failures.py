"""Why documents could not be read, in the hosted SDK's words."""

from __future__ import annotations

from enum import StrEnum

from pinakes.core.value import Value


class DocumentProcessingErrorType(StrEnum):
    """Kinds of reasons."""

    TIMEOUT = "timeout"
    EXTRACTION_ERROR = "extraction_error"
    UNSUPPORTED_FORMAT = "unsupported_format"
    CORRUPT_FILE = "corrupt_file"
    PASSWORD_PROTECTED = "password_protected"
    TOO_LARGE = "too_large"
    EMBEDDING_ERROR = "embedding_error"
    RESOURCE_LIMIT = "resource_limit"
    UNKNOWN = "unknown"


class DocumentProcessingFailure(Value):
    """Why one document could not be read, and whether another try may help."""

    document_id: str
    error_message: str
    error_type: DocumentProcessingErrorType
    is_retryable: bool
    filename: str | None = None

    @staticmethod
    def classify_error(error_msg: str) -> tuple[DocumentProcessingErrorType, bool]:
        """Return the kind of a reason told in words or by its code, and whether another try may help."""
        told = error_msg.casefold().replace("_", " ")
        for kind, signs in _SIGNS:
            if any(sign in told for sign in signs):
                return kind, kind in _MAY_PASS
        return DocumentProcessingErrorType.UNKNOWN, False

    @classmethod
    def from_error_message(
        cls, document_id: str, error_msg: str, filename: str | None = None
    ) -> DocumentProcessingFailure:
        """Return the failure that a message tells of."""
        kind, retryable = cls.classify_error(error_msg)
        return cls(
            document_id=document_id,
            error_message=error_msg,
            error_type=kind,
            is_retryable=retryable,
            filename=filename,
        )


_SIGNS = (
    (DocumentProcessingErrorType.TIMEOUT, ("timeout", "timed out", "took longer", "too long")),
    (DocumentProcessingErrorType.PASSWORD_PROTECTED, ("password", "encrypted")),
    (DocumentProcessingErrorType.UNSUPPORTED_FORMAT, ("unsupported", "no reader", "not supported")),
    (DocumentProcessingErrorType.TOO_LARGE, ("too large", "may have up to", "exceeds")),
    (DocumentProcessingErrorType.RESOURCE_LIMIT, ("memory", "crashed", "died twice", "resource")),
    (DocumentProcessingErrorType.CORRUPT_FILE, ("corrupt", "damaged", "broken", "invalid")),
    (DocumentProcessingErrorType.EMBEDDING_ERROR, ("embedding", "model error", "index")),
    (DocumentProcessingErrorType.EXTRACTION_ERROR, ("extract", "empty", "no text", "read")),
)
_MAY_PASS = frozenset(
    {
        DocumentProcessingErrorType.TIMEOUT,
        DocumentProcessingErrorType.RESOURCE_LIMIT,
        DocumentProcessingErrorType.EMBEDDING_ERROR,
    }
)
