"""`client.pipeline()`: steps written by the caller, run by the same engine as a chat's plan."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self

from pinakes.client.checks import made, several, spoken
from pinakes.client.pipeline_runs import PipelineRuns
from pinakes.core.errors import ValidationError
from pinakes.core.options import TurnOptions
from pinakes.core.pipelines import PipelineResult, PipelineStep
from pinakes.core.plans import MAX_STEPS, Plan

Dependencies = Sequence[int] | None


class Pipeline:
    """Up to ten steps, built by chaining; `run` wires those without `depends_on` by the data they take and give.

    Every method adds a step and returns the pipeline. `depends_on` holds positions of earlier steps, from 0.
    """

    def __init__(self, runs: PipelineRuns) -> None:
        self._runs = runs
        self._steps: list[PipelineStep] = []
        self._options = TurnOptions()

    def __repr__(self) -> str:
        return f"<Pipeline: {' → '.join(step.agent for step in self._steps) or 'no steps yet'}>"

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
        return self._runs.planned(self._steps)

    async def run(self, *, dry_run: bool = False) -> PipelineResult:
        """Run the steps and return what each gave.

        Args:
            dry_run: Change nothing and return in `changes` what would be changed.

        Raises:
            PlanError: A step's agent is unknown, lacks its input or waits for itself.
            ValidationError: The pipeline is empty, an intent too long or a position out of range.
        """
        return await self._runs.run(self._steps, options=self._options, dry_run=dry_run)

    def _select(self, **fields: Any) -> Self:
        chosen = self._options.model_dump() | fields
        self._options = made(TurnOptions, **chosen)
        return self
