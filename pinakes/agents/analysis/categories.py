"""Documents grouped by what they are about, each group named by words of its own documents."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pinakes.agents.analysis.closeness import vectors_of
from pinakes.agents.analysis.figures import counted, noun_of
from pinakes.agents.analysis.job import Job
from pinakes.agents.analysis.vocabulary import content_stems, key_terms
from pinakes.agents.choosing import filters_of, given, pointed_to, refers_back, settled
from pinakes.agents.finding_documents import Chosen, choose_documents
from pinakes.agents.queries.filters import topic_of
from pinakes.agents.queries.lexicon import NOUNS
from pinakes.agents.queries.orders import Wish
from pinakes.agents.spec import AgentContext
from pinakes.agents.writing.marks import plain
from pinakes.core.files import Chunk, FileFilter, FileRecord, FileStatus, MediaType
from pinakes.core.plans import Task
from pinakes.tools.scope import files_of, narrowed, scope_filter

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Matrix = npt.NDArray[np.float32]

MOST_CATEGORISED = 300
_ALIKE = 0.34
"""Mean cosine from which two groups are one."""

_FINER = (0.45, 0.55, 0.65)
_WORTH_PARTING = 4

_READ = 600
"""Characters of a document that it is judged by."""

_OWN = frozenset({"my", "our", "library", "collection", "topic", "topics", "subject", "theme", "content"})
_NAME_TERMS = 3
_NAMES_SHOWN = 8
_MOST_SHOWN = 20


@dataclass(frozen=True)
class Category:
    """Documents about one thing, and the words that tell them from the others."""

    files: list[FileRecord]
    terms: list[str]


async def to_categorise(task: Task, ctx: AgentContext, wish: Wish) -> Chosen:
    """Return the documents to group: those given, named or filtered; without such words all of them."""
    scope = await scope_filter(ctx.library, task.options, MediaType.DOCUMENT)
    scope = narrowed(scope, FileFilter(status=FileStatus.COMPLETED))
    filters = await filters_of(task, ctx)
    topic = [w for w in topic_of(wish.topic_text).casefold().split() if w not in NOUNS | _OWN]
    if refers_back(task.step.intent) or topic:
        found = await given(task, ctx, scope, MediaType.DOCUMENT)
        if found:
            return Chosen(found[:MOST_CATEGORISED])
        chosen = await choose_documents(task, ctx, wish)
        shown = [] if chosen.files else await pointed_to(task, ctx, scope, MediaType.DOCUMENT)
        return Chosen(shown[:MOST_CATEGORISED]) if shown else chosen
    where, _ = await settled(ctx, scope, filters)
    files = await files_of(ctx.library, where, order="filename", limit=MOST_CATEGORISED)
    return Chosen(files, note="" if files else "There are no documents to group.")


async def categories(job: Job) -> str:
    """Tell the groups, the largest first, with their members; documents like no other come last."""
    texts = [gist(file, await job.chunks(file)) for file in job.files]
    vectors = await vectors_of(texts, job.ctx.library.embedder)
    groups = await asyncio.to_thread(parted, vectors)
    found = await asyncio.to_thread(_named, job.files, texts, groups)
    shared = [c for c in found if len(c.files) > 1]
    return told_categories(job, shared, [c.files[0] for c in found if len(c.files) == 1])


def parted(vectors: Matrix) -> list[list[int]]:
    """Return rows in groups; documents of one subject are parted by what is finer, for one group groups nothing."""
    groups = grouped(vectors)
    for alike in _FINER if len(vectors) >= _WORTH_PARTING else ():
        if len(groups) > 1:
            break
        groups = grouped(vectors, alike)
    return groups


def told_categories(job: Job, shared: Sequence[Category], single: Sequence[FileRecord]) -> str:
    """Tell groups of documents, and those that are like no other."""
    lines = [_line(job, category) for category in shared[:_MOST_SHOWN]]
    if len(shared) > _MOST_SHOWN:
        lines.append(f"- … and {len(shared) - _MOST_SHOWN} smaller groups")
    if single:
        lines.append(f"- **Like no other** ({len(single)}): {_members(job, single)}")
    noun = noun_of([job.files[0].media_type])
    head = f"{counted(len(job.files), noun)} in {counted(len(shared), 'group')} by what their text is about:"
    return f"{head}\n\n" + "\n".join(lines)


def grouped(vectors: Matrix, alike: float = _ALIKE) -> list[list[int]]:
    """Return rows in groups by average linkage: the two most alike groups are joined while they are alike."""
    import numpy as np

    groups = [[i] for i in range(len(vectors))]
    sums = vectors.astype(np.float64).copy()
    while len(groups) > 1:
        sizes = np.array([len(g) for g in groups], dtype=np.float64)
        mean = (sums @ sums.T) / np.outer(sizes, sizes)
        np.fill_diagonal(mean, -1.0)
        a, b = sorted(int(x) for x in np.unravel_index(int(mean.argmax()), mean.shape))
        if mean[a, b] < alike:
            break
        groups[a] += groups.pop(b)
        sums[a] += sums[b]
        sums = np.delete(sums, b, axis=0)
    return groups


def gist(file: FileRecord, chunks: Sequence[Chunk]) -> str:
    """Return what a document is judged by: its title and pieces from its beginning, middle and end."""
    telling = [c for c in chunks if c.kind != "facts" and c.text.strip()]
    places = sorted({0, len(telling) // 2, len(telling) - 1}) if telling else []
    share = _READ // max(1, len(places))
    title = file.title if file.title and file.title != file.filename else ""
    return "\n".join([title or "", *(telling[i].text[:share] for i in places)]).strip() or file.filename


def _named(files: Sequence[FileRecord], texts: Sequence[str], groups: Sequence[list[int]]) -> list[Category]:
    stems = [set(content_stems(t)) for t in texts]
    found = []
    for group in sorted(groups, key=lambda g: (-len(g), min(g))):
        inside = [texts[i] for i in group]
        terms = [term for term, _ in key_terms(inside, 4 * _NAME_TERMS)]
        ranked = sorted(terms, key=lambda t: -_tells(t, group, stems))
        found.append(Category([files[i] for i in sorted(group)], ranked[:_NAME_TERMS]))
    return found


def _tells(term: str, group: Sequence[int], stems: Sequence[set[str]]) -> float:
    """Return how much a term tells a group from the others: its share inside over its share anywhere."""
    words = set(content_stems(term))
    holders = [i for i, own in enumerate(stems) if words and words <= own]
    inside = sum(i in set(group) for i in holders)
    return (inside / len(group)) * (inside / len(holders)) if holders else 0.0


def _line(job: Job, category: Category) -> str:
    name = ", ".join(plain(t) for t in category.terms) or "Without telling words"
    return f"- **{name[:1].upper()}{name[1:]}** ({len(category.files)}): {_members(job, category.files)}"


def _members(job: Job, files: Sequence[FileRecord]) -> str:
    told = []
    for file in files[:_NAMES_SHOWN]:
        mark = job.cited.mark(job.cited.cite_file(file, why="belongs to the group"))
        told.append(mark.strip() or plain(file.filename))
    rest = len(files) - len(told)
    return ", ".join(told) + (f" and {rest} more" if rest else "")
