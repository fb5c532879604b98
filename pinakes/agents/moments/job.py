"""One step's videos, their lines read at first use, and what is cited of them."""

from __future__ import annotations

from collections.abc import Sequence

from pinakes.agents.analysis.figures import counted
from pinakes.agents.citing import Citations
from pinakes.agents.moments.lines import Line, Source, cite_line, lines_of
from pinakes.agents.spec import AgentContext
from pinakes.core.files import FileRecord
from pinakes.core.plans import Task

MOST_VIDEOS = 8


class Job:
    """What tellers work with."""

    def __init__(self, task: Task, ctx: AgentContext, files: Sequence[FileRecord], cited: Citations) -> None:
        self.task, self.ctx, self.files, self.cited = task, ctx, list(files), cited
        self.question = task.step.intent
        self._lines: dict[str, list[Line]] = {}

    async def lines(self, file: FileRecord) -> list[Line]:
        """Return the lines of a video in order."""
        if file.id not in self._lines:
            self._lines[file.id] = await lines_of(self.ctx.library, file)
        return self._lines[file.id]

    async def words(self, file: FileRecord) -> list[Line]:
        """Return the lines that were read or said."""
        return [line for line in await self.lines(file) if line.source is not Source.MEASURED]

    async def any_said(self) -> bool:
        """Tell whether any of the videos has subtitles that say something."""
        for file in self.files:
            if any(line.source is Source.SAID for line in await self.lines(file)):
                return True
        return False

    def mark(self, line: Line, why: str) -> str:
        """Cite a line and return its mark."""
        return self.cited.mark(cite_line(self.cited, line, why))

    def mark_file(self, file: FileRecord, why: str) -> str:
        """Cite a video as a whole and return its mark."""
        return self.cited.mark(self.cited.cite_file(file, why=why))

    def names(self) -> str:
        """Return the name of the one video, or how many there are."""
        return self.files[0].filename if len(self.files) == 1 else counted(len(self.files), "video")
