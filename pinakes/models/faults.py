"""What goes wrong in a call, as errors of ours: known by status, code and class name, whoever the vendor is."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from pinakes.core.errors import (
    ContentFilteredError,
    ContextTooLongError,
    ModelAccessError,
    ModelError,
    ModelOutputError,
    ModelRateLimitError,
    ModelTimeoutError,
    ModelUnavailableError,
)

_MAX_REASON = 500
_SECRET = re.compile(r"\b(?:sk|pk|key|bearer)[-_ ][\w.*-]{6,}", re.IGNORECASE)
_TOO_LONG = re.compile(
    r"context_length_exceeded|(maximum|model'?s|available) context|context (length|window|size)"
    r"|prompt is too long|input is too long|too many (input )?tokens|reduce the length|request_too_large",
    re.IGNORECASE,
)
_FILTERED = re.compile(
    r"content_filter|content_policy|content management policy|safety system", re.IGNORECASE
)
_OUT_OF_CREDIT = re.compile(
    r"insufficient_quota|billing|credit balance|exceeded your current quota", re.IGNORECASE
)
_BAD_FORM = re.compile(r"json_validate_failed|tool_use_failed")
_AGAIN_IN = re.compile(
    r"(?:try again|retry)(?: after| in)?:? (\d+(?:\.\d+)?) ?(ms|milliseconds?|s|secs?|seconds?|m|minutes?)\b",
    re.IGNORECASE,
)
_UNITS = {"ms": 0.001, "mi": 60.0, "m": 60.0, "s": 1.0, "se": 1.0}

# Class names, of langchain_core, httpx, openai, anthropic, aiohttp, botocore and google alike; a base class counts.
_TIMEOUTS = {"TimeoutError", "TimeoutException", "APITimeoutError", "ModelTimeoutError", "DeadlineExceeded"}
_CONNECTIONS = {
    *(
        "ConnectionError",
        "TransportError",
        "APIConnectionError",
        "ModelConnectionError",
        "IncompleteReadError",
    ),
    *(
        "ClientConnectionError",
        "ClientPayloadError",
        "HTTPClientError",
        "ServiceUnavailable",
        "ProtocolError",
    ),
    *("ModelAPIError", "InternalServerError", "JSONDecodeError", "APIResponseValidationError", "OSError"),
}
_ACCESS = {
    *("ModelAuthenticationError", "ModelPermissionDeniedError", "ModelNotFoundError"),
    *("AuthenticationError", "PermissionDenied", "Unauthenticated", "NotFound"),
}
_RATE_LIMITS = {"ModelRateLimitError", "RateLimitError", "ResourceExhausted", "ThrottlingException"}


def typed(error: Exception, model: str) -> ModelError:
    """Return what went wrong in a call of this model, as an error of ours.

    Its details hold the model, and where known the status, the endpoint's own words (`reason`) and `retry_after`.
    """
    if isinstance(error, ModelError):
        return error
    reason, status = _reason(error), _status(error)
    details: dict[str, Any] = {"model": model, "reason": _SECRET.sub("…", reason)[:_MAX_REASON]}
    if status is not None:
        details["status"] = status
    if (seconds := retry_after(error, reason)) is not None:
        details["retry_after"] = seconds
    made = _by_words(reason, status, _names(error)) or _by_status(status) or _by_name(_names(error), status)
    kind, message = made
    return kind(message.format(model=model), **details)


def retry_after(error: Exception, reason: str = "") -> float | None:
    """Return after how many seconds the endpoint wants to be asked again, where it says so."""
    headers = getattr(getattr(error, "response", None), "headers", None)
    if isinstance(headers, Mapping):
        if (milliseconds := _number(headers.get("retry-after-ms"))) is not None:
            return milliseconds / 1000
        if (said := headers.get("retry-after")) is not None:
            return _seconds(str(said))
    if match := _AGAIN_IN.search(reason):
        unit = match.group(2).lower()
        return float(match.group(1)) * _UNITS.get(unit, _UNITS.get(unit[:2], 1.0))
    return None


_Made = tuple[type[ModelError], str]


def _by_words(reason: str, status: int | None, names: set[str]) -> _Made | None:
    """Faults that share their status with others."""
    if status is not None and status >= 500:
        return None
    if "ContentFilterFinishReasonError" in names or _FILTERED.search(reason):
        return ContentFilteredError, "The content filter of {model} refused; put the question differently."
    if "LengthFinishReasonError" in names:
        return ModelOutputError, "The answer of {model} was cut off at its longest length."
    if "ContextOverflowError" in names or (status != 429 and _TOO_LONG.search(reason)):
        return ContextTooLongError, "The prompt is longer than {model} takes; ask about fewer files."
    if _BAD_FORM.search(reason):
        return ModelOutputError, "{model} could not answer in the form asked for."
    if status in {402, 429, None} and _OUT_OF_CREDIT.search(reason):
        return ModelAccessError, "The account of {model} is out of credit; check its billing."
    return None


def _by_status(status: int | None) -> _Made | None:
    if status in {401, 402, 403}:
        return ModelAccessError, "The endpoint of {model} refuses the key; check the key and what it may use."
    if status == 404:
        return (
            ModelAccessError,
            "The endpoint does not know {model}; check the model's name and the base URL.",
        )
    if status == 429:
        return ModelRateLimitError, "The endpoint of {model} is asked too often; wait a little and try again."
    if status in {408, 504}:
        return ModelTimeoutError, "{model} did not answer in time; try again."
    if status is not None and (status >= 500 or status in {409, 425}):
        return ModelUnavailableError, "The endpoint of {model} failed; try again."
    if status is not None and status >= 400:
        return ModelError, "The endpoint of {model} does not accept the request."
    return None


def _by_name(names: set[str], status: int | None) -> _Made:
    if names & _TIMEOUTS:
        return ModelTimeoutError, "{model} did not answer in time; try again."
    if names & _RATE_LIMITS:
        return ModelRateLimitError, "The endpoint of {model} is asked too often; wait a little and try again."
    if names & _ACCESS:
        return ModelAccessError, "The endpoint of {model} refuses the key or does not know the model."
    if names & _CONNECTIONS:
        return ModelUnavailableError, "The endpoint of {model} cannot be reached or broke off; try again."
    # An error that came inside a stream has no status; LangChain's bare ValueError means a stream without anything.
    if "APIError" in names or "ValueError" in names:
        return ModelUnavailableError, "The endpoint of {model} failed; try again."
    return ModelError, "{model} could not be called."


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Yield an error and what it came from."""
    seen: set[int] = set()
    pending: BaseException | None = error
    while pending is not None and id(pending) not in seen:
        seen.add(id(pending))
        yield pending
        pending = pending.__cause__ or pending.__context__


