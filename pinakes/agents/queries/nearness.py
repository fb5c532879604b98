"""Nearness that a question states: to coordinates, or to a place that it names."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pinakes.agents.queries.found import Found
from pinakes.core.files import Circle, GeoPoint

DEFAULT_KM = 2.0
"""How near "near" is where no distance is said."""

_LONGEST_NAME = 60
_KM = {"km": 1.0, "kilo": 1.0, "mile": 1.609344, "mi": 1.609344, "m": 0.001, "met": 0.001}
_DEGREES = r"[-+−]?\d{1,3}(?:\.\d+)?\s*°?\s*"
_PAIR = re.compile(
    rf"(?P<lat>{_DEGREES})(?P<ns>[NS](?![a-z]))?\s*[,;/\s]\s*(?P<lon>{_DEGREES})(?P<ew>[EW](?![a-z]))?(?![\d.]*\d)",
    re.IGNORECASE,
)
_NEAR = (
    r"(?:(?:with)?in\s+(?:a\s+(?:radius|distance)\s+of\s+)?|less\s+than\s+|at\s+most\s+|up\s+to\s+|no\s+more\s+than\s+)"
    r"(?P<n>\d+(?:[.,]\d+)?)\s*(?P<unit>km|kilomet\w+|miles?|mi|met(?:er|re)s?|m)\s+(?:of|from|around|away\s+from)"
    r"|near(?:by)?(?!\s*-?\s*(?:dup\w*|ident\w*|copies|the\s+same|same|alike))(?:\s+to)?|close\s+to|around(?=\s+[-+\d])"
    r"|in\s+the\s+(?:vicinity|neighbou?rhood|surroundings)\s+of|not\s+far\s+from|in\s+der\s+nähe\s+(?:von|der|des)|nahe"
)
_SAID = re.compile(
    rf"\b(?:(?:taken|shot|made|located|that\s+(?:are|were))\s+)*(?:{_NEAR})\s+(?P<place>\S.*)", re.IGNORECASE
)
_AFTER_NAME = re.compile(
    r"\s*(?:[,;?!]|[.](?:\s|$)|\b(?:taken|shot|made|from|in|on|with|that|which|who|where|showing|during|before|after|since"
    r"|between|are|is|were|was|have|has|and|or|by|per|tagged|there|do|did)\b)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Nearness:
    """Nearness to a named place: the name, the distance, and where the words stand in the question."""

    name: str
    radius_km: float
    span: tuple[int, int]


def find_near(text: str) -> list[Found]:
    """Return the limit to pictures taken near coordinates that a text states."""
    match = _SAID.search(text)
    pair = _PAIR.match(match["place"]) if match else None
    point = _point(pair, decimals=1) if pair else None
    if match is None or pair is None or point is None:
        return []
    circle = Circle(latitude=point.latitude, longitude=point.longitude, radius_km=_radius(match))
    words = f"within {circle.radius_km:g} km of {point.latitude:g}, {point.longitude:g}"
    return [Found((match.start(), match.start("place") + pair.end()), {"near": (circle,)}, words)]


def named_place(text: str) -> Nearness | None:
    """Return the place by whose name a text says where pictures were taken, if it does."""
    match = _SAID.search(text)
    if match is None or _PAIR.match(match["place"]):
        return None
    stop = _AFTER_NAME.search(match["place"])
    said = match["place"][: stop.start() if stop else None]
    name = re.sub(
        r"^(?:the|our|my|a|an|der|die|das|dem)\s+", "", said.strip(" .'\"“”?!"), flags=re.IGNORECASE
    )
    if not re.search(r"[^\W\d_]{2}", name) or len(name) > _LONGEST_NAME:
        return None
    return Nearness(name, _radius(match), (match.start(), match.start("place") + len(said)))


def points_in(text: str) -> list[tuple[int, GeoPoint]]:
    """Return the coordinates that a text holds, written as decimal degrees, and where each begins."""
    found = ((m.start(), _point(m, decimals=3)) for m in _PAIR.finditer(text))
    return [(start, point) for start, point in found if point]


def _point(pair: re.Match[str], *, decimals: int) -> GeoPoint | None:
    """Return the point that two numbers mean, none where they are rather something else, such as prices.

    Args:
        decimals: How many both must have where no hemispheres are named.
    """
    numbers = [re.sub(r"[^\d.+-]", "", pair[g].replace("−", "-")) for g in ("lat", "lon")]
    hemispheres = (pair["ns"] or "") + (pair["ew"] or "")
    if len(hemispheres) < 2 and not all(re.search(rf"\.\d{{{decimals}}}", n) for n in numbers):
        return None
    latitude, longitude = (float(n) for n in numbers)
    if (pair["ns"] or "").upper() == "S":
        latitude = -abs(latitude)
    if (pair["ew"] or "").upper() == "W":
        longitude = -abs(longitude)
    if abs(latitude) > 90 or abs(longitude) > 180:
        return None
    return GeoPoint(latitude=latitude, longitude=longitude)


def _radius(match: re.Match[str]) -> float:
    if not match["n"]:
        return DEFAULT_KM
    unit = match["unit"].lower()
    factor = next(
        km for begins, km in _KM.items() if unit.startswith(begins) and (begins != "m" or unit == "m")
    )
    return float(match["n"].replace(",", ".")) * factor or DEFAULT_KM
