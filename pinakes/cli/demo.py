"""`pinakes demo`: the sample files, five questions, and the command to go on with."""

from __future__ import annotations

import shlex
import shutil
import sys
import time
from pathlib import Path

from rich.console import Console
from rich.rule import Rule

from pinakes.cli.adding import show_results, upload_with_progress
from pinakes.cli.conversation import converse
from pinakes.cli.output import SOME_FAILED, console
from pinakes.cli.talking import banner
from pinakes.client.client import Pinakes
from pinakes.core.errors import PathError

QUESTIONS = (
    "What torque do the coupling bolts of the HX-250 need?",
    "Show me the photo of the P-104 discharge gauge from March and tell me from the incident report"
    " how long the pump went on running.",
    "And what did that cost us in the end?",
    "How many photos did we take in each month of 2025?",
    "Which of those are blurred?",
)


async def run_demo(library: Path | None, examples: Path | None) -> int:
    """Take the samples in, ask five questions in one session, and say how to go on.

    Raises:
        PathError: The sample files are not there.
    """
    screen, folder = console(), library or Path(".demo/library")
    source = examples or sample_folder()
    started = time.perf_counter()
    async with Pinakes(folder) as client:
        screen.print(f"[bold]Taking in[/] {source}")
        results = await upload_with_progress(screen, client, [source], into="")
        show_results(screen, results)
        screen.print(await banner(client))
        await _ask(screen, client)
    screen.print(Rule(style="dim"))
    screen.print(f"Files and answers took {time.perf_counter() - started:.0f} s. Go on with:")
    screen.print(f"  {_command()} chat --library {shlex.quote(str(folder))}", soft_wrap=True)
    return SOME_FAILED if results.has_failures else 0


def sample_folder() -> Path:
    """Return the sample files of a source checkout. Raises PathError."""
    for start in (Path.cwd(), Path(__file__).resolve().parents[2]):
        if (start / "examples" / "library").is_dir():
            return start / "examples" / "library"
    raise PathError("The sample files come with the source repository; name a folder with --examples.")


async def _ask(screen: Console, client: Pinakes) -> None:
    async with client.chat_session(title="Demo") as session:
        for question in QUESTIONS:
            screen.print(f"\n[bold green]› {question}[/]")
            await converse(screen, session, question)


def _command() -> str:
    """Return what starts this program again from here, also when its folder is not on PATH."""
    program = Path(sys.argv[0])
    if shutil.which("pinakes") and Path(str(shutil.which("pinakes"))).resolve() == program.resolve():
        return "pinakes"
    try:
        return shlex.quote(str(program.absolute().relative_to(Path.cwd())))
    except ValueError:
        return shlex.quote(str(program))
