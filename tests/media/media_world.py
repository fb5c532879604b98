"""A small library of clips and saved pages, read by the real readers."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from clip_making import Shot, make_clip

from pinakes.agents.shipped import SHIPPED
from pinakes.agents.spec import AgentContext
from pinakes.core.files import MediaType
from pinakes.core.plans import Step, StepResult, Task
from pinakes.ingestion.options import ReadOptions
from pinakes.ingestion.readers import read
from pinakes.library.adapters.disk_blobs import DiskBlobs
from pinakes.library.adapters.edge_index import EdgeIndex
from pinakes.library.adapters.sql import SqlCatalog
from pinakes.library.library import Library
from pinakes.models.bm25 import Bm25Encoder
from pinakes.models.minilm import MiniLmEmbedder

EMBEDDER = MiniLmEmbedder(threads=1)
NOW = datetime(2025, 11, 21, 12, tzinfo=UTC)
RUN = {spec.card.name: spec.run for spec in SHIPPED}
OPTIONS = ReadOptions(ocr="pinakes.models.rapid_ocr:RapidOcr")
SHOTS = (Shot(3, "navy", "GATE 12", True), Shot(3, "white", "TOTAL 4711 EUR"), Shot(3, "white", "THANK YOU"))
SAID = ((0.5, 2.5, "Welcome to the harbour tour."), (3.5, 5.5, "The <i>invoice</i> is due on 3 May 2024."))


def page(title: str, site: str, url: str, author: str, date: str, body: str) -> bytes:
    head = (
        f'<title>{title}</title><meta property="og:site_name" content="{site}"><link rel="canonical" href="{url}">'
        f'<meta name="author" content="{author}"><meta property="article:published_time" content="{date}">'
    )
    return (
        f"<!doctype html><html lang=en><head>{head}</head><body><nav><a href=/>Home</a> <a href=/x>Shop now</a></nav>"
        f"<article><h1>{title}</h1>{body}</article><footer>All rights reserved</footer></body></html>"
    ).encode()


PAGES = (
    page(
        "Heat pumps in old houses",
        "Home Energy Review",
        "https://www.homeenergy.example/pumps",
        "Ann Lee",
        "2024-03-05",
        "<p>A heat pump can warm a house built before 1930 if the flow stays below 55 degrees. We measured twelve houses "
        "over two winters and wrote down every figure that we found.</p><h2>Costs</h2><p>Installation cost between "
        "14,000 euros and 23,500 euros. Owners received a subsidy of 7,000 euros on average. Noise was the most frequent "
        "complaint of neighbours, although modern units stay under 45 dB at night.</p>",
    ),
    page(
        "Sourdough for beginners",
        "Bread and Butter",
        "https://breadandbutter.example/sourdough",
        "Maria Costa",
        "2022-01-15",
        "<p>A sourdough starter needs flour, water and patience. Feed it every day with 50 g of flour and 50 g of water. "
        "After seven days it doubles within six hours. Bake the loaf at 250 degrees for twenty minutes with steam, then at "
        "210 degrees for another twenty-five minutes. Let it cool for an hour before you cut it.</p>",
    ),
)


async def make_world(folder: Path) -> Library:
    library = Library(
        "a",
        await SqlCatalog.open(folder / "catalog.sqlite", "a"),
        DiskBlobs(folder / "blobs"),
        await EdgeIndex.open(folder / "index", EMBEDDER.dimensions),
        EMBEDDER,
        Bm25Encoder(),
    )
    tour = make_clip(folder / "harbour tour.mkv", SHOTS, said=SAID)
    dock = make_clip(folder / "dock.mp4", [Shot(2, "darkgreen", "", True)], tags={"title": "Night shift"})
    for path in (tour, dock):
        await _add(library, path, MediaType.VIDEO, "video", OPTIONS)
    for number, content in enumerate(PAGES):
        path = folder / f"page{number}.html"
        path.write_bytes(content)
        await _add(library, path, MediaType.LINK, "link", ReadOptions())
    return library


async def _add(library: Library, path: Path, kind: MediaType, reader: str, options: ReadOptions) -> None:
    record = await library.accept_path(path, content_type="x/x", media_type=kind)
    named = options.model_copy(update={"filename": path.name})
    await library.store_reading(record.id, read(reader, path, record.id, named))


async def asked(library: Library, agent: str, intent: str, *inputs: StepResult) -> StepResult:
    run = RUN[agent]
    assert run is not None
    task = Task(step=Step(id="s1", agent=agent, intent=intent), question=intent, inputs=inputs)
    return await run(task, AgentContext(library, lambda _: None, lambda: NOW))
