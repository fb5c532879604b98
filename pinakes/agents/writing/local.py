"""The writer that needs no model: it quotes the sentences that answer, and says what it counted."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable, Collection, Iterator, Sequence

from pinakes.agents.writing.candidates import scored_units
from pinakes.agents.writing.choosing import choose, choose_per_file
from pinakes.agents.writing.marks import marks_for, plain
from pinakes.agents.writing.paragraphs import (
    NOTHING,
    Paragraph,
    quoted,
    quoted_by_file,
)
from pinakes.agents.writing.questions import read_question, word_budget
from pinakes.agents.writing.telling import (
    FAILED,
    finished_paragraph,
    listed,
    passages_of,
    read_passages,
    telling,
    with_notes,
)
from pinakes.agents.writing.weights import FOUND_EVEN, FOUND_EVEN_LATIN, STRAY
from pinakes.core.chat import Answer, Counted, Passage, WriteRequest
from pinakes.core.files import MediaType
from pinakes.core.plans import StepResult, StepStatus, is_partial
from pinakes.library.languages import LATIN
from pinakes.library.requests import is_request, wants_files
from pinakes.ports.embedder import Embedder, TermEncoder

EMPTY = "The library is empty so far. Add files with “pinakes add PATH”, then ask again."


class LocalWriter:
    """Writes extractive answers; implements `ports.Writer`.

    Args:
        embedder: Compares sentences with the question.
        terms: Cuts both into terms.
        wordings: A domain's name and a question in, the question in other words of the domain out.
    """

    name = "local"

    def __init__(
        self,
        embedder: Embedder,
        terms: TermEncoder,
        wordings: Callable[[str, str], Sequence[str]] | None = None,
    ) -> None:
        self._embedder = embedder
        self._terms = terms
        self._wordings = wordings or (lambda domain, text: ())

    async def write(self, request: WriteRequest) -> AsyncIterator[str | Counted | Answer]:
        """Yield the answer word by word, a paragraph as soon as it is ready, and last the `Answer`."""
        written: list[Paragraph] = []
        content = ""
        async for paragraph in self._paragraphs(request):
            text = ("\n\n" if content else "") + paragraph.text
            if paragraph.refs:
                yield Counted(result_refs=dict(paragraph.refs))
            for word in _words(text):
                yield word
            content += text
            written.append(paragraph)
        yield _answer(content, written, request, self.name)

    async def _paragraphs(self, request: WriteRequest) -> AsyncIterator[Paragraph]:
        answered: set[str] = set()
        said: set[tuple[str, str]] = set()
        told: set[str] = set()
        named: dict[str, set[str]] = {}
        missing: list[tuple[StepResult, Paragraph]] = []
        for found in telling(request):
            result = _without(found, named.setdefault(found.intent, set()))
            paragraph = await self._paragraph(result, request, told)
            if not paragraph.found and result.status not in FAILED:
                missing.append((result, paragraph))
                continue
            if paragraph.found:
                answered.add(result.intent)
            quotes = {(c.evidence.file_id, c.evidence.quote) for c in paragraph.citations}
            if not quotes or quotes - said:
                said |= quotes
                told |= {c.sentence for c in paragraph.citations}
                named[found.intent] |= _whole_files(result)
                yield paragraph
        open_still = [(r, p) for r, p in missing if r.intent not in answered]
        for paragraph in _nothing(open_still, bool(answered), request):
            yield paragraph

    async def _paragraph(self, result: StepResult, request: WriteRequest, told: Collection[str]) -> Paragraph:
        passages = passages_of(result, request.passages)
        finished = finished_paragraph(result, passages)
        if finished is not None:
            return finished
        lengths = marks_for(p.evidence for p in request.passages)
        read = read_passages(result, passages)
        parts = [await self._extract(result, read, request, lengths, told)] if read else []
        parts += listed(result, passages, lengths)
        return with_notes(_joined(parts), result)

    async def _extract(
        self,
        result: StepResult,
        passages: Sequence[Passage],
        request: WriteRequest,
        lengths: dict[str, int],
        told: Collection[str],
    ) -> Paragraph:
        """Return the sentences that answer; where none do, those that answer the question in its field's words."""
        asked = result.intent or request.question
        read = _distinct(passages)
        for wording in (asked, *self._wordings(request.domain, asked)):
            paragraph = await self._quoted(wording, read, request, lengths, told)
            if paragraph.found:
                return paragraph
        return Paragraph("", found=False)

    async def _quoted(
        self,
        asked: str,
        read: Sequence[Passage],
        request: WriteRequest,
        lengths: dict[str, int],
        told: Collection[str],
    ) -> Paragraph:
        question = read_question(asked, self._terms)
        scored = await scored_units(question, read, self._embedder, self._terms)
        even = FOUND_EVEN_LATIN if question.trust == LATIN else FOUND_EVEN
        if not scored or max(s.found for s in scored[:3]) < even:
            return Paragraph("", found=False)
        scored = [s for s in scored if s.found >= STRAY * even]
        if wants_files(asked):
            return quoted_by_file(choose_per_file(scored, read, question), read, lengths)
        budget = word_budget(request.question, request.max_words)
        pieces = choose(scored, read, question, budget)
        fresh = [piece for piece in pieces if piece.text not in told]
        return quoted(fresh or pieces, read, lengths)


