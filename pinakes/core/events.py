"""What happens during a turn, as one closed union; every wire derives from it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter

from pinakes.core.value import Value


class Connection(Value):
    """The turn was accepted."""

    type: Literal["connection"] = "connection"
    message_id: str
    status: str = "connected"


class UserInput(Value):
    """The question, as it was asked."""

    type: Literal["user_input"] = "user_input"
    content: str


class Status(Value):
    """Progress, for people."""

    type: Literal["status"] = "status"
    phase: str  # planning | searching | analysing | writing
    message: str
    agent_name: str | None = None


class Thinking(Value):
    """A whole thought of a planner or model."""

    type: Literal["thinking"] = "thinking"
    content: str


class ThinkingStep(Value):
    """One step of reasoning; the plan with its waves is sent as one."""

    type: Literal["thinking_step"] = "thinking_step"
    phase: str
    message: str
    agent_name: str | None = None
    reasoning: str = ""
    data: dict[str, Any] = Field(default_factory=dict)


class ToolInvocation(Value):
    """An agent started on a step."""

    type: Literal["tool_invocation"] = "tool_invocation"
    call_id: str
    tool_name: str
    agent_name: str
    arguments: dict[str, Any] = Field(default_factory=dict)


class ToolResult(Value):
    """An agent ended a step."""

    type: Literal["tool_result"] = "tool_result"
    call_id: str
    tool_name: str
    agent_name: str
    result_count: int = 0
    status: str = "ok"
    result: dict[str, Any] = Field(default_factory=dict)


class Results(Value):
    """Files that a step found, one event a kind."""

    type: Literal["image_results", "document_results", "link_results", "video_results"]
    items: tuple[dict[str, Any], ...] = ()
    count: int = 0


class Token(Value):
    """A piece of the answer."""

    type: Literal["token"] = "token"
    content: str
    accumulated: str = ""
    token_index: int = 0
    result_refs: dict[str, Any] = Field(default_factory=dict)


class Warned(Value):
    """Something the user should know that is not an error."""

    type: Literal["warning"] = "warning"
    message: str
    details: dict[str, Any] = Field(default_factory=dict)


class Usage(Value):
    """What model calls cost so far in this turn."""

    type: Literal["usage"] = "usage"
    input_tokens: int = 0
    output_tokens: int = 0
    cached_tokens: int = 0
    call_count: int = 0
    estimated: bool = False
    nodes: dict[str, dict[str, Any]] = Field(default_factory=dict)


class PlanPendingApproval(Value):
    """The turn waits for a decision; closes a segment."""

    type: Literal["plan_pending_approval"] = "plan_pending_approval"
    plan_id: str
    description: str
    plan: dict[str, Any] = Field(default_factory=dict)
    changes: tuple[dict[str, Any], ...] = ()
    expires_at: datetime | None = None


class Complete(Value):
    """The turn ended with an answer."""

    type: Literal["complete"] = "complete"
    message_id: str
    content: str
    resolved_content: str = ""
    agents_used: tuple[str, ...] = ()
    has_results: bool = False
    result_count: int = 0
    image_context: tuple[dict[str, Any], ...] = ()
    result_refs: dict[str, Any] = Field(default_factory=dict)
    processing_time_ms: int = 0
    token_count: int = 0
    metadata: dict[str, Any] = Field(default_factory=dict)


class Failed(Value):
    """The turn ended with an error."""

    type: Literal["error"] = "error"
    code: str
    message: str
    details: dict[str, Any] = Field(default_factory=dict)
    retryable: bool = False


class Cancelled(Value):
    """The turn was cancelled; what had been written so far is kept."""

    type: Literal["cancelled"] = "cancelled"
    message_id: str
    content: str = ""


Event = Annotated[
    Connection
    | UserInput
    | Status
    | Thinking
    | ThinkingStep
    | ToolInvocation
    | ToolResult
    | Results
    | Token
    | Warned
    | Usage
    | PlanPendingApproval
    | Complete
    | Failed
    | Cancelled,
    Field(discriminator="type"),
]

CLOSING = frozenset({"plan_pending_approval", "complete", "error", "cancelled"})
"""Types that close a segment; all but the first end the turn."""


class Envelope(Value):
    """An event in its place; `seq` counts from 1 and goes on across segments of a turn."""

    seq: int
    turn_id: str
    at: datetime
    event: Event


EVENT: TypeAdapter[Event] = TypeAdapter(Event)
