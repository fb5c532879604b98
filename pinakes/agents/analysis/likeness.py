"""Which pictures are alike, which one is the original, and in what pictures differ."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from pinakes.agents.analysis.figures import bytes_words, counted
from pinakes.agents.citing import Citations
from pinakes.agents.picture_words import (
    camera_of,
    colours_of,
    looks_of,
    moment_of,
    place_of,
    shape_of,
    text_of,
)
from pinakes.agents.places import distance_km
from pinakes.agents.writing.marks import plain
from pinakes.core.files import FileRecord, ImageFacts
from pinakes.ingestion.videos.words import length
from pinakes.tools.duplicates import NEAR, DuplicateGroup, group_alike, picture_distance

_MOST_GROUPS = 10
_MOST_COMPARED = 4


async def duplicates_told(
    files: Sequence[FileRecord], among: Sequence[FileRecord], cited: Citations
) -> tuple[str, tuple[FileRecord, ...]]:
    """Return which of these pictures have copies or near-duplicates among others, and the pictures concerned."""
    groups = await asyncio.to_thread(group_alike, list(among))
    wanted = {f.id for f in files}
    concerned = [g for g in groups if any(f.id in wanted for f in g.files)]
    if not concerned:
        who = files[0].filename if len(files) == 1 else f"the {counted(len(files), 'picture')}"
        return f"No copies or near-duplicates of {who} were found among {counted(len(among), 'picture')}.", ()
    lines = [f"- {_group_words(group, cited)}" for group in concerned[:_MOST_GROUPS]]
    if len(concerned) > _MOST_GROUPS:
        lines.append(f"- … and {len(concerned) - _MOST_GROUPS} more groups")
    heading = f"{counted(len(concerned), 'group')} of pictures that are the same or nearly so:"
    return f"{heading}\n\n" + "\n".join(lines), tuple(f for g in concerned for f in g.files)


def copies_of(file: FileRecord, among: Sequence[FileRecord]) -> list[FileRecord]:
    """Return a picture with its copies and near-duplicates."""
    groups = [g for g in group_alike(among) if file.id in {f.id for f in g.files}]
    return list(groups[0].files) if groups else [file]


def _group_words(group: DuplicateGroup, cited: Citations) -> str:
    names = [f"{cited.mark(cited.cite_file(f, why='alike')).strip()} {_size(f)}" for f in group.files]
    how = (
        "identical files"
        if group.exact
        else f"nearly the same (at most {group.distance} of 64 bits of their patterns of light differ)"
        if group.distance
        else "the same pattern of light, saved differently"
    )
    return f"{', '.join(names)} — {how}"


def _size(file: FileRecord) -> str:
    return f"{file.facts.width} × {file.facts.height}" if file.facts else bytes_words(file.size_bytes)


def original_told(files: Sequence[FileRecord], cited: Citations) -> tuple[str, tuple[FileRecord, ...]]:
    """Return which picture is likeliest the original, and why: most pixels, then camera data, then age."""
    ranked = sorted(files, key=_originality, reverse=True)
    best = ranked[0]
    if len(ranked) < 2:
        return "", ()
    reasons = [f"it is the largest ({_size(best)})"] if _area(best) > _area(ranked[1]) else []
    if best.facts and best.facts.exposure and not all(f.facts and f.facts.exposure for f in ranked):
        reasons.append("it carries its camera's data")
    why = " and ".join(reasons) or "it is the oldest of equals"
    mark = cited.mark(cited.cite_file(best, why=why))
    return f"Likeliest the original is {best.filename}: {why}.{mark}", (best,)


def _area(file: FileRecord) -> int:
    return file.facts.width * file.facts.height if file.facts else 0


def _originality(file: FileRecord) -> tuple[int, int, float]:
    data = len(file.facts.exposure) if file.facts else 0
    return _area(file), data, -file.created_at.timestamp()


def compared(files: Sequence[FileRecord], cited: Citations) -> str:
    """Return what is the same and what differs in the measured facts of two to four pictures."""
    chosen = [f for f in files if f.facts][:_MOST_COMPARED]
    if len(chosen) < 2:
        return ""
    marks = [cited.mark(cited.cite_file(f, why="compared")).strip() for f in chosen]
    rows = {name: [told(f, f.facts) for f in chosen if f.facts] for name, told in _COMPARED.items()}
    same = [
        f"{name} ({plain(values[0])})" for name, values in rows.items() if values[0] and len(set(values)) == 1
    ]
    lines = [f"Compared: {', '.join(marks)}.", _likeness(chosen), _apart(chosen)]
    for name, values in rows.items():
        if len(set(values)) > 1:
            each = "; ".join(
                f"{plain(f.filename)}: {plain(v) or 'unknown'}" for f, v in zip(chosen, values, strict=True)
            )
            lines.append(f"- different {name} — {each}")
    if same:
        lines.append(f"- the same: {'; '.join(same)}")
    return "\n".join(line for line in lines if line)


def _likeness(files: Sequence[FileRecord]) -> str:
    distance = picture_distance(files[0], files[1])
    if len(files) != 2 or distance is None:
        return ""
    if distance == 0 and files[0].sha256 == files[1].sha256:
        return "They are the same file."
    verdict = "near-duplicates" if distance <= NEAR else "different pictures"
    return f"By their patterns of light they are {verdict} ({distance} of 64 bits differ)."


def _apart(files: Sequence[FileRecord]) -> str:
    """Return how far apart in time and place two pictures were taken."""
    first, second = files[0].facts, files[1].facts
    if len(files) != 2 or first is None or second is None:
        return ""
    parts = []
    if first.taken_at and second.taken_at:
        parts.append(_gap(abs((second.taken_at - first.taken_at).total_seconds())))
    if first.gps and second.gps:
        km = distance_km(first.gps, second.gps)
        parts.append(f"{km * 1000:.0f} m" if km < 1 else f"{km:,.1f} km")
    return f"They were taken {' and '.join(parts)} apart." if parts else ""


def _gap(seconds: float) -> str:
    return length(seconds) if seconds < 2 * _DAY else f"{seconds / _DAY:,.0f} days"


_DAY = 86_400
_COMPARED: dict[str, Callable[[FileRecord, ImageFacts], str]] = {
    "size": lambda file, facts: shape_of(facts),
    "file size": lambda file, facts: bytes_words(file.size_bytes),
    "time": lambda file, facts: moment_of(facts),
    "camera": lambda file, facts: camera_of(facts),
    "place": lambda file, facts: place_of(facts),
    "main colours": lambda file, facts: colours_of(facts),
    "brightness": lambda file, facts: "" if facts.brightness is None else f"{facts.brightness:.0%}",
    "looks": lambda file, facts: looks_of(facts) or "sharp and not dark",
    "text": lambda file, facts: text_of(facts)[:200],
}
