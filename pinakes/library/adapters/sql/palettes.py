"""Palettes of pictures, and finding pictures by their colours."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, literal, select

from pinakes.core.colors import (
    Palette,
    PaletteColour,
    PaletteMatch,
    PaletteQuery,
    delta_e,
    families,
    lab,
)
from pinakes.core.files import FileStatus
from pinakes.library.adapters.sql.file_tables import FILES
from pinakes.library.adapters.sql.files import SqlFiles
from pinakes.library.adapters.sql.upload_tables import PALETTE
from pinakes.library.names import folded


class SqlPalettes(SqlFiles):
    """The part of the catalog that knows colours."""

    async def store_palette(self, file_id: str, colours: Sequence[PaletteColour], at: datetime) -> None:
        """Replace a picture's palette by an extracted one. Raises ResourceNotFoundError."""
        async with self._database.write() as connection:
            await self._update(connection, file_id)
            await self._write_palette(connection, file_id, colours, at, extracted=True)

    async def palettes(self, file_ids: Sequence[str]) -> dict[str, Palette]:
        """Return the palettes of those of these pictures that have one."""
        mine = self._mine(PALETTE) & self._database.member_of(PALETTE.c.file_id, list(file_ids))
        async with self._database.read() as connection:
            rows = (await connection.execute(select(PALETTE).where(mine).order_by(PALETTE.c.ordinal))).all()
        found: dict[str, Palette] = {}
        for row in rows:
            colour = PaletteColour(name=row.name, hex=row.hex, share=row.share)
            known = found.get(row.file_id)
            earlier = known.colours if known else ()
            found[row.file_id] = Palette(
                file_id=row.file_id, colours=(*earlier, colour), extracted=row.extracted, at=row.at
            )
        return found

    async def search_palettes(
        self, query: PaletteQuery, *, limit: int = 50, offset: int = 0
    ) -> tuple[list[PaletteMatch], int]:
        """Return a page of the completed pictures with such colours, and how many there are."""
        squared, share = _squared_distance(query), func.sum(PALETTE.c.share)
        joined = PALETTE.join(
            FILES, and_(FILES.c.tenant_id == PALETTE.c.tenant_id, FILES.c.id == PALETTE.c.file_id)
        )
        nearest = func.min(squared)
        matching = (
            select(PALETTE.c.file_id, share.label("share"), nearest.label("nearest"))
            .select_from(joined)
            .where(self._mine(PALETTE), FILES.c.deleted_at.is_(None), *_conditions(query, squared))
            .where(FILES.c.status == str(FileStatus.COMPLETED))
            .group_by(PALETTE.c.file_id)
            .having(share >= query.min_share - 1e-9)
        )
        page = matching.order_by(nearest, share.desc(), PALETTE.c.file_id).limit(limit).offset(offset)
        async with self._database.read() as connection:
            total = await connection.scalar(select(func.count()).select_from(matching.subquery()))
            rows = (await connection.execute(page)).all()
        palettes = await self.palettes([row.file_id for row in rows])
        return [_match(row, query, palettes[row.file_id]) for row in rows], total or 0


def _squared_distance(query: PaletteQuery) -> ColumnElement[Any]:
    if query.near is None:
        return literal(0.0)
    parts = [
        (column - value) * (column - value)
        for column, value in zip((PALETTE.c.light, PALETTE.c.a, PALETTE.c.b), query.near, strict=True)
    ]
    return parts[0] + parts[1] + parts[2]


def _conditions(query: PaletteQuery, squared: ColumnElement[Any]) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if query.name is not None:
        found.append(PALETTE.c.name == folded(query.name))
    if query.family is not None:
        found.append(PALETTE.c.families.contains(f"|{query.family}|", autoescape=True))
    if query.near is not None:
        light = query.near[0]
        found.append(PALETTE.c.light.between(light - query.within, light + query.within))
        found.append(squared <= query.within * query.within + 1e-9)
    return found


def _match(row: Any, query: PaletteQuery, palette: Palette) -> PaletteMatch:
    """Return the match with its best colour: the nearest, else the largest that is meant."""

    def fits(colour: PaletteColour) -> bool:
        named = query.name is None or colour.name == folded(query.name)
        return named and (query.family is None or query.family in families(colour.hex))

    meant = [colour for colour in palette.colours if fits(colour)] or list(palette.colours)
    if query.near is not None:
        near = query.near
        meant.sort(key=lambda colour: delta_e(lab(colour.hex), near))
    return PaletteMatch(
        file_id=row.file_id, share=round(row.share, 4), hex=meant[0].hex, distance=float(row.nearest) ** 0.5
    )
