"""Asking the person at the terminal for a yes, and taking changes back."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.text import Text

from pinakes.cli.changes import EDIT_HELP, edited, history_table, show_changes
from pinakes.cli.output import console, emit, report
from pinakes.cli.render import plan_tree
from pinakes.client.chat_session import ChatSessionContext
from pinakes.client.client import Pinakes
from pinakes.core.changes import Change, ChangeSet
from pinakes.core.errors import PinakesError, ValidationError
from pinakes.core.plans import Plan

_ENDS = frozenset({"y", "yes", "ok", "done"})
QUESTION = "[y]es, [n]o, [e]dit, or say what should be different › "


async def decide(screen: Console, session: ChatSessionContext, asked: dict[str, Any]) -> None:
    """Show what waits for a decision and act on the answer; without a terminal it stays open."""
    changes = _shown(screen, asked)
    plan_id = str(asked["plan_id"])
    if not sys.stdin.isatty():
        screen.print(
            f"[yellow]Waiting for your yes:[/] pinakes ask --session {session.session_id} yes", soft_wrap=True
        )
        return
    while True:
        try:
            if await _act(screen, session, plan_id, changes, await _line(QUESTION)):
                return
        except PinakesError as error:
            report(error, as_json=False)


async def take_back(library: Path | None, entry_id: str | None, dry_run: bool, as_json: bool) -> None:
    """Undo a set of changes, the last one unless named. Raises PinakesError."""
    async with Pinakes(library) as client:
        _done(await client.undo(entry_id, dry_run=dry_run), "Taken back", dry_run, as_json)


async def do_again(library: Path | None, dry_run: bool, as_json: bool) -> None:
    """Redo what was undone last. Raises PinakesError."""
    async with Pinakes(library) as client:
        _done(await client.redo(dry_run=dry_run), "Done again", dry_run, as_json)


async def show_history(library: Path | None, limit: int, as_json: bool) -> None:
    """Print what was changed, newest first. Raises PinakesError."""
    async with Pinakes(library) as client:
        entries = await client.history(limit=limit)
    if as_json:
        emit([entry.model_dump(mode="json") for entry in entries])
    elif entries:
        console().print(history_table(entries))
    else:
        console().print("Nothing was changed yet.")


async def _act(
    screen: Console, session: ChatSessionContext, plan_id: str, changes: ChangeSet | None, answer: str | None
) -> bool:
    """Carry out an answer and say whether it was one."""
    word, _, rest = (answer or "").strip().partition(" ")
    match word.lower():
        case "":
            return answer is None
        case "y" | "yes":
            await session.approve_plan(plan_id)
        case "n" | "no":
            await session.cancel_plan(plan_id, reason=rest.strip(" ,") or None)
        case "e" | "edit" if changes is not None:
            await session.edit_plan(plan_id, await _edited(screen, changes))
        case _:
            await session.respond_plan(plan_id, str(answer))
    return True


async def _edited(screen: Console, changes: ChangeSet) -> ChangeSet:
    screen.print(EDIT_HELP, style="dim", markup=False)
    lines: list[str] = []
    while (line := (await _line("edit › ") or "").strip()) and line.casefold() not in _ENDS:
        try:
            edited(changes, [*lines, line])
        except ValidationError as error:
            screen.print(error.message, style="yellow", markup=False)
        else:
            lines.append(line)
    return edited(changes, lines)


def _shown(screen: Console, asked: dict[str, Any]) -> ChangeSet | None:
    screen.print(Text(str(asked.get("description", "")), style="bold"), soft_wrap=True)
    changes = tuple(Change.model_validate(change) for change in asked.get("changes") or ())
    if not changes:
        screen.print(plan_tree(Plan.model_validate(asked["plan"])))
        return None
    show_changes(screen, changes)
    return ChangeSet(plan_id=str(asked["plan_id"]), changes=changes)


def _done(changed: Any, word: str, dry_run: bool, as_json: bool) -> None:
    if as_json:
        emit(changed.model_dump(mode="json"))
        return
    screen = console()
    screen.print(f"[bold]{'Would be changed' if dry_run else word}:[/]")
    show_changes(screen, changed.changes)


async def _line(prompt: str) -> str | None:
    try:
        return await asyncio.to_thread(input, prompt)
    except EOFError:
        return None
