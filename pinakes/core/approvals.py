"""Asking a human: what is asked, and what can be answered.

The shapes are those of LangChain's human-in-the-loop middleware (`HITLRequest`, `HITLResponse`), so that LangGraph
Studio and agent-chat-ui draw their buttons for them.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any, Literal

from pydantic import Field

from pinakes.core.changes import ChangeSet
from pinakes.core.plans import Plan
from pinakes.core.value import Value

APPLY_CHANGES = "apply_changes"
RUN_PLAN = "run_plan"


class EditedAction(Value):
    """The action as the human wants it."""

    name: str = APPLY_CHANGES
    args: dict[str, Any] = Field(default_factory=dict)


class Decision(Value):
    """A human's answer: yes; yes, but so; no, because; or words that refine the question."""

    type: Literal["approve", "edit", "reject", "respond"]
    edited_action: EditedAction | None = None
    message: str | None = None


class HitlResponse(Value):
    """What a paused turn is resumed with; `claim` names the decision where the catalog has recorded it already."""

    decisions: tuple[Decision, ...] = Field(min_length=1, max_length=1)
    claim: str | None = None


class ApprovalStatus(StrEnum):
    """How far an approval came."""

    OPEN = "open"
    DECIDED = "decided"  # claimed, its outcome not yet known
    APPLIED = "applied"
    REJECTED = "rejected"
    REVISED = "revised"  # asked again with another set
    EXPIRED = "expired"


class Approval(Value):
    """A question to a human, kept until it is answered: days, across processes."""

    plan_id: str
    change_no: int
    action: str = APPLY_CHANGES
    session_id: str
    turn_id: str
    description: str = ""
    changes: ChangeSet | None = None
    plan: Plan | None = None
    status: ApprovalStatus = ApprovalStatus.OPEN
    decision: Decision | None = None
    claim: str | None = None
    created_at: datetime
    expires_at: datetime | None = None


class PlanActionResponse(Value):
    """The answer to approving, editing or cancelling a plan. Names follow the hosted SDK."""

    success: bool = True
    plan_id: str
    message: str = ""
    action_taken: str = ""  # approve | cancel | edit | reject | respond
    status: str | None = None  # an ApprovalStatus
    results: dict[str, Any] | None = None
    agent_results: list[dict[str, Any]] | None = None
    pending_actions: list[dict[str, Any]] | None = None
