"""Summarises, compares, extracts from and categorises saved pages, and tells who wrote them, where and when."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pinakes.agents.analysis.figures import day_words
from pinakes.agents.citing import Citations, name_of, nothing, result
from pinakes.agents.document_analysis import analysed
from pinakes.agents.finding_documents import Chosen
from pinakes.agents.moments.asking import without_kind, without_task
from pinakes.agents.moments.choosing import choose
from pinakes.agents.queries.filters import topic_of
from pinakes.agents.queries.found import pattern
from pinakes.agents.queries.names import stem
from pinakes.agents.queries.orders import Order, Wish, read_wish
from pinakes.agents.spec import AgentContext
from pinakes.agents.writing.marks import plain
from pinakes.core.files import FileRecord, LinkFacts, MediaType
from pinakes.core.patterns import LazyPattern
from pinakes.core.plans import StepResult, Task
from pinakes.tools.scope import files_of
from pinakes.tools.search import near_best, search_links

MOST_PAGES = 8
MOST_GROUPED = 300
_ALL = re.compile(r"\b(?:all|every|each|both|these|those|them|my|\w{3,}s)\b", re.IGNORECASE)
_STATED: dict[str, LazyPattern] = {
    "author": pattern(r"authors?|who\s+wrote|written\s+by|by\s+whom|writers?"),
    "site": pattern(
        r"(?:which|what|from\s+which)\s+(?:web\s*)?sites?|sites?\s+(?:is|are|of)|publishers?|domains?"
    ),
    "published": pattern(
        r"publi(?:shed|cation)(?:\s+dates?)?|when\s+(?:was|were)|how\s+old|dates?\s+of\s+the"
    ),
    "address": pattern(r"urls?|(?:web\s*)?address(?:es)?|where\s+is\s+the\s+link"),
    "keywords": pattern(r"key\s*words|tags?\s+of"),
}


async def run(task: Task, ctx: AgentContext) -> StepResult:
    """Do with saved pages what the intent orders."""
    if task.inputs and not any(step.file_ids for step in task.inputs):  # that step has said so already
        return nothing(task)
    wish = _wish(task.step.intent)
    stated = [name for name, said in _STATED.items() if said.search(task.step.intent)]
    chosen = await _chosen(task, ctx, wish, many=bool(stated) or wish.orders == (Order.CATEGORIES,))
    if stated and chosen.files:
        return _stated(task, chosen, stated)
    return await analysed(task, ctx, wish, chosen)


def _wish(question: str) -> Wish:
    """Return what is wished; "links" are what is asked about, not what is to be found in the text."""
    return read_wish(without_kind(question, MediaType.LINK))


async def _chosen(task: Task, ctx: AgentContext, wish: Wish, *, many: bool) -> Chosen:
    found = await choose(task, ctx, MediaType.LINK)
    if found.unknown:
        return Chosen([], note=found.unknown[0])
    files = list(found.named) or await files_of(ctx.library, found.where, order="-created_at")
    topic = topic_of(without_task(wish.topic_text))
    if not files:
        limits = ", ".join(found.words)
        return Chosen([], note=f"No saved page is {limits}." if limits else "There are no saved pages here.")
    if topic and not found.narrow and len(files) > 1:
        matches = near_best(await search_links(ctx.library, topic, where=found.where), 0.7)
        if not matches:
            return Chosen([], note=f"No saved page is about “{plain(topic)}”.")
        files = [m.file for m in matches] if _ALL.search(task.step.intent) else [matches[0].file]
    most = MOST_GROUPED if many else MOST_PAGES
    note = f"Only the first {most} of {len(files)} pages were read." if len(files) > most else ""
    return Chosen(files[:most], _beyond_names(topic, files), note)


def _beyond_names(topic: str, files: Sequence[FileRecord]) -> str:
    """Return the words of a topic that do not name the pages."""
    said = (f"{f.title or ''} {f.filename} {f.link.site or '' if f.link else ''}" for f in files)
    naming = {stem(w) for w in re.findall(r"[^\W_]+", " ".join(said).casefold())}
    return " ".join(w for w in topic.split() if stem(w.casefold()) not in naming)


def _stated(task: Task, chosen: Chosen, names: Sequence[str]) -> StepResult:
    """Tell what the pages state of themselves."""
    cited = Citations(task)
    lines = []
    for file in chosen.files:
        facts = file.link or LinkFacts()
        told = ", ".join(f"{name}: {_value(facts, name)}" for name in names)
        mark = cited.mark(cited.cite_file(file, why="what the page says of itself"))
        lines.append(f"- {plain(name_of(file))}: {told}{mark}")
    ids = tuple(f.id for f in chosen.files)
    notes = (chosen.note,) if chosen.note else ()
    return result(task, text="\n".join(lines), file_ids=ids, evidence=cited.evidence, notes=notes)


def _value(facts: LinkFacts, name: str) -> str:
    day = facts.published_at
    values = {
        "author": ", ".join(facts.authors),
        "site": f"{facts.site} ({facts.domain})"
        if facts.site and facts.domain
        else facts.site or facts.domain,
        "published": day_words(day) if day else "",
        "address": facts.url,
        "keywords": ", ".join(facts.keywords),
    }
    return plain(values[name] or "") or "not stated"
