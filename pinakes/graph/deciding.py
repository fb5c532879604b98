"""What follows from a human's decision: where the turn goes on, and with what.

A decision is claimed in the catalog first, once. Whoever comes second follows the decision that was first, so that
every run of the turn tells the same story and nothing is applied twice.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from langgraph.types import Overwrite

from pinakes.agents.planning.decisions import read_decision
from pinakes.core.approvals import RUN_PLAN, Approval, ApprovalStatus, Decision, HitlResponse
from pinakes.core.changes import ChangeSet
from pinakes.core.errors import (
    ChangeError,
    LibraryMovedOnError,
    PinakesError,
    PlanDecidedError,
    PlanExpiredError,
)
from pinakes.core.failpoints import reach
from pinakes.core.ids import derived_id
from pinakes.core.plans import Plan, Step, StepResult
from pinakes.graph.asking import ask_changes
from pinakes.graph.editing import edited_changes, edited_plan
from pinakes.graph.resources import Resources
from pinakes.graph.state import TurnState, dump, plan_of, results_of, write_results
from pinakes.graph.telling import outcome, proposing_steps, told, without
from pinakes.graph.wording import EXPIRED, NOTHING_LEFT, NOTHING_RUN, rejected

Way = tuple[str, dict[str, Any]]
"""The node that comes next, and what changes in the state on the way there."""


@dataclass(frozen=True)
class Question:
    """What was asked, seen from the turn that goes on with its answer."""

    resources: Resources
    state: TurnState
    session_id: str
    approval: Approval


async def follow(question: Question, response: HitlResponse) -> Way:
    """Claim a decision and return the way on; an edit that cannot be used is asked about again, unclaimed."""
    decision = _as_read(response.decisions[0], question.approval)
    if response.claim is None and (problem := await problem_with(question, decision)):
        return "approve", {"problem": problem.message}
    try:
        decision = _as_read(await _claimed(question, decision, response.claim), question.approval)
    except PlanExpiredError:
        return _ended(question, ApprovalStatus.EXPIRED, EXPIRED)
    reach("decision.claimed")
    return await _WAYS[_kind(decision)](question, decision)


def _as_read(decision: Decision, approval: Approval) -> Decision:
    """Return what words decide when they are wholly a decision ("only the first"), instead of refining by them."""
    if decision.type != "respond" or not decision.message:
        return decision
    return read_decision(decision.message, approval) or decision


async def checked_edit(question: Question, decision: Decision) -> ChangeSet | Plan:
    """Return what an edit leaves, checked like a new proposal. Raises ChangeError, PlanError."""
    approval = question.approval
    if approval.action == RUN_PLAN:
        plan = approval.plan or plan_of(question.state)
        return edited_plan(plan, _args(decision), question.resources.cards)
    edited = _as_edited(question, decision)
    return await question.resources.library.prepare_changes(edited) if edited.changes else edited


async def problem_with(question: Question, decision: Decision) -> PinakesError | None:
    """Return why an edit cannot be used, None for a good one and for other decisions.

    A library that has moved on is no fault of the edit.
    """
    if decision.type != "edit":
        return None
    try:
        await checked_edit(question, decision)
    except LibraryMovedOnError:
        return None
    except PinakesError as error:
        return error
    return None


async def ask_again(question: Question, changes: ChangeSet) -> Way:
    """Close the question and open the next one, about changes as the library has them now."""
    await _settle(question, ApprovalStatus.REVISED)
    if not changes.changes:
        return "write", {**told(question.state, NOTHING_LEFT), "outcome": outcome("nothing_left", changes)}
    asked = await ask_changes(question.resources, question.state, question.session_id, changes)
    return "approve", {"problem": "", **asked}


def _as_edited(question: Question, decision: Decision) -> ChangeSet:
    if question.approval.changes is None:
        raise ChangeError("There are no changes to edit.", problems=[])
    return edited_changes(question.approval.changes, _args(decision))


def _args(decision: Decision) -> dict[str, Any]:
    return decision.edited_action.args if decision.edited_action else {}


def _kind(decision: Decision) -> str:
    """Words without words are a no."""
    return "reject" if decision.type == "respond" and not (decision.message or "").strip() else decision.type


async def _claimed(question: Question, decision: Decision, claim: str | None) -> Decision:
    """Return the decision that counts: this one, or the one that somebody else made first.

    One whose outcome was that nothing is done stays so.
    """
    approval, catalog = question.approval, question.resources.library.catalog
    number = approval.change_no
    name = claim or derived_id(approval.plan_id, str(number), decision.model_dump_json())
    try:
        known = await catalog.claim_approval(
            approval.plan_id, number, decision, name, question.resources.now()
        )
    except PlanDecidedError:
        known = await catalog.get_approval(approval.plan_id)
    counts = known.decision or decision
    if known.status is ApprovalStatus.REJECTED and counts.type in ("approve", "edit"):
        return Decision(type="reject")
    return counts


async def _approved(question: Question, decision: Decision) -> Way:
    changes = question.approval.changes
    return await _going_on(question, None if changes is None else dump(changes))


async def _edited(question: Question, decision: Decision) -> Way:
    library, original = question.resources.library, question.approval.changes
    if original and await library.catalog.find_entry(original.plan_id, original.change_no):
        return await _going_on(
            question, dump(_as_edited(question, decision))
        )  # a crash came after it was applied
    try:
        left = await checked_edit(question, decision)
    except LibraryMovedOnError:
        return await ask_again(question, await library.rebase_changes(_as_edited(question, decision)))
    except PinakesError:
        if original is None:
            return await _rejected(question, Decision(type="reject"))
        return await ask_again(question, await library.rebase_changes(original))
    if isinstance(left, Plan):
        way, update = await _going_on(question, None)
        return way, {**update, "plan": dump(left)}
    if not left.changes:
        return await _rejected(question, Decision(type="reject"))
    return await _going_on(question, dump(left))


async def _rejected(question: Question, decision: Decision) -> Way:
    await _settle(question, ApprovalStatus.REJECTED)
    text = NOTHING_RUN if question.approval.action == RUN_PLAN else rejected(decision.message)
    return _ended(question, ApprovalStatus.REJECTED, text)


async def _refined(question: Question, decision: Decision) -> Way:
    await _settle(question, ApprovalStatus.REVISED)
    state = question.state
    update: dict[str, Any] = {
        "refinements": [*state.get("refinements", ()), decision.message],
        "started": question.resources.now().timestamp(),
        "changes": None,
        "asked": None,
        "problem": "",
    }
    if question.approval.action == RUN_PLAN:
        return "plan", update
    kept = without(plan_of(state), results_of(state), proposing_steps(state))
    return "gather", {**update, "proposers": [], "results": Overwrite(write_results(kept))}


async def _going_on(question: Question, changes: dict[str, Any] | None) -> Way:
    """A plan's steps run next, changes are applied; the time budget does not count the waiting."""
    if changes is None:
        await _settle(question, ApprovalStatus.APPLIED)
    state = question.state
    update: dict[str, Any] = {
        "changes": changes,
        "started": question.resources.now().timestamp(),
        "asked": dump(question.approval.model_copy(update={"changes": None, "plan": None})),
        "problem": "",
        "results": Overwrite(write_results(list(results_of(state).values()))),
    }
    return ("apply" if changes else "gather"), update


