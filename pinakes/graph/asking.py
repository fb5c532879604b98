"""Opening a question to a human: the catalog keeps it, the turn stops at it."""

from __future__ import annotations

from typing import Any

from langchain_core.messages import AIMessage
from langgraph.runtime import Runtime

from pinakes.core.approvals import APPLY_CHANGES, RUN_PLAN, Approval
from pinakes.core.changes import ChangeSet
from pinakes.core.failpoints import reach
from pinakes.core.ids import derived_id
from pinakes.core.options import TurnOptions
from pinakes.core.plans import Plan
from pinakes.graph.messages import answer_id
from pinakes.graph.resources import Resources
from pinakes.graph.state import TurnState, dump, plan_of, turn_of
from pinakes.graph.wording import planned, proposed, summarised

DECISIONS = ("approve", "edit", "reject", "respond")


def session_of(state: TurnState, runtime: Runtime[TurnOptions]) -> str:
    """Return the conversation that approvals belong to: the thread, or without one the turn."""
    thread = runtime.execution_info.thread_id if runtime.execution_info else None
    return thread or turn_of(state).id


def next_name(state: TurnState, action: str) -> dict[str, Any]:
    """Return plan id and number of this turn's next question: another id each time, so no yes can reach further."""
    number = state.get("change_no", 0) + 1
    return {"plan_id": derived_id(turn_of(state).id, action, str(number)), "change_no": number}


async def ask_changes(
    resources: Resources, state: TurnState, session_id: str, changes: ChangeSet
) -> dict[str, Any]:
    """Keep a prepared set as an open approval and return what the state has to hold of it."""
    expires = resources.now() + resources.limits.approval
    named = changes.model_copy(
        update={
            **next_name(state, APPLY_CHANGES),
            "description": summarised(changes),
            "expires_at": expires,
        }
    )
    return await _open(resources, state, session_id, named, plan_of(state))


async def ask_plan(resources: Resources, state: TurnState, session_id: str) -> dict[str, Any]:
    """Keep the plan as an open approval and return what the state has to hold of it."""
    return await _open(resources, state, session_id, None, plan_of(state))


def request_of(approval: Approval, problem: str = "") -> dict[str, Any]:
    """Return what an interrupt shows: LangChain's `HITLRequest`, and what our own clients need besides."""
    subject: ChangeSet | Plan | None = approval.changes or approval.plan
    args = subject.model_dump(mode="json", exclude_defaults=True) if subject else {}
    schema = type(subject).model_json_schema() if subject else {}
    description = f"{problem}\n\n{approval.description}" if problem else approval.description
    changes = approval.changes
    return {
        "action_requests": [{"name": approval.action, "args": args, "description": description}],
        "review_configs": [
            {"action_name": approval.action, "allowed_decisions": list(DECISIONS), "args_schema": schema}
        ],
        "plan_id": approval.plan_id,
        "description": description,
        "plan": dump(approval.plan) if approval.plan else {},
        "counts": changes.counts if changes else {},
        "snapshot": changes.snapshot if changes else "",
        "expires_at": approval.expires_at.isoformat() if approval.expires_at else None,
    }


def proposal_message(approval: Approval) -> AIMessage:
    """Return what stands in the conversation while it waits; the answer takes its place."""
    pending = approval.model_dump(mode="json", include={"plan_id", "description", "expires_at"})
    return AIMessage(
        content=approval.description,
        id=answer_id(approval.turn_id),
        additional_kwargs={"citations": [], "result_refs": {}},
        response_metadata={"pending_approval": pending, "agents_used": []},
    )


async def _open(
    resources: Resources, state: TurnState, session_id: str, changes: ChangeSet | None, plan: Plan
) -> dict[str, Any]:
    action = RUN_PLAN if changes is None else APPLY_CHANGES
    approval = Approval(
        **next_name(state, action),
        action=action,
        session_id=session_id,
        turn_id=turn_of(state).id,
        description=planned(plan) if changes is None else proposed(changes),
        changes=changes,
        plan=plan,
        created_at=resources.now(),
        expires_at=resources.now() + resources.limits.approval if changes is None else changes.expires_at,
    )
    await resources.library.catalog.add_approval(approval)
    reach("approval.opened")
    return {
        "changes": None if changes is None else dump(changes),
        "asked": dump(approval.model_copy(update={"changes": None, "plan": None})),
        "change_no": approval.change_no,
        "messages": [proposal_message(approval)],
    }
