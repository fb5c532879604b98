"""Groups of files by what is known of them: when, with what, by whom, of what kind."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import PurePosixPath

from pinakes.agents.organising import lexicon
from pinakes.agents.organising.request import Key
from pinakes.agents.queries.calendar_words import MONTH_NAMES
from pinakes.agents.queries.lexicon import CAMERA_MAKES
from pinakes.core.files import FileRecord

MANY = 60
"""Pictures of one year beyond which its months get folders of their own."""

_MANY_MODELS = 4
_EVENT = 3
"""Pictures that make an event; fewer go to their year."""

_SAME_TRIP = timedelta(hours=36)
_SAME_PLACE = 0.25
"""Degrees within which pictures are taken at one place, about 25 km."""


@dataclass(frozen=True)
class Groups:
    """Files by the path of their folder below a common one; `left` are those without a group, and why."""

    folders: dict[str, list[FileRecord]] = field(default_factory=dict)
    left: dict[str, str] = field(default_factory=dict)  # file id -> why


def group_files(files: Sequence[FileRecord], key: Key) -> Groups:
    """Return files grouped by something that their records tell.

    Raises KeyError for keys that need what the files say.
    """
    if key is Key.EVENT:
        return _by_event(files)
    if key is Key.CAMERA:
        return _by_camera(files)
    if key is Key.PLACE:
        return _by_place(files)
    if key is Key.DATE:
        return _by(files, _year_or_month(files), "no date is known")
    label, why = _LABELS[key]
    return _by(files, label, why)


def moment_of(file: FileRecord) -> datetime | None:
    """Return when a file's content was made, as far as that is known."""
    return file.content_created_at


def same_month(name: str, year: int, month: int, parent: str = "") -> bool:
    """Tell whether a folder's name means a month ("2025-03", "March 2025", "03 March" in 2025)."""
    said_year = re.search(r"(?:19|20)\d\d", f"{name} {parent}")
    if not said_year or int(said_year[0]) != year:
        return False
    rest = re.sub(r"(?:19|20)\d\d", " ", name).strip(" -_./")
    words = [w for w in re.findall(r"[^\W_]+", rest) if w]
    return bool(words) and all(
        (w.isdigit() and int(w) == month) or w.casefold() == MONTH_NAMES[month - 1].casefold() for w in words
    )


def _by(files: Sequence[FileRecord], label: Callable[[FileRecord], str | None], why: str) -> Groups:
    groups = Groups()
    for file in files:
        name = label(file)
        if name:
            groups.folders.setdefault(_as_folder(name), []).append(file)
        else:
            groups.left[file.id] = why
    return groups


def _as_folder(name: str) -> str:
    return "/".join(" ".join(part.split()) for part in name.split("/") if part.strip())


def _decade(file: FileRecord) -> str | None:
    moment = moment_of(file)
    return f"{moment.year // 10 * 10}s" if moment else None


def _year(file: FileRecord) -> str | None:
    moment = moment_of(file)
    return str(moment.year) if moment else None


def _month(file: FileRecord) -> str | None:
    moment = moment_of(file)
    return f"{moment:%Y-%m}" if moment else None


def _day(file: FileRecord) -> str | None:
    moment = moment_of(file)
    return f"{moment:%Y-%m-%d}" if moment else None


def _year_or_month(files: Sequence[FileRecord]) -> Callable[[FileRecord], str | None]:
    """Return years; months where a single year is meant, and months within years that hold very many."""
    years = Counter(_year(f) for f in files if moment_of(f))
    if len(years) == 1:
        return _month if len({_month(f) for f in files if moment_of(f)}) > 1 else _year
    return lambda f: f"{_year(f)}/{_month(f)}" if years[_year(f)] > MANY else _year(f)


def _by_camera(files: Sequence[FileRecord]) -> Groups:
    """Group by model; by make where most models would have a folder for a single picture."""
    models = _by(files, _camera, "its camera is unknown")
    single = sum(len(members) == 1 for members in models.folders.values())
    if 2 * single <= len(models.folders) or len(models.folders) < _MANY_MODELS:
        return models
    return _by(files, lambda f: _make(f) if _camera(f) else None, "its camera is unknown")


def _camera(file: FileRecord) -> str | None:
    """Return make and model as people write them, the make once."""
    model = re.sub(r"\s*\(.*?\)", "", (file.facts.camera_model or "") if file.facts else "").strip()
    if not model:
        return None
    make = _make(file)
    known = not make or model.casefold().startswith(make.casefold())
    return (model if known else f"{make} {model}").replace("/", "-")


def _make(file: FileRecord) -> str:
    """Return the make's everyday name ("NIKON CORPORATION" → "Nikon", "Eastman Kodak Company" → "Kodak")."""
    words = re.findall(r"[^\W_]+", (file.facts.camera_make or "") if file.facts else "")
    known = [w for w in words if w.casefold() in CAMERA_MAKES]
    name = next(iter(known or words), "")
    return name.capitalize() if len(name) > 3 else name


