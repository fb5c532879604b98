"""`client.agent_operations`: reports, analyses and tidying up, without a conversation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from pinakes.client.checks import spoken
from pinakes.client.explicit_changes import Applied, apply_proposals
from pinakes.client.single_agents import SingleAgents
from pinakes.core.agent_results import (
    ChunkReference,
    DocumentAnalysisResult,
    FolderActionDetail,
    OrganizeResult,
    SynthesizeResult,
)
from pinakes.core.changes import Change, ChangeAction
from pinakes.core.evidence import Evidence
from pinakes.core.files import Folder, MediaType
from pinakes.core.ids import new_id
from pinakes.core.options import TurnOptions
from pinakes.core.plans import StepResult, StepStatus

MAX_IMAGES = 1000
MAX_DOCUMENTS = 100
_NOBODY = ("none",)
"""The selection of a kind that no file of it is in: an empty one would be all of them."""


class AgentOperationsResource(SingleAgents):
    """Work that agents do on request; an explicit call is itself the yes for changes that delete nothing."""

    async def synthesize(
        self,
        intent: str,
        *,
        image_ids: Sequence[str] | None = None,
        document_ids: Sequence[str] | None = None,
        auto_save: bool = False,
    ) -> SynthesizeResult:
        """Write a report from the library, or from some of its pictures and documents.

        Args:
            auto_save: Save it into the library, journaled and undoable.

        Raises:
            ValidationError: The intent has not 1 to 2,000 characters, or a list of ids is empty or too long.
            ResourceNotFoundError: A picture or document that is named is not in the library.
            PinakesError: What the agent failed with.
        """
        chosen = await self._selection(image_ids, document_ids)
        options, asked = chosen.model_copy(update={"save_report": auto_save}), spoken(intent)
        result, fields = await self._run("report_synthesis", asked, options)
        if result.status is StepStatus.EMPTY and document_ids is not None:
            # The documents are named, and need not be about what the intent says: so what they say is the report.
            result, fields = await self._run("report_synthesis", asked, options, first=["document_analysis"])
        applied = await self._applied(result, dry_run=not auto_save)
        counts = Counter(kind for _, kind in {(p.file_id, p.media_type) for p in result.evidence})
        return SynthesizeResult(
            report=await self._report_text(result),
            image_count=counts[MediaType.IMAGE],
            document_count=counts[MediaType.DOCUMENT],
            saved_document_id=_added(applied) if applied.entry_id else None,
            reference=result.report,
            summary_raw=result.text,
            **fields,
        )

    async def analyze_documents(self, intent: str, document_ids: Sequence[str]) -> DocumentAnalysisResult:
        """Summarise, compare, extract from or categorise 1 to 100 documents. Raises as `synthesize`."""
        options = await self._selection(None, document_ids)
        result, fields = await self._run("document_analysis", intent, options)
        references = _chunk_references(result.evidence)
        return DocumentAnalysisResult(
            analysis=result.text,
            document_count=len({reference.document_id for reference in references} | set(result.file_ids)),
            categorization=result.table.model_dump(mode="json") if result.table else None,
            chunk_references=references,
            summary_raw=result.text,
            **fields,
        )

    async def organize(
        self,
        intent: str,
        *,
        image_ids: Sequence[str] | None = None,
        document_ids: Sequence[str] | None = None,
        parent_folder_id: str | None = None,
        dry_run: bool = False,
    ) -> OrganizeResult:
        """Move, rename, tag or file things, journaled and undoable.

        Args:
            parent_folder_id: New folders are made in this one.
            dry_run: Change nothing and return what would be changed.

        Raises:
            ValidationError, ResourceNotFoundError: An argument is outside its limits, or there is no such folder.
            ChangeError: It would delete files; ask for that in a chat, where a person approves it.
        """
        parents = await self._folders(parent_folder_id)
        options = await self._selection(image_ids, document_ids)
        result, fields = await self._run("folder_management", intent, options)
        if image_ids is not None or document_ids is not None:
            result = _limited(result, {*options.image_ids, *options.document_ids})
        if parents and result.changes:
            moved = tuple(_inside(change, parents[0]) for change in result.changes)
            told = f"In “{parents[0]}”: {result.text}"
            result = result.model_copy(update={"changes": moved, "text": told})
        applied = await self._applied(result, dry_run=dry_run)
        changes = applied.changes.changes if applied.changes else ()
        folders = {folder.path: folder for folder in await self._library.catalog.folders()}
        return OrganizeResult(
            actions=_actions(changes, folders),
            folders_created=sum(change.action is ChangeAction.CREATE_FOLDER for change in changes),
            files_moved=sum(change.action is ChangeAction.MOVE for change in changes),
            changes=applied.changes,
            entry_id=applied.entry_id,
            summary_raw=" ".join((result.text, *result.notes)).strip(),
            **fields,
        )

    async def _selection(
        self, image_ids: Sequence[str] | None, document_ids: Sequence[str] | None
    ) -> TurnOptions:
        """Return options that limit to what was named: pictures alone leave no document, and the other way round."""
        images = await self._chosen(MediaType.IMAGE, image_ids, MAX_IMAGES)
        documents = await self._chosen(MediaType.DOCUMENT, document_ids, MAX_DOCUMENTS)
        if images is None and documents is None:
            return TurnOptions()
        return TurnOptions(
            use_all_images=False, image_ids=images or (), document_ids=documents or _NOBODY, video_ids=_NOBODY
        )

    async def _applied(self, result: StepResult, *, dry_run: bool) -> Applied:
        return await apply_proposals(self._resources, new_id(), [result], dry_run=dry_run)

    async def _report_text(self, result: StepResult) -> str:
        sha256 = result.report.formats.get("md") if result.report else None
        return (await self._library.blobs.get(sha256)).decode() if sha256 else result.text


def _limited(result: StepResult, chosen: set[str]) -> StepResult:
    """Return a proposal without changes to files that were not named, whatever kind they are of."""
    kept = tuple(c for c in result.changes if c.file_id is None or c.file_id in chosen)
    return result.model_copy(update={"changes": kept})


def _inside(change: Change, parent: str) -> Change:
    """Return the change with its new folder in the parent."""
    if change.folder_after is not None and change.folder_before is None:
        return change.model_copy(update={"folder_after": _under(change.folder_after, parent)})
    if change.action is ChangeAction.MOVE and change.after is not None:
        after = change.after.model_copy(update={"folder_path": _under(change.after.folder_path, parent)})
        return change.model_copy(update={"after": after})
    return change


def _under(path: str, parent: str) -> str:
    return path if path == parent or path.startswith(f"{parent}/") else f"{parent}/{path}".rstrip("/")


def _actions(changes: Iterable[Change], folders: dict[str, Folder]) -> list[FolderActionDetail]:
    """Return created folders and, by target folder, how many files were moved there."""
    made = [change.folder_after for change in changes if change.action is ChangeAction.CREATE_FOLDER]
    targets = Counter(
        change.after.folder_path for change in changes if change.action is ChangeAction.MOVE and change.after
    )
    counted: list[tuple[str, str, int | None]] = [("create_folder", path, None) for path in made if path]
    counted += [("move_files", path, number) for path, number in targets.items()]
    return [
        FolderActionDetail(
            action=action,
            folder_id=folders[path].id if path in folders else None,
            folder_name=path.rpartition("/")[2],
            file_count=number,
        )
        for action, path, number in counted
    ]


def _chunk_references(evidence: Iterable[Evidence]) -> list[ChunkReference]:
    pages: dict[tuple[str, str, str], set[int]] = {}
    for piece in evidence:
        if piece.chunk_id:
            found = pages.setdefault((piece.chunk_id, piece.file_id, piece.filename), set())
            found |= {piece.locator.page} if piece.locator.page is not None else set()
    return [
        ChunkReference(
            chunk_id=chunk_id,
            document_id=file_id,
            document_filename=filename,
            page_numbers=sorted(numbers) or None,
        )
        for (chunk_id, file_id, filename), numbers in pages.items()
    ]


def _added(applied: Applied) -> str | None:
    changes: Any = applied.changes.changes if applied.changes else ()
    return next((change.file_id for change in changes if change.action is ChangeAction.ADD), None)
