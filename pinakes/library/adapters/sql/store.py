"""The base of every part of the catalog: a database and the one tenant it may see."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Table

from pinakes.library.adapters.sql.database import Database


class TenantStore:
    """Queries under one tenant.

    Args:
        database: Where to.
        tenant: Whose rows; no method takes another one.
    """

    def __init__(self, database: Database, tenant: str) -> None:
        self._database = database
        self._tenant = tenant

    @property
    def tenant(self) -> str:
        """The tenant this handle is bound to."""
        return self._tenant

    def _mine(self, table: Table) -> ColumnElement[bool]:
        return table.c.tenant_id == self._tenant

    def _one(self, table: Table, key: str, column: str = "id") -> ColumnElement[bool]:
        return self._mine(table) & (table.c[column] == key)

    def _row(self, **values: Any) -> dict[str, Any]:
        return {"tenant_id": self._tenant, **values}
