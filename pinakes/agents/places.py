"""Where a place is that a question names: by the pictures in a folder or with a tag, or by what documents say."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pinakes.agents.queries.filters import Filters, Known
from pinakes.agents.queries.names import stem
from pinakes.agents.queries.nearness import Nearness, named_place, points_in
from pinakes.agents.spec import AgentContext
from pinakes.core.files import Circle, FileFilter, FileRecord, GeoPoint, MediaType
from pinakes.tools.scope import files_of, narrowed

_EARTH_KM = 6371.0088
_MOST_POINTS = 50
_MOST_PASSAGES = 40
_BESIDE = 120
"""Characters between a name and the coordinates that are its own."""


@dataclass(frozen=True)
class Place:
    """A named place: where it is, and in words how that is known."""

    points: tuple[GeoPoint, ...]
    known_from: str


@dataclass(frozen=True)
class Located:
    """A question without its nearness to a named place, and that as a filter; `note` tells what is not known."""

    text: str
    near: tuple[Circle, ...] | None = None
    words: str = ""
    note: str = ""

    def limiting(self, filters: Filters) -> Filters:
        """Return filters with the nearness among them."""
        if self.near is None:
            return filters
        where = filters.where.model_copy(update={"near": self.near})
        return replace(filters, where=where, words=(*filters.words, self.words))


async def located(text: str, ctx: AgentContext, known: Known, scope: FileFilter) -> Located:
    """Return what a question says of nearness to a named place.

    Args:
        scope: What the turn may see, of every kind; places are looked up in nothing else.
    """
    said = named_place(text)
    if said is None:
        return Located(text)
    place = await _place(said, ctx, known, scope)
    if place is None:
        return Located(
            f"{text[: said.span[0]]} {said.name} {text[said.span[1] :]}",
            note=f"Where “{said.name}” is could not be found out from any folder, tag or document.",
        )
    rest = f"{text[: said.span[0]]} {text[said.span[1] :]}"
    circles = tuple(
        Circle(latitude=p.latitude, longitude=p.longitude, radius_km=said.radius_km) for p in place.points
    )
    return Located(
        rest,
        circles,
        f"within {said.radius_km:g} km of {said.name} (its place is known from {place.known_from})",
    )


def distance_told(file: FileRecord, near: Sequence[Circle] | None) -> str:
    """Return how far from the nearest of these places a picture was taken."""
    gps = file.facts.gps if file.facts else None
    if gps is None or not near:
        return ""
    km = min(distance_km(gps, GeoPoint(latitude=c.latitude, longitude=c.longitude)) for c in near)
    return f"{km * 1000:.0f} m away" if km < 1 else f"{km:.1f} km away"


def distance_km(first: GeoPoint, second: GeoPoint) -> float:
    """Return the distance of two points along a sphere with the earth's mean radius."""
    north, other = math.radians(first.latitude), math.radians(second.latitude)
    east = math.radians(second.longitude - first.longitude)
    chord = math.sin((other - north) / 2) ** 2 + math.cos(north) * math.cos(other) * math.sin(east / 2) ** 2
    return 2 * _EARTH_KM * math.asin(min(1.0, math.sqrt(chord)))


async def _place(said: Nearness, ctx: AgentContext, known: Known, scope: FileFilter) -> Place | None:
    words = _stems(said.name)
    for path in known.folders:
        if words in (_stems(path), _stems(path.rsplit("/", 1)[-1])):
            place = await _of_pictures(
                ctx, narrowed(scope, FileFilter(folder_path=path)), f"the folder {path}"
            )
            if place:
                return place
    for tag in known.tags:
        if words == _stems(tag):
            place = await _of_pictures(ctx, narrowed(scope, FileFilter(tags=(tag,))), f"the tag {tag}")
            if place:
                return place
    return await _of_documents(said.name, words, ctx, scope)


async def _of_pictures(ctx: AgentContext, where: FileFilter, known_from: str) -> Place | None:
    placed = narrowed(where, FileFilter(media_types=(MediaType.IMAGE,), has_gps=True))
    points: dict[tuple[float, float], GeoPoint] = {}
    for file in await files_of(ctx.library, placed):
        if gps := file.facts.gps if file.facts else None:
            points.setdefault((round(gps.latitude, 3), round(gps.longitude, 3)), gps)
    return (
        Place(
            tuple(points.values())[:_MOST_POINTS],
            f"pictures with {known_from}".replace("with the folder", "in the folder"),
        )
        if points
        else None
    )


async def _of_documents(name: str, words: list[str], ctx: AgentContext, scope: FileFilter) -> Place | None:
    """Return the coordinates that stand nearest beside a name in documents and saved pages."""
    kinds = (MediaType.DOCUMENT, MediaType.LINK)
    where = narrowed(scope, FileFilter(media_types=kinds))
    best: tuple[int, GeoPoint, str] | None = None
    for hit in await ctx.library.search(name, limit=_MOST_PASSAGES, where=where):
        for start, point in points_in(hit.chunk.text):
            gap = _gap(hit.chunk.text, words, start)
            if gap is not None and (best is None or gap < best[0]):
                best = gap, point, hit.file.filename
    return Place((best[1],), best[2]) if best else None


def _gap(text: str, words: list[str], start: int) -> int | None:
    """Return how many characters before some coordinates a name ends, none where it does not stand beside them."""
    spoken = [
        (stem(m[0].casefold()), m.end())
        for m in re.finditer(r"[^\W_]+", text[max(0, start - _BESIDE) : start])
    ]
    for last in range(len(spoken), len(words) - 1, -1):
        if [word for word, _ in spoken[last - len(words) : last]] == words:
            return min(start, _BESIDE) - spoken[last - 1][1]
    return None


def _stems(text: str) -> list[str]:
    return [stem(w.casefold()) for w in re.findall(r"[^\W_]+", text)]
