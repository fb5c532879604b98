"""How long a text may be before the embedder cuts it, and cutting it at sentences before that."""

from __future__ import annotations

import re
from collections.abc import Iterator

_WEIGHTS: tuple[tuple[re.Pattern[str], float], ...] = (
    (re.compile(r"[0-9]"), 0.5),
    (re.compile(r"[!-/:-@\[-`{-~]"), 0.9),
    (re.compile("[\u00c0-\u024f]"), 0.9),
    (re.compile("[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]"), 1.0),
    (re.compile("[\u1100-\u11ff\uac00-\ud7af]"), 1.7),
    (re.compile("[\u0370-\u10ff\u1200-\u1fff]"), 1.0),
)
_OTHER_TONGUE = 0.33  # pieces a character of languages in Latin script that the vocabulary was not made for
_ENGLISH = 0.235
_LIMITS = ((0.30, 900), (0.40, 640), (0.60, 420), (1.2, 200))
_DENSEST = 125
_SENTENCE_END = re.compile(r"(?<=[.!?…][)\"'”’»\]])\s+|(?<=[.!?…])\s+|(?<=[。！？])|\n+")


def pieces_per_character(text: str, language: str | None) -> float:
    """Return roughly how many word pieces a character of this text costs."""
    if not text:
        return 0.0
    english = language in (None, "en")
    pieces = 0.0
    counted = 0
    for pattern, weight in _WEIGHTS:
        found = len(pattern.findall(text))
        counted += found
        pieces += found * weight
    plain = (len(text) - counted) * (_ENGLISH if english else _OTHER_TONGUE)
    return (pieces + plain) / len(text)


def character_limit(density: float) -> int:
    """Return the characters that stay within 256 word pieces at this density."""
    return next((limit for most, limit in _LIMITS if density <= most), _DENSEST)


def cut_at_sentences(text: str, limit: int) -> Iterator[str]:
    """Yield stretches of the text of at most `limit` characters that end at sentences, else at words."""
    start = end = 0
    for stop in _stops(text, limit):
        if stop - start > limit and end > start:
            yield text[start:end].strip()
            start = end
        end = stop
    if text[start:].strip():
        yield text[start:].strip()


def _stops(text: str, limit: int) -> Iterator[int]:
    """Yield the offsets where the text may be cut, never more than `limit` apart."""
    last = 0
    for stop in [*(match.end() for match in _SENTENCE_END.finditer(text)), len(text)]:
        while stop - last > limit:
            space = text.rfind(" ", last + limit // 2, last + limit)
            last = space + 1 if space > 0 else last + limit
            yield last
        last = stop
        yield stop
