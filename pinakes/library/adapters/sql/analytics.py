"""Numbers about files: a typed query becomes read-only SQL, with the member files behind every row.

Dates are `content_created_at`, else `created_at`. Files that lack what is grouped by or measured (no tag, no camera,
no page count for a measure of pages) are in no row; `total` is the measure over all matching files, whatever the limit.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, Subquery, extract, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from pinakes.core.files import AnalyticsQuery, GroupBy, Measure, SortBy, Table, TableRow
from pinakes.library.adapters.sql.conditions import conditions
from pinakes.library.adapters.sql.file_tables import COLOURS, FILES, FOLDERS, TAGS
from pinakes.library.adapters.sql.store import TenantStore
from pinakes.library.adapters.sql.wording import columns_of, row_label, words_of

_DATE = func.coalesce(FILES.c.content_created_at, FILES.c.created_at)
_YEAR, _MONTH, _DAY = (extract(part, _DATE) for part in ("year", "month", "day"))
_KEYS: dict[GroupBy, ColumnElement[Any]] = {
    GroupBy.MEDIA_TYPE: FILES.c.media_type,
    GroupBy.EXTENSION: func.nullif(FILES.c.extension, ""),
    GroupBy.FOLDER: func.coalesce(FOLDERS.c.path, ""),
    GroupBy.TAG: TAGS.c.folded,
    GroupBy.CAMERA: FILES.c.camera,
    GroupBy.YEAR: _YEAR,
    GroupBy.MONTH: _YEAR * 100 + _MONTH,
    GroupBy.DAY: _YEAR * 10000 + _MONTH * 100 + _DAY,
    GroupBy.WEEKDAY: (extract("dow", _DATE) + 6) % 7,  # Monday is 0
    GroupBy.STATUS: FILES.c.status,
    GroupBy.ORIENTATION: FILES.c.orientation,
    GroupBy.COLOUR: COLOURS.c.name,
    GroupBy.LANGUAGE: FILES.c.language,
    GroupBy.DOMAIN: FILES.c.domain,
    GroupBy.FILE: FILES.c.id,
}
_LABELS: dict[GroupBy, ColumnElement[Any]] = {GroupBy.TAG: TAGS.c.name, GroupBy.FILE: FILES.c.filename}
_ORDERS: dict[GroupBy, ColumnElement[Any]] = {
    GroupBy.FILE: FILES.c.filename_folded,
    GroupBy.FOLDER: func.lower(_KEYS[GroupBy.FOLDER]),
    GroupBy.CAMERA: func.lower(FILES.c.camera),
}
"""What labels are sorted by, where it is not the key."""

_MEASURED = {"bytes": "size_bytes", "pages": "page_count", "seconds": "duration_s"}


class SqlAnalytics(TenantStore):
    """Aggregates over the tenant's files."""

    async def aggregate(self, query: AnalyticsQuery) -> Table:
        """Answer a typed question about numbers with read-only SQL under this tenant."""
        measured = select(_measure(query.measure, FILES)).where(*self._where(query))
        async with self._database.read() as connection:
            total = await connection.scalar(measured)
            rows = await self._rows(connection, query, total)
        words, columns = words_of(query), columns_of(query)
        return Table(words=words, columns=columns, rows=tuple(rows), total=float(total or 0), query=query)

    async def _rows(self, connection: AsyncConnection, query: AnalyticsQuery, total: Any) -> list[TableRow]:
        if query.group_by is not None:
            return await self._grouped(connection, query, query.group_by)
        if total is None:
            return []
        matching = select(FILES.c.id).where(*self._where(query)).order_by(_DATE, FILES.c.id)
        ids = (await connection.scalars(matching)).all()
        return [TableRow(label="all", value=float(total), file_ids=tuple(ids))]

    async def _grouped(
        self, connection: AsyncConnection, query: AnalyticsQuery, by: GroupBy
    ) -> list[TableRow]:
        keyed = self._keyed(query, by)
        groups = _groups(query, keyed)
        found = (await connection.execute(groups)).all()
        members: dict[Any, list[str]] = defaultdict(list)
        for key, file_id in await connection.execute(_members(keyed, groups.subquery())):
            members[key].append(file_id)
        return [
            TableRow(label=row_label(by, row.label), value=float(row.value), file_ids=tuple(members[row.key]))
            for row in found
        ]

    def _keyed(self, query: AnalyticsQuery, by: GroupBy) -> Subquery:
        """Return each matching file once for every group that it is in."""
        key = _KEYS[by]
        columns = (FILES.c.id, _DATE.label("date"), *(FILES.c[name] for name in _MEASURED.values()))
        order = _ORDERS.get(by, key).label("position")
        statement = select(key.label("key"), _LABELS.get(by, key).label("label"), order, *columns)
        return (
            statement.distinct()
            .select_from(_source(by))
            .where(*self._where(query), key.is_not(None))
            .subquery()
        )

    def _where(self, query: AnalyticsQuery) -> list[ColumnElement[bool]]:
        where = conditions(self._database, self.tenant, query.filter)
        if query.measure is not Measure.COUNT:
            where.append(_measured(query.measure, FILES).is_not(None))
        return where


def _source(by: GroupBy) -> FromClause:
    same_folder = (FOLDERS.c.tenant_id == FILES.c.tenant_id) & (FOLDERS.c.id == FILES.c.folder_id)
    same_tag = (TAGS.c.tenant_id == FILES.c.tenant_id) & (TAGS.c.file_id == FILES.c.id)
    same_colour = (COLOURS.c.tenant_id == FILES.c.tenant_id) & (COLOURS.c.file_id == FILES.c.id)
    joined: dict[GroupBy, FromClause] = {
        GroupBy.FOLDER: FILES.outerjoin(FOLDERS, same_folder),
        GroupBy.TAG: FILES.join(TAGS, same_tag),
        GroupBy.COLOUR: FILES.join(COLOURS, same_colour),
    }
    return joined.get(by, FILES)


def _groups(query: AnalyticsQuery, keyed: Subquery) -> Select[Any]:
    value = _measure(query.measure, keyed).label("value")
    label = func.min(keyed.c.label).label("label")
    statement = select(keyed.c.key, label, value).group_by(keyed.c.key)
    position = func.min(keyed.c.position)
    first = value if query.sort is SortBy.VALUE else position
    return statement.order_by(first.desc() if query.descending else first.asc(), position, keyed.c.key).limit(
        query.limit
    )


def _members(keyed: Subquery, groups: Subquery) -> Select[Any]:
    joined = keyed.join(groups, groups.c.key == keyed.c.key)
    statement = select(keyed.c.key, keyed.c.id).select_from(joined)
    return statement.order_by(keyed.c.date, keyed.c.id)


def _measure(measure: Measure, source: FromClause) -> ColumnElement[Any]:
    if measure is Measure.COUNT:
        return func.count(source.c.id)
    operation, column = measure.partition("_")[0], _measured(measure, source)
    if operation == "sum":
        return func.coalesce(func.sum(column), 0)
    if operation == "avg":
        return func.avg(column)
    return func.max(column) if operation == "max" else func.min(column)


def _measured(measure: Measure, source: FromClause) -> ColumnElement[Any]:
    return source.c[_MEASURED[measure.partition("_")[2]]]
