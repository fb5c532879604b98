"""A pool of readers without processes, for tests that are about something else."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path
from typing import Any

from pinakes.core.errors import LibraryError
from pinakes.core.files import Reading
from pinakes.ingestion.options import ReadOptions
from pinakes.ingestion.pool import WorkerPool
from pinakes.ingestion.readers import read

_one_at_a_time = threading.Lock()  # PDFium must not be entered twice


class ReadingHere(WorkerPool):
    """Reads with the same readers, but in a thread of this process, which loads them once.

    A reader process takes seconds to load them. Nothing watches time and memory here.
    """

    async def _ask(self, request: dict[str, Any]) -> Reading:
        if self._closed:
            raise LibraryError("The library is closed: open it again to read files.")
        return await asyncio.to_thread(_read, request)


def _read(request: dict[str, Any]) -> Reading:
    options = ReadOptions.model_validate(request["options"])
    with _one_at_a_time:
        reading = read(request["reader"], Path(request["path"]), request["file_id"], options)
    return Reading.model_validate_json(reading.model_dump_json())  # as it would have come from a process
