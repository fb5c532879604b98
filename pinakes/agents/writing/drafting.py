"""An answer in the making: told paragraphs, a model's words, and what both stand on."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager
from re import Match
from typing import Any, TypeVar

from pinakes.agents.writing.paragraphs import Paragraph
from pinakes.agents.writing.sources import Cited
from pinakes.agents.writing.statements import statements, unsupported
from pinakes.agents.writing.translating import Translator
from pinakes.core.chat import Answer, Counted, WriteRequest
from pinakes.core.evidence import Citation
from pinakes.core.plans import is_partial

Piece = TypeVar("Piece")


class Draft:
    """Collects the pieces of an answer in the order in which they are sent.

    Attributes:
        content: What has been sent so far.
        begun: Whether the model has said anything yet.
    """

    def __init__(self) -> None:
        self.content = ""
        self.begun = False
        self._told: list[Paragraph] = []
        self._begin = self._end = 0

    def tell(self, paragraphs: Iterable[Paragraph]) -> Iterator[str | Counted]:
        """Add paragraphs as they are, and yield what is to be sent."""
        for paragraph in paragraphs:
            if not paragraph.text:
                continue
            if paragraph.refs:
                yield Counted(result_refs=dict(paragraph.refs))
            yield self._add(("\n\n" if self.content else "") + paragraph.text)
            self._told.append(paragraph)

    def say(self, text: str) -> Iterator[str]:
        """Add a piece of the model's words, and yield what is to be sent."""
        if not self.begun:
            self.begun = True
            if self.content:
                yield self._add("\n\n")
            self._begin = len(self.content)
        yield self._add(text)
        self._end = len(self.content)

    def answer(self, translator: Translator, request: WriteRequest, writer: str) -> Answer:
        """Return the answer that the draft has become."""
        citations = (*(c for p in self._told for c in p.citations), *self._citations(translator))
        files = (*(i for p in self._told if p.found for i in p.file_ids), *_files(translator.cited))
        return Answer(
            content=self.content,
            citations=citations,
            result_refs=self.refs,
            file_ids=tuple(dict.fromkeys(files)),
            found=not translator.nothing or any(p.found for p in self._told),
            partial=is_partial(request.results),
            dropped_marks=translator.dropped + sum(p.dropped for p in self._told),
            unsupported=self._unsupported(translator, request),
            writer=writer,
        )

    @property
    def refs(self) -> dict[str, Any]:
        """The members behind the counts that were told."""
        return {key: members for p in self._told for key, members in p.refs.items()}

    def _add(self, text: str) -> str:
        self.content += text
        return text

    def _unsupported(self, translator: Translator, request: WriteRequest) -> tuple[str, ...]:
        by_mark: dict[str, list[str]] = {}
        for cited in translator.cited:
            by_mark.setdefault(cited.mark, []).append(translator.text_of(cited))

        def source_of(mark: Match[str]) -> str | None:
            return "\n".join(dict.fromkeys(by_mark.get(mark.group(), ()))) or None

        known = "\n".join([request.question, *dict.fromkeys(map(_place, translator.cited))])
        return unsupported(self.content, self._begin, self._end, source_of, known)

    def _citations(self, translator: Translator) -> list[Citation]:
        waiting = list(translator.cited)
        found: dict[tuple[str, str, str], Citation] = {}
        for statement in statements(self.content):
            for mark in statement.marks:
                if not self._begin <= mark.start() < self._end:
                    continue
                cited = next((c for c in waiting if c.mark == mark.group()), None)
                if cited is None:
                    continue
                waiting.remove(cited)
                citation = Citation(
                    mark=cited.mark, evidence=cited.evidence, sentence=statement.words(self.content)
                )
                found.setdefault((cited.mark, cited.evidence.quote, citation.sentence), citation)
        left = [Citation(mark=c.mark, evidence=c.evidence) for c in waiting]
        return [*found.values(), *left]


def joined(draft: Answer, rest: Answer) -> Answer:
    """Return an answer that was broken off together with the one that follows it."""
    return draft.model_copy(
        update={
            "content": draft.content + rest.content,
            "citations": (*draft.citations, *rest.citations),
            "result_refs": draft.result_refs | rest.result_refs,
            "file_ids": tuple(dict.fromkeys((*draft.file_ids, *rest.file_ids))),
            "found": draft.found or rest.found,
            "partial": True,
            "dropped_marks": draft.dropped_marks + rest.dropped_marks,
        }
    )


@asynccontextmanager
async def closed(pieces: AsyncIterator[Piece]) -> AsyncIterator[AsyncIterator[Piece]]:
    """Give a stream that ends when its reader does."""
    try:
        yield pieces
    finally:
        if (close := getattr(pieces, "aclose", None)) is not None:
            await close()


def _place(cited: Cited) -> str:
    """Return what a source is called and where in it the evidence stands, which an answer may name."""
    evidence = cited.evidence
    page = f" p. {evidence.locator.page}" if evidence.locator.page else ""
    return f"{evidence.filename}{page}"


def _files(cited: Iterable[Cited]) -> Iterator[str]:
    return (c.evidence.file_id for c in cited)
