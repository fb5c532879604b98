"""One process, one library folder."""

from __future__ import annotations

import os
from pathlib import Path
from types import TracebackType
from typing import Self

from filelock import FileLock, Timeout

from pinakes.core.errors import LibraryError, LibraryLockedError


class FolderLock:
    """Holds a library folder for this process until it is released or the process ends, however it ends.

    Args:
        folder: The library folder; made if needed. `.lock` in it carries the lock, `.owner` the holder's process id.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._owner = folder / ".owner"
        self._lock = FileLock(folder / ".lock", thread_local=False)

    def acquire(self) -> None:
        """Take the folder at once. Raises LibraryLockedError, LibraryError."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._lock.acquire(timeout=0)
            self._owner.write_text(str(os.getpid()))
        except Timeout as error:
            raise self._held() from error
        except OSError as error:
            raise LibraryError(
                f"{self._folder} cannot be used as a library folder ({error.strerror}): choose another one.",
                folder=str(self._folder),
            ) from error

    def release(self) -> None:
        """Give the folder back; releasing twice is no error."""
        if self._lock.is_locked:
            self._owner.unlink(missing_ok=True)
            self._lock.release()

    def __enter__(self) -> Self:
        self.acquire()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()

    def _held(self) -> LibraryLockedError:
        pid = self._owner_pid()
        who = f"Process {pid}" if pid else "Another process"
        return LibraryLockedError(
            f"{who} has the library {self._folder} open: close it, or use another library folder.",
            folder=str(self._folder),
            pid=pid,
        )

    def _owner_pid(self) -> int | None:
        try:
            return int(self._owner.read_text())
        except (OSError, ValueError):
            return None
