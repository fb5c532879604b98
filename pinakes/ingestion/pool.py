"""Reader processes: made when needed, watched, killed past their bounds, replaced when they grow."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import signal
import sys
import tempfile
from collections import deque
from contextlib import suppress
from pathlib import Path
from typing import Any

from pinakes.core.errors import LibraryError, ReaderCrashedError, ReadTimeoutError, error_class
from pinakes.core.files import Reading
from pinakes.ingestion.detect import Detected
from pinakes.ingestion.options import ReadOptions, too_much_memory

RECYCLE_AFTER = 200
"""Files after which a process is replaced, so that leaks in parsers stay small."""
START_SECONDS = 120.0
"""Time for a process to start and load its reader, which does not count against a file's deadline."""
_WATCH_SECONDS = 0.2
_MAX_LINE = 8 << 20
_DEFAULTS = ReadOptions()
_log = logging.getLogger(__name__)


class WorkerPool:
    """Reads files in at most `size` processes, each started when all others are busy.

    Args:
        size: Processes at once.
        options: Limits of every file; `deadline_s` and `memory_mb` are enforced here.
        recycle_after: Files after which a process is replaced.
    """

    def __init__(
        self, size: int = 2, options: ReadOptions = _DEFAULTS, *, recycle_after: int = RECYCLE_AFTER
    ) -> None:
        self.options = options
        self._recycle_after = recycle_after
        self._free = asyncio.Semaphore(size)
        self._idle: list[_Worker] = []
        self._busy: set[_Worker] = set()
        self._folder = tempfile.TemporaryDirectory(prefix="pinakes-", ignore_cleanup_errors=True)
        self._closed = False

    async def read(
        self,
        path: Path,
        detected: Detected,
        file_id: str,
        *,
        filename: str = "",
        url: str = "",
        category: str = "",
    ) -> Reading:
        """Read one file; `url` is where a page was saved from, `category` what somebody says it is.

        Raises:
            DocumentProcessingError: What the reader raised, by its class.
            ReadTimeoutError: It took longer than `options.deadline_s`.
            ReaderCrashedError: It took more than `options.memory_mb`, or its process died twice.
        """
        options = self.options.model_copy(
            update={"filename": filename or path.name, "url": url, "category": category}
        )
        request = {
            "reader": detected.reader,
            "path": str(path.absolute()),  # noqa: ASYNC240 - it asks nothing of the disk
            "file_id": file_id,
            "options": options.model_dump(mode="json"),
            "folder": self._folder.name,
        }
        async with self._free:
            try:
                return await self._ask(request)
            except _DiedError as first:
                _log.warning("a reader process died, once more: %s", first)
            try:
                return await self._ask(request)
            except _DiedError as error:
                raise ReaderCrashedError(
                    "The process that read the file died twice: the file is likely damaged; save it anew and add that.",
                    reason=str(error),
                ) from error

    async def aclose(self) -> None:
        """Kill all processes; what they were reading is lost, and read again when asked for."""
        self._closed = True
        for worker in [*self._idle, *self._busy]:
            await worker.kill()
        self._idle.clear()
        self._folder.cleanup()

    async def _ask(self, request: dict[str, Any]) -> Reading:
        worker = await self._worker(str(request["reader"]))
        self._busy.add(worker)
        try:
            answer = await worker.ask(request, self.options)
        except BaseException:  # a cancelled caller leaves a process in the middle of a file, too
            await worker.kill()
            raise
        finally:
            self._busy.discard(worker)
        await self._put_back(worker, int(answer.get("rss_mb", 0)))
        return await asyncio.to_thread(_reading, answer)

    async def _worker(self, reader: str) -> _Worker:
        """Return an idle process, best one that has loaded the reader, or a new one."""
        if self._closed:
            raise LibraryError("The library is closed: open it again to read files.")
        while self._idle:
            known = next((worker for worker in self._idle if reader in worker.readers), self._idle[-1])
            self._idle.remove(known)
            if known.is_alive:
                return known
        return await _Worker.start(Path(self._folder.name))

    async def _put_back(self, worker: _Worker, rss_mb: int) -> None:
        grown = rss_mb > self.options.memory_mb // 2
        if self._closed or grown or worker.files >= self._recycle_after:
            await worker.kill()
        else:
            self._idle.append(worker)


class _DiedError(Exception):
    """A process ended without an answer."""


