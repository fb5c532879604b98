"""Keeping what is stored of a turn small when a result has thousands of members: counts stay exact, lists end."""

from __future__ import annotations

from typing import Any

from pinakes.core.files import Table
from pinakes.core.plans import StepResult

MAX_MEMBERS = 500


def bounded(result: StepResult) -> StepResult:
    """Return a result with at most `MAX_MEMBERS` ids in each of its lists."""
    table = _bounded_table(result.table) if result.table else None
    return result.model_copy(update={"file_ids": result.file_ids[:MAX_MEMBERS], "table": table})


def bounded_refs(refs: dict[str, Any]) -> dict[str, Any]:
    """Return result refs with at most `MAX_MEMBERS` ids each; a cut one says so by `"truncated": True`."""
    return {key: _bounded_ref(ref) for key, ref in refs.items()}


def _bounded_ref(ref: Any) -> Any:
    if not isinstance(ref, dict) or len(ref.get("ids", ())) <= MAX_MEMBERS:
        return ref
    ids = list(ref["ids"])
    return {"count": len(ids), **ref, "ids": ids[:MAX_MEMBERS], "truncated": True}


def _bounded_table(table: Table) -> Table:
    rows = tuple(row.model_copy(update={"file_ids": row.file_ids[:MAX_MEMBERS]}) for row in table.rows)
    return table.model_copy(update={"rows": rows})
