"""Videos: what they carry, their scenes, the text on their key frames, and what their subtitles say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from pinakes.core.display import clock
from pinakes.core.files import Element, Reading, VideoFacts, VideoScene
from pinakes.ingestion.options import ReadOptions
from pinakes.ingestion.readers.assemble import sensible_title
from pinakes.ingestion.videos.chunks import chunks_of
from pinakes.ingestion.videos.container import Carried, carried, opened
from pinakes.ingestion.videos.looking import Reader, SceneLook, thumbnail
from pinakes.ingestion.videos.samples import Looked, look
from pinakes.ingestion.videos.scenes import Scene, motion_of, scenes_of
from pinakes.ingestion.videos.subtitles import Cue, Spoken, spoken
from pinakes.ingestion.videos.words import describe

_LOOKING = 0.35  # of the deadline
_READING = 0.4


def read(path: Path, file_id: str, options: ReadOptions) -> Reading:
    """Read one video.

    Raises UnsupportedFileError (the `media` extra is missing, or it holds sound alone), CorruptFileError.
    """
    with opened(path) as container:
        known = carried(container)
    words = spoken(path)
    looked = look(path, known.duration_s, options.deadline_s * _LOOKING)
    scenes = scenes_of(looked, known.duration_s)
    reader = Reader(path, options.ocr, options.deadline_s * _READING, _warnings(looked))
    looks = [reader.look(scene) for scene in scenes]
    cues = [_within(words.cues, scene, last=scene is scenes[-1]) for scene in scenes]
    facts = _facts(known, words, looked, scenes, looks, cues)
    title = sensible_title(known.title)
    described = describe(options.filename or path.name, facts, title)
    return Reading(
        title=title,
        elements=tuple(_elements(looks, words)),
        chunks=chunks_of(file_id, described, facts, [look.lines for look in looks], cues),
        video=facts,
        content_created_at=_zoned(known.recorded_at),
        thumbnail=thumbnail(looks),
        warnings=tuple(reader.warnings),
    )


def _warnings(looked: Looked) -> list[str]:
    if looked.until is None:
        return []
    why = "The video is damaged" if looked.damaged else "There was not enough time for the whole video"
    return [f"{why}: only the first {clock(looked.until)} minutes were looked at."]


def _within(cues: Sequence[Cue], scene: Scene, *, last: bool) -> list[Cue]:
    """Return the words that begin in a scene; what runs past the end belongs to the last one."""
    return [cue for cue in cues if scene.start <= cue.start and (cue.start < scene.end or last)]


def _facts(
    known: Carried,
    words: Spoken,
    looked: Looked,
    scenes: Sequence[Scene],
    looks: Sequence[SceneLook],
    cues: Sequence[Sequence[Cue]],
) -> VideoFacts:
    width, height = _as_shown(known, looks)
    return VideoFacts(
        duration_s=known.duration_s or round(looked.samples[-1].at, 3),
        width=width,
        height=height,
        fps=known.fps,
        format=known.format,
        codec=known.codec,
        audio_codec=known.audio_codec,
        recorded_at=known.recorded_at,
        author=known.author,
        caption=known.caption,
        motion=motion_of(looked),
        subtitles=words.languages,
        scenes=tuple(map(_scene, scenes, looks, cues)),
    )


def _scene(scene: Scene, look: SceneLook, cues: Sequence[Cue]) -> VideoScene:
    return VideoScene(
        start_s=scene.start,
        end_s=scene.end,
        key_s=scene.keys[0].at,
        colours=look.colours,
        brightness=look.brightness,
        dark=look.dark,
        visible_text="\n".join(seen.line.text for seen in look.lines),
        speech=" ".join(" ".join(cue.text.split()) for cue in cues),
    )


def _as_shown(known: Carried, looks: Sequence[SceneLook]) -> tuple[int, int]:
    """Return width and height, changed over where the frames are shown on their side."""
    shown = next((look.picture for look in looks if look.picture is not None), None)
    turned = shown is not None and (shown.width > shown.height) != (known.width > known.height)
    square = known.width == known.height or (shown is not None and shown.width == shown.height)
    return (known.height, known.width) if turned and not square else (known.width, known.height)


def _elements(looks: Sequence[SceneLook], words: Spoken) -> Iterator[Element]:
    for scene in looks:
        yield from (seen.line for seen in scene.lines)
    for cue in words.cues:
        yield Element(type="NarrativeText", text=cue.text)


def _zoned(moment: datetime | None) -> datetime | None:
    return moment.astimezone(UTC) if moment else None
