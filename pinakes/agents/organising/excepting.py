"""Selections with an exception: "all documents but the invoices", "all but the sharpest photo of the coupling".

An exception is never guessed: where it is not sure what is meant to be left, nothing is chosen at all.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC

from pinakes.agents.organising import lexicon
from pinakes.agents.organising.selecting import Selection, media_said, select_files
from pinakes.agents.spec import AgentContext
from pinakes.core.files import FileRecord
from pinakes.core.plans import Task

Measure = Callable[[FileRecord], float | None]


async def select(what: str, task: Task, ctx: AgentContext, *, avoid: str = "") -> Selection:
    """Return the files that words mean, without those that they except; see `select_files`."""
    match = lexicon.EXCEPT.match(what)
    if match is None:
        return await select_files(what, task, ctx, avoid=avoid)
    # What earlier steps found was searched for by the whole phrase, so it tells neither side.
    alone = task.model_copy(update={"inputs": ()})
    whole, kept = lexicon.group(match, "whole"), lexicon.group(match, "kept")
    best = _best(kept)
    if best is not None:
        return await _but_the_best(_domain(whole, best[0]), *best[1:], alone, ctx)
    kept = re.sub(r"^(?:those|the ones|these|ones)\b", _noun(whole), kept, flags=re.IGNORECASE)
    left = await select_files(kept, alone, ctx)
    if not left.files:
        return Selection(note=f"Nothing matches “{kept}”, so nothing is chosen.")
    chosen = await select_files(_domain(whole, kept), alone, ctx, avoid=avoid)
    spared = {file.id for file in (*left.files, *left.unsure)}
    files = tuple(file for file in chosen.files if file.id not in spared)
    unsure = tuple(
        file for file in (*chosen.unsure, *left.unsure) if file.id not in {f.id for f in left.files}
    )
    return Selection(files, unsure, chosen.note if files else f"Nothing is left beside “{kept}”.")


async def _but_the_best(
    what: str, measure: Measure, highest: bool, task: Task, ctx: AgentContext
) -> Selection:
    chosen = await select_files(what, task, ctx)
    measured = [(value, file) for file in chosen.files if (value := measure(file)) is not None]
    if not measured:
        return Selection(note=chosen.note or f"Nothing is known to choose among “{what}” by.")
    ends = [value for value, _ in measured]
    end = max(ends) if highest else min(ends)
    unknown = {file.id for file in chosen.files} - {file.id for _, file in measured}
    rest = tuple(file for value, file in measured if value != end)
    left = tuple(file for file in chosen.files if file.id in unknown)
    return Selection(rest, (*chosen.unsure, *left), "" if rest else "There is nothing beside it.")


def _best(kept: str) -> tuple[str, Measure, bool] | None:
    """Return the words beside a superlative, what it measures, and whether the highest is meant."""
    match = lexicon.SUPERLATIVE.match(kept)
    if match is None:
        return None
    word = lexicon.group(match, "most").casefold()
    name, highest = lexicon.SUPERLATIVES[word]
    return lexicon.group(match, "rest"), _MEASURES[name], highest


def _domain(whole: str, kept: str) -> str:
    """Return the words for what is chosen from: of "all but the sharpest photo", the photos."""
    bare = lexicon.ALL.fullmatch(whole.strip()) is not None
    kinds = media_said(kept)
    if not bare:
        return whole
    return kept if _is_named_more_closely(kept) else f"all {kinds[0].value}s" if kinds else whole


def _is_named_more_closely(kept: str) -> bool:
    return len(kept.split()) > 1


def _noun(whole: str) -> str:
    kinds = media_said(whole)
    return f"{kinds[0].value}s" if kinds else "files"


def _sharpness(file: FileRecord) -> float | None:
    return file.facts.sharpness if file.facts else None


def _time(file: FileRecord) -> float | None:
    moment = file.content_created_at or file.created_at
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _size(file: FileRecord) -> float | None:
    return float(file.size_bytes)


def _pages(file: FileRecord) -> float | None:
    return None if file.page_count is None else float(file.page_count)


_MEASURES: dict[str, Measure] = {"sharpness": _sharpness, "time": _time, "size": _size, "pages": _pages}
