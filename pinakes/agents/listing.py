"""Lists of files in words: all that pass a filter, the oldest and newest, the share that passes."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pinakes.agents.analysis.figures import counted, day_words, noun_of
from pinakes.agents.citing import Citations
from pinakes.agents.writing.marks import plain
from pinakes.core.files import AnalyticsQuery, FileFilter, FileRecord, FileStatus
from pinakes.library.library import Library
from pinakes.tools.files import count_files
from pinakes.tools.scope import files_of

MOST_LISTED = 500
_SHOWN = 20
_WHOLE = frozenset({"library", "all", "total", "here", "everything"})


async def listed(
    library: Library,
    where: FileFilter,
    words: Sequence[str],
    cited: Citations,
    *,
    dated: bool = False,
    order: str = "filename",
    limit: int | None = None,
) -> tuple[str, tuple[str, ...]]:
    """Return the files that pass a filter as a list, failed ones with their reason, and their ids.

    Args:
        dated: Also tell when the content of each was made.
        order: A field of FileRecord, "-" first for descending.
        limit: How many were asked for; the heading still tells how many there are.
    """
    page = await library.catalog.list_files(where, limit=1)
    files = await files_of(library, where, order=order, limit=min(limit or MOST_LISTED, MOST_LISTED))
    limits = f" {', '.join(words)}" if words else ""
    noun = noun_of(where.media_types)
    if not files:
        return f"No {noun}{limits}.", ()
    why = ", ".join(words)
    dated = dated or order.endswith("content_created_at")
    lines = [f"-{cited.mark(cited.cite_file(f, why=why))}{_told(f, dated)}" for f in files[:_SHOWN]]
    if len(files) < page.total and limit:
        heading = f"{len(files)} of {counted(page.total, noun)}{limits}"
    else:
        heading = f"{counted(page.total, noun)}{limits}"
        if page.total > _SHOWN:
            lines.append(f"- … and {page.total - _SHOWN} more")
    return f"{heading}:\n\n" + "\n".join(lines), tuple(f.id for f in files)


def _told(file: FileRecord, dated: bool) -> str:
    told = [f"in {plain(file.folder_path)}"] if file.folder_path else []
    if dated:
        told.append(_moment(file) or "without a date")
    if file.status is FileStatus.FAILED and file.failure:
        told.append(plain(file.failure.message))
    return f" — {', '.join(told)}" if told else ""


def _moment(file: FileRecord) -> str:
    moment = file.content_created_at
    return f"{moment.day} {moment:%B %Y, %H:%M:%S}" if moment else ""


async def folders_told(library: Library, inside: str) -> str:
    """Return how many folders there are, in all or below one, and how many of them hold files."""
    folders = await library.catalog.folders()
    if inside and inside.casefold() not in _WHOLE:
        tops = [f.path for f in folders if inside.casefold() in (f.path.casefold(), f.name.casefold())]
        if len(tops) != 1:
            return f"There {'are several folders' if tops else 'is no folder'} called “{inside}”."
        folders, inside = [f for f in folders if f.path.startswith(f"{tops[0]}/")], tops[0]
    else:
        inside = ""
    where = f" in {plain(inside)}" if inside else ""
    if not folders:
        return f"There are no folders{where}."
    direct = {f.folder_path for f in await files_of(library, FileFilter())}
    holding = sum(f.path in direct for f in folders)
    are, hold = ("is" if len(folders) == 1 else "are"), ("holds" if holding == 1 else "hold")
    rest = len(folders) - holding
    more = f", {rest} only other folders or nothing" if rest else ""
    return f"There {are} **{counted(len(folders), 'folder')}**{where}; {holding} {hold} files{more}."


def asks_when(question: str) -> bool:
    """Tell whether a question asks for dates."""
    return re.search(r"\b(?:when|what\s+(?:date|day|time)|wann)\b", question, re.IGNORECASE) is not None


async def oldest_and_newest(
    library: Library, where: FileFilter, which: str, count: int, cited: Citations
) -> tuple[str, tuple[str, ...]]:
    """Return the oldest or newest files by the date of their content, and their ids."""
    noun, lines, ids = noun_of(where.media_types), [], []
    for word in which.split():
        files = await _dated(library, where, count, descending=word == "newest")
        if files:
            named = "; ".join(f"{_dated_words(f)}{cited.mark(cited.cite_file(f, why=word))}" for f in files)
            lines.append(f"The {word} {noun if len(files) == 1 else noun + 's'}: {named}.")
            ids += [f.id for f in files]
    return " ".join(lines) or f"No {noun} has a date.", tuple(dict.fromkeys(ids))


async def _dated(library: Library, where: FileFilter, count: int, *, descending: bool) -> list[FileRecord]:
    """Return the first files by date; those without one have no place in the order."""
    order = "-content_created_at" if descending else "content_created_at"
    files = await files_of(library, where, order=order)
    return [f for f in files if f.content_created_at is not None][:count]


def _dated_words(file: FileRecord) -> str:
    moment = file.content_created_at
    return f"{file.filename}, {day_words(moment)}" if moment else file.filename


async def shared(
    library: Library, among: FileFilter, where: FileFilter, words: Sequence[str]
) -> tuple[str, tuple[str, ...]]:
    """Return how many files of all those in question pass a filter, as a number and a share."""
    part = await count_files(library, AnalyticsQuery(filter=where))
    whole = await count_files(library, AnalyticsQuery(filter=among))
    share = part.total / whole.total if whole.total else 0.0
    what = counted(whole.total, noun_of(among.media_types))
    limits = f" {', '.join(words)}" if words else ""
    ids = tuple(i for row in part.rows for i in row.file_ids)
    return f"{part.total:,.0f} of {what}{limits}: **{share:.0%}**.", ids
