"""What agents do to a library, as LangChain tools for anybody's `create_agent`; all of them only read."""

from __future__ import annotations

import functools
from typing import Annotated, Any

from langchain_core.tools import BaseTool, StructuredTool
from pydantic import BaseModel, Field

from pinakes.core.files import AnalyticsQuery, FileFilter, FileRecord, GroupBy, Measure, MediaType
from pinakes.core.ids import MARK_PREFIX
from pinakes.core.tracing import span
from pinakes.library.library import Library
from pinakes.tools.duplicates import find_duplicates
from pinakes.tools.files import count_files, file_facts, list_files
from pinakes.tools.reading import read_document
from pinakes.tools.scope import inside, narrowed
from pinakes.tools.search import FileMatch, search_documents, search_images

_EXCERPT = 700
Query = Annotated[str, Field(min_length=1, max_length=2000, description="What to look for, in words.")]
Most = Annotated[int, Field(ge=1, le=100, description="The most results to return.")]
Where = Annotated[
    FileFilter | None, Field(description="Which files may be found; every field set must hold.")
]


class SearchArgs(BaseModel):
    """A search."""

    query: Query
    where: Where = None
    limit: Most = 10


class ListArgs(BaseModel):
    """A page of a listing."""

    where: Where = None
    limit: Most = 50
    offset: Annotated[int, Field(ge=0)] = 0
    order: Annotated[str, Field(description="A field of a file; '-' first for descending.")] = "-created_at"


class CountArgs(BaseModel):
    """A question about numbers."""

    measure: Measure = Measure.COUNT
    group_by: GroupBy | None = None
    where: Where = None
    limit: Most = 50


class ReadArgs(BaseModel):
    """A stretch of a document."""

    file_id: Annotated[str, Field(description="The document's id.")]
    first_page: Annotated[int, Field(ge=1)] = 1
    max_chars: Annotated[int, Field(ge=100, le=50_000)] = 8000


class FactsArgs(BaseModel):
    """Some files."""

    file_ids: Annotated[list[str], Field(min_length=1, max_length=100)]


class DuplicatesArgs(BaseModel):
    """A check for pictures that are alike."""

    where: Where = None


def library_tools(library: Library, scope: FileFilter | None = None) -> list[BaseTool]:
    """Return read-only tools over a library; with a scope, they see only the files that pass it."""
    calls = _Calls(library, scope or FileFilter())
    return [
        _tool(
            "search_images",
            "Find pictures by their text, captions, names and facts.",
            calls.images,
            SearchArgs,
        ),
        _tool(
            "search_documents", "Find passages in documents, with page and box.", calls.documents, SearchArgs
        ),
        _tool(
            "list_files", "List files by date, folder, type, camera, looks and more.", calls.listing, ListArgs
        ),
        _tool("count_files", "Count, total, average or rank files, also by group.", calls.count, CountArgs),
        _tool("read_document", "Read a document's text from a page on.", calls.read, ReadArgs),
        _tool("file_facts", "Tell all that is recorded of some files.", calls.facts, FactsArgs),
        _tool(
            "find_duplicates",
            "Find pictures that are the same or nearly so.",
            calls.duplicates,
            DuplicatesArgs,
        ),
    ]


class _Calls:
    """The tools' functions, bound to a library and to what of it may be seen."""

    def __init__(self, library: Library, allowed: FileFilter) -> None:
        self._library, self._allowed = library, allowed

    async def images(
        self, query: str, where: FileFilter | None = None, limit: int = 10
    ) -> list[dict[str, Any]]:
        found = await search_images(self._library, query, where=self._within(where), limit=limit)
        return [_match(m) for m in found]

    async def documents(
        self, query: str, where: FileFilter | None = None, limit: int = 10
    ) -> list[dict[str, Any]]:
        found = await search_documents(self._library, query, where=self._within(where), limit=limit)
        return [_match(m) for m in found]

    async def listing(
        self,
        where: FileFilter | None = None,
        limit: int = 50,
        offset: int = 0,
        order: str = "-created_at",
    ) -> dict[str, Any]:
        page = await list_files(
            self._library, where=self._within(where), limit=limit, offset=offset, order=order
        )
        return {"total": page.total, "files": [_file(f) for f in page.items]}

    async def count(
        self,
        measure: Measure = Measure.COUNT,
        group_by: GroupBy | None = None,
        where: FileFilter | None = None,
        limit: int = 50,
    ) -> dict[str, Any]:
        query = AnalyticsQuery(measure=measure, group_by=group_by, filter=self._within(where), limit=limit)
        table = await count_files(self._library, query)
        rows = [{"label": r.label, "value": r.value} for r in table.rows]
        return {"what": table.words, "total": table.total, "rows": rows}

    async def read(self, file_id: str, first_page: int = 1, max_chars: int = 8000) -> dict[str, Any]:
        if not await self._visible([file_id]):
            return {"error": "There is no such document."}
        text = await read_document(self._library, file_id, first_page=first_page, max_chars=max_chars)
        return text.model_dump(mode="json")

    async def facts(self, file_ids: list[str]) -> list[dict[str, Any]]:
        return [_file(f, full=True) for f in await file_facts(self._library, await self._visible(file_ids))]

    async def duplicates(self, where: FileFilter | None = None) -> list[dict[str, Any]]:
        groups = await find_duplicates(self._library, where=self._within(where))
        return [
            {"exact": g.exact, "bits_differing": g.distance, "files": [_file(f) for f in g.files]}
            for g in groups
        ]

    def _within(self, where: FileFilter | None) -> FileFilter:
        return narrowed(self._allowed, where or FileFilter())

    async def _visible(self, file_ids: list[str]) -> list[str]:
        return [f.id for f in await inside(self._library, self._allowed, file_ids)]


def _tool(name: str, description: str, call: Any, args: type[BaseModel]) -> BaseTool:
    @functools.wraps(call)
    async def watched(**arguments: Any) -> Any:
        with span("execute_tool", name, tool__name=name, tool__type="datastore"):
            return await call(**arguments)

    return StructuredTool.from_function(
        coroutine=watched, name=name, description=description, args_schema=args, metadata={"read_only": True}
    )


def _match(match: FileMatch) -> dict[str, Any]:
    passages = [
        {
            "text": hit.chunk.text[:_EXCERPT],
            "page": hit.chunk.page_start,
            "box": next((s.locator.box for s in hit.chunk.spans if s.locator.box), None),
            "score": hit.score,
            "kind": hit.chunk.kind,
        }
        for hit in match.hits[:3]
    ]
    looks = {"looks_like_it": match.looks} if match.looks else {}
    return {**_file(match.file), "score": match.score, "passages": passages, **looks}


def _file(file: FileRecord, *, full: bool = False) -> dict[str, Any]:
    if full:
        return file.model_dump(
            mode="json", exclude_none=True, exclude={"sha256", "source", "thumbnail_sha256"}
        )
    kind = {MediaType.IMAGE: "img", MediaType.DOCUMENT: "doc"}.get(
        file.media_type, str(file.media_type.value)
    )
    return {
        "id": file.id,
        "filename": file.filename,
        "folder": file.folder_path,
        "title": file.title,
        "mark": f"[[{kind}:{file.id[:MARK_PREFIX]}|{file.filename}]]",
    }
