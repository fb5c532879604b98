"""Date, camera, exposure and place from EXIF; whatever is malformed is left out."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from fractions import Fraction
from typing import Any

from PIL import Image

from pinakes.core.files import GeoPoint

_EXIF_IFD, _GPS_IFD = 0x8769, 0x8825
_MAKE, _MODEL, _CHANGED, _ORIENTATION = 0x010F, 0x0110, 0x0132, 0x0112
_DATES = (
    (0x9003, 0x9011),
    (0x9004, 0x9012),
    (0x0132, 0x9010),
)  # taken, digitised, changed; each with its offset
_EXPOSURE_TIME, _F_NUMBER, _ISO, _FLASH, _FOCAL, _FOCAL_35, _LENS = (
    *(0x829A, 0x829D, 0x8827, 0x9209, 0x920A, 0xA405, 0xA434),
)

Tags = Mapping[int, Any]


@dataclass(frozen=True, slots=True)
class ExifFacts:
    """What a camera wrote down."""

    taken_at: datetime | None = None
    make: str | None = None
    model: str | None = None
    lens: str | None = None
    exposure: dict[str, str] = field(default_factory=dict)
    gps: GeoPoint | None = None
    orientation: int | None = None


def exif_facts(picture: Image.Image) -> ExifFacts:
    """Read an opened picture's EXIF."""
    main, detail, place = exif_tags(picture)
    make, model = _camera(main)
    return ExifFacts(
        taken_at=_taken_at(main, detail),
        make=make,
        model=model,
        lens=clean(detail.get(_LENS)),
        exposure=_exposure(detail),
        gps=_gps(place),
        orientation=_orientation(main),
    )


def _orientation(main: Tags) -> int | None:
    value = main.get(_ORIENTATION)
    return value if isinstance(value, int) and 1 <= value <= 8 else None


def exif_tags(picture: Image.Image) -> tuple[Tags, Tags, Tags]:
    """Return the main, detail and place tags; empty ones where they are damaged."""
    try:
        exif = picture.getexif()
        return dict(exif), _directory(exif, _EXIF_IFD), _directory(exif, _GPS_IFD)
    except (
        Exception
    ):  # Pillow's EXIF parser raises almost anything on damaged data, and the pixels may be fine
        return {}, {}, {}


def _directory(exif: Image.Exif, tag: int) -> Tags:
    try:
        return dict(exif.get_ifd(tag))
    except Exception:  # as above
        return {}


def clean(value: Any) -> str | None:
    """Return a tag's text without padding, control characters and mojibake; None when nothing is left."""
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    if not isinstance(value, str):
        return None
    text = re.sub(r"[\x00-\x08\x0b-\x1f\x7f]+", " ", value.split("\0\0")[0])
    with suppress(UnicodeError):  # Pillow reads ASCII tags as Latin-1, many programs write UTF-8 into them
        text = text.encode("latin-1").decode("utf-8")
    text = re.sub(r"[ \t]+", " ", text).strip()
    return text or None


def parse_date(value: Any, offset: Any = None) -> datetime | None:
    """Return a date as cameras and XMP write it, with its offset from UTC where one is given; None if impossible."""
    found = _DATE.match(clean(value) or "")
    if not found:
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups()[:6])
    try:
        moment = datetime(year, month, day, hour, minute, min(second, 59))
    except ValueError:
        return None
    if not 1826 <= year <= datetime.now().year + 1:  # the first photograph; a clock that was never set
        return None
    return moment.replace(tzinfo=_zone(found[7]) or _zone(clean(offset)))


_DATE = re.compile(
    r"(\d{4})[:/.-](\d{1,2})[:/.-](\d{1,2})(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2}))?)?(?:\.\d+)?\s*(Z|[+-]\d{2}:?\d{2})?"
)
_OFFSET = re.compile(r"([+-])(\d{2}):?(\d{2})$")


