"""Planners are told of what a turn may see alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pinakes.core.files import MediaType
from pinakes.core.options import TurnOptions
from pinakes.graph.seen import seen_inventory
from pinakes.library.adapters.sql import SqlCatalog
from pinakes.testing.samples import file, picture, reading


class Shelf:
    def __init__(self, catalog: SqlCatalog) -> None:
        self.catalog = catalog


async def test_names_and_counts_of_what_is_not_selected_stay_out(tmp_path: Path) -> None:
    catalog = await SqlCatalog.open(f"sqlite+aiosqlite:///{tmp_path / 'c.sqlite'}", "t")
    library: Any = Shelf(catalog)
    ids = {}
    for name, camera, tag in (("a.jpg", "Canon R5", "sea"), ("b.jpg", "NIKON D90", "secret")):
        record = file(name, media_type=MediaType.IMAGE, tags=(tag,))
        ids[name] = record.id
        await catalog.add_file(record)
        make, model = camera.split(" ")
        await catalog.store_reading(record.id, picture(record.id, camera_make=make, camera_model=model), None)
    for name in ("c.pdf", "d.pdf"):
        ids[name] = file(name).id
        await catalog.add_file(file(name))
        await catalog.store_reading(ids[name], reading(ids[name], "text"), None)
    whole = await catalog.inventory()
    assert await seen_inventory(library, TurnOptions()) == whole
    chosen = TurnOptions(use_all_images=False, image_ids=(ids["a.jpg"],), document_ids=(ids["c.pdf"],))
    seen = await seen_inventory(library, chosen)
    assert seen.counts == {"image": 1, "document": 1}
    assert set(seen.filenames) == {"a.jpg", "c.pdf"}
    assert (seen.tags, len(seen.cameras)) == (("sea",), 1) and "R5" in seen.cameras[0]
    none = await seen_inventory(library, TurnOptions(use_all_images=False))
    assert none.counts == {"document": 2} and not none.cameras and not none.tags
    await catalog.aclose()
