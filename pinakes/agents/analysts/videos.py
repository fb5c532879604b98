"""What is said in videos in a model's words, each line with its second."""

from __future__ import annotations

from pinakes.agents.analysts import ways
from pinakes.agents.analysts.calling import field_words, tell_way_down
from pinakes.agents.analysts.excerpts import Excerpt, numbered
from pinakes.agents.analysts.placing import marks_of
from pinakes.agents.analysts.reading import Reader
from pinakes.agents.moments.job import Job
from pinakes.agents.moments.lines import spoken
from pinakes.core.errors import ModelError
from pinakes.core.options import TurnOptions

_LITTLE = 8
"""Spoken lines up to which they speak for themselves."""

_COUNT = 6
_WHY = "says so"


async def speech_in_short(job: Job, options: TurnOptions) -> str:
    """Return findings on what the videos say; "" without an analyst, where little is said, or when it fails.

    The lines themselves, as they were said, are told by others beside it, whatever becomes of this.
    """
    model = job.ctx.models.analyst
    excerpts = await _spoken(job) if model is not None else []
    if model is None or not excerpts:
        return ""
    reader = Reader(model, job.question)
    way = ways.summary(_COUNT, field_words(options), each=len(job.files) > 1)
    try:
        reading = await reader.read(way, excerpts)
    except ModelError as error:
        tell_way_down("What is said in the videos is told", error)
        return ""
    lines = [f"- {f.text}{marks_of(f, job.cited, _WHY)}" for f in reading.findings]
    told = "**What is said, in short**\n\n" + "\n".join(lines) if lines else ""
    return "\n\n".join(part for part in (told, *reading.notes) if part) if told else ""


async def _spoken(job: Job) -> list[Excerpt]:
    """Return the scenes in which somebody speaks, where there is much speech."""
    lines = [line for file in job.files for line in spoken(await job.lines(file))]
    if len(lines) <= _LITTLE:
        return []
    scenes = {line.chunk.id: (line.file, line.chunk) for line in lines}
    return numbered(scenes.values())
