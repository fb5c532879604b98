"""Agents as data, plans, and what steps return."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from pydantic import Field

from pinakes.core.changes import Change, ChangeKind
from pinakes.core.evidence import Evidence
from pinakes.core.files import Inventory, MediaType, Table
from pinakes.core.findings import Pair, ReportRef
from pinakes.core.options import TurnOptions
from pinakes.core.value import Value

MAX_STEPS = 10


class AgentCard(Value):
    """What a planner may know of an agent.

    Attributes:
        takes, gives: Data types that connect steps: images, documents, links, videos, findings, table, report,
            changes, text.
        mutates: Whether it proposes changes to the library.
        alone: Whether it can work from the words alone where the steps before it found nothing.
        available: Whether this build can run it; a step for an unavailable agent ends as "not available yet".
    """

    name: str
    purpose: str
    examples: tuple[str, ...]
    takes: tuple[str, ...] = ()
    gives: tuple[str, ...] = ()
    mutates: bool = False
    alone: bool = False
    available: bool = True


class Step(Value):
    """One task for one agent; `intent` stands on its own, without the conversation."""

    id: str
    agent: str
    intent: str = Field(min_length=1, max_length=2000)
    depends_on: tuple[str, ...] = ()


class Plan(Value):
    """Steps that answer one turn; compiled plans know only existing agents and have no circles.

    Attributes:
        effects: What the plan may leave behind, forecast when it is compiled: "changes" are asked for first,
            a "report" is kept beside the library. Empty for plans that only read.
    """

    id: str
    steps: tuple[Step, ...]
    effects: tuple[str, ...] = ()
    source: str = "local"  # local | model | repaired | caller
    confidence: float = 1.0
    reason: str = ""

    def waves(self) -> tuple[tuple[Step, ...], ...]:
        """Return the steps grouped into the fewest rounds that respect `depends_on`."""
        rounds: dict[str, int] = {}
        for _ in self.steps:
            for step in self.steps:
                rounds[step.id] = max((rounds.get(d, 0) + 1 for d in step.depends_on), default=0)
        last = max(rounds.values(), default=-1)
        return tuple(tuple(s for s in self.steps if rounds[s.id] == n) for n in range(last + 1))


class Focus(Value):
    """What "those", "it", "the second one" point to: the refs of the last result, in the order shown."""

    media_type: MediaType | None = None
    file_ids: tuple[str, ...] = ()
    intent: str = ""
    agents: tuple[str, ...] = ()


class PlanRequest(Value):
    """All that a planner sees: never any file's text."""

    question: str
    history: tuple[str, ...] = ()  # earlier user turns, oldest first
    focus: Focus = Focus()
    inventory: Inventory = Inventory()
    cards: tuple[AgentCard, ...] = ()
    options: TurnOptions = TurnOptions()


class StepStatus(StrEnum):
    """How a step ended."""

    OK = "ok"
    EMPTY = "empty"
    FAILED = "failed"
    SKIPPED = "skipped"
    UNAVAILABLE = "unavailable"


class StepError(Value):
    """Why a step failed, for people and machines."""

    code: str
    message: str


class StepResult(Value):
    """What an agent found: references and short text, never payloads.

    `text` is finished prose (small talk, a refusal, a summary in the agent's words); `evidence` is ordered best
    first; `file_ids` are the members of the result, in the order shown. `changes` are proposals: nothing has been
    done; with undo and redo `entry_id` names the journal entry that they take back or do again. `pairs` are what a
    cross-reference found, `report` what a synthesis wrote.
    """

    step_id: str
    agent: str
    intent: str = ""
    status: StepStatus = StepStatus.OK
    text: str = ""
    evidence: tuple[Evidence, ...] = ()
    file_ids: tuple[str, ...] = ()
    table: Table | None = None
    pairs: tuple[Pair, ...] = ()
    changes: tuple[Change, ...] = ()
    change_kind: ChangeKind = ChangeKind.APPLY
    entry_id: str | None = None
    report: ReportRef | None = None
    error: StepError | None = None
    notes: tuple[str, ...] = ()
    duration_ms: int = 0


class Task(Value):
    """What an agent is asked to do; `refinements` are the user's later words on a proposal of this turn, in order."""

    step: Step
    question: str
    options: TurnOptions = TurnOptions()
    focus: Focus = Focus()
    inputs: tuple[StepResult, ...] = ()
    refinements: tuple[str, ...] = ()


def is_partial(results: Sequence[StepResult]) -> bool:
    """Return whether part of a turn is missing: a step failed, or was skipped and no other answers its intent."""
    answered = {result.intent for result in results if result.status is StepStatus.OK}
    lost = (StepStatus.FAILED, StepStatus.UNAVAILABLE)
    skipped = {result.intent for result in results if result.status is StepStatus.SKIPPED}
    return bool(skipped - answered) or any(result.status in lost for result in results)
