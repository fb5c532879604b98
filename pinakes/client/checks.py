"""Checks of arguments that several resources share: what is wrong is said in our words, whatever was given."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

import pydantic

from pinakes.core.errors import ValidationError
from pinakes.core.files import MediaType
from pinakes.library.names import MAX_NAME, distinct_tags

MAX_QUERY = 2000
MAX_TITLE = 255
_Made = TypeVar("_Made")


def within(name: str, value: Any, low: float, high: float) -> None:
    """Check a number's limits. Raises ValidationError."""
    key = name if name.isidentifier() else "value"
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise ValidationError(f"{name} must be a number, {low:,} to {high:,}.", **{key: repr(value)[:80]})
    if not low <= value <= high:
        raise ValidationError(f"{name} must be {low:,} to {high:,}.", **{key: value})


def one_of(name: str, value: str, allowed: Sequence[str]) -> str:
    """Return a word that is one of these. Raises ValidationError."""
    if value not in allowed:
        raise ValidationError(f"{name} is one of {', '.join(allowed)}.", **{name: value})
    return value


def media_kinds(media_types: str | Sequence[str] | None) -> tuple[MediaType, ...] | None:
    """Return kinds of files by their names; None for none. Raises ValidationError."""
    if not media_types:
        return None
    try:
        return tuple(MediaType(kind) for kind in several("media_types", media_types))
    except ValueError as error:
        kinds = ", ".join(MediaType)
        raise ValidationError(f"Media types are {kinds}.", media_types=str(media_types)[:80]) from error


def several(name: str, values: Any) -> tuple[str, ...]:
    """Return words such as ids or tags, of which one may be given alone. Raises ValidationError."""
    if isinstance(values, str):
        return (values,)
    try:
        found = tuple(values)
    except TypeError as error:
        raise ValidationError(f"{name} is a list of strings.", **{name: repr(values)[:80]}) from error
    strange = [value for value in found if not isinstance(value, str)]
    if strange:
        raise ValidationError(f"{name} is a list of strings.", **{name: repr(strange[0])[:80]})
    return found


def tag_words(tags: str | Iterable[str]) -> tuple[str, ...]:
    """Return tags without spaces around them, each once. Raises ValidationError for one that is none."""
    words = tuple(distinct_tags(several("tags", tags)).values())
    for word in words:
        if len(word) > MAX_NAME or not word.isprintable():
            raise ValidationError(
                f"Tags are printable and have at most {MAX_NAME} characters.", tag=repr(word)[:80]
            )
    return words


def spoken(text: Any, longest: int = MAX_QUERY, name: str = "query") -> str:
    """Return a question that is one: 1 to 2,000 characters of Unicode. Raises ValidationError."""
    if not isinstance(text, str) or not text.strip() or len(text) > longest:
        length = len(text) if isinstance(text, str) else 0
        raise ValidationError(f"Give a {name} of 1 to {longest:,} characters.", length=length)
    return unicode_text(name, text)


def unicode_text(name: str, text: Any) -> str:
    """Return a text that can be stored and compared: no halves of characters, no zero bytes. Raises ValidationError."""
    if not isinstance(text, str) or "\0" in text or not _encodes(text):
        raise ValidationError(f"The {name} is no Unicode text: write it anew.", **{name: repr(text)[:80]})
    return text


def title_text(title: str | None) -> str | None:
    """Return a title in one line, None for an empty one. Raises ValidationError when it is over 255 characters."""
    if title is None:
        return None
    line = " ".join(unicode_text("title", title).split())
    within("the title's length", len(line), 0, MAX_TITLE)
    return line or None


def made(make: Callable[..., _Made], **fields: Any) -> _Made:
    """Return a value of these fields. Raises ValidationError that names the field which is wrong."""
    try:
        return make(**fields)
    except pydantic.ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        name = ".".join(str(part) for part in first["loc"])
        raise ValidationError(f"{name} cannot be taken: {first['msg']}.", field=name) from error


def _encodes(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
