"""Questions to a human: kept until they are answered, and answered once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from pinakes.core.approvals import Approval, ApprovalStatus, Decision
from pinakes.core.changes import ChangeSet
from pinakes.core.errors import PlanDecidedError, PlanExpiredError, ResourceNotFoundError
from pinakes.core.plans import Plan
from pinakes.core.value import Value
from pinakes.library.adapters.sql.change_tables import APPROVALS
from pinakes.library.adapters.sql.store import TenantStore

_VALUES: dict[str, type[Value]] = {"changes": ChangeSet, "plan": Plan, "decision": Decision}


class SqlApprovals(TenantStore):
    """The part of the catalog that keeps approvals."""

    async def add_approval(self, approval: Approval) -> None:
        """Keep an open question; one with the same plan and number is left as it is."""
        values = {name: getattr(approval, name) for name in _VALUES}
        texts = {name: value.model_dump_json() if value else None for name, value in values.items()}
        row = approval.model_dump(exclude=set(_VALUES)) | texts | {"status": str(approval.status)}
        async with self._database.write() as connection:
            await connection.execute(self._database.insert_new(APPROVALS).values(self._row(**row)))

    async def get_approval(self, plan_id: str) -> Approval:
        """Return a plan's newest approval. Raises ResourceNotFoundError."""
        newest = select(APPROVALS).where(self._one(APPROVALS, plan_id, "plan_id"))
        newest = newest.order_by(APPROVALS.c.change_no.desc()).limit(1)
        async with self._database.read() as connection:
            row = (await connection.execute(newest)).mappings().one_or_none()
        if row is None:
            raise _unknown(plan_id)
        return _to_approval(row)

    async def open_approvals(self, session_id: str) -> list[Approval]:
        """Return the approvals of a session that nobody has decided, oldest first."""
        undecided = APPROVALS.c.status == str(ApprovalStatus.OPEN)
        statement = select(APPROVALS).where(self._one(APPROVALS, session_id, "session_id"), undecided)
        statement = statement.order_by(APPROVALS.c.created_at, APPROVALS.c.plan_id, APPROVALS.c.change_no)
        async with self._database.read() as connection:
            return [_to_approval(row) for row in (await connection.execute(statement)).mappings()]

    async def claim_approval(
        self, plan_id: str, change_no: int, decision: Decision, claim: str, at: datetime
    ) -> Approval:
        """Record a decision, once. Raises PlanDecidedError, PlanExpiredError, ResourceNotFoundError."""
        async with self._database.write() as connection:
            await self._expire(connection, plan_id, change_no, at)
            taken = await self._claim(connection, plan_id, change_no, decision, claim)
            approval = await self._approval(connection, plan_id, change_no)
        if taken or approval.claim == claim:
            return approval
        if approval.status is ApprovalStatus.EXPIRED:
            raise PlanExpiredError(
                "This plan waited too long for its decision: ask for it again.", plan_id=plan_id
            )
        raise PlanDecidedError(
            "This plan has been decided already.", plan_id=plan_id, status=str(approval.status)
        )

    async def settle_approval(self, plan_id: str, change_no: int, status: ApprovalStatus) -> None:
        """Record what came of an approval. Raises ResourceNotFoundError."""
        settled = update(APPROVALS).where(self._this(plan_id, change_no)).values(status=str(status))
        async with self._database.write() as connection:
            if not (await connection.execute(settled)).rowcount:
                raise _unknown(plan_id)

    async def _expire(self, connection: AsyncConnection, plan_id: str, change_no: int, at: datetime) -> None:
        late = self._open(plan_id, change_no) & (APPROVALS.c.expires_at < at)
        await connection.execute(update(APPROVALS).where(late).values(status=str(ApprovalStatus.EXPIRED)))

    async def _claim(
        self, connection: AsyncConnection, plan_id: str, change_no: int, decision: Decision, claim: str
    ) -> bool:
        decided = {
            "status": str(ApprovalStatus.DECIDED),
            "decision": decision.model_dump_json(),
            "claim": claim,
        }
        first = update(APPROVALS).where(self._open(plan_id, change_no)).values(decided)
        return bool((await connection.execute(first)).rowcount)

    async def _approval(self, connection: AsyncConnection, plan_id: str, change_no: int) -> Approval:
        found = await connection.execute(select(APPROVALS).where(self._this(plan_id, change_no)))
        row = found.mappings().one_or_none()
        if row is None:
            raise _unknown(plan_id)
        return _to_approval(row)

    def _this(self, plan_id: str, change_no: int) -> ColumnElement[bool]:
        return self._one(APPROVALS, plan_id, "plan_id") & (APPROVALS.c.change_no == change_no)

    def _open(self, plan_id: str, change_no: int) -> ColumnElement[bool]:
        return self._this(plan_id, change_no) & (APPROVALS.c.status == str(ApprovalStatus.OPEN))


def _to_approval(row: Mapping[Any, Any]) -> Approval:
    plain = {name: row[name] for name in Approval.model_fields if name not in _VALUES}
    values = {
        name: kind.model_validate_json(row[name]) if row[name] is not None else None
        for name, kind in _VALUES.items()
    }
    return Approval.model_validate(plain | values)


def _unknown(plan_id: str) -> ResourceNotFoundError:
    return ResourceNotFoundError("There is no plan with this id that waits for a decision.", plan_id=plan_id)
