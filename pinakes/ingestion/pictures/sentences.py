"""What was measured and read off a picture, in sentences that a search can find. Nothing is said of what it shows."""

from __future__ import annotations

import re
from pathlib import PurePath

from pinakes.core.files import Colour, GeoPoint, ImageFacts

_CAMERA_NAME = re.compile(
    r"(?:img|dsc[nf_]?|dscf|p|pict|image|photo|mvi|pxl|screenshot|scan|vid|wp|gopr|dji)?\s*[\d\s]+"
)


def describe(filename: str, facts: ImageFacts, title: str | None = None, category: str = "") -> str:
    """Return a few sentences for the chunk of kind "facts"; those about people's words come first."""
    parts = [
        _named(filename),
        _sentence(title),
        _sentence(facts.caption),
        _sentence(f"It is said to be: {category}" if category.strip() else None),
        _listed("Keywords: ", facts.keywords),
        _sentence(f"By {facts.author}" if facts.author else None),
        _taken(facts),
        _camera(facts),
        _place(facts.gps),
        _colours(facts.colours),
        _form(facts),
        _sentence(stored_words(facts.orientation)),
        "The picture is blurred, out of focus." if facts.blurred else "",
        "The picture is dark." if facts.dark else "",
        "There is readable text in the picture." if facts.visible_text else "",
    ]
    return " ".join(part for part in parts if part)


def name_words(filename: str) -> str:
    """Return the words in a file's name; names that cameras count up have none."""
    stem = PurePath(filename).stem
    parted = re.sub(r"[_.+~()\[\]]+|(?<![A-Z])-+|-+(?!\d)", " ", stem)  # P-104 stays whole
    spaced = re.sub(r"(?<=[a-zà-ÿ])(?=[A-ZÀ-Þ])", " ", parted)
    words = " ".join(spaced.split())
    return "" if _CAMERA_NAME.fullmatch(words.lower()) else words


def _named(filename: str) -> str:
    words = name_words(filename)
    return f"Picture {filename}: {words}." if words else f"Picture {filename}."


def _sentence(text: str | None) -> str:
    text = " ".join((text or "").split())[:1000]
    return text if not text or text[-1] in ".!?…" else f"{text}."


def _listed(lead: str, words: tuple[str, ...]) -> str:
    return f"{lead}{', '.join(words)}." if words else ""


def _taken(facts: ImageFacts) -> str:
    moment = facts.taken_at
    if moment is None:
        return ""
    words = f"Taken on {_WEEKDAYS[moment.weekday()]}, {moment.day} {_MONTHS[moment.month - 1]} {moment.year}"
    if moment.hour or moment.minute:
        words += (
            f" at {moment:%H:%M}, in the {_part_of_day(moment.hour)}"
            if moment.hour < 22
            else f" at {moment:%H:%M}, at night"
        )
    return f"{words}."


_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)


def _part_of_day(hour: int) -> str:
    return (
        "early morning" if hour < 6 else "morning" if hour < 12 else "afternoon" if hour < 18 else "evening"
    )


def camera_name(facts: ImageFacts) -> str:
    """Return maker and model as people say them; empty where unknown."""
    return " ".join(part for part in (facts.camera_make, facts.camera_model) if part)


def _camera(facts: ImageFacts) -> str:
    name = camera_name(facts)
    if not name and not facts.lens:
        return ""
    exposure = facts.exposure
    settings = [
        f"lens {facts.lens}" if facts.lens else "",
        exposure.get("exposure_time", ""),
        exposure.get("aperture", ""),
        f"ISO {exposure['iso']}" if "iso" in exposure else "",
        exposure.get("focal_length", ""),
        "with flash" if exposure.get("flash") == "fired" else "",
    ]
    return f"Camera {', '.join(part for part in (name, *settings) if part)}."


def _place(gps: GeoPoint | None) -> str:
    if gps is None:
        return ""
    north = f"{abs(gps.latitude):.4f}° {'N' if gps.latitude >= 0 else 'S'}"
    east = f"{abs(gps.longitude):.4f}° {'E' if gps.longitude >= 0 else 'W'}"
    height = f", {gps.altitude:.0f} m above sea level" if gps.altitude is not None else ""
    return f"GPS position {north}, {east}{height}."


def _colours(colours: tuple[Colour, ...]) -> str:
    most = [colour.name for colour in colours if colour.share >= 0.2]
    some = [colour.name for colour in colours if 0.05 <= colour.share < 0.2]
    if not most and not some:
        return ""
    if not most:
        return f"Colours: {_and(some)}."
    return f"Mostly {_and(most)}{f', some {_and(some)}' if some else ''}."


def _and(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


_TURNED = {
    2: "mirrored",
    3: "turned by 180°, upside down",
    4: "mirrored upside down",
    5: "mirrored and turned by 90°",
    6: "turned by 90°",
    7: "mirrored and turned by 270°",
    8: "turned by 270°",
}


def stored_words(orientation: int | None) -> str:
    """Return how the pixels of a picture are stored where that differs from how it is shown."""
    turned = _TURNED.get(orientation or 1)
    return f"Stored {turned} (EXIF orientation {orientation}), shown upright" if turned else ""


def _form(facts: ImageFacts) -> str:
    ratio = facts.width / facts.height
    shape = "Square" if 0.99 <= ratio <= 1.01 else "Landscape" if ratio > 1 else "Portrait"
    frames = f", {facts.frames} {'pages' if facts.format == 'TIFF' else 'frames'}" if facts.frames > 1 else ""
    return f"{shape} format, {facts.width} × {facts.height} pixels, {facts.format}{frames}."
