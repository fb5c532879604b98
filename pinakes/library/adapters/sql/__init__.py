"""The catalog in SQL: SQLite by default, any database that SQLAlchemy speaks to asynchronously by URL."""

from pinakes.library.adapters.sql.catalog import SqlCatalog

__all__ = ["SqlCatalog"]
