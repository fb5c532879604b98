"""What a `ModelServer` says: answers, their flaws, and faults."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

Breaking: TypeAlias = Literal["reset", "close", "hang", "error"]
"""How an answer breaks off: a reset connection, a closed one, silence, or an error among the pieces of a stream."""


@dataclass(frozen=True)
class Tokens:
    """What an answer says it cost; `cached` is part of `prompt`, `reasoning` part of `completion`."""

    prompt: int
    completion: int
    cached: int = 0
    reasoning: int = 0


@dataclass(frozen=True)
class ToolCall:
    """A call of a tool; `arguments` are JSON as a text, and may be broken."""

    name: str
    arguments: str
    id: str = "call_1"


@dataclass(frozen=True)
class Said:
    """A part of a recording, in seconds from its start."""

    text: str
    start: float
    end: float


@dataclass(frozen=True, kw_only=True)
class Reply:
    """An answer, as good or flawed as wished.

    Attributes:
        text: The message's content; streamed word by word.
        form: A structured answer: sent as a call of the tool that the request forces, otherwise as JSON text.
        tool_calls: Calls of tools, whatever the request offers.
        refusal: The model's own refusal.
        reasoning: Thoughts that the endpoint shows, as vLLM does.
        finish: Why it ended; by default "tool_calls" or "stop".
        tokens: What it cost; by default counted (`model_wire.count_tokens`), None leaves usage out.
        choices: How many choices there are; 0 plays an endpoint that forgets them.
        latency_s: How long the server waits before the first byte.
        waits_for: It goes on waiting until this is true.
        piece_s: How long it waits before each streamed piece.
        breaks: How it breaks off, after `breaks_after` streamed pieces; before the first byte when that is None.
        said: The parts of a transcript; their texts joined are its text.
    """

    text: str = ""
    form: Mapping[str, Any] | None = None
    tool_calls: Sequence[ToolCall] = ()
    refusal: str | None = None
    reasoning: str | None = None
    finish: str | None = None
    tokens: Tokens | Literal["counted"] | None = "counted"
    choices: Literal[0, 1] = 1
    latency_s: float = 0
    waits_for: Callable[[], bool] = lambda: True
    piece_s: float = 0
    breaks: Breaking | None = None
    breaks_after: int | None = None
    said: Sequence[Said] = ()


@dataclass(frozen=True, kw_only=True)
class Fault:
    """An HTTP error with the body that OpenAI's API has for it.

    Attributes:
        body: A body to send instead, for example a gateway's HTML page.
    """

    status: int
    message: str
    type: str = "invalid_request_error"
    code: str | None = None
    param: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    latency_s: float = 0
    body: str | None = None


def reset(after: int | None = None) -> Reply:
    """Return a reset of the connection: before anything is sent, or after so many streamed pieces."""
    return Reply(text="This answer breaks off before its end.", breaks="reset", breaks_after=after)


def silence(after: int | None = None) -> Reply:
    """Return an answer that never comes, or never goes on after so many streamed pieces."""
    return Reply(text="This answer stops and does not go on.", breaks="hang", breaks_after=after)


def wrong_key() -> Fault:
    """Return 401."""
    return Fault(status=401, message="Incorrect API key provided.", code="invalid_api_key")


def forbidden() -> Fault:
    """Return 403."""
    return Fault(status=403, message="Your key has no access to this model.", code="model_not_allowed")


def unknown_model(name: str) -> Fault:
    """Return 404."""
    return Fault(status=404, message=f"The model `{name}` does not exist.", code="model_not_found")


def rate_limited(retry_after: float | str | None = None) -> Fault:
    """Return 429, with the header Retry-After when a value (seconds, or an HTTP date) is given."""
    headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
    return Fault(
        status=429,
        message="Rate limit reached for requests.",
        type="requests",
        code="rate_limit_exceeded",
        headers=headers,
    )


def quota_used_up() -> Fault:
    """Return 429 as an account without money gets it; waiting does not help."""
    return Fault(
        status=429,
        message="You exceeded your current quota, please check your plan and billing details.",
        type="insufficient_quota",
        code="insufficient_quota",
    )


def server_error() -> Fault:
    """Return 500."""
    return Fault(status=500, message="The server had an error.", type="server_error")


def unavailable(retry_after: float | None = None) -> Fault:
    """Return 503, as gateways send it: a page, no JSON."""
    headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
    return Fault(
        status=503,
        message="Service unavailable",
        headers=headers,
        body="<html><body>503 Service Temporarily Unavailable</body></html>",
    )


def context_too_long(limit: int = 8192) -> Fault:
    """Return 400 for a prompt that does not fit."""
    return Fault(
        status=400,
        message=f"This model's maximum context length is {limit} tokens. Please reduce the length of the messages.",
        code="context_length_exceeded",
        param="messages",
    )


def filtered() -> Fault:
    """Return 400 for a prompt that the content filter refuses."""
    return Fault(
        status=400,
        message="The response was filtered due to the prompt triggering the content management policy.",
        code="content_filter",
        param="prompt",
    )


def unsupported(param: str, message: str = "") -> Fault:
    """Return 400 for a parameter that the endpoint does not know."""
    return Fault(
        status=400,
        message=message or f"Unsupported parameter: '{param}' is not supported with this model.",
        code="unsupported_parameter",
        param=param,
    )


Answer: TypeAlias = str | Mapping[str, Any] | Reply | Fault
"""An answer in short: a text, a form (a mapping, which may have any keys), a `Reply` or a `Fault`."""

Respond: TypeAlias = Callable[[Any], Answer]
"""A function from the request, a `model_requests.Asked`, to its answer."""


def as_reply(answer: Answer) -> Reply | Fault:
    """Return an answer in full."""
    if isinstance(answer, str):
        return Reply(text=answer)
    if isinstance(answer, Mapping):
        return Reply(form=answer)
    return answer
