"""`pinakes describe`: what it would cost, a question, a progress bar, and what failed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.prompt import Confirm
from rich.table import Table

from pinakes.cli.output import SOME_FAILED, console, emit
from pinakes.client.client import Pinakes
from pinakes.client.describe_results import DescribeEstimate, DescribeProgress, DescribeReport
from pinakes.core.errors import ValidationError

_SHOWN = 20


async def describe_pictures(
    library: Path | None,
    *,
    yes: bool,
    dry_run: bool,
    limit: int | None,
    retry_failed: bool,
    prices: tuple[float, float] | None,
    as_json: bool,
) -> int:
    """Have pictures described and return the exit code. Raises PinakesError."""
    if as_json and not (yes or dry_run):
        raise ValidationError("With --json nobody can be asked: add --yes or --dry-run.")
    screen = console()
    async with Pinakes(library) as client:
        price_in, price_out = prices or (None, None)
        estimate = await client.describing.estimate(
            limit=limit, retry_failed=retry_failed, price_in=price_in, price_out=price_out
        )
        if as_json and dry_run:
            emit(estimate.model_dump(mode="json"))
        elif not as_json:
            screen.print(estimated(estimate))
        if dry_run or not estimate.pictures or not (yes or await _agreed(screen)):
            return 0
        report = await _run(screen, client, limit, retry_failed, quiet=as_json)
    if as_json:
        emit({"estimate": estimate.model_dump(mode="json"), "report": report.model_dump(mode="json")})
    else:
        _show(screen, report)
    return SOME_FAILED if report.failed or report.left else 0


def estimated(estimate: DescribeEstimate) -> str:
    """Return an estimate in words."""
    if not estimate.pictures:
        told = f"Nothing to describe: {estimate.described} pictures are described by {estimate.model}"
        return f"{told}{_given_up(estimate)}."
    cost = f", about {estimate.cost:.2f} at your prices" if estimate.cost is not None else ""
    return (
        f"[bold]{estimate.pictures}[/] pictures for [bold]{estimate.model}[/]: {estimate.calls} calls, about "
        f"{estimate.input_tokens:,} tokens in and {estimate.output_tokens:,} out{cost}.\n"
        f"{estimate.described} are described already{_given_up(estimate)}."
    )


def _given_up(estimate: DescribeEstimate) -> str:
    return f"; {estimate.given_up} failed before (--retry-failed)" if estimate.given_up else ""


async def _agreed(screen: Console) -> bool:
    return await asyncio.to_thread(Confirm.ask, "Describe them?", console=screen, default=False)


async def _run(
    screen: Console, client: Pinakes, limit: int | None, retry_failed: bool, *, quiet: bool
) -> DescribeReport:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=screen, disable=quiet) as progress:
        return await client.describing.run(
            limit=limit, retry_failed=retry_failed, on_progress=_advance(progress)
        )


def _advance(progress: Progress) -> Callable[[DescribeProgress], None]:
    task = progress.add_task("describing", total=None)

    def advance(now: DescribeProgress) -> None:
        name = now.filename if len(now.filename) <= 32 else now.filename[:31] + "…"
        progress.update(task, completed=now.done, total=now.total, description=f"{name:<32}")

    return advance


def _show(screen: Console, report: DescribeReport) -> None:
    spent = report.spent
    saved = f", {report.calls_saved} of them known content" if report.calls_saved else ""
    screen.print(
        f"[bold]{report.described} described[/]{saved}; {spent.call_count} calls, {spent.input_tokens:,} tokens in, "
        f"{spent.output_tokens:,} out{' (estimated)' if spent.estimated else ''}"
    )
    if report.failed:
        table = Table("File", "Reason")
        for failure in report.failed[:_SHOWN]:
            table.add_row(failure.filename, failure.message)
        screen.print(table)
        if len(report.failed) > _SHOWN:
            screen.print(f"… and {len(report.failed) - _SHOWN} more")
    if report.stopped:
        screen.print(f"[red]Stopped:[/] {report.stopped} {report.left} are left; run it again to go on.")
