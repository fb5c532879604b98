"""Videos are looked at by their frames and heard once; what is found has its seconds."""

from __future__ import annotations

import io
import wave
from collections.abc import AsyncIterator
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path

import pytest
from seeing_world import Stage, empty_world, role, said, sent

if not find_spec("av"):
    pytest.skip("PyAV is missing", allow_module_level=True)

import av
import numpy as np

from pinakes.agents.seeing.watching import moments_of
from pinakes.agents.video_analysis import NO_SPEECH, UNHEARD, UNSEEN
from pinakes.agents.writing.verify import check_marks
from pinakes.core.errors import ModelUnavailableError
from pinakes.core.files import FileFilter, FileRecord, MediaType
from pinakes.core.plans import StepResult
from pinakes.ingestion.options import ReadOptions
from pinakes.ingestion.readers import read
from pinakes.ingestion.videos.sound import sound_pieces
from pinakes.library.library import Library
from pinakes.ports.language_model import Models, Utterance

RATE = 8


def make_clip(path: Path, shots: list[tuple[float, tuple[int, int, int]]], *, sound: bool = True) -> Path:
    with av.open(str(path), "w") as container:
        video = container.add_stream("mpeg4", rate=RATE)
        video.width, video.height, video.pix_fmt = 320, 180, "yuv420p"
        audio = container.add_stream("aac", rate=22_050) if sound else None
        number = 0
        for seconds, colour in shots:
            for _ in range(round(seconds * RATE)):
                pixels = np.full((180, 320, 3), colour, dtype=np.uint8)
                pixels[20:60, (number * 3) % 280 : (number * 3) % 280 + 40] = 255
                frame = av.VideoFrame.from_ndarray(pixels, format="rgb24")
                frame.pts = number
                number += 1
                container.mux(video.encode(frame))
        container.mux(video.encode(None))
        if audio is not None:
            tone = np.sin(np.arange(int(22_050 * number / RATE)) * 0.1).astype(np.float32)[None] * 0.3
            for start in range(0, tone.shape[1], 1024):
                frame = av.AudioFrame.from_ndarray(
                    tone[:, start : start + 1024], format="fltp", layout="mono"
                )
                frame.sample_rate, frame.pts = 22_050, start
                container.mux(audio.encode(frame))
            container.mux(audio.encode(None))
    return path


class Ear:
    """A transcriber that hears what it is told to."""

    name = "ear"

    def __init__(self, *heard: Utterance | Exception) -> None:
        self.heard, self.calls = heard, list[tuple[bytes, str]]()

    async def transcribe(self, audio: bytes, filename: str) -> tuple[Utterance, ...]:
        self.calls.append((audio, filename))
        for utterance in self.heard:
            if isinstance(utterance, Exception):
                raise utterance
        return tuple(u for u in self.heard if isinstance(u, Utterance))


HELLO = Utterance(text="Please mind the forklift.", start=1.0, end=2.5)


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[Library]:
    library = await empty_world(tmp_path)
    path = make_clip(tmp_path / "yard.mp4", [(3, (0, 0, 90)), (3, (120, 0, 0))])
    record = await library.accept_path(path, content_type="video/mp4", media_type=MediaType.VIDEO)
    await library.store_reading(record.id, read("video", path, record.id, ReadOptions(filename="yard.mp4")))
    yield library
    await library.aclose()


async def only(library: Library) -> FileRecord:
    return (await library.catalog.list_files(FileFilter())).items[0]


def sound(result: StepResult) -> None:
    assert check_marks(result.text, result.evidence).dropped == 0


SEEN = {
    "answer": "A red yard, from [T2] on.",
    "findings": [
        {"picture": "T1", "text": "A blue yard.", "confidence": 0.9},
        {
            "picture": "T2",
            "text": "A red yard.",
            "confidence": 0.3,
            "regions": [{"label": "x", "box": [0, 0, 1, 0.5]}],
        },
    ],
}


async def test_frames_are_looked_at_and_cited_by_their_seconds(world: Library) -> None:
    eyes, model = role(SEEN)
    seen = await Stage(world, Models(vision=eyes)).ask("What is shown in yard.mp4?", "video_analysis")
    model.assert_used_up()
    sound(seen)
    assert UNSEEN not in seen.text
    file = await only(world)
    moments = moments_of(file, 24)
    assert len(sent(model.calls[0])) == len(moments) >= 2
    assert [e.locator.start_s for e in seen.evidence[:2]] == [moments[0].at, moments[1].at]
    assert seen.evidence[1].locator.box == (0.0, 0.0, 1.0, 0.5)
    assert "A red yard. (not sure)" in seen.text
    assert "T1 is at 0:0" in said(model.calls[0])
    assert any("frames were looked at" in note for note in seen.notes)


