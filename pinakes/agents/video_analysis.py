"""Tells what is known of videos: length, form, scenes, text and speech by the second; with models, what is seen."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping

from pinakes.agents.analysis.extraction import Find, extract, within_dates
from pinakes.agents.analysis.figures import counted
from pinakes.agents.analysts.videos import speech_in_short
from pinakes.agents.citing import Citations, nothing, result
from pinakes.agents.moments.asking import Asked, asked_of
from pinakes.agents.moments.choosing import Chosen, choose
from pinakes.agents.moments.job import MOST_VIDEOS, Job
from pinakes.agents.moments.lines import Line
from pinakes.agents.moments.telling import (
    compared,
    date_told,
    duration_told,
    form_told,
    looks_told,
    motion_told,
    scenes_told,
    speech_told,
    summary_told,
    text_told,
)
from pinakes.agents.queries.found import pattern
from pinakes.agents.queries.orders import Order, Wanted, read_wish
from pinakes.agents.seeing.hearing import hear
from pinakes.agents.seeing.watching import Watched, watch
from pinakes.agents.spec import AgentContext
from pinakes.agents.writing.marks import plain
from pinakes.core.files import FileRecord, MediaType
from pinakes.core.options import TurnOptions
from pinakes.core.plans import StepResult, StepStatus, Task
from pinakes.ports.language_model import LanguageModel
from pinakes.tools.scope import files_of
from pinakes.tools.search import near_best, search_videos

UNSEEN = (
    "Pinakes cannot see what a video shows without a vision model; this is what is measured, read off its frames and "
    "said in its subtitles."
)
UNSEEN_NONE = "Pinakes cannot see what a video shows without a vision model."
UNHEARD = "Pinakes does not hear what is said in a video: without subtitles nothing is known of its sound."
SPEECH_ALONE = "A model wrote down what is said; of other sounds nothing is known."
NO_SPEECH = "A model listened and heard nobody speak."
_MOST_FINDS = 30
_FEW = 3
"""Videos that a model looks at to find out which one is meant."""

_ALL = re.compile(
    r"\b(?:all|every|each|both|these|those|them|videos|clips|recordings|two|three)\b", re.IGNORECASE
)


async def run(task: Task, ctx: AgentContext) -> StepResult:
    """Answer what the intent asks of videos."""
    if task.inputs and not any(step.file_ids for step in task.inputs):  # that step has said so already
        return nothing(task)
    chosen = await choose(task, ctx, MediaType.VIDEO)
    if chosen.unknown:
        return nothing(task, *chosen.unknown)
    files, note = await _files(task, ctx, chosen)
    if not files:
        return nothing(task, note)
    ctx.report(f"Looking at {counted(len(files), 'video')}")
    files, unheard = await _heard(task, ctx, files)
    job = Job(task, ctx, files, Citations(task))
    eyes = await _eyes(job)
    watched = await watch(job, eyes) if eyes is not None else None
    parts = await _parts(job, watched, task.options)
    if watched is None and _unseen(job.question) and (eyes is not None or ctx.models.vision is None):
        parts.append(UNSEEN)
    notes = (note, *unheard, *(watched.notes if watched else ()))
    return result(
        task,
        StepStatus.OK if parts else StepStatus.EMPTY,
        text="\n\n".join(parts),
        file_ids=tuple(f.id for f in files),
        evidence=job.cited.evidence,
        notes=tuple(n for n in notes if n),
    )


async def _heard(
    task: Task, ctx: AgentContext, files: list[FileRecord]
) -> tuple[list[FileRecord], tuple[str, ...]]:
    """Have the videos heard where the question is about what is said, or about all there is."""
    asked = set(asked_of(task.step.intent))
    about_words = asked & {Asked.SPEECH, Asked.EARS} or _wanted(task.step.intent) or not asked
    if ctx.models.transcriber is None or not about_words:
        return files, ()
    return await hear(ctx, ctx.models.transcriber, files)


async def _eyes(job: Job) -> LanguageModel | None:
    """Return the model that looks, where there is one and the question needs it."""
    asked = set(asked_of(job.question))
    if not _unseen(job.question) or (Asked.EARS in asked and Asked.EYES not in asked):
        return None
    if Asked.SPEECH in asked and not _SEEN.search(job.question) and await job.any_said():
        return None
    return job.ctx.models.vision


def _unseen(question: str) -> bool:
    """Tell whether a question asks for what is neither measured nor read nor said."""
    asked = set(asked_of(question))
    measured = asked - {Asked.EYES, Asked.EARS, Asked.COMPARISON}
    return (Asked.EYES in asked and Asked.EARS not in asked) or not (measured or _wanted(question))


_SEEN = pattern(
    r"shows?|shown|see|seen|visible|look\w*|wear\w*|faces?|people|persons?|describe|happen\w*|doing|objects?|colou?rs?"
)


async def _files(task: Task, ctx: AgentContext, chosen: Chosen) -> tuple[list[FileRecord], str]:
    """Return the videos meant, and what to tell about the choice."""
    if chosen.named:
        return list(chosen.named)[:MOST_VIDEOS], ""
    files = await files_of(ctx.library, chosen.where, order="filename")
    if not files:
        limits = ", ".join(chosen.words)
        return [], f"No video is {limits}." if limits else "There are no videos here."
    if len(files) > 1 and not chosen.referred and chosen.topic:
        matches = near_best(await search_videos(ctx.library, chosen.topic, where=chosen.where), 0.7)
        telling = [m.file for m in matches]
        if telling:
            files = telling if _ALL.search(task.step.intent) else telling[:1]
        elif not _ALL.search(task.step.intent) and (ctx.models.vision is None or len(files) > _FEW):
            return (
                [],
                f"No video matches “{plain(chosen.topic)}”: say which one is meant, by its name. {UNSEEN_NONE}",
            )
    if len(files) <= MOST_VIDEOS:
        return files, ""
    return files[:MOST_VIDEOS], f"Only the first {MOST_VIDEOS} of {len(files)} videos are told of."


async def _parts(job: Job, watched: Watched | None, options: TurnOptions) -> list[str]:
    asked = asked_of(job.question)
    wanted = _wanted(job.question)
    parts = [watched.text] if watched else []
    if wanted:
        parts.append(await _extracted(job, wanted))
    elif Asked.COMPARISON in asked and len(job.files) > 1:
        parts.append(await compared(job))
    else:
        tellers = dict.fromkeys(_TELLERS[a] for a in asked if a in _TELLERS)
        rest = {} if watched and Asked.EYES in asked else {summary_told: None}
        if {summary_told, speech_told} & {*(tellers or rest)}:
            parts.append(await speech_in_short(job, options))
        parts += [await teller(job) for teller in tellers or rest]
    heard = await job.any_said()
    if Asked.EARS in asked or (Asked.SPEECH in asked and not heard and not wanted):
        parts.append(_of_sound(job, heard))
    return [part for part in dict.fromkeys(parts) if part]


def _of_sound(job: Job, heard: bool) -> str:
    """Tell what is not known of the videos' sound."""
    if not all(file.transcript for file in job.files):
        return UNHEARD
    return SPEECH_ALONE if heard else NO_SPEECH


