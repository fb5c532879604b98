"""What is known of a picture, in plain words."""

from __future__ import annotations

from pinakes.agents.analysis.figures import day_words
from pinakes.core.files import FileRecord, ImageFacts
from pinakes.ingestion.pictures.sentences import stored_words


def known_words(file: FileRecord) -> str:
    """Return in a few words when, with what and how a picture was taken."""
    facts = file.facts
    parts = [
        _taken(file),
        camera_of(facts) if facts else "",
        f"in {file.folder_path}" if file.folder_path else "",
    ]
    return ", ".join(p for p in parts if p)


def _taken(file: FileRecord) -> str:
    return day_words(file.content_created_at) if file.content_created_at else ""


def moment_of(facts: ImageFacts) -> str:
    """Return when a picture was taken, to the second."""
    return f"{facts.taken_at.day} {facts.taken_at:%B %Y, %H:%M:%S}" if facts.taken_at else ""


def camera_of(facts: ImageFacts) -> str:
    """Return make and model without saying the make twice."""
    make, model = (facts.camera_make or "").strip(), (facts.camera_model or "").strip()
    if make and model and not model.casefold().startswith(make.casefold().split()[0]):
        return f"{make} {model}"
    return model or make


def colours_of(facts: ImageFacts, most: int = 3) -> str:
    """Return the dominant colours with their shares."""
    return ", ".join(f"{c.name} {c.share:.0%}" for c in facts.colours[:most])


def place_of(facts: ImageFacts) -> str:
    """Return the place as decimal degrees."""
    if facts.gps is None:
        return ""
    north, east = facts.gps.latitude, facts.gps.longitude
    return f"{abs(north):.4f}° {'N' if north >= 0 else 'S'}, {abs(east):.4f}° {'E' if east >= 0 else 'W'}"


def text_of(facts: ImageFacts) -> str:
    """Return the text read off a picture, in one line."""
    return " / ".join(line.strip() for line in facts.visible_text.splitlines() if line.strip())


def shape_of(facts: ImageFacts) -> str:
    """Return size in pixels and format, and how it is stored where that is not as it is shown."""
    frames = f", {facts.frames} frames" if facts.frames > 1 else ""
    turned = f", {turned_of(facts)}" if stored_words(facts.orientation) else ""
    return f"{facts.width} × {facts.height} pixels, {facts.format.upper()}{frames}{turned}"


def turned_of(facts: ImageFacts) -> str:
    """Return how a picture is stored, turned or upright."""
    words = stored_words(facts.orientation)
    return (
        f"{words[:1].lower()}{words[1:]}" if words else "no turn is recorded, so it is stored as it is shown"
    )


def looks_of(facts: ImageFacts) -> str:
    """Return whether a picture is blurred or dark."""
    looks = [word for word, holds in (("blurred", facts.blurred), ("dark", facts.dark)) if holds]
    return " and ".join(looks)
