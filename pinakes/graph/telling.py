"""Putting what became of a proposal into the results of the steps that made it, so that writers need not know."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from langgraph.types import Overwrite

from pinakes.core.changes import ChangeSet
from pinakes.core.errors import PinakesError
from pinakes.core.plans import Plan, StepError, StepResult, StepStatus
from pinakes.graph.state import TurnState, plan_of, results_of, write_results


def told(state: TurnState, text: str) -> dict[str, Any]:
    """Return the results with `text` in place of what the proposing steps said."""
    results = results_of(state)
    first, *others = proposing_steps(state)
    results[first] = _saying(_result(state, results, first), text)
    for step_id in others:
        if step_id in results and not results[step_id].report:
            del results[step_id]  # the first one speaks for all
    return {"results": Overwrite(write_results(list(results.values())))}


def refused(state: TurnState, step_ids: Iterable[str], error: PinakesError) -> dict[str, Any]:
    """Return the results with the proposing steps failed, and why."""
    results = results_of(state)
    failure = {
        "status": StepStatus.FAILED,
        "text": "",
        "changes": (),
        "error": StepError(code=error.code, message=error.message),
    }
    changed = {step_id: results[step_id].model_copy(update=failure) for step_id in step_ids}
    return {"results": Overwrite(write_results(list((results | changed).values())))}


def proposing_steps(state: TurnState) -> list[str]:
    """Return the ids of the steps that the pending changes come from, else of the plan's last one."""
    return state.get("proposers") or [plan_of(state).steps[-1].id]


def without(plan: Plan, results: Mapping[str, StepResult], step_ids: Sequence[str]) -> list[StepResult]:
    """Return the results but for these steps and all that build on them, so that they run again."""
    gone = set(step_ids)
    for _ in plan.steps:
        gone |= {step.id for step in plan.steps if gone & set(step.depends_on)}
    return [result for step_id, result in results.items() if step_id not in gone]


def outcome(
    status: str, changes: ChangeSet | None, *, turn_id: str | None = None, entry_id: str | None = None
) -> dict[str, Any]:
    """Return what the answer's metadata say of changes; `turn_id` is the turn whose proposal it was."""
    counts = changes.counts if changes else {}
    plan_id = changes.plan_id if changes else None
    return {
        "status": status,
        "plan_id": plan_id,
        "entry_id": entry_id,
        "counts": counts,
        "turn_id": turn_id,
    }


def _result(state: TurnState, results: Mapping[str, StepResult], step_id: str) -> StepResult:
    """Return a step's result; one of an earlier turn is no longer kept."""
    if step_id in results:
        return results[step_id]
    step = next(step for step in plan_of(state).steps if step.id == step_id)
    return StepResult(step_id=step.id, agent=step.agent, intent=step.intent)


def _saying(result: StepResult, text: str) -> StepResult:
    """A report's own text stays, what became of saving it comes after it."""
    said = f"{result.text}\n\n{text}" if result.report and result.text else text
    dropped = {} if result.report else {"evidence": (), "notes": ()}
    return result.model_copy(update={**dropped, "changes": (), "text": said, "status": StepStatus.OK})
