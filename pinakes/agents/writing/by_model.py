"""The writer with a model: it puts what was found into words; what was counted or done is told as it is."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable

from pinakes.agents.writing.addresses import AddressFilter
from pinakes.agents.writing.briefing import Briefing
from pinakes.agents.writing.continuing import Overlap, continued
from pinakes.agents.writing.dividing import Parts, divided
from pinakes.agents.writing.drafting import Draft, closed, joined
from pinakes.agents.writing.lexicon import phrase_pattern
from pinakes.agents.writing.paragraphs import NOTHING
from pinakes.agents.writing.recalling import Memory
from pinakes.agents.writing.sources import Sources
from pinakes.agents.writing.translating import Translator
from pinakes.core.chat import Answer, Counted, WriteRequest
from pinakes.core.errors import BudgetExceededError, ContextTooLongError, ModelError, ModelOutputError
from pinakes.core.events import Warned
from pinakes.core.prompts import Prompt
from pinakes.core.usage import current_calls
from pinakes.ports.language_model import LanguageModel
from pinakes.ports.writer import Writer

_LONGEST_ANSWER = 60_000
"""Characters after which a model that does not stop is stopped."""

_log = logging.getLogger(__name__)


class ModelWriter:
    """Writes with a model, and without it where none is needed or it fails; implements `ports.Writer`.

    Args:
        model: Writes.
        local: Answers where there is nothing to put into words, and where the model fails.
        guidance: What a domain asks of an answer, by the domain's name.
    """

    def __init__(
        self, model: LanguageModel, local: Writer, guidance: Callable[[str], str] | None = None
    ) -> None:
        self._model = model
        self._local = local
        self._guidance = guidance or (lambda domain: "")
        self._memory = Memory(model)

    @property
    def name(self) -> str:
        """The model's name."""
        return self._model.name

    async def write(self, request: WriteRequest) -> AsyncIterator[str | Counted | Answer]:
        """Yield the answer as the model writes it, its ids turned into marks, and last the `Answer`."""
        parts = divided(request)
        if parts is None:
            pieces = self._local.write(request)
        else:
            pieces = self._written(request, parts)
        async with closed(pieces) as stream:
            async for piece in stream:
                yield piece

    async def _written(self, request: WriteRequest, parts: Parts) -> AsyncIterator[str | Counted | Answer]:
        draft = Draft()
        translator = Translator(Sources(parts.written, request.passages), _addresses(request))
        failed: ModelError | None = None
        try:
            async with closed(self._said(request, parts, translator)) as said:
                async for text in said:
                    for piece in draft.tell(() if draft.begun else parts.before):
                        yield piece
                    for piece in draft.say(text):
                        yield piece
            if not draft.begun:
                raise ModelOutputError(f"{self.name} gave an empty answer.")
        except ModelError as error:
            failed = error
        if failed is None:
            for piece in draft.tell(parts.after):
                yield piece
            _tell_removed(translator.removed)
            yield draft.answer(translator, request, self._answered_by())
            return
        async with closed(self._instead(request, parts, draft, translator, failed)) as rest:
            async for last in rest:
                yield last

    def _answered_by(self) -> str:
        """Return the model that wrote: where the first one failed, the one that was asked instead."""
        calls = current_calls()
        return (calls.meter.model_of(calls.node) if calls else None) or self.name

    async def _said(self, request: WriteRequest, parts: Parts, translator: Translator) -> AsyncIterator[str]:
        """Yield the model's words, translated; broken off, it is asked once to go on."""
        prompt = await self._prompt(request, parts, translator.sources)
        second: Prompt | None = None
        try:
            async with closed(self._streamed(prompt, translator)) as pieces:
                async for piece in pieces:
                    yield piece
        except ModelError as error:
            second = await self._second(error, prompt, request, parts, translator)
            if second is None:
                raise
        if second is not None:
            async with closed(self._streamed(second, translator)) as pieces:
                async for piece in pieces:
                    yield piece
        if last := translator.finish():
            yield last
        if translator.nothing and not translator.content:
            yield NOTHING

    async def _second(
        self, error: ModelError, prompt: Prompt, request: WriteRequest, parts: Parts, translator: Translator
    ) -> Prompt | None:
        """Return what to ask after a fault: for the rest, or the same with less to read; None when it is no use."""
        if translator.raw and error.retryable:
            _warn(f"{self.name} broke off and is asked to go on.", error)
            return continued(prompt, translator.raw)
        if isinstance(error, ContextTooLongError) and not translator.raw:
            return await self._prompt(request, parts, translator.sources, share=0.5)
        return None

    async def _prompt(
        self, request: WriteRequest, parts: Parts, sources: Sources, share: float = 1.0
    ) -> Prompt:
        guidance = self._guidance(request.domain)
        briefing = Briefing(request, parts, self._model, guidance, share)
        recalled = await self._memory.recall(request.conversation, briefing.conversation_room)
        brief = briefing.brief(sources, recalled)
        if brief.left_out:
            _log.info("the prompt has no room for %d of the passages", brief.left_out)
        return brief.prompt

    async def _streamed(self, prompt: Prompt, translator: Translator) -> AsyncIterator[str]:
        overlap = Overlap(translator.raw)
        async with closed(self._model.stream(prompt)) as pieces:
            async for piece in pieces:
                if text := translator.feed(overlap.without(piece)):
                    yield text
                if len(translator.raw) > _LONGEST_ANSWER:
                    _log.warning("the answer was stopped at %d characters", _LONGEST_ANSWER)
                    break
        if text := translator.feed(overlap.rest()):
            yield text

    async def _instead(
        self, request: WriteRequest, parts: Parts, draft: Draft, translator: Translator, error: ModelError
    ) -> AsyncIterator[str | Counted | Answer]:
        """Yield the local answer: alone, or after what the model had said before it broke off."""
        _warn(f"{self.name} could not write the answer; it was written without a model.", error)
        begun = draft.answer(translator, request, self.name) if draft.begun else None
        if begun is not None:
            line = f"\n\n({self.name} broke off here. What follows was written without a model.)\n\n"
            begun = begun.model_copy(update={"content": begun.content + line})
            request = request.model_copy(update={"results": parts.not_before(request)})
            yield line
        async with closed(self._local.write(request)) as pieces:
            async for piece in pieces:
                if not isinstance(piece, Answer):
                    yield piece
                elif begun is not None:
                    yield joined(begun, piece)
                else:
                    spent = isinstance(error, BudgetExceededError)
                    yield piece.model_copy(update={"partial": piece.partial or spent})


def _addresses(request: WriteRequest) -> AddressFilter:
    asks = phrase_pattern("asks", "address").search(request.question)
    return AddressFilter(
        saved=[passage.url for passage in request.passages if passage.url],
        said=request.question,
        names={passage.evidence.filename for passage in request.passages},
        shown="\n".join(passage.text for passage in request.passages) if asks else "",
    )


def _tell_removed(removed: int) -> None:
    if removed:
        what = "An address" if removed == 1 else f"{removed} addresses"
        _tell(Warned(message=f"{what} outside the library, in the model's words, had to be left out."))


def _warn(message: str, error: ModelError) -> None:
    _tell(Warned(message=message, details=error.to_dict()))


def _tell(event: Warned) -> None:
    calls = current_calls()
    if calls is None:
        _log.warning(event.message)
    else:
        calls.tell(event)
