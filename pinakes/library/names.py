"""Names of folders, files and tags: what is allowed, and when two are the same."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

from pinakes.core.changes import PROTECTED_TAG
from pinakes.core.errors import ValidationError

MAX_DEPTH = 10
MAX_NAME = 255
_UNSEEN = {"Cc", "Cs", "Zl", "Zp"}
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Characters that show a name's ending somewhere else."""


def folded(text: str) -> str:
    """Return a text in the form in which case and composition make no difference."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())


def folder_names(path: str) -> tuple[str, ...]:
    """Return the names in a folder path, root first; () is the root. Raises ValidationError."""
    names = _names(path)
    if len(names) > MAX_DEPTH:
        raise ValidationError(
            f"Folders may be {MAX_DEPTH} deep and this path has {len(names)}: choose a flatter place.",
            path=path,
        )
    for name in names:
        _check_name(name, path)
    return names


def tidy_path(path: str) -> str:
    """Return a folder path as the catalog writes it, whether or not it is allowed."""
    return "/".join(_names(path))


def path_problem(path: str) -> str | None:
    """Return why there can be no folder at this path, None if there can."""
    try:
        names = folder_names(path)
    except ValidationError as error:
        return error.message
    return None if path == "/".join(names) else "A folder's path is its names joined by '/': write it so."


def filename_problem(name: str) -> str | None:
    """Return why a file cannot be called this, None if it can."""
    if not 1 <= len(name) <= MAX_NAME:
        return f"A file's name has 1 to {MAX_NAME} characters."
    if name in {".", ".."} or name != name.strip() or not name.isprintable():
        return "A file's name must be printable and not '.' or '..'."
    if "/" in name or "\\" in name:
        return "A file's name has no slashes: move the file to put it in a folder."
    return None


def kept_name(filename: str) -> str:
    """Return the name a file is kept under: the last part of a path, with "_" for what a line cannot show.

    Raises ValidationError where nothing is left of it, or more than 255 characters.
    """
    last = PurePosixPath(filename.replace("\\", "/")).name
    name = "".join("_" if _is_unseen(c) else c for c in last).strip()
    if not 1 <= len(name) <= MAX_NAME or name == "..":
        raise ValidationError(
            f"A file's name has 1 to {MAX_NAME} characters: rename it.", filename=storable(filename)[:300]
        )
    return name


def storable(text: str) -> str:
    """Return a text that is valid Unicode; a path of the file system need not be."""
    return text.encode(errors="replace").decode()


def levels_above(path: str) -> Iterator[str]:
    """Yield the paths of the folders that hold this one, outermost first."""
    names = path.split("/")
    return ("/".join(names[:n]) for n in range(1, len(names)))


def parent_of(path: str) -> str:
    """Return the path of the folder that holds this one, "" for the root."""
    return path.rpartition("/")[0]


def is_below(path: str, top: str) -> bool:
    """Return whether a path is a folder's or below it; everything is below the root."""
    return not top or path == top or path.startswith(f"{top}/")


def distinct_tags(tags: Iterable[str]) -> dict[str, str]:
    """Return tags in order by their folded form; of two that differ in case alone, the first."""
    names: dict[str, str] = {}
    for tag in filter(None, map(str.strip, tags)):
        names.setdefault(folded(tag), tag)
    return names


def is_protected(tags: Iterable[str]) -> bool:
    """Return whether these tags keep a file out of every set of changes."""
    return PROTECTED_TAG in map(folded, tags)


def _is_unseen(character: str) -> bool:
    return character in _TURNING or unicodedata.category(character) in _UNSEEN


def _names(path: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in unicodedata.normalize("NFC", path).split("/") if part.strip())


def _check_name(name: str, path: str) -> None:
    if len(name) > MAX_NAME:
        raise ValidationError(f"A folder's name may have {MAX_NAME} characters: shorten it.", path=path)
    if name in {".", ".."} or not name.isprintable():
        raise ValidationError("A folder's name must be printable and not '.' or '..': rename it.", path=path)
