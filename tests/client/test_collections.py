"""Collections of files, and what every result can do."""

from __future__ import annotations

from pathlib import Path

import pytest

from pinakes import Pinakes
from pinakes.core.file_collection import FileCollection, FileRef
from pinakes.core.user_files import FileList, UserFile


async def test_results_become_collections(client: Pinakes, papers: Path) -> None:
    results = await client.files.upload_batch([papers, papers / "missing.txt"])
    uploaded = FileCollection.of(results, "upload")
    listed = FileCollection.of((await client.files.list()).items)
    found = FileCollection.of((await client.files.search("grease")).items)
    assert (uploaded.count, uploaded.content_type, uploaded.source_capability) == (2, "document", "upload")
    assert set(uploaded.ids) == set(listed.ids) >= set(found.ids)
    assert listed.refs[0].size_bytes and results[0].image_id in uploaded
    assert uploaded.merge(listed, found).count == 2
    manual = listed.filter(lambda ref: ref.filename == "manual.md")
    assert [ref.filename for ref in manual] == ["manual.md"]


def test_a_collection_by_itself() -> None:
    made = FileCollection.from_ids(["a", "b", "a"], "image", "search")
    assert made.to_dict() == {
        "refs": [{"id": "a", "media_type": "image"}, {"id": "b", "media_type": "image"}],
        "count": 2,
        "content_type": "image",
        "source_capability": "search",
    }
    assert made == FileCollection.from_ids(["a", "b"], "image", "search") and len({made, made}) == 1
    mixed = made.merge(FileCollection([FileRef(id="c", media_type="video")]))
    assert (mixed.content_type, FileCollection().content_type) == ("mixed", "unknown")
    assert FileRef.from_api_response({"id": "x", "media_type": "link", "new": 1}) == FileRef(
        id="x", media_type="link"
    )


def test_every_result_is_a_dict_and_back() -> None:
    page = FileList(files=(UserFile(id="a", size_bytes=1, tags=("x",)),), total_count=1)
    told = page.to_dict()
    assert told["files"][0]["tags"] == ["x"] and "title" not in told["files"][0]
    assert page.to_dict(exclude_none=False)["files"][0]["title"] is None
    told["files"][0]["unheard_of"] = {"deep": 1}
    assert FileList.from_api_response(told) == page and page.items == page.results == page.files


def test_files_that_go_together_are_reached_by_place() -> None:
    files = FileCollection.from_ids(["a", "b", "c"], "image")
    assert (files[0].id, files[-1].id) == ("a", "c") and [ref.id for ref in files] == files.ids
    with pytest.raises(IndexError):
        files[3]


async def test_pages_of_sessions_links_and_pictures_are_lists(client: Pinakes) -> None:
    first = await client.chats.create_session(title="One")
    sessions = await client.chats.list_sessions()
    assert len(sessions) == 1 and sessions[0].id == first.id and [s.title for s in sessions] == ["One"]
    link = await client.links.create("https://example.com/page", auto_crawl=False)
    links = await client.links.list()
    assert len(links) == 1 and links[0].id == link.id and [one.url for one in links] == [link.url]
    pictures = await client.chats.get_all_images()
    assert (len(pictures), list(pictures), bool(pictures)) == (0, [], False)
