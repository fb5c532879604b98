"""Words and units by which statements are compared, read from `lexicon.toml`."""

from __future__ import annotations

import tomllib
from importlib.resources import files

from pinakes.agents.queries.found import pattern
from pinakes.agents.queries.names import stem
from pinakes.core.patterns import LazyPattern

_DATA = tomllib.loads(files("pinakes.agents.comparing").joinpath("lexicon.toml").read_text(encoding="utf-8"))

UNITS: dict[str, tuple[str, float]] = {
    name: (dimension, float(factor))
    for dimension, names in _DATA["units"].items()
    for name, factor in names.items()
}
"""Every spelling of a unit, in lower case: its dimension and its factor to that dimension's first unit."""

NUMBER_WORDS: dict[str, int] = {
    **{word: n for words in _DATA["numbers"].values() for n, word in enumerate(words.split())},
    **_DATA["tens"],
}

LINKING = frozenset(_DATA["linking"]["words"].split())
"""Words that only join an attribute to its value."""

OWN = frozenset(stem(w) for w in _DATA["own"]["words"].split())
"""Stems of what every paper has one of its own of: its total, date and number."""


def _spoken(words: str) -> LazyPattern:
    return pattern("|".join(part.strip().replace(" ", r"\s+") for part in words.split(" | ")))


def _sides(line: str) -> tuple[frozenset[str], ...]:
    return tuple(frozenset(side.split()) for side in line.split(" / "))


BOUNDS: dict[str, LazyPattern] = {name: _spoken(said) for name, said in _DATA["bounds"].items()}
STANCES: dict[str, LazyPattern] = {name: _spoken(said) for name, said in _DATA["stances"].items()}
DENIAL = _spoken(_DATA["denial"]["words"])
OPPOSITES: tuple[tuple[frozenset[str], ...], ...] = tuple(map(_sides, _DATA["opposites"]["pairs"]))
SIBLINGS: tuple[tuple[frozenset[str], ...], ...] = tuple(map(_sides, _DATA["siblings"]["sets"]))
COLUMNS: tuple[frozenset[str], ...] = tuple(frozenset(line.split()) for line in _DATA["columns"]["sets"])
LABELS: tuple[str, ...] = tuple(_DATA["labels"]["words"].split())
"""Nouns before a number that name one of several things of a kind ("room 12")."""

IMPLIED: dict[str, frozenset[str]] = {
    name: frozenset(words.split()) for name, words in _DATA["implied"].items()
}
"""Words that a value of a dimension, or of a kind, says already: those of pressure beside "12 bar"."""
