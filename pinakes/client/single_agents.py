"""One agent, one question, no conversation: what `agent_search` and `agent_operations` share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from time import perf_counter
from typing import Any

from pinakes.agents.planning.compile import compile_plan
from pinakes.client.checks import several, spoken, within
from pinakes.core.agent_results import ResultRefData
from pinakes.core.errors import ResourceNotFoundError, error_class
from pinakes.core.files import MediaType
from pinakes.core.ids import new_id
from pinakes.core.options import TurnOptions
from pinakes.core.plans import Plan, Step, StepResult, StepStatus
from pinakes.graph.resources import Resources
from pinakes.graph.standalone import run_steps

MAX_LIMIT = 500


class SingleAgents:
    """Runs one agent at a time over a library."""

    def __init__(self, resources: Resources) -> None:
        self._resources = resources
        self._library = resources.library

    async def _run(
        self, agent: str, intent: str, options: TurnOptions, *, first: Sequence[str] = ()
    ) -> tuple[StepResult, dict[str, Any]]:
        """Return the agent's result and the fields that every kind of result has.

        Args:
            first: Agents that work on the same before, each on what the one before it found.

        Raises:
            ValidationError: The intent is empty or too long.
            PinakesError: What the agent failed with.
        """
        intent = spoken(intent)
        started = perf_counter()
        steps = tuple(
            Step(id=f"s{n}", agent=name, intent=intent, depends_on=(f"s{n - 1}",) if n else ())
            for n, name in enumerate((*first, agent))
        )
        plan = compile_plan(Plan(id=new_id(), steps=steps, source="caller"), self._resources.cards)
        results, spent = await run_steps(self._resources, plan, options)
        result = results[-1]
        if result.error is not None:
            raise error_class(result.error.code)(result.error.message, agent=agent)
        elapsed = round((perf_counter() - started) * 1000)
        return result, {
            "success": result.status in (StepStatus.OK, StepStatus.EMPTY),
            "execution_time_ms": elapsed,
            "token_usage": spent.token_usage(),
        }

    async def _chosen(self, kind: MediaType, ids: Iterable[str] | None, most: int) -> tuple[str, ...] | None:
        """Return the files that were named, None where none were.

        Raises:
            ValidationError: There are none in the list, or too many.
            ResourceNotFoundError: One is not in the library, or of another kind.
        """
        if ids is None:
            return None
        wanted = tuple(dict.fromkeys(several(f"{kind}_ids", ids)))
        within(f"the number of {kind}s", len(wanted), 1, most)
        found = await self._library.catalog.get_files(wanted)
        missing = sorted(set(wanted) - {file.id for file in found if file.media_type is kind})
        if missing:
            raise ResourceNotFoundError(
                f"{len(missing)} of the {kind}s are not in the library: nothing was done.", ids=missing[:100]
            )
        return wanted

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
    within("limit", limit, 1, MAX_LIMIT)
    return limit
