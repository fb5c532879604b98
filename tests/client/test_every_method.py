"""Every method of the hosted client's surface is called by a test; here are those that no other test calls."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from contract import SURFACE
from differences import COMING, LEFT_OUT
from pictures import picture

from pinakes import Pinakes
from pinakes.core.errors import ValidationError

NAMES = {
    "AgentOperationsResource": "agent_operations",
    "AgentSearchResource": "agent_search",
    "ChatResource": "chats",
    "ChatSessionContext": "session",
    "ColorsResource": "colors",
    "DescribeResource": "descriptions",
    "DocumentsResource": "documents",
    "FilesResource": "files",
    "FoldersResource": "folders",
    "LinksResource": "links",
    "Pinakes": "(client|Pinakes)",
    "UploadResource": "uploads",
    "VideoAnalysisResource": "video_analysis",
    "VideoScenesResource": "video_scenes",
    "VideoUploadsResource": "video_uploads",
}


def uncalled() -> set[str]:
    text = "\n".join(path.read_text("utf8") for path in Path(__file__).parent.rglob("*.py"))
    missing = set()
    for module, classes in SURFACE.items():
        for cls in classes.keys() & (NAMES.keys() | {"Pipeline"}) if module != "sync" else ():
            on = rf"{NAMES[cls]}\w*(\([^()]*\))?\s*" if cls in NAMES else ""
            for method, told in classes[cls].get("methods", {}).items():
                if told != "property" and not re.search(rf"{on}\.{method}\(", text):
                    missing.add(f"{cls}.{method}")
    return missing


def test_every_method_is_called_somewhere() -> None:
    known = COMING.keys() | LEFT_OUT.keys()
    assert {name for name in uncalled() if name not in known and name.partition(".")[0] not in known} == set()


@pytest.fixture
async def red(client: Pinakes) -> str:
    return (await client.files.upload(picture(("red", 100), size=(64, 64)), filename="red.png")).file_id


async def test_from_env(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PINAKES_LIBRARY", str(tmp_path / "shelf"))
    monkeypatch.setenv("PINAKES_TENANT", "ada")
    async with Pinakes.from_env() as client:
        status = await client.status()
    assert (status.library, status.tenant) == (str(tmp_path / "shelf"), "ada")


async def test_chat_and_chat_stream(client: Pinakes, papers: Path) -> None:
    await client.upload(papers)
    session_id = (await client.chats.create_session()).id
    answer = await client.chat("Who ordered a new motor?", session_id=session_id)
    assert "Ada Quill" in answer.content
    kinds = [token.type async for token in client.chat_stream("And when?", session_id=session_id)]
    assert kinds[-1] == "complete"
    assert len(await client.chats.get_messages(session_id)) == 4


async def test_selections_of_a_session(client: Pinakes, red: str) -> None:
    async with client.chat_session() as session:
        await session.update_images([red])
        await session.update_videos([])
        detail = await client.chats.get_session(session.session_id)
    assert detail.selected_image_ids == [red] and not detail.selected_video_ids


async def test_a_plan_is_cancelled(client: Pinakes, papers: Path) -> None:
    await client.upload(papers)
    async with client.chat_session() as session:
        proposal = await session.send("Move all documents into the folder Archive")
        assert proposal.metadata
        plan_id = proposal.metadata["pending_approval"]["plan_id"]
        decided = await session.cancel_plan(plan_id)
    assert (decided.action_taken, decided.success) == ("cancel", True)
    assert "Archive" not in [folder.name for folder in (await client.folders.tree()).folders]


async def test_a_report(client: Pinakes, papers: Path) -> None:
    await client.upload(papers)
    written = await client.agent_operations.synthesize("Write a report about the pump's vibration")
    assert written.success and "7.1 mm/s" in written.report and written.document_count


async def test_every_step_of_a_pipeline(client: Pinakes, papers: Path, red: str) -> None:
    await client.upload(papers)
    selected = client.pipeline().with_images([red]).search_images("red").analyze("What is there?")
    found = await selected.run()
    assert found.step(0).status in ("completed", "empty") and found.step(1).agent == "visual_analysis"
    pipeline = client.pipeline().search_documents("vibration").search_links("vibration")
    pipeline.analyze_links("Summarise them", depends_on=[1]).cross_reference(
        "Do they agree?", depends_on=[0, 1]
    )
    result = await pipeline.synthesize("Write a report about vibration", depends_on=[0]).run()
    assert [step.agent for step in result.steps] == [
        "document_search",
        "link_search",
        "link_analysis",
        "cross_reference",
        "report_synthesis",
    ]
    assert result.step(0).outputs["documents"] and "7.1 mm/s" in (result.final.summary or "")


async def test_collections_of_what_was_found(client: Pinakes, papers: Path) -> None:
    await client.upload(papers)
    found = await client.agent_search.documents("vibration")
    assert found.as_collection().ids == found.document_ids
    assert found.as_collection(by="chunk").ids == found.chunk_ids
    with pytest.raises(ValidationError):
        found.as_collection(by="page")
