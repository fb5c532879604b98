"""Changes to a library: what is proposed, what was applied, and the way back.

Every change holds the state before and after, so a human sees both, a library that has moved on is noticed, and the
way back is the same change turned round.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from enum import StrEnum

from pydantic import Field

from pinakes.core.files import MediaType
from pinakes.core.value import Value

PROTECTED_TAG = "protected"
"""Files with this tag are never in a set of changes."""

MAX_CHANGES = 5000


class ChangeAction(StrEnum):
    """What a change does, in a word."""

    CREATE_FOLDER = "create_folder"
    RENAME_FOLDER = "rename_folder"
    DELETE_FOLDER = "delete_folder"
    MOVE = "move"
    RENAME = "rename"
    TAG = "tag"
    MERGE = "merge"
    DELETE = "delete"
    RESTORE = "restore"
    ADD = "add"


class FileState(Value):
    """What can be changed of a file; `folder_path` is "" at the root."""

    folder_path: str = ""
    filename: str
    tags: tuple[str, ...] = ()
    deleted: bool = False


class NewContent(Value):
    """The content of a file that a change adds; its bytes are in the blob store already."""

    sha256: str
    size_bytes: int
    content_type: str
    media_type: MediaType
    title: str | None = None


class Change(Value):
    """One change of one file or of one folder.

    Attributes:
        id: Unique in its set.
        before, after: Of the file `file_id`; `before` is None for a file that is added, and never for others.
        folder_before, folder_after: Of a folder, its path; None where it does not exist.
        merged_into: With `merge`, the file that stays.
        why: A few words for the person who decides.
    """

    id: str
    action: ChangeAction
    file_id: str | None = None
    before: FileState | None = None
    after: FileState | None = None
    folder_before: str | None = None
    folder_after: str | None = None
    merged_into: str | None = None
    content: NewContent | None = None
    why: str = ""

    @property
    def deletes(self) -> bool:
        """Whether a file disappears, softly."""
        return bool(self.after and self.after.deleted)

    def turned_round(self) -> Change:
        """Return the change that takes this one back; a file that was added is deleted."""
        before = self.after
        after = self.before
        if self.action is ChangeAction.ADD and self.after:
            after = self.after.model_copy(update={"deleted": True})
        return self.model_copy(
            update={
                "action": _BACK.get(self.action, self.action),
                "before": before,
                "after": after,
                "folder_before": self.folder_after,
                "folder_after": self.folder_before,
                "merged_into": None,
                "content": None,
                "why": "",
            }
        )


class ChangeKind(StrEnum):
    """Whether a set does something new or goes back or forth."""

    APPLY = "apply"
    UNDO = "undo"
    REDO = "redo"


class ChangeSet(Value):
    """Exactly what would be done, in the order it would be done: all of it or nothing.

    Attributes:
        plan_id, change_no: The set's name and its idempotency key: applied once, however often it is asked for.
        snapshot: Hash of all that the set assumes of the library; another one means that the library has moved on.
        entry_id: With undo and redo, the journal entry that is taken back or done again.
        notes: What was left alone and why, for the person who decides.
    """

    plan_id: str
    change_no: int = 1
    kind: ChangeKind = ChangeKind.APPLY
    description: str = ""
    changes: tuple[Change, ...] = Field(default=(), max_length=MAX_CHANGES)
    snapshot: str = ""
    expires_at: datetime | None = None
    entry_id: str | None = None
    notes: tuple[str, ...] = ()

    @property
    def counts(self) -> dict[str, int]:
        """How many changes there are of each action."""
        return dict(Counter(str(change.action) for change in self.changes))

    @property
    def deletes(self) -> bool:
        """Whether any file disappears."""
        return any(change.deletes for change in self.changes)


class JournalEntry(Value):
    """A set that was applied.

    `undone_at` is when it was last taken back, None while it holds; entries of kind undo and redo name in `entry_id`
    what they took back or did again.
    """

    id: str
    plan_id: str
    change_no: int
    kind: ChangeKind
    description: str
    changes: tuple[Change, ...]
    session_id: str | None = None
    applied_at: datetime
    undone_at: datetime | None = None
    entry_id: str | None = None

    @property
    def counts(self) -> dict[str, int]:
        """How many changes there were of each action."""
        return dict(Counter(str(change.action) for change in self.changes))


_BACK = {
    ChangeAction.CREATE_FOLDER: ChangeAction.DELETE_FOLDER,
    ChangeAction.DELETE_FOLDER: ChangeAction.CREATE_FOLDER,
    ChangeAction.MERGE: ChangeAction.RESTORE,
    ChangeAction.DELETE: ChangeAction.RESTORE,
    ChangeAction.RESTORE: ChangeAction.DELETE,
    ChangeAction.ADD: ChangeAction.DELETE,
}
