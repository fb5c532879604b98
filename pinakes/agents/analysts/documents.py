"""Documents and saved pages in a model's words: summed up, compared, extracted from, sorted."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from pinakes.agents.analysis.extraction import Find
from pinakes.agents.analysis.finds import extraction_of, in_asked_days
from pinakes.agents.analysis.job import Job, names_of, titled
from pinakes.agents.analysis.units import Unit
from pinakes.agents.analysts import ways
from pinakes.agents.analysts.calling import field_words, tell_way_down
from pinakes.agents.analysts.checking import Finding
from pinakes.agents.analysts.excerpts import Excerpt, numbered, packed, shown
from pinakes.agents.analysts.placing import marks_of
from pinakes.agents.analysts.reading import Reader
from pinakes.agents.analysts.sorting import categories_by_model
from pinakes.agents.citing import name_of
from pinakes.agents.queries.orders import Order, Wanted
from pinakes.agents.writing.marks import plain
from pinakes.core.errors import ModelError
from pinakes.core.files import FileFilter, FileRecord
from pinakes.ports.language_model import LanguageModel

_FEW, _MANY = 5, 10
_EACH = 3
_COMPARED = 8
_FINDS = 60
_WORDS_A_LINE = 15
_WHY = "says so"

IN_WORDS = frozenset(
    {
        Wanted.DATES,
        Wanted.DEADLINES,
        Wanted.AMOUNTS,
        Wanted.DEFINITIONS,
        Wanted.ACTIONS,
        Wanted.RULES,
        Wanted.FIGURES,
        Wanted.NAMES,
    }
)
"""What a model extracts; addresses, codes and totals have a form that rules read as well, for nothing."""


async def told_by_model(order: Order, job: Job) -> str | None:
    """Return what was ordered in a model's words, every line with its place; None where the local way is to be taken.

    That is so without an analyst, for orders that only measure, and, told in the turn's events, when the model fails
    or nothing that it says is borne out.
    """
    model, way = job.ctx.models.analyst, _WAYS.get(order)
    if model is None or way is None:
        return None
    try:
        return await way(job, model)
    except ModelError as error:
        tell_way_down("The documents are analysed", error)
        return None


async def _summary(job: Job, model: LanguageModel) -> str | None:
    reader = Reader(model, job.task.step.intent)
    way = ways.summary(_count(job), field_words(job.task.options), each=len(job.files) > 1)
    excerpts = await _passages(job)
    if not _fit(excerpts, reader, way.whole.words) and not job.task.options.detailed_analysis:
        excerpts = await _bearing(job, excerpts, reader.room(way.whole.words), model)
    reading = await reader.read(way, excerpts)
    job.notes += reading.notes
    if not reading.findings:
        return None
    if len(job.files) > 1:
        return _by_file(job, reading.findings)
    return _listed(job, _within(reading.findings, job.wish.most_words))


def _count(job: Job) -> int:
    if len(job.files) > 1:
        return max(1, (job.wish.count or 0) // len(job.files)) if job.wish.count else _EACH
    if job.wish.count or job.wish.most_words:
        return job.wish.count or max(1, (job.wish.most_words or 0) // _WORDS_A_LINE)
    long = job.task.options.detailed_analysis or (job.files[0].page_count or 0) > _MANY
    return _MANY if long else _FEW


async def _passages(job: Job) -> list[Excerpt]:
    return numbered([(file, chunk) for file in job.files for chunk in await job.chunks(file)])


def _fit(excerpts: Sequence[Excerpt], reader: Reader, words: str) -> bool:
    return len(packed(shown(excerpts), reader.model, reader.room(words))) <= 1


async def _bearing(job: Job, excerpts: list[Excerpt], tokens: int, model: LanguageModel) -> list[Excerpt]:
    """Return of long texts the passages that bear on what is asked about, if anything is: as many as one call takes."""
    focused = [f for f in job.files if job.focus(f)]
    if len(focused) < len(job.files):
        return excerpts
    hits = await job.ctx.library.search(
        job.focus(focused[0]), limit=len(excerpts), where=FileFilter(ids=tuple(f.id for f in focused))
    )
    known = {e.chunk.id: e for e in excerpts}
    ranked = [known[h.chunk.id] for h in hits if h.chunk.id in known]
    runs = packed(shown(ranked), model, tokens)
    kept = {ranked[i].id for i in runs[0]} if runs else set()
    return [e for e in excerpts if e.id in kept] or excerpts


def _listed(job: Job, findings: Sequence[Finding]) -> str:
    lines = [_line(job, f) for f in findings]
    if job.wish.sentences or job.wish.most_words or len(lines) == 1:
        return " ".join(lines)
    return f"**{titled(job.files[0])}**\n\n" + "\n".join(f"- {line}" for line in lines)


def _line(job: Job, finding: Finding) -> str:
    return f"{finding.text}{marks_of(finding, job.cited, _WHY)}"


def _within(findings: list[Finding], most_words: int | None) -> list[Finding]:
    """Return as many findings, in order, as keep to a number of words; at least one."""
    left = most_words
    kept: list[Finding] = []
    for finding in findings:
        words = len(finding.text.split())
        if left is not None and kept and words > left:
            continue
        kept.append(finding)
        left = None if left is None else left - words
    return kept


def _by_file(job: Job, findings: Sequence[Finding]) -> str:
    """Return findings under the document they are of; those of several come first."""
    parts = ["\n".join(f"- {_line(job, f)}" for f in findings if len(f.file_ids) > 1)]
    for file in job.files:
        own = [f"- {_line(job, f)}" for f in findings if f.file_ids == (file.id,)]
        parts.append(f"**{titled(file)}**\n\n" + "\n".join(own) if own else "")
    return "\n\n".join(part for part in parts if part)


async def _comparison(job: Job, model: LanguageModel) -> str | None:
    if len(job.files) < 2:
        return None
    reader = Reader(model, job.task.step.intent)
    count = job.wish.count or _COMPARED
    reading = await reader.read(ways.comparison(count, field_words(job.task.options)), await _passages(job))
    job.notes += reading.notes
    if not reading.merged:
        return _by_file(job, reading.findings) if reading.findings else None
    found = [f for f in reading.findings if _sided(f, job.files)]
    return _compared(job, found) if found else None


def _sided(finding: Finding, files: Sequence[FileRecord]) -> bool:
    """Return whether a finding has the sides that its kind needs."""
    return (len(finding.file_ids) == 1) == (finding.kind == "only")


def _compared(job: Job, findings: Sequence[Finding]) -> str:
    names = " and ".join(plain(name_of(f)) for f in job.files) if len(job.files) == 2 else "The documents"
    alike = "Both say" if len(job.files) == 2 else "Several say"
    parts = [
        _under(job, f"{names} differ", [f for f in findings if f.kind == "changed"]),
        _under(job, alike, [f for f in findings if f.kind == "same"]),
    ]
    for file in job.files:
        own = [f for f in findings if f.kind == "only" and f.file_ids == (file.id,)]
        parts.append(_under(job, f"Only {plain(name_of(file))} says", own))
    return "\n\n".join(part for part in parts if part)


def _under(job: Job, heading: str, findings: Sequence[Finding]) -> str:
    lines = [f"- {_line(job, f)}" for f in findings]
    return f"**{heading}**\n\n" + "\n".join(lines) if lines else ""


async def _extraction(job: Job, model: LanguageModel) -> str | None:
    wanted = [w for w in job.wish.wanted if w in IN_WORDS]
    if not wanted:
        return None
    reader = Reader(model, job.task.step.intent)
    way = ways.extraction([w.value for w in wanted], field_words(job.task.options))
    reading = await reader.read(way, await _passages(job))
    job.notes += reading.notes
    found = [f for f in reading.findings if f.kind in {w.value for w in wanted}]
    if not found:
        return None
    parts = [
        _rows(job, kind, [f for f in found if f.kind == kind.value]) or await extraction_of(job, kind)
        for kind in job.wish.wanted
    ]
    return "\n\n".join(parts)


def _rows(job: Job, kind: Wanted, found: Sequence[Finding]) -> str:
    """Return values as a list, each once a document, with what it is of."""
    once = {(f.value.casefold(), f.text.casefold(), f.file_ids): f for f in reversed(found)}
    finds = [(_find(f), f) for f in reversed(once.values())]
    kept = {id(find) for find in in_asked_days(job, kind, [find for find, _ in finds])}
    lines = [f"- **{f.value}**: {_line(job, f)}" for find, f in finds if id(find) in kept]
    if len(lines) > _FINDS:
        lines = [*lines[:_FINDS], f"- … and {len(lines) - _FINDS} more"]
    head = f"**{kind.value[:1].upper()}{kind.value[1:]}** in {names_of(job.files)}:"
    return f"{head}\n\n" + "\n".join(lines) if lines else ""


def _find(finding: Finding) -> Find:
    place = finding.places[0]
    return Find(finding.value, Unit(place.excerpt.file, place.excerpt.chunk, place.start, place.end, "line"))


_WAYS: dict[Order, Callable[[Job, LanguageModel], Awaitable[str | None]]] = {
    Order.SUMMARY: _summary,
    Order.COMPARISON: _comparison,
    Order.EXTRACTION: _extraction,
    Order.CATEGORIES: categories_by_model,
}
