"""Records of files that have just come in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from pinakes.core.batches import Intake
from pinakes.core.files import FileRecord, MediaType
from pinakes.core.ids import new_id
from pinakes.core.links import ADDRESS_ALONE as ADDRESS_ALONE
from pinakes.library.names import kept_name, storable

NOTHING_SAID = Intake()


def pending_record(
    filename: str,
    content_type: str,
    media_type: MediaType,
    sha256: str,
    size_bytes: int,
    folder_path: str,
    tags: Sequence[str],
    title: str | None,
    *,
    source: str | None,
    intake: Intake = NOTHING_SAID,
) -> FileRecord:
    """Return the record of a file that is to be read. Raises ValidationError for its name."""
    moment = datetime.now(UTC)
    return FileRecord(
        id=intake.file_id or new_id(),
        filename=kept_name(filename),
        media_type=media_type,
        content_type=content_type,
        size_bytes=size_bytes,
        sha256=sha256,
        folder_path=folder_path,
        tags=tuple(tags),
        title=title,
        source=storable(source) if source else source,
        project_id=intake.project_id,
        content_category=intake.content_category,
        storage=intake.storage.value,
        created_at=moment,
        updated_at=moment,
    )
