"""Which two sides a cross-check sets against each other, and what stands on each."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pinakes.agents.choosing import pointed_to, refers_back
from pinakes.agents.naming import files_named, folder_meant
from pinakes.agents.organising.papers import kinds_named
from pinakes.agents.paper_lists import papers_meant
from pinakes.agents.queries.filters import topic_of
from pinakes.agents.queries.lexicon import DOCUMENT_NOUNS, PICTURE_NOUNS
from pinakes.agents.spec import AgentContext
from pinakes.core.files import FileFilter, FileRecord, FileStatus, MediaType
from pinakes.core.plans import StepResult, Task
from pinakes.tools.scope import files_of, inside, narrowed, open_files
from pinakes.tools.search import by_file, near_best

MOST_FILES = 40
_FOUND = 12
_BETWEEN = re.compile(
    r"\s+(?:against|versus|vs\.?|with|to|and|than|from|by|in|as|"
    r"match(?:es)?|agrees?|contradicts?|supports?|confirms?|meets?|follows?|violates?|corresponds?|"
    r"consistent|compl(?:y|ies)|according|what|the\s+same|gegen|mit|und|zu)\s+",
    re.IGNORECASE,
)
_KINDS = (
    (MediaType.IMAGE, re.compile(rf"\b(?:{'|'.join(PICTURE_NOUNS)}|signs?)\b", re.IGNORECASE)),
    (MediaType.VIDEO, re.compile(r"\b(?:videos?|clips?|footage|recordings?|films?)\b", re.IGNORECASE)),
    (
        MediaType.LINK,
        re.compile(r"\b(?:links?|web\s?pages?|web\s?sites?|articles?|bookmarks?)\b", re.IGNORECASE),
    ),
    (
        MediaType.DOCUMENT,
        re.compile(
            rf"\b(?:{'|'.join(DOCUMENT_NOUNS)}|manuals?|handbooks?|rules?|regulations?)\b", re.IGNORECASE
        ),
    ),
)


@dataclass(frozen=True)
class Side:
    """One side: its files, and the chunks an earlier step found in them (none: all that is in them)."""

    files: list[FileRecord]
    chunk_ids: frozenset[str] = frozenset()

    @property
    def ids(self) -> frozenset[str]:
        """The ids of its files."""
        return frozenset(f.id for f in self.files)


async def sides_of(task: Task, ctx: AgentContext) -> tuple[list[Side], str]:
    """Return the two sides, and a note where one cannot be told; one side alone is checked within itself."""
    scope = narrowed(await open_files(ctx.library, task.options), FileFilter(status=FileStatus.COMPLETED))
    named = await _spoken_sides(task, ctx, scope, named_only=True)
    if len(named) == 2:
        return named, ""
    given = await _given_sides(task, ctx, scope)
    if len(given) == 2:
        return given, ""
    spoken = await _spoken_sides(task, ctx, scope, named_only=False)
    if len(spoken) == 2:
        return spoken, ""
    alone = given or spoken or named
    if alone and len(alone[0].files) > 1:
        return [alone[0], alone[0]], ""
    if empty := [s for s in task.inputs if not _held(s)]:
        asked = empty[0].intent.rstrip(".?! ")
        return [], f"There is nothing to check against: “{asked}” found nothing."
    return [], "Say which two things are to be checked against each other, by their names or their subjects."


def _held(step: StepResult) -> list[str]:
    return list(dict.fromkeys([*step.file_ids, *(e.file_id for e in step.evidence)]))


async def _given_sides(task: Task, ctx: AgentContext, scope: FileFilter) -> list[Side]:
    """Return what earlier steps found: a side for each step, or for each kind where there is one step."""
    sides: list[tuple[Side, dict[str, float]]] = []
    for step in task.inputs:
        files = await inside(ctx.library, scope, _held(step))
        if files:
            chunks = frozenset(e.chunk_id for e in step.evidence if e.chunk_id)
            sides.append((Side(files[:MOST_FILES], chunks), _scores(step)))
    if len(sides) == 1:
        only = sides[0][0]
        kinds = dict.fromkeys(f.media_type for f in only.files)
        parts = [Side([f for f in only.files if f.media_type is k], only.chunk_ids) for k in kinds]
        return _two(parts)
    return _two(_without_repeats(sides))


def _without_repeats(sides: Sequence[tuple[Side, dict[str, float]]]) -> list[Side]:
    """Leave a file that several steps found to the one that found it best."""
    kept: list[Side] = []
    for place, (side, scores) in enumerate(sides):
        others = [own for n, (_, own) in enumerate(sides) if n != place]
        files = [f for f in side.files if all(scores[f.id] >= own.get(f.id, 0.0) for own in others)]
        files = [f for f in files if not any(f.id in s.ids for s in kept)]
        if files:
            kept.append(Side(files, side.chunk_ids))
    return kept


def _scores(step: StepResult) -> dict[str, float]:
    best = dict.fromkeys(step.file_ids, 0.0)
    for evidence in step.evidence:
        best[evidence.file_id] = max(evidence.score, best.get(evidence.file_id, 0.0))
    return best


def _two(sides: Sequence[Side]) -> list[Side]:
    """Return the first side and all others as one."""
    if len(sides) < 3:
        return list(sides)
    rest = [f for side in sides[1:] for f in side.files]
    return [sides[0], Side(rest[:MOST_FILES], frozenset().union(*(s.chunk_ids for s in sides[1:])))]


async def _spoken_sides(task: Task, ctx: AgentContext, scope: FileFilter, *, named_only: bool) -> list[Side]:
    """Return the sides that the words before and after a joining word mean ("check A against B")."""
    intent = task.step.intent
    for gap in _BETWEEN.finditer(intent):
        halves = [intent[: gap.start()], intent[gap.end() :]]
        sides = [await _meant(half, task, ctx, scope, named_only) for half in halves]
        if named_only and not (sides[0].clear or sides[1].clear):
            continue
        first, second = (frozenset(f.id for f in meant.files) for meant in sides)
        if first and second and first != second:
            right = [f for f in sides[1].files if f.id not in first]
            return [Side(sides[0].files), Side(right or sides[1].files)]
    return []


@dataclass(frozen=True)
class _Meant:
    """The files that some words mean; `clear` where they name them by more than a word."""

    files: list[FileRecord]
    clear: bool = False


async def _meant(words: str, task: Task, ctx: AgentContext, scope: FileFilter, named_only: bool) -> _Meant:
    named = await files_named(words, ctx, scope)
    if named and (named[0].sure or named[0].together):
        return _Meant([n.file for n in named if n.sure == named[0].sure], clear=True)
    if papers := await _papers(words, ctx, scope):
        return _Meant(papers[:MOST_FILES], clear=True)
    if folder := folder_meant(words, await ctx.library.catalog.folders()):
        where = narrowed(scope, FileFilter(folder_path=folder))
        return _Meant(await files_of(ctx.library, where, limit=MOST_FILES), clear=True)
    if named:
        return _Meant([n.file for n in named])
    if named_only:
        return _Meant([])
    if refers_back(words) and (shown := await pointed_to(task, ctx, scope, None)):
        return _Meant(shown)
    return _Meant(await _by_subject(words, ctx, scope))


async def _papers(words: str, ctx: AgentContext, scope: FileFilter) -> list[FileRecord]:
    """Return the papers of the kind that some words name ("the invoices", "the photos of receipts")."""
    kinds = [w for w in re.findall(r"[^\W\d_]+", words.casefold()) if kinds_named(w)]
    said = next((kind for kind, found in _KINDS if kind is MediaType.IMAGE and found.search(words)), None)
    where = narrowed(
        scope, FileFilter(media_types=(said,) if said else (MediaType.IMAGE, MediaType.DOCUMENT))
    )
    papers = await papers_meant(f"List the {kinds[0]}", ctx, where) if len(kinds) == 1 else None
    return [paper for paper, _ in papers.kept] if papers else []


async def _by_subject(words: str, ctx: AgentContext, scope: FileFilter) -> list[FileRecord]:
    """Return files by the kind and the subject that words name; all of a kind where there is no subject."""
    kind, said = next(((k, found) for k, found in _KINDS if found.search(words)), (None, None))
    where = narrowed(scope, FileFilter(media_types=(kind,))) if kind else scope
    topic = topic_of(words)
    subject = re.sub(r"\W+", " ", said.sub(" ", topic) if said else topic).strip()
    if not subject:
        return await files_of(ctx.library, where, limit=MOST_FILES) if kind else []
    hits = await ctx.library.search(topic, limit=4 * _FOUND, where=where, threshold=0.35)
    return [m.file for m in near_best(by_file(hits))[:_FOUND]]
