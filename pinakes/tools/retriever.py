"""A library as a LangChain retriever, for chains and agents that expect one."""

from __future__ import annotations

import asyncio
from typing import Any

from langchain_core.callbacks import AsyncCallbackManagerForRetrieverRun, CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from pinakes.core.errors import ConfigurationError
from pinakes.core.files import ChunkHit, FileFilter
from pinakes.library.library import Library
from pinakes.tools.search import FLOOR


class LibraryRetriever(BaseRetriever):
    """Finds passages by meaning and words.

    Documents carry `file_id`, `filename`, `media_type`, `folder`, `page`, `box` ([x0, y0, x1, y1], 0 to 1, origin top
    left), `score` (0 to 1), `kind` and `heading` in their metadata.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    library: Library
    where: FileFilter = FileFilter()
    k: int = 8
    threshold: float = FLOOR

    async def _aget_relevant_documents(
        self, query: str, *, run_manager: AsyncCallbackManagerForRetrieverRun
    ) -> list[Document]:
        hits = await self.library.search(query, limit=self.k, where=self.where, threshold=self.threshold)
        return [_document(hit) for hit in hits]

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[Document]:
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            hits = self.library.search(query, limit=self.k, where=self.where, threshold=self.threshold)
            return [_document(hit) for hit in asyncio.run(hits)]
        raise ConfigurationError("Inside an event loop use `await retriever.ainvoke(...)`.")


def _document(hit: ChunkHit) -> Document:
    chunk, file = hit.chunk, hit.file
    place = next((span.locator for span in chunk.spans if span.locator.box), None)
    metadata: dict[str, Any] = {
        "file_id": file.id,
        "filename": file.filename,
        "media_type": str(file.media_type.value),
        "folder": file.folder_path,
        "page": chunk.page_start,
        "box": list(place.box) if place and place.box else None,
        "score": hit.score,
        "kind": chunk.kind,
        "heading": chunk.heading,
    }
    return Document(id=chunk.id, page_content=chunk.text, metadata=metadata)
