"""A small library with known truth: a workshop's pictures and documents, made without any reader."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from pinakes.agents.shipped import SHIPPED
from pinakes.agents.spec import AgentContext
from pinakes.core.files import (
    Chunk,
    Colour,
    Element,
    FileRecord,
    GeoPoint,
    ImageFacts,
    Locator,
    MediaType,
    PageInfo,
    Reading,
    Span,
)
from pinakes.core.ids import derived_id
from pinakes.core.options import TurnOptions
from pinakes.core.plans import Focus, Step, StepResult, Task
from pinakes.library.adapters.disk_blobs import DiskBlobs
from pinakes.library.adapters.edge_index import EdgeIndex
from pinakes.library.adapters.sql import SqlCatalog
from pinakes.library.library import Library
from pinakes.models.bm25 import Bm25Encoder
from pinakes.models.minilm import MiniLmEmbedder

EMBEDDER = MiniLmEmbedder(threads=1)
TERMS = Bm25Encoder()
NOW = datetime(2025, 11, 21, 12, tzinfo=UTC)
Ask = Callable[..., Awaitable[StepResult]]
RUN = {spec.card.name: spec.run for spec in SHIPPED}


async def open_world(folder: Path) -> Library:
    """Open the library in a folder; made there if it is new."""
    return Library(
        "a",
        await SqlCatalog.open(folder / "catalog.sqlite", "a"),
        DiskBlobs(folder / "blobs"),
        await EdgeIndex.open(folder / "index", EMBEDDER.dimensions),
        EMBEDDER,
        TERMS,
    )


async def make_world(folder: Path) -> None:
    """Fill a new library."""
    library = await open_world(folder)
    for make in (_pictures, _documents):
        await make(library)
    await library.sync_index()
    await library.aclose()


async def _pictures(library: Library) -> None:
    await picture(
        library,
        "danger-sign.jpg",
        "Photos/Site",
        taken=(2025, 3, 12, 9, 30),
        camera=("Nikon", "NIKON D90"),
        lines=("DANGER", "HIGH VOLTAGE 400 V"),
        colours=("yellow", "black"),
        phash="f0f0f0f0f0f0f0f0",
        gps=True,
    )
    await picture(
        library,
        "danger-sign-small.jpg",
        "Photos/Site",
        taken=(2025, 3, 12, 9, 31),
        camera=("Nikon", "NIKON D90"),
        lines=("DANGER", "HIGH VOLTAGE 400 V"),
        colours=("yellow", "black"),
        phash="f0f0f0f0f0f0f0f1",
        size=(400, 300),
    )
    await picture(
        library,
        "receipt.jpg",
        "Photos/Office",
        taken=(2025, 6, 17, 10, 0),
        camera=("Apple", "iPhone 12"),
        lines=("CORNER HARDWARE", "Hammer 24.50", "TOTAL 31.20"),
        colours=("white",),
        phash="00ff00ff00ff00ff",
        size=(600, 900),
    )
    await picture(
        library,
        "night.jpg",
        "Photos/Site",
        taken=(2024, 12, 24, 23, 0),
        camera=("Apple", "iPhone 12"),
        dark=True,
        brightness=0.04,
        colours=("black",),
        phash="123456789abcdef0",
    )
    await picture(
        library,
        "shaky.jpg",
        "Photos/Site",
        taken=(2025, 3, 14, 8, 0),
        camera=("Nikon", "NIKON D90"),
        blurred=True,
        sharpness=4.0,
        colours=("grey",),
        phash="0f1e2d3c4b5a6978",
        caption="The old forklift",
    )
    await picture(
        library,
        "diagram.png",
        "Drawings",
        taken=None,
        camera=None,
        lines=("Valve V-7", "Pump P-2"),
        colours=("white",),
        phash="aaaa5555aaaa5555",
    )


async def _documents(library: Library) -> None:
    await document(
        library,
        "forklift-manual.pdf",
        "Manuals",
        "Forklift operating manual",
        pages=3,
        parts=(
            (
                "Operation",
                1,
                "The forklift lifts loads of up to 2,500 kg. The driver must wear a seat belt at all times. "
                "Nobody may stand under the raised fork.",
            ),
            (
                "Batteries",
                2,
                "The battery of the forklift is charged overnight. Charging takes eight hours. "
                "Distilled water is filled up every two weeks.",
            ),
            (
                "Maintenance",
                3,
                "The chains must be greased every 250 hours. The brakes are inspected by 30 June each year. "
                "Worn tyres must be replaced at once.",
            ),
        ),
    )
    await document(
        library,
        "forklift-manual-2019.docx",
        "Manuals",
        "Forklift operating manual 2019",
        pages=None,
        parts=(
            (
                "Operation",
                None,
                "The forklift lifts loads of up to 2,000 kg. The driver must wear a seat belt at all times. "
                "Helmets are recommended in the yard.",
            ),
        ),
    )
    await document(
        library,
        "minutes-2025-02.md",
        "Notes",
        "Minutes of February",
        pages=None,
        parts=(
            (
                "Decisions",
                None,
                "The canteen will be painted in blue. Anna Berg orders the paint by 14 March 2025. "
                "The budget for paint is 480 EUR. Questions go to anna.berg@example.org.",
            ),
        ),
        table="Task | Owner | Due\nOrder paint | Anna Berg | 14 March 2025\nRepair door | Tom Lund | 2 April 2025",
    )
    await document(
        library,
        "invoice-77.txt",
        "Invoices",
        "Invoice 77",
        pages=None,
        parts=(
            (
                "",
                None,
                "Invoice 77 of Lund Doors. Net 1,000.00 EUR. Total 1,190.00 EUR. Payable by 30 April 2025.",
            ),
        ),
    )


async def picture(
    library: Library,
    name: str,
    folder: str,
    *,
    taken: tuple[int, ...] | None,
    camera: tuple[str, str] | None,
    lines: Sequence[str] = (),
    colours: Sequence[str] = (),
    phash: str | None = None,
    size: tuple[int, int] = (1200, 900),
    gps: bool | GeoPoint = False,
    caption: str | None = None,
    **looks: object,
) -> FileRecord:
    record = await library.accept_bytes(
        name.encode(), name, content_type="image/jpeg", media_type=MediaType.IMAGE, folder_path=folder
    )
    moment = datetime(*taken) if taken else None
    facts = ImageFacts.model_validate(
        {
            "width": size[0],
            "height": size[1],
            "format": "jpeg",
            "taken_at": moment,
            "camera_make": camera[0] if camera else None,
            "camera_model": camera[1] if camera else None,
            "gps": GeoPoint(latitude=60.4, longitude=5.3) if gps is True else gps or None,
            "colours": tuple(Colour(name=c, hex="#000000", share=0.5) for c in colours),
            "sharpness": 500.0,
            "brightness": 0.5,
            "phash": phash,
            "caption": caption,
            "visible_text": "\n".join(lines),
            **looks,
        }
    )
    about = f"Picture {name}. {caption or ''} Camera {' '.join(camera or ())}."
    chunks = [_chunk(record.id, 0, about, kind="facts")]
    if lines:
        chunks.append(_ocr(record.id, 1, lines))
    await library.catalog.store_reading(
        record.id, Reading(facts=facts, chunks=tuple(chunks), content_created_at=moment), None
    )
    return record


async def document(
    library: Library,
    name: str,
    folder: str,
    title: str,
    *,
    pages: int | None,
    parts: Sequence[tuple[str, int | None, str]],
    table: str | None = None,
) -> FileRecord:
    record = await library.accept_bytes(
        hashlib.sha256(name.encode()).digest(),
        name,
        content_type="text/plain",
        media_type=MediaType.DOCUMENT,
        folder_path=folder,
    )
    chunks = [
        _chunk(record.id, n, text, heading=heading, page=page)
        for n, (heading, page, text) in enumerate(parts)
    ]
    if table:
        chunks.append(_chunk(record.id, len(chunks), table, heading="Tasks", kind="table"))
    sizes = tuple(PageInfo(number=n + 1, width=600, height=800) for n in range(pages or 0))
    reading = Reading(
        title=title,
        elements=tuple(Element(type="NarrativeText", text=c.text) for c in chunks),
        pages=sizes,
        chunks=tuple(chunks),
    )
    await library.catalog.store_reading(record.id, reading, None)
    return record


async def invoice(library: Library, number: int, total: str) -> FileRecord:
    """An invoice over a total in euros; "" leaves it without one."""
    return await document(
        library,
        f"invoice-{number}.txt",
        "Invoices",
        f"Invoice {number}",
        pages=None,
        parts=(("", None, "For work done."),),
        table=f"Work | EUR\nTotal | {total}" if total else "Work | EUR\nFitting | 3.00",
    )


def _chunk(
    file_id: str, ordinal: int, text: str, *, heading: str = "", page: int | None = None, kind: str = "text"
) -> Chunk:
    spans = (
        (Span(start=0, end=len(text), locator=Locator(page=page, box=(0.1, 0.2, 0.9, 0.4))),) if page else ()
    )
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


def _ocr(file_id: str, ordinal: int, lines: Sequence[str]) -> Chunk:
    spans, start = [], 0
    for n, line in enumerate(lines):
        box = (0.2, 0.1 + 0.2 * n, 0.8, 0.2 + 0.2 * n)
        spans.append(Span(start=start, end=start + len(line), locator=Locator(box=box)))
        start += len(line) + 1
    made = _chunk(file_id, ordinal, "\n".join(lines), kind="ocr")
    return made.model_copy(update={"spans": tuple(spans)})


def asking(library: Library) -> Ask:
    async def run(
        agent: str,
        intent: str,
        *,
        options: TurnOptions | None = None,
        focus: Focus | None = None,
        inputs: tuple[StepResult, ...] = (),
    ) -> StepResult:
        step = Step(id="s1", agent=agent, intent=intent)
        task = Task(
            step=step,
            question=intent,
            options=options or TurnOptions(),
            focus=focus or Focus(),
            inputs=inputs,
        )
        context = AgentContext(library, lambda message: None, lambda: NOW)
        return await RUN[agent](task, context)

    return run
