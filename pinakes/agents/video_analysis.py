"""Tells what is known of videos: length, form, scenes, text and speech by the second; and what it cannot know."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping

from pinakes.agents.analysis.extraction import Find, extract, within_dates
from pinakes.agents.analysis.figures import counted
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
from pinakes.agents.queries.orders import Order, Wanted, read_wish
from pinakes.agents.spec import AgentContext
from pinakes.agents.writing.marks import plain
from pinakes.core.files import FileRecord, MediaType
from pinakes.core.plans import StepResult, StepStatus, Task
from pinakes.tools.scope import files_of
from pinakes.tools.search import near_best, search_videos

UNSEEN = (
    "Pinakes cannot see what a video shows without a vision model; this is what is measured, read off its frames and "
    "said in its subtitles."
)
UNSEEN_NONE = "Pinakes cannot see what a video shows without a vision model."
UNHEARD = "Pinakes does not hear what is said in a video: without subtitles nothing is known of its sound."
_MOST_FINDS = 30
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
    job = Job(task, ctx, files, Citations(task))
    parts = await _parts(job)
    return result(
        task,
        StepStatus.OK if parts else StepStatus.EMPTY,
        text="\n\n".join(parts),
        file_ids=tuple(f.id for f in files),
        evidence=job.cited.evidence,
        notes=(note,) if note else (),
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
        elif not _ALL.search(task.step.intent):
            return (
                [],
                f"No video matches “{plain(chosen.topic)}”: say which one is meant, by its name. {UNSEEN_NONE}",
            )
    if len(files) <= MOST_VIDEOS:
        return files, ""
    return files[:MOST_VIDEOS], f"Only the first {MOST_VIDEOS} of {len(files)} videos are told of."


async def _parts(job: Job) -> list[str]:
    asked = asked_of(job.question)
    if wanted := _wanted(job.question):
        parts = [await _extracted(job, wanted)]
    elif Asked.COMPARISON in asked and len(job.files) > 1:
        parts = [await compared(job)]
    else:
        tellers = dict.fromkeys(_TELLERS[a] for a in asked if a in _TELLERS)
        parts = [await teller(job) for teller in tellers or {summary_told: None}]
    heard = await job.any_said()
    if Asked.EARS in asked or (Asked.SPEECH in asked and not heard and not wanted):
        parts.append(UNHEARD)
    measured = set(asked) - {Asked.EYES, Asked.EARS, Asked.COMPARISON}
    if (Asked.EYES in asked and Asked.EARS not in asked) or not (measured or wanted):
        parts.append(UNSEEN)
    return [part for part in dict.fromkeys(parts) if part]


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
