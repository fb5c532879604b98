"""Which of a turn's results are told of, and what each of them has to show."""

from __future__ import annotations

from collections.abc import Sequence

from pinakes.agents.cards import CARDS
from pinakes.agents.writing.paragraphs import Paragraph, admitted, files, forwarded, pictures, tabled
from pinakes.core.chat import Passage, WriteRequest
from pinakes.core.files import MediaType
from pinakes.core.plans import StepResult, StepStatus

_CHANGING = frozenset(card.name for card in CARDS if card.mutates)
_SEARCHING = frozenset({"image_search", "document_search", "link_search", "video_search"})
FAILED = (StepStatus.FAILED, StepStatus.UNAVAILABLE)
UNDONE = (*FAILED, StepStatus.SKIPPED)


def telling(request: WriteRequest) -> list[StepResult]:
    """Return the results to tell of: a search that a later step speaks for needs no words of its own."""
    results = request.results
    speaking = [r for r in results if r.text and r.status is StepStatus.OK]
    needs = {step.id: step.depends_on for step in request.plan.steps}
    worked_into = {needed for r in speaking for needed in needs.get(r.step_id, ())}
    # A count speaks of its files' number alone, however many it covers.
    spoken = [set(r.file_ids) | {e.file_id for e in r.evidence} for r in speaking if r.table is None]

    refused = [r for r in results if r.text and r.status is StepStatus.EMPTY]
    tried = {needed for r in refused for needed in needs.get(r.step_id, ())}
    for_changes = {needed for r in refused if r.agent in _CHANGING for needed in needs.get(r.step_id, ())}

    def is_told(result: StepResult) -> bool:
        if result.status is StepStatus.EMPTY and result.step_id in tried:
            return True  # the step that had nothing to work on says so itself
        if result.step_id in for_changes and result.agent in _SEARCHING:
            return True  # what was sought to be changed answers nothing
        if result.table is not None or (result.text and not _is_search(result)):
            return False
        if result.text:
            return result.step_id in worked_into
        found = set(result.file_ids)
        return result.step_id in worked_into or (bool(found) and any(found <= members for members in spoken))

    return [r for r in results if not is_told(r)] or list(results)


def _is_search(result: StepResult) -> bool:
    return result.agent in ("video_search", "link_search")


def passages_of(result: StepResult, passages: Sequence[Passage]) -> list[Passage]:
    """Return the passages of a result's evidence, under its own ids and scores."""
    by_place = {(p.evidence.file_id, p.evidence.chunk_id): p for p in passages}
    found = [(e, by_place.get((e.file_id, e.chunk_id))) for e in result.evidence]
    return [p.model_copy(update={"evidence": e}) for e, p in found if p is not None]


def is_shown(passage: Passage, result: StepResult) -> bool:
    """Return whether a passage stands for a picture to name; a text search quotes the words in a picture instead."""
    return passage.evidence.media_type == MediaType.IMAGE and result.agent != "document_search"


def read_passages(result: StepResult, passages: Sequence[Passage]) -> list[Passage]:
    """Return the passages that have to be read for the answer; none where files are only to be named."""
    texts = [p for p in passages if not is_shown(p, result)]
    return texts if any(p.evidence.chunk_id for p in texts) else []


def finished_paragraph(result: StepResult, passages: Sequence[Passage]) -> Paragraph | None:
    """Return what a result says by itself: its agent's words, its table, or why it is missing; None without."""
    if result.status in UNDONE and not result.text:
        return admitted(result)
    if result.text:
        found = result.status is not StepStatus.EMPTY
        return with_notes(forwarded(result, passages), result)._replace(found=found)
    return with_notes(tabled(result, result.table), result) if result.table is not None else None


def listed(result: StepResult, passages: Sequence[Passage], lengths: dict[str, int]) -> list[Paragraph]:
    """Return the files of a result that are named one by one: documents, then pictures."""
    images = [p for p in passages if is_shown(p, result)]
    named = [] if read_passages(result, passages) else [p for p in passages if not is_shown(p, result)]
    parts = [files(result, named, lengths)] if named else []
    return parts + ([pictures(result, images, lengths)] if images else [])


def with_notes(paragraph: Paragraph, result: StepResult) -> Paragraph:
    """Return a result's paragraph with its notes under it."""
    if not result.notes:
        return paragraph
    return paragraph._replace(text=f"{paragraph.text}\n\n{' '.join(result.notes)}".strip())
