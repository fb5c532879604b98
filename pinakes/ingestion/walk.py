"""Finding the files below a folder, and the library folders they belong in."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pinakes.core.errors import PathError

MAX_DEPTH = 10
"""Folder levels a library keeps; files below the tenth stay in the tenth."""


@dataclass(frozen=True)
class FoundFile:
    """A file below a folder and the library folder that mirrors its place."""

    path: Path
    folder_path: str


def walk(
    root: Path, *, base: str | None = None, recursive: bool = True, include_hidden: bool = False
) -> Iterator[FoundFile]:
    """Yield the files below a folder by name; links to folders are not followed.

    A folder within that cannot be read is yielded itself, so that taking it in fails and says why.

    Args:
        base: The library folder that `root` becomes; None takes its own name.

    Raises:
        PathError: The folder cannot be read.
    """
    if not os.access(root, os.R_OK | os.X_OK):
        raise PathError(f"The folder {root} cannot be read; check its permissions.", path=str(root))
    top = root.resolve().name if base is None else base
    for folder, inner, names in os.walk(root):
        inner[:] = (
            sorted(name for name in inner if include_hidden or not name.startswith(".")) if recursive else []
        )
        place = _place(top, Path(folder).relative_to(root))
        for shut in filter(_is_shut, (Path(folder) / name for name in inner)):
            yield FoundFile(shut, place)
        for name in sorted(names):
            if include_hidden or not name.startswith("."):
                yield FoundFile(Path(folder) / name, place)


def _is_shut(folder: Path) -> bool:
    return not folder.is_symlink() and not os.access(folder, os.R_OK | os.X_OK)


def _place(top: str, inner: Path) -> str:
    levels = [level for level in (*top.split("/"), *inner.parts) if level]
    return "/".join(levels[:MAX_DEPTH])
