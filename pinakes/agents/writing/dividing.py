"""What a model puts into words, and what is told as it is."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

from pinakes.agents.cards import CARDS
from pinakes.agents.writing.marks import marks_for
from pinakes.agents.writing.paragraphs import Paragraph
from pinakes.agents.writing.telling import (
    finished_paragraph,
    listed,
    passages_of,
    read_passages,
    telling,
    with_notes,
)
from pinakes.core.chat import WriteRequest
from pinakes.core.plans import StepResult, StepStatus

_CHANGING = frozenset(card.name for card in CARDS if card.mutates)
_SEARCHES = frozenset({"image_search", "link_search", "video_search"})


class Parts(NamedTuple):
    """The parts of an answer in their order.

    Attributes:
        before, after: What is told as it is, before and after the model's words.
        written: The results that the model puts into words.
        told: The results that are told as they are.
        first: Ids of the steps that `before` tells of.
    """

    before: tuple[Paragraph, ...]
    written: tuple[StepResult, ...]
    after: tuple[Paragraph, ...]
    told: tuple[StepResult, ...]
    first: frozenset[str] = frozenset()

    def not_before(self, request: WriteRequest) -> tuple[StepResult, ...]:
        """Return the results but those that are told before the model's words."""
        return tuple(result for result in request.results if result.step_id not in self.first)


def divided(request: WriteRequest) -> Parts | None:
    """Return what is to be written and what to be told as it is; None when there is nothing to write.

    Numbers, changes, failures, small talk and lists of files are told as they are. Passages have to be read; what
    several agents found in files is joined; the finished words of one agent need no second pen.
    """
    results = telling(request)
    written = [result for result in results if _is_written(result, request)]
    reading = [result for result in written if not result.text]
    if not reading:
        written = [result for result in written if result.agent not in _SEARCHES]
    if not reading and len(written) < 2:
        return None
    first = results.index(written[0])
    told = [result for result in results if result not in written]
    done = {result.intent for result in results if result.status is StepStatus.OK}
    before = [result for result in results[:first] if result not in written]
    after = [result for result in results[first:] if result not in written]
    notes = tuple(dict.fromkeys(note for result in written for note in result.notes))
    return Parts(
        _paragraphs(before, request, done),
        tuple(written),
        (*((Paragraph(" ".join(notes)),) if notes else ()), *_paragraphs(after, request, done)),
        tuple(told),
        frozenset(result.step_id for result in before),
    )


def _is_written(result: StepResult, request: WriteRequest) -> bool:
    """Return whether a result is what files say, rather than a number, a deed or a talk."""
    if result.status is not StepStatus.OK or result.agent in _CHANGING:
        return False
    if result.table is not None or result.report is not None or result.changes or result.entry_id:
        return False
    if result.text:
        return bool(result.evidence)
    return any(p.text.strip() for p in read_passages(result, passages_of(result, request.passages)))


def _paragraphs(
    results: Sequence[StepResult], request: WriteRequest, done: Collection[str]
) -> tuple[Paragraph, ...]:
    lengths = marks_for(passage.evidence for passage in request.passages)
    told: list[Paragraph] = []
    for result in results:
        passages = passages_of(result, request.passages)
        if result.status in (StepStatus.EMPTY, StepStatus.SKIPPED) and result.intent in done:
            continue
        finished = finished_paragraph(result, passages)
        if finished is not None:
            told.append(finished)
            continue
        lists = listed(result, passages, lengths)
        told += lists
        if result.notes:
            told.append(with_notes(Paragraph("", found=bool(lists)), result))
    return tuple(told)
