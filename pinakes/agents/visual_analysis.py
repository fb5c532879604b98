"""Looks at pictures with a model that sees, or tells what is measured and read in them: text, light, likeness."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from pinakes.agents import image_search
from pinakes.agents.analysis.groups import groups_told
from pinakes.agents.analysis.likeness import compared, copies_of, duplicates_told, original_told
from pinakes.agents.analysis.looks import darkness_told, sharpness_told
from pinakes.agents.analysis.picture_facts import described, facts_told, text_told
from pinakes.agents.citing import Citations, nothing, result
from pinakes.agents.picking import Picked, pick_pictures, pointed_pictures
from pinakes.agents.queries.aspects import Aspect, aspects_of
from pinakes.agents.seeing.albums import Shown, seen_in
from pinakes.agents.seeing.deciding import MEASURED, needs_eyes
from pinakes.agents.seeing.pictures import NORMAL
from pinakes.agents.spec import AgentContext
from pinakes.core.files import FileRecord, FileStatus, MediaType
from pinakes.core.plans import StepResult, StepStatus, Task
from pinakes.ports.language_model import LanguageModel
from pinakes.tools.scope import files_of, scope_filter

UNSEEN = (
    "Pinakes cannot see what a picture shows without a vision model; this is what is measured and read in it."
)
UNSEEN_NONE = "Pinakes cannot see what a picture shows without a vision model."
SEEN_BEFORE = "No model looked at the pictures now; what they show is what one said of them before."


_CHOOSING = re.compile(
    r"\W*(?:which|how\s+many|only|welche|wie\s*viele)\s+(?:\w+\s+)?(?:of|von|der)\b", re.IGNORECASE
)


@dataclass(frozen=True)
class Told:
    """What was found out about pictures: text with marks, and the pictures it singles out (None: all of them)."""

    text: str
    files: tuple[FileRecord, ...] | None = None


async def run(task: Task, ctx: AgentContext) -> StepResult:
    """Answer what the intent asks of pictures: by looking, and from measurements and text read off them."""
    aspects = aspects_of(task.step.intent)
    if task.inputs and not any(step.file_ids for step in task.inputs):  # that step has said so already
        return nothing(task)
    if not aspects and _CHOOSING.match(task.step.intent) and (shown := await pointed_pictures(task, ctx)):
        return await image_search.run(_among(task, shown), ctx)
    eyes = ctx.models.vision if needs_eyes(task.step.intent, aspects) else None
    picked = await pick_pictures(task, ctx, aspects)
    if eyes is not None:
        seen = await _seen(task, ctx, eyes, picked, aspects)
        if seen is not None:
            return seen
    return await _measured(task, ctx, picked, aspects)


def _among(task: Task, files: Sequence[FileRecord]) -> Task:
    """Return the task of finding those of some pictures that pass the limits it names."""
    given = result(task, file_ids=tuple(f.id for f in files))
    return task.model_copy(update={"inputs": (given,)})


async def _seen(
    task: Task, ctx: AgentContext, eyes: LanguageModel, picked: Picked, aspects: tuple[Aspect, ...]
) -> StepResult | None:
    """Look at the pictures; those that a measurement singles out where one is asked for as well. None: not possible."""
    cited = Citations(task)
    files = [] if picked.unknown else picked.files or await _few_there_are(task, ctx) or picked.among
    checks = tuple(a for a in aspects if a in MEASURED and a in _SINGLING) if picked.files else ()
    told = await _told(task, ctx, picked, checks, cited) if checks else []
    chosen = [f for t in told if t.files is not None for f in t.files]
    if checks and not chosen:
        return None
    shown = await seen_in(task, ctx, eyes, chosen or files, aspects, cited) if files else None
    if shown is None:
        return None
    return _shown(task, [t.text for t in told], shown, cited, picked.note if picked.files else "")


def _shown(task: Task, told: Sequence[str], shown: Shown, cited: Citations, note: str) -> StepResult:
    return result(
        task,
        text="\n\n".join(part for part in (*told, shown.text) if part),
        file_ids=tuple(dict.fromkeys(f.id for f in shown.files)),
        evidence=cited.evidence,
        notes=tuple(n for n in (note, *shown.notes) if n),
    )


async def _few_there_are(task: Task, ctx: AgentContext) -> list[FileRecord]:
    """Return all pictures that the step may look at where these are few: eyes find what words did not."""
    scope = await scope_filter(ctx.library, task.options, MediaType.IMAGE)
    where = scope.model_copy(update={"status": FileStatus.COMPLETED})
    files = await files_of(ctx.library, where, order="content_created_at", limit=NORMAL.most + 1)
    return files if len(files) <= NORMAL.most else []


async def _measured(task: Task, ctx: AgentContext, picked: Picked, aspects: tuple[Aspect, ...]) -> StepResult:
    """Answer from measurements and text read off the pictures alone."""
    if not picked.files:
        return nothing(task, UNSEEN_NONE if _needs_eyes(aspects) else "", text=picked.note)
    if picked.guessed and Aspect.SEEING in aspects and not set(aspects) & set(_TELLERS):
        return nothing(task, UNSEEN_NONE)
    ctx.report(f"Looking at {len(picked.files)} picture{'s' if len(picked.files) > 1 else ''}")
    cited = Citations(task)
    told = await _told(task, ctx, picked, aspects, cited)
    chosen = [f for t in told if t.files is not None for f in t.files]
    files = chosen or ([] if all(t.files is not None for t in told) else picked.files)
    parts = [t.text for t in told if t.text]
    if _needs_eyes(aspects):
        parts.append(SEEN_BEFORE if any(f.description and f.description.text for f in files) else UNSEEN)
    return result(
        task,
        StepStatus.OK if parts else StepStatus.EMPTY,
        text="\n\n".join(parts),
        file_ids=tuple(dict.fromkeys(f.id for f in files)),
        evidence=cited.evidence,
        notes=(picked.note,) if picked.note else (),
    )


async def _told(
    task: Task, ctx: AgentContext, picked: Picked, aspects: tuple[Aspect, ...], cited: Citations
) -> list[Told]:
    tellers = dict.fromkeys(teller for aspect in aspects if (teller := _TELLERS.get(aspect)))
    if not tellers or list(tellers) == [_tell_text]:
        legible = any(f.facts and f.facts.visible_text.strip() for f in picked.files)
        tellers = dict.fromkeys([_tell_text if legible else _tell_description])
    if Aspect.COMPARISON in aspects and len(picked.files) > 1:  # it tells all the facts already
        tellers = dict.fromkeys(t for t in tellers if t in {_tell_comparison, _tell_duplicates})
    if _tell_description in tellers:  # it tells all the facts
        tellers.pop(_tell_facts, None)
    told = [await teller(task, ctx, picked, cited) for teller in tellers]
    return [t for t in told if t.text]


def _needs_eyes(aspects: tuple[Aspect, ...]) -> bool:
    measured = {a for a in aspects if a in _TELLERS and a not in {Aspect.DESCRIPTION, Aspect.GROUPS}}
    return Aspect.SEEING in aspects or not measured


Teller = Callable[[Task, AgentContext, Picked, Citations], Awaitable[Told]]


async def _tell_groups(task: Task, ctx: AgentContext, picked: Picked, cited: Citations) -> Told:
    return Told(*await groups_told(picked.files, ctx.library.embedder, cited))


async def _tell_duplicates(task: Task, ctx: AgentContext, picked: Picked, cited: Citations) -> Told:
    return Told(*await duplicates_told(picked.files, picked.among, cited))


async def _tell_original(task: Task, ctx: AgentContext, picked: Picked, cited: Citations) -> Told:
    files = picked.files if len(picked.files) > 1 else copies_of(picked.files[0], picked.among)
    return Told(*original_told(files, cited))


async def _tell_comparison(task: Task, ctx: AgentContext, picked: Picked, cited: Citations) -> Told:
    return Told(compared(picked.files, cited))


async def _tell_sharpness(task: Task, ctx: AgentContext, picked: Picked, cited: Citations) -> Told:
    return Told(*sharpness_told(task.step.intent, picked.files, cited))


async def _tell_darkness(task: Task, ctx: AgentContext, picked: Picked, cited: Citations) -> Told:
    return Told(*darkness_told(task.step.intent, picked.files, cited))


async def _tell_facts(task: Task, ctx: AgentContext, picked: Picked, cited: Citations) -> Told:
    return Told(facts_told(picked.files, aspects_of(task.step.intent), cited))


async def _tell_text(task: Task, ctx: AgentContext, picked: Picked, cited: Citations) -> Told:
    return Told(await text_told(task.step.intent, picked.files, ctx.library, cited))


async def _tell_description(task: Task, ctx: AgentContext, picked: Picked, cited: Citations) -> Told:
    return Told(described(picked.files, cited))


_TELLERS: dict[Aspect, Teller] = {
    Aspect.GROUPS: _tell_groups,
    Aspect.DUPLICATES: _tell_duplicates,
    Aspect.ORIGINAL: _tell_original,
    Aspect.COMPARISON: _tell_comparison,
    Aspect.BLURRED: _tell_sharpness,
    Aspect.SHARP: _tell_sharpness,
    Aspect.DARK: _tell_darkness,
    Aspect.BRIGHT: _tell_darkness,
    Aspect.COLOURS: _tell_facts,
    Aspect.TIME: _tell_facts,
    Aspect.PLACE: _tell_facts,
    Aspect.CAMERA: _tell_facts,
    Aspect.SIZE: _tell_facts,
    Aspect.TURNED: _tell_facts,
    Aspect.TEXT: _tell_text,
    Aspect.DESCRIPTION: _tell_description,
}

_SINGLING = frozenset(
    {Aspect.DUPLICATES, Aspect.ORIGINAL, Aspect.BLURRED, Aspect.SHARP, Aspect.DARK, Aspect.BRIGHT}
)
"""Measurements that single pictures out: what is asked beyond them is asked of those."""