def _wanted(question: str) -> tuple[Wanted, ...]:
    """Return what is to be extracted by its form, where a question asks for that."""
    wish = read_wish(question)
    known = tuple(w for w in wish.wanted if w is not Wanted.TOTALS)
    return known if Order.EXTRACTION in wish.orders and _EXTRACTING.search(question) else ()


_EXTRACTING = re.compile(
    r"\b(?:extract\w*|list|pull|collect|gather|find\s+all|what\s+are|which)\b", re.IGNORECASE
)


async def _extracted(job: Job, wanted: tuple[Wanted, ...]) -> str:
    parts = []
    for kind in wanted:
        lines = {line.place: line for file in job.files for line in await job.words(file)}
        finds = extract(kind, [line.unit for line in lines.values()])
        if kind in {Wanted.DATES, Wanted.DEADLINES}:
            finds = within_dates(finds, job.question, job.ctx.now())
        told = [_find_line(job, find, lines) for find in finds[:_MOST_FINDS]]
        where = job.names()
        head = f"**{kind.value[:1].upper()}{kind.value[1:]}** in {where}:\n\n"
        missing = f"No {kind.value} were read off the frames or found in the subtitles of {where}."
        parts.append(head + "\n".join(told) if told else missing)
    return "\n\n".join(parts)


def _find_line(job: Job, find: Find, lines: Mapping[tuple[str, int], Line]) -> str:
    line = lines[find.unit.chunk.id, find.unit.start]
    return f"- **{plain(find.value)}**, {line.times}: “{plain(line.text)}”{job.mark(line, 'has the form asked for')}"


Teller = Callable[[Job], Awaitable[str]]

_TELLERS: dict[Asked, Teller] = {
    Asked.DURATION: duration_told,
    Asked.FORM: form_told,
    Asked.DATE: date_told,
    Asked.SCENES: scenes_told,
    Asked.TEXT: text_told,
    Asked.SPEECH: speech_told,
    Asked.LOOKS: looks_told,
    Asked.MOTION: motion_told,
}
