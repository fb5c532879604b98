"""How a picture is said to look or to be made: sharpness, light, colour, shape, text, place, camera."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from pinakes.agents.queries import lexicon
from pinakes.agents.queries.found import Found, any_of, pattern
from pinakes.core.patterns import LazyPattern

_PICTURE = any_of(lexicon.PICTURE_NOUNS)
_IS = r"(?:is|are|was|were|be|look|looks|seem|seems|came\s+out|come\s+out|turned\s+out)"
_VERY = r"(?:too\s+|very\s+|really\s+|rather\s+|a\s+bit\s+|slightly\s+|mostly\s+|mainly\s+)*"
_WITH = r"(?:with|has|have|having|contain|contains|containing|show|shows|showing|include|includes|including)"
_LACKS = r"(?:without|with\s+no|lacking|(?:do|does)\s*(?:not|n't|n’t)\s+(?:have|contain|show)|missing|no)"


def _of_picture(adjectives: str) -> LazyPattern:
    """Return a pattern for an adjective said of a picture, before its noun or after "is"."""
    return pattern(
        rf"(?:{adjectives})(?=(?:\s+(?!of\b)[\w-]+)?\s+(?:{_PICTURE})\b)|(?:{_IS})\s+{_VERY}(?:{adjectives})"
    )


_FORMAT = r"(?:orientation|format|mode|oriented)"


def _shaped(words: str, loose: str) -> LazyPattern:
    return pattern(
        rf"(?:in\s+)?(?:{words}|{loose})(?:[ -]{_FORMAT})?(?=\s+(?:{_PICTURE}))|(?:in\s+)?(?:{words})[ -]{_FORMAT}"
    )


_BLURRED = (
    r"blurred|blurry|blurs?|out[ -]of[ -]focus|unsharp|fuzzy|unscharfe?n?|verschwommene?n?"
    r"|borros[ao]s?|desenfocad[ao]s?|flou(?:e?s?)?"
)
_SHARP = r"sharp|crisp|in\s+focus|well[ -]focus(?:s)?ed|scharfe?n?"
_NOT = r"(?:not|n't|n’t|non|un)[\s-]*" + _VERY
_LOOKS: tuple[tuple[LazyPattern, dict[str, Any], str], ...] = (
    (pattern(rf"{_NOT}(?:{_BLURRED})"), {"blurred": False}, "not blurred"),
    (pattern(rf"{_NOT}(?:{_SHARP})"), {"blurred": True}, "blurred"),
    (pattern(_BLURRED), {"blurred": True}, "blurred"),
    (LazyPattern("模糊的?"), {"blurred": True}, "blurred"),
    (_of_picture(_SHARP), {"blurred": False}, "not blurred"),
    (pattern(rf"{_NOT}(?:dark|underexposed|dim)"), {"dark": False}, "not dark"),
    (
        _of_picture("dark|darkest|underexposed|under-exposed|dim|dimly\\s+lit|gloomy|dunkle?n?"),
        {"dark": True},
        "dark",
    ),
    (_of_picture("bright|well[ -]lit|helle?n?"), {"dark": False}, "not dark"),
    (_shaped("landscape|horizontal", "wide"), {"orientation": "landscape"}, "in landscape format"),
    (pattern(r"in\s+landscape"), {"orientation": "landscape"}, "in landscape format"),
    (_shaped("portrait|vertical", "upright"), {"orientation": "portrait"}, "in portrait format"),
    (pattern(r"in\s+portrait"), {"orientation": "portrait"}, "in portrait format"),
    (_of_picture(r"square"), {"orientation": "square"}, "square"),
    (pattern(rf"(?:{_IS})\s+(?:in\s+)?(?:landscape)"), {"orientation": "landscape"}, "in landscape format"),
    (pattern(rf"(?:{_IS})\s+(?:in\s+)?(?:portrait)"), {"orientation": "portrait"}, "in portrait format"),
    (
        pattern(rf"(?:{_LACKS})\s+(?:any\s+)?(?:visible\s+|readable\s+)?(?:text|writing|words|lettering)"),
        {"has_text": False},
        "without readable text",
    ),
    (
        pattern(
            rf"(?:that\s+|which\s+)?(?:{_WITH})\s+(?:any\s+|some\s+|visible\s+|readable\s+|legible\s+)*"
            r"(?:text|writing|words|lettering)(?:\s+(?:in|on)\s+(?:it|them))?"
        ),
        {"has_text": True},
        "with readable text",
    ),
    (
        pattern(
            rf"(?:{_LACKS})\s+(?:any\s+)?(?:gps|location|place|coordinates|geo\w*)(?:\s+(?:data|info\w*|position|tags?))?"
        ),
        {"has_gps": False},
        "without GPS position",
    ),
    (
        pattern(
            rf"(?:(?:that\s+|which\s+)?(?:{_WITH})\s+)?(?:a\s+|any\s+)?(?:gps|location\s+data|coordinates|geo-?tags?|geo-?tagged"
            rf"|(?<=with\s)(?:a\s+)?location|(?<=have\s)(?:a\s+)?location)(?:\s+(?:data|info\w*|position|coordinates|location|tags?))?"
        ),
        {"has_gps": True},
        "with GPS position",
    ),
)


def find_looks(text: str) -> list[Found]:
    """Return the limits on looks that a text states, each field at most once."""
    found: list[Found] = []
    for said, fields, words in _LOOKS:
        match = said.search(text)
        if match and not any(fields.keys() & f.fields.keys() for f in found):
            found.append(Found(match.span(), fields, words))
    return found + _colour(text)


def _colour(text: str) -> list[Found]:
    for name, said in _COLOURED:
        match = said.search(text)
        if match:
            return [Found(match.span(), {"colour": name}, f"with {name} among the main colours")]
    return []


def _coloured(names: Sequence[str]) -> LazyPattern:
    colour = any_of(names)
    mostly = r"(?:mostly|mainly|predominantly|largely|dominantly|dominated\s+by|full\s+of)"
    return pattern(
        rf"(?:{mostly}\s+)?(?:{colour})(?:[ -]colou?red)?(?=\s+(?:{_PICTURE})\b)"
        rf"|(?:(?:{_IS})\s+)?{mostly}\s+(?:{colour})"
        rf"|(?:main|dominant|dominating|principal)\s+colou?rs?\s+(?:is\s+|are\s+|being\s+)?(?:{colour})"
        rf"|(?<=photos\s)(?:that\s+|which\s+)?(?:are|is)\s+(?:{colour})"
    )


_COLOURED = tuple((name, _coloured(names)) for name, names in lexicon.COLOURS.items())


def find_camera(text: str, cameras: Sequence[str]) -> list[Found]:
    """Return the camera a text names: one of the library's, a well-known make, or what "taken with" names."""
    for camera in sorted(cameras, key=len, reverse=True):
        found = _known_camera(text, camera)
        if found:
            return found
    match = _TAKEN_WITH.search(text) or _MAKE.search(text)
    if match is None:
        return []
    return [Found(match.span(), {"camera": match["c"].strip()}, f"camera {match['c'].strip()}")]


