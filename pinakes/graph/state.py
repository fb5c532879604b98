"""What a turn remembers: small, JSON-primitive, emptied when the answer is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Protocol

from langchain_core.messages import AnyMessage
from langgraph.channels import DeltaChannel
from langgraph.runtime import Runtime
from langgraph.types import Command
from typing_extensions import TypedDict

from pinakes.core.approvals import Approval
from pinakes.core.changes import ChangeSet
from pinakes.core.options import TurnOptions
from pinakes.core.plans import Focus, Plan, StepResult
from pinakes.core.value import Value
from pinakes.graph.messages import merge_messages, question_of, turn_id_of

SNAPSHOT_EVERY = 500
"""Writes to the conversation, two a turn, between two full copies of it in the checkpoints.

Copies are what makes a long conversation big; reading back takes as long with a copy as without.
"""


def merge_usage(left: dict[str, Any], right: dict[str, Any]) -> dict[str, Any]:
    """Join what parallel nodes saw of one meter, which only counts up: the later state of each node stays."""
    later = {node: spent for node, spent in right.items() if _calls(spent) >= _calls(left.get(node, {}))}
    return {**left, **later}


def _calls(spent: Mapping[str, Any]) -> int:
    return int(spent.get("call_count", 0))


def merge_results(left: dict[str, Any], right: dict[str, Any]) -> dict[str, Any]:
    """Join the results of parallel steps by step id."""
    return {**left, **right}


Messages = Annotated[list[AnyMessage], DeltaChannel(merge_messages, snapshot_frequency=SNAPSHOT_EVERY)]


class ChatInput(TypedDict):
    """What a turn is started with."""

    messages: Messages


class ChatOutput(TypedDict):
    """What a turn ends with: the answer is the last message."""

    messages: Messages


class TurnState(TypedDict, total=False):
    """The channels of the graph; values are dumps of core values.

    Attributes:
        options: The effective `TurnOptions`, kept here since context does not survive an interrupt.
        started: Seconds since the epoch when the turn began, for its time budget.
        plan: The compiled `Plan`, None between turns.
        results: Step id to `StepResult`, empty between turns.
        focus: The `Focus` that the last answer left.
        turn: The `Turn`, fixed when it began: its answer may be written after later messages.
        changes: The pending `ChangeSet`, None when there is none.
        asked: The `Approval` that is waited for, without its changes and its plan.
        problem: Why an answer to it could not be used, to be shown when it is asked again.
        change_no: How often this turn has asked.
        proposers: Ids of the steps that the pending changes come from.
        refinements: What the user said about the turn's proposals, in order.
        outcome: What became of the changes, for the answer's metadata.
        waiting: Descriptions of proposals of earlier turns that nobody has decided.
        usage: What the turn's model calls cost, node to `Spent`, empty between turns.
        session_usage: What the earlier turns' calls cost, as `Spent`.
    """

    messages: Messages
    options: dict[str, Any]
    started: float
    plan: dict[str, Any] | None
    results: Annotated[dict[str, Any], merge_results]
    focus: dict[str, Any]
    turn: dict[str, Any] | None
    changes: dict[str, Any] | None
    asked: dict[str, Any] | None
    problem: str
    change_no: int
    proposers: list[str]
    refinements: list[str]
    outcome: dict[str, Any] | None
    waiting: list[str]
    usage: Annotated[dict[str, Any], merge_usage]
    session_usage: dict[str, Any]


class Turn(Value):
    """A question and its id, which is its message's."""

    id: str
    question: str


class StepInput(TypedDict):
    """What `Send` carries to an agent's node: the dump of a `Task`, and what its turn's meter is made from."""

    task: dict[str, Any]
    turn_id: str
    started: float
    usage: dict[str, Any]
    session_usage: dict[str, Any]


class TurnNode(Protocol):
    """A node that sees the whole turn and returns what it changes."""

    async def __call__(self, state: TurnState, *, runtime: Runtime[TurnOptions]) -> dict[str, Any]:
        """Run once."""
        ...


class RoutingNode(Protocol):
    """A node that sees the whole turn and decides where it goes on."""

    async def __call__(self, state: TurnState, *, runtime: Runtime[TurnOptions]) -> Command[str]:
        """Run once."""
        ...


class StepNode(Protocol):
    """A node that sees one step and returns its result."""

    async def __call__(self, state: StepInput, *, runtime: Runtime[TurnOptions]) -> dict[str, Any]:
        """Run once."""
        ...


EMPTY_DESK: dict[str, Any] = {
    "turn": None,
    "plan": None,
    "changes": None,
    "asked": None,
    "problem": "",
    "change_no": 0,
    "proposers": [],
    "refinements": [],
    "outcome": None,
    "waiting": [],
}
"""What the channels of a turn hold between turns, but for `results` and `usage`, which need an `Overwrite`."""


def dump(value: Value) -> dict[str, Any]:
    """Return a value as JSON primitives without what its defaults give again."""
    return value.model_dump(mode="json", exclude_defaults=True)


def options_of(state: TurnState) -> TurnOptions:
    """Return the options frozen when the turn began."""
    return TurnOptions.model_validate(state.get("options") or {})


def focus_of(state: TurnState) -> Focus:
    """Return what the last answer was about."""
    return Focus.model_validate(state.get("focus") or {})


def plan_of(state: TurnState) -> Plan:
    """Return the compiled plan of the running turn."""
    return Plan.model_validate(state["plan"])


def turn_of(state: TurnState) -> Turn:
    """Return the running turn; before it is fixed, that of the last human message."""
    if frozen := state.get("turn"):
        return Turn.model_validate(frozen)
    return Turn(id=turn_id_of(state["messages"]), question=question_of(state["messages"]))


def changes_of(state: TurnState) -> ChangeSet | None:
    """Return the pending changes."""
    pending = state.get("changes")
    return ChangeSet.model_validate(pending) if pending else None


def asked_of(state: TurnState) -> Approval | None:
    """Return what is waited for, with the pending changes or the plan that it is about."""
    asked = state.get("asked")
    if not asked:
        return None
    plan = plan_of(state) if state.get("plan") else None
    return Approval.model_validate(asked).model_copy(update={"changes": changes_of(state), "plan": plan})


def results_of(state: TurnState) -> dict[str, StepResult]:
    """Return the results so far by step id."""
    return read_results(state.get("results") or {})


def read_results(dumps: Mapping[str, Any]) -> dict[str, StepResult]:
    """Return results from their dumps."""
    return {step_id: StepResult.model_validate(value) for step_id, value in dumps.items()}


def write_results(results: Sequence[StepResult]) -> dict[str, Any]:
    """Return dumps by step id, as the channel `results` takes them."""
    return {result.step_id: dump(result) for result in results}
