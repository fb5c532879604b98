"""What happens to files on their way into the library."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from pinakes.core.files import Failure
from pinakes.core.value import Value


class IngestStage(StrEnum):
    """How far a file came."""

    ACCEPTED = "accepted"
    READING = "reading"
    INDEXED = "indexed"
    FAILED = "failed"


class IngestEvent(Value):
    """One step of one file; `done` of `total` files of this ingestor have ended, well or not."""

    stage: IngestStage
    file_id: str
    filename: str
    failure: Failure | None = None
    done: int = 0
    total: int = 0


OnIngestEvent = Callable[[IngestEvent], None]
