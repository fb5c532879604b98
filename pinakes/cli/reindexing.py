"""`pinakes reindex`: what it would take, a question where it may cost money, and a progress bar."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.prompt import Confirm

from pinakes.cli.output import console, emit
from pinakes.client.client import Pinakes
from pinakes.client.reindexing import ReindexEstimate, ReindexProgress, ReindexReport
from pinakes.core.errors import ValidationError


async def reindex_library(
    library: Path | None, *, yes: bool, dry_run: bool, fresh: bool, as_json: bool
) -> None:
    """Make the index for the embedder in use. Raises PinakesError."""
    screen = console()
    async with Pinakes(library) as client:
        estimate = await client.reindex_estimate(fresh=fresh)
        if as_json and dry_run:
            emit(estimate.model_dump(mode="json"))
        elif not as_json:
            screen.print(estimated(estimate))
        if dry_run or not (yes or await _agreed(screen, estimate, as_json)):
            return
        report = await _run(screen, client, fresh, quiet=as_json)
    if as_json:
        emit({"estimate": estimate.model_dump(mode="json"), "report": report.model_dump(mode="json")})
    else:
        screen.print(f"[bold]{report.files} files[/] are indexed for {escape(report.embedder)}.")
        if report.pictures:
            images = escape(estimate.image_embedder or "")
            screen.print(f"[bold]{report.pictures} pictures[/] can be found by their looks ({images}).")


def estimated(estimate: ReindexEstimate) -> str:
    """Return an estimate in words."""
    name = escape(estimate.embedder)
    lines = []
    if estimate.files:
        cost = "" if estimate.local else f" in about {estimate.calls:,} calls and {estimate.tokens:,} tokens"
        lines.append(
            f"[bold]{estimate.texts:,}[/] texts of {estimate.files:,} files for [bold]{name}[/]{cost}."
        )
    if estimate.pictures:
        images = escape(estimate.image_embedder or "")
        lines.append(f"[bold]{estimate.pictures:,}[/] pictures for [bold]{images}[/].")
    if not lines:
        return f"Nothing to do: the index for [bold]{name}[/] holds everything (--all makes it anew)."
    return "\n".join(lines)


async def _agreed(screen: Console, estimate: ReindexEstimate, as_json: bool) -> bool:
    texts_free = estimate.local or not estimate.files
    if texts_free and (estimate.image_local or not estimate.pictures):
        return True
    if as_json:
        raise ValidationError("With --json nobody can be asked: add --yes or --dry-run.")
    return await asyncio.to_thread(Confirm.ask, "Embed them?", console=screen, default=False)


async def _run(screen: Console, client: Pinakes, fresh: bool, *, quiet: bool) -> ReindexReport:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=screen, disable=quiet) as progress:
        return await client.reindex(fresh=fresh, progress=_advance(progress))


def _advance(progress: Progress) -> Callable[[ReindexProgress], None]:
    task = progress.add_task("embedding", total=None)

    def advance(now: ReindexProgress) -> None:
        progress.update(task, completed=now.done, total=now.total)

    return advance
