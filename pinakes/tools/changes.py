"""Changes of files and folders, made from records: what is so now, and what would be."""

from __future__ import annotations

from collections.abc import Iterable

from pinakes.core.changes import Change, ChangeAction, FileState
from pinakes.core.files import FileRecord
from pinakes.library.names import distinct_tags, folded, is_protected, levels_above


def state_of(file: FileRecord) -> FileState:
    """Return what can be changed of a file, as it is."""
    return FileState(
        folder_path=file.folder_path,
        filename=file.filename,
        tags=file.tags,
        deleted=file.deleted_at is not None,
    )


class ChangeList:
    """Changes in the order in which they would be done; what would change nothing is not taken in.

    Folders that a move needs are created first. Protected files are refused and remembered in `protected`.

    Args:
        folders: Paths of the folders there are.
    """

    def __init__(self, folders: Iterable[str]) -> None:
        self._paths = {folded(path): path for path in folders}
        self._changes: list[Change] = []
        self._states: dict[str, FileState] = {}
        self.protected: dict[str, FileRecord] = {}

    @property
    def changes(self) -> tuple[Change, ...]:
        """All of them, in order."""
        return tuple(self._changes)

    @property
    def file_ids(self) -> tuple[str, ...]:
        """The files that change, each once."""
        return tuple(dict.fromkeys(c.file_id for c in self._changes if c.file_id))

    @property
    def new_folders(self) -> tuple[str, ...]:
        """The folders that would be created."""
        return tuple(
            c.folder_after for c in self._changes if c.action is ChangeAction.CREATE_FOLDER and c.folder_after
        )

    def create_folder(self, path: str, *, why: str = "") -> str:
        """Create a folder and those above it, unless they are there; return its path as it is then written."""
        written = ""
        for level in (*levels_above(path), path):
            name = level.rsplit("/", 1)[-1]
            wanted = f"{written}/{name}" if written else name
            if folded(wanted) not in self._paths:
                self._paths[folded(wanted)] = wanted
                self._add(ChangeAction.CREATE_FOLDER, folder_after=wanted, why=why)
            written = self._paths[folded(wanted)]
        return written

    def rename_folder(self, path: str, to: str, *, why: str = "") -> None:
        """Give a folder another path; what lies in it goes along."""
        self._add(ChangeAction.RENAME_FOLDER, folder_before=path, folder_after=to, why=why)

    def delete_folder(self, path: str, *, why: str = "") -> None:
        """Delete a folder that is empty when its turn comes."""
        self._add(ChangeAction.DELETE_FOLDER, folder_before=path, why=why)

    def move(self, file: FileRecord, folder_path: str, *, why: str = "") -> None:
        """Move a file into a folder, "" for the root."""
        if self._refuses(file) or folded(folder_path) == folded(file.folder_path):
            return
        place = self.create_folder(folder_path) if folder_path else ""
        self._change(ChangeAction.MOVE, file, why=why, folder_path=place)

    def rename(self, file: FileRecord, filename: str, *, why: str = "") -> None:
        """Give a file another name."""
        if not self._refuses(file) and filename != file.filename:
            self._change(ChangeAction.RENAME, file, why=why, filename=filename)

    def tag(
        self, file: FileRecord, *, add: Iterable[str] = (), remove: Iterable[str] = (), why: str = ""
    ) -> None:
        """Put tags on a file and take others off."""
        gone = {folded(tag) for tag in remove}
        kept = [tag for tag in file.tags if folded(tag) not in gone]
        tags = tuple(distinct_tags([*kept, *add]).values())
        if not self._refuses(file) and tags != file.tags:
            self._change(ChangeAction.TAG, file, why=why, tags=tags)

    def merge(self, file: FileRecord, keeper: FileRecord, *, why: str = "") -> None:
        """Let a file go for another that stays."""
        if not self._refuses(file):
            self._change(ChangeAction.MERGE, file, why=why, merged_into=keeper.id, deleted=True)

    def delete(self, file: FileRecord, *, why: str = "") -> None:
        """Delete a file, softly."""
        if not self._refuses(file):
            self._change(ChangeAction.DELETE, file, why=why, deleted=True)

    def restore(self, file: FileRecord, *, why: str = "") -> None:
        """Bring a deleted file back."""
        if not self._refuses(file):
            self._change(ChangeAction.RESTORE, file, why=why, deleted=False)

    def _refuses(self, file: FileRecord) -> bool:
        if is_protected(file.tags):
            self.protected[file.id] = file
            return True
        return False

    def _change(
        self,
        action: ChangeAction,
        file: FileRecord,
        *,
        why: str,
        merged_into: str | None = None,
        **fields: object,
    ) -> None:
        before = self._states.get(file.id, state_of(file))
        after = before.model_copy(update=fields)
        self._states[file.id] = after
        self._add(action, file_id=file.id, before=before, after=after, merged_into=merged_into, why=why)

    def _add(self, action: ChangeAction, **fields: object) -> None:
        change = Change.model_validate({"id": f"c{len(self._changes) + 1}", "action": action, **fields})
        self._changes.append(change)
