"""The small words of `lexicon.toml`, read once."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files


@cache
def words(section: str, name: str) -> frozenset[str]:
    """Return a list of the lexicon as a set."""
    return frozenset(_lexicon()[section][name])


@cache
def lists(section: str) -> tuple[str, ...]:
    """Return the names of a section's lists."""
    return tuple(_lexicon()[section])


@cache
def ordered(section: str, name: str) -> tuple[str, ...]:
    """Return a list of the lexicon in its order."""
    return tuple(_lexicon()[section][name])


@cache
def phrase_pattern(section: str, name: str) -> re.Pattern[str]:
    """Return a pattern that finds any of a list's phrases as whole words; letters of Han need no gaps."""
    parts = sorted(_lexicon()[section][name], key=len, reverse=True)
    spoken = [p if ord(p[0]) > 0x2E80 else rf"\b{re.escape(p)}\b" for p in parts]
    return re.compile("|".join(spoken), re.IGNORECASE)


@cache
def _lexicon() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads(files(__package__).joinpath("lexicon.toml").read_text("utf8"))
