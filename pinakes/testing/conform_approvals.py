"""Questions to a human in a catalog; see `pinakes.testing.conform_catalog`."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

from pinakes.core.approvals import Approval, ApprovalStatus, Decision
from pinakes.core.changes import Change, ChangeAction, ChangeSet
from pinakes.core.errors import PlanDecidedError, PlanExpiredError, ResourceNotFoundError
from pinakes.core.plans import Plan
from pinakes.ports.catalog import Catalog
from pinakes.testing.refusal import refused
from pinakes.testing.samples import START

LATER = START + timedelta(days=1)
YES = Decision(type="approve")


def approval(name: str = "p", **fields: Any) -> Approval:
    """Return an open approval of one folder."""
    defaults = {"session_id": "s", "turn_id": "t", "change_no": 1, "created_at": START}
    folder = Change(id="1", action=ChangeAction.CREATE_FOLDER, folder_after="A")
    return Approval(plan_id=name, changes=ChangeSet(plan_id=name, changes=(folder,)), **defaults | fields)


class ConformApprovals:
    """The suite's part on approvals."""

    async def test_approval(self, catalog: Catalog, other: Catalog) -> None:
        """A question is kept as it was asked, and is a tenant's own."""
        asked = approval(plan=Plan(id="p", steps=()), expires_at=LATER)
        await catalog.add_approval(asked)
        await catalog.add_approval(asked.model_copy(update={"description": "another"}))
        await catalog.add_approval(approval("q", session_id="elsewhere"))
        assert await catalog.get_approval("p") == asked
        assert await catalog.open_approvals("s") == [asked]
        assert await other.open_approvals("s") == []
        await refused(other.get_approval("p"), ResourceNotFoundError)
        await refused(other.claim_approval("p", 1, YES, "c", START), ResourceNotFoundError)
        await refused(other.settle_approval("p", 1, ApprovalStatus.APPLIED), ResourceNotFoundError)
        assert await catalog.get_approval("p") == asked

    async def test_claim(self, catalog: Catalog) -> None:
        """The first decision counts; the same claim again is the same decision."""
        await catalog.add_approval(approval())
        claimed = await catalog.claim_approval("p", 1, YES, "c", START)
        assert (claimed.status, claimed.decision, claimed.claim) == (ApprovalStatus.DECIDED, YES, "c")
        no = Decision(type="reject", message="why?")
        assert await catalog.claim_approval("p", 1, no, "c", START) == claimed
        await refused(catalog.claim_approval("p", 1, YES, "d", START), PlanDecidedError)
        await refused(catalog.claim_approval("p", 2, YES, "c", START), ResourceNotFoundError)
        assert await catalog.open_approvals("s") == []
        await catalog.settle_approval("p", 1, ApprovalStatus.APPLIED)
        assert (await catalog.get_approval("p")).status is ApprovalStatus.APPLIED
        await refused(catalog.claim_approval("p", 1, YES, "d", START), PlanDecidedError)

    async def test_claims_at_once(self, catalog: Catalog) -> None:
        """Of many decisions in one moment one counts."""
        await catalog.add_approval(approval())
        claims = [catalog.claim_approval("p", 1, YES, str(n), START) for n in range(8)]
        outcomes = await asyncio.gather(*claims, return_exceptions=True)
        won = [outcome for outcome in outcomes if isinstance(outcome, Approval)]
        assert len(won) == 1
        assert sum(isinstance(outcome, PlanDecidedError) for outcome in outcomes) == 7
        assert await catalog.get_approval("p") == won[0]

    async def test_late_claim(self, catalog: Catalog) -> None:
        """What waited too long is expired, for good."""
        await catalog.add_approval(approval(expires_at=START))
        for moment in (LATER, START):
            await refused(catalog.claim_approval("p", 1, YES, "c", moment), PlanExpiredError)
        assert (await catalog.get_approval("p")).status is ApprovalStatus.EXPIRED
        assert await catalog.open_approvals("s") == []

    async def test_newest_approval(self, catalog: Catalog) -> None:
        """A plan that is asked again is answered by its newest number; the older one is settled on its own."""
        for number in (2, 10):
            await catalog.add_approval(approval(change_no=number))
        assert (await catalog.get_approval("p")).change_no == 10
        await catalog.settle_approval("p", 2, ApprovalStatus.REVISED)
        assert [found.change_no for found in await catalog.open_approvals("s")] == [10]