def _names(error: Exception) -> set[str]:
    # What an HTTP client raised may be wrapped; a ValueError from somewhere below says nothing.
    own = {cls.__name__ for cls in type(error).__mro__}
    below = {cls.__name__ for one in _chain(error) for cls in type(one).__mro__}
    return own | (below & (_TIMEOUTS | _CONNECTIONS))


def _status(error: Exception) -> int | None:
    for one in _chain(error):
        response = getattr(one, "response", None)
        for holder, name in ((one, "status_code"), (response, "status_code"), (one, "code"), (one, "status")):
            value = getattr(holder, name, None)
            if isinstance(value, int) and 400 <= value < 600:
                return value
        code = _body(one).get("code")
        if isinstance(code, int) and 400 <= code < 600:
            return code
    return None


def _reason(error: Exception) -> str:
    """Return the endpoint's words, with its code and type in front where these are words too."""
    body = _body(error)
    named = [str(body[key]) for key in ("code", "type") if isinstance(body.get(key), str)]
    code = getattr(error, "code", None)
    if isinstance(code, str) and code not in named:
        named.append(code)
    said = body.get("message")
    words = said if isinstance(said, str) else str(error) or type(error).__name__
    return " ".join(dict.fromkeys([*named, words]))


def _body(error: BaseException) -> Mapping[str, Any]:
    """Return the error object that an endpoint sent; some send it with status 200, which LangChain raises bare."""
    for given in (getattr(error, "body", None), error.args[0] if error.args else None):
        body = _parsed(given) if isinstance(given, str) and given.startswith("{") else given
        if isinstance(body, Mapping):
            inner = body.get("error")
            return inner if isinstance(inner, Mapping) else body
    return {}


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None


def _number(text: Any) -> float | None:
    try:
        return max(0.0, float(text))
    except (TypeError, ValueError):
        return None


def _seconds(said: str) -> float | None:
    """Read a Retry-After header: seconds, or a date."""
    if (seconds := _number(said)) is not None:
        return seconds
    try:
        then = parsedate_to_datetime(said)
    except ValueError:
        return None
    return max(0.0, (then - datetime.now(UTC)).total_seconds())