async def test_without_models_and_with_a_broken_one_all_is_as_before(world: Library) -> None:
    broken, _ = role(ModelUnavailableError("Down."))
    stage = Stage(world, Models(vision=broken))
    seen = await stage.ask("Describe yard.mp4", "video_analysis")
    local = await Stage(world, Models()).ask("Describe yard.mp4", "video_analysis")
    assert seen == local
    assert UNSEEN in seen.text
    assert any(e.type == "warning" for e in stage.events)


@pytest.mark.parametrize("intent", ["How long is yard.mp4?", "What format has yard.mp4?"])
async def test_what_is_measured_costs_no_call(world: Library, intent: str) -> None:
    eyes, model = role()
    ear = Ear()
    await Stage(world, Models(vision=eyes, transcriber=ear)).ask(intent, "video_analysis")
    model.assert_used_up()
    assert ear.calls == []


async def test_what_is_said_is_heard_once_and_found_from_then_on(world: Library) -> None:
    ear = Ear(HELLO)
    stage = Stage(world, Models(transcriber=ear))
    heard = await stage.ask("What is said in yard.mp4?", "video_analysis")
    sound(heard)
    assert "Please mind the forklift." in heard.text and UNHEARD not in heard.text
    [line] = [e for e in heard.evidence if "forklift" in e.quote]
    assert (line.locator.start_s, line.locator.end_s) == (1.0, 2.5)
    await stage.ask("What is said in yard.mp4?", "video_analysis")
    assert len(ear.calls) == 1
    audio, name = ear.calls[0]
    assert name.endswith(".wav")
    with wave.open(io.BytesIO(audio)) as opened:
        assert (opened.getframerate(), opened.getnchannels()) == (16_000, 1)
        assert opened.getnframes() / 16_000 == pytest.approx(6, abs=0.2)
    found = await Stage(world, Models()).ask("In which video is the forklift mentioned?", "video_search")
    assert found.evidence[0].locator.start_s == 1.0
    transcript = (await only(world)).transcript
    assert transcript is not None and (transcript.model, transcript.utterances) == ("ear", 1)


async def test_silence_and_faults_of_the_ear(world: Library) -> None:
    stage = Stage(world, Models(transcriber=Ear(ModelUnavailableError("Down."))))
    failed = await stage.ask("What is said in yard.mp4?", "video_analysis")
    assert UNHEARD in failed.text and any("Down." in note for note in failed.notes)
    assert (await only(world)).transcript is None
    silent = await Stage(world, Models(transcriber=Ear())).ask("What is said in yard.mp4?", "video_analysis")
    sound(silent)
    assert NO_SPEECH in silent.text and UNHEARD not in silent.text


async def test_seconds_stay_within_the_video(world: Library) -> None:
    wild = Utterance(text="Far out.", start=-5.0, end=9000.0)
    await Stage(world, Models(transcriber=Ear(wild))).ask("Transcribe yard.mp4", "video_analysis")
    chunks = await world.catalog.file_chunks((await only(world)).id)
    said_at = [s.locator for c in chunks if "Far out." in c.text for s in c.spans]
    assert all(place.start_s == 0.0 and (place.end_s or 0) <= 6.2 for place in said_at) and said_at


async def test_moments_are_spread_bounded_and_named(world: Library) -> None:
    file = await only(world)
    assert file.video is not None
    scene = file.video.scenes[0].model_copy(update={"start_s": 0.0, "end_s": 120.0, "key_s": 3.0})
    long = file.model_copy(
        update={"video": file.video.model_copy(update={"duration_s": 120.0, "scenes": (scene,)})}
    )
    moments = moments_of(long, 6, "What happens at 1:20?")
    assert len(moments) == 6
    assert 80.0 in [m.at for m in moments]
    gaps = [b.at - a.at for a, b in pairwise(moments)]
    assert max(gaps) < 40


def test_sound_comes_in_pieces(tmp_path: Path) -> None:
    path = make_clip(tmp_path / "a.mp4", [(6, (0, 0, 0))])
    pieces = list(sound_pieces(path, 60.0, piece_s=2.0))
    assert [begun for begun, _ in pieces][:3] == [0.0, 2.0, 4.0]
    assert list(sound_pieces(make_clip(tmp_path / "b.mp4", [(1, (0, 0, 0))], sound=False), 60.0)) == []
