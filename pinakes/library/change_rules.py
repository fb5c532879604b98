"""What a set of changes may be, whatever the library holds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pinakes.core.changes import Change, ChangeAction, ChangeKind, ChangeSet, FileState
from pinakes.core.errors import ChangeError, LibraryMovedOnError
from pinakes.library.names import MAX_NAME, distinct_tags, filename_problem, folded, path_problem

FOLDER_ACTIONS = frozenset(
    {ChangeAction.CREATE_FOLDER, ChangeAction.RENAME_FOLDER, ChangeAction.DELETE_FOLDER}
)
_MAY_CHANGE = {
    ChangeAction.MOVE: {"folder_path", "filename"},
    ChangeAction.RENAME: {"filename"},
    ChangeAction.TAG: {"tags"},
    ChangeAction.MERGE: {"deleted"},
    ChangeAction.DELETE: {"deleted"},
    ChangeAction.RESTORE: {"deleted", "folder_path", "filename"},
}
_HAS_FOLDERS = {
    ChangeAction.CREATE_FOLDER: (False, True),
    ChangeAction.RENAME_FOLDER: (True, True),
    ChangeAction.DELETE_FOLDER: (True, False),
}


@dataclass(frozen=True)
class Fault:
    """Why a change cannot be done; `moved_on`: because of what the library holds, not because of a rule."""

    change: Change
    problem: str
    moved_on: bool = False

    def as_detail(self) -> dict[str, Any]:
        """Return the fault as errors carry it."""
        about = {
            "file_id": self.change.file_id,
            "folder": self.change.folder_before or self.change.folder_after,
        }
        named = {key: value for key, value in about.items() if value is not None}
        return {"change_id": self.change.id, "problem": self.problem, **named}


def refuse(faults: Sequence[Fault], *, moved_on: bool) -> None:
    """Raise for the faults, if there are any.

    Args:
        moved_on: Whether the set fitted once, so that it is the library that moved on.

    Raises:
        LibraryMovedOnError: The set fitted once and breaks no rule.
        ChangeError: It breaks one, or never fitted.
    """
    if not faults:
        return
    problems = [fault.as_detail() for fault in faults]
    first = faults[0].problem
    if moved_on and all(fault.moved_on for fault in faults):
        raise LibraryMovedOnError(
            f"The library has moved on, so nothing was changed: {first} Ask for the changes again.",
            conflicts=problems,
            problems=problems,
        )
    raise ChangeError(f"The changes cannot be made: {first}", problems=problems)


def rule_faults(changes: ChangeSet) -> list[Fault]:
    """Return what is wrong with a set by itself: broken shapes, forbidden names, contradictions."""
    broken = [Fault(change, problem) for change in changes.changes if (problem := shape_problem(change))]
    return broken or [*_repeated_ids(changes.changes), *_contradictions(changes)]


def shape_problem(change: Change) -> str | None:
    """Return what is wrong with a change by itself, None if nothing is."""
    if not change.id:
        return "Every change needs an id."
    if change.action in FOLDER_ACTIONS:
        return _folder_problem(change)
    if change.file_id is None or change.after is None or change.folder_before or change.folder_after:
        return f"To {_verb(change)} needs a file and its state afterwards, and no folder."
    if change.action is ChangeAction.ADD:
        return _add_problem(change, change.after)
    if change.before is None or change.content is not None:
        return f"To {_verb(change)} needs the file's state before."
    return _file_problem(change, change.before, change.after)


def changed_fields(before: FileState, after: FileState) -> set[str]:
    """Return the names of the fields that differ."""
    return {name for name in FileState.model_fields if getattr(before, name) != getattr(after, name)}


def _folder_problem(change: Change) -> str | None:
    given = (change.folder_before is not None, change.folder_after is not None)
    if given != _HAS_FOLDERS[change.action] or change.file_id is not None:
        return f"To {_verb(change)} needs just the folder's path before or after."
    if not (change.folder_before or change.folder_after):
        return "The root is no folder that can be changed."
    if change.folder_after is None:
        return None
    return path_problem(change.folder_after) if change.folder_after else "A folder needs a name."


def _add_problem(change: Change, after: FileState) -> str | None:
    if change.before is not None or change.content is None or after.deleted:
        return "A file that is added has content, and no state before."
    return filename_problem(after.filename) or _path_problem(after) or _tags_problem(after)


def _file_problem(change: Change, before: FileState, after: FileState) -> str | None:
    changed = changed_fields(before, after)
    if not changed <= _MAY_CHANGE[change.action]:
        return f"To {_verb(change)} a file changes nothing else of it: make other changes of their own."
    if "deleted" in changed and after.deleted == (change.action is ChangeAction.RESTORE):
        return f"To {_verb(change)} a file does not {'delete' if after.deleted else 'restore'} it."
    if before.deleted and change.action is not ChangeAction.RESTORE:
        return f"A deleted file can only be restored: “{before.filename}”."
    if (change.merged_into is not None) != (change.action is ChangeAction.MERGE):
        return "A merge, and only that, names the file that stays."
    if change.merged_into == change.file_id and change.merged_into:
        return "A file cannot be merged into itself."
    problem = filename_problem(after.filename) if "filename" in changed else None
    problem = problem or (_path_problem(after) if "folder_path" in changed else None)
    return problem or (_tags_problem(after) if "tags" in changed else None)


def _path_problem(state: FileState) -> str | None:
    return path_problem(state.folder_path) if state.folder_path else None


def _tags_problem(state: FileState) -> str | None:
    if tuple(distinct_tags(state.tags).values()) != state.tags:
        return "Tags are words without spaces around them, each once."
    if any(len(tag) > MAX_NAME or not tag.isprintable() for tag in state.tags):
        return f"Tags are printable and have at most {MAX_NAME} characters."
    return None


def _verb(change: Change) -> str:
    return change.action.value.replace("_", " a ")


def _repeated_ids(changes: Sequence[Change]) -> Iterator[Fault]:
    seen: set[str] = set()
    for change in changes:
        if change.id in seen:
            yield Fault(change, f"Two changes have the id {change.id}.")
        seen.add(change.id)


def _contradictions(changes: ChangeSet) -> Iterator[Fault]:
    done: set[tuple[str, str]] = set()
    gone = {change.file_id for change in changes.changes if change.deletes}
    for change in changes.changes:
        if change.file_id is None or change.before is None or change.after is None:
            continue
        marks = {(change.file_id, mark) for mark in _marks(change.before, change.after)}
        alone = changes.kind is not ChangeKind.APPLY or change.deletes or change.file_id not in gone
        if marks & done or not alone:
            yield Fault(change, f"Two changes of “{change.before.filename}” contradict each other.")
        if change.merged_into in gone and change.merged_into:
            yield Fault(change, f"The file that “{change.before.filename}” is merged into goes, too.")
        done |= marks


def _marks(before: FileState, after: FileState) -> Iterator[str]:
    """Name what a change touches: tags one by one, so that several changes may each set another one."""
    yield from changed_fields(before, after) - {"tags"}
    tagged = {folded(tag) for tag in before.tags} ^ {folded(tag) for tag in after.tags}
    yield from (f"tag {tag}" for tag in tagged)
