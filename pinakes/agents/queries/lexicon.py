"""Words that questions about a library are made of, read from `lexicon.toml`."""

from __future__ import annotations

import tomllib
from importlib.resources import files

_DATA = tomllib.loads(files("pinakes.agents.queries").joinpath("lexicon.toml").read_text(encoding="utf-8"))

PICTURE_NOUNS: tuple[str, ...] = tuple(_DATA["picture_nouns"].split())
DOCUMENT_NOUNS: tuple[str, ...] = tuple(_DATA["document_nouns"].split())
FILE_NOUNS: tuple[str, ...] = tuple(_DATA["file_nouns"].split())
NOUNS = frozenset((*PICTURE_NOUNS, *DOCUMENT_NOUNS, *FILE_NOUNS))

DOCUMENT_WORDS = frozenset(_DATA["document_words"].split())
"""Kinds and parts of documents ("report", "chapter"), which say nothing about what is in them."""

PICTURE_KINDS = frozenset(_DATA["picture_kinds"].split())
"""How a picture came about or what it is a picture of in general ("scan", "page"), which it does not say itself."""

CAMERA_MAKES: tuple[str, ...] = tuple(_DATA["camera_makes"].split())

ASKING = frozenset(_DATA["asking"].split())
"""Words that ask rather than describe."""

WHATEVER = frozenset(_DATA["whatever"].split())
"""Words that describe nothing where no other word does."""

MENTIONING = frozenset(_DATA["mentioning"].split())
"""Words that say that something is mentioned."""

STOP = frozenset(_DATA["stop"].split())
"""Words too common to tell texts apart."""

COLOURS: dict[str, tuple[str, ...]] = {k: tuple(v.split()) for k, v in _DATA["colours"].items()}
EXTENSIONS: dict[str, tuple[str, ...]] = {k: tuple(v.split(", ")) for k, v in _DATA["extensions"].items()}
EXTENSION_VARIANTS: dict[str, tuple[str, ...]] = {
    k: tuple(v.split()) for k, v in _DATA["extension_variants"].items()
}
IMAGE_EXTENSIONS = frozenset(_DATA["image_extensions"].split())
SIZE_UNITS: dict[str, int] = _DATA["size_units"]

NUMBERS: dict[str, int] = {word: n for n, word in enumerate(_DATA["numbers"].split())}
"""Number words up to twelve."""

MORE = "more than|over|larger than|bigger than|greater than|longer than|above|exceeding|heavier than|>"
AT_LEAST = "at least|no less than|minimum of|>="
LESS = "less than|fewer than|under|smaller than|shorter than|below|<"
AT_MOST = "at most|no more than|up to|maximum of|<="
