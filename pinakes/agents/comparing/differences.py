"""Comparisons told: what changed, with the old and the new value, what both say, what only one says."""

from __future__ import annotations

from collections.abc import Sequence

from pinakes.agents.analysis.facets import facet_units, value_of
from pinakes.agents.analysis.figures import counted
from pinakes.agents.analysis.job import Job, titled
from pinakes.agents.analysis.summary import summary
from pinakes.agents.analysis.units import Unit, cite_unit, shown
from pinakes.agents.citing import name_of
from pinakes.agents.comparing.documents import Comparison, Pair, compare_units
from pinakes.agents.queries.orders import facets_of
from pinakes.agents.writing.marks import plain

_MOST = 5
_MOST_CHANGED = 12


async def comparison(job: Job) -> str:
    """Compare two documents by sentences and rows; more of them point by point."""
    if len(job.files) == 1:
        return f"Only {job.files[0].filename} is meant, and a comparison needs two documents: name the other one."
    if len(job.files) > 2:
        return await _side_by_side(job)
    first, second = job.files
    embedder = job.ctx.library.embedder
    found = await compare_units(
        await job.units(first), await job.units(second), embedder, focus=job.chosen.focus
    )
    parts = [
        _changed_told(job, found, f"From {plain(name_of(first))} to {plain(name_of(second))}"),
        _pairs_told(job, "Both say", found),
        _alone_told(job, f"Only {name_of(first)} says", found.only_left),
        _alone_told(job, f"Only {name_of(second)} says", found.only_right),
    ]
    if any(parts) and not found.shared and not found.changed:
        parts.insert(0, "No statement of one is found in the other.")
    told = "\n\n".join(p for p in parts if p)
    return told or f"{name_of(first)} and {name_of(second)} have no statements that could be compared."


async def _side_by_side(job: Job) -> str:
    """Tell of more than two documents what each says on every point that was named, else what stands for each."""
    facets = facets_of(job.wish.question)
    if not facets:
        return await summary(job)
    parts = []
    for file in job.files:
        best = await facet_units(await job.units(file), facets, job.ctx.library.embedder)
        lines = [
            f"- **{plain(facet)}**: {_facet_line(job, u, facet) if u else 'nothing found'}"
            for facet, u in zip(facets, best, strict=True)
        ]
        parts.append(f"**{titled(file)}**\n\n" + "\n".join(lines))
    return "\n\n".join(parts)


def _facet_line(job: Job, unit: Unit, facet: str) -> str:
    evidence = cite_unit(job.cited, unit, f"says “{facet}”")
    return f"{shown(value_of(unit, facet))}{job.cited.mark(evidence)}"


def _changed_told(job: Job, found: Comparison, way: str) -> str:
    lines = [f"- {_change(job, pair)}" for pair in found.changed[:_MOST_CHANGED]]
    if len(found.changed) > _MOST_CHANGED:
        lines.append(f"- … and {len(found.changed) - _MOST_CHANGED} more")
    return f"**They differ in figures.** {way}:\n\n" + "\n".join(lines) if lines else ""


def _change(job: Job, pair: Pair) -> str:
    told = ", ".join(f"{plain(old) or '–'} → {plain(new) or '–'}" for old, new in pair.changes)
    lead = f"**{told}**: " if told else ""
    why = "says it with other figures"
    return f"{lead}{job.line(pair.left, why)} — {job.line(pair.right, why)}"


def _pairs_told(job: Job, heading: str, found: Comparison) -> str:
    lines = []
    for pair in found.shared[:_MOST]:
        other = cite_unit(job.cited, pair.right, "says the same")
        lines.append(f"- {job.line(pair.left, 'says the same')}{job.cited.mark(other)}")
    if found.same_count > len(lines):
        lines.append(f"- … and {counted(found.same_count - len(lines), 'more statement')}")
    return f"**{heading}**\n\n" + "\n".join(lines) if lines else ""


def _alone_told(job: Job, heading: str, units: Sequence[Unit]) -> str:
    lines = [f"- {job.line(u, 'has no counterpart')}" for u in units[:_MOST]]
    if len(units) > _MOST:
        lines.append(f"- … and {len(units) - _MOST} more")
    return f"**{heading}**\n\n" + "\n".join(lines) if lines else ""
