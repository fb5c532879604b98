"""Saying in words what changes would do and what they did."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from pinakes.core.changes import Change, ChangeAction, ChangeKind, ChangeSet, JournalEntry
from pinakes.core.plans import Plan

FEW = 3
BACK = "Say “undo that” to take it back."
NOTHING_CHANGED = "Nothing was changed."
NOTHING_LEFT = "Nothing was changed: there is nothing left to do, the library has it so already."
EXPIRED = "Nothing was changed: the proposal waited too long for its decision. Ask again to get a new one."
NOTHING_RUN = "Nothing was done, as you wished."
KEPT_DELETIONS = "Nothing was deleted: deleting always needs your yes."


def proposed(changes: ChangeSet) -> str:
    """Return a proposal in words: "Create 2 folders and move 7 files (4 to Travel, 3 to Receipts)."."""
    return " ".join([summarised(changes), *_notes(changes.notes)])


def summarised(changes: ChangeSet) -> str:
    """Return what a set would do in one sentence, without what it leaves alone."""
    return _clauses(changes.changes, _WILL[changes.kind], done=False)


def done(entry: JournalEntry, notes: Sequence[str] = ()) -> str:
    """Return what was applied, and how to take it back."""
    way_back = () if entry.kind is ChangeKind.UNDO else (BACK,)
    return " ".join([_clauses(entry.changes, _DID[entry.kind], done=True), *_notes(notes), *way_back])


def planned(plan: Plan) -> str:
    """Return a plan in words, a step a line."""
    steps = [f"{number}. {step.agent}: {step.intent}" for number, step in enumerate(plan.steps, 1)]
    return "\n".join([f"Run {_amount(len(steps), 'step')}:", *steps])


def rejected(reason: str | None) -> str:
    """Return that nothing was done, with the person's reason."""
    words = (reason or "").strip()
    return f"{NOTHING_CHANGED} You said: “{words}”" if words else NOTHING_CHANGED


def still_waiting(descriptions: Sequence[str]) -> str:
    """Return a reminder of what nobody has decided yet."""
    told = [description.splitlines()[0].rstrip(".:") for description in descriptions]
    return f"Still waiting for your yes: {'; '.join(told)}."


def _clauses(changes: Sequence[Change], lead: str, *, done: bool) -> str:
    parts = []
    for action, (will, did, noun) in _VERBS.items():
        of_kind = [change for change in changes if change.action is action]
        if of_kind:
            parts.append(f"{did if done else will} {_amount(len(of_kind), noun)}{_detail(action, of_kind)}")
    text = _listed([part[:1].lower() + part[1:] for part in parts])
    return f"{lead}{text}." if lead else f"{text[:1].upper()}{text[1:]}."


def _detail(action: ChangeAction, changes: Sequence[Change]) -> str:
    if action in (ChangeAction.MOVE, ChangeAction.ADD):
        return _targets(changes)
    names = [_name(action, change) for change in changes]
    return f" ({', '.join(names)})" if len(names) <= FEW else ""


def _targets(changes: Sequence[Change]) -> str:
    """Return where files go: one folder, or how many go to each of the largest."""
    counts = Counter(change.after.folder_path or "the top level" for change in changes if change.after)
    few = f" ({', '.join(_filename(change) for change in changes)})" if len(changes) <= FEW else ""
    if len(counts) == 1:
        return f" to {next(iter(counts))}{few}"
    told = [f"{count} to {folder}" for folder, count in counts.most_common(FEW * 2)]
    rest = len(counts) - len(told)
    more = [f"the others to {_amount(rest, 'more folder')}"] if rest else []
    return f" ({', '.join([*told, *more])})"


def _name(action: ChangeAction, change: Change) -> str:
    if change.file_id is None:
        names = [path for path in (change.folder_before, change.folder_after) if path]
        return " → ".join(names)
    if action is ChangeAction.RENAME and change.before and change.after:
        return f"{change.before.filename} → {change.after.filename}"
    if action is ChangeAction.TAG and change.before and change.after:
        gained = [f"+{tag}" for tag in change.after.tags if tag not in change.before.tags]
        lost = [f"-{tag}" for tag in change.before.tags if tag not in change.after.tags]
        return " ".join([_filename(change), *gained, *lost])
    return _filename(change)


def _filename(change: Change) -> str:
    state = change.after or change.before
    return state.filename if state else change.id


def _notes(notes: Iterable[str]) -> list[str]:
    return [note if note.endswith((".", "!", "?", "。")) else f"{note}." for note in notes]


def _amount(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'s' * (number != 1)}"


def _listed(parts: Sequence[str]) -> str:
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} and {parts[-1]}"


_VERBS = {
    ChangeAction.CREATE_FOLDER: ("create", "created", "folder"),
    ChangeAction.RENAME_FOLDER: ("rename", "renamed", "folder"),
    ChangeAction.ADD: ("save", "saved", "new file"),
    ChangeAction.MOVE: ("move", "moved", "file"),
    ChangeAction.RENAME: ("rename", "renamed", "file"),
    ChangeAction.TAG: ("tag", "tagged", "file"),
    ChangeAction.MERGE: ("merge", "merged", "duplicate"),
    ChangeAction.RESTORE: ("restore", "restored", "file"),
    ChangeAction.DELETE: ("delete", "deleted", "file"),
    ChangeAction.DELETE_FOLDER: ("remove", "removed", "folder"),
}
_WILL = {ChangeKind.APPLY: "", ChangeKind.UNDO: "Take it back: ", ChangeKind.REDO: "Do it again: "}
_DID = {ChangeKind.APPLY: "", ChangeKind.UNDO: "Taken back: ", ChangeKind.REDO: "Done again: "}
