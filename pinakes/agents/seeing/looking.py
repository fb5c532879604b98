"""Putting pictures before a model: in batches, a few at once, split where one cannot be taken, joined at the end."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from pinakes.agents.prompts import prompt_text
from pinakes.agents.seeing.forms import Finding, LookForm, findings_of
from pinakes.core.errors import ContentFilteredError, ContextTooLongError, ModelError, PinakesError
from pinakes.core.prompts import Data, Picture, Prompt
from pinakes.ports.language_model import LanguageModel

AT_ONCE = 3
"""Calls of one step that run at once."""

Part = str | Data | Picture


@dataclass(frozen=True)
class View:
    """Something to look at, opened when its turn comes: `load` returns its parts of the prompt."""

    id: str
    name: str
    load: Callable[[], Awaitable[tuple[Part, ...]]]


@dataclass(frozen=True)
class Sight:
    """What was seen.

    Attributes:
        answer: Over all views, with `[id]` where it refers to one; may be empty.
        unread: Names of files that could not be opened.
        unseen: How many views the model was not able to look at, and why the last of them.
    """

    answer: str
    findings: tuple[Finding, ...]
    unread: tuple[str, ...] = ()
    unseen: int = 0
    error: ModelError | None = None


@dataclass(frozen=True)
class Way:
    """How to look: which prompt, for what task, how many views a call."""

    prompt: str
    task: str
    batch: int


async def look(model: LanguageModel, question: str, views: Sequence[View], way: Way) -> Sight:
    """Look at all views and return what bears on a question.

    Raises:
        ModelError: Not one of them could be looked at.
    """
    gate = asyncio.Semaphore(AT_ONCE)
    groups = [views[start : start + way.batch] for start in range(0, len(views), way.batch)]
    seen = await asyncio.gather(*(_guarded(gate, model, question, group, way) for group in groups))
    whole = _joined([sight for sights in seen for sight in sights])
    if whole.error is not None and not whole.findings and not whole.answer:
        raise whole.error
    calls = sum(bool(sight.findings or sight.answer) for sights in seen for sight in sights)
    return await _over_all(model, question, whole) if calls > 1 else whole


async def _guarded(
    gate: asyncio.Semaphore, model: LanguageModel, question: str, views: Sequence[View], way: Way
) -> list[Sight]:
    async with gate:
        parts, unread = await _loaded(views)
        shown = [view for view in views if view.id in parts]
        sights = await _seen(model, question, shown, parts, way) if shown else []
        return [*sights, Sight("", (), unread=tuple(unread))]


async def _loaded(views: Sequence[View]) -> tuple[dict[str, tuple[Part, ...]], list[str]]:
    parts: dict[str, tuple[Part, ...]] = {}
    unread: list[str] = []
    for view in views:
        try:
            parts[view.id] = await view.load()
        except PinakesError:
            unread.append(view.name)
    return parts, unread


async def _seen(
    model: LanguageModel,
    question: str,
    views: Sequence[View],
    parts: dict[str, tuple[Part, ...]],
    way: Way,
) -> list[Sight]:
    """Look at views in one call; where one of them is refused or they are too much, in halves."""
    try:
        return [await _call(model, question, views, parts, way)]
    except (ContextTooLongError, ContentFilteredError) as error:
        if len(views) == 1:
            return [Sight("", (), unseen=1, error=error)]
    except ModelError as error:
        return [Sight("", (), unseen=len(views), error=error)]
    half = len(views) // 2
    first = await _seen(model, question, views[:half], parts, way)
    return first + await _seen(model, question, views[half:], parts, way)


async def _call(
    model: LanguageModel,
    question: str,
    views: Sequence[View],
    parts: dict[str, tuple[Part, ...]],
    way: Way,
) -> Sight:
    shown = [part for view in views for part in parts[view.id]]
    prompt = Prompt(
        task=way.task, system=prompt_text(way.prompt), parts=(*shown, f"The question: {question}")
    )
    form = await model.fill(prompt, LookForm)
    return Sight(form.answer.strip(), tuple(findings_of(form.findings, [view.id for view in views])))


def _joined(sights: Sequence[Sight]) -> Sight:
    return Sight(
        answer="\n".join(sight.answer for sight in sights if sight.answer),
        findings=tuple(finding for sight in sights for finding in sight.findings),
        unread=tuple(name for sight in sights for name in sight.unread),
        unseen=sum(sight.unseen for sight in sights),
        error=next((sight.error for sight in sights if sight.error is not None), None),
    )


async def _over_all(model: LanguageModel, question: str, sight: Sight) -> Sight:
    """Answer over what several calls saw; when that fails, the findings speak for themselves."""
    told = [f"[{f.id}] {'' if f.fits else '(does not fit) '}{f.text}" for f in sight.findings]
    prompt = Prompt(
        task="look_together",
        system=prompt_text("look_together"),
        parts=(
            Data(id="seen", text="\n".join(told), source="what others saw"),
            f"Pictures not looked at: {sight.unseen + len(sight.unread)}.",
            f"The question: {question}",
        ),
    )
    try:
        answer = await model.complete(prompt)
    except ModelError:
        answer = ""
    return Sight(answer.strip(), sight.findings, sight.unread, sight.unseen, sight.error)
