"""`client.pipeline()`: steps written by the caller, run by the same engine as a chat's plan."""

from __future__ import annotations

from collections.abc import Sequence
from time import perf_counter
from typing import Any, Self

from pinakes.agents.planning.compile import QUESTION, compile_plan
from pinakes.client.checks import made, several, spoken
from pinakes.client.explicit_changes import Applied, apply_proposals
from pinakes.core.errors import PinakesError, ValidationError
from pinakes.core.ids import new_id
from pinakes.core.options import TurnOptions
from pinakes.core.pipelines import PipelineResult, PipelineStep, PipelineStepResult
from pinakes.core.plans import MAX_STEPS, AgentCard, Plan, Step, StepResult, StepStatus
from pinakes.graph.resources import Resources
from pinakes.graph.standalone import run_steps

Dependencies = Sequence[int] | None
_STATUS = {
    StepStatus.OK: "completed",
    StepStatus.EMPTY: "completed",
    StepStatus.SKIPPED: "skipped",
    StepStatus.FAILED: "failed",
    StepStatus.UNAVAILABLE: "failed",
}
"""What the hosted service calls them: a step that found nothing has done its work."""
_NAMED = 3


class Pipeline:
    """Up to ten steps, built by chaining; `run` wires those without `depends_on` by the data they take and give.

    Every method adds a step and returns the pipeline. `depends_on` holds positions of earlier steps, from 0.
    """

    def __init__(self, resources: Resources) -> None:
        self._resources = resources
        self._steps: list[PipelineStep] = []
        self._options = TurnOptions()

    @property
    def steps(self) -> tuple[PipelineStep, ...]:
        """The steps so far."""
        return tuple(self._steps)

    def with_images(self, image_ids: Sequence[str]) -> Self:
        """Start from these pictures; no step sees others."""
        return self._select(use_all_images=False, image_ids=several("image_ids", image_ids))

    def with_documents(self, document_ids: Sequence[str]) -> Self:
        """Start from these documents; no step sees others."""
        return self._select(document_ids=several("document_ids", document_ids) or ("none",))

    def search_images(self, query: str) -> Self:
        """Find pictures."""
        return self.add("image_search", query, depends_on=())

    def search_documents(self, query: str) -> Self:
        """Find passages in documents."""
        return self.add("document_search", query, depends_on=())

    def search_links(self, query: str) -> Self:
        """Find saved pages."""
        return self.add("link_search", query, depends_on=())

    def search_videos(self, query: str) -> Self:
        """Find moments in videos."""
        return self.add("video_search", query, depends_on=())

    def analyze(self, intent: str, *, depends_on: Dependencies = None) -> Self:
        """Look at pictures."""
        return self.add("visual_analysis", intent, depends_on=depends_on)

    def analyze_documents(self, intent: str, *, depends_on: Dependencies = None) -> Self:
        """Summarise, compare, extract from or categorise documents."""
        return self.add("document_analysis", intent, depends_on=depends_on)

    def analyze_links(self, intent: str, *, depends_on: Dependencies = None) -> Self:
        """Summarise, compare or extract from saved pages."""
        return self.add("link_analysis", intent, depends_on=depends_on)

    def analyze_videos(self, intent: str, *, depends_on: Dependencies = None) -> Self:
        """Summarise, compare or extract from videos."""
        return self.add("video_analysis", intent, depends_on=depends_on)

    def cross_reference(self, intent: str, *, depends_on: Dependencies = None) -> Self:
        """Check findings of different kinds against each other."""
        return self.add("cross_reference", intent, depends_on=depends_on)

    def synthesize(self, intent: str, *, depends_on: Dependencies = None) -> Self:
        """Write a report."""
        return self.add("report_synthesis", intent, depends_on=depends_on)

    def organize(self, intent: str, *, depends_on: Dependencies = None) -> Self:
        """Change the library: this call is the yes for everything that deletes nothing."""
        return self.add("folder_management", intent, depends_on=depends_on)

    def add(self, agent: str, intent: str, *, depends_on: Dependencies = None) -> Self:
        """Add a step for any agent, also one of your own.

        Raises ValidationError when there are ten already, or the intent has not 1 to 2,000 characters.
        """
        if len(self._steps) == MAX_STEPS:
            raise ValidationError(f"A pipeline has at most {MAX_STEPS} steps; split it.")
        wired = None if depends_on is None else tuple(depends_on)
        step = made(PipelineStep, agent=agent, intent=spoken(intent, name="intent"), depends_on=wired)
        self._steps.append(step)
        return self

    def plan(self) -> Plan:
        """Return the compiled plan without running it. Raises PlanError, ValidationError."""
        if not self._steps:
            raise ValidationError("The pipeline has no steps; add at least one before running it.")
        cards = {card.name: card for card in self._resources.cards}
        steps = tuple(
            Step(id=f"s{n}", agent=step.agent, intent=step.intent, depends_on=self._needs(n, step, cards))
            for n, step in enumerate(self._steps)
        )
        return compile_plan(Plan(id=new_id(), steps=steps, source="caller"), self._resources.cards)

    async def run(self, *, dry_run: bool = False) -> PipelineResult:
        """Run the steps and return what each gave.

        Args:
            dry_run: Change nothing and return in `changes` what would be changed.

        Raises:
            PlanError: A step's agent is unknown, lacks its input or waits for itself.
            ValidationError: The pipeline is empty, an intent too long or a position out of range.
        """
        started = perf_counter()
        plan = self.plan()
        results = await run_steps(self._resources, plan, self._options)
        applied, problems = await self._apply(plan, results, dry_run)
        errors = [result.error.message for result in results if result.error] + problems
        return PipelineResult(
            success=not errors,
            steps=_as_written(self._steps, plan, results),
            execution_time_ms=round((perf_counter() - started) * 1000),
            total_waves=len(plan.waves()),
            errors=errors,
            changes=applied.changes,
            entry_id=applied.entry_id,
        )

    async def _apply(
        self, plan: Plan, results: Sequence[StepResult], dry_run: bool
    ) -> tuple[Applied, list[str]]:
        try:
            return await apply_proposals(self._resources, plan.id, results, dry_run=dry_run), []
        except PinakesError as error:
            return Applied(), [error.message]

    def _select(self, **fields: Any) -> Self:
        chosen = self._options.model_dump() | fields
        self._options = made(TurnOptions, **chosen)
        return self

    def _needs(self, position: int, step: PipelineStep, cards: dict[str, AgentCard]) -> tuple[str, ...]:
        if step.depends_on is not None:
            return tuple(f"s{self._checked(n, position)}" for n in step.depends_on)
        wanted = set(cards[step.agent].takes) - {QUESTION} if step.agent in cards else set()
        earlier = enumerate(self._steps[:position])
        return tuple(f"s{n}" for n, s in earlier if s.agent in cards and wanted & set(cards[s.agent].gives))

    def _checked(self, needed: int, position: int) -> int:
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
