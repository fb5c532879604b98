"""Mending typing errors in the words that planning's grammar stands on, and in no others."""

from __future__ import annotations

import re
from functools import cache

from pinakes.agents.planning.lexicons import load_lexicon, words_of

_WORD = re.compile(r"(?<![\w.'/@-])[a-zà-ÿ]{4,16}(?![\w.'/@-])")
_SHORTEST = 6
_SHORTEST_SWAPPED = 8
"""A wrong letter is mended only in words this long: "resorts" is not "reports"."""


def mended(text: str, language: str) -> str:
    """Return the text with slips of one letter in grammar's words mended; capitalised words are taken for names."""
    return _WORD.sub(lambda match: _nearest(match.group(), language) or match.group(), text)


@cache
def _nearest(word: str, language: str) -> str | None:
    known = words_of(language)
    if load_lexicon(language).is_all("spelling.real", word):
        return None
    if word in known or any(word.startswith(stem) for stem in known if len(stem) >= _SHORTEST - 1):
        return None
    if any(form.startswith(word) for form in known):
        return None
    return next((target for target in sorted(known) if _is_slip(word, target)), None)


def _is_slip(word: str, target: str) -> bool:
    """Whether one letter was dropped, doubled or added, two were swapped, or one of a long word is wrong."""
    if len(target) < _SHORTEST or word[0] != target[0] or abs(len(word) - len(target)) > 1:
        return False
    at = next(
        (i for i, (a, b) in enumerate(zip(word, target, strict=False)) if a != b), min(len(word), len(target))
    )
    if len(word) < len(target):
        return word[at:] == target[at + 1 :]
    if len(word) > len(target):
        return word[at + 1 :] == target[at:]
    if at == len(word) - 1:  # another ending is another word
        return False
    swapped = word[at : at + 2] == target[at : at + 2][::-1] and word[at + 2 :] == target[at + 2 :]
    return swapped or (len(target) >= _SHORTEST_SWAPPED and word[at + 1 :] == target[at + 1 :])
