"""How changes look in a terminal: a numbered diff, and the small language in which it is edited."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from pinakes.core.changes import Change, ChangeAction, ChangeSet, FileState, JournalEntry
from pinakes.core.errors import ValidationError

SHOWN = 200
"""Changes of one set that are listed; the rest are counted."""

EDIT_HELP = """Leave changes out by their numbers: drop 2, 5-7
Send a file elsewhere: 3 > Folder/Subfolder
Give it another name: 3 = new name.pdf
An empty line or “done” ends the editing, and what is left is carried out."""

_COLOURS = {
    ChangeAction.CREATE_FOLDER: "green",
    ChangeAction.ADD: "green",
    ChangeAction.RESTORE: "green",
    ChangeAction.DELETE_FOLDER: "red",
    ChangeAction.DELETE: "red",
    ChangeAction.MERGE: "red",
}
_DROP = re.compile(r"drop\s+(?P<numbers>[\d\s,–-]+)$", re.IGNORECASE)
_SEND = re.compile(r"(?P<number>\d+)\s*>\s*(?P<folder>.*)$")
_NAME = re.compile(r"(?P<number>\d+)\s*=\s*(?P<name>.+)$")


def show_changes(console: Console, changes: Sequence[Change], notes: Iterable[str] = ()) -> None:
    """Print a set of changes as a numbered diff, and what was left alone."""
    names = {change.file_id: change.before.filename for change in changes if change.before}
    for number, change in enumerate(changes[:SHOWN], 1):
        line = Text(f"{number:>4}  ", style="dim")
        line.append(diff_line(change, names), style=_COLOURS.get(change.action, ""))
        console.print(line, soft_wrap=True)
    if len(changes) > SHOWN:
        console.print(f"      … and {len(changes) - SHOWN} more", style="dim")
    for note in notes:
        console.print(Text(f"      {note}", style="dim italic"), soft_wrap=True)


def diff_line(change: Change, names: dict[str | None, str]) -> str:
    """Return one change as before and after."""
    if change.file_id is None:
        return _folder_line(change)
    if change.before is None or change.after is None:
        return f"+ {_path(change.after or change.before)}"
    if change.action is ChangeAction.MERGE:
        kept = names.get(change.merged_into, "the one that stays")
        return f"- {_path(change.before)}  ({change.why or f'a copy of {kept}'})"
    if change.before.deleted != change.after.deleted:
        return f"{'-' if change.after.deleted else '+'} {_path(change.before)}"
    return f"~ {_difference(change.before, change.after)}"


def edited(changes: ChangeSet, lines: Iterable[str]) -> ChangeSet:
    """Return the set as these lines of the editing language change it. Raises ValidationError."""
    kept: dict[int, Change] = dict(enumerate(changes.changes, 1))
    for line in filter(None, map(str.strip, lines)):
        _edit(kept, line)
    return changes.model_copy(update={"changes": _needed(list(kept.values()))})


def history_table(entries: Iterable[JournalEntry]) -> Table:
    """Return the journal as a table, newest first."""
    table = Table(box=None, pad_edge=False)
    for column in ("entry", "when", "what", "changes", ""):
        table.add_column(column, overflow="fold")
    for entry in entries:
        counts = ", ".join(f"{n} {name}" for name, n in entry.counts.items())
        state = "taken back" if entry.undone_at else str(entry.kind) if entry.entry_id else ""
        when = entry.applied_at.strftime("%Y-%m-%d %H:%M")
        table.add_row(entry.id, when, Text(entry.description), counts, state)
    return table


def _edit(kept: dict[int, Change], line: str) -> None:
    if match := _DROP.fullmatch(line):
        for number in _numbers(match["numbers"]):
            _numbered(kept, number)
            del kept[number]
    elif match := _SEND.fullmatch(line):
        _alter(kept, int(match["number"]), "folder_path", match["folder"].strip().strip("/"))
    elif match := _NAME.fullmatch(line):
        _alter(kept, int(match["number"]), "filename", match["name"].strip())
    else:
        raise ValidationError(f"“{line}” is not understood. {' '.join(EDIT_HELP.splitlines()[:3])}")


def _alter(kept: dict[int, Change], number: int, field: str, value: str) -> None:
    change = _numbered(kept, number)
    if change.after is None:
        raise ValidationError(f"Change {number} is of a folder; only files can be sent elsewhere or renamed.")
    after = change.after.model_copy(update={field: value})
    kept[number] = change.model_copy(update={"after": after})


def _numbered(kept: dict[int, Change], number: int) -> Change:
    if number not in kept:
        raise ValidationError(f"There is no change {number} in the list.")
    return kept[number]


def _numbers(text: str) -> list[int]:
    numbers: list[int] = []
    for part in re.split(r"[\s,]+", re.sub(r"\s*[–-]\s*", "-", text.strip())):
        first, _, last = part.partition("-")
        if first.isdigit() and (not last or last.isdigit()):
            numbers += range(int(first), int(last or first) + 1)
        elif part:
            raise ValidationError(f"“{part}” is no number in the list.")
    return list(dict.fromkeys(numbers))


def _needed(changes: Sequence[Change]) -> tuple[Change, ...]:
    """Drop new folders that nothing goes into any more, unless the set only makes folders."""
    targets = [c.after.folder_path for c in changes if c.after and not c.after.deleted]
    if not targets:
        return tuple(changes)
    used = {path for target in targets for path in _with_parents(target)}
    return tuple(c for c in changes if c.action is not ChangeAction.CREATE_FOLDER or c.folder_after in used)


def _with_parents(path: str) -> list[str]:
    names = path.split("/")
    return ["/".join(names[:n]) for n in range(1, len(names) + 1)]


def _folder_line(change: Change) -> str:
    if change.folder_before is None:
        return f"+ {change.folder_after}/"
    if change.folder_after is None:
        return f"- {change.folder_before}/"
    return f"~ {change.folder_before}/ → {change.folder_after}/"


def _difference(before: FileState, after: FileState) -> str:
    parts = [_path(before)]
    if (before.folder_path, before.filename) != (after.folder_path, after.filename):
        parts.append(f"→ {_path(after)}")
    gone = [tag for tag in before.tags if tag not in after.tags]
    new = [tag for tag in after.tags if tag not in before.tags]
    parts += [f"-#{tag}" for tag in gone] + [f"+#{tag}" for tag in new]
    return " ".join(parts)


def _path(state: FileState | None) -> str:
    if state is None:
        return ""
    return f"{state.folder_path}/{state.filename}" if state.folder_path else state.filename
