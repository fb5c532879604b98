"""One agent, one question, no conversation: what `agent_search` and `agent_operations` share."""

from __future__ import annotations

from collections.abc import Sequence
from time import perf_counter
from typing import Any

from pinakes.agents.planning.compile import compile_plan
from pinakes.core.agent_results import ResultRefData
from pinakes.core.errors import ResourceNotFoundError, ValidationError, error_class
from pinakes.core.ids import new_id
from pinakes.core.options import TurnOptions
from pinakes.core.plans import Plan, Step, StepResult, StepStatus
from pinakes.graph.resources import Resources
from pinakes.graph.standalone import run_steps

MAX_QUERY = 2000
MAX_LIMIT = 500


class SingleAgents:
    """Runs one agent at a time over a library."""

    def __init__(self, resources: Resources) -> None:
        self._resources = resources
        self._library = resources.library

    async def _run(self, agent: str, intent: str, options: TurnOptions) -> tuple[StepResult, dict[str, Any]]:
        """Return the agent's result and the fields that every kind of result has.

        Raises:
            ValidationError: The intent is empty or too long.
            PinakesError: What the agent failed with.
        """
        if not 1 <= len(intent.strip()) <= MAX_QUERY:
            raise ValidationError(f"Write 1 to {MAX_QUERY:,} characters.", length=len(intent))
        started = perf_counter()
        steps = (Step(id="s1", agent=agent, intent=intent),)
        plan = compile_plan(Plan(id=new_id(), steps=steps, source="caller"), self._resources.cards)
        (result,) = await run_steps(self._resources, plan, options)
        if result.error is not None:
            raise error_class(result.error.code)(result.error.message, agent=agent)
        elapsed = round((perf_counter() - started) * 1000)
        return result, {
            "success": result.status in (StepStatus.OK, StepStatus.EMPTY),
            "execution_time_ms": elapsed,
        }

    async def _folders(self, folder_id: str | None) -> tuple[str, ...]:
        """Return a folder's path, () without one. Raises ResourceNotFoundError."""
        if folder_id is None:
            return ()
        for folder in await self._library.catalog.folders():
            if folder.id == folder_id:
                return (folder.path,)
        raise ResourceNotFoundError("There is no folder with this id in the library.", id=folder_id)


def found(kind: str, ids: Sequence[str], query: str) -> dict[str, Any]:
    """Return summary and refs of a search: a count whose members are known."""
    plural = kind if len(ids) == 1 else f"{kind}s"
    if not ids:
        return {"summary_raw": f"No {plural} match “{query}”."}
    verb = "matches" if len(ids) == 1 else "match"
    refs = {"found": ResultRefData(count=len(ids), ids=list(ids), id_type=kind, label=query)}
    return {"summary_raw": f"[[ref:found]] {plural} {verb} “{query}”.", "result_refs": refs}


def checked_limit(limit: int) -> int:
    """Return the limit. Raises ValidationError when it is out of 1 to 500."""
    if not 1 <= limit <= MAX_LIMIT:
        raise ValidationError(f"Ask for 1 to {MAX_LIMIT} results.", limit=limit)
    return limit
