"""`pinakes chat`, `ask` and `plan`."""

from __future__ import annotations

import asyncio
from pathlib import Path

from rich.console import Console

from pinakes.cli.conversation import converse
from pinakes.cli.output import console, emit, report
from pinakes.cli.render import plan_tree, status_table
from pinakes.client.chat_session import ChatSessionContext
from pinakes.client.client import Pinakes
from pinakes.core.errors import PinakesError
from pinakes.core.uploads import LibraryStatus

_LEAVING = ("/quit", "/exit", "quit", "exit")
HELP = """/plan QUESTION  show which agents would answer
/status         what the library holds
/session        this session's id, to come back with --session
/quit           leave (so does Ctrl-D)"""


async def talk(library: Path | None, session_id: str | None) -> None:
    """Hold a conversation until the user leaves. Raises PinakesError where none can be started."""
    screen = console()
    async with Pinakes(library) as client, client.chat_session(session_id=session_id) as session:
        screen.print(await banner(client))
        while (line := await _read()) is not None:
            if line.casefold() in _LEAVING:
                break
            if line:
                await _answer(screen, client, session, line)
        screen.print(f"[dim]come back with: pinakes chat --session {session.session_id}{_at(library)}[/]")


async def ask_once(library: Path | None, question: str, session_id: str | None, as_json: bool) -> None:
    """Answer one question. Raises PinakesError."""
    async with Pinakes(library) as client, client.chat_session(session_id=session_id) as session:
        if as_json:
            response = await session.send(question)
            emit(response.model_dump(mode="json") | {"resolved_content": response.resolved_content})
        else:
            await converse(console(), session, question)


async def show_plan(library: Path | None, question: str, history: list[str], as_json: bool) -> None:
    """Print a compiled plan. Raises PinakesError."""
    async with Pinakes(library) as client:
        plan = await client.plan(question, history=history)
    if as_json:
        emit(plan.model_dump(mode="json"))
    else:
        console().print(plan_tree(plan))


async def banner(client: Pinakes) -> str:
    """Return the line that says what answers here."""
    status = await client.status()
    held = ", ".join(f"{n} {kind}s" for kind, n in status.counts.items()) or "nothing yet"
    return f"[bold]Pinakes[/] · {held} · [dim]{_writes(status)}; {_sees(status)} · /help[/]"


def _writes(status: LibraryStatus) -> str:
    if status.writer == "local":
        return "the local writer answers with sentences from your files"
    return f"{status.writer} writes the answers"


def _sees(status: LibraryStatus) -> str:
    if status.vision is None and status.image_embedder is not None:
        return "without a vision model it finds pictures by their looks, but cannot tell what they show"
    if status.vision is None:
        return "without a vision model it cannot see what pictures show"
    return f"{status.vision} looks at pictures"


async def _answer(screen: Console, client: Pinakes, session: ChatSessionContext, line: str) -> None:
    try:
        await _dispatch(screen, client, session, line)
    except PinakesError as error:
        report(error, as_json=False)


async def _dispatch(screen: Console, client: Pinakes, session: ChatSessionContext, line: str) -> None:
    command, _, rest = line.partition(" ")
    match command:
        case "/help":
            screen.print(HELP)
        case "/status":
            screen.print(status_table(await client.status()))
        case "/session":
            screen.print(session.session_id)
        case "/plan":
            asked = [m.content for m in await session.get_messages() if m.role == "user"]
            screen.print(plan_tree(await client.plan(rest, history=asked)))
        case _:
            await converse(screen, session, line)


async def _read() -> str | None:
    try:
        return (await asyncio.to_thread(input, "\n› ")).strip()
    except EOFError:
        return None


def _at(library: Path | None) -> str:
    return f" --library {library}" if library else ""
