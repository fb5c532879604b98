"""Pipelines and single agents: the caller's plan, run by the same engine as a chat's."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from pinakes import AgentCard, AgentContext, AgentSpec, Pinakes, Settings, StepResult, Task
from pinakes.client.pipeline_runs import PipelineRuns
from pinakes.client.pipelines import Pipeline
from pinakes.core.changes import Change, ChangeAction, ChangeKind, FileState
from pinakes.core.errors import ChangeError, PlanError, ResourceNotFoundError, ValidationError
from pinakes.core.files import FileFilter


async def file_away(task: Task, ctx: AgentContext) -> StepResult:
    """Propose to move what the steps before found; the intent may ask to delete it instead."""
    deletes = "delete" in task.step.intent
    found = [piece.file_id for result in task.inputs for piece in result.evidence]
    files = await ctx.library.catalog.get_files(list(dict.fromkeys(found)))
    changes = [] if deletes else [Change(id="x", action=ChangeAction.CREATE_FOLDER, folder_after="Filed")]
    for file in files:
        before = FileState(folder_path=file.folder_path, filename=file.filename, tags=file.tags)
        after = before.model_copy(update={"deleted": True} if deletes else {"folder_path": "Filed"})
        action = ChangeAction.DELETE if deletes else ChangeAction.MOVE
        changes.append(Change(id=file.id, action=action, file_id=file.id, before=before, after=after))
    return StepResult(step_id="", agent="", text="Filed what was found.", changes=tuple(changes))


async def fail(task: Task, ctx: AgentContext) -> StepResult:
    raise RuntimeError("boom")


OWN = (
    AgentSpec(
        AgentCard(
            name="folder_management",
            purpose="Files things",
            examples=("file it",),
            takes=("documents",),
            gives=("changes",),
            mutates=True,
        ),
        file_away,
    ),
    AgentSpec(AgentCard(name="failing", purpose="Fails", examples=("fail",), takes=("text",)), fail),
)


@pytest.fixture
async def client(settings: Settings, papers: Path) -> AsyncIterator[Pinakes]:
    async with Pinakes(settings=settings, agents=OWN) as opened:
        await opened.files.upload_batch(papers, folder_path="In")
        yield opened


async def folders(client: Pinakes) -> dict[str, str]:
    page = await client.library.catalog.list_files(FileFilter())
    return {file.filename: file.folder_path for file in page.items}


async def test_steps_are_wired_by_the_data_they_take_and_run_in_waves(client: Pinakes) -> None:
    pipeline = (
        client.pipeline()
        .search_documents("vibration of the pump")
        .search_documents("conveyor belt motor")
        .analyze_documents("Extract all amounts")
    )
    assert [step.depends_on for step in pipeline.plan().steps] == [(), (), ("s1", "s2")]
    assert " → " in repr(pipeline) and "no steps" in repr(client.pipeline())
    result = await pipeline.run()
    assert (result.success, result.total_waves, result.errors) == (True, 2, [])
    assert [step.agent for step in result.steps] == [
        "document_search",
        "document_search",
        "document_analysis",
    ]
    assert "1,480" in (result.final.summary or "")
    assert result.step(0).outputs["documents"]
    for nowhere in (99, -99):
        with pytest.raises(IndexError):
            result.step(nowhere)
    assert result.changes is None


async def test_organising_is_applied_journaled_and_undone(client: Pinakes) -> None:
    dry = (
        await client.pipeline().search_documents("conveyor belt motor").organize("file it").run(dry_run=True)
    )
    assert dry.changes is not None and dry.changes.counts["create_folder"] == 1 and dry.entry_id is None
    before = await folders(client)
    result = await client.pipeline().search_documents("conveyor belt motor").organize("file it").run()
    assert result.success and result.entry_id
    assert "Filed" in (await folders(client)).values()
    await client.undo(result.entry_id)
    assert await folders(client) == before


async def test_what_would_delete_is_refused_and_nothing_is_done(client: Pinakes) -> None:
    before = await folders(client)
    result = await client.pipeline().search_documents("conveyor belt motor").organize("delete it").run()
    assert not result.success and "person's yes" in result.errors[0] and result.entry_id is None
    assert await folders(client) == before


async def test_a_failing_step_is_told_and_its_followers_are_skipped(client: Pinakes) -> None:
    result = await client.pipeline().add("failing", "fail").search_documents("pump").run()
    assert not result.success and len(result.errors) == 1
    assert [step.status for step in result.steps] == ["failed", "completed"]
    starved = (
        await client.pipeline().search_documents("zebra crossing in Ulan Bator").organize("file it").run()
    )
    assert [step.status for step in starved.steps] == ["completed", "skipped"]
    assert starved.steps[0].outputs == {} and starved.success


async def test_pipelines_that_cannot_run_are_refused_before_anything_runs(client: Pinakes) -> None:
    with pytest.raises(ValidationError):
        await client.pipeline().run()
    with pytest.raises(PlanError):
        await client.pipeline().organize("file it").run()
    with pytest.raises(PlanError):
        client.pipeline().add("nobody", "do it").plan()
    with pytest.raises(ValidationError):
        client.pipeline().search_documents("x").analyze_documents("y", depends_on=[1]).plan()
    ten = client.pipeline()
    for _ in range(10):
        ten.search_documents("x")
    with pytest.raises(ValidationError):
        ten.search_documents("x")


async def test_selected_documents_limit_every_step(client: Pinakes) -> None:
    page = await client.files.list(media_types=["document"])
    manual = next(file for file in page.files if file.filename == "manual.md")
    result = await client.pipeline().with_documents([manual.id]).search_documents("conveyor belt motor").run()
    assert set(result.final.outputs.get("documents", [])) <= {manual.id}


async def test_single_searches_give_items_with_scores_pages_and_a_summary(client: Pinakes) -> None:
    found = await client.agent_search.documents("how often is the bearing greased", limit=3)
    assert found.success and found.results[0].document_filename == "manual.md"
    assert "2,000 hours" in found.results[0].text
    assert found.summary.startswith("1 document matches") or found.summary.startswith("2 documents match")
    only = await client.agent_search.documents("bearing", document_types=["pdf"])
    assert only.count == 0 and only.summary.startswith("No documents match")
    nothing = await client.agent_search.images("red tractor")
    assert nothing.success and nothing.count == 0
    with pytest.raises(ValidationError):
        await client.agent_search.documents("x", limit=0)
    with pytest.raises(ResourceNotFoundError):
        await client.agent_search.images("x", folder_id="nowhere")


async def test_documents_are_analysed_and_cited_by_passage(client: Pinakes) -> None:
    page = await client.files.list(media_types=["document"])
    ids = [file.id for file in page.files]
    result = await client.agent_operations.analyze_documents("Extract all amounts", ids)
    assert result.success and "1,480" in result.analysis
    assert {reference.document_filename for reference in result.chunk_references} >= {"memo.txt"}


async def test_organize_without_its_input_is_refused(client: Pinakes) -> None:
    with pytest.raises(PlanError):
        await client.agent_operations.organize("file it")


async def test_the_shipped_agent_organizes_with_counts_and_a_way_back(
    settings: Settings, papers: Path
) -> None:
    async with Pinakes(settings=settings) as client:
        await client.files.upload_batch(papers, folder_path="In")
        before = await folders(client)
        dry = await client.agent_operations.organize("Move manual.md to Manuals", dry_run=True)
        assert (dry.folders_created, dry.files_moved, dry.entry_id) == (1, 1, None)
        assert await folders(client) == before
        done = await client.agent_operations.organize("Move manual.md to Manuals")
        assert done.success and (await folders(client))["manual.md"] == "Manuals"
        assert [(a.action, a.folder_name, a.file_count) for a in done.actions] == [
            ("create_folder", "Manuals", None),
            ("move_files", "Manuals", 1),
        ]
        with pytest.raises(ChangeError):
            await client.agent_operations.organize("Delete manual.md")
        await client.undo(done.entry_id)
        assert await folders(client) == before


async def test_going_back_by_an_explicit_call_is_an_undo(client: Pinakes) -> None:
    done = await client.pipeline().search_documents("conveyor belt motor").organize("file it").run()

    async def back(task: Task, ctx: AgentContext) -> StepResult:
        undo = await ctx.library.undo_changes(None, plan_id="back")
        kind = {"change_kind": undo.kind, "entry_id": undo.entry_id, "changes": undo.changes}
        return StepResult(step_id="", agent="", text=undo.description, **kind)

    spec = AgentSpec(OWN[0].card.model_copy(update={"takes": ("text",)}), back)
    opened = client._held().opened.resources
    result = await Pipeline(PipelineRuns(replace(opened, agents=(spec,)))).organize("undo that").run()
    newest = (await client.history())[0]
    assert result.success and (newest.kind, newest.entry_id) == (ChangeKind.UNDO, done.entry_id)
