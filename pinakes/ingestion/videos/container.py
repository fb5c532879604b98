"""What a video's file says of itself, and its frames as pictures."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from PIL import Image

from pinakes.core.errors import CorruptFileError, UnsupportedFileError
from pinakes.ingestion.kinds import NEEDS_MEDIA
from pinakes.ingestion.readers.clean import one_line
from pinakes.ingestion.readers.dates import parse_date

_LOCAL_ONLY = {"protocol_whitelist": "file"}
"""A file that names other places to read from must not be followed."""

_FORMATS = {"mov": "MP4", "matroska": "Matroska", "avi": "AVI", "mpeg": "MPEG", "asf": "Windows Media"}
_CODECS = {
    "h264": "H.264",
    "hevc": "H.265",
    "mpeg4": "MPEG-4",
    "mjpeg": "Motion JPEG",
    "vp8": "VP8",
    "vp9": "VP9",
}
_AUDIO = {"aac": "AAC", "mp3": "MP3", "opus": "Opus", "vorbis": "Vorbis", "ac3": "AC-3", "flac": "FLAC"}


@dataclass(frozen=True, slots=True)
class Carried:
    """What the file says; seconds, and pixels as displayed."""

    duration_s: float
    width: int
    height: int
    fps: float | None
    format: str
    codec: str
    audio_codec: str | None
    recorded_at: datetime | None
    title: str | None
    author: str | None
    caption: str | None


@contextmanager
def opened(path: Path) -> Iterator[Any]:
    """Open a video for reading. Raises UnsupportedFileError, CorruptFileError."""
    try:
        import av
    except ImportError as error:
        raise UnsupportedFileError(f"This is a video, and {NEEDS_MEDIA}.") from error
    try:
        with av.open(str(path), metadata_errors="replace", options=_LOCAL_ONLY) as container:
            yield container
    except av.error.FFmpegError as error:
        raise CorruptFileError(
            "The video is damaged or built in a way that cannot be read; save it again from its program.",
            detail=str(error)[:300],
        ) from error


def pictures_of(container: Any) -> Any:
    """Return the stream with the pictures, set to use one thread. Raises UnsupportedFileError, CorruptFileError."""
    for stream in container.streams.video:
        if not _is_cover(stream):
            stream.codec_context.thread_count = 1
            return stream
    if not container.streams.audio:
        raise CorruptFileError(
            "The video has neither pictures nor sound: it is cut off; get a fresh copy of it."
        )
    raise UnsupportedFileError("The file holds sound alone, no pictures; sound is not read yet.")


def _is_cover(stream: Any) -> bool:
    return "attached_pic" in str(getattr(stream, "disposition", "")).lower()


def carried(container: Any) -> Carried:
    """Return what an opened file says. Raises UnsupportedFileError, CorruptFileError."""
    stream = pictures_of(container)
    sound = next(iter(container.streams.audio), None)
    tags = _tags(container, stream)
    width, height = stream.codec_context.width, stream.codec_context.height
    if not width or not height:
        raise CorruptFileError("The video does not say how large its pictures are: save it again.")
    return Carried(
        duration_s=_duration(container, stream),
        width=width,
        height=height,
        fps=round(float(stream.average_rate), 3) if stream.average_rate else None,
        format=_format(container.format.name, tags.get("major_brand", "")),
        codec=_CODECS.get(stream.codec_context.name, stream.codec_context.name.upper()),
        audio_codec=_sound_name(sound),
        recorded_at=_recorded(tags),
        title=_words(tags, "title"),
        author=_words(tags, "artist", "author", "com.apple.quicktime.author"),
        caption=_words(tags, "description", "comment", "synopsis"),
    )


def frames(container: Any, stream: Any) -> Iterator[tuple[float, Any]]:
    """Yield decoded frames with their seconds from the beginning."""
    begin = float(stream.start_time * stream.time_base) if stream.start_time else 0.0
    for frame in container.decode(stream):
        if frame.pts is not None:
            yield max(0.0, float(frame.pts * frame.time_base) - begin), frame


def picture_at(path: Path, second: float) -> tuple[float, Image.Image]:
    """Return the frame shown at a second, upright, and when it begins; past the end the last one.

    Raises UnsupportedFileError, CorruptFileError.
    """
    with opened(path) as container:
        stream = pictures_of(container)
        found = _shown_at(container, stream, second) or _shown_at(container, stream, 0.0)
        if found is None:
            raise CorruptFileError("No frame of the video can be read: get a fresh copy of it.")
        return found[0], upright(found[1])


def _shown_at(container: Any, stream: Any, second: float) -> tuple[float, Any] | None:
    """Return the last frame that begins no later than a second; seeking lands on a key frame before it."""
    begin = stream.start_time or 0
    container.seek(max(0, int(second / stream.time_base)) + begin, stream=stream, backward=True)
    shown = None
    for at, frame in frames(container, stream):
        if shown is not None and at > second + _SLACK:
            break
        shown = at, frame
    return shown


_SLACK = 0.001


def upright(frame: Any) -> Image.Image:
    """Return a frame as an RGB picture the way it is shown."""
    picture: Image.Image = frame.to_image()
    turn = int(getattr(frame, "rotation", 0) or 0) % 360
    return picture.rotate(turn, expand=True) if turn else picture


def _duration(container: Any, stream: Any) -> float:
    if container.duration:
        return round(float(container.duration) / 1_000_000, 3)
    if stream.duration:
        return round(float(stream.duration * stream.time_base), 3)
    ends = (p.pts + (p.duration or 0) for p in container.demux(stream) if p.pts is not None)
    last = max(ends, default=0)
    container.seek(0)
    return round(float((last - (stream.start_time or 0)) * stream.time_base), 3)


def _format(name: str, brand: str) -> str:
    if brand.strip() == "qt":
        return "QuickTime"
    return next((words for part, words in _FORMATS.items() if name.startswith(part)), name.upper())


def _sound_name(sound: Any) -> str | None:
    if sound is None or sound.codec_context is None:
        return None
    name = sound.codec_context.name
    return "PCM" if name.startswith("pcm") else _AUDIO.get(name, name.upper())


def _tags(container: Any, stream: Any) -> dict[str, str]:
    return {key.lower(): value for source in (stream, container) for key, value in source.metadata.items()}


def _recorded(tags: dict[str, str]) -> datetime | None:
    names = ("com.apple.quicktime.creationdate", "creation_time", "date_recorded", "date")
    return next((found for name in names if (found := parse_date(tags.get(name, "")))), None)


def _words(tags: dict[str, str], *names: str) -> str | None:
    return next((text for name in names if (text := one_line(tags.get(name, "")))), None)