def _author(file: FileRecord) -> str | None:
    name = (file.facts.author or "").strip() if file.facts else ""
    return re.sub(r"\s*(?:\(.*\)|©|[/\\]).*", "", name).strip(" ©.,") or None


def _tag(file: FileRecord) -> str | None:
    return file.tags[0] if file.tags else None


def _format(file: FileRecord) -> str | None:
    ending = PurePosixPath(file.filename).suffix.lstrip(".").casefold()
    return _FORMATS.get(ending, ending.upper()) or None


_FORMATS = {
    "jpg": "JPEG",
    "jpeg": "JPEG",
    "tif": "TIFF",
    "docx": "Word",
    "md": "Markdown",
    "txt": "Text",
    "htm": "HTML",
}


def _language(file: FileRecord) -> str | None:
    return _LANGUAGES.get(file.language or "", file.language)


_LANGUAGES = {
    "en": "English",
    "de": "German",
    "fr": "French",
    "es": "Spanish",
    "it": "Italian",
    "zh": "Chinese",
}

_LABELS: dict[Key, tuple[Callable[[FileRecord], str | None], str]] = {
    Key.DECADE: (_decade, "no date is known"),
    Key.YEAR: (_year, "no date is known"),
    Key.MONTH: (_month, "no date is known"),
    Key.DAY: (_day, "no date is known"),
    Key.TYPE: (lambda f: lexicon.NAMES_OF_MEDIA[f.media_type], "its kind is unknown"),
    Key.FORMAT: (_format, "its name has no ending"),
    Key.AUTHOR: (_author, "its author is unknown"),
    Key.TAG: (_tag, "it has no tag"),
    Key.LANGUAGE: (_language, "its language is unknown"),
}


def _by_event(files: Sequence[FileRecord]) -> Groups:
    """Group pictures with less than a day and a half between one and the next."""
    dated = sorted((m, f.id, f) for f in files if (m := moment_of(f)))
    groups = Groups(left={f.id: "no date is known" for f in files if not moment_of(f)})
    events: list[list[tuple[datetime, FileRecord]]] = []
    for place, (moment, _, file) in enumerate(dated):
        if not place or moment - dated[place - 1][0] > _SAME_TRIP:
            events.append([])
        events[-1].append((moment, file))
    for event in events:
        name = _days(event[0][0], event[-1][0]) if len(event) >= _EVENT else str(event[0][0].year)
        groups.folders.setdefault(name, []).extend(f for _, f in event)
    return groups


def _days(first: datetime, last: datetime) -> str:
    """Return a name that sorts by date ("2008-10-22", "2008-10-22 to 24", "2008-10-30 to 11-02")."""
    if first.date() == last.date():
        return f"{first:%Y-%m-%d}"
    if (first.year, first.month) == (last.year, last.month):
        return f"{first:%Y-%m-%d} to {last:%d}"
    return (
        f"{first:%Y-%m-%d} to {last:%m-%d}"
        if first.year == last.year
        else f"{first:%Y-%m-%d} to {last:%Y-%m-%d}"
    )


def _by_place(files: Sequence[FileRecord]) -> Groups:
    """Group pictures taken close to each other, named by a keyword they share, else by their coordinates."""
    placed = [f for f in files if f.facts and f.facts.gps]
    groups = Groups(left={f.id: "its place is unknown" for f in files if not (f.facts and f.facts.gps)})
    for members in _close(placed):
        groups.folders.setdefault(_place_name(members), []).extend(members)
    return groups


def _close(placed: Sequence[FileRecord]) -> list[list[FileRecord]]:
    clusters: list[list[FileRecord]] = []
    for file in placed:
        near = [c for c in clusters if any(_apart(file, other) <= _SAME_PLACE for other in c)]
        joined = [file, *(f for c in near for f in c)]
        clusters = [*(c for c in clusters if c not in near), joined]
    return [sorted(c, key=lambda f: f.filename) for c in clusters]


def _apart(first: FileRecord, second: FileRecord) -> float:
    import math

    a, b = (f.facts.gps if f.facts else None for f in (first, second))
    if a is None or b is None:
        return math.inf
    east = (a.longitude - b.longitude + 180) % 360 - 180
    return math.hypot(a.latitude - b.latitude, east * math.cos(math.radians(a.latitude)))


def _place_name(files: Sequence[FileRecord]) -> str:
    shared = Counter(word for f in files if f.facts for word in set(f.facts.keywords))
    word, count = shared.most_common(1)[0] if shared else ("", 0)
    if word and count == len(files) > 1 and not re.search(r"[/\\\d]", word):
        return word[0].upper() + word[1:]
    points = [f.facts.gps for f in files if f.facts and f.facts.gps]
    latitude = sum(p.latitude for p in points) / len(points)
    longitude = sum(p.longitude for p in points) / len(points)
    north, east = "N" if latitude >= 0 else "S", "E" if longitude >= 0 else "W"
    return f"{abs(latitude):.1f}°{north} {abs(longitude):.1f}°{east}"
