"""Reading videos: facts, scenes, text and speech by the second, damage."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from clip_making import Shot, make_clip
from media_world import OPTIONS, SAID, SHOTS

from pinakes.core.errors import CorruptFileError, UnsupportedFileError
from pinakes.ingestion.detect import detect
from pinakes.ingestion.options import ReadOptions
from pinakes.ingestion.readers import read
from pinakes.ingestion.videos.container import picture_at

BLIND = ReadOptions()


def test_scenes_text_and_speech_have_their_seconds(tmp_path: Path) -> None:
    reading = read("video", make_clip(tmp_path / "a.mkv", SHOTS, said=SAID), "f" * 8, OPTIONS)
    video = reading.video
    assert video is not None and video.duration_s == pytest.approx(9, abs=0.2)
    assert (video.width, video.height, video.fps, video.subtitles) == (480, 270, 8, ("und",))
    assert [(s.start_s, s.end_s) for s in video.scenes] == [
        (0, pytest.approx(3, abs=0.2)),
        (pytest.approx(3, abs=0.2), pytest.approx(6, abs=0.2)),
        (pytest.approx(6, abs=0.2), pytest.approx(9, abs=0.2)),
    ]
    assert [s.visible_text for s in video.scenes] == ["GATE 12", "TOTAL 4711 EUR", "THANK YOU"]
    assert video.scenes[1].speech == "The invoice is due on 3 May 2024."
    assert video.scenes[0].colours[0].name == "blue" and video.scenes[1].colours[0].name == "white"
    chunk = reading.chunks[2]
    places = {chunk.text[s.start : s.end]: s.locator.start_s for s in chunk.spans}
    assert places["TOTAL 4711 EUR"] == pytest.approx(3, abs=0.2)
    assert places["The invoice is due on 3 May 2024."] == pytest.approx(3.5, abs=0.01)
    assert reading.chunks[0].kind == "facts" and {c.kind for c in reading.chunks[1:]} == {"scene"}
    assert reading.thumbnail and not reading.warnings


@pytest.mark.parametrize(
    ("name", "codec"), [("a.mp4", "mpeg4"), ("a.mov", "mpeg4"), ("a.avi", "mjpeg"), ("a.webm", "vp8")]
)
def test_containers(name: str, codec: str, tmp_path: Path) -> None:
    tags = {"title": "A day out", "creation_time": "2024-05-06T07:08:09Z"}
    path = make_clip(tmp_path / name, [Shot(1, "red"), Shot(1, "blue")], codec=codec, tags=tags)
    assert detect(path).reader == "video" and not detect(path).warning
    reading = read("video", path, "f" * 8, BLIND)
    assert reading.video is not None and reading.video.duration_s == pytest.approx(2, abs=0.2)
    assert len(reading.video.scenes) == 2
    if name in {"a.mp4", "a.mov"}:
        assert reading.title == "A day out"
        assert reading.content_created_at is not None and reading.content_created_at.year == 2024


def test_something_that_moves_is_no_cut(tmp_path: Path) -> None:
    reading = read("video", make_clip(tmp_path / "a.mp4", [Shot(6, "darkgreen", "", True)]), "f" * 8, BLIND)
    assert reading.video is not None and len(reading.video.scenes) == 1
    assert reading.video.motion is not None and reading.video.motion > 0


def test_frames_at_a_second(tmp_path: Path) -> None:
    path = make_clip(tmp_path / "a.mp4", [Shot(2, "red"), Shot(2, "blue")])
    for second, channel in ((0.0, 0), (1.8, 0), (2.2, 2), (99.0, 2)):
        pixel = picture_at(path, second)[1].getpixel((240, 20))
        assert isinstance(pixel, tuple) and max(range(3), key=pixel.__getitem__) == channel, second


def test_damaged_videos(tmp_path: Path) -> None:
    whole = make_clip(tmp_path / "a.avi", [Shot(4, "red", "", True)], codec="mjpeg").read_bytes()
    cut = tmp_path / "cut.avi"
    cut.write_bytes(whole[: len(whole) // 2])
    assert read("video", cut, "f" * 8, BLIND).video is not None
    torn = tmp_path / "torn.mp4"
    torn.write_bytes(make_clip(tmp_path / "b.mp4", [Shot(1, "red")]).read_bytes()[:400])
    with pytest.raises(CorruptFileError):
        read("video", torn, "f" * 8, BLIND)


def test_a_video_cut_off_anywhere_is_no_sound_recording(tmp_path: Path) -> None:
    whole = make_clip(tmp_path / "a.mp4", [Shot(1, "red")]).read_bytes()
    torn = tmp_path / "torn.mp4"
    for kept in range(len(whole) - 600, len(whole), 40):
        torn.write_bytes(whole[:kept])
        with suppress(CorruptFileError):
            assert read("video", torn, "f" * 8, BLIND).video is not None


def test_sound_alone_is_no_video(tmp_path: Path) -> None:
    import av
    import numpy as np

    path = tmp_path / "a.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("aac", rate=44100, layout="mono")
        frame = av.AudioFrame.from_ndarray(
            np.zeros((1, 1024), dtype=np.float32), format="fltp", layout="mono"
        )
        frame.sample_rate = 44100
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    with pytest.raises(UnsupportedFileError, match="sound alone"):
        read("video", path, "f" * 8, BLIND)


@pytest.mark.realdata
def test_real_clips(realdata: Path) -> None:
    clips = [
        p for p in sorted((realdata / "videos").iterdir()) if p.suffix in {".mp4", ".mkv", ".avi", ".mov"}
    ]
    assert len(clips) == 9
    for clip in clips:
        reading = read(detect(clip).reader, clip, "f" * 8, BLIND)
        assert reading.video is not None and reading.video.duration_s > 1 and reading.thumbnail
        assert len(reading.video.scenes) == 1, clip.name  # each is one uncut take
