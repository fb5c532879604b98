"""Checks of arguments that several resources share."""

from __future__ import annotations

from collections.abc import Sequence

from pinakes.core.errors import ValidationError
from pinakes.core.files import MediaType


def within(name: str, value: float, low: float, high: float) -> None:
    """Check a number's limits. Raises ValidationError."""
    if not low <= value <= high:
        raise ValidationError(f"{name} must be {low:,} to {high:,}.", **{name: value})


def one_of(name: str, value: str, allowed: Sequence[str]) -> str:
    """Return a word that is one of these. Raises ValidationError."""
    if value not in allowed:
        raise ValidationError(f"{name} is one of {', '.join(allowed)}.", **{name: value})
    return value


def media_kinds(media_types: Sequence[str] | None) -> tuple[MediaType, ...] | None:
    """Return kinds of files by their names; None for none. Raises ValidationError."""
    if not media_types:
        return None
    try:
        return tuple(MediaType(kind) for kind in media_types)
    except ValueError as error:
        kinds = ", ".join(MediaType)
        raise ValidationError(f"Media types are {kinds}.", media_types=list(media_types)) from error
