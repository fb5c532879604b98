"""What is said in a video, where it carries subtitles as text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pinakes.core.errors import CorruptFileError
from pinakes.ingestion.readers.clean import clean
from pinakes.ingestion.videos.container import opened

MOST_CUES = 20_000
_TAGS = re.compile(r"<[^<>]{1,60}>|\{\\[^{}]*\}")
_PICTURED = frozenset(
    {"dvd_subtitle", "dvdsub", "hdmv_pgs_subtitle", "pgssub", "dvb_subtitle", "dvbsub", "xsub"}
)


@dataclass(frozen=True, slots=True)
class Cue:
    """Words and from when to when they are shown, in seconds."""

    start: float
    end: float
    text: str


@dataclass(frozen=True, slots=True)
class Spoken:
    """The words of the first text track, and the languages of all tracks ("und" where unsaid)."""

    cues: tuple[Cue, ...] = ()
    languages: tuple[str, ...] = ()


def spoken(path: Path) -> Spoken:
    """Return what the subtitles in a video say; tracks made of pictures are named but not read."""
    with opened(path) as container:
        tracks = [s for s in container.streams.subtitles if s.codec_context is not None]
        languages = tuple(str(s.language or "und") for s in tracks)
        readable = [s.index for s in tracks if s.codec_context.name not in _PICTURED]
    for number in readable:
        if cues := _cues_of(path, number):
            return Spoken(cues, languages)
    return Spoken((), languages)


def _cues_of(path: Path, track: int) -> tuple[Cue, ...]:
    found: list[Cue] = []
    try:
        with opened(path) as container:
            for cue in _cues(container, container.streams[track]):
                if len(found) >= MOST_CUES:
                    break
                if not found or (cue.text, cue.start) != (found[-1].text, found[-1].start):
                    found.append(cue)
    except CorruptFileError:  # what came before the damage still counts
        pass
    return tuple(sorted(found, key=lambda cue: cue.start))


def _cues(container: Any, stream: Any) -> Iterator[Cue]:
    for packet in container.demux(stream):
        if packet.pts is None or not packet.size:
            continue
        text = "\n".join(filter(None, map(_words, packet.decode())))
        start = float(packet.pts * packet.time_base)
        length = float(packet.duration * packet.time_base) if packet.duration else 0.0
        if text:
            yield Cue(round(start, 3), round(start + length, 3), text)


def _words(part: Any) -> str:
    """Return the words of a subtitle, or of each of a set of them, without what styles them."""
    if not hasattr(part, "dialogue") and not hasattr(part, "text"):
        return "\n".join(filter(None, map(_words, part))) if hasattr(part, "__iter__") else ""
    said = getattr(part, "dialogue", b"") or getattr(part, "text", b"")
    text = said.decode("utf-8", errors="replace") if isinstance(said, bytes) else str(said)
    return clean(_TAGS.sub("", text.replace("\\N", "\n").replace("\\h", " ")))
