"""Numbers as people write them, in figures and in words."""

from __future__ import annotations

import re

from pinakes.agents.comparing.lexicon import NUMBER_WORDS

_SIGN = r"(?:minus\s|(?<![\w.)])[-−–])?"
FIGURES = rf"{_SIGN}(?<![\w.,])(?:\d{{1,3}}(?:[   ]\d{{3}})+(?![\d.,]*\d)|\d+(?:[.,'’]\d+)*)"
WORDS = rf"(?<![\w-])(?:{'|'.join(sorted(NUMBER_WORDS, key=len, reverse=True))})(?![\w-])"
NUMBER = rf"(?:{FIGURES}|{WORDS})"


def readings(text: str) -> tuple[float, ...]:
    """Return what a number may mean: "1.200" is twelve hundred or one and a fifth."""
    word = text.strip().casefold()
    if word in NUMBER_WORDS:
        return (float(NUMBER_WORDS[word]),)
    negative = re.match(r"minus\s|[-−–]", word) is not None
    values = _read(re.sub(r"^(?:minus\s*|[-−–])|[\s'’]", "", word))
    return tuple(-v for v in values) if negative else values


def _read(figures: str) -> tuple[float, ...]:
    parts = re.split(r"[.,]", figures)
    signs = re.findall(r"[.,]", figures)
    if not signs:
        return (float(figures),)
    grouped = all(len(p) == 3 for p in parts[1:]) and len(parts[0]) <= 3
    whole = float("".join(parts))
    if len(set(signs)) == 1 and len(signs) > 1:
        return (whole,)
    decimal = float(f"{''.join(parts[:-1])}.{parts[-1]}")
    if len(signs) > 1 or not grouped or parts[0] == "0":
        return (decimal,)
    return (whole, decimal)


def decimals(text: str) -> int:
    """Return how many digits stand behind the last separator; 0 without one."""
    parted = re.search(r"[.,](\d+)$", text.strip())
    return len(parted[1]) if parted else 0
