"""What is known of a picture without eyes, as data for a model that looks at it."""

from __future__ import annotations

from pinakes.agents.picture_words import (
    camera_of,
    colours_of,
    looks_of,
    moment_of,
    place_of,
    shape_of,
    text_of,
)
from pinakes.core.files import FileRecord, ImageFacts
from pinakes.core.prompts import Data

_LONGEST_READ = 800


def known_data(file: FileRecord, data_id: str) -> Data:
    """Return name, caption, measured facts and text read by OCR as one piece of data."""
    lines = [f"File name: {file.filename}"]
    lines += [f"Title: {file.title}"] if file.title else []
    lines += [f"Tags: {', '.join(file.tags)}"] if file.tags else []
    if file.facts is not None:
        lines += _facts(file.facts)
    return Data(id=data_id, text="\n".join(lines), source="measured and recorded")


def _facts(facts: ImageFacts) -> list[str]:
    known = {
        "Caption by a person": facts.caption or "",
        "Keywords by a person": ", ".join(facts.keywords),
        "Taken": moment_of(facts),
        "Camera": camera_of(facts),
        "Place": place_of(facts),
        "Original size": shape_of(facts),
        "Main colours": colours_of(facts),
        "Measured": looks_of(facts),
        "Text read by OCR": text_of(facts)[:_LONGEST_READ],
    }
    return [f"{name}: {value}" for name, value in known.items() if value]
