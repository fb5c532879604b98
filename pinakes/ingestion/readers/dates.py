"""Dates as files write them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

_PDF = re.compile(
    r"(?:D:)?(\d{4})(\d{2})?(\d{2})?(\d{2})?(\d{2})?(\d{2})?\s*(?:(Z)|([+-])(\d{2})'?(\d{2})?'?)?.*"
)
_EARLIEST = 1900


def parse_date(text: str) -> datetime | None:
    """Return an ISO 8601 date or time as an aware datetime (UTC where it names no zone), else None."""
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return _plausible(found)


def parse_pdf_date(text: str) -> datetime | None:
    """Return a date as PDF metadata has it (`D:20210304153000+01'00'`), else None."""
    match = _PDF.fullmatch(text.strip())
    if not match:
        return parse_date(text)
    year, month, day, hour, minute, second, _, sign, zone_hours, zone_minutes = match.groups()
    try:
        offset = timedelta(hours=int(zone_hours or 0), minutes=int(zone_minutes or 0))
        zone = timezone(-offset if sign == "-" else offset) if sign else UTC
        clock = (int(hour or 0), int(minute or 0), int(second or 0))
        return _plausible(datetime(int(year), int(month or 1), int(day or 1), *clock, tzinfo=zone))
    except ValueError:
        return None


def aware(moment: datetime | None) -> datetime | None:
    """Return a plausible moment with a zone (UTC where it has none)."""
    return None if moment is None else _plausible(moment)


def _plausible(moment: datetime) -> datetime | None:
    zoned = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return zoned if zoned.year >= _EARLIEST and zoned <= datetime.now(UTC) + timedelta(days=2) else None
