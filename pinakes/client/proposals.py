"""Deciding proposals from outside the graph: what may be decided, and claiming it once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from pinakes.core.approvals import RUN_PLAN, Approval, ApprovalStatus, Decision, HitlResponse
from pinakes.core.errors import (
    ChangeError,
    LibraryMovedOnError,
    PlanDecidedError,
    PlanExpiredError,
    ResourceNotFoundError,
)
from pinakes.core.failpoints import reach
from pinakes.core.ids import new_id
from pinakes.graph.editing import edited_changes, left_steps
from pinakes.library.library import Library


class Proposals:
    """The open questions of a library's conversations."""

    def __init__(self, library: Library, now: Callable[[], datetime]) -> None:
        self._library = library
        self._catalog = library.catalog
        self._now = now

    async def undecided(self, session_id: str, plan_id: str) -> Approval:
        """Return an open proposal of this session. Raises ResourceNotFoundError, PlanDecidedError, PlanExpiredError."""
        approval = await self._catalog.get_approval(plan_id)
        if approval.session_id != session_id:
            raise ResourceNotFoundError("There is no plan with this id in this session.", plan_id=plan_id)
        if approval.status is ApprovalStatus.EXPIRED:
            raise PlanExpiredError(
                "The plan waited too long for its decision; ask for it again.", plan_id=plan_id
            )
        if approval.status is not ApprovalStatus.OPEN:
            raise PlanDecidedError(
                "The plan has been decided already.", plan_id=plan_id, status=str(approval.status)
            )
        return approval

    async def check(self, approval: Approval, decision: Decision) -> None:
        """Raise ChangeError or PlanError for an edit that cannot be used.

        A library that has moved on is no fault of the edit: the turn asks again with what is left of it.
        """
        if decision.type != "edit":
            return
        args = decision.edited_action.args if decision.edited_action else {}
        if approval.action == RUN_PLAN and approval.plan:
            left_steps(approval.plan, args)
            return
        if approval.changes is None:
            raise ChangeError("There are no changes to edit.", problems=[])
        edited = edited_changes(approval.changes, args)
        try:
            if edited.changes:
                await self._library.prepare_changes(edited)
        except LibraryMovedOnError:
            return

    async def claim(self, approval: Approval, decision: Decision) -> HitlResponse:
        """Record a decision and return what its turn goes on with. Raises PlanDecidedError.

        An expired proposal is not claimed: its turn goes on to say that it has expired.
        """
        claim = new_id()
        try:
            await self._catalog.claim_approval(
                approval.plan_id, approval.change_no, decision, claim, self._now()
            )
        except PlanExpiredError:
            return HitlResponse(decisions=(decision,))
        reach("decision.claimed")
        return HitlResponse(decisions=(decision,), claim=claim)

    async def is_decided(self, plan_id: str) -> bool:
        """Return whether somebody has decided a proposal, so that its turn goes on."""
        approval = await self._catalog.get_approval(plan_id)
        return approval.status not in (ApprovalStatus.OPEN, ApprovalStatus.EXPIRED)


def recorded(approval: Approval) -> HitlResponse:
    """Return the decision that the catalog has of an approval; one without is an expired one."""
    return HitlResponse(decisions=(approval.decision or Decision(type="reject"),), claim=approval.claim)
