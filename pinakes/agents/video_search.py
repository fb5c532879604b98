"""Finds videos by name, folder, tags and facts, and the moments in them by text read off frames and by subtitles."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from pinakes.agents.analysis.figures import counted
from pinakes.agents.citing import MOST_EVIDENCE, Citations, nothing, result
from pinakes.agents.moments.asking import Asked, asked_of
from pinakes.agents.moments.choosing import Chosen, choose, covers_name
from pinakes.agents.moments.job import Job
from pinakes.agents.moments.lines import Line, Source, cite_line, lines_of, scene_lines
from pinakes.agents.moments.telling import scenes_told
from pinakes.agents.naming import folder_meant
from pinakes.agents.spec import AgentContext
from pinakes.agents.writing.marks import plain
from pinakes.core.files import ChunkHit, FileFilter, FileRecord, MediaType
from pinakes.core.plans import StepResult, Task
from pinakes.ingestion.videos.words import length
from pinakes.tools.scope import files_of, narrowed
from pinakes.tools.search import near_best, search_videos

BLIND = (
    "Without a vision model Pinakes cannot see what videos show, and it does not hear them; it searched their names, "
    "folders, tags, facts, the text read off their frames, and their subtitles."
)
UNWATCHED = (
    "Videos are searched by their names, folders, tags, facts, the text read off their frames, and what is said in "
    "them as far as it is written down. Name a video to have it looked at."
)
MOST_LISTED = 200
_SHOWN = 12
_MOMENTS_EACH = 3
_REACH = 100
_FOUND = {Source.SEEN: "text in the picture", Source.SAID: "said", Source.MEASURED: "measured"}


async def run(task: Task, ctx: AgentContext) -> StepResult:
    """Find the videos and moments that the intent asks for."""
    ctx.report("Searching videos")
    chosen = await choose(task, ctx, MediaType.VIDEO)
    if chosen.unknown:
        return nothing(task, *chosen.unknown)
    if chosen.says:
        return await _saying(task, ctx, chosen)
    topic = " ".join(chosen.topic.split())
    if chosen.named and Asked.SCENES in asked_of(task.step.intent):
        return await _scenes(task, ctx, chosen)
    if not topic or (chosen.named and all(covers_name(topic, f) for f in chosen.named)):
        return await _listed(task, ctx, chosen)
    folder = folder_meant(topic, await ctx.library.catalog.folders())
    if folder and len(topic.split()) == 1:
        inside = narrowed(chosen.where, FileFilter(folder_path=folder))
        return await _listed(task, ctx, chosen, inside)
    return await _about(task, ctx, chosen, topic)


async def _listed(
    task: Task, ctx: AgentContext, chosen: Chosen, where: FileFilter | None = None
) -> StepResult:
    files = await files_of(ctx.library, where or chosen.where, order="filename", limit=MOST_LISTED)
    limits = ", ".join(chosen.words)
    if not files:
        return nothing(task, text=f"No video is {limits}." if limits else "There are no videos here.")
    cited = Citations(task)
    lines = [_file_line(cited, file, limits or "a video in the library") for file in files[:_SHOWN]]
    if len(files) > _SHOWN:
        lines.append(f"- … and {len(files) - _SHOWN} more")
    for file in files[_SHOWN:MOST_EVIDENCE]:
        cited.cite_file(file, why=limits)
    head = f"{counted(len(files), 'video')}{f' ({limits})' if limits else ''}:"
    ids = tuple(f.id for f in files)
    return result(task, text="\n".join([f"{head}\n", *lines]), file_ids=ids, evidence=cited.evidence)


async def _scenes(task: Task, ctx: AgentContext, chosen: Chosen) -> StepResult:
    """List the scenes of the videos that are named."""
    job = Job(task, ctx, chosen.named, Citations(task))
    text = await scenes_told(job)
    ids = tuple(f.id for f in chosen.named)
    return result(task, text=text, file_ids=ids, evidence=job.cited.evidence)


def _file_line(cited: Citations, file: FileRecord, why: str) -> str:
    told = [length(file.video.duration_s)] if file.video else []
    told += [f"“{plain(file.title)}”"] if file.title else []
    told += [f"in {plain(file.folder_path)}"] if file.folder_path else []
    return f"-{cited.mark(cited.cite_file(file, why=why))}{': ' if told else ''}{', '.join(told)}"


async def _saying(task: Task, ctx: AgentContext, chosen: Chosen) -> StepResult:
    """List the moments at which the words asked for are read or said."""
    cited = Citations(task)
    found: dict[str, list[str]] = {}
    for file in await files_of(ctx.library, chosen.where, order="filename"):
        lines = [line for line in await lines_of(ctx.library, file) if line.source is not Source.MEASURED]
        for line in lines:
            if any(_holds(line.text, said) for said in chosen.says):
                found.setdefault(file.id, []).append(_moment(cited, line))
    if not found:
        said = " or ".join(f"“{plain(s)}”" for s in chosen.says)
        return nothing(task, _blind(ctx), text=f"In no video {said} was read or said.")
    lines_told = [line for told in found.values() for line in told[: 2 * _MOMENTS_EACH]]
    return result(task, text="\n".join(lines_told), file_ids=tuple(found), evidence=cited.evidence)


def _holds(text: str, said: str) -> bool:
    return f" {_flat(said)} " in f" {_flat(text)} "


def _flat(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


async def _about(task: Task, ctx: AgentContext, chosen: Chosen, topic: str) -> StepResult:
    matches = near_best(await search_videos(ctx.library, topic, where=chosen.where, limit=_REACH))
    if not matches and chosen.named:
        return await _listed(task, ctx, chosen)
    if not matches:
        limits = f" {', '.join(chosen.words)}" if chosen.words else ""
        return nothing(task, _blind(ctx), text=f"No video{limits} matches “{plain(topic)}”.")
    cited = Citations(task)
    lines = [line for match in matches[:_SHOWN] for line in _told(cited, match.hits)]
    has = {word.casefold() for match in matches for hit in match.hits for word in hit.matched_terms}
    lacking = [w for w in dict.fromkeys(ctx.library.terms.words(topic).values()) if w.casefold() not in has]
    by_name = all(hit.chunk.kind == "facts" for match in matches for hit in match.hits)
    notes = [_limited(chosen), _missing(lacking) if has else "", _blind(ctx) if by_name else ""]
    return result(
        task,
        text="\n".join(lines),
        file_ids=tuple(match.file.id for match in matches),
        evidence=cited.evidence,
        notes=tuple(note for note in notes if note),
    )


def _told(cited: Citations, hits: Sequence[ChunkHit]) -> list[str]:
    """Tell of the moments of one video that match; of the video itself where only its name or facts do."""
    moments = [_moment(cited, line, hit) for hit in hits[:_MOMENTS_EACH] for line in _matching(hit)]
    if moments:
        return list(dict.fromkeys(moments))
    hit = hits[0]
    words = ", ".join(f"“{plain(w)}”" for w in hit.matched_terms[:4])
    why = f"its name or facts have {words}" if words else "close in meaning"
    mark = cited.mark(cited.cite_file(hit.file, why=why, score=hit.score))
    duration = f", {length(hit.file.video.duration_s)}" if hit.file.video else ""
    return [f"-{mark}: {why}{duration}"]


def _matching(hit: ChunkHit) -> list[Line]:
    """Return the lines of a scene that hold the words that matched; for a hit by meaning, its words if few."""
    if hit.chunk.kind != "scene":
        return []
    lines = list(scene_lines(hit.file, hit.chunk))
    words = {word.casefold() for word in hit.matched_terms}
    holding = [line for line in lines if words & set(_flat(line.text).split())]
    said = [line for line in lines if line.source is not Source.MEASURED]
    telling = [line for line in holding if line.source is not Source.MEASURED]
    return (telling or holding or said)[:2]


def _moment(cited: Citations, line: Line, hit: ChunkHit | None = None) -> str:
    words = ", ".join(f"“{w}”" for w in hit.matched_terms[:4]) if hit else ""
    why = f"{_FOUND[line.source]}{f', has {words}' if words else ''}"
    mark = cited.mark(cite_line(cited, line, why, hit.score if hit else 1.0))
    return f"-{mark}, {line.times}: “{plain(line.text)}” ({_FOUND[line.source]})"


def _blind(ctx: AgentContext) -> str:
    """Tell what videos are not searched by."""
    return BLIND if ctx.models.vision is None and ctx.models.transcriber is None else UNWATCHED


def _limited(chosen: Chosen) -> str:
    return f"Filtered by: {', '.join(chosen.words)}." if chosen.words else ""


def _missing(words: Iterable[str]) -> str:
    said = ", ".join(f"“{word}”" for word in words)
    return f"None of these has {said} in its name, facts, text or subtitles." if said else ""
