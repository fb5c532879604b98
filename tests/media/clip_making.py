"""Small videos made for tests: pictures drawn with Pillow, encoded by PyAV."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import av
from PIL import Image, ImageDraw, ImageFont

SIZE = (480, 270)
RATE = 8


class Shot(NamedTuple):
    """So many seconds of one colour with words on it; a moving block makes it live."""

    seconds: float
    colour: str
    words: str = ""
    moves: bool = False


def picture(shot: Shot, at: float) -> Image.Image:
    drawn = Image.new("RGB", SIZE, shot.colour)
    pen = ImageDraw.Draw(drawn)
    if shot.moves:
        left = int(at * 40) % (SIZE[0] - 60)
        pen.rectangle((left, 200, left + 60, 250), fill="yellow")
    for line, text in enumerate(shot.words.splitlines()):
        ink = "black" if shot.colour in {"white", "yellow"} else "white"
        pen.text((30, 40 + 60 * line), text, fill=ink, font=ImageFont.load_default(size=38))
    return drawn


def make_clip(
    path: Path,
    shots: Sequence[Shot],
    *,
    said: Sequence[tuple[float, float, str]] = (),
    tags: dict[str, str] | None = None,
    codec: str = "mpeg4",
) -> Path:
    """Write a video; `said` are subtitles as (start, end, words), which only Matroska takes here."""
    with av.open(str(path), "w") as container:
        container.metadata.update(tags or {})
        stream = container.add_stream(codec, rate=RATE)
        stream.width, stream.height = SIZE
        stream.pix_fmt = "yuvj420p" if codec == "mjpeg" else "yuv420p"
        stream.bit_rate = 2_000_000
        subtitles = av.open(str(_srt(path.with_suffix(".srt"), said))) if said else None
        track = container.add_stream_from_template(subtitles.streams[0]) if subtitles else None
        number = 0
        for shot in shots:
            for n in range(round(shot.seconds * RATE)):
                frame = av.VideoFrame.from_image(picture(shot, n / RATE))
                frame.pts = number
                number += 1
                container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
        for packet in subtitles.demux() if subtitles else ():
            if packet.dts is not None:
                packet.stream = track
                container.mux(packet)
    return path


def _srt(path: Path, said: Sequence[tuple[float, float, str]]) -> Path:
    cues = (f"{n}\n{_clock(a)} --> {_clock(b)}\n{text}\n" for n, (a, b, text) in enumerate(said, 1))
    path.write_text("\n".join(cues), encoding="utf-8")
    return path


def _clock(seconds: float) -> str:
    whole, rest = divmod(round(seconds * 1000), 1000)
    return f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02},{rest:03}"
