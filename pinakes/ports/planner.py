"""Planning a turn."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from pinakes.core.plans import Plan, PlanRequest


@runtime_checkable
class Planner(Protocol):
    """Turns a question in its conversation into a plan."""

    async def plan(self, request: PlanRequest) -> Plan:
        """Return a plan of at most MAX_STEPS steps; compiling it is the caller's business."""
        ...
