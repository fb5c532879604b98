"""Deciding what a turn proposes: yes; yes, but so; no; or words that refine it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pinakes.client.chat_stream import whole_answer
from pinakes.client.conversations import SessionResource
from pinakes.core.approvals import APPLY_CHANGES, RUN_PLAN, Decision, EditedAction, PlanActionResponse
from pinakes.core.changes import ChangeSet
from pinakes.core.chat import ChatResponse
from pinakes.core.errors import PinakesError, PlanExpiredError, ValidationError

_ACTIONS = {"approve": "approve", "edit": "edit", "reject": "cancel", "respond": "respond"}


class ApprovalResource(SessionResource):
    """The part of `client.chats` that decides proposals.

    Every call waits until the turn has ended or asks again, unless `wait=False`, which returns when it goes on. In
    a loop over the turn's stream both are fine: the loop goes on with what came of it.
    """

    async def approve_plan(self, session_id: str, plan_id: str, *, wait: bool = True) -> PlanActionResponse:
        """Say yes to exactly what is proposed.

        Raises:
            ResourceNotFoundError: There is no such plan in this session.
            PlanDecidedError: It was decided before; nothing is done a second time.
            PlanExpiredError: It waited too long; nothing was changed.
            SessionBusyError: The session's running turn took too long.
        """
        return await self._decide(session_id, plan_id, Decision(type="approve"), wait)

    async def cancel_plan(
        self, session_id: str, plan_id: str, reason: str | None = None, *, wait: bool = True
    ) -> PlanActionResponse:
        """Say no; the answer respects the reason. Raises what `approve_plan` raises."""
        return await self._decide(session_id, plan_id, Decision(type="reject", message=reason), wait)

    async def edit_plan(
        self,
        session_id: str,
        plan_id: str,
        changes: ChangeSet | Mapping[str, Any],
        *,
        wait: bool = True,
    ) -> PlanActionResponse:
        """Say yes to the changes that are left, each ending as it says there; of a plan, to the steps left.

        Raises what `approve_plan` raises, and, with the proposal still open, ChangeError or PlanError for an edit
        that adds anything or does not fit the library.
        """
        args = changes.model_dump(mode="json") if isinstance(changes, ChangeSet) else dict(changes)
        name = RUN_PLAN if "steps" in args else APPLY_CHANGES
        decision = Decision(type="edit", edited_action=EditedAction(name=name, args=args))
        return await self._decide(session_id, plan_id, decision, wait)

    async def respond_plan(
        self, session_id: str, plan_id: str, message: str, *, wait: bool = True
    ) -> PlanActionResponse:
        """Say what should be otherwise; the turn proposes again. Raises what `approve_plan` raises, ValidationError."""
        if not message.strip():
            raise ValidationError("Say in a few words what should be otherwise, or cancel the plan.")
        return await self._decide(session_id, plan_id, Decision(type="respond", message=message), wait)

    async def _decide(
        self, session_id: str, plan_id: str, decision: Decision, wait: bool
    ) -> PlanActionResponse:
        turn_id, seen = await self._runner.decide(session_id, plan_id, decision)
        taken = _ACTIONS[decision.type]
        if not wait:
            return PlanActionResponse(plan_id=plan_id, action_taken=taken, message="The turn goes on.")
        answer, error = await self._outcome(session_id, turn_id, seen)
        status = str((await self._catalog.get_approval(plan_id)).status)
        if status == "expired":
            raise PlanExpiredError(
                "The plan waited too long; nothing was changed. Ask again.", plan_id=plan_id
            )
        if error is not None or answer is None:
            text = error.message if error else ""
            return PlanActionResponse(
                success=False, plan_id=plan_id, message=text, action_taken=taken, status=status
            )
        return _told(plan_id, taken, status, answer)

    async def _outcome(
        self, session_id: str, turn_id: str, seen: int
    ) -> tuple[ChatResponse | None, PinakesError | None]:
        try:
            return await whole_answer(self._runner, session_id, turn_id, after=seen), None
        except PinakesError as error:
            return None, error


class SessionApprovals:
    """The decisions of one conversation; see `ApprovalResource`."""

    def __init__(self, approvals: ApprovalResource) -> None:
        self._approvals = approvals

    @property
    def session_id(self) -> str:
        """The conversation's id."""
        raise NotImplementedError

    async def approve_plan(self, plan_id: str, *, wait: bool = True) -> PlanActionResponse:
        """Say yes to exactly what is proposed."""
        return await self._approvals.approve_plan(self.session_id, plan_id, wait=wait)

    async def cancel_plan(
        self, plan_id: str, reason: str | None = None, *, wait: bool = True
    ) -> PlanActionResponse:
        """Say no."""
        return await self._approvals.cancel_plan(self.session_id, plan_id, reason, wait=wait)

    async def edit_plan(
        self, plan_id: str, changes: ChangeSet | Mapping[str, Any], *, wait: bool = True
    ) -> PlanActionResponse:
        """Say yes to the changes that are left, each ending as it says there."""
        return await self._approvals.edit_plan(self.session_id, plan_id, changes, wait=wait)

    async def respond_plan(self, plan_id: str, message: str, *, wait: bool = True) -> PlanActionResponse:
        """Say what should be otherwise."""
        return await self._approvals.respond_plan(self.session_id, plan_id, message, wait=wait)


def _told(plan_id: str, taken: str, status: str, answer: ChatResponse) -> PlanActionResponse:
    metadata = answer.metadata or {}
    again = metadata.get("pending_approval")
    return PlanActionResponse(
        plan_id=plan_id,
        message=answer.content,
        action_taken=taken,
        status=status,
        results={"content": answer.content, **metadata.get("changes", {})},
        pending_actions=[again] if again else None,
    )
