"""Finds what a model quotes in the text that it quotes from."""

from __future__ import annotations

import re
import unicodedata

_GAP = re.compile(r"\s*(?:\[?…\]?|\[?\.{3}\]?)\s*")
_EDGES = " \t\n.,;:!?\"'“”„«»‘’()[]*_"
_HYPHEN_AT_LINE_END = re.compile(r"(?<=\w)[-\u00ad]\s*\n\s*(?=[^\W\d_])")
_SAME = {
    **dict.fromkeys("“”„«»″", '"'),
    **dict.fromkeys("‘’‚`´′", "'"),
    **dict.fromkeys("‐‑‒–—−", "-"),
    "\u00ad": "",
}
_WITHOUT_SPACES = 0x2E80
"""From here on scripts write words without spaces between them."""


def stretch_of(quote: str, text: str) -> tuple[int, int] | None:
    """Return where a quote stands in a text, None where it does not.

    Case, white space, hyphens at line ends and the forms of quotation marks and dashes make no difference; a quote
    with gaps ("the seal … ran dry") stands where its pieces follow each other.
    """
    folded, places = _folded(text)
    at, first, last = 0, -1, -1
    for piece in _GAP.split(quote.strip(_EDGES)):
        wanted = _folded(piece.strip(_EDGES))[0]
        if not wanted:
            continue
        found = _whole_words(wanted, folded, places, text, at)
        if found < 0:
            return None
        first = places[found] if first < 0 else first
        at = found + len(wanted)
        last = places[at - 1] + 1
    return None if first < 0 else (first, last)


def _whole_words(wanted: str, folded: str, places: list[int], text: str, start: int) -> int:
    """Return where a folded piece stands without cutting a word or a number, -1 where nowhere."""
    found = folded.find(wanted, start)
    while found >= 0:
        left, right = places[found], places[found + len(wanted) - 1] + 1
        if not (_joined(text, left - 1, left) or _joined(text, right - 1, right)):
            return found
        found = folded.find(wanted, found + 1)
    return -1


def _joined(text: str, left: int, right: int) -> bool:
    """Return whether two neighbouring characters belong to one word or number."""
    if left < 0 or right >= len(text):
        return False
    a, b = text[left], text[right]
    if a in ".," and b.isdigit() and left and text[left - 1].isdigit():
        return True
    if b in ".," and a.isdigit() and text[right + 1 : right + 2].isdigit():
        return True
    return a.isalnum() and b.isalnum() and max(ord(a), ord(b)) < _WITHOUT_SPACES


def _folded(text: str) -> tuple[str, list[int]]:
    """Return a text's characters without what makes no difference, and where each of them stands."""
    hyphens = {m.start() for m in _HYPHEN_AT_LINE_END.finditer(text)}
    kept: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        if character.isspace() or place in hyphens:
            continue
        for folded in unicodedata.normalize("NFKC", _SAME.get(character, character)).casefold():
            if not folded.isspace():
                kept.append(folded)
                places.append(place)
    return "".join(kept), places
