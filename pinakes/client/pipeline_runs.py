"""Pipelines as data: their steps compiled, run, and told of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from time import perf_counter
from typing import Any

from pinakes.agents.planning.compile import QUESTION, compile_plan
from pinakes.client.checks import spoken
from pinakes.client.explicit_changes import Applied, apply_proposals
from pinakes.core.errors import PinakesError, ValidationError
from pinakes.core.ids import new_id
from pinakes.core.options import TurnOptions
from pinakes.core.pipelines import PipelineResult, PipelineStep, PipelineStepResult
from pinakes.core.plans import MAX_STEPS, AgentCard, Plan, Step, StepResult, StepStatus
from pinakes.graph.resources import Resources
from pinakes.graph.standalone import run_steps

_STATUS = {
    StepStatus.OK: "completed",
    StepStatus.EMPTY: "completed",
    StepStatus.SKIPPED: "skipped",
    StepStatus.FAILED: "failed",
    StepStatus.UNAVAILABLE: "failed",
}
"""What the hosted service calls them: a step that found nothing has done its work."""
_NAMED = 3


class PipelineRuns:
    """Runs what `Pipeline` puts together."""

    def __init__(self, resources: Resources) -> None:
        self._resources = resources

    async def run(
        self, steps: Sequence[PipelineStep], *, options: TurnOptions | None = None, dry_run: bool = False
    ) -> PipelineResult:
        """Run steps and return what each gave; see `Pipeline.run`.

        Args:
            options: What the steps may see, among others.
        """
        started = perf_counter()
        plan = self.planned(steps)
        results, spent = await run_steps(self._resources, plan, options or TurnOptions())
        applied, problems = await self._apply(plan, results, dry_run)
        errors = [result.error.message for result in results if result.error] + problems
        return PipelineResult(
            success=not errors,
            steps=_as_written(steps, plan, results),
            execution_time_ms=round((perf_counter() - started) * 1000),
            total_waves=len(plan.waves()),
            errors=errors,
            token_usage=spent.token_usage(),
            changes=applied.changes,
            entry_id=applied.entry_id,
        )

    def planned(self, steps: Sequence[PipelineStep]) -> Plan:
        """Return the compiled plan of steps. Raises PlanError, ValidationError."""
        if not 1 <= len(steps) <= MAX_STEPS:
            raise ValidationError(f"A pipeline has 1 to {MAX_STEPS} steps; add one, or split it.")
        for step in steps:
            spoken(step.intent, name="intent")
        cards = {card.name: card for card in self._resources.cards}
        made = tuple(
            Step(
                id=f"s{n}", agent=step.agent, intent=step.intent, depends_on=_needs(n, step, steps[:n], cards)
            )
            for n, step in enumerate(steps)
        )
        return compile_plan(Plan(id=new_id(), steps=made, source="caller"), self._resources.cards)

    async def _apply(
        self, plan: Plan, results: Sequence[StepResult], dry_run: bool
    ) -> tuple[Applied, list[str]]:
        try:
            return await apply_proposals(self._resources, plan.id, results, dry_run=dry_run), []
        except PinakesError as error:
            return Applied(), [error.message]


def _needs(
    position: int, step: PipelineStep, earlier: Sequence[PipelineStep], cards: Mapping[str, AgentCard]
) -> tuple[str, ...]:
    """Return the ids of the steps that a step waits for: those it names, else those that give what it takes."""
    if step.depends_on is not None:
        return tuple(f"s{_checked(n, position)}" for n in step.depends_on)
    wanted = set(cards[step.agent].takes) - {QUESTION} if step.agent in cards else set()
    giving = (n for n, s in enumerate(earlier) if s.agent in cards and wanted & set(cards[s.agent].gives))
    return tuple(f"s{n}" for n in giving)


def _checked(needed: int, position: int) -> int:
    if not 0 <= needed < position:
        raise ValidationError(
            f"Step {position} depends on step {needed}; positions run from 0 to the step before."
        )
    return needed


def outputs_of(result: StepResult) -> dict[str, Any]:
    """Return what a step found by data type, JSON-able."""
    found: dict[str, Any] = {}
    for piece in result.evidence:
        members = found.setdefault(f"{piece.media_type}s", [])
        if piece.file_id not in members:
            members.append(piece.file_id)
    parts = {
        "file_ids": list(result.file_ids),
        "evidence": [piece.model_dump(mode="json") for piece in result.evidence],
        "pairs": [pair.model_dump(mode="json") for pair in result.pairs],
        "changes": [change.model_dump(mode="json") for change in result.changes],
        "table": result.table.model_dump(mode="json") if result.table else None,
        "report": result.report.model_dump(mode="json") if result.report else None,
        "notes": list(result.notes),
    }
    return found | {name: value for name, value in parts.items() if value}


def _as_written(
    steps: Sequence[PipelineStep], plan: Plan, results: Sequence[StepResult]
) -> list[PipelineStepResult]:
    """Return the results in the caller's order: compiling may put steps of one wave together."""
    left = list(zip(plan.steps, results, strict=True))
    ordered: list[PipelineStepResult] = []
    for step in steps:
        place = next(
            n for n, (s, _) in enumerate(left) if (s.agent, s.intent) == (step.agent, step.intent.strip())
        )
        planned, result = left.pop(place)
        ordered.append(_step_result(planned.id, result))
    return ordered


def _step_result(node_id: str, result: StepResult) -> PipelineStepResult:
    return PipelineStepResult(
        agent=result.agent,
        status=_STATUS[result.status],
        summary=result.text or _summed_up(result),
        outputs=outputs_of(result),
        error=_error(result),
        execution_time_ms=result.duration_ms,
        node_id=node_id,
    )


def _error(result: StepResult) -> str | None:
    """Return why a step failed; that of one which cannot run here is in its notes."""
    if result.error:
        return result.error.message
    return (
        (result.text or " ".join(result.notes) or None) if result.status is StepStatus.UNAVAILABLE else None
    )


def _summed_up(result: StepResult) -> str | None:
    """Return what a step without words of its own found, in words; else why it found nothing."""
    if not result.file_ids and not result.evidence:
        return " ".join(result.notes) or ("Nothing was found." if result.status is StepStatus.EMPTY else None)
    names = list(dict.fromkeys(piece.filename for piece in result.evidence))
    count = len(result.file_ids) or len(names)
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    listed = f": {', '.join(names[:_NAMED])}{more}" if names else ""
    return f"{count} {'file' if count == 1 else 'files'} found{listed}."
