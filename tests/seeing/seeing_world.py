"""Pictures drawn with Pillow, read by the real reader without OCR, and a model that is scripted."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from langchain_core.messages import BaseMessage
from PIL import Image, ImageDraw

from pinakes.agents.shipped import SHIPPED
from pinakes.agents.spec import AgentContext
from pinakes.core.events import Event
from pinakes.core.files import FileRecord, MediaType
from pinakes.core.options import TurnOptions
from pinakes.core.plans import Focus, Step, StepResult, Task
from pinakes.core.usage import Calls, Meter, calls_counted
from pinakes.ingestion.options import ReadOptions
from pinakes.ingestion.readers import read
from pinakes.library.adapters.disk_blobs import DiskBlobs
from pinakes.library.adapters.edge_index import EdgeIndex
from pinakes.library.adapters.sql import SqlCatalog
from pinakes.library.library import Library
from pinakes.models.bm25 import Bm25Encoder
from pinakes.models.chat_role import ChatRole
from pinakes.models.minilm import MiniLmEmbedder
from pinakes.ports.language_model import Capabilities, LanguageModel, Models
from pinakes.testing.scripted_model import ScriptedModel

EMBEDDER = MiniLmEmbedder(threads=1)
NOW = datetime(2025, 11, 21, 12, tzinfo=UTC)
RUN = {spec.card.name: spec.run for spec in SHIPPED}
DRAWN = (("bridge.jpg", "navy"), ("yard.png", "darkgreen"), ("hall.jpg", "maroon"))
SEES = Capabilities(images=True, context_tokens=128_000)


def drawing(
    colour: str, size: tuple[int, int] = (640, 480), *, turned: bool = False, minute: int = 30
) -> bytes:
    picture = Image.new("RGB", size, colour)
    ImageDraw.Draw(picture).rectangle((100, 100, 500, 300), fill="yellow")
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x9003] = f"2025:03:01 10:{minute:02}:00"
    if turned:
        exif[0x0112] = 6
    buffer = BytesIO()
    picture.save(buffer, "JPEG", exif=exif)
    return buffer.getvalue()


async def empty_world(folder: Path) -> Library:
    return Library(
        "a",
        await SqlCatalog.open(folder / "catalog.sqlite", "a"),
        DiskBlobs(folder / "blobs"),
        await EdgeIndex.open(folder / "index", EMBEDDER.dimensions),
        EMBEDDER,
        Bm25Encoder(),
    )


async def open_world(folder: Path) -> Library:
    library = await empty_world(folder)
    for minute, (name, colour) in enumerate(DRAWN):
        await add_picture(library, folder, name, drawing(colour, minute=minute))
    return library


async def add_picture(
    library: Library, folder: Path, name: str, content: bytes, *, skip_duplicates: bool = True
) -> FileRecord:
    path = folder / name
    path.write_bytes(content)
    record = await library.accept_path(
        path, content_type="image/jpeg", media_type=MediaType.IMAGE, skip_duplicates=skip_duplicates
    )
    await library.store_reading(record.id, read("image", path, record.id, ReadOptions(filename=name)))
    return await library.catalog.get_file(record.id)


def role(*replies: Any, **fields: Any) -> tuple[LanguageModel, ScriptedModel]:
    model = ScriptedModel(*replies, **fields)
    return ChatRole(model, name="eyes", capabilities=SEES, retries=0), model


def findings(*texts: str, answer: str = "", **fields: Any) -> dict[str, Any]:
    seen = [
        {"picture": f"P{n}", "text": text, "confidence": 0.9, **fields} for n, text in enumerate(texts, 1)
    ]
    return {"answer": answer, "findings": seen}


def sent(messages: Sequence[BaseMessage]) -> list[bytes]:
    """Return the pictures in a call."""
    blocks = [b for m in messages if isinstance(m.content, list) for b in m.content if isinstance(b, dict)]
    inline = [b["base64"] for b in blocks if b.get("type") == "image"]
    urls = [b["image_url"]["url"].split(",", 1)[1] for b in blocks if b.get("type") == "image_url"]
    return [base64.b64decode(text) for text in (*inline, *urls)]


def said(messages: Sequence[BaseMessage]) -> str:
    return "\n".join(message.text for message in messages)


class Stage:
    """Runs one agent with a model, keeping events and what was spent."""

    def __init__(self, library: Library, models: Models, options: TurnOptions | None = None) -> None:
        self.library, self.models = library, models
        self.options = options or TurnOptions()
        self.events: list[Event] = []
        self.meter = Meter(self.options.budget)

    async def ask(
        self,
        intent: str,
        agent: str = "visual_analysis",
        *,
        focus: Focus | None = None,
        inputs: tuple[StepResult, ...] = (),
    ) -> StepResult:
        task = Task(
            step=Step(id="s1", agent=agent, intent=intent),
            question=intent,
            options=self.options,
            focus=focus or Focus(),
            inputs=inputs,
        )
        run = RUN[agent]
        assert run is not None
        context = AgentContext(self.library, lambda _: None, lambda: NOW, self.models)
        with calls_counted(Calls(agent, self.meter, self.events.append)):
            return await run(task, context)


def never(why: str) -> Callable[[list[BaseMessage]], Any]:
    def reply(_: list[BaseMessage]) -> Any:
        raise AssertionError(why)

    return reply
