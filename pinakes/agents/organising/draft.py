"""A proposal in the making: its changes, what is said of them, and what was left alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from pinakes.agents.organising.request import Wishes
from pinakes.agents.spec import AgentContext
from pinakes.core.changes import ChangeAction
from pinakes.core.files import FileRecord, Folder
from pinakes.core.plans import Task
from pinakes.tools.changes import ChangeList

_NAMED = 5


@dataclass
class Draft:
    """What the requests of one step add to.

    Attributes:
        folders: The library's, as they are.
        last: The folder that was made or filled last: what "it" and "there" mean.
        lines: Sentences on what would be done; `refusals` on what cannot be.
    """

    task: Task
    ctx: AgentContext
    wishes: Wishes
    folders: Sequence[Folder]
    changes: ChangeList
    last: str = ""
    lines: list[str] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @classmethod
    async def begin(cls, task: Task, ctx: AgentContext, wishes: Wishes) -> Draft:
        """Return an empty draft on the library as it is."""
        folders = await ctx.library.catalog.folders()
        made = [
            c.folder_after for s in task.inputs for c in s.changes if c.action is ChangeAction.CREATE_FOLDER
        ]
        draft = cls(task, ctx, wishes, folders, ChangeList(f.path for f in folders))
        draft.last = next((path for path in reversed(made) if path), "")
        return draft

    def left(self, why: str, files: Iterable[FileRecord]) -> None:
        """Note files that were left alone."""
        named = list(files)
        if named:
            self.notes.append(f"Left alone, {why}: {listing(named)}.")


def listing(files: Sequence[FileRecord]) -> str:
    """Return the names of files, the first few of them when there are many."""
    names = ", ".join(f.filename for f in files[:_NAMED])
    return names if len(files) <= _NAMED else f"{names} and {len(files) - _NAMED} more"


def counted(count: int, noun: str = "file") -> str:
    """Return a number with its noun."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def shown(path: str) -> str:
    """Return a folder's path for people."""
    return f"“{path}”" if path else "the top of the library"
