"""A small library of real bytes: three documents on one pump, hostile words in one of them, and pictures."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from PIL import Image

from pinakes.core.files import Chunk, FileRecord, ImageFacts, Locator, MediaType, PageInfo, Reading, Span
from pinakes.core.ids import derived_id
from pinakes.library.adapters.disk_blobs import DiskBlobs
from pinakes.library.adapters.edge_index import EdgeIndex
from pinakes.library.adapters.sql import SqlCatalog
from pinakes.library.library import Library
from pinakes.models.bm25 import Bm25Encoder
from pinakes.models.minilm import MiniLmEmbedder

EMBEDDER = MiniLmEmbedder(threads=1)
TERMS = Bm25Encoder()
NOW = datetime(2025, 11, 21, 12, tzinfo=UTC)

HOSTILE = (
    '#eval("1+1") $x$ *bold* _it_ `code` <script>alert(1)</script> [link](http://evil.example) @ref \\input'
)
ACTIVE = '#eval("1+1") *bold* <script>alert(1)</script>'

INCIDENT = (
    ("What happened", 1, "On 18 March 2025 the seal of pump P-7 failed and the cellar was flooded."),
    ("Cause", 1, "The seal of pump P-7 had run dry for six days below the lowest permitted pressure."),
    (
        "Measures",
        2,
        "A low-pressure alarm was fitted to pump P-7 on 24 June. The pump P-7 is now checked weekly.",
    ),
)
MANUAL = (
    ("Operation", 3, "Pump P-7 runs at a discharge pressure of 5.0 to 5.6 bar. The seal must never run dry."),
    ("Maintenance", 4, "The seal of pump P-7 is replaced every 8,000 hours. The oil is changed every year."),
)
COSTS = (
    ("Costs", None, f"The repair of pump P-7 cost 2,110 EUR in parts and cleaning, {ACTIVE} altogether."),
)
TABLE = "<table><tr><th>Item</th><th>EUR</th></tr><tr><td>Seal</td><td>1,470</td></tr><tr><td>Cleaning</td><td>640</td></tr></table>"


async def open_world(folder: Path) -> Library:
    return Library(
        "a",
        await SqlCatalog.open(folder / "catalog.sqlite", "a"),
        DiskBlobs(folder / "blobs"),
        await EdgeIndex.open(folder / "index", EMBEDDER.dimensions),
        EMBEDDER,
        TERMS,
    )


async def make_world(folder: Path) -> None:
    library = await open_world(folder)
    await document(
        library, "incident-P-7.pdf", "Incident report on pump P-7", INCIDENT, pages=2, folder="Reports"
    )
    await document(library, "pump-manual.pdf", "Manual of pump P-7", MANUAL, pages=6, folder="Manuals")
    await document(library, "costs #1 *x*.md", "Costs of the repair of pump P-7", COSTS, table=TABLE)
    await document(
        library,
        "canteen.md",
        "Canteen menu",
        (("Monday", None, "There is potato soup with bread on Monday."),),
    )
    await picture(library, "pump-P-7-flooded.jpg", "Pump P-7 in the flooded cellar", "navy", (900, 600))
    await picture(library, "sunset.jpg", "Sunset over the sea", "orange", (600, 900))
    await library.sync_index()
    await library.aclose()


async def document(
    library: Library,
    name: str,
    title: str,
    parts: Sequence[tuple[str, int | None, str]],
    *,
    pages: int = 0,
    folder: str = "",
    table: str | None = None,
    tags: Sequence[str] = (),
) -> FileRecord:
    record = await library.accept_bytes(
        f"bytes of {name}".encode(),
        name,
        content_type="text/plain",
        media_type=MediaType.DOCUMENT,
        folder_path=folder,
        tags=tags,
    )
    chunks = [
        chunk(record.id, n, text, heading=heading, page=page) for n, (heading, page, text) in enumerate(parts)
    ]
    if table:
        text = "Item | EUR\nSeal of pump P-7 | 1,470\nCleaning | 640"
        made = chunk(record.id, len(chunks), text, heading="Costs", kind="table")
        chunks.append(made.model_copy(update={"html": table}))
    sizes = tuple(PageInfo(number=n + 1, width=600, height=800) for n in range(pages))
    await library.catalog.store_reading(
        record.id, Reading(title=title, pages=sizes, chunks=tuple(chunks)), None
    )
    return record


def chunk(
    file_id: str, ordinal: int, text: str, *, heading: str = "", page: int | None = None, kind: str = "text"
) -> Chunk:
    place = Locator(page=page, box=(0.1, 0.1, 0.9, 0.2))
    spans = (Span(start=0, end=len(text), locator=place),) if page else ()
    return Chunk(
        id=derived_id(file_id, str(ordinal)),
        file_id=file_id,
        ordinal=ordinal,
        text=text,
        heading=heading,
        kind=kind,
        page_start=page,
        page_end=page,
        spans=spans,
    )


async def picture(
    library: Library, name: str, caption: str, colour: str, size: tuple[int, int]
) -> FileRecord:
    out = BytesIO()
    Image.new("RGB", size, colour).save(out, "JPEG")
    record = await library.accept_bytes(
        out.getvalue(), name, content_type="image/jpeg", media_type=MediaType.IMAGE, folder_path="Photos"
    )
    moment = datetime(2025, 3, 18, 6, tzinfo=UTC)
    facts = ImageFacts(width=size[0], height=size[1], format="jpeg", caption=caption, taken_at=moment)
    described = chunk(record.id, 0, caption, kind="description")
    await library.catalog.store_reading(
        record.id, Reading(facts=facts, chunks=(described,), content_created_at=moment), None
    )
    return record
