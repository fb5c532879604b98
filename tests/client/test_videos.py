"""`client.video_uploads`, `video_analysis` and `video_scenes`: parts on disk, real clips read by the real reader."""

# ruff: noqa: ASYNC240 - a test may wait for its disk
from __future__ import annotations

import hashlib
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
import pytest_asyncio

from pinakes import Pinakes, Settings
from pinakes.client import video_parts
from pinakes.core.errors import (
    BatchLimitError,
    EmptyFileError,
    FileTooLargeError,
    PathError,
    ResourceNotFoundError,
    UnsupportedFileError,
    ValidationError,
    VideoAnalysisError,
    VideoUploadError,
)
from pinakes.core.videos import VideoUploadSession

sys.path.append(str(Path(__file__).parents[1] / "media"))
pytest.importorskip("av")
from clip_making import Shot, make_clip

pytestmark = pytest.mark.asyncio(loop_scope="module")
PART = 4_096


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    shots = [Shot(1, "navy", "GATE 12", True), Shot(1, "white", "TOTAL"), Shot(1, "darkgreen", "", True)]
    return make_clip(tmp_path_factory.mktemp("clips") / "tour.mp4", shots)


@pytest.fixture(scope="module")
def shared_settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(library=tmp_path_factory.mktemp("v") / "library", ocr="none", workers=1, embed_threads=1)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def opened(shared_settings: Settings) -> AsyncIterator[Pinakes]:
    async with Pinakes(settings=shared_settings) as client:
        yield client


@pytest_asyncio.fixture(loop_scope="module")
async def client(opened: Pinakes, monkeypatch: pytest.MonkeyPatch) -> Pinakes:
    """The one client of this module, without videos; parts are small here."""
    monkeypatch.setattr(video_parts, "CHUNK_BYTES", PART)
    ids = [file.id async for file in opened.files.list_all()]
    if ids:
        await opened.files.batch_delete(ids)
    return opened


def another(clip: Path, folder: Path, name: str = "tour.mp4", more: bytes = b"") -> Path:
    """A clip of other content: what follows the last box of an MP4 is left alone."""
    path = folder / name
    path.write_bytes(clip.read_bytes() + len(more + b"x" * 8).to_bytes(4, "big") + b"free" + more)
    return path


def write(session: VideoUploadSession, number: int, content: bytes) -> tuple[str, int]:
    """Write a part as a caller does who knows its address alone."""
    chunk = session.chunks[number - 1]
    part = content[(number - 1) * session.chunk_size_bytes :][: chunk.size_bytes]
    Path(unquote(urlsplit(chunk.upload_url).path)).write_bytes(part)
    return hashlib.md5(part, usedforsecurity=False).hexdigest(), len(part)


