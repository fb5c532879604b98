from __future__ import annotations

import json

import pytest

from pinakes.core.errors import ConfigurationError
from pinakes.core.files import FileFilter
from pinakes.library.library import Library
from pinakes.tools.reading import document_sections, read_document
from pinakes.tools.retriever import LibraryRetriever
from pinakes.tools.scope import files_of
from pinakes.tools.toolkit import library_tools


async def test_tools_read_the_library(library: Library) -> None:
    tools = {tool.name: tool for tool in library_tools(library)}
    assert all(tool.metadata == {"read_only": True} for tool in tools.values())
    found = await tools["search_documents"].ainvoke({"query": "How long does charging the battery take?"})
    assert found[0]["filename"] == "forklift-manual.pdf"
    assert found[0]["passages"][0]["page"] == 2
    text = await tools["read_document"].ainvoke({"file_id": found[0]["id"], "first_page": 2})
    assert text["text"].startswith("The battery")
    signs = await tools["search_images"].ainvoke({"query": "danger", "where": {"camera": "nikon"}})
    assert len(signs) == 2
    count = await tools["count_files"].ainvoke({"group_by": "media_type"})
    assert {row["label"]: row["value"] for row in count["rows"]} == {"image": 6, "document": 4}
    listed = await tools["list_files"].ainvoke({"where": {"blurred": True}})
    assert [f["filename"] for f in listed["files"]] == ["shaky.jpg"]
    facts = await tools["file_facts"].ainvoke({"file_ids": [signs[0]["id"]]})
    assert facts[0]["facts"]["camera_model"] == "NIKON D90"
    (group,) = await tools["find_duplicates"].ainvoke({})
    assert len(group["files"]) == 2
    json.dumps([found, text, signs, count, listed, facts, group])


async def test_tools_have_schemas_for_models(library: Library) -> None:
    for tool in library_tools(library):
        assert tool.description
        assert tool.get_input_jsonschema()["properties"]


async def test_tools_keep_to_their_scope(library: Library) -> None:
    tools = {t.name: t for t in library_tools(library, FileFilter(folder_path="Notes"))}
    hidden = [f.id for f in await files_of(library, FileFilter(folder_path="Manuals"))]
    assert await tools["search_documents"].ainvoke({"query": "battery charging"}) == []
    assert await tools["file_facts"].ainvoke({"file_ids": hidden}) == []
    assert "error" in await tools["read_document"].ainvoke({"file_id": hidden[0]})
    listed = await tools["list_files"].ainvoke({"where": {"folder_path": "Manuals"}})
    assert listed["total"] == 0


async def test_reading_page_by_page(library: Library) -> None:
    (manual,) = await files_of(library, FileFilter(name_contains="manual.pdf"))
    first = await read_document(library, manual.id, max_chars=100)
    assert first.next_page == 2
    second = await read_document(library, manual.id, first_page=2)
    assert "charged overnight" in second.text
    assert second.next_page is None
    assert [s.heading for s in await document_sections(library, manual.id)] == [
        "Operation",
        "Batteries",
        "Maintenance",
    ]


async def test_retriever(library: Library) -> None:
    retriever = LibraryRetriever(library=library, k=3)
    documents = await retriever.ainvoke("How long does charging the battery take?")
    assert documents[0].metadata["filename"] == "forklift-manual.pdf"
    assert documents[0].metadata["page"] == 2
    assert documents[0].metadata["box"] == [0.1, 0.2, 0.9, 0.4]
    with pytest.raises(ConfigurationError):
        retriever.invoke("inside a loop")
