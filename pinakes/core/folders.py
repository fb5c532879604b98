"""Folders as their resource shows them. Names and fields follow the hosted SDK; ours come last."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import Field

from pinakes.core.display import bundle, table_html
from pinakes.core.listing import Listing
from pinakes.core.user_files import UserFile
from pinakes.core.value import Value


class Folder(Value):
    """A folder; `depth` is 1 at the top, `file_count` and `subfolder_count` are of what is right in it."""

    id: str
    name: str
    depth: int
    parent_id: str | None = None
    file_count: int = 0
    subfolder_count: int = 0
    created_at: datetime | None = None
    updated_at: datetime | None = None
    path: str = ""


class FolderBreadcrumb(Value):
    """One folder on the way from the top."""

    id: str
    name: str
    depth: int


class FolderTree(Listing):
    """All folders, each after the one that holds it."""

    folders: list[Folder] = Field(default_factory=list)

    @property
    def items(self) -> list[Folder]:
        """The folders."""
        return self.folders

    def children(self, folder_id: str | None = None) -> tuple[Folder, ...]:
        """Return the folders right in one, without it those at the top."""
        return tuple(folder for folder in self.folders if folder.parent_id == folder_id)

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        lines = [f"{'  ' * (f.depth - 1)}{f.name} ({f.file_count})" for f in self.folders]
        rows = [(line.replace(" ", "\u00a0"), f.id) for line, f in zip(lines, self.folders, strict=True)]
        return bundle("\n".join(lines) or "no folders", table_html(("folder", "id"), rows))


class FolderContents(Value):
    """What is right in a folder: its folders, and a page of its files."""

    breadcrumbs: list[FolderBreadcrumb] = Field(default_factory=list)
    subfolders: list[Folder] = Field(default_factory=list)
    total_files: int = 0
    has_more_files: bool = False
    folder: Folder | None = None
    files: list[UserFile] = Field(default_factory=list)

    @property
    def items(self) -> list[UserFile]:
        """The files."""
        return self.files


class FolderBreadcrumbs(Listing):
    """The way from the top to a folder, itself included."""

    breadcrumbs: list[FolderBreadcrumb] = Field(default_factory=list)

    @property
    def items(self) -> list[FolderBreadcrumb]:
        """The folders on the way."""
        return self.breadcrumbs


class DeleteFolderResult(Value):
    """What deleting a folder did: files deleted or moved, folders deleted or moved besides it."""

    id: str
    mode: str
    files_affected: int
    subfolders_affected: int
    entry_id: str | None = None


class MoveFilesResult(Value):
    """How many files were moved; those already there are none."""

    moved: int
    total_requested: int
    entry_id: str | None = None
