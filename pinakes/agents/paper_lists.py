"""Papers of a kind, listed: "which receipts are from May?", "show me all contracts", "do we have any invoices?"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from pinakes.agents.choosing import known_to
from pinakes.agents.citing import MOST_EVIDENCE, Citations, nothing, result
from pinakes.agents.organising import lexicon
from pinakes.agents.organising.contents import contents_of
from pinakes.agents.organising.describing import called_so, matching
from pinakes.agents.queries.dates import DateRange, find_dates
from pinakes.agents.queries.filters import Filters, read_filters
from pinakes.agents.spec import AgentContext
from pinakes.core.files import FileFilter, FileRecord
from pinakes.core.plans import StepResult, Task
from pinakes.tools.scope import files_of, narrowed

_OWN_DATE = "taken"
_MOST = 500
_HEAD = 1500
"""Characters at the head of a paper where its own date stands."""

_DUE = re.compile(
    r"\b(?:by|before|until|till|due|payable|pay|deliver\w*|bis|fällig|zahlbar|vence|avant)\b\W*(?:[^\W\d]+\W+){0,2}$",
    re.IGNORECASE,
)
"""What is to be done by a day does not date a paper."""

_WHICH = (
    r"(?:which|what|how\s+about|welche\w*|qu[eé]|cu[aá]les|quel(?:le)?s)(?:\s+of)?"
    r"(?:\s+(?:my|our|the|all|these))*\s+"
)
_THERE = (
    r"(?:(?:are|is)\s+there|do\s+(?:we|i|you)\s+have|have\s+(?:we|i|you)(?:\s+got)?|gibt\s+es|hay|y\s+a-t-il)"
    r"(?:\s+(?:any|some|keine|más|des))*\s+"
)
_SHOW = (
    r"(?:show|list|find|give|get|display|pull\s+up|name|zeig\w*|liste|finde|nenne|mu[eé]stra\w*|lista|busca\w*"
    r"|montre\w*|liste\w*|trouve\w*)(?:\s+(?:me|us|up|mir|uns|nous|moi|all|any|every|the|my|our|of|each|alle|die|todos|todas"
    r"|las|los|tous|toutes|les|mes|please))*\s+"
)
_ASKS = re.compile(
    rf"^\W*(?:please\s+|can\s+you\s+|could\s+you\s+)?(?:(?P<plain>{_WHICH}|{_THERE})|{_SHOW})", re.IGNORECASE
)


def kind_listed(intent: str, filters: Filters) -> str:
    """Return the word for the kind of papers that an intent wants listed, "" where it asks for something else."""
    word = filters.topic.casefold()
    asks = _ASKS.match(intent)
    if word not in lexicon.PAPERS or not asks or not intent[asks.end() :].casefold().startswith(word):
        return ""
    return word if asks["plain"] or _is_plural(word) else ""


async def listed_papers(task: Task, ctx: AgentContext, scope: FileFilter) -> StepResult | None:
    """List the papers of the kind asked for, among files in scope; None where nothing of the sort is asked.

    The date that a paper bears counts, not the day of its file; where it bears none, the day its file was made does.
    """
    known = await known_to(ctx)
    filters = read_filters(task.step.intent, known)
    kind = kind_listed(task.step.intent, filters)
    if not kind or filters.unknown or filters.says:
        return None
    where, days = (
        narrowed(scope, _undated(filters)),
        filters.dates if filters.date_field == _OWN_DATE else None,
    )
    among = await files_of(ctx.library, where, order="filename")
    sure = {f.id for f in (await matching(kind, "", ctx.library, among, where)).sure}
    sure |= {f.id for f in await called_so(kind, ctx.library, among)}
    papers = [f for f in among if f.id in sure][:_MOST]
    if not papers:
        return None
    dated = [(paper, *await _date(paper, ctx)) for paper in papers]
    kept = [(paper, said) for paper, said, day in dated if _lies_in(day, days)]
    if not kept:
        return nothing(task, text=_none(kind, filters, [said for _, said, _ in dated]))
    cited = Citations(task)
    for paper, said in kept[:MOST_EVIDENCE]:
        cited.cite_file(paper, why=f"dated {said}" if said else "")
    return result(task, file_ids=tuple(paper.id for paper, _ in kept), evidence=cited.evidence)


def _undated(filters: Filters) -> FileFilter:
    """Return the filter without the days of files."""
    return filters.where.model_copy(update={f"{_OWN_DATE}_{end}": None for end in ("from", "to")})


def _is_plural(word: str) -> bool:
    others = (
        other for other, kind in lexicon.PAPERS.items() if kind == lexicon.PAPERS[word] and other != word
    )
    return not word.isascii() or word.endswith("s") or any(word.startswith(other) for other in others)


async def _date(paper: FileRecord, ctx: AgentContext) -> tuple[str, DateRange | None]:
    """Return the day that a paper bears in words and as days, else that of its file."""
    [content] = await contents_of(ctx.library, [paper])
    head = content.text[:_HEAD]
    for date in find_dates(head, ctx.now()):
        if (
            date.start
            and date.start == date.end
            and not date.yearless
            and not _DUE.search(head[: date.span[0]])
        ):
            return date.words(), date
    made = paper.content_created_at
    return (_of_day(made).words(), _of_day(made)) if made else ("", None)


def _of_day(moment: datetime) -> DateRange:
    return DateRange(moment.date(), moment.date(), (0, 0))


def _lies_in(days: DateRange | None, asked: DateRange | None) -> bool:
    if asked is None:
        return True
    if days is None or days.start is None:
        return False
    within = asked.in_year(days.start.year) if asked.yearless else asked
    return (within.start is None or days.start >= within.start) and (
        within.end is None or days.start <= within.end
    )


def _none(kind: str, filters: Filters, dates: Sequence[str]) -> str:
    said = " and ".join(filters.words)
    if filters.dates and filters.dates.yearless:
        said = filters.dates.said
    known = [date for date in dict.fromkeys(dates) if date]
    told = (
        f" Those found are dated {', '.join(known)}." if known else " No date could be read on those found."
    )
    return f"None of the {kind} is {said}.{told}"
