"""What may be taken in: checks of paths, sizes and readings, and telling what a file is."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path, PurePath

from pinakes.core.errors import EmptyFileError, FileTooLargeError, PathError, UnsupportedFileError
from pinakes.core.files import MediaType, Reading
from pinakes.ingestion.detect import Detected, as_link, detect
from pinakes.ingestion.kinds import claimed_kind

MAX_FILE_BYTES = 500_000_000
MAX_VIDEO_BYTES = 2_000_000_000


def check_path(path: Path) -> None:
    """Check that a path can be added. Raises PathError, EmptyFileError, FileTooLargeError."""
    try:
        status = path.stat()
    except FileNotFoundError as error:
        raise PathError(f"There is no file {path}: check the path.", path=str(path)) from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise PathError(f"{path} cannot be read ({reason}): check the path.", path=str(path)) from error
    if stat.S_ISDIR(status.st_mode) and not os.access(path, os.R_OK | os.X_OK):
        raise PathError(f"The folder {path} cannot be read: check its permissions.", path=str(path))
    if stat.S_ISDIR(status.st_mode):
        raise PathError(f"{path} is a folder: add the files in it as a batch.", path=str(path))
    if not stat.S_ISREG(status.st_mode):
        raise PathError(f"{path} is not a regular file.", path=str(path))
    if not os.access(path, os.R_OK):
        raise PathError(f"{path} cannot be read: check its permissions.", path=str(path))
    check_size(status.st_size, path.name)


def check_size(size: int, name: str, kind: MediaType | None = None) -> None:
    """Check a size for a kind of file; where the kind is not known yet, for the one its name claims."""
    if size == 0:
        raise EmptyFileError(f"{name} is empty (0 bytes): there is nothing to add.", filename=name)
    claimed = claimed_kind(PurePath(name).suffix.lower())
    is_video = (kind or (claimed.media_type if claimed else None)) is MediaType.VIDEO
    limit = MAX_VIDEO_BYTES if is_video else MAX_FILE_BYTES
    if size > limit:
        noun = "videos" if is_video else "files"
        raise FileTooLargeError(
            f"{name} has {size / 1e6:.0f} MB; {noun} may have up to {limit // 1_000_000:,} MB: split it.",
            size_bytes=size,
            limit_bytes=limit,
        )


def check_not_empty(reading: Reading, found: Detected) -> None:
    """Check that there is text in what is made of it; a picture without words is fine. Raises EmptyFileError."""
    if reading.chunks or found.media_type not in (MediaType.DOCUMENT, MediaType.LINK):
        return
    why = f" ({reading.warnings[0]})" if reading.warnings else ""
    raise EmptyFileError(f"No text was found in the file{why}: add a version that has text.")


def address(source: str | None) -> str:
    """Return where something was added from if that is a web address, else nothing."""
    return source if source and source.lower().startswith(("http://", "https://")) else ""


def detect_sized(path: Path, filename: str) -> Detected:
    """Find out what a file is, as `detect` does, and check its size for that. Raises FileTooLargeError too."""
    found = detect(path, filename)
    check_size(path.stat().st_size, filename, found.media_type)
    return found


def detect_page(path: Path, filename: str) -> Detected:
    """Find out whether a file is a saved page, as `detect_sized` does. Raises UnsupportedFileError."""
    return as_link(detect_sized(path, filename), filename)


def detect_kind(look: Callable[[], Detected], kind: MediaType | None, name: str) -> Detected:
    """Find out what a file is in one of these ways. Raises UnsupportedFileError where it is of another kind."""
    found = look()
    if kind is not None and found.media_type is not kind:
        raise UnsupportedFileError(
            f"{name} is of kind {found.media_type}, not {kind}: upload it with client.files.",
            filename=name,
            media_type=found.media_type.value,
        )
    return found


def detect_bytes(content: bytes, filename: str, look: Callable[[Path, str], Detected]) -> Detected:
    """Find out what bytes are with one of these ways to look."""
    import tempfile

    with tempfile.NamedTemporaryFile(prefix="pinakes-") as file:
        file.write(content)
        file.flush()
        return look(Path(file.name), filename)
