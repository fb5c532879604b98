"""Pipelines and what comes out of them. Names follow the hosted SDK."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from pinakes.core.changes import ChangeSet
from pinakes.core.listing import Listing
from pinakes.core.value import Value


class PipelineStep(Value):
    """One step as a caller writes it; `depends_on` holds positions from 0, None to be wired by data type."""

    agent: str
    intent: str
    params: dict[str, Any] = Field(default_factory=dict)
    depends_on: tuple[int, ...] | None = None


class PipelineStepResult(Value):
    """What one step gave.

    Attributes:
        status: completed | failed | skipped; one that found nothing is completed.
        summary: What it found, in words with citation marks.
        outputs: Data by type: images, documents, links, videos (ids), evidence, table, pairs, report, changes.
        node_id: The step's id in the plan.
    """

    agent: str
    status: str
    summary: str | None = None
    outputs: dict[str, Any] = Field(default_factory=dict)
    error: str | None = None
    execution_time_ms: int = 0
    node_id: str | None = None


class PipelineResult(Listing):
    """What a pipeline gave, step by step.

    Attributes:
        success: No step failed and nothing that was to be changed was refused.
        errors: What went wrong, in sentences.
        changes: What was changed, or with `dry_run` would be; None where nothing changes.
        entry_id: The journal entry by which it can be undone, None where nothing was changed.
    """

    success: bool
    steps: list[PipelineStepResult]
    execution_time_ms: int = 0
    total_waves: int = 0
    errors: list[str] = Field(default_factory=list)
    token_usage: dict[str, int] | None = None
    changes: ChangeSet | None = None
    entry_id: str | None = None

    def step(self, index: int) -> PipelineStepResult:
        """Return the result of a step by its position, as from a list. Raises IndexError."""
        return self.steps[index]

    @property
    def items(self) -> list[PipelineStepResult]:
        """The steps' results."""
        return self.steps

    @property
    def final(self) -> PipelineStepResult:
        """The last step's result. Raises IndexError when there is none."""
        return self.step(-1)
