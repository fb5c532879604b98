"""Colours of pictures: their values in the usual spaces, families, and what searches over them answer."""

from __future__ import annotations

import colorsys
import math
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from pydantic import Field

from pinakes.core.display import bundle, gallery_html, table_html
from pinakes.core.errors import ValidationError
from pinakes.core.listing import Listing
from pinakes.core.value import Value

Lab = tuple[float, float, float]
_HEX = re.compile(r"#?([0-9a-fA-F]{6}|[0-9a-fA-F]{3})")
_TO_XYZ = ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505))
_WHITE = (0.9505, 1.0, 1.089)


def parsed_hex(text: str) -> str:
    """Return a colour such as "#c4a87c" from its hex code with or without "#". Raises ValidationError."""
    found = _HEX.fullmatch(text.strip())
    if found is None:
        raise ValidationError("A hex code has three or six hex digits, for example #C4A87C.", hex_code=text)
    digits = found.group(1).lower()
    return "#" + (digits if len(digits) == 6 else "".join(digit * 2 for digit in digits))


def rgb(code: str) -> tuple[int, int, int]:
    """Return red, green and blue, each 0 to 255, of a hex code."""
    digits = parsed_hex(code)[1:]
    return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16)


def hsl(code: str) -> tuple[int, int, int]:
    """Return hue in degrees, saturation and lightness in per cent."""
    red, green, blue = (value / 255 for value in rgb(code))
    hue, light, saturation = colorsys.rgb_to_hls(red, green, blue)
    return round(hue * 360) % 360, round(saturation * 100), round(light * 100)


def lab(code: str) -> Lab:
    """Return a colour in CIE Lab under D65, where distances are differences that the eye sees."""
    linear = [_linear(value / 255) for value in rgb(code)]
    x, y, z = (
        _root(sum(weight * value for weight, value in zip(row, linear, strict=True)) / white)
        for row, white in zip(_TO_XYZ, _WHITE, strict=True)
    )
    return round(116 * y - 16, 3), round(500 * (x - y), 3), round(200 * (y - z), 3)


def delta_e(one: Lab, other: Lab) -> float:
    """Return how different two colours look (CIE 1976): about 2 is just seen, 100 is black to white."""
    return math.dist(one, other)


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def _root(value: float) -> float:
    return math.cbrt(value) if value > 0.008856 else 7.787 * value + 16 / 116


class ColorFamilyInfo(Value):
    """A group of colours that people speak of as one."""

    name: str
    display_name: str
    description: str
    example_colors: list[str] = Field(default_factory=list)


_Rule = Callable[[float, float, float], bool]
_FAMILIES: tuple[tuple[ColorFamilyInfo, _Rule], ...] = (
    (
        ColorFamilyInfo(
            name="neutral",
            display_name="Neutral",
            description="Black, white and all greys, with hardly any hue.",
            example_colors=("#000000", "#808080", "#f5f5f5"),
        ),
        lambda light, chroma, hue: chroma < 12,
    ),
    (
        ColorFamilyInfo(
            name="warm",
            display_name="Warm",
            description="Reds, oranges, yellows and browns.",
            example_colors=("#d0021b", "#ff7f00", "#ffd700"),
        ),
        lambda light, chroma, hue: chroma >= 12 and (hue >= 340 or hue < 105),
    ),
    (
        ColorFamilyInfo(
            name="cool",
            display_name="Cool",
            description="Greens, turquoises, blues and violets.",
            example_colors=("#2e7d32", "#40e0d0", "#1e5fc2"),
        ),
        lambda light, chroma, hue: chroma >= 12 and 105 <= hue < 340,
    ),
    (
        ColorFamilyInfo(
            name="earth_tone",
            display_name="Earth tones",
            description="Browns, tans, ochres and terracotta: soil, wood, stone and leather.",
            example_colors=("#8b5a2b", "#c4a87c", "#5c4033"),
        ),
        lambda light, chroma, hue: 12 <= chroma <= 55 and 30 <= hue < 105 and 15 <= light <= 80,
    ),
    (
        ColorFamilyInfo(
            name="pastel",
            display_name="Pastels",
            description="Light, soft colours.",
            example_colors=("#ffc0cb", "#a8cdf0", "#98d898"),
        ),
        lambda light, chroma, hue: light >= 75 and 8 <= chroma <= 45,
    ),
    (
        ColorFamilyInfo(
            name="vivid",
            display_name="Vivid",
            description="Strong, saturated colours.",
            example_colors=("#ff0000", "#ffff00", "#0000ff"),
        ),
        lambda light, chroma, hue: chroma >= 60,
    ),
    (
        ColorFamilyInfo(
            name="jewel_tone",
            display_name="Jewel tones",
            description="Deep, rich colours such as emerald, sapphire and ruby.",
            example_colors=("#046307", "#103a80", "#a01018"),
        ),
        lambda light, chroma, hue: chroma >= 28 and 18 <= light <= 50,
    ),
    (
        ColorFamilyInfo(
            name="dark",
            display_name="Dark",
            description="Black and all colours close to it.",
            example_colors=("#141414", "#1b2a41", "#33201a"),
        ),
        lambda light, chroma, hue: light < 25,
    ),
    (
        ColorFamilyInfo(
            name="light",
            display_name="Light",
            description="White and all colours close to it.",
            example_colors=("#ffffff", "#f5f0dc", "#e8f4fd"),
        ),
        lambda light, chroma, hue: light >= 88,
    ),
)
FAMILIES: tuple[ColorFamilyInfo, ...] = tuple(family for family, _ in _FAMILIES)


