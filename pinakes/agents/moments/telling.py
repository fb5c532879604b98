"""Videos in words: every line with its video, the moments with their seconds."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pinakes.agents.analysis.centrality import central_units
from pinakes.agents.analysis.units import shown
from pinakes.agents.analysis.vocabulary import content_stems
from pinakes.agents.moments.asking import spoken_of
from pinakes.agents.moments.choosing import unnamed
from pinakes.agents.moments.job import Job
from pinakes.agents.moments.lines import Line, Source, seen, spoken
from pinakes.agents.writing.marks import plain
from pinakes.core.files import FileRecord, VideoFacts
from pinakes.ingestion.videos.words import form, length

_MOST_SCENES = 12
_MOST_LINES = 25
_GIST = 5
_WHOLE_SPEECH = 40
"""Subtitles up to this many are told in full; of longer ones what stands for them, unless all is asked for."""


async def duration_told(job: Job) -> str:
    """Tell how long each video is, the longest first where there are several, and their sum."""
    known = sorted(_known(job), key=lambda pair: -pair[1].duration_s)
    lines = [
        f"{_title(file)} is **{length(v.duration_s)}** long.{job.mark_file(file, 'its length')}"
        for file, v in known
    ]
    if len(lines) < 2:
        return "".join(lines)
    total = sum(video.duration_s for _, video in known)
    return "\n".join(f"- {line}" for line in lines) + f"\n\nTogether **{length(total)}**."


async def form_told(job: Job) -> str:
    """Tell size, speed, format and sound."""
    lines = [f"{_title(f)}: {form(v)}.{job.mark_file(f, 'its form')}" for f, v in _known(job)]
    return _list(lines)


async def date_told(job: Job) -> str:
    """Tell when each was recorded, as its file says."""
    lines = []
    for file, video in _known(job):
        moment = video.recorded_at
        told = (
            f"was recorded on {moment.day} {moment:%B %Y at %H:%M}"
            if moment
            else "does not say when it was recorded"
        )
        lines.append(f"{_title(file)} {told}.{job.mark_file(file, 'its date')}")
    return _list(lines)


async def motion_told(job: Job) -> str:
    """Tell how much changes from frame to frame."""
    lines = []
    for file, video in _known(job):
        if video.motion is None:
            continue
        told = f"the picture changes by {video.motion:.1%} on average every quarter of a second"
        lines.append(f"{_title(file)}: {told}.{job.mark_file(file, 'measured movement')}")
    return _list(lines)


async def looks_told(job: Job) -> str:
    """Tell the measured colours and light of every scene."""
    parts = []
    for file in job.files:
        lines = [line for line in await job.lines(file) if line.source is Source.MEASURED]
        parts.append(_moments(job, file, lines[:_MOST_SCENES], "measured"))
    return "\n\n".join(parts)


async def scenes_told(job: Job) -> str:
    """Tell the scenes of every video with what was read and said in each."""
    return "\n\n".join([await _scenes(job, file) for file in job.files])


async def _scenes(job: Job, file: FileRecord) -> str:
    lines = await job.lines(file)
    leads = [line for line in lines if line.source is Source.MEASURED]
    told = []
    for lead in leads[:_MOST_SCENES]:
        inside = [line for line in lines if line.source is not Source.MEASURED and _within(line, lead)]
        words = "; ".join(f"“{plain(line.text)}”" for line in inside[:3])
        told.append(f"- {plain(lead.text)}{f' {words}' if words else ''}{job.mark(lead, 'a scene')}")
    if len(leads) > _MOST_SCENES:
        told.append(f"- … and {len(leads) - _MOST_SCENES} more scenes")
    count = f"{len(leads)} scenes" if len(leads) > 1 else "one scene, without a cut"
    return f"**{_title(file)}**, {_long(file)}, {count}:\n\n" + "\n".join(told)


def _within(line: Line, lead: Line) -> bool:
    start, end, at = lead.where.start_s or 0.0, lead.where.end_s or 0.0, line.where.start_s or 0.0
    return start <= at < end or (at >= end and line.chunk.id == lead.chunk.id)


async def text_told(job: Job) -> str:
    """Tell what was read off the frames, and when."""
    parts = []
    for file in job.files:
        lines = seen(await job.lines(file))
        if lines:
            parts.append(_moments(job, file, lines[:_MOST_LINES], "text in the picture", quoted=True))
        else:
            parts.append(
                f"No text was read in {_title(file)}.{job.mark_file(file, 'no text was read in it')}"
            )
    return "\n\n".join(parts)


async def speech_told(job: Job) -> str:
    """Tell what the subtitles say, and when; of long ones what stands for them."""
    parts = []
    for file in job.files:
        lines = spoken(await job.lines(file))
        if not lines:
            continue
        lines = _about(spoken_of(unnamed(job.question, job.files)), lines) or lines
        if len(lines) > _WHOLE_SPEECH and "transcri" not in job.question.lower():
            lines = await _gist(job, lines, 2 * _GIST)
        parts.append(_moments(job, file, lines, "said", quoted=True))
    missing = [file for file in job.files if not spoken(await job.lines(file))]
    parts += [_wordless(job, file) for file in missing]
    return "\n\n".join(parts)


def _wordless(job: Job, file: FileRecord) -> str:
    if file.transcript:
        return f"Nobody was heard speaking in {_title(file)}.{job.mark_file(file, 'nobody was heard')}"
    return f"{_title(file)} has no subtitles.{job.mark_file(file, 'no subtitles')}"


def _about(topic: str, lines: Sequence[Line]) -> list[Line]:
    """Return the lines that share a word with what is asked about."""
    asked = set(content_stems(topic))
    return [line for line in lines if asked & set(content_stems(line.text))]


async def summary_told(job: Job) -> str:
    """Tell in short what is known of every video."""
    return "\n\n".join([await _summary(job, file) for file in job.files])


async def _summary(job: Job, file: FileRecord) -> str:
    lines = await job.lines(file)
    scenes = len(file.video.scenes) if file.video else 0
    about = file.video.caption if file.video and file.video.caption else ""
    head = f"**{_title(file)}**, {_long(file)}, {scenes} scene{'' if scenes == 1 else 's'}: "
    head += f"{form(file.video)}.{job.mark_file(file, 'its facts')}" if file.video else ""
    words = [*seen(lines)[: 2 * _GIST], *(await _gist(job, spoken(lines), _GIST))]
    told = [
        f"- {_moment(job, line, quoted=True)}" for line in sorted(words, key=lambda w: w.where.start_s or 0.0)
    ]
    looks = [line for line in lines if line.source is Source.MEASURED]
    if not told:
        told = [f"- {plain(line.text)}{job.mark(line, 'measured')}" for line in looks[:_GIST]]
    return "\n".join([head, *([f"\n{plain(about)}"] if about else []), "", *told])


async def _gist(job: Job, lines: Sequence[Line], count: int) -> list[Line]:
    """Return the spoken lines that stand for all, in order."""
    if len(lines) <= count:
        return list(lines)
    by_place = {line.place: line for line in lines}
    units = await central_units([line.unit for line in lines], count, job.ctx.library.embedder)
    return [by_place[unit.chunk.id, unit.start] for unit in units]


async def compared(job: Job) -> str:
    """Tell the facts of several videos side by side, and the words that only one of them has."""
    known = _known(job)
    marks = [job.mark_file(file, "compared") for file, _ in known]
    rows = [f"- {name}: " + " · ".join(tell(video) for _, video in known) for name, tell in _COMPARED.items()]
    names = " · ".join(f"{plain(f.filename)}{mark}" for (f, _), mark in zip(known, marks, strict=True))
    parts = [f"{names}\n\n" + "\n".join(rows)]
    texts = {file.id: {line.text.casefold(): line for line in await job.words(file)} for file in job.files}
    for file in job.files:
        others = {text for other, lines in texts.items() if other != file.id for text in lines}
        own = [line for text, line in texts[file.id].items() if text not in others]
        if own:
            lines = "\n".join(f"- {_moment(job, line, quoted=True)}" for line in own[:_GIST])
            parts.append(f"Only {plain(file.filename)} has these words:\n\n{lines}")
    return "\n\n".join(parts)


_COMPARED: dict[str, Callable[[VideoFacts], str]] = {
    "length": lambda v: length(v.duration_s),
    "size": lambda v: f"{v.width} × {v.height}",
    "frames a second": lambda v: f"{v.fps:.4g}" if v.fps else "unknown",
    "format": lambda v: f"{v.codec} in {v.format}",
    "sound": lambda v: v.audio_codec or "none",
    "scenes": lambda v: str(len(v.scenes)),
    "recorded": lambda v: f"{v.recorded_at:%Y-%m-%d}" if v.recorded_at else "unknown",
    "movement": lambda v: f"{v.motion:.1%}" if v.motion is not None else "not measured",
}


def _moments(job: Job, file: FileRecord, lines: Sequence[Line], why: str, *, quoted: bool = False) -> str:
    told = "\n".join(f"- {_moment(job, line, quoted=quoted, why=why)}" for line in lines)
    return f"**{_title(file)}**, {_long(file)}:\n\n{told}"


def _moment(job: Job, line: Line, *, quoted: bool = False, why: str = "") -> str:
    sources = {Source.SEEN: "text in the picture", Source.SAID: "said", Source.MEASURED: "measured"}
    told = f"“{shown(line.text)}”" if quoted else plain(line.text)
    lead = f"{line.times} ({sources[line.source]}): " if quoted else ""
    return f"{lead}{told}{job.mark(line, why or sources[line.source])}"


def _known(job: Job) -> list[tuple[FileRecord, VideoFacts]]:
    return [(file, file.video) for file in job.files if file.video is not None]


def _title(file: FileRecord) -> str:
    return plain(f"{file.title} ({file.filename})" if file.title else file.filename)


def _long(file: FileRecord) -> str:
    return length(file.video.duration_s) if file.video else "length unknown"


def _list(lines: Sequence[str]) -> str:
    return lines[0] if len(lines) == 1 else "\n".join(f"- {line}" for line in lines)
