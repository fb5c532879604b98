"""The fixed words of reports, in the language of the question."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from pinakes.core.files import Box

LANGUAGES = ("en", "de", "es", "fr", "zh")


class Words:
    """The fixed words of one language."""

    def __init__(self, language: str) -> None:
        self.language = language if language in LANGUAGES else "en"
        self._said = _data()[self.language]

    def say(self, key: str, what: str = "", **parts: str) -> str:
        """Return a phrase with its gaps filled; what is filled in is never read for gaps itself."""
        return _filled(self._said[key], {"what": what, **parts})

    def count(self, key: str, number: int) -> str:
        """Return a number with its noun in the right form."""
        one, _, many = self._said[key].partition("|")
        return _filled(many if many and number != 1 else one, {"n": f"{number:,}"})

    def joined(self, parts: Sequence[str]) -> str:
        """Return parts as people list them."""
        if len(parts) < 2:
            return "".join(parts)
        comma, space = ("、", "") if self.language == "zh" else (", ", " ")
        return f"{comma.join(parts[:-1])}{space}{self._said['and']}{space}{parts[-1]}"

    def place(self, page: int | None, boxes: Sequence[Box]) -> str:
        """Return where something stands on its page: "p. 3, top"; "" where no page is known."""
        if page is None:
            return ""
        thirds = sorted({min(2, int(3 * box[1])) for box in boxes})
        heights = [self._said[("top", "middle", "bottom")[third]] for third in thirds]
        told = heights if len(heights) < 3 else []
        return ", ".join([_filled(self._said["page"], {"n": str(page)}), *told])


def _filled(phrase: str, parts: dict[str, str]) -> str:
    said = phrase.split("{")
    told = [said[0]]
    for piece in said[1:]:
        name, _, rest = piece.partition("}")
        told.append(parts.get(name, "") + rest)
    return "".join(told)


@cache
def _data() -> dict[str, dict[str, str]]:
    return tomllib.loads(files(__package__).joinpath("words.toml").read_text("utf8"))
