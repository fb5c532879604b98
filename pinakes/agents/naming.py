"""Documents that a question names, looked up in the catalog."""

from __future__ import annotations

import re

from pinakes.agents.queries.filters import topic_of
from pinakes.agents.queries.names import NamedFile, named_files
from pinakes.agents.spec import AgentContext
from pinakes.core.files import FileFilter, FileRecord
from pinakes.tools.scope import files_of, narrowed

_ALL_UP_TO = 2000
"""Files whose names are compared one by one; larger libraries are asked by the words of the question."""

_MOST_NAMED = 5


async def documents_named(question: str, ctx: AgentContext, where: FileFilter) -> list[NamedFile]:
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
