"""Writes a report from what the turn found, keeps its files, and proposes to save it where the user asks for that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pinakes.agents.choosing import refers_back
from pinakes.agents.citing import nothing, result
from pinakes.agents.reporting.document import Bullets, Figure, Paragraph, Report, Sentence
from pinakes.agents.reporting.saving import folder_of, format_to_save, known_copy, proposed_changes
from pinakes.agents.reporting.synthesis import synthesise
from pinakes.agents.reporting.wish import SaveTo, Wish, read_wish
from pinakes.agents.reporting.words import Words
from pinakes.agents.spec import AgentContext
from pinakes.core.changes import Change
from pinakes.core.errors import ConfigurationError
from pinakes.core.evidence import Evidence, mark_for
from pinakes.core.findings import ReportRef
from pinakes.core.plans import StepResult, Task

_SHOWN_POINTS = 4


async def run(task: Task, ctx: AgentContext) -> StepResult:
    """Write the report that the intent asks for."""
    intent = _intent(task)
    wish = read_wish(intent)
    ctx.report("Writing the report")
    (report, ref), unmade = await _written(task, ctx, intent, wish)
    words = Words(wish.language)
    if not ref.claims:
        return nothing(task, text=report.scope)
    changes, saved = await _saving(ctx, _asked(task), wish, ref, words)
    points, evidence = _points(task, report, ref)
    text = "\n\n".join(
        part
        for part in (
            _about(report, words),
            points,
            _kept(ref, words, saved=bool(changes or saved)),
            saved,
            unmade,
        )
        if part
    )
    return result(
        task,
        text=text,
        evidence=evidence,
        file_ids=tuple(dict.fromkeys(s.evidence.file_id for c in ref.claims for s in c.sources)),
        report=ref,
        changes=changes,
        notes=report.missing,
    )


def _intent(task: Task) -> str:
    """Return what the report is about: "save it into Reports" means the report that was shown last."""
    wish = read_wish(task.step.intent)
    again = wish.save is not None and not wish.topic and not task.inputs
    if again and "report_synthesis" in task.focus.agents and task.focus.intent:
        return task.focus.intent
    return task.step.intent


async def _written(
    task: Task, ctx: AgentContext, intent: str, wish: Wish
) -> tuple[tuple[Report, ReportRef], str]:
    """Return the report; where a format cannot be made here, in the others, and why in words."""
    pointed = task.focus.file_ids if refers_back(intent) or not wish.topic else ()

    async def write(formats: Sequence[str]) -> tuple[Report, ReportRef]:
        return await synthesise(
            ctx.library,
            intent,
            task.inputs,
            formats=formats,
            now=ctx.now(),
            options=task.options,
            pointed=pointed,
            analyst=ctx.models.analyst,
        )

    try:
        return await write(("md", *_formats(task, wish))), ""
    except ConfigurationError as error:
        kept = [f for f in ("md", *_formats(task, wish)) if f != "pdf"]
        return await write(kept), Words(wish.language).say("unsaved_pdf", error.message)


def _formats(task: Task, wish: Wish) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*read_wish(task.step.intent).formats, *wish.formats)))


def _asked(task: Task) -> Wish:
    """Return what this step's own words and the turn's options ask for."""
    asked = read_wish(task.step.intent)
    return replace(asked, save=asked.save or SaveTo()) if task.options.save_report else asked


async def _saving(
    ctx: AgentContext, asked: Wish, wish: Wish, ref: ReportRef, words: Words
) -> tuple[tuple[Change, ...], str]:
    """Return the changes that save the report, where the user asked for that, or why there are none."""
    save = asked.save or wish.save
    if save is None:
        return (), ""
    wanted = format_to_save(asked if asked.formats else wish)
    format = wanted if wanted in ref.formats else "md"
    known = await known_copy(ctx.library, ref, format)
    if known is not None:
        return (), words.say("already", _path(known.folder_path, known.filename))
    return await proposed_changes(ctx.library, ref, format, folder_of(save)), ""


def _path(folder: str, name: str) -> str:
    return f"“{folder}/{name}”" if folder else f"“{name}”"


def _about(report: Report, words: Words) -> str:
    figures = sum(isinstance(block, Figure) for block in report.blocks)
    sections = sum(section.level == 1 for section in report.sections)
    return words.say(
        "summary",
        report.title,
        sections=words.count("n_sections", sections),
        sources=words.count("n_sources", len(report.sources)),
        figures=words.count("n_figures", figures),
    )


def _kept(ref: ReportRef, words: Words, *, saved: bool) -> str:
    named = {"md": "Markdown", "html": "HTML", "docx": "Word", "pdf": "PDF"}
    formats = words.joined([named[f] for f in named if f in ref.formats])
    kept = words.say("kept", formats)
    return kept if saved else f"{kept} {words.say('get', ref.formats['json'])}"


def _points(task: Task, report: Report, ref: ReportRef) -> tuple[str, tuple[Evidence, ...]]:
    """Return the report's first sentences as a list with marks, and their evidence."""
    claims = {claim.text: claim for claim in ref.claims}
    lines, evidence = [], list[Evidence]()
    for sentence in _sentences(report)[:_SHOWN_POINTS]:
        claim = claims.get(sentence.text)
        if claim is None:
            continue
        own = [
            s.evidence.model_copy(update={"id": f"{task.step.id}.{len(evidence) + n}"})
            for n, s in enumerate(claim.sources, 1)
        ]
        lead = f"**{sentence.lead}** " if sentence.lead else ""
        lines.append(f"- {lead}{sentence.text} {' '.join(mark_for(e) for e in own)}".rstrip())
        evidence += own
    return "\n".join(lines), tuple(evidence)


def _sentences(report: Report) -> list[Sentence]:
    found: list[Sentence] = []
    for block in report.blocks:
        if isinstance(block, Paragraph):
            found += block.sentences
        elif isinstance(block, Bullets):
            found += block.items
        elif block.caption.cites:
            found.append(block.caption)
    return found
