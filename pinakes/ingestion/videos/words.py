"""What is known of a video in sentences that a search can find. Nothing is said of what it shows."""

from __future__ import annotations

from collections.abc import Sequence

from pinakes.core.display import clock
from pinakes.core.files import Colour, VideoFacts, VideoScene
from pinakes.ingestion.pictures.sentences import name_words

SEEN = "Text in the picture:"
SAID = "Said:"
"""What leads the lines read off a scene's frames, and those of its subtitles."""


def describe(filename: str, facts: VideoFacts, title: str | None = None) -> str:
    """Return a few sentences for the chunk of kind "facts"; those about people's words come first."""
    words = name_words(filename)
    parts = [
        f"Video {filename}: {words}." if words else f"Video {filename}.",
        _sentence(title),
        _sentence(facts.caption),
        _sentence(f"By {facts.author}" if facts.author else None),
        _recorded(facts),
        f"{length(facts.duration_s)} long, {form(facts)}.",
        f"{len(facts.scenes)} scenes." if len(facts.scenes) > 1 else "",
        _motion(facts.motion),
        "There is readable text in the video." if any(s.visible_text for s in facts.scenes) else "",
        "What is said stands in its subtitles." if any(s.speech for s in facts.scenes) else "",
    ]
    return " ".join(part for part in parts if part)


def length(seconds: float) -> str:
    """Return a duration as people say it: "8.5 seconds", "2 minutes 19 seconds", "1 hour 5 minutes"."""
    if seconds < 60:
        return _count(f"{seconds:.1f}".removesuffix(".0"), "second")
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    told = [_count(str(n), unit) for n, unit in ((hours, "hour"), (minutes, "minute"), (rest, "second")) if n]
    return " ".join(told[:2])


def form(facts: VideoFacts) -> str:
    """Return size, speed, format and sound in words."""
    shape = (
        "square" if facts.width == facts.height else "landscape" if facts.width > facts.height else "portrait"
    )
    speed = f", {facts.fps:.4g} frames a second" if facts.fps else ""
    sound = f"with sound ({facts.audio_codec})" if facts.audio_codec else "without sound"
    return f"{facts.width} × {facts.height} pixels, {shape}{speed}, {facts.codec} in {facts.format}, {sound}"


def scene_lead(number: int, count: int, scene: VideoScene) -> str:
    """Return when a scene is and how it looks, measured."""
    name = f"Scene {number} of {count}" if count > 1 else "The only scene"
    return f"{name}, {clock(scene.start_s)} to {clock(round(scene.end_s))}. {looks(scene)}".strip()


def looks(scene: VideoScene) -> str:
    """Return the colours of a scene, and whether it is dark, in a sentence; empty where not measured."""
    told = colours(scene.colours)
    if scene.dark:
        told = f"{told}; dark" if told else "Dark"
    return f"{told}." if told else ""


def colours(found: Sequence[Colour]) -> str:
    """Return the main colours in words."""
    main = [colour.name for colour in found if colour.share >= 0.2] or [c.name for c in found[:2]]
    return f"Mostly {' and '.join(main[:3])}" if main else ""


def _sentence(text: str | None) -> str:
    text = " ".join((text or "").split())[:1000]
    return text if not text or text[-1] in ".!?…" else f"{text}."


def _recorded(facts: VideoFacts) -> str:
    moment = facts.recorded_at
    return f"Recorded on {moment:%A}, {moment.day} {moment:%B %Y} at {moment:%H:%M}." if moment else ""


def _motion(motion: float | None) -> str:
    if motion is None:
        return ""
    return (
        "Nothing moves in it."
        if motion < _FROZEN
        else "There is much movement in it."
        if motion > _LIVELY
        else ""
    )


_FROZEN = 0.0005
_LIVELY = 0.04


def _count(number: str, unit: str) -> str:
    return f"{number} {unit}" if number == "1" else f"{number} {unit}s"