async def test_upload_in_one_call(client: Pinakes, clip: Path) -> None:
    told: dict[str, list[Any]] = {"chunks": [], "complete": [], "analysis": []}
    result = await client.video_uploads.upload_one(
        clip,
        title="The tour",
        tags=["harbour"],
        wait_for_analysis=True,
        on_chunk_progress=told["chunks"].append,
        on_upload_complete=told["complete"].append,
        on_analysis_progress=told["analysis"].append,
    )
    assert result.is_completed and result.processing_status == "completed" and not result.is_analyzing
    known = result.metadata
    assert known is not None and (known.width, known.height, known.resolution) == (480, 270, "480x270")
    assert known.duration_seconds == pytest.approx(3, abs=0.2) and known.video_codec == "MPEG-4"
    assert known.file_size_bytes == clip.stat().st_size and (known.bitrate_kbps or 0) > 0
    assert result.thumbnail_url and result.thumbnail_url.startswith("data:image/jpeg")
    assert Path(unquote(urlsplit(result.video_url or "").path)).read_bytes() == clip.read_bytes()
    total = -(-clip.stat().st_size // PART)
    assert len(told["chunks"]) == total and {e.total_chunks for e in told["chunks"]} == {total}
    assert max(e.progress_percent for e in told["chunks"]) == 100.0
    assert told["complete"][0].media_id == result.media_id
    assert told["analysis"][-1].is_terminal and told["analysis"][-1].progress_percent == 100.0
    file = await client.files.get(result.media_id)
    assert (file.title, file.tags, file.media_type, file.scene_count) == (
        "The tour",
        ["harbour"],
        "video",
        3,
    )
    assert file.video_analysis_job_id == result.analysis_job_id


async def test_scenes(client: Pinakes, clip: Path, tmp_path: Path) -> None:
    path = another(clip, tmp_path, more=b"scenes")
    [result] = await client.video_uploads.upload(path, wait_for_analysis=True)
    found = await client.video_scenes.list(result.media_id)
    assert found.count == 3 and found.video_id == result.media_id
    assert [scene.scene_index for scene in found.scenes] == [0, 1, 2]
    assert [round(scene.start_time) for scene in found.scenes] == [0, 1, 2]
    assert found.scenes[0].time_range_formatted == "0:00–0:01" and found.scenes[0].description
    assert "text/html" in found._repr_mimebundle_()
    pictures = [await client.video_scenes.get_thumbnail(scene.scene_id) for scene in found.scenes]
    assert all(picture.startswith(b"\xff\xd8") for picture in pictures) and len(set(pictures)) == 3
    search = await client.agent_search.videos("scenes of tour.mp4", video_ids=[result.media_id])
    scene_ids = {scene.scene_id for scene in found.scenes}
    assert {s.scene_id for v in search.results for s in v.matched_scenes or ()} <= scene_ids
    with pytest.raises(ResourceNotFoundError):
        await client.video_scenes.get_thumbnail("nothing")
    document = await client.files.upload(b"Only words.", filename="a.txt")
    for call in (client.video_scenes.list, client.video_analysis.get_status_by_media):
        with pytest.raises(ResourceNotFoundError):
            await call(document.image_id)


async def test_part_by_part(client: Pinakes, clip: Path, tmp_path: Path) -> None:
    content = another(clip, tmp_path, more=b"parts").read_bytes()
    session = await client.video_uploads.initiate(
        "tour.mp4", "video/mp4", len(content), title="A", tags=["a"]
    )
    ids = (session.media_id, session.upload_id)
    assert session.total_chunks == len(session.chunks) > 2 and session.chunk_size_bytes == PART
    assert sum(chunk.size_bytes for chunk in session.chunks) == len(content) and session.expires_at
    etag, size = write(session, 1, content)
    confirmed = await client.video_uploads.confirm_chunk(*ids, 1, f'"{etag}"', size)
    assert (confirmed.chunks_completed, confirmed.status) == (
        1,
        "completed",
    ) and confirmed.progress_percent > 0
    with pytest.raises(VideoUploadError, match="bytes"):
        await client.video_uploads.confirm_chunk(*ids, 2, etag, PART)
    _, size = write(session, 2, content)
    with pytest.raises(VideoUploadError, match="etag"):
        await client.video_uploads.confirm_chunk(*ids, 2, etag, size)
    with pytest.raises(VideoUploadError, match="missing"):
        await client.video_uploads.complete(*ids)
    again = await client.video_uploads.retry_chunk(*ids, 2)
    assert again.upload_url == session.chunks[1].upload_url and again.retry_attempt == 1
    progress = await client.video_uploads.get_progress(session.media_id)
    assert (
        progress.failed_chunks == [2] and progress.missing_chunks[0] == 2 and progress.status == "uploading"
    )
    for number in progress.missing_chunks:
        part = content[(number - 1) * PART : number * PART]
        etag = await client.video_uploads.upload_chunk(*ids, number, part)
        await client.video_uploads.confirm_chunk(*ids, number, hashlib.sha256(part).hexdigest(), len(part))
    result = await client.video_uploads.complete(*ids, title="B", duration_seconds=3.0)
    assert result.media_id == session.media_id and result.analysis_job_id == session.media_id
    assert (await client.video_uploads.complete(*ids)).media_id == session.media_id
    assert (await client.video_analysis.wait_for_completion(session.media_id)).is_completed
    file = await client.files.get(session.media_id)
    assert (file.title, file.tags) == ("B", ["a"]) and await client.library.content(file.id) == content
    done = await client.video_uploads.get_progress(session.media_id)
    assert (done.status, done.progress_percent) == ("completed", 100.0)
    left = sorted(path.name for path in Path(session.storage_path or "").iterdir())
    assert left == ["upload.json"]
    with pytest.raises(VideoUploadError, match="completed"):
        await client.video_uploads.abort(*ids)


async def test_a_known_video_is_the_known_one(client: Pinakes, clip: Path, tmp_path: Path) -> None:
    path = another(clip, tmp_path, more=b"known")
    first, second = await client.video_uploads.upload([path, path])
    assert second.media_id == first.media_id and second.deduplicated and not first.deduplicated


async def test_going_on_after_a_restart(clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(video_parts, "CHUNK_BYTES", PART)
    settings = Settings(library=tmp_path / "library", ocr="none", workers=1, embed_threads=1)
    content = clip.read_bytes()
    async with Pinakes(settings=settings) as client:
        session = await client.video_uploads.initiate(clip.name, "video/mp4", len(content))
        for number in (1, 3):
            etag, size = write(session, number, content)
            await client.video_uploads.confirm_chunk(session.media_id, session.upload_id, number, etag, size)
        write(session, 2, content)
    async with Pinakes(settings=settings) as client:
        progress = await client.video_uploads.get_progress(session.media_id)
        assert progress.chunks_completed == 2 and progress.missing_chunks[:2] == [2, 4]
        told: list[Any] = []
        with pytest.raises(VideoUploadError, match="give that file"):
            other = another(clip, tmp_path, "tour.mp4")
            await client.video_uploads.upload_one(other, resume=session.media_id)
        result = await client.video_uploads.upload_one(
            clip, resume=session.media_id, auto_analyze=False, on_chunk_progress=told.append
        )
        assert result.media_id == session.media_id and result.processing_status is None
        assert 1 not in {event.chunk_number for event in told} and len(told) == session.total_chunks - 2
        assert (await client.video_analysis.get_status(result.media_id)).status == "pending"
        queued = await client.video_analysis.queue(result.media_id, priority="high")
        assert queued.analysis_job_id == result.media_id and queued.queue_position == 0
        status = await client.video_analysis.wait_for_completion(result.media_id, timeout=600)
        assert status.is_completed and status.is_terminal and status.completed_at


async def test_giving_up(client: Pinakes, clip: Path) -> None:
    content = clip.read_bytes()
    session = await client.video_uploads.initiate("tour.mp4", "video/mp4", len(content))
    ids = (session.media_id, session.upload_id)
    etag, size = write(session, 1, content)
    await client.video_uploads.confirm_chunk(*ids, 1, etag, size)
    gone = await client.video_uploads.abort(*ids, reason="changed my mind")
    assert gone.cleaned_up and gone.chunks_removed == 1 and gone.status == "aborted"
    assert (await client.video_uploads.get_progress(session.media_id)).status == "aborted"
    for call in (client.video_uploads.complete, client.video_uploads.abort):
        with pytest.raises(VideoUploadError):
            await call(*ids)
    for wrong in (("nobody", session.upload_id), (session.media_id, "other"), ("../../etc", "x")):
        with pytest.raises(ResourceNotFoundError):
            await client.video_uploads.complete(*wrong)


async def test_limits(client: Pinakes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begin = client.video_uploads.initiate
    with pytest.raises(FileTooLargeError):
        await begin("a.mp4", "video/mp4", 2_000_000_001)
    with pytest.raises(UnsupportedFileError):
        await begin("a.gif", "video/gif", 10)
    for name, kind, size in (
        ("../a.mp4", "video/mp4", 1),
        ("a.mp4", "image/png", 1),
        ("a.mp4", "video/mp4", 0),
    ):
        with pytest.raises(ValidationError):
            await begin(name, kind, size)
    with pytest.raises(ValidationError):
        await begin("a.mp4", "video/mp4", 1, tags=["t"] * 41)
    with pytest.raises(PathError):
        await client.video_uploads.upload_one(tmp_path / "none.mp4")
    (tmp_path / "empty.mp4").touch()
    with pytest.raises(EmptyFileError):
        await client.video_uploads.upload_one(tmp_path / "empty.mp4")
    monkeypatch.setattr(video_parts, "MAX_OPEN_BATCHES", 0)
    with pytest.raises(BatchLimitError):
        await begin("a.mp4", "video/mp4", 1)


async def test_batches(client: Pinakes) -> None:
    videos = [
        {"filename": f"{n}.mov", "content_type": "video/quicktime", "size_bytes": 9_000} for n in range(2)
    ]
    batch = await client.video_uploads.batch_initiate(videos, processing_priority="low")
    assert batch.total_videos == 2 and batch.total_size_bytes == 18_000 and batch.processing_priority == "low"
    assert [session.total_chunks for session in batch.videos] == [3, 3]
    for session in batch.videos:
        await client.video_uploads.abort(session.media_id, session.upload_id)
    for wrong in ([], videos * 6, [{"filename": "a.mp4"}], [{**videos[0], "colour": "red"}]):
        with pytest.raises(ValidationError):
            await client.video_uploads.batch_initiate(wrong)


async def test_what_is_no_video(client: Pinakes, tmp_path: Path) -> None:
    words = tmp_path / "words.mp4"
    words.write_text("Only words in here. " * 50)
    with pytest.raises(UnsupportedFileError, match="no video"):
        await client.video_uploads.upload_one(words)
    assert (await client.files.list()).total_count == 0


async def test_a_failed_analysis_can_be_tried_again(client: Pinakes, clip: Path, tmp_path: Path) -> None:
    torn = tmp_path / "torn.mp4"
    torn.write_bytes(clip.read_bytes()[:400])
    result = await client.video_uploads.upload_one(torn, wait_for_analysis=True)
    assert result.is_completed and result.processing_status == "failed"
    job = await client.video_analysis.get_status_by_media(result.media_id)
    assert job.is_failed and job.error_code == "CORRUPT_FILE" and job.error_message and job.retry_count == 0
    with pytest.raises(VideoAnalysisError):
        await client.video_analysis.retry("another", result.media_id)
    for number in (1, 2, 3):
        retried = await client.video_analysis.retry(result.media_id, result.media_id, reason="once more")
        assert retried.retry_count == number and retried.status == "pending"
        assert (await client.video_analysis.wait_for_completion(result.media_id)).retry_count == number
    with pytest.raises(VideoAnalysisError, match="tried 3 times"):
        await client.video_analysis.retry(result.media_id, result.media_id)
    assert (await client.video_scenes.list(result.media_id)).count == 0


async def test_parts_that_fail_are_written_again(
    client: Pinakes, clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, failing, put = another(clip, tmp_path, more=b"retry"), [2, 2], video_parts.VideoParts.put

    def broken(self: Any, upload: Any, number: int, content: bytes) -> str:
        if number in failing:
            failing.remove(number)
            raise OSError(5, "Input/output error")
        return put(self, upload, number, content)

    monkeypatch.setattr(video_parts.VideoParts, "put", broken)
    assert (await client.video_uploads.upload_one(path)).is_completed and failing == []
    failing += [1] * 9
    path = another(clip, tmp_path, more=b"lost")
    with pytest.raises(Exception, match="disk's space") as raised:
        await client.video_uploads.upload_one(path, max_chunk_retries=1)
    failing.clear()
    result = await client.video_uploads.upload_one(path, resume=raised.value.details["media_id"])  # type: ignore[attr-defined]
    assert result.media_id == raised.value.details["media_id"]  # type: ignore[attr-defined]
