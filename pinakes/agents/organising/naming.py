"""Names that tell what files say: a title, a caption or the first line, after the date if there is one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePosixPath

from pinakes.agents.organising.contents import Content, contents_of
from pinakes.agents.organising.draft import Draft, counted
from pinakes.agents.organising.excepting import select
from pinakes.agents.organising.papers import sender
from pinakes.agents.organising.refining import refined_files
from pinakes.agents.organising.request import Request
from pinakes.agents.organising.sorting import clean_name
from pinakes.core.files import FileFilter, FileRecord, MediaType
from pinakes.library.names import folded
from pinakes.tools.scope import files_of

_LONGEST = 60
_MOST_SHOWN = 5
_LETTERS = 4
"""Letters that a line needs to be words rather than what is left of a drawing or a dial."""


async def propose_speaking_names(request: Request, draft: Draft) -> None:
    """Propose a name for each file that is meant; what says nothing to be called by keeps its own."""
    chosen = await select(request.what, draft.task, draft.ctx)
    draft.left(f"as it is not sure that “{request.what}” means this", chosen.unsure)
    files = await refined_files(draft, chosen.files)
    if not files:
        draft.refusals.append(chosen.note or "Say which files are to be renamed.")
        return
    taken = await _taken(draft)
    silent, renamed = [], []
    for content in await contents_of(draft.ctx.library, files):
        said = _said(content)
        if not said:
            silent.append(content.file)
            continue
        taken.discard(_place(content.file, content.file.filename))
        name = _free(content.file, said, taken)
        taken.add(_place(content.file, name))
        draft.changes.rename(content.file, name, why="what it says")
        if name != content.file.filename and content.file.id not in draft.changes.protected:
            renamed.append(f"{content.file.filename} → {name}")
    draft.left("as they say nothing to be named by", silent)
    if renamed:
        more = f" and {len(renamed) - _MOST_SHOWN} more" if len(renamed) > _MOST_SHOWN else ""
        draft.lines.append(f"Rename {counted(len(renamed))}: {', '.join(renamed[:_MOST_SHOWN])}{more}.")
    else:
        draft.refusals.append("None of these files says anything that would make a better name.")


async def _taken(draft: Draft) -> set[str]:
    return {_place(f, f.filename) for f in await files_of(draft.ctx.library, FileFilter())}


def _place(file: FileRecord, name: str) -> str:
    return folded(f"{file.folder_path}/{name}")


def _said(content: Content) -> str:
    """Return a title in a few words, "" when there is none."""
    lines = _first_lines(content)
    candidates = (content.file.title or "", content.heading, sender(content), *lines)
    return next((name for line in candidates if (name := _title(line))), "")


def _first_lines(content: Content) -> Sequence[str]:
    facts = content.file.facts
    text = facts.visible_text if facts and content.file.media_type is MediaType.IMAGE else content.text
    return [line.strip() for line in (text or "").splitlines() if line.strip()][:3]


def _title(line: str) -> str:
    """Return a line as a name, cut at a word; "" where it is too few letters to be words."""
    name = clean_name(line) if line.strip() else ""
    if sum(c.isalpha() for c in name) < _LETTERS or not re.search(r"[^\W\d_]{3}|[\u3040-\u9fff]", name):
        return ""
    name = name if len(name) < _LONGEST else name.rsplit(" ", 1)[0]
    return name.capitalize() if name.isupper() and " " in name else name


def _free(file: FileRecord, said: str, taken: set[str]) -> str:
    """Return the name with date and ending, numbered where another file of its folder has it."""
    ending = PurePosixPath(file.filename).suffix
    moment = file.content_created_at
    base = f"{moment:%Y-%m-%d} {said}" if moment and not re.search(r"\b(?:19|20)\d\d\b", said) else said
    name, number = f"{base}{ending}", 1
    while _place(file, name) in taken:
        number += 1
        name = f"{base} {number}{ending}"
    return name
