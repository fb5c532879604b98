"""What was extracted from documents by its form, told as a list, each value with the sentence it stands in."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pinakes.agents.analysis.extraction import Find, extract, within_dates
from pinakes.agents.analysis.figures import counted
from pinakes.agents.analysis.job import Job, names_of
from pinakes.agents.analysis.totals import Total, sum_of, totals_of, why_not
from pinakes.agents.analysis.units import cite_unit, shown
from pinakes.agents.queries.amounts import AmountLimit, amount_limit
from pinakes.agents.queries.calendar_words import MONTHS
from pinakes.agents.queries.orders import RANKING, Wanted
from pinakes.agents.writing.marks import plain

_MOST_FINDS = 30
_LONGEST = 180


async def extraction(job: Job) -> str:
    """Tell what of the wanted forms stands in the documents."""
    return "\n\n".join([await extraction_of(job, wanted) for wanted in job.wish.wanted])


async def extraction_of(job: Job, wanted: Wanted) -> str:
    """Tell what of one form stands in the documents."""
    if wanted is Wanted.TOTALS:
        return await _totals(job)
    finds = [find for file in job.files for find in extract(wanted, await job.units(file))]
    return _finds_told(job, wanted, in_asked_days(job, wanted, finds))


def in_asked_days(job: Job, wanted: Wanted, finds: Sequence[Find]) -> list[Find]:
    """Return of dates those that lie in the days a question names; of anything else all."""
    if wanted not in {Wanted.DATES, Wanted.DEADLINES}:
        return list(finds)
    return within_dates(finds, _beyond_names(job), job.ctx.now())


async def _totals(job: Job) -> str:
    """Tell what each document comes to, and their sum where every one gives a single total."""
    totals = [totals_of(await job.units(file)) for file in job.files]
    lines = []
    for file, own in zip(job.files, totals, strict=True):
        marks = [job.cited.mark(cite_unit(job.cited, t.unit, "labelled as total")) for t in own]
        told = ", ".join(f"**{t.words}**{mark}" for t, mark in zip(own, marks, strict=True))
        lines.append(f"- {plain(file.title or file.filename)}: {told or 'no labelled total'}")
    if not any(totals):
        return f"No labelled totals were found in {names_of(job.files)}."
    if limit := amount_limit(job.wish.question):
        return _limited(job, totals, lines, limit)
    if len(totals) == 1:
        return lines[0].removeprefix("- ")
    if ranking := RANKING.search(job.wish.question):
        return f"{_ranked_total(job, totals, ranking[0])}\n\n" + "\n".join(lines)
    added = sum_of(totals)
    sums = " + ".join(f"{own[0].value:,.2f}" for own in totals) if added else ""
    end = f"Together **{added.words}** ({sums})." if added else why_not(job.files, totals)
    return f"{end}\n\n" + "\n".join(lines)


def _limited(job: Job, totals: Sequence[Sequence[Total]], lines: Sequence[str], limit: AmountLimit) -> str:
    """Tell which documents come to what a question limits them to; those without a total are named apart."""
    kept = [
        line
        for own, line in zip(totals, lines, strict=True)
        if any(limit.holds(total.value, total.currency) for total in own)
    ]
    untold = [plain(f.title or f.filename) for f, own in zip(job.files, totals, strict=True) if not own]
    number, verb = str(len(kept) or "None"), "is" if len(kept) == 1 else "are"
    head = f"{number} of {counted(len(totals), 'document')} {verb} {limit.words}"
    rest = f"No labelled total: {', '.join(untold)}." if untold else ""
    return "\n\n".join(part for part in (f"{head}{':' if kept else '.'}", "\n".join(kept), rest) if part)


def _ranked_total(job: Job, totals: Sequence[Sequence[Total]], rank: str) -> str:
    """Tell which document comes to the most or the least, where every one gives a single total in one currency."""
    if sum_of(totals) is None:
        return why_not(job.files, totals).replace("added up", "compared")
    least = re.search(r"lowest|smallest|cheapest|least", rank, re.IGNORECASE) is not None
    file, own = (min if least else max)(
        zip(job.files, totals, strict=True), key=lambda pair: pair[1][0].value
    )
    return f"The {rank.lower()}: {plain(file.title or file.filename)} with **{own[0].words}**."


def _beyond_names(job: Job) -> str:
    """Return the question without the months that stand in its documents' names ("the minutes of February")."""
    named = " ".join(f"{f.filename} {f.title or ''}" for f in job.files).casefold()
    months = [month for month in MONTHS if re.search(rf"(?<![^\W_]){month}(?![^\W_])", named)]
    return re.sub(rf"\b(?:{'|'.join(months) or '(?!)'})\b", " ", job.wish.question, flags=re.IGNORECASE)


def _finds_told(job: Job, wanted: Wanted, finds: Sequence[Find]) -> str:
    if not finds:
        return f"No {wanted.value} were found in {names_of(job.files)}."
    lines = [f"- {_find_line(job, find)}" for find in finds[:_MOST_FINDS]]
    if len(finds) > _MOST_FINDS:
        lines.append(f"- … and {len(finds) - _MOST_FINDS} more")
    return f"**{wanted.value[:1].upper()}{wanted.value[1:]}** in {names_of(job.files)}:\n\n" + "\n".join(
        lines
    )


def _find_line(job: Job, find: Find) -> str:
    if row := find.row_words:
        evidence = cite_unit(job.cited, find.unit, "has the form asked for")
        return f"**{plain(find.value)}**: {shown(row, find.value, _LONGEST)}{job.cited.mark(evidence)}"
    if find.value == find.unit.text:
        return job.line(find.unit, "has the form asked for")
    return f"**{plain(find.value)}**: {job.line(find.unit, 'has the form asked for', find.value, _LONGEST)}"
