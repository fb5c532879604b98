"""Loading lexicons: word lists as data, compiled to patterns."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from pinakes.core.patterns import LazyPattern

LANGUAGES = ("en", "de", "es", "fr", "it", "zh")
RAW = frozenset({"join.words"})
FILLING = frozenset(
    {"aggregate.word", "refer.after_pronoun", "refer.after_that", "talk.closing", "spelling.real"}
)
_NEVER = LazyPattern(r"(?!)")


@dataclass(frozen=True)
class Lexicon:
    """One language's patterns by "table.key"; a key that the language lacks never matches."""

    language: str
    patterns: Mapping[str, LazyPattern]
    openers: Mapping[str, LazyPattern]

    def find(self, key: str, text: str) -> re.Match[str] | None:
        """Return the first place where one of the key's words stands."""
        return self.patterns.get(key, _NEVER).search(text)

    def has(self, key: str, text: str) -> bool:
        """Return whether one of the key's words stands anywhere in the text."""
        return self.find(key, text) is not None

    def opens(self, key: str, text: str) -> re.Match[str] | None:
        """Return the match when the text starts with one of the key's words."""
        return self.openers.get(key, _NEVER).match(text)

    def is_all(self, key: str, text: str) -> bool:
        """Return whether the whole text is one of the key's words."""
        match = self.opens(key, text)
        return match is not None and match.end() == len(text)

    def hits(self, key: str, text: str) -> Iterator[re.Match[str]]:
        """Yield every place where one of the key's words stands."""
        return self.patterns.get(key, _NEVER).finditer(text)


@cache
def load_lexicon(language: str) -> Lexicon:
    """Return the lexicon of one of LANGUAGES, or an empty one for any other."""
    sources = _sources(language) if language in LANGUAGES else {}
    bare = sources.pop("spaced", "") == "no"
    if language != "en":
        sources |= _with_english_kinds(sources, bare)
    return Lexicon(
        language,
        {
            key: LazyPattern(source if key in RAW else _bounded(source, bare))
            for key, source in sources.items()
        },
        {key: LazyPattern(_bounded(source, bare, longest=True)) for key, source in sources.items()},
    )


def _sources(language: str) -> dict[str, str]:
    text = files("pinakes.agents.planning.lexicon").joinpath(f"{language}.toml").read_text(encoding="utf-8")
    return dict(_flatten(tomllib.loads(text)))


def _with_english_kinds(sources: Mapping[str, str], bare: bool) -> dict[str, str]:
    """Other languages borrow the nouns: "pdf", "screenshots", "links"."""
    english = {
        key: words for key, words in _sources("en").items() if key.startswith("kind.") and key != "kind.world"
    }
    if bare:
        english = {key: _bounded(words, False) for key, words in english.items()}
    own = {key: f"{sources[key]} | " for key in english if key in sources}
    return {key: own.get(key, "") + words for key, words in english.items()}


def _flatten(tables: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in tables.items():
        if isinstance(value, dict):
            yield from ((f"{name}.{key}", words) for key, words in value.items())
        elif name in {"detect", "spaced"}:
            yield name, value


def _bounded(source: str, bare: bool, longest: bool = False) -> str:
    words = [word.strip() for word in source.split(" | ")]
    if longest:
        words.sort(key=len, reverse=True)
    body = f"(?:{'|'.join(words)})"
    return body if bare else rf"(?<![\w-]){body}(?![\w’]|'\w|-\w)"


@cache
def words_of(language: str) -> frozenset[str]:
    """Return the plain words, with their plurals, that a language's lexicon lists."""
    sources = _sources(language) if language in LANGUAGES else {}
    telling = [words for key, words in sources.items() if key not in RAW | FILLING]
    listed = [word.strip() for words in telling for word in words.split(" | ")]
    return frozenset(form for word in listed if (match := _PLAIN.fullmatch(word)) for form in _forms(match))


_PLAIN = re.compile(r"([^\W\d_]+)(?:(s\?)|\[sz\](\w+))?")


def _forms(match: re.Match[str]) -> tuple[str, ...]:
    stem, plural, rest = match.groups()
    if rest:
        return f"{stem}s{rest}", f"{stem}z{rest}"
    return (stem, f"{stem}s") if plural else (stem,)
