"""The lines of a video: what was measured of each scene, read off its frames, and said in its subtitles."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from pinakes.agents.analysis.units import Unit
from pinakes.agents.citing import Citations
from pinakes.core.display import clock
from pinakes.core.evidence import Evidence
from pinakes.core.files import Chunk, FileRecord, Locator
from pinakes.ingestion.videos.words import SAID, SEEN
from pinakes.library.library import Library


class Source(StrEnum):
    """Where a line comes from."""

    MEASURED = "measured"
    SEEN = "seen"
    SAID = "said"


@dataclass(frozen=True)
class Line:
    """One line of a scene, characters `start` to `end` of its chunk, and when it is seen or heard."""

    file: FileRecord
    chunk: Chunk
    start: int
    end: int
    source: Source
    where: Locator

    @property
    def text(self) -> str:
        """The words."""
        return self.chunk.text[self.start : self.end]

    @property
    def place(self) -> tuple[str, int]:
        """Its chunk and where in it the line begins."""
        return self.chunk.id, self.start

    @property
    def unit(self) -> Unit:
        """The line as a sentence of a text."""
        return Unit(self.file, self.chunk, self.start, self.end, "line")

    @property
    def times(self) -> str:
        """From when to when, for people."""
        return times(self.where)


def times(where: Locator) -> str:
    """Return from when to when in minutes and seconds."""
    if where.start_s is None:
        return ""
    start, end = clock(where.start_s), clock(round(where.end_s or where.start_s))
    return start if start == end else f"{start}–{end}"


async def lines_of(library: Library, file: FileRecord) -> list[Line]:
    """Return the lines of a video in order; the lead of a scene in several chunks once."""
    chunks = await library.catalog.file_chunks(file.id)
    lines = [line for chunk in chunks if chunk.kind == "scene" for line in scene_lines(file, chunk)]
    return list({(line.source, line.text, line.where.start_s): line for line in lines}.values())


def scene_lines(file: FileRecord, chunk: Chunk) -> Iterator[Line]:
    """Yield the lines of a chunk of kind "scene"."""
    source = Source.MEASURED
    for span in chunk.spans:
        text = chunk.text[span.start : span.end]
        if text in _LEADS:
            source = _LEADS[text]
        else:
            yield Line(file, chunk, span.start, span.end, source, span.locator)


_LEADS = {SEEN: Source.SEEN, SAID: Source.SAID}


def cite_line(cited: Citations, line: Line, why: str, score: float = 1.0) -> Evidence:
    """Cite a line where it stands."""
    return cited.cite_chunk(line.file, line.chunk, line.start, line.end, why=why, score=score)


def spoken(lines: Sequence[Line]) -> list[Line]:
    """Return the lines that are said."""
    return [line for line in lines if line.source is Source.SAID]


def seen(lines: Sequence[Line]) -> list[Line]:
    """Return the lines read off the picture."""
    return [line for line in lines if line.source is Source.SEEN]
