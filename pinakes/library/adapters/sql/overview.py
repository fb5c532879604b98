"""The short overview that planning and small talk see."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, func, select

from pinakes.core.files import FileFilter, FileStatus, Inventory
from pinakes.library.adapters.sql.conditions import conditions
from pinakes.library.adapters.sql.file_tables import FILES, FOLDERS, TAGS
from pinakes.library.adapters.sql.schema import UtcDateTime
from pinakes.library.adapters.sql.store import TenantStore

MAX_FILENAMES = 500
MAX_NAMES = 1000  # of folders, tags and cameras each
_DATE = func.coalesce(FILES.c.content_created_at, FILES.c.created_at, type_=UtcDateTime)


class SqlOverview(TenantStore):
    """What a library holds, in a few hundred words at most."""

    async def inventory(self) -> Inventory:
        """Return a short overview; names and dates are those of completed files."""
        async with self._database.read() as connection:
            statuses = await connection.execute(self._counted(FILES.c.status))
            kinds = await connection.execute(self._counted(FILES.c.media_type, FileStatus.COMPLETED))
            dates = await connection.execute(self._shown(func.min(_DATE), func.max(_DATE)))
            first, last = dates.one()
            by_status = {row[0]: row[1] for row in statuses}
            by_kind = {row[0]: row[1] for row in kinds}
            return Inventory(
                counts=by_kind,
                failed=by_status.get(str(FileStatus.FAILED), 0),
                pending=sum(by_status.get(str(s), 0) for s in (FileStatus.PENDING, FileStatus.PROCESSING)),
                folders=tuple(await connection.scalars(self._folders())),
                filenames=tuple(await connection.scalars(self._filenames())),
                tags=tuple(await connection.scalars(self._tags())),
                cameras=tuple(await connection.scalars(self._cameras())),
                first_date=first,
                last_date=last,
            )

    def _counted(self, column: Any, status: FileStatus | None = None) -> Select[Any]:
        where = conditions(self._database, self.tenant, FileFilter(status=status))
        return select(column, func.count()).where(*where).group_by(column)

    def _shown(self, *columns: Any) -> Select[Any]:
        where = conditions(self._database, self.tenant, FileFilter(status=FileStatus.COMPLETED))
        return select(*columns).select_from(FILES).where(*where)

    def _folders(self) -> Select[Any]:
        return select(FOLDERS.c.path).where(self._mine(FOLDERS)).order_by(FOLDERS.c.path).limit(MAX_NAMES)

    def _filenames(self) -> Select[Any]:
        newest = self._shown(FILES.c.filename).order_by(FILES.c.created_at.desc(), FILES.c.id)
        return newest.limit(MAX_FILENAMES)

    def _tags(self) -> Select[Any]:
        used = self._mine(TAGS) & TAGS.c.file_id.in_(self._shown(FILES.c.id))
        name = func.min(TAGS.c.name)
        return select(name).where(used).group_by(TAGS.c.folded).order_by(TAGS.c.folded).limit(MAX_NAMES)

    def _cameras(self) -> Select[Any]:
        used = self._shown(FILES.c.camera).distinct().where(FILES.c.camera.is_not(None))
        return used.order_by(FILES.c.camera).limit(MAX_NAMES)
