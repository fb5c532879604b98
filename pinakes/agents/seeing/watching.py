"""Looking at the key frames of videos, each with its time and what is said around it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from pinakes.agents.moments.job import Job
from pinakes.agents.moments.lines import Line, Source
from pinakes.agents.queries.aspects import aspects_of
from pinakes.agents.seeing.deciding import wants_close_look
from pinakes.agents.seeing.faults import warn
from pinakes.agents.seeing.forms import Finding
from pinakes.agents.seeing.looking import Part, Sight, View, Way, look
from pinakes.agents.seeing.pictures import CLOSE, NORMAL, Closeness, frame_of
from pinakes.agents.seeing.telling import cite_frame, told
from pinakes.core.display import clock
from pinakes.core.errors import ModelError
from pinakes.core.files import FileRecord, VideoFacts
from pinakes.core.prompts import Data
from pinakes.ports.language_model import LanguageModel

_EVERY_S = 8.0
"""Seconds of a scene that one frame stands for, where there is room for more than its key frame."""

_CLOCK = re.compile(r"\b(?:(\d{1,2}):)?(\d{1,3}):(\d{2})\b|\bseconds?\s+(\d{1,5})\b", re.IGNORECASE)
_LONGEST_WORDS = 600


@dataclass(frozen=True)
class Moment:
    """A frame at a second, and the stretch it stands for."""

    file: FileRecord
    at: float
    start: float
    end: float


@dataclass(frozen=True)
class Watched:
    """What was seen in videos, with marks, and what to admit."""

    text: str
    notes: tuple[str, ...] = ()


async def watch(job: Job, model: LanguageModel) -> Watched | None:
    """Look at the frames of a step's videos; None when the model failed, which has been told then."""
    detailed = job.task.options.detailed_analysis
    close = wants_close_look(job.question, aspects_of(job.question), detailed=detailed)
    closeness = CLOSE if close else NORMAL
    each = max(2, closeness.most // len(job.files))
    moments = [moment for file in job.files for moment in moments_of(file, each, job.question)]
    shown = {f"T{n}": moment for n, moment in enumerate(moments, 1)}
    job.ctx.report(f"{model.name} looks at {len(shown)} frame{'' if len(shown) == 1 else 's'}")
    views = [_view(job, moment, frame_id, closeness) for frame_id, moment in shown.items()]
    try:
        sight = await look(model, job.question, views, Way("watch", "watch", closeness.batch))
    except ModelError as error:
        warn(f"The video was not looked at: {error.message} What is measured of it is told instead.", error)
        return None
    if not sight.findings and not sight.answer:
        return None
    lead = {frame_id: clock(moment.at) for frame_id, moment in shown.items()}

    def cite(finding: Finding) -> str:
        moment = shown[finding.id]
        return cite_frame(job.cited, moment.file, finding, moment.at, max(moment.at, moment.end))

    return Watched(told(sight, cite, lead=lead), _notes(sight, len(shown)))


def _notes(sight: Sight, shown: int) -> tuple[str, ...]:
    frames = "One frame was" if shown == 1 else f"{shown} frames were"
    notes = [f"{frames} looked at, not what happens between them."]
    notes += [f"{len(sight.unread)} of them could not be decoded."] if sight.unread else []
    if sight.unseen and sight.error is not None:
        notes.append(f"{sight.unseen} of them were not seen: {sight.error.message}")
        warn(notes[-1], sight.error)
    return tuple(notes)


def moments_of(file: FileRecord, most: int, question: str = "") -> list[Moment]:
    """Return at most so many moments of a video: those the question names, key frames, and others in long scenes."""
    if file.video is None:
        return []
    named = [Moment(file, at, at, at) for at in _named(question, file.video)][:most]
    spread = list(_spread(file, file.video))
    room = max(0, most - len(named))
    if len(spread) > room:
        spread = [spread[(2 * n + 1) * len(spread) // (2 * room)] for n in range(room)]
    return sorted([*named, *spread], key=lambda moment: moment.at)


def _spread(file: FileRecord, video: VideoFacts) -> Iterator[Moment]:
    for scene in video.scenes:
        parts = max(1, int((scene.end_s - scene.start_s) // _EVERY_S))
        step = (scene.end_s - scene.start_s) / parts
        for n in range(parts):
            start = scene.start_s + n * step
            holds_key = start <= scene.key_s <= start + step
            at = scene.key_s if holds_key else start + step / 2
            yield Moment(file, round(at, 3), round(start, 3), round(start + step, 3))


def _named(question: str, video: VideoFacts) -> Iterator[float]:
    """Yield the seconds that a question names ("at 1:20"), where the video is that long."""
    for match in _CLOCK.finditer(question):
        hours, minutes, seconds, alone = match.groups()
        at = float(alone) if alone else int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds)
        if at <= video.duration_s:
            yield float(at)


def _view(job: Job, moment: Moment, frame_id: str, closeness: Closeness) -> View:
    name = f"{moment.file.filename} at {clock(moment.at)}"
    return View(frame_id, name, partial(_parts, job, moment, frame_id, closeness))


async def _parts(job: Job, moment: Moment, frame_id: str, closeness: Closeness) -> tuple[Part, ...]:
    frame = await frame_of(job.ctx.library, moment.file, moment.at, frame_id, closeness)
    number = job.files.index(moment.file) + 1
    return (
        frame,
        f"{frame_id} is at {clock(moment.at)} of video {number}. Known of it:",
        Data(id=f"known-{frame_id}", text=await _known(job, moment), source="measured and recorded"),
    )


async def _known(job: Job, moment: Moment) -> str:
    words = [line for line in await job.words(moment.file) if _around(line, moment)]
    lines = [f"File name: {moment.file.filename}"]
    for source, name in ((Source.SEEN, "Text read by OCR"), (Source.SAID, "Said")):
        said = " / ".join(line.text for line in words if line.source is source)[:_LONGEST_WORDS]
        lines += [f"{name}: {said}"] if said else []
    return "\n".join(lines)


def _around(line: Line, moment: Moment) -> bool:
    start = line.where.start_s or 0.0
    return start <= moment.end and (line.where.end_s or start) >= moment.start
