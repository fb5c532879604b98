"""Commands and exit codes: 0 done, 1 error, 2 wrong usage, 3 some files failed, 130 interrupted."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Coroutine
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from pinakes.cli.output import report
from pinakes.core.errors import PinakesError

app = typer.Typer(
    name="pinakes",
    help="Ask your own images, documents, links and videos anything.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

LibraryOption = Annotated[
    Path | None,
    typer.Option(
        "--library", "-l", help="The library's folder (default: $PINAKES_LIBRARY, else ~/pinakes-library)."
    ),
]
JsonOption = Annotated[
    bool, typer.Option("--json", help="Print JSON for programs instead of text for people.")
]

DryRunOption = Annotated[bool, typer.Option("--dry-run", help="Only show what would be changed.")]


def run(work: Coroutine[Any, Any, int | None], as_json: bool = False) -> None:
    """Run a command to its exit code; typed errors become one sentence, or JSON."""
    if not gc.isenabled():
        gc.freeze()
        gc.enable()
    try:
        code = asyncio.run(work)
    except PinakesError as error:
        report(error, as_json)
        raise typer.Exit(1) from None
    except KeyboardInterrupt:
        Console(stderr=True).print("Interrupted; what was accepted goes on at the next start.")
        raise typer.Exit(130) from None
    raise typer.Exit(code or 0)


@app.command()
def add(
    paths: Annotated[list[Path], typer.Argument(help="Files and folders to take in.")],
    library: LibraryOption = None,
    into: Annotated[str | None, typer.Option(help="Library folder to put them in.")] = None,
    tag: Annotated[list[str] | None, typer.Option(help="Tag to give them; may be repeated.")] = None,
    keep_duplicates: Annotated[bool, typer.Option(help="Keep files whose content is already there.")] = False,
    json_: JsonOption = False,
) -> None:
    """Take files and folders into the library."""
    from pinakes.cli.adding import add_paths

    run(add_paths(library, paths, into, tuple(tag or ()), keep_duplicates, json_), json_)


@app.command()
def chat(
    library: LibraryOption = None,
    session: Annotated[str | None, typer.Option(help="Id of a session to come back to.")] = None,
) -> None:
    """Talk with the library; leave with Ctrl-D, /help lists what else there is."""
    from pinakes.cli.talking import talk

    run(talk(library, session))


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="What you want to know.")],
    library: LibraryOption = None,
    session: Annotated[str | None, typer.Option(help="Id of a session to go on with.")] = None,
    json_: JsonOption = False,
) -> None:
    """Ask one question and print the cited answer."""
    from pinakes.cli.talking import ask_once

    run(ask_once(library, question, session, json_), json_)


@app.command()
def plan(
    question: Annotated[str, typer.Argument(help="The question to plan.")],
    library: LibraryOption = None,
    history: Annotated[list[str] | None, typer.Option(help="An earlier question; may be repeated.")] = None,
    json_: JsonOption = False,
) -> None:
    """Show which agents would answer a question, without running them."""
    from pinakes.cli.talking import show_plan

    run(show_plan(library, question, history or [], json_), json_)


@app.command()
def search(
    query: Annotated[str, typer.Argument(help="What to look for, by meaning and by words.")],
    library: LibraryOption = None,
    limit: Annotated[int, typer.Option(min=1, max=500)] = 10,
    media: Annotated[list[str] | None, typer.Option(help="image, document, link or video.")] = None,
    json_: JsonOption = False,
) -> None:
    """Search passages and pictures without a conversation."""
    from pinakes.cli.looking import search_library

    run(search_library(library, query, limit, media, json_), json_)


@app.command()
def status(library: LibraryOption = None, json_: JsonOption = False) -> None:
    """Show what the library holds and how it is set up."""
    from pinakes.cli.looking import show_status

    run(show_status(library, json_), json_)


@app.command()
def describe(
    library: LibraryOption = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what it would take.")] = False,
    limit: Annotated[int | None, typer.Option(min=1, help="So many pictures at most.")] = None,
    retry_failed: Annotated[bool, typer.Option(help="Also those that failed for good before.")] = False,
    prices: Annotated[
        tuple[float, float] | None,
        typer.Option(help="Prices of a million tokens in and out, to show the cost."),
    ] = None,
    json_: JsonOption = False,
) -> None:
    """Have a model describe the pictures that it has not described yet."""
    from pinakes.cli.describing import describe_pictures

    work = describe_pictures(
        library,
        yes=yes,
        dry_run=dry_run,
        limit=limit,
        retry_failed=retry_failed,
        prices=prices,
        as_json=json_,
    )
    run(work, json_)


@app.command()
def reindex(
    library: LibraryOption = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask, whatever it may cost.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what it would take.")] = False,
    fresh: Annotated[bool, typer.Option("--all", help="Also what the index has already.")] = False,
    json_: JsonOption = False,
) -> None:
    """Make the index for the embedder in use; run again, it goes on where it was stopped."""
    from pinakes.cli.reindexing import reindex_library

    run(reindex_library(library, yes=yes, dry_run=dry_run, fresh=fresh, as_json=json_), json_)


@app.command()
def undo(
    entry: Annotated[
        str | None, typer.Argument(help="Id from `pinakes history`; the last one if not given.")
    ] = None,
    library: LibraryOption = None,
    dry_run: DryRunOption = False,
    json_: JsonOption = False,
) -> None:
    """Take back changes that were made to the library."""
    from pinakes.cli.deciding import take_back

    run(take_back(library, entry, dry_run, json_), json_)


@app.command()
def redo(library: LibraryOption = None, dry_run: DryRunOption = False, json_: JsonOption = False) -> None:
    """Do again what was undone last."""
    from pinakes.cli.deciding import do_again

    run(do_again(library, dry_run, json_), json_)


@app.command()
def history(
    library: LibraryOption = None,
    limit: Annotated[int, typer.Option(min=1, max=500)] = 20,
    json_: JsonOption = False,
) -> None:
    """List the changes made to the library, newest first."""
    from pinakes.cli.deciding import show_history

    run(show_history(library, limit, json_), json_)


@app.command()
def demo(
    library: LibraryOption = None,
    examples: Annotated[Path | None, typer.Option(help="Folder of files to show.")] = None,
) -> None:
    """Build a library from the sample files and ask it five questions."""
    from pinakes.cli.demo import run_demo

    run(run_demo(library, examples))


def main() -> None:
    """Run the `pinakes` command.

    Until it runs everything is being loaded, and stays: searching that for garbage would take a tenth of the time.
    """
    gc.disable()
    app()
