"""How far a plan has come: which steps can run, and which never will. Pure functions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pinakes.agents.planning.compile import QUESTION
from pinakes.core.plans import AgentCard, Plan, Step, StepResult, StepStatus


def ready_steps(plan: Plan, results: Mapping[str, StepResult]) -> list[Step]:
    """Return the steps that have no result yet and whose inputs all have one, in plan order."""
    return [
        step
        for step in plan.steps
        if step.id not in results and all(needed in results for needed in step.depends_on)
    ]


def inputs_of(step: Step, results: Mapping[str, StepResult]) -> tuple[StepResult, ...]:
    """Return what the steps that this one depends on found."""
    return tuple(results[needed] for needed in step.depends_on if needed in results)


def skipped_steps(
    plan: Plan, results: Mapping[str, StepResult], cards: Mapping[str, AgentCard]
) -> list[StepResult]:
    """Return a skipped result for every ready step whose inputs all came back empty, and for those behind it.

    An agent that takes no data, such as small talk, or can do without, runs all the same.
    """
    known = dict(results)
    skipped: list[StepResult] = []
    while fresh := [_skip(step, known) for step in ready_steps(plan, known) if _starves(step, known, cards)]:
        skipped += fresh
        known |= {result.step_id: result for result in fresh}
    return skipped


def abandoned_steps(plan: Plan, results: Mapping[str, StepResult], reason: str) -> list[StepResult]:
    """Return a skipped result with this reason for every step without one."""
    return [_skipped(step, reason) for step in plan.steps if step.id not in results]


def in_plan_order(plan: Plan, results: Mapping[str, StepResult]) -> tuple[StepResult, ...]:
    """Return the results in the order of the plan's steps."""
    return tuple(results[step.id] for step in plan.steps if step.id in results)


def has_findings(result: StepResult) -> bool:
    """Return whether a later step can build on this result."""
    return result.status is StepStatus.OK and bool(
        result.evidence or result.file_ids or result.table or result.text
    )


def _starves(step: Step, results: Mapping[str, StepResult], cards: Mapping[str, AgentCard]) -> bool:
    inputs = inputs_of(step, results)
    card = cards[step.agent]
    takes = set(card.takes) - {QUESTION}
    return bool(inputs and takes) and not card.alone and not any(map(has_findings, inputs))


def _skip(step: Step, results: Mapping[str, StepResult]) -> StepResult:
    return _skipped(step, f"It had nothing to work on: {_why_empty(inputs_of(step, results))}.")


def _why_empty(inputs: Sequence[StepResult]) -> str:
    return ", ".join(f"{result.agent} {_ENDINGS[result.status]}" for result in inputs)


def _skipped(step: Step, reason: str) -> StepResult:
    return StepResult(
        step_id=step.id, agent=step.agent, intent=step.intent, status=StepStatus.SKIPPED, notes=(reason,)
    )


_ENDINGS = {
    StepStatus.OK: "found nothing",
    StepStatus.EMPTY: "found nothing",
    StepStatus.FAILED: "failed",
    StepStatus.SKIPPED: "was skipped",
    StepStatus.UNAVAILABLE: "is not available yet",
}
