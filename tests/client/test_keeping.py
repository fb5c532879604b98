"""Deleted files can be brought back for a month; then they go for good."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pinakes import Pinakes, Settings
from pinakes.core.errors import ResourceNotFoundError


async def test_what_was_deleted_long_ago_is_swept_when_the_library_is_opened(
    settings: Settings, papers: Path
) -> None:
    async with Pinakes(settings=settings) as client:
        results = await client.files.upload_batch(papers)
        old, recent = [result.image_id for result in results]
        catalog = client.library.catalog
        await catalog.soft_delete([old], datetime.now(UTC) - timedelta(days=31))
        await catalog.soft_delete([recent], datetime.now(UTC) - timedelta(days=29))
    async with Pinakes(settings=settings) as client:
        library = client.library
        assert (await library.catalog.get_file(recent, deleted=True)).deleted_at is not None
        with pytest.raises(ResourceNotFoundError):
            await library.catalog.get_file(old, deleted=True)
        await library.restore([recent])
        assert (await library.catalog.get_file(recent)).id == recent
