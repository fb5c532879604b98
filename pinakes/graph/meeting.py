"""How a run begins where a proposal is open: with its decision, or beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from langchain_core.messages import AnyMessage, HumanMessage
from langchain_core.runnables import RunnableConfig
from langgraph.runtime import Runtime

from pinakes.agents.planning.decisions import read_decision
from pinakes.core.approvals import RUN_PLAN, Approval, ApprovalStatus, HitlResponse
from pinakes.core.ids import derived_id
from pinakes.core.options import TurnOptions
from pinakes.core.plans import Plan, Step
from pinakes.graph.asking import session_of
from pinakes.graph.deciding import Question
from pinakes.graph.messages import question_of, turn_id_of
from pinakes.graph.resources import Resources
from pinakes.graph.state import EMPTY_DESK, Turn, TurnState, dump

DECISION = "pinakes_decision"
"""In a run's `configurable`: `{"plan_id", "turn_id", "response"}`, a decision on an approval that no interrupt waits
for, and the turn that its answer belongs to."""

_DESK = (*EMPTY_DESK, "options", "started")


@dataclass(frozen=True)
class Meeting:
    """A question, its answer, and the channels that this run has to set before it goes on."""

    question: Question
    response: HitlResponse
    fresh: tuple[str, ...] = _DESK


async def meet(
    resources: Resources, state: TurnState, runtime: Runtime[TurnOptions], config: RunnableConfig
) -> Meeting | list[str]:
    """Return the decision that this run goes on with, else what stays open beside it, described.

    Only the newest open proposal can be answered by a message; expired ones are closed.
    """
    brought = config.get("configurable", {}).get(DECISION)
    if brought:
        response = HitlResponse.model_validate(brought["response"])
        approval = await resources.library.catalog.get_approval(brought["plan_id"])
        return _met(resources, state, runtime, approval, response, brought["turn_id"])
    session_id = _thread(runtime)
    if session_id is None:
        return []
    waiting = await resources.library.catalog.open_approvals(session_id)
    if waiting and (decision := read_decision(question_of(state["messages"]), waiting[-1])):
        turn_id = turn_id_of(state["messages"])
        response = HitlResponse(decisions=(decision,), claim=turn_id)
        return _met(resources, state, runtime, waiting[-1], response, turn_id)
    return await _still_open(resources, waiting)


def given_options(resources: Resources, runtime: Runtime[TurnOptions]) -> TurnOptions:
    """Return the caller's options; there is no context on resume, and where the caller gave none."""
    given: TurnOptions | None = runtime.context
    return resources.defaults if given is None else given


def _thread(runtime: Runtime[TurnOptions]) -> str | None:
    return runtime.execution_info.thread_id if runtime.execution_info else None


def _met(
    resources: Resources,
    state: TurnState,
    runtime: Runtime[TurnOptions],
    approval: Approval,
    response: HitlResponse,
    turn_id: str,
) -> Meeting:
    desk = _resumed(resources, state, runtime, approval, response, turn_id)
    return Meeting(Question(resources, desk, session_of(desk, runtime), approval), response)


def _resumed(
    resources: Resources,
    state: TurnState,
    runtime: Runtime[TurnOptions],
    approval: Approval,
    response: HitlResponse,
    turn_id: str,
) -> TurnState:
    """Return the state in which the proposal was made, as far as it is known still, for the turn that answers."""
    messages = state.get("messages", [])
    own = (state.get("turn") or {}).get("id") == approval.turn_id and state.get("plan")
    turn = Turn(id=turn_id, question=_question(messages, approval))
    if own:
        number = max(state.get("change_no", 0), approval.change_no)
        return {**state, "turn": dump(turn), "waiting": [], "change_no": number}
    plan = approval.plan or _plan(approval)
    proposers = _proposers(resources, plan)
    if approval.action != RUN_PLAN and response.decisions[0].type != "respond":
        plan = plan.model_copy(update={"steps": _alone(plan, proposers)})
    empty: dict[str, Any] = {**EMPTY_DESK, "results": {}}
    return {
        **state,
        **empty,  # type: ignore[typeddict-item]
        "turn": dump(turn),
        "plan": dump(plan),
        "proposers": proposers,
        "change_no": approval.change_no,
        "options": dump(given_options(resources, runtime)),
        "started": resources.now().timestamp(),
    }


def _question(messages: Sequence[AnyMessage], approval: Approval) -> str:
    asked = [m.text for m in messages if m.id == approval.turn_id and isinstance(m, HumanMessage)]
    return asked[0] if asked else approval.description


def _plan(approval: Approval) -> Plan:
    step = Step(id="s1", agent="folder_management", intent=approval.description[:2000] or "changes")
    return Plan(id=derived_id(approval.turn_id, "plan"), steps=(step,))


def _proposers(resources: Resources, plan: Plan) -> list[str]:
    mutating = {card.name for card in resources.cards if card.mutates}
    return [step.id for step in plan.steps if step.agent in mutating] or [plan.steps[-1].id]


def _alone(plan: Plan, step_ids: Sequence[str]) -> tuple[Step, ...]:
    return tuple(s.model_copy(update={"depends_on": ()}) for s in plan.steps if s.id in step_ids)


async def _still_open(resources: Resources, waiting: Sequence[Approval]) -> list[str]:
    catalog, now = resources.library.catalog, resources.now()
    described = []
    for approval in waiting:
        if approval.expires_at is not None and approval.expires_at <= now:
            await catalog.settle_approval(approval.plan_id, approval.change_no, ApprovalStatus.EXPIRED)
        else:
            described.append(approval.description)
    return described
