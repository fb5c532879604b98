"""A process that reads files for a pool: `python -m pinakes.ingestion.worker`.

Requests come as JSON lines on stdin: `{"id", "reader", "path", "file_id", "options", "folder"}`. Answers go as JSON
lines to the original stdout: `{"ready": true}` once, `{"id", "started": true}` when the reader is loaded, then
`{"id", "reading"}`, `{"id", "reading_path"}` (large ones, a file in `folder`) or `{"id", "error"}`, each with `rss_mb`.
Whatever libraries print goes to stderr. The process ends when stdin does, also in the middle of a file, so it never
outlives its parent. Plain subprocesses are used because multiprocessing would import the user's main script again.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import sys
import threading
from importlib import import_module
from pathlib import Path
from queue import SimpleQueue
from typing import IO, Any

from pinakes.core.errors import PinakesError
from pinakes.core.files import Reading
from pinakes.ingestion.options import ReadOptions, too_much_memory
from pinakes.ingestion.readers import READERS, read

INLINE_BYTES = 1 << 20
"""Readings above this size travel through a file."""
_NEW_OBJECTS = 50_000
"""After so many the collector looks for garbage: parsers make hundreds of thousands while they load, which all stay."""


def main() -> None:
    """Answer requests until stdin ends."""
    gc.set_threshold(_NEW_OBJECTS)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's business
    answers = _guarded_stdout()
    requests: SimpleQueue[str] = SimpleQueue()
    threading.Thread(target=_receive, args=(requests,), daemon=True).start()
    _send(answers, {"ready": True})
    while True:
        request = json.loads(requests.get())
        _send(answers, {"id": request["id"], **_answer(request, answers)})


def _guarded_stdout() -> IO[str]:
    """Keep the original stdout for answers and send everything printed to stderr, also by C code."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    return answers


def _receive(requests: SimpleQueue[str]) -> None:
    for line in sys.stdin.buffer:
        requests.put(line.decode("utf-8"))
    os._exit(0)  # the parent is gone: nobody waits for what is being read


def _send(answers: IO[str], message: dict[str, Any]) -> None:
    answers.write(json.dumps(message) + "\n")
    answers.flush()


def _answer(request: dict[str, Any], answers: IO[str]) -> dict[str, Any]:
    options = ReadOptions.model_validate(request["options"])
    try:
        _limit_memory(options.memory_mb)
        if request["reader"] in READERS:
            import_module(READERS[request["reader"]])
        _send(answers, {"id": request["id"], "started": True})
        reading = read(request["reader"], Path(request["path"]), request["file_id"], options)
        return {**_packed(reading, Path(request["folder"]), request["id"]), "rss_mb": _rss_mb()}
    except PinakesError as error:
        return {"error": error.to_dict(), "rss_mb": _rss_mb()}
    except MemoryError:
        return {"error": too_much_memory(options.memory_mb).to_dict(), "rss_mb": _rss_mb()}
    except Exception as error:  # a parser's bug must fail this file alone, and say where
        _say_where()
        return {
            "error": {"code": "CORRUPT_FILE", "message": _unreadable(error), "details": {}},
            "rss_mb": _rss_mb(),
        }


def _unreadable(error: Exception) -> str:
    told = f"{type(error).__name__}: {error}"[:300]
    return f"The file could not be read ({told}); check that it opens elsewhere, save it anew and add that."


def _say_where() -> None:
    import traceback

    traceback.print_exc(file=sys.stderr)


def _packed(reading: Reading, folder: Path, number: int) -> dict[str, Any]:
    text = reading.model_dump_json()
    if len(text) <= INLINE_BYTES:
        return {"reading": json.loads(text)}
    path = folder / f"{os.getpid()}-{number}.json"
    path.write_text(text, encoding="utf-8")
    return {"reading_path": str(path)}


def _limit_memory(memory_mb: int) -> None:
    """Turn a sudden allocation far over the bound into a MemoryError; the parent watches the rest."""
    try:
        import resource
    except ImportError:  # not on Windows
        return
    wanted = 2 * memory_mb * 1024 * 1024
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (wanted if hard < 0 else min(wanted, hard), hard))


def _rss_mb() -> int:
    """Return the resident memory; its peak where the system tells no more."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") >> 20
    except (OSError, ValueError):
        return 0


if __name__ == "__main__":
    main()
