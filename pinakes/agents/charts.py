"""A table of groups as a picture: a Vega-Lite specification, drawn by notebooks and reports."""

from __future__ import annotations

from typing import Any

from pinakes.core.files import GroupBy, Table

SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"
MOST_BARS = 30
_BAR_HEIGHT = 18
_TEMPORAL = {
    GroupBy.YEAR: ("%Y", "utcyear"),  # labels are dates in UTC
    GroupBy.MONTH: ("%b %Y", "utcyearmonth"),
    GroupBy.DAY: ("%d %b %Y", "utcyearmonthdate"),
}


def chart_of(table: Table) -> dict[str, Any] | None:
    """Return a chart of a table with at least two groups, None for a single number.

    Points in time run left to right in their order, other groups top to bottom in the table's. More than
    `MOST_BARS` other groups are cut, which the title says.
    """
    by = table.query.group_by if table.query else None
    if by is None or len(table.rows) < 2:
        return None
    return _over_time(table, by) if by in _TEMPORAL else _bars(table)


def _over_time(table: Table, by: GroupBy) -> dict[str, Any]:
    category, number = table.columns
    values = [{category: row.label, number: row.value} for row in sorted(table.rows, key=lambda r: r.label)]
    form, unit = _TEMPORAL[by]
    axis = {"format": form, "title": category}
    return _chart(
        table.words,
        values,
        x={"field": category, "type": "temporal", "timeUnit": unit, "axis": axis},
        y={"field": number, "type": "quantitative", "title": number},
    )


def _bars(table: Table) -> dict[str, Any]:
    category, number = table.columns
    shown = table.rows[:MOST_BARS]
    cut = len(table.rows) - len(shown)
    title = f"{table.words} (the first {len(shown)} of {len(table.rows)})" if cut else table.words
    return _chart(
        title,
        [{category: row.label, number: row.value} for row in shown],
        height={"step": _BAR_HEIGHT},
        y={"field": category, "type": "nominal", "sort": None, "title": category},
        x={"field": number, "type": "quantitative", "title": number},
    )


def _chart(title: str, values: list[dict[str, Any]], height: Any = 200, **axes: Any) -> dict[str, Any]:
    return {
        "$schema": SCHEMA,
        "title": title,
        "data": {"values": values},
        "mark": {"type": "bar", "tooltip": True},
        "width": 420,
        "height": height,
        "encoding": axes,
    }