def families(code: str) -> tuple[str, ...]:
    """Return the names of the families a colour belongs to."""
    light, a, b = lab(code)
    chroma, hue = math.hypot(a, b), math.degrees(math.atan2(b, a)) % 360
    return tuple(family.name for family, rule in _FAMILIES if rule(light, chroma, hue))


class PaletteColour(Value):
    """A colour of a picture's palette: its plain name, hex value and share of the picture (0 to 1)."""

    name: str
    hex: str
    share: float


class Palette(Value):
    """The colours of one picture, largest share first; `extracted` when asked for, else taken while reading."""

    file_id: str
    colours: tuple[PaletteColour, ...] = ()
    extracted: bool = False
    at: datetime


class PaletteQuery(Value):
    """Which colours are meant; all that is set must hold of a colour, and the shares of those add up.

    Attributes:
        near: In CIE Lab, with `within` as the largest distance.
        min_share: Least share of the picture, 0 to 1.
    """

    name: str | None = None
    family: str | None = None
    near: Lab | None = None
    within: float = 15.0
    min_share: float = 0.0


class PaletteMatch(Value):
    """A picture that has colours as asked for: their share together, and the best one."""

    file_id: str
    share: float
    hex: str
    distance: float = 0.0


class ColorInfo(Value):
    """One colour of a picture in the usual spaces; `percentage` is its share of the picture."""

    hex: str
    name: str
    percentage: float
    rgb: tuple[int, int, int]
    hsl: tuple[int, int, int]
    lab: Lab
    families: list[str] = Field(default_factory=list)

    @classmethod
    def of(cls, colour: PaletteColour) -> ColorInfo:
        """Return a palette's colour with its values."""
        return cls(
            hex=colour.hex,
            name=colour.name,
            percentage=round(colour.share * 100, 1),
            rgb=rgb(colour.hex),
            hsl=hsl(colour.hex),
            lab=lab(colour.hex),
            families=families(colour.hex),
        )


class ColorAnalysis(Value):
    """The colours of one picture, largest first."""

    dominant_colors: list[ColorInfo] = Field(default_factory=list)
    color_families: list[str] = Field(default_factory=list)
    color_count: int = 0

    @classmethod
    def of(cls, palette: Palette) -> ColorAnalysis:
        """Return the analysis that a palette is."""
        colours = tuple(map(ColorInfo.of, palette.colours))
        found = dict.fromkeys(name for colour in colours for name in colour.families)
        return cls(dominant_colors=colours, color_families=tuple(found), color_count=len(colours))


class ColorExtractionResult(Value):
    """The colours of a picture, or how far getting them is."""

    image_id: str
    status: str
    color_analysis: ColorAnalysis | None = None
    extracted_at: datetime | None = None
    error_message: str | None = None

    @property
    def is_completed(self) -> bool:
        """Whether there are colours."""
        return self.status == "completed"

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        colours = self.color_analysis.dominant_colors if self.color_analysis else ()
        rows = [(colour.name, colour.hex, f"{colour.percentage} %") for colour in colours]
        return bundle(f"{len(rows)} colours", table_html(("colour", "hex", "share"), rows))


class ColorSearchResult(Value):
    """A picture with colours as asked for; `match_score` is 1 for the very colour."""

    image_id: str
    thumbnail_url: str | None = None
    color_analysis: ColorAnalysis | None = None
    match_score: float = 1.0
    matched_hex: str | None = None
    matched_percentage: float | None = None
    filename: str = ""


class ColorSearchResponse(Listing):
    """A page of pictures, best first."""

    results: list[ColorSearchResult] = Field(default_factory=list)
    total_count: int = 0
    limit: int = 50
    offset: int = 0

    @property
    def items(self) -> list[ColorSearchResult]:
        """The pictures."""
        return self.results

    @property
    def has_more(self) -> bool:
        """Whether there are pictures beyond this page."""
        return self.offset + len(self.results) < self.total_count

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        pictures = [(r.filename, r.thumbnail_url, f"{r.matched_hex or ''}") for r in self.results]
        return bundle(f"{len(self.results)} of {self.total_count} pictures", gallery_html(pictures))


class BatchColorExtractionResult(Value):
    """What became of several pictures; `failed` says for each id why it has no colours."""

    queued_count: int
    message: str
    results: list[ColorExtractionResult] = Field(default_factory=list)
    failed: dict[str, str] = Field(default_factory=dict)
