"""Patterns that are compiled when they are first used: one question needs few of the many that all questions need."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any


class LazyPattern:
    """A regular expression that is compiled at its first use.

    Args:
        pattern: As `re.compile` takes it; a wrong one raises `re.error` when it is first used.
        flags: Likewise.
    """

    def __init__(self, pattern: str, flags: int | re.RegexFlag = 0) -> None:
        self.pattern = pattern
        self.flags = flags

    @cached_property
    def compiled(self) -> re.Pattern[str]:
        """The pattern itself, for what has no method here."""
        return re.compile(self.pattern, self.flags)

    def search(self, text: str, pos: int = 0, endpos: int = sys.maxsize) -> re.Match[str] | None:
        """Return the first place that matches."""
        return self.compiled.search(text, pos, endpos)

    def match(self, text: str, pos: int = 0, endpos: int = sys.maxsize) -> re.Match[str] | None:
        """Return the match at the start."""
        return self.compiled.match(text, pos, endpos)

    def fullmatch(self, text: str, pos: int = 0, endpos: int = sys.maxsize) -> re.Match[str] | None:
        """Return the match of the whole text."""
        return self.compiled.fullmatch(text, pos, endpos)

    def finditer(self, text: str, pos: int = 0, endpos: int = sys.maxsize) -> Iterator[re.Match[str]]:
        """Return every place that matches."""
        return self.compiled.finditer(text, pos, endpos)

    def findall(self, text: str) -> list[Any]:
        """Return what matches, or its groups, as `re` does."""
        return self.compiled.findall(text)

    def sub(self, by: str | Callable[[re.Match[str]], str], text: str, count: int = 0) -> str:
        """Return the text with every match replaced."""
        return self.compiled.sub(by, text, count)

    def split(self, text: str, most: int = 0) -> list[str | Any]:
        """Return the text cut where the pattern matches, at most so often."""
        return self.compiled.split(text, most)