def _whole_files(result: StepResult) -> set[str]:
    """Return the files that a result names as such, where it only names files."""
    if result.agent == "image_search":
        return set(result.file_ids)
    return set() if any(e.chunk_id for e in result.evidence) else set(result.file_ids)


def _without(result: StepResult, named: Collection[str]) -> StepResult:
    """Return a list of files without those that an answer to the same words has named already, if others are left."""
    left = tuple(i for i in result.file_ids if i not in named)
    if result.text or result.table is not None or not named:
        return result
    if not _whole_files(result):
        return _without_shown(result, named)
    if not left:
        return result
    evidence = tuple(e for e in result.evidence if e.file_id not in named)
    return result.model_copy(update={"file_ids": left, "evidence": evidence})


def _without_shown(result: StepResult, named: Collection[str]) -> StepResult:
    """Return passages without those in pictures that were shown already, where showing was all that was asked."""
    left = tuple(e for e in result.evidence if e.media_type != MediaType.IMAGE or e.file_id not in named)
    if len(left) == len(result.evidence) or not is_request(result.intent):
        return result
    return result.model_copy(
        update={"evidence": left, "file_ids": tuple(dict.fromkeys(e.file_id for e in left))}
    )


def _distinct(passages: Sequence[Passage]) -> list[Passage]:
    kept: dict[str, Passage] = {}
    for passage in passages:
        kept.setdefault(passage.evidence.chunk_id or passage.evidence.id, passage)
    return [p for p in kept.values() if p.text.strip()]


def _joined(parts: Sequence[Paragraph]) -> Paragraph:
    """Return several paragraphs as one; parts that found nothing count only when no other did."""
    told = [p for p in parts if p.found]
    if not told:
        return Paragraph("", found=False)
    return Paragraph(
        "\n\n".join(p.text for p in told),
        tuple(c for p in told for c in p.citations),
        {k: v for p in told for k, v in p.refs.items()},
        tuple(dict.fromkeys(i for p in told for i in p.file_ids)),
        dropped=sum(p.dropped for p in parts),
    )


def _nothing(
    missing: Sequence[tuple[StepResult, Paragraph]], answered: bool, request: WriteRequest
) -> Iterator[Paragraph]:
    """Yield what to say of the steps that found nothing."""
    told = " ".join(dict.fromkeys(p.text for _, p in missing if p.text))
    saying = [(r, p) for r, p in missing if r.status is not StepStatus.SKIPPED]
    if request.library_empty and not answered and not told:
        yield Paragraph(EMPTY, found=False)
    elif answered:
        for result, paragraph in missing:
            asked = plain(result.intent).rstrip(".?! ")
            yield Paragraph(paragraph.text or f"Nothing in the library answers “{asked}”.", found=False)
    elif saying and all(result.text for result, _ in saying):  # each says itself what there is not
        yield Paragraph(" ".join(dict.fromkeys(p.text for _, p in saying)), found=False)
    elif missing or not request.results:
        yield Paragraph(f"{NOTHING} {told}".strip(), found=False)


def _answer(content: str, written: Sequence[Paragraph], request: WriteRequest, writer: str) -> Answer:
    told = [p for p in written if p.found]
    return Answer(
        content=content,
        citations=tuple(c for p in written for c in p.citations),
        result_refs={k: v for p in written for k, v in p.refs.items()},
        file_ids=tuple(dict.fromkeys(i for p in told for i in p.file_ids)),
        found=bool(told),
        partial=is_partial(request.results),
        dropped_marks=sum(p.dropped for p in written),
        writer=writer,
    )


def _words(text: str) -> Iterator[str]:
    """Yield a text in pieces of a word and what follows it; a mark is never cut."""
    yield from re.findall(r"\s*(?:\[\[[^\]]*\]\]|\S+?(?=\s|\[\[|$))\s*", text)
