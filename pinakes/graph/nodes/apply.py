"""Doing what was decided: once, in one transaction, however often this node runs for it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from langgraph.runtime import Runtime
from langgraph.types import Command

from pinakes.core.approvals import APPLY_CHANGES, Approval, ApprovalStatus
from pinakes.core.changes import Change, ChangeAction, ChangeSet, JournalEntry
from pinakes.core.errors import ChangeError, LibraryMovedOnError, PinakesError
from pinakes.core.events import Status, ToolInvocation, ToolResult, Warned
from pinakes.core.failpoints import reach
from pinakes.core.options import TurnOptions
from pinakes.graph.asking import next_name, session_of
from pinakes.graph.deciding import Question, Way, ask_again
from pinakes.graph.resources import Resources
from pinakes.graph.state import RoutingNode, TurnState, asked_of, changes_of, dump, turn_of
from pinakes.graph.stream import announce
from pinakes.graph.telling import outcome, proposing_steps, refused, told
from pinakes.graph.wording import NOTHING_LEFT, done

WAYS = ("approve", "apply", "write")

_AGENT = "folder_management"


def apply_node(resources: Resources) -> RoutingNode:
    """Return the node; a library that has moved on leads to a new question, or without one to another attempt."""

    async def apply(state: TurnState, runtime: Runtime[TurnOptions]) -> Command[str]:
        changes, session_id = changes_of(state), session_of(state, runtime)
        if changes is None:
            return Command(goto="write")
        announce(runtime, Status(phase="applying", message="Applying the changes"))
        announce(runtime, _invocation(changes))
        try:
            entry = await resources.library.apply_changes(changes, session_id=session_id)
        except LibraryMovedOnError:
            goto, update = await _moved_on(resources, state, session_id, changes)
            return Command(goto=goto, update=update)
        except ChangeError as error:
            return Command(goto="write", update=await _failed(resources, state, changes, error))
        reach("apply.done")
        await _ingest(resources, entry.changes, runtime)
        await _settle(resources, asked_of(state), ApprovalStatus.APPLIED)
        reach("apply.settled")
        announce(runtime, _result(changes, entry))
        return Command(goto="write", update=_told(state, changes, entry))

    return apply


async def _moved_on(resources: Resources, state: TurnState, session_id: str, changes: ChangeSet) -> Way:
    approval = asked_of(state)
    try:
        fresh = await resources.library.rebase_changes(changes)
    except ChangeError as error:
        return "write", await _failed(resources, state, changes, error)
    if approval is not None:
        return await ask_again(Question(resources, state, session_id, approval), fresh)
    if not fresh.changes:
        return "write", {**told(state, NOTHING_LEFT), "outcome": outcome("nothing_left", fresh)}
    named = fresh.model_copy(update=next_name(state, APPLY_CHANGES))
    return "apply", {"changes": dump(named), "change_no": named.change_no}


async def _failed(
    resources: Resources, state: TurnState, changes: ChangeSet, error: ChangeError
) -> dict[str, Any]:
    await _settle(resources, asked_of(state), ApprovalStatus.REJECTED)
    known = [step_id for step_id in proposing_steps(state) if step_id in (state.get("results") or {})]
    failed = refused(state, known, error) if known else told(state, error.message)
    return {**failed, "outcome": _outcome(state, "failed", changes)}


async def _ingest(resources: Resources, changes: Sequence[Change], runtime: Runtime[TurnOptions]) -> None:
    added = [change.file_id for change in changes if change.action is ChangeAction.ADD and change.file_id]
    if not added or resources.ingest is None:
        return
    try:
        await resources.ingest(added)
    except PinakesError as error:
        announce(runtime, Warned(message="A saved file could not be read back yet.", details=error.to_dict()))


async def _settle(resources: Resources, approval: Approval | None, status: ApprovalStatus) -> None:
    if approval is not None:
        await resources.library.catalog.settle_approval(approval.plan_id, approval.change_no, status)


def _told(state: TurnState, changes: ChangeSet, entry: JournalEntry) -> dict[str, Any]:
    update = told(state, done(entry, changes.notes))
    return {**update, "outcome": {**_outcome(state, "applied", changes), "entry_id": entry.id}}


def _outcome(state: TurnState, status: str, changes: ChangeSet) -> dict[str, Any]:
    approval = asked_of(state)
    return outcome(status, changes, turn_id=approval.turn_id if approval else turn_of(state).id)


def _invocation(changes: ChangeSet) -> ToolInvocation:
    arguments = {"plan_id": changes.plan_id, "counts": changes.counts}
    return ToolInvocation(
        call_id=changes.plan_id, tool_name=APPLY_CHANGES, agent_name=_AGENT, arguments=arguments
    )


def _result(changes: ChangeSet, entry: JournalEntry) -> ToolResult:
    return ToolResult(
        call_id=changes.plan_id,
        tool_name=APPLY_CHANGES,
        agent_name=_AGENT,
        result_count=len(entry.changes),
        result={"entry_id": entry.id, "counts": entry.counts},
    )
