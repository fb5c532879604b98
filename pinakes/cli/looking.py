"""`pinakes search` and `status`."""

from __future__ import annotations

from pathlib import Path

from pinakes.cli.output import console, emit
from pinakes.cli.render import hits_table, status_table
from pinakes.client.client import Pinakes


async def search_library(
    library: Path | None, query: str, limit: int, media: list[str] | None, as_json: bool
) -> None:
    """Print what a search finds. Raises PinakesError."""
    async with Pinakes(library) as client:
        found = await client.files.search(query, limit=limit, media_types=media)
    if as_json:
        emit(found.model_dump(mode="json"))
    elif found.items:
        console().print(hits_table(found))
    else:
        console().print("Nothing found.")


async def show_status(library: Path | None, as_json: bool) -> None:
    """Print a library at a glance. Raises PinakesError."""
    async with Pinakes(library) as client:
        status = await client.status()
    if as_json:
        emit(status.model_dump(mode="json"))
    else:
        console().print(status_table(status))
