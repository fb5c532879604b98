"""Looking at the pictures of a step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from pinakes.agents.citing import Citations
from pinakes.agents.queries.aspects import Aspect
from pinakes.agents.seeing.deciding import wants_close_look
from pinakes.agents.seeing.facts import known_data
from pinakes.agents.seeing.faults import warn
from pinakes.agents.seeing.looking import Part, Sight, View, Way, look
from pinakes.agents.seeing.pictures import CLOSE, NORMAL, Closeness, picture_of
from pinakes.agents.seeing.telling import cite_picture, told
from pinakes.agents.spec import AgentContext
from pinakes.core.errors import ModelError
from pinakes.core.files import FileRecord
from pinakes.core.plans import Task
from pinakes.library.library import Library
from pinakes.ports.language_model import LanguageModel

COMPARED = 8
"""Pictures that are compared side by side in one call; of more, groups are."""


@dataclass(frozen=True)
class Shown:
    """What was seen in pictures: text with marks, the pictures that show what is asked for, and what to admit."""

    text: str
    files: tuple[FileRecord, ...]
    notes: tuple[str, ...]


async def seen_in(
    task: Task,
    ctx: AgentContext,
    model: LanguageModel,
    files: Sequence[FileRecord],
    aspects: Sequence[Aspect],
    cited: Citations,
) -> Shown | None:
    """Look at pictures for a step; None when the model failed, which has been told then."""
    comparing = Aspect.COMPARISON in aspects and len(files) > 1
    close = wants_close_look(task.step.intent, aspects, detailed=task.options.detailed_analysis)
    closeness = CLOSE if close else NORMAL
    looked = {f"P{n}": file for n, file in enumerate(files[: closeness.most], 1)}
    ctx.report(f"{model.name} looks at {len(looked)} picture{'' if len(looked) == 1 else 's'}")
    views = [_view(ctx.library, file, picture_id, closeness) for picture_id, file in looked.items()]
    way = (
        Way("compare_pictures", "compare_pictures", COMPARED)
        if comparing
        else Way("look", "look", closeness.batch)
    )
    try:
        sight = await look(model, task.step.intent, views, way)
    except ModelError as error:
        warn(
            f"The pictures were not looked at: {error.message} What is measured of them is told instead.",
            error,
        )
        return None
    if not sight.findings and not sight.answer:
        return None
    text = told(sight, lambda finding: cite_picture(cited, looked[finding.id], finding))
    fitting = tuple(looked[f.id] for f in sight.findings if f.fits) or tuple(looked.values())
    return Shown(text, fitting, _notes(sight, len(looked), len(files)))


def _view(library: Library, file: FileRecord, picture_id: str, closeness: Closeness) -> View:
    return View(picture_id, file.filename, partial(_parts, library, file, picture_id, closeness))


async def _parts(
    library: Library, file: FileRecord, picture_id: str, closeness: Closeness
) -> tuple[Part, ...]:
    picture = await picture_of(library, file, picture_id, closeness)
    return picture, f"Known of {picture_id}:", known_data(file, f"known-{picture_id}")


def _notes(sight: Sight, looked: int, meant: int) -> tuple[str, ...]:
    notes = []
    if meant > looked:
        notes.append(
            f"Only the first {looked} of {meant} pictures were looked at: ask about fewer at a time."
        )
    if sight.unread:
        notes.append(f"Not looked at, because they could not be opened: {', '.join(sight.unread[:5])}.")
    if sight.unseen and sight.error is not None:
        notes.append(f"{sight.unseen} of {looked} pictures were not looked at: {sight.error.message}")
        warn(notes[-1], sight.error)
    return tuple(notes)
