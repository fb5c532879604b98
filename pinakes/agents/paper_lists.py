"""Papers of a kind, listed: "which receipts are from May?", "show me all contracts", "do we have any invoices?"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from pinakes.agents.choosing import known_to
from pinakes.agents.citing import MOST_EVIDENCE, Citations, nothing, result
from pinakes.agents.organising import lexicon
from pinakes.agents.organising.contents import Content, contents_of
from pinakes.agents.organising.describing import surely_matching
from pinakes.agents.organising.papers import calls_itself, kinds_named, says_first
from pinakes.agents.queries.amounts import without_limit
from pinakes.agents.queries.dates import DateRange, find_dates
from pinakes.agents.queries.filters import Filters, read_filters
from pinakes.agents.queries.orders import Wanted, read_wish
from pinakes.agents.spec import AgentContext
from pinakes.core.files import FileFilter, FileRecord, MediaType
from pinakes.core.plans import StepResult, Task
from pinakes.tools.scope import files_of, narrowed

_OWN_DATE = "taken"
_MOST = 500
_MOST_READ = 2000
_OPENING = 4
"""Words at the very beginning of a paper that say what it is: "Incident report IR-7"."""

_HEAD = 1500
"""Characters at the head of a paper where its own date stands."""

_DUE = re.compile(
    r"\b(?:by|before|until|till|due|payable|pay|deliver\w*|bis|fällig|zahlbar|vence|avant)\b\W*(?:[^\W\d]+\W+){0,2}$",
    re.IGNORECASE,
)
"""What is to be done by a day does not date a paper."""

_MONEY = re.compile(
    r"add\w*|sums?|spen[dt]|together|altogether|combined|overall|totals?|come|comes|came|cost|costs|amounts?|much|money|up"
    r"|highest|largest|biggest|lowest|smallest|expensive|cheapest|dearest|most|least|pay|paid"
)
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
_PICTURED = re.compile(
    r"^(?:photos?|photographs?|pictures?|images?|scans?|fotos?|bilder|imágenes|images)\s+(?:of|von|de|des)\s+"
    r"(?:(?:the|all|my|our|any|den|allen|los|las)\s+)*",
    re.IGNORECASE,
)
_ASKS = re.compile(
    rf"^\W*(?:please\s+|can\s+you\s+|could\s+you\s+)?(?:(?P<plain>{_WHICH}|{_THERE})|{_SHOW})", re.IGNORECASE
)


def kind_listed(intent: str, filters: Filters) -> str:
    """Return the word for the kind of papers that an intent wants listed, "" where it asks for something else."""
    if Wanted.TOTALS in read_wish(intent).wanted:
        return _kind_added(filters.topic)
    word = filters.topic.casefold()
    asks = _ASKS.match(intent)
    if word not in lexicon.PAPERS or not asks:
        return ""
    if not _PICTURED.sub("", intent[asks.end() :]).casefold().startswith(word):
        return ""
    return word if asks["plain"] or _is_plural(word) else ""


@dataclass(frozen=True)
class Papers:
    """The papers of a kind with the days they bear, in words; `others` are days outside those asked for."""

    kind: str
    filters: Filters
    kept: tuple[tuple[FileRecord, str], ...]
    others: tuple[str, ...]


async def papers_meant(intent: str, ctx: AgentContext, scope: FileFilter) -> Papers | None:
    """Return the papers of the kind that an intent wants listed or added up; None where it asks otherwise.

    The date that a paper bears counts, not the day of its file; where it bears none, the day its file was made does.
    """
    if not kinds_named(intent):
        return None
    filters = read_filters(without_limit(intent), await known_to(ctx))
    kind = kind_listed(intent, filters)
    if not kind or filters.unknown or filters.says:
        return None
    among = await files_of(ctx.library, narrowed(scope, _undated(filters)), order="filename")
    sure = await surely_matching(kind, ctx.library, among)
    contents = await contents_of(ctx.library, among[:_MOST_READ])
    papers = [c for c in contents if _is_called(lexicon.PAPERS[kind], c, labelled=c.file.id in sure)][:_MOST]
    dated = [(paper.file, *_date(paper, ctx.now())) for paper in papers]
    asked = filters.dates if filters.date_field == _OWN_DATE else None
    kept = tuple((paper, said) for paper, said, day in dated if _lies_in(day, asked))
    others = tuple(dict.fromkeys(said for _, said, day in dated if said and not _lies_in(day, asked)))
    return Papers(kind, filters, kept, others) if dated else None


async def listed_papers(task: Task, ctx: AgentContext, scope: FileFilter) -> StepResult | None:
    """List the papers of the kind asked for, among files in scope; None where nothing of the sort is asked."""
    papers = await papers_meant(task.step.intent, ctx, scope)
    if papers is None:
        return None
    if not papers.kept:
        return nothing(task, text=_none(papers))
    cited = Citations(task)
    for paper, said in papers.kept[:MOST_EVIDENCE]:
        cited.cite_file(paper, why=f"dated {said}" if said else "")
    return result(task, file_ids=tuple(paper.id for paper, _ in papers.kept), evidence=cited.evidence)


def _kind_added(topic: str) -> str:
    """Return the word for the papers whose totals are asked for, "" where anything else limits them."""
    words = [word for word in topic.casefold().split() if not _MONEY.fullmatch(word)]
    return words[0] if len(words) == 1 and words[0] in lexicon.PAPERS else ""


def _undated(filters: Filters) -> FileFilter:
    """Return the filter without the days of files."""
    return filters.where.model_copy(update={f"{_OWN_DATE}_{end}": None for end in ("from", "to")})


def _is_plural(word: str) -> bool:
    others = (
        other for other, kind in lexicon.PAPERS.items() if kind == lexicon.PAPERS[word] and other != word
    )
    return not word.isascii() or word.endswith("s") or any(word.startswith(other) for other in others)


def _is_called(kind: str, content: Content, *, labelled: bool) -> bool:
    """Tell whether a file is labelled as a paper of a kind, or says so at its head; a picture by what it says first."""
    if content.file.media_type is not MediaType.IMAGE:
        return labelled or calls_itself(kind, content) or kind in kinds_named(content.text, _OPENING)
    name = content.file.filename  # "sign-for-report.jpg" is no report
    by_label = labelled and kind not in kinds_named(name)
    return says_first(content) == kind or by_label or kind in kinds_named(name, 1)


def _date(paper: Content, now: datetime) -> tuple[str, DateRange | None]:
    """Return the day that a paper bears in words and as days, else that of its file."""
    head = paper.text[:_HEAD]
    for date in find_dates(head, now):
        whole = date.start and date.start == date.end and not date.yearless
        if whole and not _DUE.search(head[: date.span[0]]):
            return date.words(), date
    made = paper.file.content_created_at
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


def _none(papers: Papers) -> str:
    dates = papers.filters.dates
    said = dates.said.strip(" .,;?!") if dates and dates.yearless else " and ".join(papers.filters.words)
    told = (
        f"Those found are dated {', '.join(papers.others)}."
        if papers.others
        else "No date could be read on those found."
    )
    return f"None of the {papers.kind} is {said}. {told}"
