"""A report's outline and the prose of its sections in a model's words, each sentence with its places."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial

from pinakes.agents.analysis.vocabulary import content_stems
from pinakes.agents.analysts.calling import tell_dropped, tell_way_down, together
from pinakes.agents.analysts.checking import Finding, Place, Sieve, tidied
from pinakes.agents.analysts.excerpts import Excerpt, numbered, packed, room, shown
from pinakes.agents.analysts.forms import Groups, Points
from pinakes.agents.prompts import prompt_text
from pinakes.agents.reporting.choosing import Quoted
from pinakes.core.errors import ModelError
from pinakes.core.prompts import Data, Prompt
from pinakes.ports.language_model import LanguageModel

Draft = tuple[str, list[Quoted]]
"""A heading, and the sentences that the section under it is to be written from."""

_LONGEST_HEADING = 60
_SUBJECT = "S"
_SENTENCE = 290
"""Characters of evidence that a sentence keeps, fewer than mark a quote that was cut."""


class ReportProse:
    """What a model writes of one report.

    Args:
        request: The request for the report, in the user's words.
        count: Sentences of a section at most.
        reader: A sentence on the reader's field, or "".
    """

    def __init__(self, model: LanguageModel, request: str, count: int, reader: str = "") -> None:
        self._model, self._request, self._count, self._reader = model, request, count, reader

    async def outlined(self, quoted: Sequence[Quoted], most: int) -> list[Draft]:
        """Return the sentences in at most so many sections, in reading order; [] where the local way is to be taken."""
        excerpts = _excerpts(quoted)
        words = prompt_text("outline", count=str(most), reader=self._reader)
        said = [" ".join(q.unit.text for q in quoted if q.unit.chunk.id == e.chunk.id) for e in excerpts]
        data = [
            Data(id=e.id, text=text, source=e.data(named=True).source)
            for e, text in zip(excerpts, said, strict=True)
        ]
        runs = packed(data, self._model, room(self._model, words, self._request))
        if len(data) < 2 or len(runs) > 1:
            return []
        try:
            prompt = Prompt(task="outline", system=words, parts=(self._request, *data))
            filled = await self._model.fill(prompt, Groups)
        except ModelError as error:
            tell_way_down("The report is outlined", error)
            return []
        return self._drafts(filled, excerpts, quoted)[:most]

    def _drafts(self, filled: Groups, excerpts: Sequence[Excerpt], quoted: Sequence[Quoted]) -> list[Draft]:
        """Return sections with known passages under headings in their words, each passage once."""
        chunk_of = {e.id: e.chunk for e in excerpts}
        taken: set[str] = set()
        drafts: list[Draft] = []
        for group in filled.groups:
            ids = dict.fromkeys(i.strip(" []()").upper() for i in group.ids)
            own = {chunk_of[i].id for i in ids if i in chunk_of} - taken
            members = [q for q in quoted if q.unit.chunk.id in own]
            heading = tidied(group.name)[:_LONGEST_HEADING].strip(" .:#*")
            if members and self._names(heading, members):
                taken |= own
                drafts.append((heading[:1].upper() + heading[1:], members))
        return drafts

    def _names(self, heading: str, members: Sequence[Quoted]) -> bool:
        """Return whether a heading has a word of its passages or of the request."""
        texts = [self._request, *(f"{q.unit.chunk.heading} {q.unit.chunk.text}" for q in members)]
        return bool(set(content_stems(heading)) & {s for text in texts for s in content_stems(text)})

    async def written(self, drafts: Sequence[Draft]) -> list[list[Finding]]:
        """Return the sentences of each section; [] for one that is to be told in its sources' own words."""
        dropped: list[str] = []
        replies = await together([partial(self._section, *draft, dropped) for draft in drafts])
        failed = [reply for reply in replies if isinstance(reply, ModelError)]
        if failed:
            tell_way_down(f"{len(failed)} of {len(replies)} sections of the report are written", failed[0])
        tell_dropped(dropped, model=self._model.name)
        return [[] if isinstance(reply, ModelError) else reply for reply in replies]

    async def _section(self, heading: str, quoted: Sequence[Quoted], dropped: list[str]) -> list[Finding]:
        words = prompt_text("report_section", count=str(self._count), reader=self._reader)
        excerpts = _excerpts(quoted)
        runs = packed(shown(excerpts), self._model, room(self._model, words, self._request, heading))
        excerpts = [excerpts[i] for i in runs[0]] if runs else []
        # The heading may be a model's, made of words of files.
        subject = Data(id=_SUBJECT, text=heading, source="subject of the section")
        parts = (self._request, subject, *shown(excerpts))
        filled = await self._model.fill(Prompt(task="report_section", system=words, parts=parts), Points)
        sieve = Sieve({e.id: e for e in excerpts}, f"{self._request} {heading}", dropped)
        found = [sieve.passed(p.text, p.sources) for p in filled.points[: self._count]]
        return [f for f in found if f is not None]


def _excerpts(quoted: Iterable[Quoted]) -> list[Excerpt]:
    chunks = {q.unit.chunk.id: (q.unit.file, q.unit.chunk) for q in quoted}
    return numbered(chunks.values())


def stretch(place: Place) -> tuple[int, int]:
    """Return where a place stands, short enough to be kept whole as evidence."""
    return place.start, min(place.end, place.start + _SENTENCE)
