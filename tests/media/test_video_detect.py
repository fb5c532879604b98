"""Videos are told apart by content; without PyAV they are refused in words that help."""

from __future__ import annotations

from pathlib import Path

import pytest

from pinakes.core.errors import UnsupportedFileError
from pinakes.core.files import MediaType
from pinakes.ingestion import detect as module
from pinakes.ingestion.detect import detect

HEADS = {
    "video/mp4": b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isommp42",
    "video/quicktime": b"\x00\x00\x00\x14ftypqt  \x00\x00\x00\x00qt  ",
    "video/x-msvideo": b"RIFF\x00\x00\x00\x00AVI LIST",
    "video/x-matroska": b"\x1aE\xdf\xa3\x93B\x82\x88matroska",
    "video/webm": b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\x82\x84webmB\x87",
}


@pytest.mark.parametrize("content_type", HEADS)
def test_kinds_by_content(content_type: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_reads_videos", lambda: True)
    path = tmp_path / "clip.txt"
    path.write_bytes(HEADS[content_type] + bytes(64))
    found = detect(path)
    assert (found.content_type, found.media_type, found.reader) == (content_type, MediaType.VIDEO, "video")
    assert "content is" in found.warning


@pytest.mark.parametrize("content_type", HEADS)
def test_refused_without_pyav(content_type: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_reads_videos", lambda: False)
    path = tmp_path / "clip.mp4"
    path.write_bytes(HEADS[content_type] + bytes(64))
    with pytest.raises(UnsupportedFileError, match=r"pip install 'pinakes\[media\]'"):
        detect(path)