def _known_camera(text: str, camera: str) -> list[Found]:
    full = pattern(rf"{_BY}?{_spelled(camera.split())}{_DEVICE}?").search(text)
    if full:
        return [Found(full.span(), {"camera": camera}, f"camera {camera}")]
    for size in range(len(camera.split()) - 1, 0, -1):
        for start in range(len(camera.split()) - size + 1):
            part = camera.split()[start : start + size]
            said = pattern(rf"{_BY}{_spelled(part)}{_DEVICE}?|{_spelled(part)}{_DEVICE}").search(text)
            if said and len("".join(part)) > 2:
                return [Found(said.span(), {"camera": " ".join(part)}, f"camera {' '.join(part)}")]
    return []


def _spelled(parts: Sequence[str]) -> str:
    return r"[\s-]+".join(re.escape(p) for p in parts)


_BY = r"(?:(?:(?:taken|shot|made|captured|photographed)\s+)?(?:with|by|using|on|from)\s+(?:the|a|an|my|our)?\s*)"
_DEVICE = r"(?:\s+(?:camera|phone|device|pictures?|photos?|shots?|images?))"
_TAKEN_WITH = LazyPattern(
    r"\b(?:taken|shot|captured|photographed)\s+(?:with|by|using|on)\s+(?:the|an?|my|our)\s+(?P<c>(?!phone\b|camera\b)[A-Z][\w-]+"
    r"(?:\s+(?:[A-Z0-9][\w-]*))*)"
)
_MAKE = pattern(rf"{_BY}?(?P<c>{any_of(lexicon.CAMERA_MAKES)})(?:{_DEVICE})?")
