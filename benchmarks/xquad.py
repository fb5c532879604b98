"""XQuAD as a library: every paragraph a document, articles that can be taken out and put back.

XQuAD (Artetxe et al., 2020, CC BY-SA 4.0) is read from ../shared/data beside the repository; it is not shipped.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pinakes.core.files import Chunk, MediaType, Reading
from pinakes.core.ids import derived_id
from pinakes.library.adapters.disk_blobs import DiskBlobs
from pinakes.library.adapters.edge_index import EdgeIndex
from pinakes.library.adapters.sql import SqlCatalog
from pinakes.library.library import Library
from pinakes.models.bm25 import Bm25Encoder
from pinakes.models.minilm import MiniLmEmbedder

DATA = Path(__file__).resolve().parent.parent.parent / "shared" / "data" / "retrieval"


@dataclass(frozen=True)
class Query:
    """A question, the name of the file that answers it, and its answers."""

    text: str
    filename: str
    answers: tuple[str, ...]

    @property
    def article(self) -> int:
        """The number of the article that the file belongs to."""
        return int(self.filename[:2])

    def answered_by(self, text: str) -> bool:
        """Return whether a text holds one of the answers, whatever the whitespace."""
        flat = " ".join(text.split())
        return any(" ".join(answer.split()) in flat for answer in self.answers)


@dataclass(frozen=True)
class XQuad:
    """Paragraphs by file name, and the questions over them."""

    language: str = "en"

    @cached_property
    def paragraphs(self) -> dict[str, str]:
        """Text by file name (`<article>-<paragraph>.txt`)."""
        rows = _rows(DATA / "xquad" / f"corpus.{self.language}.jsonl")
        return {f"{row['_id']}.txt": row["text"] for row in rows}

    @cached_property
    def titles(self) -> dict[int, str]:
        """Article title by number."""
        rows = _rows(DATA / "xquad" / f"corpus.{self.language}.jsonl")
        return {int(row["_id"][:2]): row["title"].replace("_", " ") for row in rows}

    @cached_property
    def queries(self) -> list[Query]:
        """All questions."""
        rows = _rows(DATA / "xquad" / f"queries.{self.language}.jsonl")
        return [Query(row["text"], f"{row['relevant'][0]}.txt", tuple(row["answers"])) for row in rows]

    def article_files(self, article: int) -> list[str]:
        """Return the names of an article's files."""
        return [name for name in self.paragraphs if int(name[:2]) == article]


def policy_pages(longest: int = 1500) -> dict[str, str]:
    """Return pages of a fictional bank's policies (sierra-research/tau2-bench, MIT) by file name."""
    return {
        path.name: path.read_text("utf8")[:longest] for path in sorted((DATA / "bank_kb" / "md").glob("*.md"))
    }


class RememberingEmbedder(MiniLmEmbedder):
    """Embeds every text once, as a benchmark asks the same things again and again."""

    def __init__(self) -> None:
        super().__init__(threads=2)
        self._known: dict[str, list[float]] = {}

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        fresh = [text for text in dict.fromkeys(texts) if text not in self._known]
        self._known.update(zip(fresh, super().embed_documents(fresh), strict=True))
        return [self._known[text] for text in texts]


@asynccontextmanager
async def open_library(folder: Path, embedder: MiniLmEmbedder) -> AsyncIterator[Library]:
    """Hold an empty library in a folder."""
    catalog = await SqlCatalog.open(f"sqlite+aiosqlite:///{folder / 'catalog.sqlite'}", "bench")
    index = await EdgeIndex.open(folder / "index", embedder.dimensions)
    library = Library("bench", catalog, DiskBlobs(folder / "blobs"), index, embedder, Bm25Encoder())
    try:
        yield library
    finally:
        await library.aclose()


async def put(library: Library, texts: Iterable[tuple[str, str]], heading: str = "") -> dict[str, str]:
    """Store texts as one-chunk documents and return their ids by file name."""
    ids: dict[str, str] = {}
    for name, text in texts:
        record = await library.accept_bytes(
            text.encode(), name, content_type="text/plain", media_type=MediaType.DOCUMENT
        )
        chunk = Chunk(id=derived_id(record.id, "0"), file_id=record.id, ordinal=0, text=text, heading=heading)
        await library.catalog.store_reading(record.id, Reading(chunks=(chunk,)), None)
        ids[name] = record.id
    await library.sync_index()
    return ids


@asynccontextmanager
async def without(library: Library, xquad: XQuad, article: int, ids: dict[str, str]) -> AsyncIterator[None]:
    """Take an article out of the library while the context lasts."""
    names = xquad.article_files(article)
    await library.delete([ids[name] for name in names])
    yield
    ids.update(await put(library, [(name, xquad.paragraphs[name]) for name in names]))


def _rows(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text("utf8").splitlines()]