def _zone(offset: str | None) -> timezone | None:
    if offset == "Z":
        return UTC
    found = _OFFSET.match(offset or "")
    if not found or int(found[2]) > 14 or int(found[3]) > 59:
        return None
    minutes = int(found[2]) * 60 + int(found[3])
    return timezone(timedelta(minutes=-minutes if found[1] == "-" else minutes))


def _taken_at(main: Tags, detail: Tags) -> datetime | None:
    for date, offset in _DATES:
        source = main if date == _CHANGED else detail
        found = parse_date(source.get(date, main.get(date)), detail.get(offset))
        if found is not None:
            return found
    return None


def _camera(main: Tags) -> tuple[str | None, str | None]:
    """Return maker and model; a model that repeats its maker loses the repetition."""
    make, model = clean(main.get(_MAKE)), clean(main.get(_MODEL))
    if make and model:
        if model.lower().startswith(make.lower()):
            model = model[len(make) :].strip(" -_") or model
        elif model.split()[0].lower() in make.lower().split() and " " in model:
            model = model.split(maxsplit=1)[1]
    return make, model


def _exposure(detail: Tags) -> dict[str, str]:
    flash = detail.get(_FLASH)
    facts = {
        "exposure_time": _seconds(_number(detail.get(_EXPOSURE_TIME))),
        "aperture": _measure(detail.get(_F_NUMBER), "f/{:g}", 0.5, 128),
        "iso": _measure(detail.get(_ISO), "{:.0f}", 1, 10_000_000),
        "focal_length": _measure(detail.get(_FOCAL), "{:g} mm", 0.1, 20_000),
        "focal_length_35mm": _measure(detail.get(_FOCAL_35), "{:g} mm", 1, 20_000),
        "flash": None if not isinstance(flash, int) else "fired" if flash & 1 else "did not fire",
    }
    return {name: value for name, value in facts.items() if value}


def _seconds(value: float | None) -> str | None:
    if value is None or not 1e-6 < value < 86_400:
        return None
    return f"1/{round(1 / value)} s" if value < 0.3 else f"{round(value, 1):g} s"


def _measure(value: Any, words: str, low: float, high: float) -> str | None:
    number = _number(value)
    return words.format(round(number, 1)) if number is not None and low <= number <= high else None


def _number(value: Any) -> float | None:
    """Return a finite number; rationals such as 0/0 give None."""
    if isinstance(value, tuple) and value:
        value = value[0]
    try:
        number = float(value) if not isinstance(value, Fraction) else value.numerator / value.denominator
    except (TypeError, ValueError, ZeroDivisionError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def _gps(place: Tags) -> GeoPoint | None:
    latitude = _degrees(place.get(2), place.get(1), "NS", 90)
    longitude = _degrees(place.get(4), place.get(3), "EW", 180)
    if latitude is None or longitude is None or (latitude == 0 and longitude == 0):
        return None
    return GeoPoint(latitude=latitude, longitude=longitude, altitude=_altitude(place))


def _degrees(parts: Any, side: Any, sides: str, limit: float) -> float | None:
    """Return signed decimal degrees from degrees, minutes, seconds and a side of the world."""
    direction = (clean(side) or "").upper()[:1]
    if not isinstance(parts, tuple) or not 1 <= len(parts) <= 3 or not direction or direction not in sides:
        return None
    numbers = [_number(part) for part in parts]
    if numbers[0] is None:
        return None
    total = float(sum((number or 0.0) / 60.0**power for power, number in enumerate(numbers)))
    if any(number is None for number in numbers[1:2]) or not 0 <= total <= limit:
        return None
    return round(-total if direction == sides[1] else total, 6)


def _altitude(place: Tags) -> float | None:
    height = _number(place.get(6))
    if height is None or not -500 <= height <= 100_000:
        return None
    below = place.get(5) in (1, b"\x01", b"\x03", 3)
    return round(-height if below else height, 1)
