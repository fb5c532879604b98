"""Reads passages with a model: all at once where they fit, else section by section, the findings merged after."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Generic, TypeVar

from pydantic import BaseModel

from pinakes.agents.analysts.calling import tell_dropped, together, warn
from pinakes.agents.analysts.checking import Finding, Sieve
from pinakes.agents.analysts.excerpts import Excerpt, packed, room, shown
from pinakes.core.errors import BudgetExceededError, ContextTooLongError, ModelError
from pinakes.core.prompts import Data, Prompt
from pinakes.ports.language_model import LanguageModel

MOST_SECTIONS = 24
"""Calls for the sections of one step; of longer documents an even sample is read."""

Form = TypeVar("Form", bound=BaseModel)


@dataclass(frozen=True)
class Ask(Generic[Form]):
    """Instructions for reading passages, what is filled in, and how findings are taken from it."""

    words: str
    form: type[Form]
    take: Callable[[Form, Sieve], list[Finding]]


@dataclass(frozen=True)
class Merge(Generic[Form]):
    """The same for findings of sections, which are known by the ids that the model is shown."""

    words: str
    form: type[Form]
    take: Callable[[Form, Sieve, dict[str, Finding]], list[Finding]]


@dataclass(frozen=True)
class Way:
    """How one kind of request is put to a model: for all passages at once, for one section, for merging sections.

    Without `merge` the findings of all sections stand side by side.
    """

    whole: Ask[Any]
    part: Ask[Any]
    merge: Merge[Any] | None = None


@dataclass(frozen=True)
class Reading:
    """Findings that passed, in order, and what to tell of what was not read; `merged` unless they are as mapped."""

    findings: list[Finding]
    notes: list[str] = field(default_factory=list)
    merged: bool = True


class Reader:
    """A model that reads for one request.

    Args:
        request: What is asked, in the user's words; the planner's where it made them stand alone.
    """

    def __init__(self, model: LanguageModel, request: str) -> None:
        self.model, self.request = model, request

    def room(self, words: str) -> int:
        """Return how many tokens of passages fit into one call."""
        return room(self.model, words, self.request)

    async def read(self, way: Way, excerpts: Sequence[Excerpt]) -> Reading:
        """Return what bears on the request.

        Raises:
            ModelError: Not even one section could be read.
        """
        sieve = Sieve({e.id: e for e in excerpts}, self.request)
        try:
            return await self._read(way, excerpts, sieve)
        finally:
            tell_dropped(sieve.dropped, model=self.model.name)

    async def _read(self, way: Way, excerpts: Sequence[Excerpt], sieve: Sieve) -> Reading:
        runs = self._runs(excerpts, way.whole.words)
        if len(runs) > 1:
            return await self._by_sections(way, runs, sieve)
        try:
            return Reading(await self._asked("analyse", way.whole, excerpts, sieve))
        except ContextTooLongError:
            if len(excerpts) < 2:
                raise
            return await self._by_sections(way, _halves(excerpts), sieve)

    def _runs(self, excerpts: Sequence[Excerpt], words: str) -> list[list[Excerpt]]:
        places = packed(shown(excerpts), self.model, self.room(words))
        return [[excerpts[i] for i in run] for run in places]

    async def _asked(
        self, task: str, ask: Ask[Any], excerpts: Sequence[Excerpt], sieve: Sieve
    ) -> list[Finding]:
        filled = await self._filled(task, ask.words, shown(excerpts), ask.form)
        return ask.take(filled, sieve)

    async def _filled(self, task: str, words: str, data: Sequence[Data], form: type[Form]) -> Form:
        prompt = Prompt(task=task, system=words, parts=(self.request, *data))
        return await self.model.fill(prompt, form)

    async def _by_sections(self, way: Way, runs: list[list[Excerpt]], sieve: Sieve) -> Reading:
        step = max(1, -(-len(runs) // MOST_SECTIONS))
        chosen = runs[::step]
        replies = await together([partial(self._section, way.part, run, sieve) for run in chosen])
        mapped = [found for reply in replies if not isinstance(reply, ModelError) for found in reply]
        failed = [reply for reply in replies if isinstance(reply, ModelError)]
        if len(failed) == len(replies):
            raise failed[0]
        notes = [f"Of {len(runs)} sections every {_nth(step)} was read."] if step > 1 else []
        if failed:
            notes.append(_unread(len(failed), len(replies), failed[0]))
            warn(notes[-1], failed[0].to_dict())
        if way.merge is None or not mapped:
            return Reading(mapped, notes)
        if any(isinstance(error, BudgetExceededError) for error in failed):
            return Reading(mapped, notes, merged=False)
        return await self._merged(way.merge, mapped, sieve, notes)

    async def _section(self, ask: Ask[Any], run: Sequence[Excerpt], sieve: Sieve) -> list[Finding]:
        """Return a section's findings; one that is too long after all is read in halves."""
        try:
            return await self._asked("map_section", ask, run, sieve)
        except ContextTooLongError:
            if len(run) < 2:
                raise
            first, second = _halves(run)
            return [*await self._section(ask, first, sieve), *await self._section(ask, second, sieve)]

    async def _merged(
        self, merge: Merge[Any], mapped: list[Finding], sieve: Sieve, notes: list[str]
    ) -> Reading:
        """Return the findings of all sections as one; as they are where the model cannot be asked any more."""
        kept = self._fitting(mapped, merge.words)
        known = {f"P{n}": finding for n, finding in enumerate(kept, 1)}
        data = [_stated(key, finding) for key, finding in known.items()]
        try:
            filled = await self._filled("reduce", merge.words, data, merge.form)
        except ModelError as error:
            why = f"What the sections say could not be brought together: {error.message}"
            warn(why, error.to_dict())
            return Reading(mapped, [*notes, why], merged=False)
        found = merge.take(filled, sieve, known)
        return Reading(found or mapped, notes, merged=bool(found))

    def _fitting(self, mapped: list[Finding], words: str) -> list[Finding]:
        """Return the findings, thinned out evenly where one call cannot take them all."""
        data = [_stated(f"P{n}", finding) for n, finding in enumerate(mapped)]
        return mapped[:: max(1, len(packed(data, self.model, self.room(words))))]


def _stated(key: str, finding: Finding) -> Data:
    file = finding.places[0].excerpt.file
    return Data(id=key, text=finding.text, source=file.filename)


def _halves(excerpts: Sequence[Excerpt]) -> list[list[Excerpt]]:
    middle = len(excerpts) // 2
    return [list(excerpts[:middle]), list(excerpts[middle:])]


def _unread(failed: int, total: int, error: ModelError) -> str:
    return f"{failed} of {total} sections could not be read: {error.message}"


def _nth(step: int) -> str:
    return {2: "second", 3: "third"}.get(step, f"{step}th")
