"""Files and folders that a question names, looked up in the catalog."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pinakes.agents.queries.filters import topic_of
from pinakes.agents.queries.lexicon import NOUNS
from pinakes.agents.queries.names import NamedFile, named_files, stem
from pinakes.agents.spec import AgentContext
from pinakes.core.files import FileFilter, FileRecord, Folder
from pinakes.tools.scope import files_of, narrowed

_ALL_UP_TO = 2000
"""Files whose names are compared one by one; larger libraries are asked by the words of the question."""

_MOST_NAMED = 5
_PICTURE_NAME = re.compile(
    r"[\w()+-]+(?:\.[\w()+-]+)*\.(?:jpe?g|png|gif|webp|heic|heif|tiff?|bmp|avif)\b", re.IGNORECASE
)


def spelled_picture(text: str) -> str:
    """Return the first file name of a picture that a text spells out, "" without."""
    spelled = _PICTURE_NAME.search(text)
    return spelled[0] if spelled else ""


def no_such_picture(name: str) -> str:
    """Return how to say that no picture has a name."""
    return f"There is no picture called “{name}” here."


async def files_named(question: str, ctx: AgentContext, where: FileFilter) -> list[NamedFile]:
    """Return the few files within a filter that a question names; none when it names many."""
    files = await _candidates(question, ctx, where)
    named = named_files(question, files)
    return named if len(named) <= _MOST_NAMED or named[0].sure else []


async def _candidates(question: str, ctx: AgentContext, where: FileFilter) -> list[FileRecord]:
    page = await ctx.library.catalog.list_files(where, limit=1)
    if page.total <= _ALL_UP_TO:
        return await files_of(ctx.library, where)
    found: dict[str, FileRecord] = {}
    for word in dict.fromkeys(re.findall(r"[^\W_]{4,}", topic_of(question))):
        by_name = narrowed(where, FileFilter(name_contains=word))
        found |= {f.id: f for f in await files_of(ctx.library, by_name, limit=50)}
    return list(found.values())


def folder_meant(text: str, folders: Sequence[Folder], *, plural: bool = False) -> str:
    """Return the path of the folder whose name is said as a word of a text ("the invoices"), "" if none is."""
    form = r"[^\W\d_]{3,}s\b" if plural else r"[^\W\d_]{3,}"
    said = {stem(w.casefold()) for w in re.findall(form, text)}
    meant = (f.path for f in folders if stem(f.name.casefold()) in said and f.name.casefold() not in NOUNS)
    return next(meant, "")