class _Worker:
    """One reader process; asked one file at a time."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._said: deque[bytes] = deque(maxlen=20)
        self._listener = asyncio.create_task(self._listen())
        self.readers: set[str] = set()
        self.files = 0

    @classmethod
    async def start(cls, folder: Path) -> _Worker:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "pinakes.ingestion.worker"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            limit=_MAX_LINE,
            cwd=folder,
            env=_environment(),
            start_new_session=True,  # a Ctrl-C in the terminal does not reach it, and it dies with what it started
        )
        worker = cls(process)
        try:
            await asyncio.wait_for(worker._line(), START_SECONDS)
        except BaseException:
            await worker.kill()
            raise
        return worker

    @property
    def is_alive(self) -> bool:
        return self._process.returncode is None

    async def ask(self, request: dict[str, Any], options: ReadOptions) -> dict[str, Any]:
        """Return the answer to a request. Raises _DiedError, ReadTimeoutError, ReaderCrashedError."""
        self.files += 1
        self.readers.add(str(request["reader"]))
        await self._send({**request, "id": self.files})
        answer = asyncio.ensure_future(self._answer(options.deadline_s))
        watch = asyncio.ensure_future(self._memory_exceeded(options.memory_mb))
        try:
            await asyncio.wait([answer, watch], return_when=asyncio.FIRST_COMPLETED)
            if not answer.done():
                raise too_much_memory(options.memory_mb)
            return answer.result()
        finally:
            for task in (answer, watch):
                task.cancel()
            await asyncio.gather(answer, watch, return_exceptions=True)

    async def kill(self) -> None:
        """End the process and everything it started."""
        if self.is_alive:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
        await self._process.wait()
        self._listener.cancel()
        await asyncio.gather(self._listener, return_exceptions=True)

    async def _send(self, request: dict[str, Any]) -> None:
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps(request).encode() + b"\n")
            await self._process.stdin.drain()
        except (BrokenPipeError, ConnectionResetError) as error:
            raise _DiedError(self._last_words()) from error

    async def _answer(self, deadline_s: float) -> dict[str, Any]:
        loaded = await asyncio.wait_for(self._line(), START_SECONDS)
        if "started" not in loaded:
            return loaded  # it failed before it began
        try:
            return await asyncio.wait_for(self._line(), deadline_s)
        except TimeoutError as error:
            raise ReadTimeoutError(
                f"Reading the file took longer than {deadline_s:g} seconds: split it, or allow more time.",
                deadline_s=deadline_s,
            ) from error

    async def _line(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = await self._process.stdout.readline()
        if not line.endswith(b"\n"):
            await self._process.wait()
            raise _DiedError(self._last_words())
        found: dict[str, Any] = json.loads(line)
        return found

    async def _listen(self) -> None:
        """Keep the last lines of stderr, for the log."""
        assert self._process.stderr is not None
        while chunk := await self._process.stderr.read(4096):
            self._said.append(chunk)

    def _last_words(self) -> str:
        said = b"".join(self._said).decode("utf-8", "replace").strip()
        return f"exit code {self._process.returncode}; {said[-400:]}"

    async def _memory_exceeded(self, memory_mb: int) -> None:
        """Return when the process is over its bound; never where the system does not tell."""
        while _resident_bytes(self._process.pid) <= memory_mb << 20:  # noqa: ASYNC110 - the system sends no event
            await asyncio.sleep(_WATCH_SECONDS)


def _resident_bytes(pid: int) -> int:
    """Return a process's resident memory, 0 where the system does not tell."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except (OSError, IndexError, ValueError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


def _environment() -> dict[str, str]:
    """Return the parent's environment, its import path, and settings that keep parsers quiet and on one core."""
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(entry or str(Path.cwd()) for entry in sys.path),
        "PYTHONSAFEPATH": "1",
        "PYTHONIOENCODING": "utf-8",
        "PYTHONUNBUFFERED": "1",
        "SCARF_NO_ANALYTICS": "true",
        "DO_NOT_TRACK": "true",
        "UNSTRUCTURED_DISABLE_NOTICE": "1",
        "ORT_DISABLE_TELEMETRY": "1",
        **dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"),
    }


def _reading(answer: dict[str, Any]) -> Reading:
    """Unpack an answer. Raises the error that it carries."""
    if "error" in answer:
        error = answer["error"]
        raise error_class(error["code"])(error["message"], **error.get("details", {}))
    if "reading_path" not in answer:
        return Reading.model_validate(answer["reading"])
    path = Path(answer["reading_path"])
    try:
        return Reading.model_validate_json(path.read_bytes())
    finally:
        path.unlink(missing_ok=True)
