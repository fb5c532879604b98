"""Sentences and rows of documents: what of them can stand for a text."""

from __future__ import annotations

from datetime import UTC, datetime

from pinakes.agents.analysis.units import units_of
from pinakes.core.files import Chunk, FileRecord, MediaType

_AT = datetime(2025, 1, 1, tzinfo=UTC)
_FILE = FileRecord(
    id="f",
    filename="f.pdf",
    media_type=MediaType.DOCUMENT,
    content_type="application/pdf",
    size_bytes=1,
    sha256="f",
    created_at=_AT,
    updated_at=_AT,
)


def test_rows_of_figures_are_no_words() -> None:
    text = "Inhibitor | Current | Rate\n0 | 0.0335 | 2.8163\nEgg shell | least of all | 0.09"
    table = Chunk(id="c", file_id="f", ordinal=0, text=text, kind="table")
    assert [unit.worded for unit in units_of(_FILE, [table])] == [False, True]
