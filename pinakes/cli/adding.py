"""`pinakes add`: files into the library, with progress and a summary of what failed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from pinakes.cli.output import SOME_FAILED, console, emit
from pinakes.cli.render import failures_table
from pinakes.client.client import Pinakes
from pinakes.core.callbacks import FileCompleteEvent
from pinakes.core.uploads import BatchUploadResults


async def add_paths(
    library: Path | None,
    paths: Sequence[Path],
    into: str | None,
    tags: tuple[str, ...],
    keep_duplicates: bool,
    as_json: bool,
) -> int:
    """Take paths in and return the exit code. Raises PinakesError where nothing can be done at all."""
    async with Pinakes(library) as client:
        results = await upload_with_progress(
            console(), client, paths, into=into, tags=tags, keep_duplicates=keep_duplicates, quiet=as_json
        )
        await client.describing.drain()  # where new pictures are described: leaving would stop it
    if as_json:
        emit({"summary": results.summary(), "files": [r.model_dump(mode="json") for r in results]})
    else:
        show_results(console(), results)
    return SOME_FAILED if results.has_failures else 0


async def upload_with_progress(
    screen: Console,
    client: Pinakes,
    paths: Sequence[Path],
    *,
    into: str | None = None,
    tags: tuple[str, ...] = (),
    keep_duplicates: bool = False,
    quiet: bool = False,
) -> BatchUploadResults:
    """Upload under a progress bar."""
    with _bar(screen, quiet) as progress:
        return await client.files.upload_batch(
            list(paths),
            folder_path=into,
            tags=tags,
            skip_duplicates=not keep_duplicates,
            on_file_complete=_advance(progress),
        )


def show_results(screen: Console, results: BatchUploadResults) -> None:
    """Print the summary, repeated content, and failures with reasons."""
    known = sum(r.deduplicated for r in results)
    note = f" ({known} already there)" if known else ""
    screen.print(f"[bold]{results.summary()}[/]{note}")
    if results.has_failures:
        screen.print(failures_table(results.failed()))


def _bar(screen: Console, quiet: bool) -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=screen, disable=quiet)


def _advance(progress: Progress) -> Callable[[FileCompleteEvent], None]:
    task = progress.add_task("reading", total=None)

    def advance(event: FileCompleteEvent) -> None:
        named = event.result.filename
        name = named if len(named) <= 32 else named[:31] + "…"
        progress.update(
            task, completed=event.completed_count, total=event.total_count, description=f"{name:<32}"
        )

    return advance
