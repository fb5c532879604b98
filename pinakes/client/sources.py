"""What callers may upload: paths, folders, patterns, bytes and open files, found and named."""

from __future__ import annotations

import glob
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from pinakes.core.errors import PathError, PinakesError, ValidationError
from pinakes.core.uploads import DescriptionStatus, UploadResult
from pinakes.ingestion.admission import MAX_FILE_BYTES
from pinakes.ingestion.walk import FoundFile, walk
from pinakes.library.names import MAX_NAME, kept_name, storable

Source = str | Path | bytes | IO[bytes]


@dataclass(frozen=True)
class Item:
    """One file to take in, and where it goes."""

    source: Path | bytes
    filename: str
    folder_path: str = ""

    @property
    def size(self) -> int:
        """Its size in bytes; 0 where it cannot be known."""
        if isinstance(self.source, bytes):
            return len(self.source)
        try:
            return self.source.stat().st_size
        except OSError:
            return 0

    @property
    def origin(self) -> str | None:
        """The path it comes from."""
        return None if isinstance(self.source, bytes) else str(self.source)


def one_item(source: Source, filename: str | None, folder_path: str) -> Item:
    """Return a single file. Raises ValidationError where it has no name, or is no file at all."""
    content, name = _read(source)
    name = filename or name
    if not name:
        raise ValidationError("Bytes need a filename; its ending helps to tell what they are.")
    return Item(content, kept_name(name), folder_path)


def all_items(
    files: Source | Sequence[Source],
    filenames: Sequence[str] | None = None,
    *,
    base: str | None = None,
    recursive: bool = True,
    include_hidden: bool = False,
) -> list[Item | UploadResult]:
    """Return every file that sources stand for; one that cannot be had is a failed result in its place.

    Args:
        base: The library folder they go to; None puts files at the top and folders under their own names.

    Raises:
        ValidationError: There is not one filename for each source.
        PathError: A folder cannot be read.
    """
    sources: list[Source] = list(files) if isinstance(files, (list, tuple)) else _single(files)
    names = list(filenames) if filenames else [None] * len(sources)
    if len(names) != len(sources):
        raise ValidationError("Give one filename for each file.", files=len(sources), filenames=len(names))
    found: list[Item | UploadResult] = []
    for source, name in zip(sources, names, strict=True):
        for part in _matching(source):
            if isinstance(part, (str, Path)) and _is_folder(_expanded(part)):
                below = walk(_expanded(part), base=base, recursive=recursive, include_hidden=include_hidden)
                found += [_inside(file, _expanded(part)) for file in below]
            else:
                found.append(_checked(part, name, base or ""))
    return found


def refused(filename: str, source: str | None, error: PinakesError) -> UploadResult:
    """Return the result of a file that could not be taken in."""
    return UploadResult(
        image_id="",
        filename=storable(filename)[:MAX_NAME],
        description_status=DescriptionStatus.FAILED,
        created_at=datetime.now(UTC),
        description_error=storable(error.message),
        description_error_type=error.code,
        description_is_retryable=error.retryable,
        source=storable(source) if source else None,
    )


def _single(files: Any) -> list[Source]:
    if isinstance(files, (str, bytes, Path)) or hasattr(files, "read"):
        return [files]
    try:
        return list(files)
    except TypeError as error:
        raise _no_file(files) from error


def _no_file(source: object) -> ValidationError:
    return ValidationError(
        "A file is a path, bytes, or a file opened in binary mode.", given=type(source).__name__
    )


def _expanded(source: str | Path) -> Path:
    try:
        return Path(source).expanduser()
    except RuntimeError:  # there is no such user: then it is the name of a file
        return Path(source)


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except (OSError, ValueError):  # such as a name too long: what is wrong is said when it is opened
        return False


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def _matching(source: Source) -> Iterator[Source]:
    """Yield what a pattern such as "scans/**/*.pdf" matches, by name; anything else stands for itself."""
    if not isinstance(source, str) or not glob.has_magic(source) or _is_there(_expanded(source)):
        yield source
        return
    pattern = str(_expanded(source))
    yield from sorted(glob.glob(pattern, recursive=True)) or [source]  # noqa: PTH207 - a whole pattern with its root


def _inside(file: FoundFile, folder: Path) -> Item | UploadResult:
    """Return a file of a folder; a link that leads out of it may show what was never meant."""
    if file.path.is_symlink() and not file.path.resolve().is_relative_to(folder.resolve()):
        error = PathError(f"{file.path} leads out of the folder: give its own path.", path=str(file.path))
        return refused(file.path.name, str(file.path), error)
    return _checked(file.path, None, file.folder_path)


def _checked(source: Source, name: str | None, folder_path: str) -> Item | UploadResult:
    try:
        return one_item(source, name, folder_path)
    except PinakesError as error:
        return refused(name or _named(source), None, error)


def _named(source: object) -> str:
    return Path(source).name if isinstance(source, (str, Path)) else type(source).__name__


def _read(source: Source) -> tuple[Path | bytes, str]:
    """Return where the bytes are, or the bytes themselves, and the name they have."""
    if isinstance(source, (bytes, bytearray, memoryview)):
        return bytes(source), ""
    if isinstance(source, (str, Path)):
        path = _expanded(source)
        return path, path.name
    if not hasattr(source, "read"):
        raise _no_file(source)
    content = source.read(MAX_FILE_BYTES + 1)
    if not isinstance(content, bytes):
        raise PathError("Open files have to be opened in binary mode, with open(path, 'rb').")
    named = getattr(source, "name", "")
    return content, Path(named).name if isinstance(named, str) else ""
