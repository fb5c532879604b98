"""What an answer's metadata keeps of its steps' findings besides citations: tables, pairs, reports."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pinakes.core.files import Table
from pinakes.core.plans import StepResult

MOST_ROWS = 100
MOST_PAIRS = 50


def findings(results: Sequence[StepResult]) -> dict[str, Any]:
    """Return tables with their charts, pairs with their verdicts, and reports by title and format.

    The members behind a table's numbers are in the answer's result refs, a report's claims in the report itself.
    """
    parts = {
        "tables": [_table(result.table) for result in results if result.table],
        "pairs": [pair.model_dump(mode="json") for result in results for pair in result.pairs[:MOST_PAIRS]],
        "reports": [
            result.report.model_dump(mode="json", exclude={"claims"}) for result in results if result.report
        ],
    }
    return {name: found for name, found in parts.items() if found}


def _table(table: Table) -> dict[str, Any]:
    rows = [[row.label, row.value] for row in table.rows[:MOST_ROWS]]
    return {
        "words": table.words,
        "columns": list(table.columns),
        "rows": rows,
        "total": table.total,
        "chart": table.chart,
    }