def _ended(question: Question, status: ApprovalStatus, text: str) -> Way:
    approval = question.approval
    done = {"asked": None, "changes": None, "problem": ""}
    result = outcome(str(status), approval.changes, turn_id=approval.turn_id)
    result["plan_id"] = approval.plan_id
    if approval.action == RUN_PLAN:
        return "write", {**done, **_spoken(plan_of(question.state), text), "outcome": result}
    return "write", {**done, **told(question.state, text), "outcome": result}


def _spoken(plan: Plan, text: str) -> dict[str, Any]:
    """Return a plan of one step that has said this, in place of a plan that shall not run."""
    step = Step(id="s1", agent="chat", intent=plan.steps[0].intent)
    said = StepResult(step_id=step.id, agent=step.agent, intent=step.intent, text=text)
    spoken = plan.model_copy(update={"steps": (step,)})
    return {"plan": dump(spoken), "results": Overwrite(write_results([said]))}


async def _settle(question: Question, status: ApprovalStatus) -> None:
    approval = question.approval
    await question.resources.library.catalog.settle_approval(approval.plan_id, approval.change_no, status)


_WAYS: dict[str, Callable[[Question, Decision], Awaitable[Way]]] = {
    "approve": _approved,
    "edit": _edited,
    "reject": _rejected,
    "respond": _refined,
}
