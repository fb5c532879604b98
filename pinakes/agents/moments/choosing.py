"""Which videos or saved pages a question is about: given, pointed to, named, limited by its words, or all."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pinakes.agents.choosing import given, known_to, pointed_to, refers_back, settled
from pinakes.agents.moments.asking import duration_limits, spoken_of, without_kind, without_task
from pinakes.agents.naming import files_named
from pinakes.agents.queries.filters import Filters, read_filters
from pinakes.agents.queries.names import stem
from pinakes.agents.spec import AgentContext
from pinakes.core.files import FileFilter, FileRecord, FileStatus, MediaType
from pinakes.core.plans import Task
from pinakes.tools.scope import files_of, narrowed, scope_filter

_ADDRESS = re.compile(r"\b(?:https?://)?((?:[a-z0-9-]+\.)+[a-z]{2,})(?:/\S*)?", re.IGNORECASE)
_ON_SITE = r"(?:from|on|at|by|of|the)\s+(?:the\s+)?(?:site\s+|website\s+)?"
_USED = frozenset({"name", "folder", "tag", "date", "extension", "says", "size"})


@dataclass(frozen=True)
class Chosen:
    """Where to look.

    Attributes:
        where: The filter; `narrow` tells that it lets through only what the question limits or names.
        topic: What is asked about, without limits and without the words that name the kind.
        named: The files that the question names for sure.
        words: The limits in plain words; `unknown` says what is limited by and does not exist.
    """

    where: FileFilter
    topic: str = ""
    says: tuple[str, ...] = ()
    named: tuple[FileRecord, ...] = ()
    words: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    narrow: bool = False
    referred: bool = False


async def choose(task: Task, ctx: AgentContext, kind: MediaType) -> Chosen:
    """Return where a step looks among files of a kind."""
    scope = narrowed(
        await scope_filter(ctx.library, task.options, kind), FileFilter(status=FileStatus.COMPLETED)
    )
    intent = task.step.intent
    among: Sequence[FileRecord] = await given(task, ctx, scope, kind)
    if not among and refers_back(intent):
        among = await pointed_to(task, ctx, scope, kind)
    if among:
        scope = narrowed(scope, FileFilter(ids=tuple(f.id for f in among)))
    named = tuple(n.file for n in await files_named(intent, ctx, scope) if n.sure)
    left, scope, words, unknown = await _by_facts(unnamed(intent, named), ctx, scope, kind)
    plain = without_kind(without_task(left), kind)
    filters = read_filters(plain, await known_to(ctx), _USED)
    if unknown or filters.unknown:
        return Chosen(scope, unknown=(*unknown, *filters.unknown))
    where, filters = await settled(ctx, scope, filters)
    if named:
        where = narrowed(where, FileFilter(ids=tuple(f.id for f in named)))
    limited = bool(words or filters.limits)
    return Chosen(
        where,
        topic=filters.topic or ("" if limited else spoken_of(plain)),
        says=filters.says,
        named=named,
        words=(*words, *_outer(filters)),
        narrow=limited or bool(among) or bool(named),
        referred=bool(among),
    )


def _outer(filters: Filters) -> tuple[str, ...]:
    return tuple(w for w in filters.words if not w.startswith("showing the text"))


def unnamed(intent: str, named: Sequence[FileRecord]) -> str:
    """Return a question without the names it spells out."""
    for file in named:
        for name in (file.filename, file.title or "", re.sub(r"\.\w{1,5}$", "", file.filename)):
            spelled = r"[\W_]+".join(map(re.escape, re.findall(r"[^\W_]+", name)))
            intent = (
                re.sub(rf"(?<!\w){spelled}(?!\w)", " ", intent, flags=re.IGNORECASE) if spelled else intent
            )
    return intent


async def _by_facts(
    text: str, ctx: AgentContext, scope: FileFilter, kind: MediaType
) -> tuple[str, FileFilter, tuple[str, ...], tuple[str, ...]]:
    """Return what is left of a text, the scope narrowed by length or site, its words, and what is unknown."""
    if kind is MediaType.VIDEO:
        return await _by_length(text, ctx, scope)
    return await _by_site(text, ctx, scope)


async def _by_length(
    text: str, ctx: AgentContext, scope: FileFilter
) -> tuple[str, FileFilter, tuple[str, ...], tuple[str, ...]]:
    left, limits = duration_limits(text)
    if not limits:
        return text, scope, (), ()
    low = max((seconds for side, seconds, _ in limits if side == "min"), default=0.0)
    high = min((seconds for side, seconds, _ in limits if side == "max"), default=float("inf"))
    files = await files_of(ctx.library, scope)
    fitting = tuple(f.id for f in files if f.video and low <= f.video.duration_s <= high)
    return left, narrowed(scope, FileFilter(ids=fitting)), tuple(words for *_, words in limits), ()


async def _by_site(
    text: str, ctx: AgentContext, scope: FileFilter
) -> tuple[str, FileFilter, tuple[str, ...], tuple[str, ...]]:
    files = [f for f in await files_of(ctx.library, scope) if f.link is not None]
    if address := _ADDRESS.search(text):
        said = address[1].lower().removeprefix("www.")
        fitting = [f for f in files if f.link and f.link.domain and _within(f.link.domain, said)]
        exact = [f for f in fitting if f.link and f.link.url and address[0] in f.link.url]
        if not fitting:
            return text, scope, (), (f"No saved page is from {said}.",)
        return _limited(text, address, scope, exact or fitting, f"from {said}")
    for site in sorted({name for f in files for name in _site_names(f)}, key=len, reverse=True):
        spelled = r"[\W_]+".join(map(re.escape, site.split()))
        match = re.search(rf"\b{_ON_SITE}{spelled}\b", text, re.IGNORECASE)
        if match:
            fitting = [f for f in files if site in _site_names(f)]
            return _limited(text, match, scope, fitting, f"from {fitting[0].link.site or site}")  # type: ignore[union-attr]
    return text, scope, (), ()


def _limited(
    text: str, match: re.Match[str], scope: FileFilter, files: Sequence[FileRecord], words: str
) -> tuple[str, FileFilter, tuple[str, ...], tuple[str, ...]]:
    left = f"{text[: match.start()]} {text[match.end() :]}"
    return left, narrowed(scope, FileFilter(ids=tuple(f.id for f in files))), (words,), ()


def _within(domain: str, said: str) -> bool:
    return domain == said or domain.endswith(f".{said}")


def _site_names(file: FileRecord) -> set[str]:
    """Return the names that a page's site goes by: as it says, and its domain without what every domain has."""
    link = file.link
    if link is None:
        return set()
    names = {" ".join(re.findall(r"\w+", (link.site or "").casefold()))}
    parts = (link.domain or "").split(".")
    names |= {parts[-2]} if len(parts) > 1 and len(parts[-2]) > 2 else set()
    return {name for name in names if name}


def covers_name(topic: str, file: FileRecord) -> bool:
    """Tell whether a topic says nothing beyond a file's name and title."""
    named = {stem(w) for w in re.findall(r"[^\W_]+", f"{file.filename} {file.title or ''}".casefold())}
    return all(stem(w) in named for w in re.findall(r"[^\W_]+", topic.casefold()))
